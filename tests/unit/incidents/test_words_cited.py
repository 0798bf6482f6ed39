"""What is said of people and vehicles stands in the words that are cited."""

import json
import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from tests.unit.incidents import test_persons_said, test_vehicles_said
from tests.unit.incidents.scene import extracted

from ringdown.incidents.model import FieldName
from ringdown.incidents.ports import Proposal

SCRIPTS = Path(__file__).parents[2] / "data" / "scripted_calls.jsonl"
OURS = {"he", "she", "caller", "named", "plate", "part", "of", "unconfirmed", "the", "caller's"}
"""Words that are put beside what was said."""


def unsaid(proposals: Iterable[Proposal], *fields: FieldName) -> list[str]:
    """Words of a value that nobody is cited with."""
    missing: list[str] = []
    for found in proposals:
        if found.field not in fields:
            continue
        cited = re.findall(r"[a-z0-9']+", " ".join(e.quote for e in found.evidence).lower())
        said = {word.removesuffix("'s").strip("'") for word in cited}
        for word in re.findall(r"[a-z0-9']+", found.value.lower()):
            bare = word.removesuffix("'s").strip("'")
            if word not in OURS and bare not in said and "plate" not in found.value:
                missing.append(word)
    return missing


def scripts() -> list[str]:
    sides = {"call_taker": "T", "caller": "C"}
    calls = [json.loads(line) for line in SCRIPTS.read_text(encoding="utf-8").splitlines()]
    return [
        " | ".join(f"{sides.get(t['speaker'], 'C')}: {t['text']}" for t in call["turns"])
        for call in calls
    ]


@pytest.mark.parametrize("script", [row[0] for row in test_persons_said.ROWS])
def test_persons_are_described_in_words_that_were_said(script: str) -> None:
    """Nothing is added."""
    assert unsaid(extracted(script).proposals, "persons") == []


@pytest.mark.parametrize("script", [row[0] for row in test_vehicles_said.ROWS])
def test_vehicles_are_described_in_words_that_were_said(script: str) -> None:
    """Nothing is added; a plate is read from what was spelled."""
    assert unsaid(extracted(script).proposals, "vehicles") == []


def test_so_are_they_in_whole_calls() -> None:
    """On every call of our own."""
    wrong = [
        script for script in scripts() if unsaid(extracted(script).proposals, "persons", "vehicles")
    ]
    assert wrong == []
