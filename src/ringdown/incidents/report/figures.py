"""The report of judged calls: shares with 95 % intervals, operating points, confusion. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any, Final

from ringdown.incidents.report.judge import Judged
from ringdown.incidents.types import CATEGORIES, LEVELS

Z: Final = 1.96
POINTS: Final = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)


@dataclass(frozen=True)
class Figure:
    """A question of the report: told as a miss where a miss is what matters."""

    name: str
    label: str
    miss: bool
    bar: float | None


FIGURES: Final = (
    Figure("emergency", "Emergency taken for no emergency", miss=True, bar=0.02),
    Figure("critical", "Critical not called critical", miss=True, bar=0.05),
    Figure("no_place_invented", "Place invented where none is given", miss=True, bar=0.03),
    Figure("no_callback_invented", "Call-back invented where none is given", miss=True, bar=None),
    Figure("category", "Category of seven right", miss=False, bar=0.8),
    Figure("no_emergency", "No emergency, and said so", miss=False, bar=0.6),
    Figure("place", "Place: number exact, street alike", miss=False, bar=0.75),
    Figure("incident_type", "Type right", miss=False, bar=None),
    Figure("severity", "Severity right", miss=False, bar=None),
    Figure("not_critical", "Not critical, and not called so", miss=False, bar=None),
    Figure("victims", "Number of victims right", miss=False, bar=None),
    Figure("callback", "Call-back number right", miss=False, bar=None),
    Figure("cites", "Every field cites its words", miss=False, bar=1.0),
    Figure("holds", "Words cited hold place, number and count", miss=False, bar=1.0),
)
"""What is asked, misses first."""


def report(judged: Sequence[Judged], about: dict[str, Any]) -> dict[str, Any]:
    """Everything a page shows, and other tools read."""
    conditions = dict.fromkeys(one.condition for one in judged)
    return {
        **about,
        "calls": len({one.id for one in judged}),
        "conditions": [
            {
                "condition": condition,
                "figures": figures([one for one in judged if one.condition == condition]),
                "operating": operating(
                    [one for one in judged if one.condition == condition], about.get("emergency_at")
                ),
            }
            for condition in conditions
        ],
        "operating": operating(judged, about.get("emergency_at")),
        "calibration": calibration(judged),
        "confusion": {
            "category": _confusion([one.category for one in judged], CATEGORIES),
            "severity": _confusion([one.severity for one in judged], LEVELS),
        },
        "worst": _worst(judged),
    }


def figures(judged: Sequence[Judged]) -> list[dict[str, Any]]:
    """Each question that was asked, with its 95 % interval (Wilson)."""
    made: list[dict[str, Any]] = []
    for figure in FIGURES:
        answers = [one.answers[figure.name] for one in judged if figure.name in one.answers]
        if not answers:
            continue
        right, total = sum(answers), len(answers)
        count = total - right if figure.miss else right
        share = count / total
        met = None
        if figure.bar is not None:
            met = share <= figure.bar if figure.miss else share >= figure.bar
        made.append(
            {
                "name": figure.name,
                "label": figure.label,
                "miss": figure.miss,
                "count": count,
                "total": total,
                "share": round(share, 4),
                "interval": [round(bound, 4) for bound in wilson(count, total)],
                "bar": figure.bar,
                "met": met,
            }
        )
    return made


def wilson(count: int, total: int) -> tuple[float, float]:
    """The 95 % interval of a share counted as `count` of `total`."""
    if not total:
        return 0.0, 1.0
    share = count / total
    middle = share + Z * Z / (2 * total)
    half = Z * sqrt(share * (1 - share) / total + Z * Z / (4 * total * total))
    scale = 1 + Z * Z / total
    return max((middle - half) / scale, 0.0), min((middle + half) / scale, 1.0)


def operating(judged: Sequence[Judged], at: float | None = None) -> list[dict[str, Any]]:
    """What is missed, and what is seen to be none, at each operating point; `at` is in use."""
    known = [one.danger for one in judged if one.danger is not None]
    danger = [share for emergency, share in known if emergency]
    none = [share for emergency, share in known if not emergency]
    points: list[float] = sorted({*POINTS, *(() if at is None else (at,))})
    made: list[dict[str, Any]] = []
    for point in points:
        missed = sum(share < point for share in danger)
        seen = sum(share < point for share in none)
        made.append(
            {
                "at": point,
                "used": point == at,
                "missed": missed,
                "emergencies": len(danger),
                "missed_interval": [round(each, 4) for each in wilson(missed, len(danger))],
                "seen": seen,
                "no_emergencies": len(none),
                "seen_interval": [round(each, 4) for each in wilson(seen, len(none))],
            }
        )
    return made


def calibration(judged: Sequence[Judged]) -> list[dict[str, Any]]:
    """How often an answer of such a confidence is right."""
    pairs = [pair for one in judged for pair in one.sureness]
    made: list[dict[str, Any]] = []
    for low in (0.0, 0.5, 0.7, 0.8, 0.9):
        high = {0.0: 0.5, 0.5: 0.7, 0.7: 0.8, 0.8: 0.9, 0.9: 1.01}[low]
        inside = [right for sure, right in pairs if low <= sure < high]
        if inside:
            interval = [round(bound, 4) for bound in wilson(sum(inside), len(inside))]
            made.append(
                {
                    "low": low,
                    "high": min(high, 1.0),
                    "answers": len(inside),
                    "right": sum(inside),
                    "interval": interval,
                }
            )
    return made


def _confusion(
    pairs: Sequence[tuple[str, str] | None], names: Sequence[str]
) -> list[dict[str, Any]]:
    """For each label what the draft said, by number of calls."""
    counted = Counter(pair for pair in pairs if pair is not None)
    return [
        {
            "label": label,
            "said": {
                said: counted[label, said] for said in (*names, "unknown") if counted[label, said]
            },
        }
        for label in names
        if any(wanted == label for wanted, _ in counted)
    ]


_GRAVE: Final = {"emergency": 8, "critical": 5, "no_place_invented": 5, "no_callback_invented": 4}


def _worst(judged: Sequence[Judged]) -> list[dict[str, Any]]:
    """The calls with the gravest misses, by id: no words of any call are in a report."""
    found = [
        (sum(_GRAVE.get(name, 1) for name in wrong), one, wrong)
        for one in judged
        if (wrong := [figure.name for figure in FIGURES if one.answers.get(figure.name) is False])
    ]
    found.sort(key=lambda each: (-each[0], each[1].id, each[1].condition))
    return [
        {"id": one.id, "condition": one.condition, "missed": wrong} for _, one, wrong in found[:20]
    ]
