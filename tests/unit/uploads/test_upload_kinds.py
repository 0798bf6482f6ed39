"""What a caller's file is by its own bytes, and what is refused."""

import pytest
from tests.upload_files import bomb, film, packed, picture, webm

from ringdown.uploads import model
from ringdown.uploads.model import FileRefused, packed_behind, refusal, sniff, suspicious


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (picture("JPEG"), "image/jpeg"),
        (picture("PNG"), "image/png"),
        (picture("WEBP"), "image/webp"),
        (picture("GIF"), "image/gif"),
        (film(b"heic"), "image/heic"),
        (film(), "video/mp4"),
        (film(b"qt  "), "video/quicktime"),
        (film(b"3gp5"), "video/3gpp"),
        (webm(), "video/webm"),
        (bomb(10), "image/png"),
    ],
)
def test_photos_and_films_are_known_by_their_bytes(data: bytes, kind: str) -> None:
    """Whatever name or type they came with."""
    found = sniff(data[:1024])
    assert (found.content_type, found.kind) == (kind, "photo" if "image" in kind else "video")


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', model.Markup),
        (b'\n <?xml version="1.0"?><svg onload="1"/>', model.Markup),
        (b"\xef\xbb\xbf<html>", model.Markup),
        (b"%PDF-1.7", model.Markup),
        (packed(), model.Archive),
        (b"\x1f\x8b\x08" + b"\0" * 40, model.Archive),
        (film(b"avif"), model.Heif),
        (film(b"M4A "), model.UnknownKind),
        (b"MZ" + b"\0" * 60, model.UnknownKind),
        (b"\x7fELF", model.UnknownKind),
        (b"BM" + b"\0" * 60, model.UnknownKind),
        (b"\xff\xd8", model.UnknownKind),
        (b"plain words", model.UnknownKind),
    ],
)
def test_everything_else_is_refused(data: bytes, error: type[FileRefused]) -> None:
    """Each with words for the caller, which are found again by the code that is kept."""
    with pytest.raises(error) as raised:
        sniff(data[:1024])
    assert raised.value.action
    assert type(refusal(error.code)) is error


@pytest.mark.parametrize(
    "inside",
    [
        b"<SCRIPT>alert(1)</SCRIPT>", b"<!DOCTYPE html>", b'<svg xmlns="x">', b"<?php system(1)",
        b"%PDF-1.4", b"<iframe src=x>",
    ],
)  # fmt: skip
def test_a_page_inside_a_picture_is_found(inside: bytes) -> None:
    """Anywhere in it; what only browsers of old took for a page, at its beginning."""
    assert suspicious(picture() + inside, first=False)
    assert suspicious(b"\xff\xd8\xff<body onload=1>", first=True)
    assert not suspicious(picture(), first=True)
    # Three letters stand in pressed pictures by chance, and run from the first place alone.
    assert not suspicious(picture()[:500] + b"#!/" + picture()[500:], first=True)
    assert not suspicious(film(), first=True)


def test_a_zip_behind_a_picture_is_found() -> None:
    """Also with a comment behind it, and not where its mark stands by chance."""
    assert packed_behind(picture() + packed())
    with_comment = bytearray(packed())
    with_comment[-2:] = (5).to_bytes(2, "little")
    assert packed_behind(bytes(with_comment) + b"hello")
    assert not packed_behind(picture() + b"PK\x05\x06" + b"\xff" * 30)
    assert not packed_behind(b"PK\x05\x06")
