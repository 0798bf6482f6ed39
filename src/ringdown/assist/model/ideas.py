"""Values that a language model proposes for fields: checked as its sentences are. Pure."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from ringdown.assist.model.answer import Idea
from ringdown.assist.model.checker import Line, Reason, check, cleaned, evidence_of, well_formed
from ringdown.assist.model.orders import is_order
from ringdown.assist.model.prompt import FIELDS
from ringdown.assist.model.words import FUNCTION, read
from ringdown.incidents.api import INCIDENT_TYPES, LEVELS
from ringdown.redaction.api import TOKEN

CODES: Final[Mapping[str, frozenset[str]]] = {
    "emergency": frozenset({"yes", "no"}),
    "category": frozenset(kind.category for kind in INCIDENT_TYPES),
    "type": frozenset(kind.code for kind in INCIDENT_TYPES),
    "severity": frozenset(LEVELS),
    "relation": frozenset(
        [
            "self",
            "relative",
            "witness",
            "bystander",
            "passer_by",
            "employee",
            "officer",
            "alarm_company",
            "other",
        ]
    ),
}
"""Fields whose values are chosen, not said: no words can bear them out."""


def check_idea(idea: Idea, lines: Mapping[int, Line]) -> tuple[Reason, ...]:
    """Why a proposal must not show; empty if it may."""
    if idea.field not in FIELDS:
        return ("value",)
    if idea.field in CODES:
        return _chosen(idea, lines)
    value = cleaned(idea.value)
    if idea.field == "callback_number":
        if not re.fullmatch(r"\[PHONE_[0-9]+\]", value):
            return ("value",)
        return check(f"Call back at {value}.", idea.cites, lines)
    if idea.field == "victims" and value.isdecimal():
        return check(f"{value} victims.", idea.cites, lines)
    if value.casefold() in {"none", "no", "unknown"}:
        # That there is none has to be said of the very thing.
        return ("value",)
    if not well_formed(value):
        return ("form",)
    return check(value, idea.cites, lines) or _every_word(value, idea.cites, lines)


def _chosen(idea: Idea, lines: Mapping[int, Line]) -> tuple[Reason, ...]:
    if idea.value not in CODES[idea.field]:
        return ("value",)
    if not idea.cites:
        return ("no_citation",)
    if any(cite not in lines for cite in idea.cites):
        return ("unknown_citation",)
    # No words can bear a choice out: nobody on the call may have had a hand in it.
    if any(is_order(line.text) for line in lines.values()):
        return ("instruction",)
    return ()


def _every_word(value: str, cites: Sequence[int], lines: Mapping[int, Line]) -> tuple[Reason, ...]:
    evidence = evidence_of(cites, lines)
    stems = {word.stem for word in evidence.words} | {word.text for word in evidence.words}
    for word in read(TOKEN.sub("", value)):
        said = word.text in FUNCTION or word.stem in stems or word.text in stems
        if not said and word.term is None and not word.text[0].isdigit():
            return ("unsupported",)
    return ()
