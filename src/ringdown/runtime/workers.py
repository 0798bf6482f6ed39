"""Worker processes of our own: a module run by this interpreter, fed lines, answering in lines.

A worker ends when its input ends, so it never outlives its server.
"""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

LONGEST_LINE = 1 << 20
"""Bytes of one line, at most."""
CLOSE_S = 1.5


class WorkerProcess(Protocol):
    """One running worker, as whoever feeds it sees it."""

    @property
    def pid(self) -> int:
        """The process id, for logs and tests."""
        ...

    async def send(self, line: bytes) -> None:
        """Write one line, waiting for nobody; a dead worker swallows it: its end is told apart."""
        ...

    def lines(self) -> AsyncIterator[bytes]:
        """The lines the worker writes, until it is gone."""
        ...

    def kill(self) -> None:
        """End it at once, even if it is stopped."""
        ...

    async def close(self) -> None:
        """Let it end by itself (its input closes), then make sure that it is gone."""
        ...


class WorkerFactory(Protocol):
    """Starts worker processes."""

    async def __call__(self, number: int) -> WorkerProcess:
        """Start worker `number`; raises OSError when the machine cannot."""
        ...


class SystemWorker:
    """One worker as the operating system runs it; its stderr goes to a log file, or to ours."""

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
    """Starts workers with this interpreter: `python -m module --settings …`.

    With a `log_folder`, worker n writes its stderr to `name-n.log` there.
    """

    module: str
    settings: str
    """As JSON."""
    name: str
    log_folder: Path | None = None
    environment: Mapping[str, str] | None = None
    """What they know of ours; None: everything."""

    async def __call__(self, number: int) -> SystemWorker:
        """Start worker `number`; raises OSError when the machine cannot."""
        with contextlib.ExitStack() as stack:
            log = None
            if self.log_folder is not None:
                self.log_folder.mkdir(parents=True, exist_ok=True)
                path = self.log_folder / f"{self.name}-{number}.log"
                log = stack.enter_context(path.open("ab"))
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", self.module, "--settings", self.settings),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                limit=LONGEST_LINE,
                env=self.environment,
                start_new_session=True,
            )
        return SystemWorker(process)
