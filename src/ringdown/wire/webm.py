"""WebM films (RFC 8794, RFC 9559): what they say, and what to blank. Sans I/O.

As with MP4 nothing is moved: an element that tells too much becomes Void where it stands.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import BinaryIO, Final

from ringdown.wire.isobmff import Film, FilmBroken, Patch

HEADER: Final = 0x1A45DFA3
DOC_TYPE: Final = 0x4282
SEGMENT: Final = 0x18538067
INFO: Final = 0x1549A966
TRACKS: Final = 0x1654AE6B
CLUSTER: Final = 0x1F43B675
TITLE: Final = 0x7BA9
MADE_AT: Final = 0x4461
APPS: Final = frozenset({0x4D80, 0x5741})
KEPT: Final = frozenset({0x114D9B74, INFO, TRACKS, CLUSTER, 0x1C53BB6B, 0xEC})
KEPT_INFO: Final = frozenset({0x2AD7B1, 0x4489, *APPS, 0xEC})
LEVEL_ONE: Final = frozenset({*KEPT, 0x1254C367, 0x1941A469, 0x1043A770}) - {0xEC}
MOST_ELEMENTS: Final = 500_000
LONGEST: Final = 800
_EPOCH: Final = datetime(2001, 1, 1, tzinfo=UTC)
_UNKNOWN: Final = -1


@dataclass(frozen=True)
class Element:
    """One element: `end` is `_UNKNOWN` for one whose size its writer did not know."""

    id: int
    start: int
    body: int
    end: int


def is_webm(head: bytes) -> bool:
    """Whether a file begins as WebM does."""
    return head.startswith(b"\x1a\x45\xdf\xa3") and b"\x42\x82\x84webm" in head[:64]


def read_webm(file: BinaryIO, size: int) -> Film:
    """Look through a whole file. Raises `FilmBroken`."""
    film = Film()
    top = list(_elements(file, 0, size))
    if [each.id for each in top] != [HEADER, SEGMENT]:
        raise FilmBroken("this is not one film of WebM")
    for each in _segment(file, top[1], size):
        if each.id == INFO:
            _info(file, each, film)
        elif each.id == TRACKS:
            film.has_video = True
        if each.id not in KEPT:
            _void(film, each)
    if not film.has_video:
        raise FilmBroken("there is no track")
    film.patches.sort(key=lambda patch: patch.at)
    return film


def _segment(file: BinaryIO, segment: Element, size: int) -> Iterator[Element]:
    """The elements of level one; a cluster of unknown size ends where the next of them begins."""
    open_cluster = False
    for each in _elements(file, segment.body, size if segment.end == _UNKNOWN else segment.end):
        if open_cluster and each.id not in LEVEL_ONE:
            continue
        open_cluster = each.id == CLUSTER and each.end == _UNKNOWN
        yield each


def _elements(file: BinaryIO, start: int, end: int) -> Iterator[Element]:
    count = 0
    while start < end:
        count += 1
        file.seek(start)
        head = file.read(min(12, end - start))
        id_width = _width(head, 0, 4)
        size_width = _width(head, id_width, 8)
        body = start + id_width + size_width
        if count > MOST_ELEMENTS or len(head) < id_width + size_width:
            raise FilmBroken("an element is cut short")
        told = int.from_bytes(head[id_width : id_width + size_width], "big")
        size = told & ((1 << 7 * size_width) - 1)
        number = int.from_bytes(head[:id_width], "big")
        if size == (1 << 7 * size_width) - 1:
            if number not in {SEGMENT, CLUSTER}:
                raise FilmBroken("an element does not say its size")
            yield Element(number, start, body, _UNKNOWN)
            # Whoever looks into a segment goes on by itself; a cluster is walked through.
            start = end if number == SEGMENT else body
            continue
        if body + size > end:
            raise FilmBroken("an element does not lie in the file")
        yield Element(number, start, body, body + size)
        start = body + size


def _width(head: bytes, at: int, most: int) -> int:
    width = 9 - head[at].bit_length() if at < len(head) and head[at] else 9
    if width > most:
        raise FilmBroken("an element cannot be read")
    return width


def _info(file: BinaryIO, info: Element, film: Film) -> None:
    for each in _elements(file, info.body, info.end):
        file.seek(each.body)
        value = file.read(min(LONGEST, each.end - each.body))
        if each.id == MADE_AT and len(value) == 8:
            film.metadata["made_at"] = _instant(int.from_bytes(value, "big", signed=True))
        elif each.id == TITLE or each.id in APPS:
            name = "title" if each.id == TITLE else "software"
            text = "".join(c for c in value.decode("utf-8", "replace") if c.isprintable()).strip()
            if text:
                film.metadata.setdefault(name, text[:200])
        if each.id in APPS and each.end > each.body:
            film.patches.append(Patch(each.body, b" " * (each.end - each.body)))
        elif each.id not in KEPT_INFO:
            _void(film, each)


def _instant(nanoseconds: int) -> str:
    try:
        return (_EPOCH + timedelta(microseconds=nanoseconds // 1000)).isoformat()
    except OverflowError:
        return "unknown"


def _void(film: Film, each: Element) -> None:
    """A Void element (RFC 8794 §11.3.1) of the same length."""
    length = each.end - each.start
    wide = 8 if length >= 9 else 1
    inside = length - 1 - wide
    head = b"\xec" + (inside | 1 << 7 * wide).to_bytes(wide, "big")
    film.patches.append(Patch(each.start, head))
    if inside:
        film.patches.append(Patch(each.start + len(head), zeros=inside))
