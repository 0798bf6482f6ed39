"""The shapes of caller links as everybody sees them."""

from typing import Final, Literal, get_args

from pydantic import Field

from ringdown.core.events import Value
from ringdown.core.principal import Person

Share = Literal["location", "video", "upload", "chat"]
SHARES: Final[tuple[Share, ...]] = get_args(Share)
Language = Literal["en", "es", "zh", "vi", "ko", "tl", "ru", "ar", "fr", "pt", "ht"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
Outcome = Literal["agreed", "refused", "overridden", "withdrawn"]
Via = Literal["voice", "page"]
LinkState = Literal["made", "sent", "opened", "sharing", "stopped", "expired", "revoked", "failed"]
"""`failed`: the message did not arrive. The last four are the end, but `failed` may be repaired."""


Offer = Literal["undelivered", "unopened", "media_dead", "quiet"]
"""Why the console offers to go on by text."""


class ConsentView(Value):
    """What a caller was asked and answered; `at_ms` is the second of the call's audio."""

    consent_id: str
    call_id: str
    shares: tuple[Share, ...]
    outcome: Outcome
    via: Via
    at_ms: int
    by: Person | None
    """Who asked on the call, or overrode; None where the caller answered on their page."""
    language: Language
    reason: str | None = None
    link_id: str | None = None
    number: str | None = None
    """E.164 of the phone it is about, where that is not the one that calls. Personal data."""
    at: str


class LinkView(Value):
    """One link of one call. Never holds its token."""

    link_id: str
    call_id: str
    consent_id: str
    shares: tuple[Share, ...]
    number: str
    """E.164, where it was sent. Personal data."""
    language: Language
    state: LinkState
    agreed: tuple[Share, ...] = ()
    """What the caller agreed to on their page and has not stopped; nothing once it is over."""
    sharing: tuple[Share, ...] = ()
    """What the phone shares at this moment."""
    message_id: str | None = None
    made_by: Person
    made_at: str
    expires_at: str
    opened_at: str | None = None
    ended_at: str | None = None
    device: str | None = None
    """The phone in plain words, such as `iPhone, Safari`."""
    refused_devices: int = 0
    """How many other devices tried to open it."""
    quiet_since: str | None = None
    """Since when the opened page has given no sign of life."""
    offer: Offer | None = None
    reason: str | None = None


class PageVideo(Value):
    """What the page measures of the video that it sends."""

    state: Literal["none", "live", "slides", "dead"] = "none"
    width: int = Field(default=0, ge=0, le=20_000)
    height: int = Field(default=0, ge=0, le=20_000)
    fps: float = Field(default=0, ge=0, le=1_000, allow_inf_nan=False)
    kbps: float = Field(default=0, ge=0, le=1_000_000, allow_inf_nan=False)
    loss_percent: float = Field(default=0, ge=0, le=100, allow_inf_nan=False)
    sound: bool = False
    """Whether sound leaves with it: the agency has that, and the phone has a microphone."""


class FixView(Value):
    """Where the caller's phone says it is: WGS84, metres, 95 % confidence. Personal data."""

    fix_id: str
    call_id: str
    link_id: str
    lat: float
    lon: float
    accuracy_m: float
    altitude_m: float | None = None
    altitude_accuracy_m: float | None = None
    floor: str | None = None
    heading_deg: float | None = None
    speed_mps: float | None = None
    at: str
    """When the phone took it, by our clock; the phone's own may be wrong."""
    received_at: str
    at_ms: int
    """The same on the call's clock."""
