"""Photos are made anew from pixels, in a process that can do no harm."""

import io
import struct
import sys
from pathlib import Path

import pytest
from PIL import Image
from tests.upload_files import SECRET, bomb, heic_bomb, picture

from ringdown.core.errors import Unavailable
from ringdown.uploads.adapters import developing, picture_process
from ringdown.uploads.adapters.developing import develop
from ringdown.uploads.adapters.picture_process import FORMATS, PictureProcess
from ringdown.uploads.model import Broken, TooManyPixels


@pytest.mark.parametrize("content_type", sorted(FORMATS))
def test_a_picture_holds_pixels_and_nothing_else(content_type: str) -> None:
    """Upright, of the size wanted, and without a word of what the file said of itself."""
    data = picture(FORMATS[content_type], (640, 480))
    told, jpeg = develop(data, FORMATS[content_type], 320)
    with Image.open(io.BytesIO(jpeg)) as made:
        assert (made.format, max(made.size), dict(made.getexif())) == ("JPEG", 320, {})
        if content_type != "image/gif":
            # It was turned: what was on the left is at the top.
            assert made.size == (240, 320)
            assert made.getpixel((120, 10))[2] > 200
    assert SECRET not in jpeg
    assert b"Acme" not in jpeg
    # HEIC says of the picture, not of the camera, how it is to be turned.
    assert told["metadata"]["width"] == ("480" if content_type == "image/heic" else "640")


def test_a_photo_tells_where_and_when_it_was_taken() -> None:
    """As short plain texts, for people to read beside the picture."""
    told, _ = develop(picture(), "JPEG", 320)
    assert told["metadata"] == {
        "make": "Acme", "model": "Phone 9", "description": SECRET.decode(),
        "taken_at": "2026:03:01 03:00:00", "lat": "47.658800", "lon": "-117.426000",
        "altitude_m": "572", "width": "64", "height": "48",
    }  # fmt: skip


def test_a_transparent_picture_is_shown_on_white() -> None:
    """And one of a palette, or of grey, is shown at all."""
    for mode in ("RGBA", "LA", "P", "L", "1", "I;16", "CMYK"):
        out = io.BytesIO()
        Image.new(mode, (8, 8)).save(out, "JPEG" if mode == "CMYK" else "PNG")
        told, jpeg = develop(out.getvalue(), "JPEG" if mode == "CMYK" else "PNG", 320)
        assert (told["width"], told["height"]) == (8, 8)
        assert jpeg.startswith(b"\xff\xd8")


@pytest.mark.parametrize("content_type", ["image/png", "image/heic"])
async def test_a_bomb_is_refused_before_it_is_unpacked(content_type: str) -> None:
    """A gigabyte of pixels in a file of a few kilobytes."""
    data = bomb() if content_type == "image/png" else heic_bomb()
    assert len(data) < 10_000
    with pytest.raises(TooManyPixels):
        await PictureProcess().develop(data, content_type, longest_side=320)


def test_heic_is_read_where_its_library_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything else is read in any case."""
    assert all(PictureProcess().reads(content_type) for content_type in FORMATS)
    monkeypatch.setattr(picture_process, "HEIC_LIBRARY", "antigravity_none")
    assert {one for one in FORMATS if not PictureProcess().reads(one)} == {"image/heic"}
    assert not PictureProcess().reads("image/avif")


@pytest.mark.parametrize(
    "data",
    [
        picture()[:-200],  # cut short
        picture("PNG"),  # another kind than it was sniffed to be
        b"\xff\xd8\xff" + b"\0" * 2000,
        bomb(4000),  # says more pixels than it has
    ],
)
async def test_a_broken_picture_is_refused(data: bytes) -> None:
    """Whatever the library says about it."""
    form = "image/png" if data.startswith(b"\x89PNG") and len(data) > 2000 else "image/jpeg"
    with pytest.raises(Broken):
        await PictureProcess().develop(data, form, longest_side=320)


async def test_a_process_that_dies_hangs_or_never_ends_costs_one_picture(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    """It is ended, the file is refused, and whatever else runs goes on."""
    monkeypatch.setattr(picture_process, "MODULE", "antigravity.none")
    with pytest.raises(Broken):
        await PictureProcess().develop(picture(), "image/jpeg", longest_side=320)
    monkeypatch.setattr(picture_process, "MODULE", "http.server")
    with pytest.raises(Broken):
        await PictureProcess(seconds=0.2).develop(picture(), "image/jpeg", longest_side=320)
    with monkeypatch.context() as short:
        short.setattr(picture_process, "MOST_ANSWER", 500)
        short.setattr(picture_process, "MODULE", developing.__name__)
        with pytest.raises(Broken):
            await PictureProcess().develop(picture(), "image/jpeg", longest_side=320)
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(Unavailable):
        await PictureProcess().develop(picture(), "image/jpeg", longest_side=320)


async def test_the_process_makes_a_picture_and_knows_no_secret(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is set for this server is not in its environment."""
    monkeypatch.setenv("RINGDOWN_DATABASE__URL", "postgresql://secret")
    made = await PictureProcess().develop(picture(size=(640, 480)), "image/jpeg", longest_side=99)
    assert (made.width, made.height, made.metadata["make"]) == (74, 99, "Acme")
    assert "RINGDOWN_DATABASE__URL" not in picture_process.KEPT_ENVIRONMENT


HIJACKED = """
import socket
from ringdown.uploads.adapters import developing
def hijacked(data, form, longest_side):
    told = {}
    for what, tried in (("file", lambda: open("/etc/hosts")), ("connection", socket.socket)):
        try:
            tried()
        except OSError:
            told[what] = "refused"
    return {"width": 1, "height": 1, "metadata": told}, b""
developing.develop = hijacked
developing.main()
"""


async def test_a_picture_that_takes_the_process_over_reaches_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Neither a file, such as a key of this server, nor anybody on the network."""
    (tmp_path / "hijacked.py").write_text(HIJACKED)
    monkeypatch.setattr(picture_process, "MODULE", "hijacked")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    made = await PictureProcess().develop(picture(), "image/jpeg", longest_side=320)
    assert made.metadata == {"file": "refused", "connection": "refused"}


@pytest.mark.parametrize("content_type", sorted(FORMATS))
async def test_the_process_knows_every_kind_of_picture(content_type: str) -> None:
    """Though it can load nothing once it has begun."""
    data = picture(FORMATS[content_type], (640, 480))
    made = await PictureProcess().develop(data, content_type, longest_side=64)
    assert max(made.width, made.height) == 64


def test_the_largest_photos_are_unpacked_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also for an export, which asks for every pixel: a smaller picture is better than none."""
    monkeypatch.setattr(developing, "MOST_PIXELS", 300_000)
    told, _ = develop(picture(size=(1200, 900)), "JPEG", 16_384)
    assert (told["width"], told["height"]) == (450, 600)
    told, _ = develop(picture(size=(600, 450)), "JPEG", 16_384)
    assert (told["width"], told["height"]) == (450, 600)
    assert develop(picture("PNG", (1200, 900)), "PNG", 320)[0] == {"refused": "too_many_pixels"}


def test_exif_made_to_do_harm_says_nothing() -> None:
    """Places by zero, texts as numbers, lists that point outside."""
    exif = Image.Exif()
    exif[271] = "A" * 5000 + "\0\n<b>"
    exif.get_ifd(0x8825).update({1: "N", 2: (47.0,), 3: "W", 4: (117.0, 0.0, 0.0)})
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "JPEG", exif=exif)
    told, _ = develop(out.getvalue(), "JPEG", 320)
    assert len(told["metadata"]["make"]) == 200
    assert "lat" not in told["metadata"]
    spoilt = out.getvalue().replace(b"Exif\0\0II", b"Exif\0\0II" + struct.pack("<HI", 42, 9999))
    assert develop(spoilt, "JPEG", 320)[0]["width"] == 8
