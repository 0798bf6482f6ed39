"""Prepare everything that Ringdown needs, showing each step, then start it. Standard library only.

    setup.py run [options for `ringdown run`]   prepare, then start
    setup.py prepare                            prepare only
    setup.py develop                            what checks and unit tests need
    setup.py everything                         what all tests need
    setup.py web                                build the console
    setup.py listener [options]                 start the example listener for partners
    setup.py exec COMMAND…                      run a command of the prepared environment
    setup.py uv ARGUMENTS…                      run the uv that was found

Each step leaves a stamp of what it was made from; while nothing changed, it is skipped and
nothing asks the network.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import threading
import time
from collections import deque
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
WEB = ROOT / "web"
EXAMPLES = ROOT / "examples"
PAGES = {"console": "console", "caller": "caller", "responder": "responders"}
"""What `web/` builds, by the part of the package that serves it."""
NEEDED_BYTES = 2_000_000_000
# Variables that only the set-up reads; to Ringdown itself they would be unknown settings.
MINE = ("RINGDOWN_NODE", "RINGDOWN_UV", "RINGDOWN_PYTHON")
SKIPPED_FOLDERS = {"node_modules", "dist", "test-results", "coverage"}

sys.path.insert(0, str(ROOT / "src"))

from ringdown.core.errors import RingdownError  # noqa: E402 - found through the line above
from ringdown.runtime import parts, preflight  # noqa: E402


class StepFailed(Exception):
    """A step failed; the message says what to do."""


class Steps:
    """Shows what is being done, how long it takes and what a program says last."""

    def __init__(self) -> None:
        self._live = sys.stdout.isatty()
        self.logs = ROOT / ".cache" / "setup"

    def say(self, name: str, text: str) -> None:
        """One finished step."""
        print(f"  {name:<16} {text}", flush=True)

    def run(self, name: str, command: list[str], *, cwd: Path, env: dict[str, str]) -> None:
        """Run a program, showing its progress. Raises StepFailed with its last words."""
        self.logs.mkdir(parents=True, exist_ok=True)
        log = self.logs / f"{name.replace(' ', '-').lower()}.log"
        tail: deque[str] = deque(maxlen=15)
        started = time.monotonic()
        with log.open("w", encoding="utf-8") as file:
            process = subprocess.Popen(
                command,
                cwd=cwd,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
            )
            assert process.stdout is not None
            reader = threading.Thread(target=self._read, args=(process.stdout, file, tail))
            reader.start()
            shown = 0.0
            while process.poll() is None:
                time.sleep(0.1)
                seconds = time.monotonic() - started
                if seconds - shown >= (0.2 if self._live else 15.0):
                    shown = seconds
                    self._progress(name, seconds, tail[-1] if tail else "")
            reader.join()
            process.stdout.close()
        if self._live:
            print("\r\033[K", end="", flush=True)
        if process.returncode != 0:
            last = "\n    ".join(tail)
            raise StepFailed(f"{name} failed:\n    {last}\n  Everything it said is in {log}.")
        self.say(name, f"done in {time.monotonic() - started:.1f} s")

    @staticmethod
    def _read(source: IO[str], file: IO[str], tail: deque[str]) -> None:
        for line in source:
            file.write(line)
            if line.strip():
                tail.append(line.strip())

    def _progress(self, name: str, seconds: float, last: str) -> None:
        text = f"  {name:<16} {seconds:.0f} s … {last}"
        if self._live:
            width = shutil.get_terminal_size().columns - 1
            print(f"\r\033[K{text[:width]}", end="", flush=True)
        else:
            print(text[:160], flush=True)


class Setup:
    """The steps, in order."""

    def __init__(self) -> None:
        self.steps = Steps()
        self.env = dict(os.environ)
        self.env.update(UV_PYTHON_DOWNLOADS="never", UV_NO_PROGRESS="1", UV_PROJECT=str(ROOT))
        # Another environment that happens to be active is not ours.
        self.env.pop("VIRTUAL_ENV", None)
        self.cache = parts.cache_folder(self.env)

    def prepare(self, *, develop: bool, build: bool = True) -> None:
        """Everything that a start needs; with `develop` what tests and checks need, too."""
        fresh = not VENV.exists()
        if fresh:
            self._look_at_machine()
        self._python(develop=develop)
        self._console(build=build, develop=develop)

    def web(self) -> None:
        """The console alone."""
        self._console(build=True, develop=True)

    def examples(self) -> parts.Found:
        """The libraries of the examples for partners, as npm brings them; the Node.js for them."""
        node, npm = self.node()
        lock = digest([EXAMPLES / "package-lock.json"], ROOT)
        stamp = EXAMPLES / "node_modules" / ".ringdown"
        if not stamped(stamp, lock):
            env = {**self.env, "PATH": f"{node.path.parent}{os.pathsep}{self.env.get('PATH', '')}"}
            command = [*npm, "ci", "--no-audit", "--no-fund", "--prefer-offline"]
            self.steps.run("Example parts", command, cwd=EXAMPLES, env=env)
            stamp.write_text(lock, encoding="utf-8")
        return node

    def uv(self) -> parts.Found:
        """uv: setting, PATH, cache, else its package by pip."""
        found = parts.find(parts.UV, self.env, self.cache)
        if found is None:
            self.steps.say("uv", "not on the PATH; getting its package")
            found = parts.obtain(parts.UV, self.env, self.cache, None, python=self._with_pip())
        return found

    def _look_at_machine(self) -> None:
        print("Preparing Ringdown. This happens once and takes a few minutes.", flush=True)
        preflight.check_space(ROOT, NEEDED_BYTES)
        for folder in (ROOT, self.cache):
            try:
                folder.mkdir(parents=True, exist_ok=True)
                probe = folder / f".probe-{os.getpid()}"
                probe.touch()
                probe.unlink()
            except OSError as error:
                raise StepFailed(
                    f"The folder {folder} cannot be written ({error.strerror}). "
                    "Give this user the right to, or set RINGDOWN_CACHE to another folder."
                ) from None

    def _with_pip(self) -> Path:
        """A Python that has pip: this one, else a small environment in our cache."""
        if importlib.util.find_spec("pip") is not None:
            return Path(sys.executable)
        home = self.cache / "bootstrap"
        python = home / "bin" / "python"
        if not python.exists():
            done = subprocess.run(
                [sys.executable, "-m", "venv", str(home)], capture_output=True, check=False
            )
            if done.returncode != 0:
                shutil.rmtree(home, ignore_errors=True)
                raise StepFailed(
                    "This Python has neither uv, nor pip, nor venv. On Debian or Ubuntu: "
                    "sudo apt install python3-venv. Or install uv by yourself."
                )
        return python

    def _python(self, *, develop: bool) -> None:
        inputs = [ROOT / "uv.lock", ROOT / "pyproject.toml"]
        stamp = digest(inputs, ROOT, extra=str(VENV))
        name = ".ringdown-develop" if develop else ".ringdown-run"
        if stamped(VENV / name, stamp) and (BIN / "ringdown").exists():
            return
        if not develop and stamped(VENV / ".ringdown-develop", stamp):
            return
        uv = self.uv()
        self.steps.say("uv", str(uv))
        groups = [] if develop else ["--no-default-groups", "--inexact"]
        python = [] if VENV.exists() else ["--python", sys.executable]
        command = [str(uv.path), "sync", "--frozen", *groups, *python]
        self.steps.run("Python packages", command, cwd=ROOT, env=self.env)
        (VENV / name).write_text(stamp, encoding="utf-8")

    def _console(self, *, build: bool, develop: bool) -> None:
        if not (WEB / "package.json").exists():
            return
        lock = digest([WEB / "package-lock.json"], ROOT)
        sources = digest(web_sources(), ROOT)
        installed = stamped(WEB / "node_modules" / ".ringdown", lock)
        built = not build or all(stamped(static / ".ringdown", sources) for static in statics())
        if built and (installed or not develop):
            return
        node, npm = self.node()
        env = {**self.env, "PATH": f"{node.path.parent}{os.pathsep}{self.env.get('PATH', '')}"}
        self.steps.say("Node.js", str(node))
        if not installed:
            quiet = ["--no-audit", "--no-fund", "--prefer-offline"]
            self.steps.run("Console parts", [*npm, "ci", *quiet], cwd=WEB, env=env)
            (WEB / "node_modules" / ".ringdown").write_text(lock, encoding="utf-8")
        if not built:
            self.steps.run("Console", [*npm, "run", "build"], cwd=WEB, env=env)
            for static in statics():
                (static / ".ringdown").write_text(sources, encoding="utf-8")

    def clients(self) -> None:
        """The clients of other projects that tests run against us."""
        folder = ROOT / "tests" / "clients"
        lock = digest([folder / "package-lock.json"], ROOT)
        mark = folder / "node_modules" / ".ringdown"
        if stamped(mark, lock):
            return
        node, npm = self.node()
        env = {**self.env, "PATH": f"{node.path.parent}{os.pathsep}{self.env.get('PATH', '')}"}
        quiet = ["--no-audit", "--no-fund", "--prefer-offline"]
        self.steps.run("Test clients", [*npm, "ci", *quiet], cwd=folder, env=env)
        mark.write_text(lock, encoding="utf-8")

    def node(self) -> tuple[parts.Found, list[str]]:
        """Node.js and how its npm is run; their package if need be."""
        found = parts.find(parts.NODE, self.env, self.cache)
        npm = npm_of(found) if found else None
        if found is None or npm is None:  # Debian's nodejs comes without npm
            self.steps.say("Node.js", "not found with npm; getting its package")
            uv = self.uv()
            without = {k: v for k, v in self.env.items() if k not in {"PATH", "RINGDOWN_NODE"}}
            found = parts.obtain(parts.NODE, {**without, "PATH": ""}, self.cache, uv.path)
            npm = npm_of(found)
        if npm is None:
            raise StepFailed("Node.js was found, but no npm with it. Install npm.")
        return found, npm

    def command(self, words: list[str]) -> list[str]:
        """A command of the environment: its own programs come first."""
        own = BIN / words[0]
        return [str(own) if own.exists() else words[0], *words[1:]]

    def become(self, command: list[str]) -> None:
        """Turn into the command, so that signals reach it directly. Does not return."""
        uv = parts.find(parts.UV, self.env, self.cache)  # for whatever is fetched later
        extra = [str(uv.path.parent)] if uv is not None and uv.source != "PATH" else []
        path = self.env.get("PATH", os.defpath)
        self.env["PATH"] = os.pathsep.join([str(BIN), path, *extra])
        for name in MINE:
            self.env.pop(name, None)
        self.env["VIRTUAL_ENV"] = str(VENV)
        self.env.pop("UV_PROJECT", None)
        os.execvpe(command[0], command, self.env)


def npm_of(node: parts.Found) -> list[str] | None:
    """How npm is run with this Node.js; None when it came without."""
    home = node.path.resolve().parent.parent
    for script in (home / "lib/node_modules/npm/bin/npm-cli.js", home / "share/npm/bin/npm-cli.js"):
        if script.exists():
            return [str(node.path), str(script)]
    beside = shutil.which("npm") if node.source == "PATH" else None
    return [beside] if beside else None


def statics() -> list[Path]:
    """The folders that the pages are built into."""
    package = ROOT / "src" / "ringdown"
    return [
        package / feature / "static"
        for page, feature in PAGES.items()
        if (WEB / page / "vite.config.ts").exists()
    ]


def web_sources() -> list[Path]:
    """Every file that the built console depends on."""
    found: list[Path] = []
    for folder, folders, files in os.walk(WEB):
        folders[:] = sorted(name for name in folders if name not in SKIPPED_FOLDERS)
        found += [
            Path(folder) / name for name in sorted(files) if not name.endswith(".tsbuildinfo")
        ]
    return found


def digest(files: list[Path], root: Path, extra: str = "") -> str:
    """One hash over the names and contents of files."""
    total = hashlib.sha256(extra.encode())
    for path in files:
        total.update(str(path.relative_to(root)).encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def stamped(path: Path, stamp: str) -> bool:
    """Whether a step was done from exactly these inputs."""
    try:
        return path.read_text(encoding="utf-8") == stamp
    except OSError:
        return False


def act(words: list[str]) -> int:
    """Do what the command line asks for."""
    setup = Setup()
    verb, rest = (words[0], words[1:]) if words else ("prepare", [])
    if verb == "run":
        started = time.monotonic()
        setup.prepare(develop=False)
        if time.monotonic() - started > 2:
            setup.steps.say("Ready", f"in {time.monotonic() - started:.0f} s; starting Ringdown")
        setup.become([str(BIN / "ringdown"), "run", "--data", "./data", *rest])
    elif verb in {"prepare", "develop", "everything"}:
        setup.prepare(develop=verb != "prepare", build=verb != "develop")
        if verb == "everything":
            setup.clients()
        if verb == "everything":
            setup.examples()
    elif verb == "web":
        setup.web()
    elif verb == "listener":
        node = setup.examples()
        setup.become([str(node.path), str(EXAMPLES / "partner-listener" / "serve.js"), *rest])
    elif verb == "exec":
        setup.become(setup.command(rest))
    elif verb == "uv":
        setup.become([str(setup.uv().path), *rest])
    else:
        print(__doc__)
        return 2
    return 0


def main() -> int:
    """Errors become two sentences: what happened, and what to do."""
    os.chdir(ROOT)
    try:
        return act(sys.argv[1:])
    except StepFailed as error:
        print(f"\n{error}", file=sys.stderr)
    except RingdownError as error:
        print(f"\n{error.message}\n{error.action}", file=sys.stderr)
    except OSError as error:
        if error.errno != 28:  # ENOSPC
            raise
        print("\nThe disk is full. Free some space and run this again.", file=sys.stderr)
    except KeyboardInterrupt:
        print("\nStopped. Run it again to go on from here.", file=sys.stderr)
        return 130
    return 1


if __name__ == "__main__":
    sys.exit(main())
