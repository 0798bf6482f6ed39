"""Pictures made anew, each in a process of its own that is ended if it takes too long."""

import asyncio
import json
import os
import sys
from contextlib import suppress
from importlib.util import find_spec
from typing import Final, cast

from ringdown.core.errors import Unavailable
from ringdown.uploads.model import Broken, TooManyPixels
from ringdown.uploads.ports import Picture

HEIC_LIBRARY: Final = "pillow_heif"
MODULE: Final = "ringdown.uploads.adapters.developing"
FORMATS: Final = {
    "image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF", "image/webp": "WEBP",
    "image/heic": "HEIF",
}  # fmt: skip
MOST_ANSWER: Final = 200_000_000
"""More than the largest picture as JPEG: a process that was taken over fills no memory of ours."""
KEPT_ENVIRONMENT: Final = ("PATH", "PYTHONPATH", "LANG", "HOME", "LD_LIBRARY_PATH", "SYSTEMROOT")


class PictureProcess:
    """Implements `Pictures`; so many processes at once, so that calls keep the processors."""

    def __init__(self, *, seconds: float = 45.0, at_once: int = 1) -> None:
        self._seconds = seconds
        self._turn = asyncio.Semaphore(at_once)
        self._heic = find_spec(HEIC_LIBRARY) is not None

    def reads(self, content_type: str) -> bool:
        """Whether it can read this kind of photo; HEIC, where the library for it is installed."""
        return content_type in FORMATS and (FORMATS[content_type] != "HEIF" or self._heic)

    async def develop(self, data: bytes, content_type: str, *, longest_side: int) -> Picture:
        """The picture inside a file. Raises `Broken`, `TooManyPixels`, `Unavailable`."""
        async with self._turn:
            out = await self._run(data, FORMATS[content_type], longest_side)
        line, _, jpeg = out.partition(b"\n")
        try:
            answer = cast("dict[str, object]", json.loads(line))
        except ValueError:
            # It ended without an answer: too much memory or time, or worse.
            raise Broken("the picture could not be read") from None
        if answer.get("refused") == "too_many_pixels":
            raise TooManyPixels("the picture unpacks to too many pixels")
        if "refused" in answer:
            raise Broken("the picture could not be read")
        return Picture(
            jpeg,
            cast("int", answer["width"]),
            cast("int", answer["height"]),
            cast("dict[str, str]", answer["metadata"]),
        )

    async def _run(self, data: bytes, form: str, longest_side: int) -> bytes:
        kept = {name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ}
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", MODULE, form, str(longest_side)),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env=kept,
                start_new_session=True,
            )
        except OSError:
            raise Unavailable("no process could be started") from None
        try:
            async with asyncio.timeout(self._seconds):
                return await _answer(process, data)
        except TimeoutError:
            return b""
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def _answer(process: asyncio.subprocess.Process, data: bytes) -> bytes:
    assert process.stdin is not None
    assert process.stdout is not None
    with suppress(BrokenPipeError, ConnectionResetError):
        process.stdin.write(data)
        await process.stdin.drain()
    process.stdin.close()
    try:
        await process.stdout.readexactly(MOST_ANSWER)
    except asyncio.IncompleteReadError as whole:
        return whole.partial
    return b""
