"""Measure signs of danger on our own calls and write docs/reference/cues.md."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import cast

from ringdown.incidents.adapters.rules import RuleExtractor
from ringdown.incidents.cues import CUE_KINDS, CUE_TEXTS, CueKind
from ringdown.incidents.report.danger import BUDGET, Alerted, Share, alerts, summary
from ringdown.incidents.report.lines import read_calls

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "tests" / "data"
PAGE = ROOT / "docs" / "reference" / "cues.md"


def main() -> None:
    """Write the page."""
    dangers = {
        row["id"]: frozenset(cast("list[CueKind]", row["cues"]))
        for row in map(json.loads, (DATA / "cases_cues.jsonl").read_text().splitlines())
    }
    heard: dict[str, list[Alerted]] = {}
    for name in ("scripted_calls.jsonl", "scripted_calls_heard.jsonl"):
        with (DATA / name).open(encoding="utf-8") as lines:
            for each in alerts(read_calls(lines), dangers, RuleExtractor()):
                heard.setdefault(each.condition, []).append(each)
    PAGE.write_text("\n".join([*_figures(heard), *_cases(), ""]), encoding="utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}")


def _figures(heard: dict[str, list[Alerted]]) -> list[str]:
    lines = [
        "<!-- Written by tools/make_cue_figures.py; do not edit. -->",
        "",
        "# Signs of danger: figures and cases",
        "",
        "How [signs of danger to life](../explain/cues.md) do on our own scripted calls, misses",
        "first. Dangers were written down by hand for each call. Intervals are 95 % (Wilson). The",
        f"budget is {BUDGET} false alerts per 100 calls with clean words.",
        "",
        "| Condition | Calls | Dangers missed | Calls falsely alerted | False alerts per 100 |",
        "|---|---|---|---|---|",
    ]
    for condition, alerted in heard.items():
        one = summary(condition, alerted)
        per = 100 * one.false_alerts / one.calls
        name = "clean words" if condition == "as given" else condition
        lines.append(
            f"| {name} | {one.calls} | {_share(one.missed)} | {_share(one.false)} | {per:.1f} |"
        )
    lines += [
        "",
        "These calls are ours: they show that the rules do what they are meant to, not how people",
        "call. A recognised call may have lost the very words that told of the danger.",
        "",
        "| Cue | Clean: found, missed, false | Recognised: found, missed, false |",
        "|---|---|---|",
    ]
    clean = heard.get("as given", [])
    others = [each for name, row in heard.items() if name != "as given" for each in row]
    for kind in CUE_KINDS:
        lines.append(f"| {CUE_TEXTS[kind]} | {_counts(kind, clean)} | {_counts(kind, others)} |")
    for title, chosen in (("Missed", "missed"), ("Raised for nothing", "false")):
        lines += ["", f"## {title}", ""]
        rows = [
            f"- {each.id} ({each.condition}): {', '.join(sorted(getattr(each, chosen)))}"
            for row in heard.values()
            for each in row
            if getattr(each, chosen)
        ]
        lines += rows or ["None."]
    return lines


def _share(share: Share) -> str:
    low, high = share.interval
    of = 100 * share.count / share.total if share.total else 0.0
    return f"{share.count} of {share.total}: {of:.1f} % ({100 * low:.1f}–{100 * high:.1f})"  # noqa: RUF001


def _counts(kind: CueKind, alerted: list[Alerted]) -> str:
    counts = (
        sum(kind in each.found for each in alerted),
        sum(kind in each.missed for each in alerted),
        sum(kind in each.false for each in alerted),
    )
    return ", ".join(map(str, counts))


def _cases() -> list[str]:
    rows = [json.loads(line) for line in (DATA / "cases.jsonl").read_text().splitlines()]
    count = Counter(row["subject"] for row in rows)
    return [
        "",
        "## Cases",
        "",
        "Short calls of our own writing, each with what is expected and why, in",
        "`tests/data/cases.jsonl`. All of them run in the tests.",
        "",
        "| Subject | Cases |",
        "|---|---|",
        *(f"| {subject} | {number} |" for subject, number in count.items()),
        f"| **all** | **{len(rows)}** |",
    ]


if __name__ == "__main__":
    main()
