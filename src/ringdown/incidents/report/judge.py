"""A draft against what people say is true of the call: each question right, wrong or not asked.

Labels that a call lacks are not asked. Labels: `category`, `emergency`, `severity` (`none` counts
as `low`), `incident_type`, `location_text` (null where the caller gives none), `victims` with
`count`, and `callback`.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ringdown.incidents.adapters.rules.lexicon import DIRECTIONS, SUFFIXES
from ringdown.incidents.report.lines import WrittenCall
from ringdown.incidents.report.support import holds_count, holds_digits, holds_place

Fields = Mapping[str, dict[str, Any] | None]
_SAME: Final = {short: long.lower() for short, long in (SUFFIXES | DIRECTIONS).items()}
_ORDINALS: Final = {
    "first": "1st",
    "second": "2nd",
    "third": "3rd",
    "fourth": "4th",
    "fifth": "5th",
    "sixth": "6th",
    "seventh": "7th",
    "eighth": "8th",
    "ninth": "9th",
    "tenth": "10th",
}
_LEFT_OUT: Final = frozenset(["the", "at", "in", "on", "of", "and", "near", "a"])


@dataclass(frozen=True)
class Judged:
    """One call judged: for each question asked, whether the draft answers it rightly."""

    id: str
    condition: str
    answers: dict[str, bool]
    category: tuple[str, str] | None
    severity: tuple[str, str] | None
    danger: tuple[bool, float] | None
    """Whether it is an emergency, and the share of danger that was heard."""
    sureness: tuple[tuple[float, bool], ...]
    """Confidence of each answer that could be right or wrong, and whether it was."""


def judge(call: WrittenCall, fields: Fields, danger: float) -> Judged:
    """What the draft gets right."""
    labels = call.labels
    answers: dict[str, bool] = {}
    sureness: list[tuple[float, bool]] = []

    def ask(name: str, field: dict[str, Any] | None, *, right: bool) -> None:
        answers[name] = right
        if field is not None:
            sureness.append((float(field["confidence"]), right))

    category, severity = _said(fields, "category"), _said(fields, "severity")
    wanted = labels.get("category")
    if isinstance(wanted, str):
        ask("category", fields["category"], right=category == wanted)
    kind = labels.get("incident_type")
    if isinstance(kind, str) and labels.get("types") == "ours":
        ask("incident_type", fields["incident_type"], right=_said(fields, "incident_type") == kind)
    emergency = labels.get("emergency")
    if isinstance(emergency, bool):
        said = _said(fields, "emergency")
        name = "emergency" if emergency else "no_emergency"
        ask(name, fields["emergency"], right=(said is not False) if emergency else said is False)
    level = labels.get("severity")
    if isinstance(level, str):
        level = "low" if level == "none" else level
        if level == "critical":
            answers["critical"] = severity == "critical"
        else:
            answers["not_critical"] = severity != "critical"
        ask("severity", fields["severity"], right=severity == level)
    _place(labels, fields, answers)
    _people(labels, fields, answers)
    _evidence(call, fields, answers)
    return Judged(
        call.id,
        call.condition,
        answers,
        (wanted, str(category or "unknown")) if isinstance(wanted, str) else None,
        (level, str(severity or "unknown")) if isinstance(level, str) else None,
        (emergency, danger) if isinstance(emergency, bool) else None,
        tuple(sureness),
    )


def _said(fields: Fields, name: str) -> Any:
    field = fields.get(name)
    return None if field is None else field["value"]


def _place(labels: Mapping[str, Any], fields: Fields, answers: dict[str, bool]) -> None:
    if "location_text" not in labels:
        return
    wanted, field = labels["location_text"], fields["location"]
    if not wanted:
        answers["no_place_invented"] = field is None
        return
    text = str(field["text"]) if field else ""
    same_number = house(str(wanted)) == house(text)
    answers["place"] = same_number and overlap(str(wanted), text) >= 0.8


def _people(labels: Mapping[str, Any], fields: Fields, answers: dict[str, bool]) -> None:
    victims: Any = labels.get("victims")
    wanted_count: Any = victims["count"] if victims and "count" in victims else None
    if isinstance(wanted_count, int):
        field = fields["victims"]
        count: Any = field["count"] if field else 0
        answers["victims"] = count == wanted_count
    if "callback" in labels:
        wanted, said = labels["callback"], _said(fields, "callback")
        if wanted:
            answers["callback"] = said == re.sub(r"\D", "", str(wanted))
        else:
            answers["no_callback_invented"] = said is None


def _evidence(call: WrittenCall, fields: Fields, answers: dict[str, bool]) -> None:
    for name, field in fields.items():
        if field is None:
            continue
        cited = [call.cited(each) for each in field["evidence"]]
        answers["cites"] = answers.get("cites", True) and bool(cited) and all(cited)
        value = field["value"]
        held = True
        if name == "location":
            held = holds_place(field["text"], cited)
        elif name == "callback":
            held = holds_digits(value, cited)
        elif name == "victims" and isinstance(value, int):
            held = holds_count(value, cited)
        if name in {"location", "callback", "victims"}:
            answers["holds"] = answers.get("holds", True) and held


def house(text: str) -> str | None:
    """The first number of a place."""
    found = re.search(r"(?<![\w-])\d{1,6}(?![\w])", text)
    return found.group() if found else None


def overlap(wanted: str, said: str) -> float:
    """How much two names of a place have in common: F1 over their words, numbers left out."""
    left, right = _names(wanted), _names(said)
    if not left or not right:
        return 1.0 if not left and not right else 0.0
    shared = sum((Counter(left) & Counter(right)).values())
    return 2 * shared / (len(left) + len(right))


def _names(text: str) -> list[str]:
    words: list[str] = re.findall(r"[\w']+", text.lower().replace("-", " "))
    return [
        _ORDINALS.get(word, _SAME.get(word, word))
        for word in words
        if not word.isdecimal() and word not in _LEFT_OUT
    ]
