"""MP4, MOV, 3GP and WebM: what they say of people and places is read, and then no longer there."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.upload_files import PLACE, SECRET, box, film, track, webm

from ringdown.wire.isobmff import Film, FilmBroken, apply, media_type, read_film
from ringdown.wire.webm import is_webm, read_webm


def stripped(data: bytes, found: Film, part: int = 100) -> bytes:
    """As it is handed out: part by part."""
    parts = range(0, len(data), part)
    return b"".join(apply(found.patches, at, data[at : at + part]) for at in parts)


def test_a_film_tells_where_and_how_it_was_taken() -> None:
    """From `udta`, from QuickTime's keys and from the header of the movie."""
    found = read_film(io.BytesIO(film()), len(film()))
    assert found.has_video
    assert found.metadata == {
        "made_at": "2027-08-01T21:20:00+00:00", "seconds": "12.5", "place": PLACE.decode(),
        "make": "Acme", "model": "Phone 9",
    }  # fmt: skip


def test_a_stripped_film_tells_nothing_and_still_plays() -> None:
    """Texts, times, free space and the samples of a track of places are gone; nothing moved."""
    before = film()
    after = stripped(before, read_film(io.BytesIO(before), len(before)))
    for secret in (PLACE, SECRET, b"Acme", b"Phone 9", (3_900_000_000).to_bytes(4, "big")):
        assert secret in before
        assert secret not in after
    assert len(after) == len(before)
    assert after.index(b"PICTURE" * 300) == before.index(b"PICTURE" * 300)
    again = read_film(io.BytesIO(after), len(after))
    assert again.has_video
    assert set(again.metadata) == {"seconds"}


@pytest.mark.parametrize("live", [False, True])
def test_a_stripped_webm_tells_nothing_and_still_plays(live: bool) -> None:
    """Tags, title and date become Void where they stood, also in a film without known lengths."""
    before = webm(live=live)
    found = read_webm(io.BytesIO(before), len(before))
    assert found.metadata["title"] == SECRET.decode()
    after = stripped(before, found)
    assert (len(after), after.count(b"PIC")) == (len(before), before.count(b"PIC"))
    for secret in (PLACE, SECRET, b"Acme"):
        assert secret in before
        assert secret not in after
    assert set(read_webm(io.BytesIO(after), len(after)).metadata) == set()


@pytest.mark.parametrize(
    ("brand", "kind"),
    [
        (b"isom", "video/mp4"),
        (b"mp42", "video/mp4"),
        (b"qt  ", "video/quicktime"),
        (b"3gp4", "video/3gpp"),
        (b"heic", "image/heic"),
        (b"avif", "image/avif"),
        (b"M4A ", None),
    ],
)
def test_the_brand_says_which_film_it_is(brand: bytes, kind: str | None) -> None:
    """Sound alone and pictures of another kind are no films."""
    assert media_type(film(brand)) == kind
    assert is_webm(webm())
    assert not is_webm(film())


@pytest.mark.parametrize(
    "data",
    [
        film()[:-3],  # cut short
        film() + b"<html>",  # something behind the end
        box(b"ftyp", b"isom"),  # no film inside
        film() + film()[32:],  # two films
        box(b"ftyp", b"isom") + box(b"moov", box(b"trak")),  # a track of nothing
        box(b"ftyp", b"isom") + box(b"moov", track(b"vide")[:-8]),
        (b"\0\0\0\0ftyp" + b"\0" * 9),
    ],
)
def test_a_broken_film_is_refused(data: bytes) -> None:
    """With one error, whatever is wrong."""
    with pytest.raises(FilmBroken):
        read_film(io.BytesIO(data), len(data))


@pytest.mark.parametrize(
    "data", [webm()[:-2], webm() + webm(), webm()[:30], b"\x1a\x45\xdf\xa3\x80"]
)
def test_a_broken_webm_is_refused(data: bytes) -> None:
    """Cut short, or two of them."""
    with pytest.raises(FilmBroken):
        read_webm(io.BytesIO(data), len(data))


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([film(), webm(), webm(live=True)]),
    st.lists(st.tuples(st.integers(0, 4000), st.binary(min_size=1, max_size=8)), max_size=6),
)
def test_any_damage_is_read_or_refused(data: bytes, damage: list[tuple[int, bytes]]) -> None:
    """No damage makes a reader hang, run out of the file or fail in words of its own."""
    spoilt = bytearray(data)
    for at, what in damage:
        spoilt[at % len(data) : at % len(data) + len(what)] = what
    for read in (read_film, read_webm):
        try:
            found = read(io.BytesIO(spoilt), len(spoilt))
        except FilmBroken:
            continue
        assert len(stripped(bytes(spoilt), found)) == len(spoilt)
