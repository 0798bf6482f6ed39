"""What is true of links, whoever keeps them: tokens, states and errors. Pure."""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass, field
from typing import ClassVar, Final, Literal

from ringdown.caller.views import Language, LinkState, LinkView, Share
from ringdown.core.errors import Conflict, Gone, Invalid, NotFound, Refused, Unauthenticated

COOKIE: Final = "ringdown_caller"
"""The name of the cookie by which the bound phone is known; its path is `/l`."""

RANDOM_BYTES: Final = 16
MARK_BYTES: Final = 8
TOKEN_LETTERS: Final = 32
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


def make_token(chance: bytes, key: bytes) -> str:
    """A link's token from 16 random bytes: they and their mark, 32 letters."""
    if len(chance) != RANDOM_BYTES:
        raise ValueError("a token is made from 16 random bytes")
    return urlsafe_b64encode(chance + _mark(chance, key)).decode("ascii")


def genuine(token: str, key: bytes) -> bool:
    """Whether we made the token; guesses are refused by this before anything is looked up."""
    if len(token) != TOKEN_LETTERS or not token.isascii():
        return False
    try:
        raw = urlsafe_b64decode(token)
    except (NotBase64, ValueError):
        return False
    if urlsafe_b64encode(raw).decode("ascii") != token:
        return False
    chance, mark = raw[:RANDOM_BYTES], raw[RANDOM_BYTES:]
    return hmac.compare_digest(mark, _mark(chance, key))


def digest(secret: str) -> str:
    """How a token or a cookie is kept: both are random enough to need no slow hash."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _mark(chance: bytes, key: bytes) -> bytes:
    return hmac.digest(key, b"ringdown caller link\0" + chance, "sha256")[:MARK_BYTES]
