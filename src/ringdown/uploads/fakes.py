"""Pictures and a malware check that answer as they are told."""

from pathlib import Path
from typing import Final

from ringdown.core.errors import RingdownError
from ringdown.uploads.ports import Picture

SMALLEST: Final = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"


class FakePictures:
    """Implements `Pictures`: always the same picture, or the same error."""

    def __init__(self) -> None:
        self.fails: RingdownError | None = None
        self.asked: list[tuple[int, str, int]] = []

    def reads(self, content_type: str) -> bool:
        """Every kind but HEIC."""
        return content_type != "image/heic"

    async def develop(self, data: bytes, content_type: str, *, longest_side: int) -> Picture:
        """What it was told to answer."""
        self.asked.append((len(data), content_type, longest_side))
        if self.fails is not None:
            raise self.fails
        told = {"taken_at": "2026:03:01 03:00:00", "width": "640", "height": "480"}
        return Picture(SMALLEST, 640, 480, told)


class FakeScanner:
    """Implements `Scanner`; remembers whether the file could be read while it looked."""

    def __init__(self) -> None:
        self.answer: bool | RingdownError = False
        self.looked_at: list[bytes] = []

    async def harmful(self, path: Path) -> bool:
        """What it was told to answer."""
        self.looked_at.append(path.read_bytes())  # noqa: ASYNC240 - a fake with small files
        if isinstance(self.answer, RingdownError):
            raise self.answer
        return self.answer
