"""Child processes that never outlive us: started, watched, started again and stopped in order.

Each runs under the guardian of `runtime.shim`, in a process group of its own, so that even
SIGKILL of this process ends it. Output goes to a log file with rotation.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from ringdown.core.errors import Unavailable
from ringdown.runtime import shim
from ringdown.runtime.shim import kill_group, process_start

SHIM = Path(shim.__file__)
_NO_ENV: Mapping[str, str] = {}


class ChildEnded(Unavailable):
    """A child process ended although it should go on; `details` name it and its exit code."""

    code = "runtime.child.ended"
    action = "It is started again by itself; if this repeats, read the log file named."


@dataclass(frozen=True)
class ChildSpec:
    """What to run. `nice` 0 to 19; `grace_s` lies between SIGTERM and SIGKILL."""

    name: str
    command: tuple[str, ...]
    log: Path
    pid_file: Path
    env: Mapping[str, str] = field(default_factory=lambda: dict(_NO_ENV))
    cwd: Path | None = None
    nice: int = 0
    grace_s: float = 3.0
    log_bytes: int = 5_000_000
    log_keep: int = 3


class Child:
    """One run of a command under guard."""

    def __init__(self, spec: ChildSpec, process: asyncio.subprocess.Process) -> None:
        self.spec = spec
        self._process = process

    @property
    def running(self) -> bool:
        """Whether the command still runs."""
        return self._process.returncode is None

    @property
    def pid(self) -> int | None:
        """The command's own pid, once the guardian has written it; also its process group."""
        return _read_pid(self.spec.pid_file)

    async def wait(self) -> int:
        """Wait for the end; 128 + n after signal n, 127 when it could not be started."""
        return await self._process.wait()

    async def stop(self) -> int:
        """SIGTERM to the whole group, SIGKILL after the grace period; returns the exit code."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        group = self.pid
        with suppress(TimeoutError):
            async with asyncio.timeout(self.spec.grace_s + 1.0):
                return await self._process.wait()
        if group is not None:  # the guardian itself hangs or was stopped
            kill_group(group, signal.SIGKILL)
        with suppress(ProcessLookupError):
            self._process.kill()
        return await self._process.wait()


@asynccontextmanager
async def running(spec: ChildSpec) -> AsyncGenerator[Child, None]:
    """Run a command for as long as the block lasts. Clears what an earlier run left behind."""
    clear_stale(spec.pid_file)
    spec.log.parent.mkdir(parents=True, exist_ok=True)
    process = await asyncio.create_subprocess_exec(
        *_command(spec),
        stdin=asyncio.subprocess.PIPE,
        cwd=spec.cwd,
        env={**os.environ, **spec.env},
        start_new_session=True,
    )
    child = Child(spec, process)
    try:
        yield child
    finally:
        await child.stop()
        # A guardian that was killed leaves its pid file, and perhaps part of the group.
        clear_stale(spec.pid_file)


async def keep_running(
    spec: ChildSpec,
    *,
    while_up: Callable[[Child], Awaitable[None]] | None = None,
) -> NoReturn:
    """Run a command until cancelled; made for `Tasks.supervise`, which starts it again.

    `while_up` watches the child (a health check); when it raises, the child is stopped too.
    Raises ChildEnded when the command ends by itself.
    """
    async with running(spec) as child:
        ended = asyncio.ensure_future(child.wait())
        watch = asyncio.ensure_future(_watch(child, while_up))
        try:
            await asyncio.wait((ended, watch), return_when=asyncio.FIRST_COMPLETED)
            if watch.done():
                await watch  # raises what the watcher found
            raise ChildEnded(
                f"{spec.name} ended by itself",
                details={"child": spec.name, "exit_code": await ended, "log": str(spec.log)},
            )
        finally:
            ended.cancel()
            watch.cancel()
            await asyncio.gather(ended, watch, return_exceptions=True)


async def _watch(child: Child, while_up: Callable[[Child], Awaitable[None]] | None) -> None:
    if while_up is not None:
        await while_up(child)
    await asyncio.Event().wait()  # a watcher that returns is content


def clear_stale(pid_file: Path) -> bool:
    """Kill what an earlier run left, if it is still the same process; True if something was."""
    try:
        record = json.loads(pid_file.read_text(encoding="utf-8"))
        pid, started = int(record["pid"]), str(record["started"])
    except FileNotFoundError:
        return False
    except (OSError, ValueError, KeyError, TypeError):
        pid_file.unlink(missing_ok=True)
        return False
    alive = process_start(pid) == started and kill_group(pid, signal.SIGKILL)
    pid_file.unlink(missing_ok=True)
    return alive


def _command(spec: ChildSpec) -> list[str]:
    options = {
        "--pid-file": spec.pid_file,
        "--log": spec.log,
        "--log-bytes": spec.log_bytes,
        "--log-keep": spec.log_keep,
        "--nice": spec.nice,
        "--grace": spec.grace_s,
    }
    words = [str(word) for pair in options.items() for word in pair]
    return [sys.executable, "-I", "-S", str(SHIM), *words, "--", *spec.command]


def _read_pid(pid_file: Path) -> int | None:
    try:
        return int(json.loads(pid_file.read_text(encoding="utf-8"))["pid"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
