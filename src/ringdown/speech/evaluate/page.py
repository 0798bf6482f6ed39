"""The report as one HTML file: readable by everybody, no scripts, nothing fetched."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any, Final

NOTHING: Final = "\u2013"
STYLE: Final = """
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --line: #c4cad1; --soft: #f2f4f7;
  --mark: #0b5cad; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ebef; --paper: #14171b; --line: #444c56;
  --soft: #1f242a; --mark: #7ab8ff; } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
  max-width: 62rem; margin: 0 auto; padding: 1.5rem; }
table { border-collapse: collapse; margin: 1rem 0; }
caption { text-align: left; font-weight: 600; padding-bottom: .4rem; }
th, td { padding: .3rem .7rem; border-bottom: 1px solid var(--line); text-align: left; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
td.n { white-space: nowrap; }
tr.sum { background: var(--soft); font-weight: 600; }
.scroll { overflow-x: auto; }
svg { max-width: 100%; height: auto; }
svg text { fill: var(--ink); font: 13px system-ui, sans-serif; }
""".strip()


def page(report: dict[str, Any]) -> str:
    """The whole page."""
    body = "\n".join(
        part
        for part in (
            _head(report),
            _rates(report),
            _invented(report),
            _confidence(report["confidence"]),
            _clips(report),
        )
        if part
    )
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Speech measured</title>\n<style>\n{STYLE}\n</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def percent(value: float | None, digits: int = 1) -> str:
    """A share for people."""
    return NOTHING if value is None else f"{100 * value:.{digits}f} %"


def span(interval: Sequence[float] | None, digits: int = 1) -> str:
    """An interval of shares for people."""
    if interval is None:
        return NOTHING
    return f"{100 * interval[0]:.{digits}f} to {100 * interval[1]:.{digits}f}"


def table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]], words: int = 1) -> str:
    """A table whose first `words` columns are text and the others figures."""

    def cell(index: int, text: str, *, head: bool = False) -> str:
        number = ' class="n"' if index >= words else ""
        if head:
            return f'<th scope="col"{number}>{escape(text)}</th>'
        if index == 0:
            return f'<th scope="row">{escape(text)}</th>'
        return f"<td{number}>{escape(text)}</td>"

    lines = [
        f"<tr{_sum(row)}>{''.join(cell(i, text) for i, text in enumerate(row))}</tr>"
        for row in rows
    ]
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f"<table><caption>{escape(caption)}</caption><thead><tr>"
        + "".join(cell(i, text, head=True) for i, text in enumerate(heads))
        + "</tr></thead><tbody>\n"
        + "\n".join(lines)
        + "\n</tbody></table></div>"
    )


def _sum(row: Sequence[str]) -> str:
    return ' class="sum"' if any(text.startswith("all ") for text in row[:2]) else ""


def _head(report: dict[str, Any]) -> str:
    cost = report["core_s_per_audio_s"]
    path = (
        "as on a live call: telephone audio, cut while it is spoken"
        if report["live"]
        else "as a finished recording"
    )
    failed = len(report["failed"])
    facts = [
        f"{report['clips']} recordings, {report['audio_s'] / 60:.1f} minutes, heard {path}.",
        f"Recogniser: {report['engine']}. Ringdown {report['version']}, {report['when']}.",
        f"Machine: {report['machine']}.",
    ]
    if cost is not None:
        facts.append(f"A second of audio costs {cost:.3f} seconds of one core.")
    if failed:
        facts.append(f"{failed} recordings could not be heard and are left out of every figure.")
    if report["without_audio"]:
        facts.append(f"{report['without_audio']} references have no recording.")
    return "<h1>Speech measured</h1>\n" + "\n".join(f"<p>{escape(fact)}</p>" for fact in facts)


def _rates(report: dict[str, Any]) -> str:
    if not report["rates"]:
        return ""
    return (
        "<h2>Words that are wrong</h2>\n<p>Word error rate: words substituted, missing and "
        "invented, as a share of the words said. Digits and plates are scored digit by digit. "
        "The range holds the true figure with 95&nbsp;% confidence, as far as these recordings "
        "are like all others.</p>\n"
        + table(
            "Word error rate by condition and group",
            [
                *("Condition", "Group", "Recordings", "Words", "Error rate", "95 % range"),
                *("Substituted", "Missing", "Invented"),
            ],
            [
                [
                    *(row["condition"], row["group"], str(row["clips"]), str(row["words"])),
                    *(percent(row["wer"]), span(row["interval"])),
                    *(str(row["substituted"]), str(row["deleted"]), str(row["inserted"])),
                ]
                for row in report["rates"]
            ],
            words=2,
        )
    )


def _invented(report: dict[str, Any]) -> str:
    found = report["invented"]
    if found is None:
        return ""
    between = found["interval"]
    spread = f" (95&nbsp;% range {between[0]:.2f} to {between[1]:.2f})" if between else ""
    return (
        "<h2>Words where nobody spoke</h2>\n"
        f"<p>{found['words']} words in {found['minutes']:.1f} minutes without speech: "
        f"{found['per_minute']:.2f} a minute{spread}.</p>"
    )


def _confidence(found: dict[str, Any]) -> str:
    if not found["words"]:
        return ""
    auc, error = found["auc"], found["calibration_error"]
    ranks = NOTHING if auc is None else f"{auc:.3f}"
    auc_span = found["auc_interval"]
    ranks += f" ({auc_span[0]:.3f} to {auc_span[1]:.3f})" if auc_span else ""
    rows = [
        [
            f"{one['low']:.1f} to {one['high']:.1f}",
            str(one["words"]),
            percent(one["mean"]) if one["words"] else NOTHING,
            percent(one["share_right"]),
            span(one["interval"]),
        ]
        for one in found["bins"]
    ]
    return (
        "<h2>Is confidence honest?</h2>\n"
        f"<p>Of {found['words']} words written, {found['right']} are right. A right word has more "
        f"confidence than a wrong one with a chance of {ranks} (ROC AUC). Confidence and the share "
        f"that is right differ by {percent(error)} ({span(found['calibration_interval'])}) on "
        "average (expected calibration error).</p>\n"
        + picture(found["bins"])
        + table(
            "Words by confidence",
            ["Confidence", "Words", "Mean confidence", "Right", "95 % range"],
            rows,
        )
    )


def picture(bins: Sequence[dict[str, Any]]) -> str:
    """The reliability diagram as SVG: honest confidence lies on the diagonal."""
    left, top, side = 60, 36, 320
    most = max((one["words"] for one in bins), default=0) or 1

    def x(share: float) -> float:
        return left + share * side

    def y(share: float) -> float:
        return top + (1 - share) * side

    parts = [
        f'<line x1="{x(0):.0f}" x2="{x(1):.0f}" y1="{y(share):.1f}" y2="{y(share):.1f}" '
        'stroke="var(--line)"/>'
        f'<text x="{left - 8}" y="{y(share) + 4:.1f}" text-anchor="end">'
        f"{100 * share:.0f} %</text>"
        f'<text x="{x(share):.1f}" y="{top + side + 20}" text-anchor="middle">'
        f"{100 * share:.0f} %</text>"
        for share in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
    ]
    parts.append(
        f'<line x1="{x(0):.0f}" y1="{y(0):.0f}" x2="{x(1):.0f}" y2="{y(1):.0f}" '
        'stroke="var(--ink)" stroke-dasharray="5 5"/>'
    )
    for one in bins:
        if not one["words"]:
            continue
        low, high = one["interval"]
        size = 3 + 6 * (one["words"] / most) ** 0.5
        at = x(one["mean"])
        parts.append(
            f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{y(low):.1f}" y2="{y(high):.1f}" '
            'stroke="var(--mark)" stroke-width="2"/>'
            f'<circle cx="{at:.1f}" cy="{y(one["share_right"]):.1f}" r="{size:.1f}" '
            'fill="var(--mark)"/>'
        )
    return (
        f'<svg viewBox="0 0 420 {top + side + 50}" width="420" role="img" '
        'aria-labelledby="rel-title rel-desc">'
        '<title id="rel-title">Reliability of word confidence</title>'
        '<desc id="rel-desc">Share of words that are right against their confidence; points on '
        "the dashed diagonal are honest. The table below holds the same figures.</desc>"
        + "".join(parts)
        + f'<text x="{left + side / 2:.0f}" y="{top + side + 42}" text-anchor="middle">'
        'confidence</text><text x="14" y="14">words that are right</text></svg>\n'
    )


def _clips(report: dict[str, Any]) -> str:
    rows = sorted(report["by_clip"], key=lambda one: -(one["wer"] or 0))
    shown = any("reference" in one for one in rows)
    heads = ["Recording", "Condition", "Group", "Seconds", "Words", "Error rate", "Words heard"]
    words = 3
    cells = [
        [
            one.get("clip", str(one["number"])),
            *(one["condition"], one["group"], f"{one['audio_s']:.1f}", str(one["words"])),
            *(percent(one["wer"]), str(one["heard_words"])),
        ]
        for one in rows
    ]
    text = ""
    if shown:
        said = [
            f"<h3>{escape(str(one['clip']))} ({escape(one['condition'])})</h3>"
            f"<p><strong>Said:</strong> {escape(one['reference']) or '(nothing)'}</p>"
            f"<p><strong>Heard:</strong> {escape(one['hypothesis']) or '(nothing)'}</p>"
            for one in rows
        ]
        text = "\n<h2>What was said and heard</h2>\n" + "\n".join(said)
    note = "" if shown else "<p>Recordings are numbered in the order in which they were read.</p>\n"
    return (
        "<h2>By recording</h2>\n"
        + note
        + table("Recordings, the worst first", heads, cells, words=words)
        + text
    )
