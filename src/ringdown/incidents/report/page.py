"""The report as one HTML file and as a page of the documentation: misses first, no scripts."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any, Final

STYLE: Final = """
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --line: #c4cad1; --soft: #f2f4f7; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ebef; --paper: #14171b; --line: #444c56;
  --soft: #1f242a; } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
  max-width: 62rem; margin: 0 auto; padding: 1.5rem; }
table { border-collapse: collapse; margin: 1rem 0; }
caption { text-align: left; font-weight: 600; padding-bottom: .4rem; }
th, td { padding: .3rem .7rem; border-bottom: 1px solid var(--line); text-align: left; }
td + td { font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; }
""".strip()
Rows = list[list[str]]
Section = tuple[str, str, Sequence[str], Rows]
"""A heading, a sentence about it, the heads of a table and its rows."""


def page(report: dict[str, Any]) -> str:
    """The report for a browser."""
    body = "\n".join(
        f"<h2>{escape(title)}</h2>\n<p>{escape(about)}</p>\n{_table(title, heads, rows)}"
        for title, about, heads, rows in sections(report)
    )
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Report card</title>\n<style>\n{STYLE}\n</style>\n</head>\n<body>\n<main>\n"
        f"<h1>Report card</h1>\n<p>{escape(_about(report))}</p>\n{body}\n"
        "</main>\n</body>\n</html>\n"
    )


def card(report: dict[str, Any], measured_on: str) -> str:
    """The report for the documentation; says what it was measured on and what it does not show."""
    lines = ["# Report card", "", f"{measured_on}", "", _about(report), ""]
    for title, about, heads, rows in sections(report):
        lines += [f"## {title}", "", about, "", _row(heads), _row(["---"] * len(heads))]
        lines += [*map(_row, rows), ""]
    return "\n".join(lines)


def sections(report: dict[str, Any]) -> list[Section]:
    """What a report says, in its order."""
    made = [_operating(report), *(_figures(each) for each in report["conditions"])]
    made += [_calibration(report)]
    for name, confusion in report["confusion"].items():
        heads = ["Label", "What the draft said"]
        rows = [
            [row["label"], ", ".join(f"{said} {count}" for said, count in row["said"].items())]
            for row in confusion
        ]
        about = "How many calls of each label the draft called what. All conditions together."
        made.append((f"Confusion of {name}", about, heads, rows))
    rows = [
        [one["id"], one["condition"], ", ".join(one["missed"]).replace("_", " ")]
        for one in report["worst"]
    ]
    about = "The gravest misses first, by the name of the call. No words of a call are here."
    made.append(("Worst calls", about, ["Call", "Condition", "Not right"], rows))
    return [section for section in made if section[3]]


def percent(share: float) -> str:
    """A share for people."""
    return f"{100 * share:.1f} %"


def _about(report: dict[str, Any]) -> str:
    return (
        f"{report['calls']} calls, rules alone, operating point {report['emergency_at']:.2f}. "
        "Each range holds the true figure with 95 % confidence (Wilson), as far as other calls "
        "are like these. A call is one unit; small numbers make wide ranges."
    )


def _figures(each: dict[str, Any]) -> Section:
    rows: Rows = []
    for one in each["figures"]:
        low, high = one["interval"]
        bar = "" if one["bar"] is None else f"{'≤' if one['miss'] else '≥'} {percent(one['bar'])}"
        met = {None: "", True: "yes", False: "no"}[one["met"]]
        count = f"{one['count']} of {one['total']}"
        span = f"{100 * low:.1f} to {100 * high:.1f}"
        rows.append([one["label"], count, percent(one["share"]), span, bar, met])
    heads = ["Figure", "Calls", "Share", "95 % range", "Asked", "Met"]
    about = "Misses stand first, then what is right."
    return f"Figures, {each['condition']}", about, heads, rows


def _operating(report: dict[str, Any]) -> Section:
    about = (
        "A call whose share of danger lies below the point is taken for no emergency. "
        "A lower point misses less and spares fewer calls. The point in use is set with "
        "`emergency_at` among the options of the extractor."
    )
    heads = ["Condition", "Point", "Emergencies missed", "Share", "95 % range"]
    heads += ["No emergencies seen", "Share", "95 % range"]
    rows: Rows = []
    found = [(each["condition"], each["operating"]) for each in report["conditions"]]
    for condition, points in (*found, ("all", report["operating"])):
        for one in points:
            if not one["used"] and condition != "all":
                continue
            row = [str(condition), f"{one['at']:.2f}" + (" (in use)" if one["used"] else "")]
            for name, total in (("missed", "emergencies"), ("seen", "no_emergencies")):
                low, high = one[f"{name}_interval"]
                row.append(f"{one[name]} of {one[total]}")
                row.append(percent(one[name] / one[total]) if one[total] else "")
                row.append(f"{100 * low:.1f} to {100 * high:.1f}")
            rows.append(row)
    return "Operating points", about, heads, rows


def _calibration(report: dict[str, Any]) -> Section:
    about = "How often category, type, emergency and severity are right, by their confidence."
    heads = ["Confidence", "Answers", "Right", "95 % range"]
    rows = [
        [
            f"{one['low']:.1f} to {one['high']:.1f}",
            str(one["answers"]),
            percent(one["right"] / one["answers"]),
            f"{100 * one['interval'][0]:.1f} to {100 * one['interval'][1]:.1f}",
        ]
        for one in report["calibration"]
    ]
    return "Calibration", about, heads, rows


def _table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    body = "\n".join(
        f'<tr><th scope="row">{escape(row[0])}</th>'
        + "".join(f"<td>{escape(text)}</td>" for text in row[1:])
        + "</tr>"
        for row in rows
    )
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>\n{body}\n</tbody></table></div>"
    )


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
