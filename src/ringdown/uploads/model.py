"""What a caller's file is, by its own bytes, and why one is refused. Pure."""

from dataclasses import dataclass
from typing import ClassVar, Final

from ringdown.core.errors import Conflict, Gone, Invalid, Limited, NotFound, Refused, Unavailable
from ringdown.uploads.views import UploadKind
from ringdown.wire.isobmff import media_type
from ringdown.wire.webm import is_webm

HEAD_BYTES: Final = 1024
"""So much of a file is looked at before the rest of it is taken."""
LEAST_HEAD: Final = 16
TAIL_BYTES: Final = 66_000
"""A ZIP file is found by what stands at its end, behind which comes a comment of 64 kB at most."""


class UploadNotFound(NotFound):
    """No such file; or another caller's, or another centre's."""

    code: ClassVar[str] = "uploads.file.not_found"


class UploadGone(Gone):
    """The file was refused or removed, and is no longer held."""

    code: ClassVar[str] = "uploads.file.gone"


class NotReady(Conflict):
    """The file is not whole yet, or is still being checked."""

    code: ClassVar[str] = "uploads.file.not_ready"
    action: ClassVar[str] = "Wait until it is whole and checked."


class OffsetWrong(Conflict):
    """The bytes belong elsewhere in the file than where it goes on."""

    code: ClassVar[str] = "uploads.offset.wrong"
    action: ClassVar[str] = "Ask with HEAD how far the file is, and go on from there."


class TooManyFiles(Limited):
    """More files by one link than the agency takes."""

    code: ClassVar[str] = "uploads.link.full"
    retryable: ClassVar[bool] = False
    action: ClassVar[str] = "Send the most telling ones only, or ask for a new link."


class NoRoom(Unavailable):
    """The disk is too full to take files; room is kept for recordings."""

    code: ClassVar[str] = "uploads.disk.full"
    action: ClassVar[str] = "Free space in the data folder. Recordings go on meanwhile."


class FileUnsealed(Unavailable):
    """A file as it lies on the disk cannot be opened with the key that is there."""

    code: ClassVar[str] = "uploads.file.unsealed"
    action: ClassVar[str] = "Restore the key, or the file, from a backup."


class AlreadySent(Conflict):
    """The file has arrived whole: the centre has it, and only the centre removes it."""

    code: ClassVar[str] = "uploads.file.already_sent"
    action: ClassVar[str] = "Ask the centre to remove it."


class ReasonMissing(Invalid):
    """A file is removed only with a reason."""

    code: ClassVar[str] = "uploads.removal.reason"
    action: ClassVar[str] = "Say why it is removed."


class PersonNeeded(Refused):
    """Only a person looks at what a caller sent."""

    code: ClassVar[str] = "uploads.person.needed"


class FileRefused(Invalid):
    """A file that is not taken: each kind of refusal says what the caller can do instead."""

    code: ClassVar[str] = "uploads.file.refused"
    action: ClassVar[str] = "Send a photo as JPEG or PNG, or a video as MP4."


class TooLarge(FileRefused):
    """Larger than the agency takes, or larger than was said at its beginning."""

    code: ClassVar[str] = "uploads.file.too_large"
    action: ClassVar[str] = "Send a shorter video or a smaller photo."


class Empty(FileRefused):
    """A file without a byte."""

    code: ClassVar[str] = "uploads.file.empty"


class UnknownKind(FileRefused):
    """By its own bytes it is no photo and no video of a kind we know."""

    code: ClassVar[str] = "uploads.file.unknown_kind"


class Heif(FileRefused):
    """AVIF; and HEIC, where the library that reads it is not installed."""

    code: ClassVar[str] = "uploads.file.heif"
    action: ClassVar[str] = (
        "Send it as JPEG. On an iPhone: Settings, Camera, Formats, Most Compatible; then retake it."
    )


class Markup(FileRefused):
    """A drawing or page that may hold a program: SVG, HTML, XML or PDF."""

    code: ClassVar[str] = "uploads.file.markup"


class Archive(FileRefused):
    """A packed file; it is not unpacked."""

    code: ClassVar[str] = "uploads.file.archive"
    action: ClassVar[str] = "Send the photos or videos themselves, not packed together."


class SeveralKinds(FileRefused):
    """One file that is two things at once, such as a photo that is also a ZIP file."""

    code: ClassVar[str] = "uploads.file.several_kinds"
    action: ClassVar[str] = "Take a new photo with the camera and send that."


class TooManyPixels(FileRefused):
    """A picture that unpacks to more than any camera takes."""

    code: ClassVar[str] = "uploads.file.too_many_pixels"
    action: ClassVar[str] = "Send a smaller photo."


class Broken(FileRefused):
    """The file cannot be read to its end."""

    code: ClassVar[str] = "uploads.file.broken"
    action: ClassVar[str] = "Send it again, or take a new one."


class Malware(FileRefused):
    """The agency's own check says that the file is harmful."""

    code: ClassVar[str] = "uploads.file.malware"
    action: ClassVar[str] = "Take a new photo or video with the camera and send that."


class NeverWhole(FileRefused):
    """The rest of the file never came."""

    code: ClassVar[str] = "uploads.file.never_whole"
    action: ClassVar[str] = "Send it again."


_REFUSALS: Final = (
    TooLarge, Empty, UnknownKind, Heif, Markup, Archive, SeveralKinds, TooManyPixels, Broken,
    Malware, NeverWhole,
)  # fmt: skip


def refusal(code: str | None) -> FileRefused:
    """The error for a file that was refused before, by the code its row holds."""
    kind = next((each for each in _REFUSALS if each.code == code), FileRefused)
    return kind("the file was refused")


@dataclass(frozen=True)
class Sniffed:
    """What a file is by its first bytes."""

    kind: UploadKind
    content_type: str


_PICTURES: Final = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
_ARCHIVES: Final = (
    b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c",
    b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd", b"MSCF",
)  # fmt: skip
_MARKUP: Final = (b"<", b"\xef\xbb\xbf<", b"\xff\xfe<\x00", b"\xfe\xff\x00<", b"%PDF-")
_ANYWHERE: Final = (
    b"<script", b"<svg xmlns", b"<html>", b"<html ", b"<!doctype html", b"<iframe",
    b"<?php ", b"<?php\n", b"%pdf-1.",
)  # fmt: skip
"""In lower case. Each is too long to stand in pressed pictures by chance."""
_IN_HEAD: Final = (b"<body", b"<img", b"javascript:")
OVERLAP: Final = 16
"""Parts of a file that are looked through one by one overlap by so many bytes."""


def sniff(head: bytes) -> Sniffed:
    """What the file is, whatever its sender says. Raises a `FileRefused`."""
    for mark, content_type in _PICTURES:
        if head.startswith(mark):
            return Sniffed("photo", content_type)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Sniffed("photo", "image/webp")
    film = media_type(head)
    if film == "image/avif":
        raise Heif("photos of this kind are not read here")
    if film is not None:
        return Sniffed("photo" if film == "image/heic" else "video", film)
    if is_webm(head):
        return Sniffed("video", "video/webm")
    if head.startswith(_ARCHIVES):
        raise Archive("the file is packed")
    if head.lstrip().startswith(_MARKUP):
        raise Markup("the file is a drawing or a page")
    raise UnknownKind("the file is no photo and no video")


def suspicious(part: bytes, *, first: bool) -> bool:
    """Whether a part of a picture or film holds the mark of something that runs."""
    small = part.lower()
    if any(mark in small for mark in _ANYWHERE):
        return True
    return first and any(mark in small[:HEAD_BYTES] for mark in _IN_HEAD)


def packed_behind(tail: bytes) -> bool:
    """Whether the last bytes of a file end a ZIP file (APPNOTE §4.3.16): a size that fits."""
    at = tail.rfind(b"PK\x05\x06")
    while at >= 0:
        comment = int.from_bytes(tail[at + 20 : at + 22], "little")
        if at + 22 <= len(tail) and at + 22 + comment <= len(tail):
            return True
        at = tail.rfind(b"PK\x05\x06", 0, at)
    return False
