"""Whether what was heard so far ends inside a number. Pure."""

from collections.abc import Sequence
from typing import Final

from ringdown.spoken.idioms import is_figure_of_speech
from ringdown.spoken.pieces import Piece
from ringdown.spoken.vocabulary import (
    CORRECTS,
    HOMOPHONES,
    LETTERS,
    MONTHS,
    NATO,
    NUMBER_WORDS,
    POLICE,
    word_set,
)

_OPEN: Final = word_set(
    "point dash hyphen plus minus area extension exit marker milepost apartment apt unit "
    "suite interstate route highway zip quarter half plate tag underscore slash"
)
_OPEN_AFTER_NUMBER: Final = (
    CORRECTS
    | frozenset(HOMOPHONES)
    | word_set("and dollar dollars of past after dot as for um uh at the code block p a")
)


def ends_open(pieces: Sequence[Piece]) -> bool:
    """Whether the last piece is, or may lead to, a part of a number, a plate or a spelled name."""
    if not pieces:
        return False
    last = len(pieces) - 1
    text = pieces[last].text
    if _numeral(text):
        return not is_figure_of_speech(pieces, last, last + 1)
    if text in _OPEN or (text in LETTERS and text not in {"a", "i"}) or text in NATO:
        return True
    if text in MONTHS and text not in {"may", "march"}:
        return True
    if last and (pieces[last - 1].text, text) in _PAIRS:
        return True
    before = pieces[max(0, last - 2) : last]
    lettered = any(_numeral(p.text) or p.text in LETTERS or p.text in NATO for p in before)
    names = any(p.text in POLICE for p in before)
    if text in {"a", "i"} or text in POLICE:
        return lettered or (names and text in POLICE)
    if text in MONTHS:
        return any(p.text in {"of", "in"} for p in before) and lettered
    if text in _OPEN_AFTER_NUMBER:
        return lettered
    return last >= 2 and [p.text for p in pieces[last - 1 : last]] == ["as"] and text == "in"


_PAIRS: Final = frozenset(
    [
        ("county", "road"),
        ("state", "road"),
        ("area", "code"),
        ("zip", "code"),
        ("mile", "post"),
        ("number", "is"),
        ("as", "in"),
    ]
)


def _numeral(text: str) -> bool:
    return text in NUMBER_WORDS or any(c in "0123456789" for c in text)
