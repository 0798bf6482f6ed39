"""Addresses of electronic mail and web sites: "jo dot smith at example dot com". Pure."""

import re
from collections.abc import Sequence
from typing import Final

from ringdown.spoken.groups import group, text_at
from ringdown.spoken.pieces import FULL_STOP, Piece
from ringdown.spoken.reading import Reading
from ringdown.spoken.vocabulary import LETTERS, word_set

_MARKS: Final = {
    "dot": ".",
    "at": "@",
    "underscore": "_",
    "dash": "-",
    "hyphen": "-",
    "slash": "/",
}
_ENDINGS: Final = word_set("com org net edu gov mil")
_WORD: Final = re.compile(r"[a-z][a-z0-9]{1,30}")
_WRITTEN: Final = re.compile(
    r"[a-z0-9._%+-]{1,40}@[a-z0-9-]{1,40}(\.[a-z]{2,8})+|(www\.)?[a-z0-9-]{1,40}\.(com|org|net|gov|edu)"
)
_REACH: Final = 40


def read_electronic(pieces: Sequence[Piece], at: int) -> Reading | None:
    """An address with a dot and a known ending, beginning at piece `at`."""
    if _WRITTEN.fullmatch(pieces[at].text):
        return Reading(at + 1, _kind(pieces[at].text), pieces[at].text)
    if not any(piece.text == "dot" for piece in pieces[at + 1 : at + _REACH]):
        return None
    written, index = "", at
    best: tuple[int, str] | None = None
    while index < min(len(pieces), at + _REACH):
        part = _part(pieces, index)
        if part is None:
            break
        said, index = part
        ended = written.endswith(".") and said in _ENDINGS
        written += said
        if ended:
            best = (index, written)
        mark = _MARKS.get(text_at(pieces, index), "")
        if not mark or pieces[index - 1].pause == FULL_STOP or (mark == "@" and "@" in written):
            break
        written, index = written + mark, index + 1
    if best is None or ("@" not in best[1] and best[1].count(".") < 1):
        return None
    return Reading(best[0], _kind(best[1]), best[1])


def _kind(written: str) -> str:
    return "email" if "@" in written else "web"


def _part(pieces: Sequence[Piece], at: int) -> tuple[str, int] | None:
    """A word, or letters and digits in a row."""
    said, index = "", at
    while index < len(pieces) and index - at < _REACH:
        text = pieces[index].text
        if text in LETTERS:
            said, index = said + text, index + 1
            continue
        digits = group(pieces, index, started=bool(said))
        if digits is None:
            break
        said, index = said + digits.digits, digits.end
    if said:
        word = text_at(pieces, index)
        joins = text_at(pieces, index + 1) in _MARKS and word not in _MARKS
        if joins and _WORD.fullmatch(word) and not pieces[index - 1].pause:
            return said + word, index + 1
        return said, index
    text = text_at(pieces, at)
    if text in _MARKS or not _WORD.fullmatch(text):
        return None
    digits = group(pieces, at + 1, started=True)
    after = text_at(pieces, digits.end) if digits else ""
    if digits and after in _MARKS and not pieces[at].pause:
        return text + digits.digits, digits.end
    return text, at + 1
