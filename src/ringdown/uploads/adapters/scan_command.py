"""The agency's own malware check: a program that is given a path and answers by its exit code."""

import asyncio
import os
import signal
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

from ringdown.core.errors import Unavailable
from ringdown.uploads.settings import UploadSettings


class ScanUnavailable(Unavailable):
    """The check for malware could not be run, took too long, or ended with neither 0 nor 1."""

    code: ClassVar[str] = "uploads.scan.unavailable"
    action: ClassVar[str] = (
        "Look at uploads.scan_command. The file waits; nobody is shown it unchecked."
    )


class ScanCommand:
    """Implements `Scanner`: 0 is clean, 1 is not; all else, such as ClamAV's 2, is no answer."""

    def __init__(self, command: tuple[str, ...], timeout_s: float) -> None:
        self._command = command
        self._timeout_s = timeout_s

    async def harmful(self, path: Path) -> bool:
        """Whether a file is harmful. Raises `ScanUnavailable`."""
        try:
            process = await asyncio.create_subprocess_exec(
                *(*self._command, str(path)),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError:
            raise ScanUnavailable("the program could not be started") from None
        try:
            async with asyncio.timeout(self._timeout_s):
                code = await process.wait()
        except TimeoutError:
            raise ScanUnavailable("the program took too long") from None
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
        if code not in {0, 1}:
            raise ScanUnavailable("the program did not run to its end", details={"code": code})
        return code == 1


def open_scanner(settings: UploadSettings) -> ScanCommand | None:
    """The check that the settings name; None without one."""
    if not settings.scan_command:
        return None
    return ScanCommand(settings.scan_command, settings.scan_timeout_s)
