"""Playout workers as the operating system runs them."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from ringdown.listening.model.protocol import LONGEST_LINE
from ringdown.listening.settings import ListeningSettings

CLOSE_S = 1.5


class SystemWorker:
    """One worker process; its stderr goes to a log file, or to ours.

    Closing its input ends it, and so does our own end, however that comes about.
    """

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    async def send(self, line: bytes) -> None:
        """Write one line; a worker that is gone or stopped is found out by its silence."""
        writer = self._process.stdin
        assert writer is not None
        if not writer.is_closing():
            writer.write(line)

    async def lines(self) -> AsyncIterator[bytes]:
        """The lines the worker writes, until it is gone."""
        reader = self._process.stdout
        assert reader is not None
        while True:
            try:
                line = await reader.readuntil(b"\n")
            except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
                return
            yield line

    def kill(self) -> None:
        """SIGKILL; works on a stopped process too."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    async def close(self) -> None:
        """Close its input, wait a little, kill it if it is still there, and reap it."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(CLOSE_S):
                    await self._process.wait()
        finally:  # also when we are told twice to stop: no process and no pipe is left behind
            self.kill()
            await self._process.wait()
            assert self._process.stdout is not None
            await self._process.stdout.read()


@dataclass(frozen=True)
class SystemWorkers:
    """Starts workers with this interpreter."""

    settings: ListeningSettings
    log_folder: Path | None = None
    module: str = "ringdown.listening.worker"

    async def __call__(self, number: int) -> SystemWorker:
        """Start worker `number`; raises OSError when the machine cannot."""
        with contextlib.ExitStack() as stack:
            log = None
            if self.log_folder is not None:
                self.log_folder.mkdir(parents=True, exist_ok=True)
                path = self.log_folder / f"playout-{number}.log"
                log = stack.enter_context(path.open("ab"))
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", self.module, "--settings", self.settings.model_dump_json()),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                limit=LONGEST_LINE,
                start_new_session=True,
            )
        return SystemWorker(process)
