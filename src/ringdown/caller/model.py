"""What is true of links, whoever keeps them: their states, what ends them, and errors. Pure."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar, Final, Literal

from ringdown.caller.views import Language, LinkState, LinkView, Offer, Share
from ringdown.core.clock import iso, parse_iso
from ringdown.core.errors import (
    Conflict,
    Gone,
    Invalid,
    Limited,
    NotFound,
    Refused,
    Unauthenticated,
)

COOKIE: Final = "ringdown_caller"
"""The name of the cookie by which the bound phone is known; its path is `/l`."""

LEAVE_AFTER_S: Final = 60
"""Silence after which an opened page that is past its link's time does not come back."""
BY_CALLER: Final = "caller"
"""Why a link is stopped that its own phone may open again: the caller pressed Stop."""
OVER: Final[frozenset[LinkState]] = frozenset({"stopped", "expired", "revoked"})
"""States from which a link does not come back. A `failed` one may: its text is read out instead."""
OPEN: Final[frozenset[LinkState]] = frozenset({"opened", "sharing"})
Order = Literal["stop", "stop_location", "stop_video", "stop_upload", "stop_chat"]


class LinkNotFound(NotFound):
    """No such link: never made, mistyped, cut short or forged. All look alike."""

    code: ClassVar[str] = "caller.link.not_found"
    action: ClassVar[str] = "Open the link from the message again, whole; or ask for a new one."


class LinkOver(Gone):
    """The link has expired, was stopped or revoked, or its call is over."""

    code: ClassVar[str] = "caller.link.over"
    action: ClassVar[str] = (
        "Ask for a new link. In an emergency call or text your emergency number."
    )


class OtherDevice(Conflict):
    """Another phone opened this link first."""

    code: ClassVar[str] = "caller.link.other_device"
    action: ClassVar[str] = "Use the phone that opened it first, or ask for a new link."


class PageUnknown(Unauthenticated):
    """The page shows no cookie, or one that belongs to no link."""

    code: ClassVar[str] = "caller.page.unknown"
    action: ClassVar[str] = "Open the link from the message again."


class NotAgreed(Refused):
    """The caller has not agreed to share this, or has taken it back."""

    code: ClassVar[str] = "caller.share.not_agreed"
    action: ClassVar[str] = "Agree on the page first; nothing is shared without it."


class ConsentMissing(Refused):
    """A link is asked for that the caller has not agreed to."""

    code: ClassVar[str] = "caller.consent.missing"
    action: ClassVar[str] = "Ask the caller, and record the answer, before a link is sent."


class ConsentInvalid(Invalid):
    """What is to be recorded of a consent cannot be so."""

    code: ClassVar[str] = "caller.consent.invalid"


class ReasonMissing(Invalid):
    """An override, or another number than the caller's, needs a reason."""

    code: ClassVar[str] = "caller.reason.missing"
    action: ClassVar[str] = "Say in a few words why; it is kept with what you do."


class OverrideRefused(Refused):
    """A caller is overridden for their location alone, and by those whose role allows it."""

    code: ClassVar[str] = "caller.override.refused"
    action: ClassVar[str] = "Ask a supervisor; only a location can be asked for without consent."


class TooOften(Limited):
    """Links are tried, or a page asks, more often than any caller would."""

    code: ClassVar[str] = "caller.page.limited"
    action: ClassVar[str] = "Wait as long as Retry-After says, then open the link again."


class CallOver(Conflict):
    """The call is over: nothing more is asked of its caller."""

    code: ClassVar[str] = "caller.call.over"
    action: ClassVar[str] = "Use the call that is going on now."


class NumberMissing(Invalid):
    """There is no number to send to, or it is not the caller's and no reason is given."""

    code: ClassVar[str] = "caller.link.number"
    action: ClassVar[str] = "Give the number, and say why if it is not the one that calls."


@dataclass(frozen=True)
class PageSession:
    """The bound phone of a link that is not over; `shares` is what is agreed to now."""

    link_id: str
    centre_id: str
    call_id: str
    shares: tuple[Share, ...]
    state: LinkState
    language: Language = "en"
    number: str = field(default="", repr=False)

    def agreed_to(self, share: Share) -> None:
        """Raises `NotAgreed` unless the caller agreed to share this and has not stopped."""
        if share not in self.shares:
            raise NotAgreed("the caller has not agreed to this", details={"share": share})


def over(link: LinkView) -> bool:
    """Whether the link can no longer be used."""
    return link.state in OVER


def goes_on(link: LinkView) -> bool:
    """Whether the caller, who stopped it, may still go on with it."""
    return link.state == "stopped" and link.reason == BY_CALLER


@dataclass(frozen=True)
class Rules:
    """After how many seconds the console offers to go on by text."""

    unopened_after_s: float
    quiet_after_s: float


@dataclass(frozen=True)
class Signs:
    """What is known of a page now: how long ago it gave a sign of life, and how its video is."""

    silent_s: float = 0
    media_dead: bool = False


def digest(secret: str) -> str:
    """How a cookie is kept; it is random enough to need no slow hash."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def among(shares: Iterable[Share], wanted: Collection[str]) -> tuple[Share, ...]:
    """Those of `shares` that are wanted, in their order."""
    found: list[Share] = [share for share in shares if share in wanted]
    return tuple(found)


def without(shares: Iterable[Share], gone: Collection[str]) -> tuple[Share, ...]:
    """Those of `shares` that are not gone, in their order."""
    left: list[Share] = [share for share in shares if share not in gone]
    return tuple(left)


def ended(link: LinkView, state: LinkState, now: datetime, reason: str) -> LinkView:
    """The link is over: nothing is agreed or shared by it any more."""
    if over(link) and not (state == "revoked" and goes_on(link)):
        return link
    never_opened = link.opened_at is None
    return link.model_copy(
        update={
            "state": state,
            "ended_at": iso(now),
            "reason": reason,
            "agreed": (),
            "sharing": (),
            "quiet_since": None,
            "offer": link.offer if never_opened and state == "expired" else None,
        }
    )


def sharing_now(link: LinkView, reported: tuple[Share, ...]) -> LinkView:
    """The page says what it shares: of that, what is agreed to. It is alive."""
    sharing = among(link.agreed, reported)
    return link.model_copy(update={"sharing": sharing, "state": "sharing" if sharing else "opened"})


def stopped_sharing(link: LinkView, shares: tuple[Share, ...]) -> LinkView:
    """The caller takes back some of what they agreed to."""
    agreed = without(link.agreed, shares)
    return sharing_now(link.model_copy(update={"agreed": agreed}), link.sharing)


def after_message(link: LinkView, state: str) -> LinkView:
    """What became of the message that carries the link; an opened link no longer depends on it."""
    if link.state not in {"made", "sent", "failed"}:
        return link
    if state in {"undelivered", "failed"}:
        return link.model_copy(update={"state": "failed", "offer": "undelivered"})
    if state in {"sent", "delivered", "manual"}:
        offer = None if link.offer == "undelivered" else link.offer
        return link.model_copy(update={"state": "sent", "offer": offer})
    return link


def judged(link: LinkView, signs: Signs, now: datetime, rules: Rules) -> LinkView:
    """The link after some time: expired, quiet, or with an offer to go on by text."""
    if over(link):
        return link
    late = now >= parse_iso(link.expires_at)
    if link.state not in OPEN:
        waited = (now - parse_iso(link.made_at)).total_seconds()
        if link.offer is None and waited >= rules.unopened_after_s:
            link = link.model_copy(update={"offer": "unopened"})
        return ended(link, "expired", now, "unopened") if late else link
    if late and signs.silent_s >= LEAVE_AFTER_S:
        return ended(link, "expired", now, "left")
    offer: Offer | None = None
    quiet_since = None
    if signs.silent_s >= rules.quiet_after_s:
        since = now - timedelta(seconds=signs.silent_s)
        offer, quiet_since = "quiet", link.quiet_since or iso(since)
    elif signs.media_dead and "video" in link.sharing:
        offer = "media_dead"
    return link.model_copy(update={"offer": offer, "quiet_since": quiet_since})


def may_open(link: LinkView, *, mine: bool, now: datetime) -> bool:
    """Whether the link can be opened now, for the first time or, by its own phone, again."""
    in_time = now < parse_iso(link.expires_at)
    if goes_on(link):
        return mine and in_time
    return not over(link) and (in_time or (mine and link.state in OPEN))
