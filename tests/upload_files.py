"""Small photos and films as phones make them, and files made to do harm."""

import io
import re
import struct
import zipfile
import zlib

import pillow_heif
from PIL import Image

PLACE = b"+47.6588-117.4260/"
SECRET = b"taken at 14 Elm Street"


def picture(form: str = "JPEG", size: tuple[int, int] = (64, 48), **options: object) -> bytes:
    """A picture that is half red and half blue, with data about where and how it was taken."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[271], exif[272], exif[270], exif[274] = "Acme", "Phone 9", SECRET.decode(), 6
    exif.get_ifd(0x8769)[36867] = "2026:03:01 03:00:00"
    exif.get_ifd(0x8825).update(
        {1: "N", 2: (47.0, 39.0, 31.68), 3: "W", 4: (117.0, 25.0, 33.6), 6: 572.0}
    )
    out = io.BytesIO()
    if form == "HEIF":
        pillow_heif.register_heif_opener()
    image.save(out, form, **({} if form == "GIF" else {"exif": exif.tobytes()}), **options)
    return out.getvalue()


def bomb(side: int = 20_000) -> bytes:
    """A PNG of a few hundred kilobytes at most that unpacks to more than a gigabyte."""
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    pressed = zlib.compressobj(9)
    rows = pressed.compress(bytes(1_000_000)) + pressed.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def heic_bomb(side: int = 20_000) -> bytes:
    """A small HEIC that says of itself (`ispe`) that it is a large one."""
    data = picture("HEIF", (64, 64))
    return re.sub(rb"(?s)(ispe\0{4}).{8}", rb"\1" + struct.pack(">II", side, side), data)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def packed() -> bytes:
    """A ZIP file that unpacks to a hundred times its size."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("run.html", bytes(1_000_000))
    return out.getvalue()


# ---- MP4


def box(kind: bytes, *inside: bytes) -> bytes:
    data = b"".join(inside)
    return struct.pack(">I", 8 + len(data)) + kind + data


def times(kind: bytes, made: int = 3_900_000_000) -> bytes:
    return box(kind, bytes(4), struct.pack(">IIII", made, made, 1000, 12_500), bytes(80))


def track(handler: bytes, place: int = 0, size: int = 0, *more: bytes) -> bytes:
    """A track of one chunk with one sample."""
    table = box(
        b"stbl",
        box(b"stsc", bytes(4), struct.pack(">IIII", 1, 1, 1, 1)),
        box(b"stsz", bytes(4), struct.pack(">III", 0, 1, size)),
        box(b"stco", bytes(4), struct.pack(">II", 1, place)),
    )
    media = box(
        b"mdia", times(b"mdhd"), box(b"hdlr", bytes(8), handler, bytes(13)), box(b"minf", table)
    )
    return box(b"trak", times(b"tkhd"), media, *more)


def said(kind: bytes, text: bytes) -> bytes:
    return box(kind, struct.pack(">HH", len(text), 0), text)


def keyed(name: bytes, value: bytes) -> bytes:
    """`meta` as QuickTime has it: names in one list, values in another."""
    keys = struct.pack(">II", 0, 1) + struct.pack(">I4s", 8 + len(name), b"mdta") + name
    item = struct.pack(">I4sII", 16 + len(value), b"data", 1, 0) + value
    ilst = struct.pack(">II", 8 + len(item), 1) + item
    return box(
        b"meta", box(b"hdlr", bytes(8), b"mdta", bytes(12)), box(b"keys", keys), box(b"ilst", ilst)
    )


def film(brand: bytes = b"isom", *behind: bytes, handler: bytes = b"vide") -> bytes:
    """A film of a phone: where and with what it was taken stands in four places."""
    head = box(b"ftyp", brand, bytes(4), b"isomiso2")
    picture_data, trace = b"PICTURE" * 300, b"GPS " + PLACE
    first = len(head) + 8
    data = box(b"mdat", picture_data, trace)
    movie = box(
        b"moov",
        times(b"mvhd"),
        track(handler, first, len(picture_data), box(b"udta", said(b"\xa9nam", SECRET))),
        track(b"meta", first + len(picture_data), len(trace)),
        box(b"udta", said(b"\xa9xyz", PLACE), said(b"\xa9mak", b"Acme"), bytes(4)),
        keyed(b"com.apple.quicktime.model", b"Phone 9"),
    )
    return b"".join(
        (head, data, movie, box(b"free", SECRET), box(b"uuid", bytes(16), SECRET), *behind)
    )


# ---- WebM


def element(number: int, *inside: bytes, unknown: bool = False) -> bytes:
    data = b"".join(inside)
    name = number.to_bytes((number.bit_length() + 7) // 8, "big")
    size = b"\x01" + b"\xff" * 7 if unknown else (1 << 56 | len(data)).to_bytes(8, "big")
    return name + size + data


def webm(*, live: bool = False) -> bytes:
    """A WebM film; `live` as a browser records it, which does not know how long it will be."""
    info = element(
        0x1549A966,
        element(0x2AD7B1, b"\x0f\x42\x40"),
        element(0x4D80, b"Acme recorder"),
        element(0x7BA9, SECRET),
        element(0x4461, (795_000_000 * 10**9).to_bytes(8, "big")),
    )
    cluster = element(
        0x1F43B675, element(0xE7, b"\0"), element(0xA3, b"\x81\0\0\x80PIC"), unknown=live
    )
    tags = element(0x1254C367, element(0x7373, SECRET + PLACE))
    tracks = element(0x1654AE6B, element(0xAE, b"\0"))
    segment = element(0x18538067, info, tracks, cluster, cluster, tags, unknown=live)
    head = element(0x1A45DFA3)[:4] + b"\x87\x42\x82\x84webm"
    return head + segment
