"""Numbered roads: "I ninety five", "US one oh one", "county road twelve hundred north". Pure."""

from collections.abc import Sequence
from typing import Final

from ringdown.spoken.groups import counted_next, pause_before, run, text_at
from ringdown.spoken.pieces import Piece
from ringdown.spoken.reading import Reading

_NAMES: Final[tuple[tuple[tuple[str, ...], str], ...]] = (
    (("u", "s", "highway"), "US"),
    (("u", "s", "route"), "US"),
    (("us", "highway"), "US"),
    (("us", "route"), "US"),
    (("u", "s"), "US"),
    (("us",), "US"),
    (("state", "route"), "State Route"),
    (("state", "road"), "State Road"),
    (("state", "highway"), "State Highway"),
    (("county", "road"), "County Road"),
    (("county", "route"), "County Route"),
    (("county", "highway"), "County Highway"),
    (("farm", "to", "market"), "FM"),
    (("farm", "to", "market", "road"), "FM"),
    (("forest", "road"), "Forest Road"),
    (("f", "m"), "FM"),
    (("fm",), "FM"),
    (("s", "r"), "SR"),
    (("sr",), "SR"),
    (("c", "r"), "CR"),
    (("cr",), "CR"),
    (("interstate",), "I"),
    (("highway",), "Highway"),
    (("hwy",), "Highway"),
    (("route",), "Route"),
    (("rt",), "Route"),
    (("rte",), "Route"),
    (("i",), "I"),
)
_ON: Final = frozenset(["on", "off", "onto", "near", "from", "to", "take", "taking", "along", "at"])
_WAYS: Final = frozenset(["north", "south", "east", "west"])
_BY_FIRST: Final = {
    first: tuple(
        sorted((row for row in _NAMES if row[0][0] == first), key=lambda row: -len(row[0]))
    )
    for first in {row[0][0] for row in _NAMES}
}


def read_road(pieces: Sequence[Piece], at: int) -> Reading | None:
    """A road with its number; the direction belongs to a county road of a grid."""
    for texts, name in _BY_FIRST.get(pieces[at].text, ()):
        start = at + len(texts)
        same = [piece.text for piece in pieces[at:start]] == list(texts)
        if not same or any(piece.pause for piece in pieces[at:start]):
            continue
        if text_at(pieces, start) == "number":
            start += 1
        found = run(pieces, start)
        if found is None or len(found.digits) > 4 or counted_next(pieces, found.end):
            continue
        if not _believable(pieces, at, texts, found.digits):
            continue
        joint = "-" if name == "I" else " "
        others = tuple(f"{name}{joint}{other}" for other in found.apart())
        end = found.end
        way = text_at(pieces, end)
        if name in {"County Road", "CR"} and way in _WAYS and not pause_before(pieces, end):
            return Reading(end + 1, "road", f"{name} {found.digits} {way.capitalize()}", others)
        return Reading(end, "road", f"{name}{joint}{found.digits}", others)
    return None


def _believable(pieces: Sequence[Piece], at: int, texts: tuple[str, ...], digits: str) -> bool:
    """The words I and us are mostly pronouns."""
    on = at > 0 and pieces[at - 1].text in _ON and not pieces[at - 1].pause
    if texts == ("i",):
        if pieces[at].word == (pieces[at + 1].word if at + 1 < len(pieces) else -1):
            return True
        return len(digits) in (2, 3) or (on and len(digits) == 1)
    if texts == ("us",):
        return pieces[at].raw == "US" or len(digits) == 3 or (on and len(digits) < 4)
    return True
