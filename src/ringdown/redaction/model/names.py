"""Names of people, by the words that announce them, by their capitals and by the lists. Pure."""
# ruff: noqa: E501 - word lists

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from ringdown.redaction.model.common import COMMON, NO_NAME, PROPER, ordinary
from ringdown.redaction.model.given_names import GIVEN, GIVEN_OR_WORD, SURNAMES
from ringdown.redaction.model.pieces import Label, Piece, Span, sentence_before, text_at
from ringdown.spoken.vocabulary import NUMBER_WORDS, word_set

SURE: Final = GIVEN - GIVEN_OR_WORD - NO_NAME
_KNOWN: Final = GIVEN | GIVEN_OR_WORD | SURNAMES
TITLES: Final = word_set(
    "mr mrs ms mister miss missus doctor dr officer deputy sergeant sgt detective trooper captain lieutenant nurse pastor reverend professor coach uncle aunt auntie agent"
)
_WRITTEN_TITLES: Final = TITLES - word_set("doctor officer nurse captain coach agent detective")
"""After these a name needs no capital."""
_SKIPPED: Final = word_set(
    "um uh er oh it's its is was i'm my name's name yes yeah yep no okay ok sir ma'am well so hi hello again please and the first last middle be would that that's this his her he's she's mm hmm hm like sorry"
)
_NO_PERSON_AFTER: Final = word_set(
    "at on near off between toward towards outside by in the a an of from below above behind past down up through around under inside lake mount east west north south new old"
)
"""After these a strange word with a capital is rather a place, a shop or a make than a person."""
PUBLIC: Final = word_set(
    "lake river creek bay ocean bridge tower island mountain mount fort valley county city town village state police fire department sheriff station airport college university pool square house springs falls beach"
)
"""Beside these a capitalised word names something everybody knows."""
_NEVER: Final = frozenset(word for word in COMMON if word.removesuffix("'s") not in SURE)
"""Words that are no name unless they are written as one."""
_MOST: Final = 3
_ASKED: Final = 12


def name_spans(pieces: Sequence[Piece], *, cased: bool) -> Iterator[Span]:
    """Every name that is announced, known, or written as one."""
    small = {piece.text for piece in pieces if not piece.capital} if cased else set[str]()
    answers = _answers(pieces, cased=cased)
    for at, piece in enumerate(pieces):
        if piece.sort != "word":
            continue
        if at not in answers and piece.text in _NEVER and not (cased and piece.capital):
            continue
        if at in answers:
            yield _span(pieces, at, answers[at], "NAME")
            continue
        label = _label(pieces, at, small, cased=cased)
        if label is not None:
            last = at
            while last + 1 < len(pieces) and _goes_on(pieces, last + 1, cased=cased):
                last += 1
            yield _span(pieces, at, last, label)


def _span(pieces: Sequence[Piece], first: int, last: int, label: Label) -> Span:
    end = pieces[last].end
    raw = pieces[last].raw
    if raw[-2:] in {"'s", "\u2019s"}:
        end -= 2
    return Span(pieces[first].start, end, label)


def _answers(pieces: Sequence[Piece], *, cased: bool) -> dict[int, int]:
    """Names said after "my name is" or in answer to "what's your name?": first piece, last piece."""
    found: dict[int, int] = {}
    for at, piece in enumerate(pieces):
        if piece.text not in {"name", "name's", "names"} or not _of_person(pieces, at):
            continue
        asked = at + 1 < len(pieces) and "?" in pieces[at + 1].gap
        index, skipped = at + 1, 0
        while index < len(pieces) and skipped < (_ASKED if asked else 6):
            word = pieces[index]
            if word.sort == "token":
                break
            if "?" in word.gap and index > at + 1 and not asked:
                break
            if word.sort == "word" and _may_be_name(pieces, index, cased=cased):
                last = index
                while last - index + 1 < _MOST and _goes_on(pieces, last + 1, cased=cased):
                    last += 1
                if not cased and last == index and _follows(pieces, last + 1):
                    last += 1
                found[index] = last
                break
            if word.text not in _SKIPPED:
                break
            index += 1
            skipped += 1
    return found


def _of_person(pieces: Sequence[Piece], at: int) -> bool:
    near = {piece.text for piece in pieces[max(0, at - 4) : at]}
    if near & {
        "street",
        "road",
        "business",
        "store",
        "place",
        "building",
        "company",
        "apartment",
        "school",
        "the",
    }:
        return bool(near & {"first", "last", "caller's", "her", "his", "your", "my"})
    return True


def _may_be_name(pieces: Sequence[Piece], at: int, *, cased: bool) -> bool:
    piece = pieces[at]
    if piece.text in _KNOWN and (piece.capital or not cased) and piece.text not in COMMON:
        return True
    if piece.text in GIVEN_OR_WORD and piece.capital:
        return piece.text not in {"will", "may", "hope"} or text_at(pieces, at + 1) not in COMMON
    if len(piece.raw) < 2 or ordinary(piece.text):
        return False
    return piece.capital if cased else True


def _label(
    pieces: Sequence[Piece], at: int, small: AbstractSet[str], *, cased: bool
) -> Label | None:
    """NAME for a name, ADDRESS for a place, None for neither."""
    piece = pieces[at]
    text = piece.text.removesuffix("'s")
    if text in SURE:
        return "NAME"
    if piece.text in PROPER:
        return None
    if not piece.capital or not cased:
        titled = text_at(pieces, at - 1) in _WRITTEN_TITLES
        return "NAME" if titled and not ordinary(text) and text not in COMMON else None
    before = text_at(pieces, at - 1)
    if before in TITLES and text not in COMMON and text not in NUMBER_WORDS:
        return "NAME"
    first = sentence_before(pieces, at)
    if text in GIVEN_OR_WORD or text in SURNAMES:
        if before in _NO_PERSON_AFTER or _public(pieces, at):
            return None
        if not first and text not in PROPER:
            return "NAME"
        return "NAME" if _addressed(pieces, at) and text not in COMMON else None
    if ordinary(text) or text in small or len(text) < 2 or (piece.raw.isupper() and len(text) <= 4):
        return None
    if text in PUBLIC or before in _NO_PERSON_AFTER or _public(pieces, at):
        return None
    if first:
        return "NAME" if _alone(pieces, at) else None
    return "NAME"


def _public(pieces: Sequence[Piece], at: int) -> bool:
    """Whether a capitalised word beside says that this names a river, a town or an office."""
    return any(
        0 <= index < len(pieces)
        and pieces[max(index, at)].gap == " "
        and (pieces[index].capital or pieces[index].text in {"pool", "house"})
        and pieces[index].text in PUBLIC
        for index in (at - 1, at + 1)
    )


def _addressed(pieces: Sequence[Piece], at: int) -> bool:
    """A first word followed by a comma or the end of its sentence."""
    return at + 1 >= len(pieces) or pieces[at + 1].gap[:1] in {",", "?", ".", "!"}


def _alone(pieces: Sequence[Piece], at: int) -> bool:
    """One or two words that are a whole sentence: an answer, or its repetition."""
    end = at + 1
    if end < len(pieces) and not sentence_before(pieces, end):
        if pieces[end].gap == "," or pieces[end].gap == ", ":
            return True
        end += 1
        if not (pieces[at + 1].capital and pieces[at + 1].sort == "word"):
            return False
    return end >= len(pieces) or sentence_before(pieces, end)


def _follows(pieces: Sequence[Piece], at: int) -> bool:
    """Whether piece `at` may be the last name after an announced first one."""
    if at >= len(pieces) or pieces[at].gap not in {" ", "-"} or pieces[at].sort != "word":
        return False
    return len(pieces[at].raw) > 1 and not ordinary(pieces[at].text)


def _goes_on(pieces: Sequence[Piece], at: int, *, cased: bool) -> bool:
    """Whether piece `at` is one more part of a name."""
    if at >= len(pieces) or pieces[at].gap not in {" ", "-", ". "} or pieces[at].sort != "word":
        return False
    piece = pieces[at]
    if pieces[at].gap == ". " and len(pieces[at - 1].raw) > 2:
        return False
    text = piece.text.removesuffix("'s")
    if not cased:
        return text in SURNAMES and text not in COMMON
    if not piece.capital or piece.text in {"i", "i'm", "i've", "i'll", "i'd"}:
        return False
    return text in SURNAMES or text in _KNOWN or not ordinary(text)
