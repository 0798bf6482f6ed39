"""MP4, MOV and 3GP files (ISO/IEC 14496-12, QuickTime): what they say, and what to blank. Sans I/O.

Nothing is moved: whatever tells of a person, place or time is overwritten where it stands, so that
places inside the file stay right and a film of any size is stripped while it is read.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import BinaryIO, Final

BRANDS: Final = (
    (("qt  ",), "video/quicktime"),
    (("3gp", "3g2", "3ge"), "video/3gpp"),
    (("heic", "heix", "heim", "heis", "hev", "mif1", "msf1"), "image/heic"),
    (("avif", "avis"), "image/avif"),
    (("isom", "iso", "mp4", "avc1", "M4V", "MSNV", "dash", "mmp4", "cmf", "f4v"), "video/mp4"),
)  # fmt: skip
TOP: Final = frozenset({b"ftyp", b"moov", b"mdat", b"moof", b"sidx", b"styp", b"mfra", b"wide"})
IN_MOVIE: Final = frozenset({b"mvhd", b"trak", b"mvex", b"iods"})
IN_TRACK: Final = frozenset({b"tkhd", b"mdia", b"edts", b"tref"})
WITH_TIMES: Final = frozenset({b"mvhd", b"tkhd", b"mdhd"})
SEEN: Final = frozenset({b"vide", b"soun"})
MOST_BOXES: Final = 20_000
LARGEST_TABLE: Final = 1_000_000
"""Bytes of a box that is read whole: headers, names, and the tables of tracks of data."""
LONGEST_TEXT: Final = 200
_EPOCH: Final = datetime(1904, 1, 1, tzinfo=UTC)
_NAMES: Final = {
    b"\xa9xyz": "place", b"\xa9mak": "make", b"\xa9mod": "model", b"\xa9swr": "software",
    b"\xa9day": "taken_at",
    b"com.apple.quicktime.location.ISO6709": "place", b"com.apple.quicktime.make": "make",
    b"com.apple.quicktime.model": "model", b"com.apple.quicktime.software": "software",
    b"com.apple.quicktime.creationdate": "taken_at",
}  # fmt: skip


class FilmBroken(ValueError):
    """The file is not what its beginning says, is cut short, or has something behind its end."""


@dataclass(frozen=True)
class Box:
    """One box: its kind, where it begins, where its inside begins and where it ends."""

    kind: bytes
    start: int
    body: int
    end: int


@dataclass(frozen=True)
class Patch:
    """Bytes that take the place of others; `size` counts zeros where there are no bytes."""

    at: int
    data: bytes = b""
    zeros: int = 0

    @property
    def end(self) -> int:
        """The place behind the last byte that changes."""
        return self.at + (len(self.data) or self.zeros)


@dataclass
class Film:
    """What a film says of itself, and what must be overwritten so that it says it no more."""

    metadata: dict[str, str] = field(default_factory=dict[str, str])
    patches: list[Patch] = field(default_factory=list[Patch])
    has_video: bool = False


def media_type(head: bytes) -> str | None:
    """What a file that begins with `ftyp` is; None for a kind not known here."""
    if head[4:8] != b"ftyp":
        return None
    brand = head[8:12].decode("latin-1")
    return next((kind for names, kind in BRANDS if brand.startswith(names)), None)


def read_film(file: BinaryIO, size: int) -> Film:
    """Look through a whole file. Raises `FilmBroken`."""
    film, seen = Film(), 0
    for box in _boxes(file, 0, size):
        seen += box.kind == b"moov"
        if box.kind == b"moov":
            _movie(file, box, film)
        elif box.kind not in TOP:
            _blank(film, box)
    if seen != 1:
        raise FilmBroken("there is no film inside")
    film.patches.sort(key=lambda each: each.at)
    return film


def apply(patches: list[Patch], at: int, data: bytes) -> bytes:
    """A part of a file, which begins at `at`, with everything overwritten that lies in it."""
    changed = bytearray(data)
    end = at + len(data)
    for each in patches:
        start, stop = max(each.at, at), min(each.end, end)
        if start < stop:
            new = each.data[start - each.at : stop - each.at] or bytes(stop - start)
            changed[start - at : stop - at] = new
    return bytes(changed)


def _boxes(file: BinaryIO, start: int, end: int) -> Iterator[Box]:
    count = 0
    while start < end:
        count += 1
        file.seek(start)
        head = file.read(min(16, end - start))
        if len(head) < 8 or count > MOST_BOXES:
            raise FilmBroken("a box is cut short")
        size, body = int.from_bytes(head[:4], "big"), start + 8
        if size == 1 and len(head) == 16:
            size, body = int.from_bytes(head[8:16], "big"), start + 16
        elif size == 0:
            size = end - start
        if start + size > end or start + size < body or not _printable(head[4:8]):
            raise FilmBroken("a box does not lie in the file")
        yield Box(head[4:8], start, body, start + size)
        start += size


def _printable(kind: bytes) -> bool:
    return all(32 <= byte < 127 or byte == 0xA9 for byte in kind)


def _movie(file: BinaryIO, movie: Box, film: Film) -> None:
    for box in _boxes(file, movie.body, movie.end):
        if box.kind == b"trak":
            _track(file, box, film)
        elif box.kind in IN_MOVIE:
            _times(file, box, film)
        else:
            _described(file, box, film)
            _blank(film, box)


def _track(file: BinaryIO, track: Box, film: Film) -> None:
    inside = list(_boxes(file, track.body, track.end))
    media = next((box for box in inside if box.kind == b"mdia"), None)
    if media is None:
        raise FilmBroken("a track has nothing in it")
    parts = {box.kind: box for box in _boxes(file, media.body, media.end)}
    handler = _bytes(file, parts.get(b"hdlr"))[8:12]
    if handler not in SEEN:
        # A track of data, such as the places where a phone was: its samples go as well.
        film.patches += _samples(file, parts)
        _blank(film, track)
        return
    film.has_video |= handler == b"vide"
    for box in (*inside, *parts.values()):
        if box.kind in WITH_TIMES:
            _times(file, box, film)
    for box in inside:
        if box.kind not in IN_TRACK:
            _described(file, box, film)
            _blank(film, box)


def _times(file: BinaryIO, box: Box, film: Film) -> None:
    """Creation and modification times, after the version and the flags."""
    if box.kind not in WITH_TIMES:
        return
    head = _bytes(file, box)[:32]
    width = 8 if head[:1] == b"\x01" else 4
    if len(head) < 4 + 2 * width:
        raise FilmBroken("a header is cut short")
    made = int.from_bytes(head[4 : 4 + width], "big")
    film.patches.append(Patch(box.body + 4, zeros=2 * width))
    if box.kind == b"mvhd":
        if made:
            film.metadata.setdefault("made_at", _instant(made))
        at = 4 + 2 * width
        scale = int.from_bytes(head[at : at + 4], "big")
        length = int.from_bytes(head[at + 4 : at + 4 + width], "big")
        if scale and length:
            film.metadata["seconds"] = f"{length / scale:.1f}"


def _instant(seconds: int) -> str:
    try:
        return (_EPOCH + timedelta(seconds=seconds)).isoformat()
    except OverflowError:
        return "unknown"


def _blank(film: Film, box: Box) -> None:
    film.patches.append(Patch(box.start + 4, b"free"))
    if box.end > box.body:
        film.patches.append(Patch(box.body, zeros=box.end - box.body))


def _bytes(file: BinaryIO, box: Box | None) -> bytes:
    if box is None:
        return b""
    if box.end - box.body > LARGEST_TABLE:
        raise FilmBroken("a table is too large")
    file.seek(box.body)
    return file.read(box.end - box.body)


def _described(file: BinaryIO, box: Box, film: Film) -> None:
    """What `udta` and `meta` say; a box in them that cannot be read says nothing."""
    try:
        if box.kind == b"udta":
            for each in _boxes(file, box.body, _without_zero(file, box)):
                if each.kind == b"meta":
                    _described(file, each, film)
                elif each.kind in _NAMES:
                    _say(film, _NAMES[each.kind], _bytes(file, each)[4:])
        elif box.kind == b"meta":
            _keyed(file, box, film)
    except FilmBroken:
        return


def _without_zero(file: BinaryIO, box: Box) -> int:
    """QuickTime may end a list in four zero bytes."""
    if box.end - box.body >= 4:
        file.seek(box.end - 4)
        if file.read(4) == bytes(4):
            return box.end - 4
    return box.end


def _keyed(file: BinaryIO, box: Box, film: Film) -> None:
    raw = _bytes(file, box)[:8]
    body = box.body if raw[4:8] == b"hdlr" else box.body + 4
    inside = {each.kind: each for each in _boxes(file, body, box.end)}
    keys, at = list[bytes](), 8
    table = _bytes(file, inside.get(b"keys"))
    while at + 8 <= len(table):
        size = int.from_bytes(table[at : at + 4], "big")
        if size < 8:
            return
        keys.append(table[at + 8 : at + size])
        at += size
    entries, at = _bytes(file, inside.get(b"ilst")), 0
    while at + 24 <= len(entries):
        size, index = struct.unpack_from(">II", entries, at)
        if size < 24:
            return
        named = keys[index - 1] if 0 < index <= len(keys) else entries[at + 4 : at + 8]
        if named in _NAMES:
            _say(film, _NAMES[named], entries[at + 24 : at + size])
        at += size


def _say(film: Film, name: str, value: bytes) -> None:
    text = "".join(
        c for c in value[: LONGEST_TEXT * 4].decode("utf-8", "replace") if c.isprintable()
    )
    if text.strip():
        film.metadata.setdefault(name, text.strip()[:LONGEST_TEXT])


def _samples(file: BinaryIO, parts: dict[bytes, Box]) -> Iterator[Patch]:
    """Where the samples of a track lie (§8.7), by chunk; what cannot be told raises."""
    table = _table(file, parts)
    chunks = _numbers(_bytes(file, table.get(b"stco")), 4, 4)
    chunks = chunks or _numbers(_bytes(file, table.get(b"co64")), 4, 8)
    runs = _bytes(file, table.get(b"stsc"))[8:]
    firsts = [struct.unpack_from(">II", runs, at) for at in range(0, len(runs) - 11, 12)]
    raw = _bytes(file, table.get(b"stsz"))
    same = int.from_bytes(raw[4:8], "big")
    sizes = iter(_numbers(raw, 8, 4) if not same else [same] * _few(raw[8:12]))
    run = -1
    for number, place in enumerate(chunks, 1):
        while run + 1 < len(firsts) and firsts[run + 1][0] <= number:
            run += 1
        if run < 0:
            raise FilmBroken("a track does not say where its samples are")
        length = sum(size for size, _ in zip(sizes, range(firsts[run][1]), strict=False))
        if length:
            yield Patch(place, zeros=length)


def _table(file: BinaryIO, parts: dict[bytes, Box]) -> dict[bytes, Box]:
    inside = parts.get(b"minf")
    for kind in (b"stbl", None):
        if inside is None:
            return {}
        found = {box.kind: box for box in _boxes(file, inside.body, inside.end)}
        if kind is None:
            return found
        inside = found.get(kind)
    return {}


def _numbers(raw: bytes, at: int, width: int) -> list[int]:
    """A counted list: the count stands at `at`."""
    count = int.from_bytes(raw[at : at + 4], "big")
    start = at + 4
    if count > (len(raw) - start) // width:
        count = max(0, (len(raw) - start) // width)
    form = f">{count}{'I' if width == 4 else 'Q'}"
    return list(struct.unpack_from(form, raw, start)) if count else []


def _few(raw: bytes) -> int:
    count = int.from_bytes(raw, "big")
    if count > 1_000_000:
        raise FilmBroken("a track has too many samples")
    return count
