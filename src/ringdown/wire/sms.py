"""How a text travels as SMS: its alphabet, its length and its segments (3GPP TS 23.038, 23.040).

The default alphabet has 7 bits a character and an extension table whose characters take two;
anything else makes the whole text UCS-2. 160 septets or 70 code units go alone; of a longer text
each segment gives some of its room to a header that says how to join them (TS 23.040 §9.2.3.24.1).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

Encoding = Literal["gsm7", "ucs2"]
BASIC: Final = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""TS 23.038 §6.2.1; each character stands at its code. 0x1B leads to the extension table."""
EXTENSION: Final = {
    "\f": 0x0A, "^": 0x14, "{": 0x28, "}": 0x29, "\\": 0x2F, "[": 0x3C, "~": 0x3D, "]": 0x3E,
    "|": 0x40, "€": 0x65,
}  # fmt: skip
"""TS 23.038 §6.2.1.1."""
ESCAPE: Final = 0x1B
CODES: Final = {character: code for code, character in enumerate(BASIC) if code != ESCAPE}
EXTENDED: Final = {code: character for character, code in EXTENSION.items()}
ROOM: Final[dict[Encoding, tuple[int, int]]] = {"gsm7": (160, 153), "ucs2": (70, 67)}
"""What goes alone, and what a segment of several holds."""
ALIKE: Final = str.maketrans(
    {
        "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"',
        "\u2013": "-", "\u2014": "-", "\u2026": "...", "\u00a0": " ", "\u2009": " ",
        "\u202f": " ", "\u200b": "", "\t": " ",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Measure:
    """What a text costs. `units` are septets or UTF-16 code units; `left` is for this segment."""

    encoding: Encoding
    units: int
    segments: int
    left: int


def encoding_of(text: str) -> Encoding:
    """The smaller alphabet that holds every character."""
    return "gsm7" if all(one in CODES or one in EXTENSION for one in text) else "ucs2"


def plain(text: str) -> str:
    """Typographic marks as plain ones, if that alone keeps a text out of UCS-2; else unchanged."""
    plainer = text.translate(ALIKE)
    return plainer if encoding_of(plainer) == "gsm7" else text


def cost(character: str, encoding: Encoding) -> int:
    """How many units a character takes."""
    if encoding == "gsm7":
        return 2 if character in EXTENSION else 1
    return 2 if ord(character) > 0xFFFF else 1


def split(text: str) -> list[str]:
    """The text of each segment; no escape or surrogate pair is torn apart."""
    encoding = encoding_of(text)
    alone, shared = ROOM[encoding]
    if sum(cost(one, encoding) for one in text) <= alone:
        return [text]
    return ["".join(part) for part in _filled(text, encoding, shared)]


def _filled(text: str, encoding: Encoding, room: int) -> Iterator[list[str]]:
    part: list[str] = []
    used = 0
    for one in text:
        units = cost(one, encoding)
        if used + units > room:
            yield part
            part, used = [], 0
        part.append(one)
        used += units
    yield part


def measure(text: str) -> Measure:
    """The alphabet, the length and the number of segments of a text."""
    encoding = encoding_of(text)
    alone, shared = ROOM[encoding]
    parts = split(text)
    units = sum(cost(one, encoding) for one in text)
    room = alone if len(parts) == 1 else shared
    return Measure(
        encoding, units, len(parts), room - sum(cost(one, encoding) for one in parts[-1])
    )


def encode(text: str) -> bytes:
    """A text in the default alphabet, one septet to a byte. Raises ValueError for UCS-2."""
    octets = bytearray()
    for one in text:
        if one in EXTENSION:
            octets += bytes((ESCAPE, EXTENSION[one]))
        elif one in CODES:
            octets.append(CODES[one])
        else:
            raise ValueError("a character is not in the default alphabet")
    return bytes(octets)


def decode(septets: bytes) -> str:
    """Read the default alphabet back; an unknown extension shows its basic character (§6.2.1)."""
    text: list[str] = []
    escaped = False
    for septet in septets:
        if septet > 0x7F:
            raise ValueError("a septet has seven bits")
        if escaped:
            text.append(EXTENDED.get(septet, " " if septet == ESCAPE else BASIC[septet]))
            escaped = False
        elif septet == ESCAPE:
            escaped = True
        else:
            text.append(BASIC[septet])
    return "".join(text)
