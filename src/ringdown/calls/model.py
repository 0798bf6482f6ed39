"""The life of a call as pure functions: a command on a `Call` gives a new `Call`, or an error.

    ringing ──answer──▶ active ◀──hold/unhold──▶ held
       │                  │                        │
       └──────────────────┴───────── end ──────────┴──▶ ended (terminal)

An interruption (the source of the audio is gone) lies over these states and not beside them, so
a call that is resumed is what it was. Commands that change nothing return the same object.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ringdown.core.clock import iso, ms_between
from ringdown.core.errors import Conflict, Invalid, NotFound
from ringdown.core.events import Value, untold
from ringdown.core.principal import Person

Side = Literal["caller", "call_taker"]
Direction = Literal["inbound", "outbound"]
Phase = Literal["ringing", "active", "held", "ended"]
CallState = Literal["ringing", "active", "held", "interrupted", "ended"]
LegState = Literal["recording", "ended", "sealed"]
Attention = Literal["source_lost", "abandoned"]

ABANDONED = "abandoned"
CLOSED_BY_PERSON = "closed_by_person"


class CallHasEnded(Conflict):
    """The call has ended; it can be read and closed, nothing else."""

    code: ClassVar[str] = "calls.call.ended"
    action: ClassVar[str] = "Start a new call; the ended one stays as it is."


class WrongState(Conflict):
    """The call is not in a state in which this can happen."""

    code: ClassVar[str] = "calls.call.wrong_state"


class StillGoing(Conflict):
    """The call is still going on: it is hung up, not closed."""

    code: ClassVar[str] = "calls.call.still_going"
    action: ClassVar[str] = "Hang up first, or wait until the source is known to be lost."


class ReasonMissing(Invalid):
    """A call is closed by a person, with a reason."""

    code: ClassVar[str] = "calls.close.reason_missing"
    action: ClassVar[str] = "Say in a few words why nothing more is to be done."


class LegNotFound(NotFound):
    """The call has no such leg."""

    code: ClassVar[str] = "calls.leg.not_found"


ClassOfService = Annotated[str, Field(max_length=32, pattern=r"^[!-~]([ -~]*[!-~])?$")]
"""As the ALI has it, for example `RESD`, `VOIP`, `WPH2`."""


class Ali(Value):
    """Where the telephone network believes the caller to be. Personal data.

    Fields that came later are left out where they are not told: what was written before there were
    any stays as it is.
    """

    text: str | None = None
    lat: float | None = None
    lon: float | None = None
    uncertainty_m: float | None = None
    provider: str | None = None
    at: str | None = None
    class_of_service: ClassOfService | None = Field(default=None, exclude_if=untold)
    altitude_m: float | None = Field(default=None, allow_inf_nan=False, exclude_if=untold)


class LegView(Value):
    """One side's audio. `start_ms` is its first instant on the call's clock."""

    leg_id: str
    side: Side
    started_at: str
    start_ms: int
    codec: str
    rate: int
    state: LegState
    duration_ms: int | None = None


class CallView(Value):
    """A call as everybody outside this feature sees it. `ani` and `ali` are personal data."""

    call_id: str
    external_id: str
    source: str
    direction: Direction
    state: CallState
    started_at: str
    answered_at: str | None
    ended_at: str | None
    end_reason: str | None
    ani: str | None
    ali: Ali | None
    demo: bool
    assigned_to: Person | None
    attention: Attention | None
    legs: list[LegView]


class EventView(Value):
    """Something noted on the call's clock: a key pressed (dtmf), a mark, a transfer."""

    type: str
    at_ms: int
    data: dict[str, object]


class NoteView(Value):
    """What a telecommunicator wrote. Personal data. Every version is kept."""

    note_id: str
    call_id: str
    text: str
    version: int
    by: Person
    at: str


@dataclass(frozen=True)
class Leg:
    """One side's audio while the call knows of it. At most one per side is recording."""

    leg_id: str
    side: Side
    started_at: datetime
    codec: str = "pcmu"
    rate: int = 8000
    state: LegState = "recording"
    ended_at: datetime | None = None
    duration_ms: int | None = None


@dataclass(frozen=True)
class Call:
    """A call and everything its laws need to know."""

    call_id: str
    centre_id: str
    client_id: str
    external_id: str
    source: str
    started_at: datetime
    direction: Direction = "inbound"
    demo: bool = False
    phase: Phase = "ringing"
    interrupted_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    end_reason: str | None = None
    ani: str | None = None
    ali: Ali | None = None
    assigned_to: Person | None = None
    attention: Attention | None = None
    closed_at: datetime | None = None
    close_reason: str | None = None
    closed_by: Person | None = None
    legs: tuple[Leg, ...] = field(default=())

    @property
    def state(self) -> CallState:
        """The state as people know it; an interruption hides what lies under it."""
        return "interrupted" if self.interrupted_at is not None else self.phase

    @property
    def open(self) -> bool:
        """Whether the call has not ended."""
        return self.phase != "ended"

    @property
    def on_the_board(self) -> bool:
        """Whether somebody must still see it: it is open, or waits for a person to close it."""
        return self.open or self.attention is not None

    def latest(self, at: datetime) -> datetime:
        """`at`, or the latest instant the call knows of when `at` is earlier: no time runs back."""
        known = [self.started_at, self.answered_at, self.interrupted_at]
        known += [leg.ended_at or leg.started_at for leg in self.legs]
        return max(at, *(instant for instant in known if instant is not None))

    def leg(self, leg_id: str) -> Leg:
        """The leg of that id. Raises `LegNotFound`."""
        for leg in self.legs:
            if leg.leg_id == leg_id:
                return leg
        raise LegNotFound("this call has no such leg", details={"leg_id": leg_id})

    def open_leg(self, side: Side) -> Leg | None:
        """The leg of that side which is recording, if there is one."""
        found = (leg for leg in self.legs if leg.side == side and leg.state == "recording")
        return next(found, None)


def answer(call: Call, at: datetime) -> Call:
    """Somebody picked up. Answering twice changes nothing."""
    _must_be_open(call)
    if call.phase != "ringing":
        return call
    return replace(call, phase="active", answered_at=max(at, call.started_at))


def hold(call: Call) -> Call:
    """The caller waits. Raises `WrongState` before an answer."""
    _must_be_open(call)
    if call.phase == "ringing":
        raise WrongState("a call that nobody answered cannot be put on hold")
    return replace(call, phase="held") if call.phase == "active" else call


def unhold(call: Call) -> Call:
    """The caller no longer waits. Raises `WrongState` before an answer."""
    _must_be_open(call)
    if call.phase == "ringing":
        raise WrongState("a call that nobody answered is not on hold")
    return replace(call, phase="active") if call.phase == "held" else call


def interrupt(call: Call, at: datetime) -> Call:
    """The source of the audio has gone; it may come back."""
    _must_be_open(call)
    if call.interrupted_at is not None:
        return call
    return replace(call, interrupted_at=max(at, call.started_at))


def resume(call: Call) -> Call:
    """The source came back: the call is what it was, and nothing is lost any more."""
    _must_be_open(call)
    if call.interrupted_at is None:
        return call
    return replace(call, interrupted_at=None, attention=None)


def lose(call: Call) -> Call:
    """The source of an interrupted call did not come back in time: a person must look."""
    _must_be_open(call)
    if call.interrupted_at is None:
        raise WrongState("the source of this call is there")
    return call if call.attention else replace(call, attention="source_lost")


def end(call: Call, reason: str, at: datetime) -> Call:
    """Hung up. Every leg ends with it; without an answer it is abandoned and stays in attention."""
    if not call.open:
        return call
    moment = call.latest(at)
    unanswered = call.phase == "ringing"
    return replace(
        call,
        phase="ended",
        ended_at=moment,
        end_reason=ABANDONED if unanswered else reason,
        interrupted_at=None,
        attention="abandoned" if unanswered else call.attention,
        legs=tuple(_ended(leg, moment) for leg in call.legs),
    )


def close(call: Call, reason: str, by: Person, at: datetime) -> Call:
    """A person is done with a call that was abandoned or lost. Raises `StillGoing`.

    A lost call that is still open ends by this. Closing what needs no attention changes nothing.
    """
    if not reason.strip():
        raise ReasonMissing("a call is closed with a reason")
    if call.attention is None:
        if call.open:
            raise StillGoing("the call is still going on")
        return call
    attention = call.attention
    if call.open:
        # Set by hand and not by `end`: closing is a person's word, so nothing waits any longer.
        call = replace(end(call, CLOSED_BY_PERSON, at), attention=attention)
    closed_at = max(at, call.ended_at or at)
    return replace(
        call, attention=None, closed_at=closed_at, close_reason=reason.strip(), closed_by=by
    )


def add_leg(
    call: Call, leg_id: str, side: Side, at: datetime, *, codec: str = "pcmu", rate: int = 8000
) -> Call:
    """A side begins to be recorded; the call-taker's side means that somebody answered.

    A side that is recording already keeps its leg: a source that comes back continues it.
    """
    _must_be_open(call)
    started = max(at, call.started_at)
    if call.open_leg(side) is None:
        earlier = [leg.ended_at for leg in call.legs if leg.side == side and leg.ended_at]
        started = max(started, *earlier) if earlier else started
        call = replace(call, legs=(*call.legs, Leg(leg_id, side, started, codec, rate)))
    return answer(call, started) if side == "call_taker" else call


def end_leg(call: Call, leg_id: str, at: datetime) -> Call:
    """A side is no longer recorded; the call goes on."""
    leg = call.leg(leg_id)
    return call if leg.state != "recording" else _with_leg(call, _ended(leg, at))


def seal_leg(call: Call, leg_id: str, duration_ms: int, at: datetime) -> Call:
    """The recording of a leg is complete and its length known; also after the call has ended."""
    leg = call.leg(leg_id)
    if leg.state == "sealed":
        return call
    return _with_leg(call, replace(_ended(leg, at), state="sealed", duration_ms=duration_ms))


def set_location(call: Call, *, ani: str | None, ali: Ali | None) -> Call:
    """Take a number or a location from the network; what is not given stays as it was."""
    return replace(call, ani=ani or call.ani, ali=ali or call.ali)


def assign(call: Call, person: Person) -> Call:
    """A person takes the call; the latest one has it."""
    _must_be_open_or_attended(call)
    return call if call.assigned_to == person else replace(call, assigned_to=person)


def view(call: Call) -> CallView:
    """The call as others see it."""
    return CallView(
        call_id=call.call_id,
        external_id=call.external_id,
        source=call.source,
        direction=call.direction,
        state=call.state,
        started_at=iso(call.started_at),
        answered_at=_iso(call.answered_at),
        ended_at=_iso(call.ended_at),
        end_reason=call.end_reason,
        ani=call.ani,
        ali=call.ali,
        demo=call.demo,
        assigned_to=call.assigned_to,
        attention=call.attention,
        legs=[leg_view(call, leg) for leg in call.legs],
    )


def leg_view(call: Call, leg: Leg) -> LegView:
    """A leg with its place on the call's clock."""
    return LegView(
        leg_id=leg.leg_id,
        side=leg.side,
        started_at=iso(leg.started_at),
        start_ms=ms_between(call.started_at, leg.started_at),
        codec=leg.codec,
        rate=leg.rate,
        state=leg.state,
        duration_ms=leg.duration_ms,
    )


def _iso(instant: datetime | None) -> str | None:
    return None if instant is None else iso(instant)


def _ended(leg: Leg, at: datetime) -> Leg:
    if leg.state != "recording":
        return leg
    return replace(leg, state="ended", ended_at=max(at, leg.started_at))


def _with_leg(call: Call, changed: Leg) -> Call:
    legs = tuple(changed if leg.leg_id == changed.leg_id else leg for leg in call.legs)
    return replace(call, legs=legs)


def _must_be_open(call: Call) -> None:
    if not call.open:
        raise CallHasEnded("the call has ended", details={"call_id": call.call_id})


def _must_be_open_or_attended(call: Call) -> None:
    if not call.on_the_board:
        raise CallHasEnded("the call has ended", details={"call_id": call.call_id})
