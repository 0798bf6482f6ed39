"""What a measurement says, and the page they are written to."""

import os
import platform
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "measured.md"


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


def write(results: list[Measured], when: str) -> None:
    """Write the page."""
    lines = [
        "# Measured",
        "",
        "Written by `make bench`. Every figure is one run on one machine; limits and peers are",
        "measured in the same run, so ratios say more than times.",
        "",
        f"Machine: {machine()}. Commit {version()}, {when}.",
        "",
        "| What | Asked | Measured | Met |",
        "|---|---|---|---|",
        *(f"| {m.title} | {m.asked} | {m.got} | {'yes' if m.met else '**no**'} |" for m in results),
        "",
    ]
    for m in results:
        lines += [f"## {m.title}", "", m.how, "", "| Figure | Value |", "|---|---|"]
        lines += [f"| {name} | {value} |" for name, value in m.rows.items()]
        lines.append("")
    PAGE.write_text("\n".join(lines), encoding="utf-8")


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
