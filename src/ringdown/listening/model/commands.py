"""What a listener may ask for, read from one data packet: anything else is a coded error.

We are lenient: unknown keys are ignored and `callerType` is read in any case. A packet that is
refused changes nothing.
"""

import json
import math
from dataclasses import dataclass
from typing import Any, Final, Literal, cast

LARGEST_PACKET: Final = 15 * 1024
"""What the media server's protocol allows in one data packet, in bytes."""
_ECHO: Final = 40
"""How much of an unknown command is said back."""

Side = Literal["caller", "call_taker"]
Code = Literal[
    "bad_message",
    "unknown_command",
    "invalid_position",
    "invalid_gain",
    "invalid_caller_type",
    "sides_not_separable",
    "rate_limited",
]
_SIDES: Final[dict[str, Side]] = {"caller": "caller", "calltaker": "call_taker"}


@dataclass(frozen=True)
class Pause:
    """Stop at the cursor."""

    name = "pause"


@dataclass(frozen=True)
class Resume:
    """Go on from the cursor."""

    name = "resume"


@dataclass(frozen=True)
class ScrubToEnd:
    """Jump to the end of what there is."""

    name = "scrub-to-end"


@dataclass(frozen=True)
class Scrub:
    """Move the cursor; `position` is any finite number of ms from the start of the call."""

    position: float
    name = "scrub"


@dataclass(frozen=True)
class SetGain:
    """Change the level of one side, or of both when `side` is None; decibels, not yet clamped."""

    gain: float
    side: Side | None
    name = "set-gain"


Command = Pause | Resume | ScrubToEnd | Scrub | SetGain


@dataclass(frozen=True)
class Refusal:
    """Why a packet is refused, in words for the developer of the client."""

    code: Code
    detail: str
    cmd: str | None = None

    def encode(self) -> bytes:
        """The packet that tells the sender."""
        told = {"kind": "error", "code": self.code, "detail": self.detail}
        if self.cmd is not None:
            told["cmd"] = self.cmd
        return json.dumps(told, separators=(",", ":")).encode()


def parse(packet: bytes) -> Command | Refusal:
    """Read one data packet. Never raises."""
    if len(packet) > LARGEST_PACKET:
        return Refusal("bad_message", "The packet is larger than 15 KiB.")
    try:
        loaded: Any = json.loads(packet.decode("utf-8"))
    except (ValueError, RecursionError):
        return Refusal("bad_message", "The packet is not JSON in UTF-8.")
    if not isinstance(loaded, dict):
        return Refusal("bad_message", "The packet is not one JSON object.")
    message = cast("dict[str, object]", loaded)
    cmd = message.get("cmd")
    if not isinstance(cmd, str):
        return Refusal("bad_message", 'The object has no "cmd".')
    match cmd:
        case "pause":
            return Pause()
        case "resume":
            return Resume()
        case "scrub-to-end":
            return ScrubToEnd()
        case "scrub":
            position = _number(message.get("position"))
            if position is None:
                return Refusal("invalid_position", '"position" must be a number of ms.', cmd)
            return Scrub(position)
        case "set-gain":
            return _set_gain(message)
        case _:
            told = "".join(c for c in cmd[:_ECHO] if c.isprintable())
            return Refusal("unknown_command", "There is no such command.", told)


def _set_gain(message: dict[str, object]) -> Command | Refusal:
    gain = _number(message.get("gain"))
    if gain is None:
        return Refusal("invalid_gain", '"gain" must be a number of dB.', "set-gain")
    asked = message.get("callerType")
    if asked is None:
        return SetGain(gain, None)
    side = _SIDES.get(asked.lower()) if isinstance(asked, str) else None
    if side is None:
        return Refusal(
            "invalid_caller_type", '"callerType" must be "caller" or "callTaker".', "set-gain"
        )
    return SetGain(gain, side)


def _number(value: object) -> float | None:
    """A finite number; a huge whole number is as far as a number goes. A boolean is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return 1e300 if value > 0 else -1e300
    return number if math.isfinite(number) else None
