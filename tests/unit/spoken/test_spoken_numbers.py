"""What is said as a number comes out as it is written, with every other way to hear it."""

import pytest

from ringdown.spoken.numbers import find_numbers, may_continue


@pytest.mark.parametrize(
    ("said", "written", "alternatives"),
    [
        ("twenty two ten", "2210", ("22 10", "20 2 10")),
        ("two two one oh", "2210", ()),
        ("one oh five", "105", ("1:05",)),
    ],
)
def test_numbers_are_written(said: str, written: str, alternatives: tuple[str, ...]) -> None:
    """House numbers as people say them."""
    (found,) = find_numbers(said.split())
    assert (found.heard, found.written, found.alternatives) == (said, written, alternatives)


def test_an_open_number_may_continue() -> None:
    """Half a number is open, a sentence is not."""
    assert may_continue(["it", "is", "twenty", "two"])
    assert not may_continue(["it", "burns"])
