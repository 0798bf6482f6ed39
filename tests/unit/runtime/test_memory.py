"""Unused memory is given back now and then, not at every turn."""

import pytest

from ringdown.runtime.memory import Tidy


def test_it_is_given_back_when_it_is_time() -> None:
    """Once at the beginning, and again only after the interval."""
    calls: list[int] = []
    tidy = Tidy(every_s=30)
    tidy._trim = lambda room: calls.append(room) or 1
    for now in (100.0, 101.0, 129.9, 130.0, 131.0):
        tidy(now)
    assert calls == [0, 0]


def test_a_c_library_without_it_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing happens, and nothing fails."""

    def no_library(_name: object) -> object:
        return object()

    monkeypatch.setattr("ringdown.runtime.memory.ctypes.CDLL", no_library)
    tidy = Tidy()
    tidy(1.0)
    assert tidy._trim is None


def test_here_it_works() -> None:
    """The real call does no harm."""
    Tidy()(0.0)
