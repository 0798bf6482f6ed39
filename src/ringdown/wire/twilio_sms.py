"""Twilio's REST interface for texts, as its many clones speak it: forms, signatures, reports.

A webhook is signed with the account's token: HMAC-SHA1 over the address it was posted to, followed
by every parameter's name and value in the order of names, in base64 (`X-Twilio-Signature`).

SmsWebhookError
    SmsSignatureWrong    nobody who knows the token sent this to this address
    SmsFormInvalid       the form cannot be read, or lacks what a message has
"""

import base64
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Final, Literal, cast
from urllib.parse import parse_qsl, urlencode, urlsplit

from ringdown.core.errors import Malformed, Unauthenticated

SIGNATURE: Final = "x-twilio-signature"
MAX_FIELDS: Final = 200
MAX_MEDIA: Final = 10
Status = Literal["sent", "delivered", "undelivered", "failed"]
STATUSES: Final[Mapping[str, Status]] = {
    "accepted": "sent", "scheduled": "sent", "queued": "sent", "sending": "sent", "sent": "sent",
    "delivered": "delivered", "read": "delivered", "undelivered": "undelivered",
    "failed": "failed", "canceled": "failed",
}  # fmt: skip
"""Their words, and ours: `sent` is with the carrier."""
REASONS: Final[Mapping[int, str]] = {
    21211: "The number is not one that texts can go to.",
    21408: "The account may not text that country.",
    21606: "The sender's number cannot send texts.",
    21610: "The number asked for no more texts.",
    21612: "The number cannot be reached from the sender's number.",
    21614: "The number is not a mobile number.",
    30001: "The carrier's queue is full.",
    30002: "The carrier suspended the account.",
    30003: "The phone is switched off or out of reach.",
    30004: "The phone or its network blocks these texts.",
    30005: "The number is unknown or no longer in service.",
    30006: "The number is a landline, or its network cannot be reached.",
    30007: "The network filtered the text out as unwanted.",
    30008: "The network did not say why it did not arrive.",
    30034: "The sender's number is not registered for texts to phones.",
}
STOPPED: Final = 21610


class SmsWebhookError(Malformed):
    """What came in as the carrier's is not."""

    code: ClassVar[str] = "wire.sms.invalid"
    action: ClassVar[str] = "Send the form that the carrier's interface describes."


class SmsSignatureWrong(Unauthenticated):
    """Nobody who knows the token sent this to this address."""

    code: ClassVar[str] = "wire.sms.signature_wrong"
    action: ClassVar[str] = (
        "Check the token on both sides, and that texting.public_url is what the carrier calls."
    )


class SmsFormInvalid(SmsWebhookError):
    """The form cannot be read, or lacks what a message has."""

    code: ClassVar[str] = "wire.sms.form_invalid"


Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Media:
    """A picture or video beside a text: where the carrier keeps it."""

    url: str = field(repr=False)
    content_type: str


@dataclass(frozen=True)
class Inbound:
    """A text from a phone. Personal data."""

    sid: str
    sender: str = field(repr=False)
    receiver: str
    text: str = field(repr=False)
    media: tuple[Media, ...] = ()
    answered: str = ""
    """STOP, START or HELP where the carrier has answered that word by itself."""


@dataclass(frozen=True)
class Report:
    """What became of a text."""

    sid: str
    status: Status
    reason: str | None = None


@dataclass(frozen=True)
class Taken:
    """The carrier has a text."""

    sid: str
    status: Status


# -- signatures -----------------------------------------------------------------------------


def signature(token: str, url: str, pairs: Iterable[tuple[str, str]]) -> str:
    """What `X-Twilio-Signature` must be."""
    content = url + "".join(name + value for name, value in sorted(set(pairs)))
    made = hmac.new(token.encode(), content.encode(), "sha1").digest()
    return base64.b64encode(made).decode("ascii")


def addresses(url: str) -> tuple[str, ...]:
    """The address, and the same with or without the port that its scheme implies."""
    parts = urlsplit(url)
    port = {"https": 443, "http": 80}.get(parts.scheme)
    host = parts.hostname or ""
    shown = f"[{host}]" if ":" in host else host
    if parts.port is None:
        return url, parts._replace(netloc=f"{shown}:{port}").geturl()
    if parts.port == port:
        return url, parts._replace(netloc=shown).geturl()
    return (url,)


def verify(token: str, url: str, pairs: Pairs, given: str) -> None:
    """Check a webhook's signature. Raises `SmsSignatureWrong`."""
    found = False
    for one in addresses(url):
        made = signature(token, one, pairs)
        found |= hmac.compare_digest(made.encode(), given.encode("utf-8", "replace"))
    if not (found and token):
        raise SmsSignatureWrong("the carrier's signature does not fit")


# -- reading --------------------------------------------------------------------------------


def read_form(body: bytes) -> Pairs:
    """The parameters of a form, in their order. Raises `SmsFormInvalid`."""
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=bool(body),
            errors="strict",
            max_num_fields=MAX_FIELDS,
        )
    except ValueError:
        raise SmsFormInvalid("this is no form") from None
    return tuple(pairs)


def _field(form: Mapping[str, str], name: str, limit: int = 64) -> str:
    value = form.get(name, "")
    if not value or len(value) > limit or not value.isprintable():
        raise SmsFormInvalid("a value is missing or wrong", details={"field": name})
    return value


def read_inbound(pairs: Pairs) -> Inbound:
    """A text that came in. Raises `SmsFormInvalid`."""
    form = dict(pairs)
    text = form.get("Body", "")
    count = form.get("NumMedia", "0")
    if not (count.isascii() and count.isdigit()) or len(text) > 16_000:
        raise SmsFormInvalid("a value is missing or wrong", details={"field": "NumMedia"})
    media = tuple(
        Media(
            _field(form, f"MediaUrl{at}", 2_000),
            form.get(f"MediaContentType{at}", "application/octet-stream")[:100],
        )
        for at in range(min(int(count), MAX_MEDIA))
    )
    kept = "".join(one for one in text if one == "\n" or one.isprintable() or one in "\u200c\u200d")
    return Inbound(
        sid=_field(form, "MessageSid"),
        sender=_field(form, "From"),
        receiver=form.get("To", "")[:64],
        text=kept,
        media=media,
        answered=form.get("OptOutType", "")[:16].upper(),
    )


def read_report(pairs: Pairs) -> Report | None:
    """What became of a text; None for a word that says nothing. Raises `SmsFormInvalid`."""
    form = dict(pairs)
    status = STATUSES.get(_field(form, "MessageStatus").lower())
    if status is None:
        return None
    return Report(_field(form, "MessageSid"), status, reason(status, form.get("ErrorCode", "")))


def reason(status: Status, code: object) -> str | None:
    """Why a text did not arrive, in plain words."""
    if status not in {"undelivered", "failed"}:
        return None
    number = int(str(code)) if str(code).isascii() and str(code).isdigit() else 0
    words = REASONS.get(number, "The carrier could not deliver it.")
    return f"{words} ({number})" if number else words


def read_taken(body: bytes) -> Taken:
    """The answer to a text that was sent. Raises `SmsFormInvalid`."""
    try:
        told: object = json.loads(body)
    except (ValueError, RecursionError):
        raise SmsFormInvalid("the answer is not JSON") from None
    answer = cast("dict[str, object]", told) if isinstance(told, dict) else {}
    sid, status = answer.get("sid"), STATUSES.get(str(answer.get("status")), "sent")
    if not isinstance(sid, str) or not 0 < len(sid) <= 64 or not sid.isprintable():
        raise SmsFormInvalid("the answer names no message")
    return Taken(sid, status)


def read_error(body: bytes) -> int:
    """The number of an error; 0 if the answer has none."""
    try:
        told: object = json.loads(body)
    except (ValueError, RecursionError):
        return 0
    code = cast("dict[str, object]", told).get("code") if isinstance(told, dict) else None
    return code if isinstance(code, int) and not isinstance(code, bool) else 0


# -- writing --------------------------------------------------------------------------------


def write_message(*, to: str, sender: str, text: str, report_to: str | None) -> bytes:
    """The form that sends a text; `sender` is a number or a messaging service (MG…)."""
    own = "MessagingServiceSid" if sender.startswith("MG") else "From"
    form = {"To": to, own: sender, "Body": text}
    if report_to is not None:
        form["StatusCallback"] = report_to
    return urlencode(form).encode("ascii")


def write_inbound(inbound: Inbound, account: str) -> Pairs:
    """The form of a text that came in, as the carrier posts it."""
    pairs = [
        ("AccountSid", account),
        ("Body", inbound.text),
        ("From", inbound.sender),
        ("MessageSid", inbound.sid),
        ("NumMedia", str(len(inbound.media))),
        ("To", inbound.receiver),
    ]
    for at, one in enumerate(inbound.media):
        pairs += [(f"MediaContentType{at}", one.content_type), (f"MediaUrl{at}", one.url)]
    if inbound.answered:
        pairs.append(("OptOutType", inbound.answered))
    return tuple(sorted(pairs))


def write_report(sid: str, status: str, account: str, error: int = 0) -> Pairs:
    """The form of a report, as the carrier posts it."""
    pairs = [("AccountSid", account), ("MessageSid", sid), ("MessageStatus", status)]
    return tuple(sorted([*pairs, ("ErrorCode", str(error))] if error else pairs))


def write_form(pairs: Pairs) -> bytes:
    """Parameters as a body."""
    return urlencode(pairs).encode("ascii")
