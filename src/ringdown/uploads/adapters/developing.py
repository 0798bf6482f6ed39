"""The process that makes one picture anew: bytes on its input, a line of JSON and a JPEG out.

What a caller sent is decoded here and nowhere else: with little memory and time, and unable to open
a file or a connection, so that a picture made to do harm ends this process and nothing else.
Run as `python -m ringdown.uploads.adapters.developing FORMAT LONGEST_SIDE`.
"""

import io
import json
import resource
import sys
from contextlib import suppress
from importlib import import_module
from typing import Any, Final

MOST_PIXELS: Final = 50_000_000
MOST_JPEG_PIXELS: Final = 210_000_000
"""The largest telephone cameras; a JPEG is unpacked at the size it is wanted in."""
LARGEST_SIDE: Final = 30_000
MEMORY: Final = 1_500_000_000
SECONDS: Final = 30
QUALITY: Final = 88
LONGEST_TEXT: Final = 200
LOADED: Final = (
    "copy", "PIL.ImageCms", "PIL.ImageColor", "PIL.ImageOps", "PIL.MpoImagePlugin",
    "PIL.TiffImagePlugin", "PIL.WebPImagePlugin",
)  # fmt: skip
"""What the library would load while it works, when it is too late."""
TEXTS: Final = {271: "make", 272: "model", 305: "software", 306: "changed_at", 270: "description"}
TAKEN: Final = {36867: "taken_at", 36881: "taken_at_offset"}


def limit(form: str) -> None:
    """Load what is needed, and take away what is not; a system that cannot do one does the others.

    Without the right to one more open file there is no file, no connection and no other program.
    """
    _most((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS))
    _most((resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0))
    for name in LOADED:
        import_module(name)
    import_module("PIL.Image").preinit()
    if form == "HEIF":  # nothing but the picture itself is read
        import_module("pillow_heif").register_heif_opener(
            decode_threads=1, thumbnails=False, depth_images=False, aux_images=False
        )
    _most((resource.RLIMIT_NOFILE, 0))


def _most(*wanted: tuple[int, int]) -> None:
    for what, most in wanted:
        with suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))


def develop(data: bytes, form: str, longest_side: int) -> tuple[dict[str, Any], bytes]:
    """The answer, and the picture as JPEG without anything but pixels."""
    from PIL import Image, ImageOps  # noqa: PLC0415 - only after the limits are set

    Image.MAX_IMAGE_PIXELS = None  # our own limit knows what kind of file it is
    with Image.open(io.BytesIO(data), formats=[form]) as image:
        width, height = image.size
        most = MOST_JPEG_PIXELS if form == "JPEG" else MOST_PIXELS
        if width * height > most or max(width, height) > LARGEST_SIDE:
            return {"refused": "too_many_pixels"}, b""
        try:
            told = described(image.getexif())
        except Exception:  # noqa: BLE001 - whatever a file says of itself, its picture is shown
            told = {}
        by = next((by for by in (1, 2, 4) if width * height <= MOST_PIXELS * by * by), 8)
        image.draft("RGB", (min(longest_side, width // by), min(longest_side, height // by)))
        if image.size[0] * image.size[1] > MOST_PIXELS:
            return {"refused": "too_many_pixels"}, b""
        image.load()
        upright = ImageOps.exif_transpose(image)
        if upright.mode in {"RGBA", "LA", "PA", "P"}:
            behind = Image.new("RGBA", upright.size, "white")
            behind.alpha_composite(upright.convert("RGBA"))
            upright = behind
        upright = upright.convert("RGB")
        upright.thumbnail((longest_side, longest_side))
        out = io.BytesIO()
        clean = Image.frombytes("RGB", upright.size, upright.tobytes())
        clean.save(out, "JPEG", quality=QUALITY)
        told |= {"width": str(width), "height": str(height)}
        return {"width": clean.width, "height": clean.height, "metadata": told}, out.getvalue()


def described(exif: Any) -> dict[str, str]:
    """What the picture says of itself (Exif 2.32 §4.6), as short plain texts."""
    told: dict[str, str] = {}
    for tags, source in ((TEXTS, exif), (TAKEN, exif.get_ifd(0x8769))):
        for tag, name in tags.items():
            text = plain(source.get(tag))
            if text:
                told[name] = text
    place = exif.get_ifd(0x8825)
    for name, ref, at in (("lat", 1, 2), ("lon", 3, 4)):
        with suppress(KeyError, TypeError, ValueError, ZeroDivisionError):
            degrees, minutes, seconds = (float(part) for part in place[at])
            sign = -1 if plain(place.get(ref)) in {"S", "W"} else 1
            there = sign * (degrees + minutes / 60 + seconds / 3600)
            if abs(there) <= 180:
                told[name] = f"{there:.6f}"
    with suppress(KeyError, TypeError, ValueError, ZeroDivisionError):
        told["altitude_m"] = f"{float(place[6]):.0f}"
    return told


def plain(value: Any) -> str:
    """A text without anything that does not print."""
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
    if not isinstance(text, str):
        return ""
    return "".join(letter for letter in text if letter.isprintable()).strip()[:LONGEST_TEXT]


def main() -> None:
    """Read, develop, answer; whatever goes wrong with a picture is one answer."""
    form, longest_side = sys.argv[1], int(sys.argv[2])
    limit(form)
    data = sys.stdin.buffer.read()
    try:
        answer, jpeg = develop(data, form, longest_side)
    except Exception:  # noqa: BLE001 - a library that chokes on a picture says so in many ways
        answer, jpeg = {"refused": "broken"}, b""
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + jpeg)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
