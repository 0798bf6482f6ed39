"""The raw leg file: a 512-byte header, then µ-law bytes, one for each sample.

The header is the line `RDLEG1`, then one JSON object padded with spaces; its last byte is a line
end. Sample index ÷ rate = seconds since `first_instant`. A recording that had to move to another
folder has several parts; each later part says at which sample of the leg it begins.

LegHeaderError
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Final, cast

from ringdown.core.clock import iso, parse_iso
from ringdown.core.errors import Invalid

MAGIC: Final = b"RDLEG1\n"
HEADER_BYTES: Final = 512


class LegHeaderError(Invalid):
    """The first 512 bytes are not the header of a leg file."""

    code: ClassVar[str] = "media.leg.header_invalid"
    action: ClassVar[str] = "The file is damaged or is no recording: keep it and tell support."


@dataclass(frozen=True)
class LegHeader:
    """What a leg file says of itself. `from_sample` is 0 except in later parts."""

    centre_id: str
    call_id: str
    leg_id: str
    side: str
    first_instant: datetime
    codec: str = "pcmu"
    rate: int = 8000
    part: int = 1
    from_sample: int = 0


def encode_header(header: LegHeader) -> bytes:
    """Write the 512 bytes. Raises `LegHeaderError` when the ids are too long to fit."""
    fields: dict[str, object] = {
        "codec": header.codec,
        "rate": header.rate,
        "first_instant": iso(header.first_instant),
        "centre": header.centre_id,
        "call": header.call_id,
        "leg": header.leg_id,
        "side": header.side,
    }
    if header.part > 1:
        fields |= {"part": header.part, "from_sample": header.from_sample}
    text = json.dumps(fields, separators=(",", ":")).encode("ascii")
    room = HEADER_BYTES - len(MAGIC) - 1
    if len(text) > room:
        raise LegHeaderError("the header does not fit", details={"bytes": len(text), "most": room})
    return MAGIC + text.ljust(room) + b"\n"


def decode_header(block: bytes) -> LegHeader:
    """Read the 512 bytes. Raises `LegHeaderError`."""
    if len(block) != HEADER_BYTES or not block.startswith(MAGIC) or block[-1:] != b"\n":
        raise LegHeaderError("this is no leg file", details={"bytes": len(block)})
    try:
        loaded: Any = json.loads(block[len(MAGIC) :].decode("ascii"))
    except (ValueError, RecursionError):
        raise LegHeaderError("the header of the leg file is not JSON") from None
    if not isinstance(loaded, dict):
        raise LegHeaderError("the header of the leg file is no object")
    fields = cast("dict[str, object]", loaded)
    try:
        return LegHeader(
            centre_id=_text(fields, "centre"),
            call_id=_text(fields, "call"),
            leg_id=_text(fields, "leg"),
            side=_text(fields, "side"),
            first_instant=parse_iso(_text(fields, "first_instant")),
            codec=_text(fields, "codec"),
            rate=_number(fields, "rate", None, least=1),
            part=_number(fields, "part", 1, least=1),
            from_sample=_number(fields, "from_sample", 0, least=0),
        )
    except (ValueError, OverflowError):
        raise LegHeaderError("the first instant of the leg file is no time") from None


def _text(fields: dict[str, object], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str):
        raise LegHeaderError("the header of the leg file lacks a field", details={"field": name})
    return value


def _number(fields: dict[str, object], name: str, default: int | None, *, least: int) -> int:
    value = fields.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise LegHeaderError("the header of the leg file is wrong", details={"field": name})
    return value
