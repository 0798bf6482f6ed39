"""Every check and every test, one after the other; the last line sums up the tests.

`--quick` stops after the checks and the unit tests. A failing part does not keep the later ones
from running, so that one run tells everything; the exit code is then 1. Slow checks of one core run
beside the journeys, which leave that much of two cores idle, and are told of at the end.

Where real servers and browsers share two cores, a test can fail because the machine had no time for
it. A few such failures are run once more by themselves: what fails then is wrong, what passes is
named at the end as unsteady.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

ROOT = Path(__file__).resolve().parent.parent
COUNTS = re.compile(r"(\d+) (passed|failed|skipped|error|errors|xfailed|xpassed)\b")
NO_TESTS = 5  # pytest's exit code for "nothing was collected"
A_FEW = 3
"""So many failures of a part with real servers may be the machine's; more are not."""
JOURNEYS = "journeys"
FAILED = re.compile(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$")


@dataclass(frozen=True)
class Part:
    """One program to run. `pytest` marks those whose closing line is counted."""

    name: str
    command: tuple[str, ...]
    cwd: Path = ROOT
    pytest: bool = False
    media_server: bool = False
    """Whether it needs a real media server."""
    one_core: bool = False
    """Whether it may run beside the journeys, which leave a part of the second core idle."""


def parts(*, quick: bool) -> list[Part]:
    """What is run, cheapest and most telling first."""
    web = ROOT / "web"
    node = (sys.executable, str(ROOT / "tools" / "npm.py"))
    found = [
        Part("format", ("ruff", "format", "--check", ".")),
        Part("lint", ("ruff", "check", ".")),
        Part("imports", ("lint-imports", "--cache-dir", ".cache/imports")),
        Part("types", ("pyright",), one_core=True),
        Part("console: types and lint", (*node, "run", "check"), web, one_core=True),
        Part("console: unit tests", (*node, "run", "test"), web),
        Part("unit tests", _pytest("tests/unit", "tests/architecture", together=True), pytest=True),
    ]
    if not quick:
        found += [
            Part("contracts", _pytest("tests/contract", "tests/fuzz", together=True), pytest=True),
            # They mostly wait for real processes, so two at a time do not hinder one another.
            Part(
                "integration",
                _pytest("tests/integration", together=True),
                pytest=True,
                media_server=True,
            ),
            Part(JOURNEYS, _pytest("tests/e2e"), pytest=True, media_server=True),
        ]
    return found


def _pytest(*folders: str, together: bool = False) -> tuple[str, ...]:
    there = [name for name in folders if any((ROOT / name).rglob("test_*.py"))]
    # Files are taken in their order, and slow ones come first: tests/integration/conftest.py.
    workers = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder") if together else ()
    return ("pytest", "-q", *workers, *there) if there else ()


class MediaServerBuild:
    """The media server is built while the checks run: that takes minutes on a new machine."""

    def __init__(self) -> None:
        command = [sys.executable, str(ROOT / "tools" / "media_server.py")]
        self._process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )

    def wait(self) -> None:
        """Until it is there or cannot be built, which is said; what needs it fails then."""
        told, _ = self._process.communicate()
        lines = told.decode(errors="replace").splitlines() or ["no word"]
        print(f"\n=== media server: {lines[-1]}", flush=True)


class Beside:
    """Parts that run one after the other, with little right to the cores, while another runs."""

    def __init__(self, wanted: list[Part]) -> None:
        self._told: list[tuple[Part, subprocess.CompletedProcess[str]]] = []
        self._thread = Thread(target=self._run, args=(wanted,))
        self._thread.start()

    def _run(self, wanted: list[Part]) -> None:
        for part in wanted:
            done = subprocess.run(
                ("nice", "-n", "10", *part.command),
                cwd=part.cwd,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                check=False,
            )
            self._told.append((part, done))

    def failed(self) -> list[str]:
        """Wait for them and show what they said; the names of those that failed."""
        self._thread.join()
        for part, done in self._told:
            good = "good" if done.returncode == 0 else "FAILED"
            print(f"\n=== {part.name}\n{done.stdout}=== {part.name}: {good}", flush=True)
        return [part.name for part, done in self._told if done.returncode != 0]


def run(part: Part) -> tuple[bool, dict[str, int], list[str]]:
    """Run one part, showing its output as it comes.

    Whether it went well, its counts, and the tests that failed.
    """
    print(f"\n=== {part.name}", flush=True)
    started = time.monotonic()
    counts: dict[str, int] = {}
    failed: list[str] = []
    process = subprocess.Popen(
        part.command,
        cwd=part.cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    closing = ""
    for line in process.stdout:
        print(line, end="", flush=True)
        if part.pytest and (found := FAILED.match(line)):
            failed.append(found[1])
        if part.pytest and re.search(r"\bin \d+(\.\d+)?s\b", line):
            closing = line
    code = process.wait()
    for number, word in COUNTS.findall(closing):
        counts["failed" if word.startswith("error") else word] = int(number)
    good = code == 0 or (part.pytest and code == NO_TESTS)
    seconds = time.monotonic() - started
    print(f"=== {part.name}: {'good' if good else 'FAILED'} in {seconds:.0f} s", flush=True)
    return good, counts, failed


def again(part: Part, failed: list[str], counts: dict[str, int]) -> bool:
    """The few tests that failed, by themselves; whether all of them pass, counted so."""
    alone = Part(f"{part.name}, what failed by itself", ("pytest", "-q", *failed), pytest=True)
    good, second, _ = run(alone)
    counts["failed"] = second.get("failed", 0)
    counts["passed"] = counts.get("passed", 0) + second.get("passed", 0)
    return good


def main() -> int:
    """Run all parts and sum up."""
    failed: list[str] = []
    unsteady: list[str] = []
    total = {"passed": 0, "failed": 0, "skipped": 0}
    wanted = parts(quick="--quick" in sys.argv[1:])
    build = MediaServerBuild() if any(part.media_server for part in wanted) else None
    beside = None
    journeys = any(part.name == JOURNEYS and part.command for part in wanted)
    later = [part for part in wanted if part.one_core and journeys]
    for part in wanted:
        if not part.command or part in later:
            continue
        if part.name == JOURNEYS:
            beside = Beside(later)
        if part.media_server and build is not None:
            build.wait()
            build = None
        good, counts, names = run(part)
        if not good and part.media_server and 0 < len(names) <= A_FEW:
            good = again(part, names, counts)
            unsteady += names if good else []
        if not good:
            failed.append(part.name)
        for word in total:
            total[word] += counts.get(word, 0)
    if beside is not None:
        failed += beside.failed()
    if unsteady:
        print("\nUnsteady, failed beside others and passed alone:", *unsteady, sep="\n  ")
    if failed:
        print(f"\nFailed: {', '.join(failed)}.")
    elif total["passed"] == 0:
        print("\nNo test ran.")
        failed.append("tests")
    print(f"\n{total['passed']} passed, {total['failed']} failed, {total['skipped']} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
