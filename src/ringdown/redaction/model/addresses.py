"""Streets, addresses and named places. Pure."""
# ruff: noqa: E501 - word lists

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from ringdown.redaction.model.common import NO_NAME
from ringdown.redaction.model.digits import HARMLESS, Run
from ringdown.redaction.model.pieces import Piece, Span, sentence_before, text_at
from ringdown.spoken.places import DIRECTIONS, ROADS, STREET_TYPES
from ringdown.spoken.vocabulary import NUMBER_WORDS, ORDINALS, word_set

FUNCTION: Final = word_set(
    "a an the this that these those my your his her its our their i me you he him she it we us they them who whom what which when where why how am is are was were be been being do does did done have has had can could will would shall should may might must and or but nor so yet if because than then though until while not no yes yeah yep okay ok um uh oh well please hello hi hey in on at by to from for with without of off out up down over under into onto near behind around about between through across after before against toward towards along past right left still just there here it's that's there's i'm he's she's they're we're you're like same other every each any some all both go goes going come get got see saw know think said say says live lives living drive driving walk run running turn whole next wrong dirt gravel side back one-way two-way way private busy what's where's ma'am sir"
)
_SHORT: Final = word_set("st rd ave blvd ln dr ct cir pkwy hwy pl ter trl tpke")
_STRONG: Final = ROADS - {
    "way",
    "place",
    "drive",
    "court",
    "circle",
    "square",
    "loop",
    "highway",
    "trail",
}
SPOKEN_PLACES: Final = word_set(
    "park school elementary church hotel inn plaza apartments apartment estates heights manor terrace ranch towers campground farms mills"
)
_ON: Final = word_set("on at off near to onto down from of by and between past in")
_UNITS: Final = word_set("apartment apt unit suite lot trailer room building floor number")
MAY_PLACE: Final = frozenset(STREET_TYPES) | SPOKEN_PLACES | _UNITS | _STRONG
"""Without a number and without one of these there is no address."""
_MOST_NAME: Final = 4
_AFTER_NUMBER: Final = 3


def address_spans(pieces: Sequence[Piece], runs: Sequence[Run]) -> Iterator[Span]:
    """Every address: with its number, its unit and its town where they are said."""
    ending = {run.last: run for run in runs if run.digits not in HARMLESS}
    starting = {run.first: run for run in runs}
    for at, piece in enumerate(pieces):
        if piece.sort == "token":
            continue
        if piece.text in STREET_TYPES:
            first = _street(pieces, at, ending)
            if first is not None:
                yield _span(pieces, first, _extended(pieces, at, starting))
        elif piece.capital and piece.text in SPOKEN_PLACES:
            first = _name_before(pieces, at)
            if first < at:
                yield _span(pieces, first, at)
    for run in runs:
        if run.digits in HARMLESS:
            continue
        last = _named_after(pieces, run)
        if last is not None:
            yield _span(pieces, run.first, _extended(pieces, last, starting))
    yield from _units(pieces, starting)
    yield from _lower(pieces)


def _span(pieces: Sequence[Piece], first: int, last: int) -> Span:
    return Span(pieces[first].start, pieces[last].end, "ADDRESS")


def _street(pieces: Sequence[Piece], at: int, ending: Mapping[int, Run]) -> int | None:
    """The first piece of an address whose kind of street is piece `at`."""
    piece = pieces[at]
    if piece.text in _SHORT and not piece.capital and at - 1 not in ending:
        return None
    index, numbered = at, -1
    while at - index <= _MOST_NAME:
        before = index - 1
        if before < 0 or not _near(pieces[index].gap):
            break
        if before in ending and text_at(pieces, before) not in ORDINALS:
            numbered = ending[before].first
            break
        word = pieces[before]
        if word.sort != "word" or (word.text in FUNCTION and not _letter(word)):
            break
        index = before
    if numbered >= 0:
        return _earlier(pieces, numbered, ending)
    name = _name_before(pieces, at)
    sure = piece.text in _STRONG or (piece.capital and at - name > 0)
    return name if name < at and sure and (piece.capital or piece.text in _STRONG) else None


def _letter(piece: Piece) -> bool:
    return len(piece.raw) == 1 and piece.capital and piece.text != "i"


def _earlier(pieces: Sequence[Piece], first: int, ending: Mapping[int, Run]) -> int:
    """The number that stands apart before the number: "12 hundred, 34"."""
    return ending[first - 1].first if first - 1 in ending and _near(pieces[first].gap) else first


def _near(gap: str) -> bool:
    return gap in {" ", "-", "", " - "}


def _name_before(pieces: Sequence[Piece], at: int) -> int:
    """The first of the capitalised words right before piece `at`."""
    index = at
    while at - index < _MOST_NAME and index > 0 and _near(pieces[index].gap):
        word = pieces[index - 1]
        figure = word.sort == "word" and word.text in {"th", "st", "nd", "rd"} and not word.gap
        if figure and index >= 2 and pieces[index - 2].sort == "figure":
            index -= 2
            continue
        if word.sort != "word" or word.text in FUNCTION:
            break
        ordinal = word.text in ORDINALS
        if not word.capital and not ordinal:
            break
        if word.text in NO_NAME and sentence_before(pieces, index - 1) and not _place(word):
            break
        index -= 1
    return index


def _place(piece: Piece) -> bool:
    return piece.text in DIRECTIONS or piece.text in STREET_TYPES or piece.text in ORDINALS


def _named_after(pieces: Sequence[Piece], run: Run) -> int | None:
    """The last capitalised word after a number that may be a house: "2210 Genesee"."""
    if not 2 <= len(run.digits) <= 6:
        return None
    last, index = None, run.last + 1
    while index < len(pieces) and index - run.last <= _AFTER_NUMBER:
        word = pieces[index]
        if word.gap not in {" ", ""} or word.sort != "word" or not word.capital:
            break
        named = word.text not in NO_NAME or word.text in DIRECTIONS or _letter(word)
        if not named or word.text in {"i", "i'm", "am", "pm"}:
            break
        last = index
        index += 1
    return last


def _extended(pieces: Sequence[Piece], last: int, starting: Mapping[int, Run]) -> int:
    """The last piece with direction, unit, town, state and zip."""
    while last + 1 < len(pieces):
        nxt = pieces[last + 1]
        if nxt.sort == "token" or nxt.gap not in {" ", ", "}:
            break
        if nxt.text in DIRECTIONS and (
            nxt.capital or nxt.text in {"north", "south", "east", "west"}
        ):
            if text_at(pieces, last + 2) == "of":
                break
            last += 1
            continue
        if nxt.text in _UNITS and last + 2 < len(pieces):
            if last + 2 in starting and _near(pieces[last + 2].gap):
                last = _with_letter(pieces, starting[last + 2].last)
                continue
            if _letter(pieces[last + 2]) and _near(pieces[last + 2].gap):
                last += 2
                continue
            break
        town = nxt.gap == ", " and nxt.sort == "word" and nxt.capital
        if town and nxt.text not in NO_NAME:
            last += 1
            while _more_town(pieces, last + 1):
                last += 1
            continue
        run = starting.get(last + 1)
        if run is not None and len(run.digits) == 5:
            last = run.last
            continue
        break
    return last


def _with_letter(pieces: Sequence[Piece], last: int) -> int:
    """The letter after a number of a flat: "4B", "four B"."""
    nxt = last + 1
    if nxt >= len(pieces) or pieces[nxt].gap not in {"", " ", "-"} or len(pieces[nxt].raw) != 1:
        return last
    written_on = not pieces[nxt].gap or pieces[nxt].capital
    return nxt if written_on and pieces[nxt].sort == "word" and pieces[nxt].text != "i" else last


def _more_town(pieces: Sequence[Piece], at: int) -> bool:
    if at >= len(pieces) or pieces[at].gap != " " or pieces[at].sort != "word":
        return False
    return pieces[at].capital and pieces[at].text not in FUNCTION and pieces[at].text not in NO_NAME


def _units(pieces: Sequence[Piece], starting: Mapping[int, Run]) -> Iterator[Span]:
    """Apartment four B, Unit C."""
    for at, piece in enumerate(pieces[:-1]):
        if piece.text not in _UNITS or piece.text in {"number", "floor"}:
            continue
        index = at + 2 if text_at(pieces, at + 1) == "number" and at + 2 < len(pieces) else at + 1
        last = starting[index].last if index in starting else index - 1
        letter = last + 1
        has_letter = (
            letter < len(pieces)
            and pieces[letter].sort == "word"
            and len(pieces[letter].raw) == 1
            and (pieces[letter].capital or index in starting)
            and pieces[letter].text not in {"i", "a"}
            and _near(pieces[letter].gap)
        )
        last = letter if has_letter else last
        if last >= index and _near(pieces[index].gap):
            yield Span(pieces[index].start, pieces[last].end, "ADDRESS_FRAGMENT")


def _lower(pieces: Sequence[Piece]) -> Iterator[Span]:
    """Streets without capitals: "on maple street", "at the corner of oak and pine street"."""
    for at, piece in enumerate(pieces):
        if piece.text not in _STRONG or piece.sort != "word":
            continue
        index = at
        while at - index < _AFTER_NUMBER and index > 0 and pieces[index].gap == " ":
            word = pieces[index - 1]
            if word.sort != "word" or word.text in FUNCTION:
                break
            if word.text in NUMBER_WORDS and word.text not in ORDINALS:
                break
            index -= 1
        named = any(
            p.text not in NO_NAME or p.text in ORDINALS or p.text in STREET_TYPES
            for p in pieces[index:at]
        )
        if index < at and text_at(pieces, index - 1) in _ON and named:
            yield _span(pieces, index, at)
