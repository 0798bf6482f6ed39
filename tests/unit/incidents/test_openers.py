"""What callers say first, in a sentence or less: each tells which kind of help is wanted."""

import json

import pytest
from tests.tool import ROOT

from ringdown.incidents.adapters.rules import RuleExtractor
from ringdown.testing.extractor import dialogue, hear_all

OPENERS = [
    json.loads(line)
    for line in (ROOT / "tests/data/openers.jsonl").read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize("opener", OPENERS, ids=lambda opener: opener["text"][:60])
def test_an_opener_tells_the_category(opener: dict[str, str]) -> None:
    """After the usual question and this answer alone."""
    call = f"T: 911 what is the address of your emergency | C: {opener['text']}"
    proposals = hear_all(RuleExtractor().open(), dialogue(call))
    said = next((each.value for each in proposals if each.field == "category"), "unknown")
    assert said == opener["category"]
