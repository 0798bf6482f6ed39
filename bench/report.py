"""What a measurement says, and the page they are written to."""

import json
import os
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
KEPT = HERE / "results"
REFERENCE = HERE.parent / "docs" / "reference"


@dataclass(frozen=True)
class Page:
    """A page that results are written to."""

    path: Path
    lines: tuple[str, ...]
    peer: str = ""
    """Whose figures stand in a column of their own, if any."""


MEASURED = Page(
    REFERENCE / "measured.md",
    (
        "# Measured",
        "",
        "Written by `make bench`. Every figure is from one run on one machine; limits and peers",
        "are measured in the same run, so ratios say more than times.",
    ),
)
SPEECH_MEASURED = Page(
    REFERENCE / "speech-measured.md",
    (
        "# Speech, measured",
        "",
        "Written by `make bench-speech`. The peer is the `moonshine-voice` library with the same",
        "model, on the same machine and the same audio in the same run. Ranges are 95 % intervals,",
        "by bootstrap over recordings. To measure your own recordings, see",
        "[how to measure speech](../how-to/measure-speech.md).",
    ),
    peer="moonshine-voice 0.1.0",
)

CALLER_MEASURED = Page(
    REFERENCE / "caller-link-measured.md",
    (
        "# The caller's camera, measured",
        "",
        "Written by `python -m bench caller_link caller_narrow caller_crowd`: the caller's own",
        "page in Chromium, the real media server with its relay, and a console's client, all on",
        "one machine. `caller_narrow` makes a narrow link of its own, which only root can.",
    ),
)


@dataclass
class Measured:
    """One measurement: what was asked for, what came out, and how."""

    title: str
    asked: str
    got: str
    met: bool
    rows: dict[str, object] = field(default_factory=dict)
    how: str = ""
    peer: str = ""
    """The same figure of the peer, where there is one."""


def machine() -> str:
    """What this ran on, in one line."""
    model = platform.processor() or platform.machine()
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                model = line.partition(":")[2].strip()
                break
    except OSError:
        pass
    system = f"{platform.system()} {platform.machine()}"
    return f"{os.cpu_count()} cores ({model}), {system}, Python {platform.python_version()}"


def version() -> str:
    """The commit that was measured."""
    shown = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    )
    return shown.stdout.strip() or "unknown"


def keep(name: str, results: list[Measured], when: str) -> None:
    """Keep the newest results of a measurement, with the machine and commit they are from."""
    KEPT.mkdir(exist_ok=True)
    record = {
        "when": when,
        "commit": version(),
        "machine": machine(),
        "results": [asdict(one) for one in results],
    }
    text = json.dumps(record, indent=1, ensure_ascii=False)
    (KEPT / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def keep_failure(name: str, error: str, when: str) -> None:
    """Note that the newest run of a measurement failed; older results stay as they are."""
    path = KEPT / f"{name}.json"
    KEPT.mkdir(exist_ok=True)
    record = {"when": when, "commit": version(), "machine": machine(), "results": []}
    if path.is_file():
        record = json.loads(path.read_text(encoding="utf-8"))
    record["failed"] = {"error": error, "when": when, "commit": version()}
    text = json.dumps(record, indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


def write_page(names: Sequence[str], page: Page) -> None:
    """Write a page from the newest results of each measurement."""
    records = [
        (name, json.loads(file.read_text(encoding="utf-8")))
        for name in names
        if (file := KEPT / f"{name}.json").is_file()
    ]
    heads = ["What", "Asked", "Measured", *([page.peer] if page.peer else []), "Met"]
    lines = [*page.lines, "", _row(heads), "|" + "---|" * len(heads)]
    every = [(record, one) for _, record in records for one in record["results"]]
    for _, one in every:
        met = "yes" if one["met"] else "**no**"
        peer = [one.get("peer") or "\u2013"] if page.peer else []
        lines.append(_row([one["title"], one["asked"], one["got"], *peer, met]))
    for name, record in records:
        if "failed" in record:
            gone = record["failed"]
            lines += ["", f"The run of `{name}` on {gone['when']} failed ({gone['error']})."]
    for record, one in every:
        lines += ["", f"## {one['title']}", "", one["how"], ""]
        lines.append(f"{record['when']}, commit {record['commit']}; {record['machine']}.")
        lines += ["", "| Figure | Value |", "|---|---|"]
        lines += [_row([name, value]) for name, value in one["rows"].items()]
    page.path.write_text("\n".join([*lines, ""]), encoding="utf-8")


def _row(cells: Sequence[object]) -> str:
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
