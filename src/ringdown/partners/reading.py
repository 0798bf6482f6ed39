"""Reading what partners send: strictly where a guess could harm, and 400 for what cannot be read.

Pure. Unknown fields are ignored; a value that is there and cannot be understood is refused.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, cast

from ringdown.core.errors import Malformed
from ringdown.partners.model import read_time

FLAGS = {"true": True, "false": False}
LONGEST_PARTICIPANT = 200


class RequestUnreadable(Malformed):
    """A value in the request cannot be understood, and none is guessed."""

    code: ClassVar[str] = "partners.request.unreadable"
    action: ClassVar[str] = "Correct the value named; the example shows what it can be."


def unreadable(name: str, example: str) -> RequestUnreadable:
    """The refusal of a value, by its name; the value itself is not repeated."""
    return RequestUnreadable(f"{name} cannot be read", details={"name": name, "example": example})


def flag(name: str, text: str | None) -> bool | None:
    """`true` or `false`. Raises `RequestUnreadable`."""
    if text is None:
        return None
    if text not in FLAGS:
        raise unreadable(name, "true")
    return FLAGS[text]


def limit(text: str | None) -> int:
    """How many are wanted: 1 to 100. Raises `RequestUnreadable`."""
    if text is None:
        return 50
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= 100):
        raise unreadable("limit", "1 to 100")
    return int(text)


def instant(name: str, text: str | None) -> datetime | None:
    """A time in either form. Raises `RequestUnreadable`."""
    if text is None:
        return None
    try:
        return read_time(text)
    except (ValueError, OverflowError):
        raise unreadable(name, "2030-01-02T03:04:05Z") from None


@dataclass(frozen=True)
class Wish:
    """How somebody wants to listen. `autoplay` is None when nothing was said."""

    autoplay: bool | None = None
    participant: str | None = None


def wish(body: bytes, query: list[str]) -> Wish:
    """The body of a stream token request; what it says wins over the query.

    Raises `RequestUnreadable`: to guess could make a listener miss the start of a call.
    """
    told = _object(body)
    if "autoplay" in told:
        value = told["autoplay"]
        autoplay = value if isinstance(value, bool) else flag("autoplay", _text(value))
    else:
        values = {flag("autoplay", text) for text in query}
        if len(values) > 1:
            raise unreadable("autoplay", "false")
        autoplay = values.pop() if values else None
    participant = told.get("participant_id")
    if participant is None:
        return Wish(autoplay)
    # Not printable: control characters and lone surrogates, which no store takes.
    if (
        not isinstance(participant, str)
        or len(participant) > LONGEST_PARTICIPANT
        or not participant.isprintable()
    ):
        raise unreadable("participant_id", "unit-12")
    return Wish(autoplay, participant)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _object(body: bytes) -> dict[str, Any]:
    if not body.strip():
        return {}
    try:
        told: object = json.loads(body)
    except (ValueError, RecursionError):
        raise unreadable("the body", '{"autoplay": false}') from None
    if not isinstance(told, dict):
        raise unreadable("the body", '{"autoplay": false}')
    return cast("dict[str, Any]", told)


def byte_range(header: str | None, total: int) -> tuple[int, int] | None:
    """The bytes [start, end) that a Range header asks for (RFC 9110 §14.2); None for all.

    A header we do not understand, or several ranges, are ignored, as the standard allows. Raises
    ValueError for a range outside of what there is.
    """
    unit, found, text = (header or "").partition("=")
    first, dash, last = text.strip().partition("-")
    if unit.strip().lower() != "bytes" or not found or not dash or "," in text:
        return None
    plain = all(part == "" or (part.isascii() and part.isdigit()) for part in (first, last))
    if not plain or first == last == "":
        return None
    if first == "":
        length = int(last)
        if length == 0:
            raise ValueError("an empty range")
        return max(0, total - length), total
    start = int(first)
    end = min(total, int(last) + 1) if last else total
    if last and int(last) < start:
        return None
    if start >= total:
        raise ValueError("outside of what there is")
    return start, end
