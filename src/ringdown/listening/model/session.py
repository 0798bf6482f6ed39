"""A listening session as it is kept: who hears which call, in which room, and at what place."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from ringdown.core.principal import Principal, TokenMark
from ringdown.listening.model.protocol import Gains, Restore, State

SessionState = Literal["issued", "live", "away", "closed"]
"""issued: nobody joined yet; live: joined; away: left, may come back; closed: for good."""

MOST_STRETCHES: Final = 200
"""Stretches in one row of the audit log; more are joined across their smallest gaps."""


@dataclass(frozen=True)
class Session:
    """One listener of one call. Positions are milliseconds on the call's clock.

    `heard` is what was played and is not in the audit log yet; `room_gone` says of a closed
    session that its room is known to be deleted.
    """

    session_id: str
    centre_id: str
    call_id: str
    principal_kind: Literal["user", "client", "system"]
    principal_id: str
    principal_name: str
    sign_in_id: str | None
    participant: str | None
    room: str
    listener: str
    worker: str
    autoplay: bool | None
    created_at: datetime
    expires_at: datetime
    state: SessionState = "issued"
    joined_at: datetime | None = None
    left_at: datetime | None = None
    closed_at: datetime | None = None
    closed_because: str | None = None
    position_ms: int | None = None
    duration_ms: int | None = None
    paused: bool | None = None
    at_edge: bool = False
    gain_caller: float = 0.0
    gain_call_taker: float = 0.0
    heard: tuple[tuple[int, int], ...] = ()
    heard_at: datetime | None = None
    room_gone: bool = False
    token: TokenMark | None = None
    """The access token it was opened with, which a new secret of its client voids."""

    @property
    def principal(self) -> Principal:
        """Who listens, for the audit log; holds no permission."""
        return Principal(
            self.principal_kind,
            self.principal_id,
            self.principal_name,
            self.centre_id,
            frozenset(),
            self.sign_in_id,
            self.token,
        )

    @property
    def restore(self) -> Restore | None:
        """Where a worker takes it up; None while nobody has joined yet."""
        if self.position_ms is None or self.paused is None:
            return None
        gains = Gains(caller=self.gain_caller, call_taker=self.gain_call_taker)
        position = None if self.at_edge else self.position_ms
        return Restore(position=position, paused=self.paused, gains=gains)

    @property
    def unfinished(self) -> bool:
        """Whether anything is left to be done for it."""
        return self.state != "closed" or bool(self.heard) or not self.room_gone

    def stands(self, state: State) -> "Session":
        """As its worker tells."""
        return replace(
            self,
            position_ms=state.position,
            duration_ms=state.duration,
            paused=state.paused,
            at_edge=state.at_edge,
            gain_caller=state.gains.caller,
            gain_call_taker=state.gains.call_taker,
        )

    def joined(self, now: datetime) -> "Session":
        """The listener is there."""
        return replace(self, state="live", joined_at=self.joined_at or now, left_at=None)

    def left(self, now: datetime) -> "Session":
        """The listener is gone and may come back."""
        return replace(self, state="away", left_at=now)

    def closed(self, now: datetime, because: str) -> "Session":
        """It is over."""
        return replace(self, state="closed", closed_at=now, closed_because=because)

    def over_because(self, now: datetime, back_within: timedelta) -> str | None:
        """Why time has ended it, if it has."""
        if self.state == "issued" and now >= self.expires_at:
            return "never_joined"
        if self.state == "away" and self.left_at is not None and now >= self.left_at + back_within:
            return "stayed_away"
        return None


def merged(
    known: tuple[tuple[int, int], ...], more: tuple[tuple[int, int], ...]
) -> tuple[tuple[int, int], ...]:
    """Both together; stretches that touch or overlap become one, in order, few enough to keep."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted((*known, *more)):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        elif end > start:
            joined.append((start, end))
    while len(joined) > MOST_STRETCHES:
        at = min(range(1, len(joined)), key=lambda i: joined[i][0] - joined[i - 1][1])
        joined[at - 1 : at + 1] = [(joined[at - 1][0], joined[at][1])]
    return tuple(joined)


def without(
    known: tuple[tuple[int, int], ...], written: tuple[tuple[int, int], ...]
) -> tuple[tuple[int, int], ...]:
    """What of `known` is not in `written`."""
    left = list(known)
    for start, end in written:
        cut: list[tuple[int, int]] = []
        for first, last in left:
            cut += [(first, min(last, start)), (max(first, end), last)]
        left = [(first, last) for first, last in cut if first < last]
    return tuple(left)
