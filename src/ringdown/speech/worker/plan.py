"""What the recogniser is asked next: finals before partials, live before catch-up, oldest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ringdown.speech.model.segment import Segment
from ringdown.speech.ports import VAD_WINDOW, Samples
from ringdown.speech.worker.leg import FollowedLeg, Heard

ALIKE: Final = 1.25
"""Segments go together when the longest is at most so much longer than the shortest."""
ROOM: Final = 20
"""Windows by which short segments may differ all the same: what they cost is mostly fixed."""
BACKLOG_EVERY: Final = 5
"""One piece of work in so many is for a leg that catches up, however busy the live ones are."""


@dataclass(frozen=True)
class Work:
    """One segment to be recognised: decided (`heard`), asked about in a pause, or to be shown."""

    leg: FollowedLeg
    segment: Segment
    samples: Samples
    """At 8 kHz."""
    since: float
    """When it was ready to be recognised (monotonic seconds)."""
    heard: Heard | None = None
    asked: bool = False

    @property
    def length(self) -> int:
        """Windows of audio."""
        return len(self.samples) // VAD_WINDOW


def finals(legs: Sequence[FollowedLeg]) -> list[Work]:
    """Everything that must be recognised: what is decided, and what a pause asks for."""
    found: list[Work] = []
    for leg in legs:
        for heard in leg.decided:
            segment = heard.spoken.segment
            if segment is not None and heard.look is None:
                found.append(Work(leg, segment, heard.spoken.samples, heard.at, heard))
        if leg.ear.asking and leg.asked_at is not None:
            spoken = leg.ear.so_far()
            if spoken is not None:
                found.append(Work(leg, *spoken, leg.asked_at, asked=True))
    return found


def together(works: Sequence[Work], most: int, *, backlog_first: bool = False) -> list[Work]:
    """The most pressing, and others of about its length that go with it, at most `most`."""
    if not works:
        return []
    ordered = sorted(works, key=lambda one: (bool(one.leg.backlog) != backlog_first, one.since))
    first = ordered[0]
    chosen: list[Work] = []
    shortest = longest = first.length
    for work in ordered:
        low, high = min(shortest, work.length), max(longest, work.length)
        if len(chosen) < max(most, 1) and high <= max(low * ALIKE, low + ROOM):
            chosen.append(work)
            shortest, longest = low, high
    return chosen
