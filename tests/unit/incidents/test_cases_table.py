"""The table of short calls of our own: each row through the whole rule session."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from ringdown.incidents.adapters.rules import RuleExtractor
from ringdown.incidents.cues import CUE_KINDS
from ringdown.incidents.ports import Extracted
from ringdown.incidents.report.lines import read_calls
from ringdown.incidents.types import BY_CODE, CATEGORIES

DATA = Path(__file__).resolve().parents[2] / "data" / "cases.jsonl"
PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "cues.md"
FEWEST: Final = 400
KNOWN: Final = {
    "negation-19": "a boat that drifts is read as people in the water, whoever did not fall in",
}
"""Rows that the rules do not get right yet, each with what is missing. They must go on failing."""


@dataclass(frozen=True)
class Case:
    """A row of the table."""

    id: str
    subject: str
    said: str
    expect: dict[str, Any]
    reason: str


ROWS = [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]
CASES = [
    Case(
        row["id"],
        row["subject"],
        " / ".join(turn["text"] for turn in row["turns"]),
        row["expect"],
        row["reason"],
    )
    for row in ROWS
]
CALLS = {call.id: call for call in read_calls(DATA.read_text(encoding="utf-8").splitlines())}


def heard(case: Case) -> Extracted:
    session = RuleExtractor().open()
    extracted = Extracted()
    for utterance in CALLS[case.id].utterances():
        extracted = session.hear(utterance)
    return extracted


def wrong(case: Case) -> list[str]:
    """What is not as expected."""
    extracted = heard(case)
    said: dict[str, str] = {}
    for proposal in extracted.proposals:
        said.setdefault(proposal.field, proposal.value)
    cues = {cue.kind for cue in extracted.cues}
    expect = case.expect
    checks: dict[str, Callable[[Any], bool]] = {
        "cues": lambda wanted: cues == set(wanted),
        "cues_with": lambda wanted: cues >= set(wanted),
        "type": lambda wanted: said.get("type") in wanted,
        "not_type": lambda wanted: said.get("type") not in wanted,
        "category": lambda wanted: said.get("category") in wanted,
        "emergency": lambda wanted: (said.get("emergency") != "no") == wanted,
        "victims": lambda wanted: said.get("victims") == wanted,
        "location": lambda wanted: said.get("location") == wanted,
    }
    return [
        f"{name}: wanted {wanted}, said {said}, cues {sorted(cues)}"
        for name, wanted in expect.items()
        if not checks[name](wanted)
    ]


@pytest.mark.parametrize(
    "case", [each for each in CASES if each.id not in KNOWN], ids=lambda case: case.id
)
def test_a_short_call_is_read_as_its_row_says(case: Case) -> None:
    """Type, emergency and signs of danger are as the row expects."""
    assert wrong(case) == [], f"{case.said}: {case.reason}"


@pytest.mark.parametrize("case_id", sorted(KNOWN))
def test_what_is_known_to_fail_still_fails(case_id: str) -> None:
    """A row that has come right is taken off the list."""
    assert wrong(next(each for each in CASES if each.id == case_id))


def test_the_table_is_large_and_every_row_has_a_reason() -> None:
    """Ids are unique, and what is expected exists."""
    assert len({each.id for each in CASES}) == len(CASES) >= FEWEST
    assert len({each.said for each in CASES}) == len(CASES)
    for each in CASES:
        assert each.reason
        assert each.expect
        assert set(each.expect.get("cues", [])) <= set(CUE_KINDS)
        assert set(each.expect.get("cues_with", [])) <= set(CUE_KINDS)
        assert set(each.expect.get("type", [])) <= set(BY_CODE)
        assert set(each.expect.get("not_type", [])) <= set(BY_CODE)
        assert set(each.expect.get("category", [])) <= set(CATEGORIES)


def test_the_page_counts_the_cases() -> None:
    """The reference names every subject with as many cases as there are."""
    page = PAGE.read_text(encoding="utf-8")
    for subject in {each.subject for each in CASES}:
        count = sum(each.subject == subject for each in CASES)
        assert f"| {subject} | {count} |" in page
    assert f"| **all** | **{len(CASES)}** |" in page


def test_every_cue_of_the_table_cites_what_was_said() -> None:
    """The quote stands at those words, and no cue is surer than one can be."""
    for case in CASES:
        by_id = {each.utterance_id: each for each in CALLS[case.id].utterances()}
        for cue in heard(case).cues:
            assert cue.evidence
            assert 0 < cue.confidence <= 1
            for cited in cue.evidence:
                words = by_id[cited.utterance_id].words[cited.word_from : cited.word_to + 1]
                assert cited.quote == " ".join(word.word for word in words)
