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
PAGE = HERE.parent / "docs" / "reference" / "measured.md"


@dataclass
class Measured:
    """One measurement: what was asked for, what came out, and how."""

    title: str
    asked: str
    got: str
    met: bool
    rows: dict[str, object] = field(default_factory=dict)
    how: str = ""


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


def write_page(names: Sequence[str]) -> None:
    """Write the page from the newest results of each measurement."""
    records = [
        json.loads(file.read_text(encoding="utf-8"))
        for name in names
        if (file := KEPT / f"{name}.json").is_file()
    ]
    lines = [
        "# Measured",
        "",
        "Written by `make bench`. Every figure is from one run on one machine; limits and peers",
        "are measured in the same run, so ratios say more than times.",
        "",
        "| What | Asked | Measured | Met |",
        "|---|---|---|---|",
    ]
    every = [(record, one) for record in records for one in record["results"]]
    for _, one in every:
        met = "yes" if one["met"] else "**no**"
        lines.append(f"| {one['title']} | {one['asked']} | {one['got']} | {met} |")
    for record, one in every:
        lines += ["", f"## {one['title']}", "", one["how"], ""]
        lines.append(f"{record['when']}, commit {record['commit']}; {record['machine']}.")
        lines += ["", "| Figure | Value |", "|---|---|"]
        lines += [f"| {name} | {value} |" for name, value in one["rows"].items()]
    PAGE.write_text("\n".join([*lines, ""]), encoding="utf-8")


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
