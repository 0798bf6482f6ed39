"""The live path in virtual time: what a call would show, at any speed and with any cost."""

from collections.abc import Sequence

import numpy as np

from ringdown.core.events import Value
from ringdown.demo import load
from ringdown.speech.capacity import Measured, talk
from ringdown.speech.fakes import CountingAsr, LevelVad
from ringdown.speech.model.protocol import Final, Partial
from ringdown.speech.model.segment import CutRules
from ringdown.speech.ports import Piece, Pulse, Recognised
from ringdown.speech.virtual import VirtualWorker
from ringdown.speech.worker.loop import LoopRules

from .legs import talk as loud

RULES = LoopRules(CutRules(), 0.8, 1.0)
CALL = loud((1, False), (2.5, True), (2, False), (4, True), (3, False)) / np.float32(32768)


class SlowAsr(CountingAsr):
    """A recogniser on which each look costs a second of the core."""

    spent = 0.0

    def transcribe(self, pieces: Sequence[Piece], pulse: Pulse | None = None) -> list[Recognised]:
        self.spent += 1.0 * len(pieces)
        return super().transcribe(pieces, pulse)


def heard(block: int, *, legs: int = 1, costly: bool = False) -> list[tuple[float, Value]]:
    engine = SlowAsr()
    told: list[tuple[float, Value]] = []
    cost = (lambda: engine.spent) if costly else None
    with VirtualWorker(
        engine, LevelVad, lambda report, at: told.append((at, report)), RULES, cost=cost
    ) as worker:
        for _ in range(legs):
            worker.follow()
        for at in range(0, len(CALL), block):
            worker.hear([CALL[at : at + block].astype(np.float32)] * legs)
        worker.end()
    return told


def finals(told: list[tuple[float, Value]]) -> list[tuple[float, Final]]:
    return [(at, report) for at, report in told if isinstance(report, Final)]


def test_words_come_when_they_would_on_a_call() -> None:
    """Partials while somebody speaks, finals after the pause that ends the utterance."""
    told = heard(8000)
    assert [round(report.utterance.start_ms, -3) for _, report in finals(told)] == [1000, 5000]
    for (at, report), end_s in zip(finals(told), (3.5, 9.5), strict=True):
        assert end_s < at < end_s + 1.5
        assert report.utterance.end_ms / 1000 >= end_s
    partials = [at for at, report in told if isinstance(report, Partial)]
    assert partials
    assert min(partials) < 3.5


def test_blocks_of_any_length_give_the_same_reports() -> None:
    """Audio handed over in seconds or in tenths of them is the same call."""
    assert heard(8000) == heard(800) == heard(len(CALL))


def test_several_legs_are_followed_together() -> None:
    """Each says the same, because each hears the same."""
    told = finals(heard(4000, legs=3))
    assert len(told) == 6
    assert len({report.utterance.text for _, report in told}) == 2


def test_costly_work_makes_words_late_but_loses_none() -> None:
    """The clock goes on while the recogniser works, and audio keeps coming."""
    free, costly = finals(heard(1600, legs=2)), finals(heard(1600, legs=2, costly=True))
    assert sorted(f.utterance.text for _, f in free) == sorted(f.utterance.text for _, f in costly)
    assert max(at for at, _ in costly) > max(at for at, _ in free) + 0.9


def test_a_core_carries_what_is_left_of_it() -> None:
    """Eight tenths of a core, a twentieth for each channel: sixteen."""
    assert Measured(legs=10, audio_s=20, cpu_s=10, finals=1).channels == 16
    assert Measured(legs=10, audio_s=0, cpu_s=0, finals=0).channels == 0


def test_measured_legs_speak_less_than_half_of_the_time() -> None:
    """And begin at different lines of the call."""
    first, second = talk(load(), 0, 30), talk(load(), 1, 30)
    assert len(first) == len(second) == 30 * 8000
    assert not np.array_equal(first, second)
    loud_share = np.mean(np.abs(first.reshape(-1, 800)).max(axis=1) > 0.02)
    assert 0.2 < loud_share < 0.6
