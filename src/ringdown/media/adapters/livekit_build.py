"""Finding the media server's program, or building it once, politely, in the background."""

import asyncio
import fcntl
import os
import shutil
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from ringdown.core.clock import Clock
from ringdown.core.errors import Unavailable
from ringdown.media.adapters.livekit_settings import VERSION, MediaServerSettings
from ringdown.runtime import parts
from ringdown.runtime.children import Child, ChildSpec, running

MODULE = f"github.com/livekit/livekit-server/cmd/server@{VERSION}"
PACKAGES_IN_ALL = 900  # lines that `go install -v` prints for this version, give or take
_TELL_EVERY_S = 2.0
_LOOK_EVERY_S = 1.0

Tell = Callable[[str], None]


class BuildFailed(Unavailable):
    """The media server could not be built; `details` name the log with the compiler's words."""

    code = "media.server.build_failed"
    action = "Read the build log named; usual reasons are a full disk or no way to the Go proxy."


class Builder:
    """Gives the path of a livekit-server of our version: setting, PATH, cache, or built."""

    def __init__(
        self,
        settings: MediaServerSettings,
        *,
        cache: Path,
        logs: Path,
        environment: Mapping[str, str],
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._cache = cache
        self._home = cache / "livekit-server" / VERSION
        self._log = logs / "media-server-build.log"
        self._environment = environment
        self._clock = clock

    @property
    def binary(self) -> Path:
        """Where a server built by us lies."""
        return self._home / "livekit-server"

    async def program(self, tell: Tell) -> Path:
        """The program, built first if need be; `tell` hears about progress.

        Raises BuildFailed, or what `runtime.parts` raises when there is no Go to build with.
        """
        found = await asyncio.to_thread(self.find)
        if found is not None:
            return found
        self._home.mkdir(parents=True, exist_ok=True)
        async with self._only_one(tell):
            if not self.binary.exists():  # somebody else may have built it meanwhile
                await self._build(tell)
        return self.binary

    def find(self) -> Path | None:
        """Setting, PATH (our version only), cache. Raises ToolUnfit for a wrong setting."""
        if self._settings.binary is not None:
            if not os.access(self._settings.binary, os.X_OK):
                raise parts.ToolUnfit(
                    f"the media server named, {self._settings.binary}, is not a program that runs",
                    details={"path": str(self._settings.binary)},
                )
            return self._settings.binary
        on_path = shutil.which("livekit-server", path=self._environment.get("PATH", os.defpath))
        if on_path and parts.version_of(Path(on_path), ("--version",)) == VERSION.removeprefix("v"):
            return Path(on_path)
        return self.binary if self.binary.exists() else None

    @asynccontextmanager
    async def _only_one(self, tell: Tell) -> AsyncGenerator[None, None]:
        with (self._home / "lock").open("w") as lock:
            while True:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    tell("Waiting: another copy on this machine is building the media server.")
                    await asyncio.sleep(_LOOK_EVERY_S)
            yield  # closing the file gives the lock back, also when we are killed

    async def _build(self, tell: Tell) -> None:
        tell("Looking for a Go toolchain to build the media server with.")
        go = await asyncio.to_thread(self._go)
        part = self._home / "part"
        spec = ChildSpec(
            name="media-server-build",
            # Go's own cache keeps what is compiled: a build that was stopped goes on from there.
            command=(str(go.path), "install", "-v", "-trimpath", MODULE),
            log=self._log,
            pid_file=self._home / "build.pid",
            env={
                "CGO_ENABLED": "0",
                "GOBIN": str(part),
                "GOTOOLCHAIN": "local",
                "GOFLAGS": "",
                "HOME": self._environment.get("HOME", str(self._cache)),
            },
            nice=19,  # calls come first
            log_bytes=50_000_000,
        )
        self._log.unlink(missing_ok=True)
        started = self._clock.monotonic()
        async with running(spec) as child:
            code = await self._watch(child, started, tell)
        built = part / "server"
        if code != 0 or not built.exists():
            raise BuildFailed(
                f"building the media server failed: {_last_line(self._log)}",
                details={"exit_code": code, "log": str(self._log), "go": go.version},
            )
        built.replace(self.binary)
        shutil.rmtree(part, ignore_errors=True)

    def _go(self) -> parts.Found:
        environment = dict(self._environment)
        if self._settings.go is not None:
            environment[parts.GO.setting] = str(self._settings.go)
        uv = parts.find(parts.UV, environment, self._cache)
        return parts.obtain(parts.GO, environment, self._cache, uv.path if uv else None)

    async def _watch(self, child: Child, started: float, tell: Tell) -> int:
        while True:
            seconds = self._clock.monotonic() - started
            tell(progress(seconds, _count_lines(self._log)))
            try:
                async with asyncio.timeout(_TELL_EVERY_S):
                    return await child.wait()
            except TimeoutError:
                continue


def progress(seconds: float, lines: int) -> str:
    """What the lamp says while building; rounded so that it does not change every second."""
    minutes = int(seconds // 60)
    so_far = f"{minutes} min so far" if minutes else "just begun"
    percent = min(99, 100 * lines // PACKAGES_IN_ALL) // 5 * 5
    return (
        f"Building the media server: {so_far}, about {percent} % done. "
        "This happens once and takes a few minutes."
    )


def _count_lines(path: Path) -> int:
    try:
        return path.read_bytes().count(b"\n")
    except OSError:
        return 0


def _last_line(path: Path) -> str:
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    except OSError:
        return "no output"
    return lines[-1] if lines else "no output"
