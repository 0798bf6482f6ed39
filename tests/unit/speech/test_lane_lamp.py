"""What the speech lamp says."""

import pytest

from ringdown.speech.lane_lamp import Standing, clock_text, lamp_for

FINE = {
    "workers": 2, "ready": 2, "starting_first": False, "lost": [], "lag_ms": 0,
    "behind_after_ms": 10_000, "late": 0, "no_partials": False, "troubled": False, "store_down": False,
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "state", "begins"),
    [
        ({}, "ok", "Calls are turned into words"),
        ({"ready": 0, "starting_first": True}, "working", "Speech recognition is starting."),
        ({"ready": 0}, "down", "Speech recognition is starting again."),
        ({"ready": 1}, "warn", "Part of speech recognition"),
        ({"lost": [("c1", 3000), ("c1", 9000)]}, "down", "No transcript since 0:03."),
        ({"lost": [("c1", 3000), ("c2", 9000)]}, "down", "No transcript on 2 calls."),
        ({"lag_ms": 10_000}, "warn", "Words are 10 s late."),
        (
            {"lag_ms": 6_100, "late": 3, "no_partials": True},
            "warn",
            "Words are 6 s late on 3 calls; partials are off.",
        ),
        ({"lag_ms": 12_000, "late": 1}, "warn", "Words are 12 s late on 1 call."),
        ({"lag_ms": 9_999}, "ok", "Calls"),
        ({"troubled": True}, "warn", "Part of a call could not"),
        (
            {"stand_in": "The engine x does not answer in time; the bundled one listens."},
            "warn",
            "The engine x does not",
        ),
        (
            {"goes_to": ("asr.example.org",)},
            "ok",
            "Calls are turned into words as people speak; audio goes to asr.example.org.",
        ),
        ({"store_down": True}, "down", "New words cannot be stored"),
        ({"store_down": True, "lag_ms": 99_000}, "down", "New words cannot be stored"),
    ],
)
def test_the_worst_is_said_in_plain_words(changes, state, begins) -> None:
    """The state, since when, and what to do."""
    found, text, still = lamp_for(Standing(**{**FINE, **changes}))
    assert found == state
    assert text.startswith(begins)
    assert bool(still) == (state != "ok")


@pytest.mark.parametrize(
    ("ms", "text"),
    [(0, "0:00"), (3_999, "0:03"), (754_000, "12:34"), (3_723_000, "1:02:03"), (-5, "0:00")],
)
def test_a_moment_of_a_call_reads_as_on_the_console(ms: int, text: str) -> None:
    """Minutes and seconds, hours when there are any."""
    assert clock_text(ms) == text
