"""The rules are ready before the first call."""

import json
from pathlib import Path

from ringdown.incidents.adapters.rules import RuleExtractor, RulesSettings, open_rules
from ringdown.incidents.adapters.rules.phrases import compiled
from ringdown.testing.extractor import dialogue, extract_all

SCRIPTS = Path(__file__).parents[2] / "data" / "scripted_calls.jsonl"


async def test_hardly_a_pattern_is_made_while_a_caller_speaks() -> None:
    """Opening the rules makes nearly all that our own calls then need."""
    compiled.cache_clear()
    async with open_rules(RulesSettings()) as extractor:
        made = compiled.cache_info().misses
        for line in SCRIPTS.read_text(encoding="utf-8").splitlines()[:30]:
            turns = json.loads(line)["turns"]
            sides = {"call_taker": "T", "caller": "C"}
            said = " | ".join(f"{sides.get(t['speaker'], 'C')}: {t['text']}" for t in turns)
            extract_all(extractor.open(), dialogue(said.replace("|", " | ")))
        info = compiled.cache_info()
    assert info.misses - made < made / 8
    assert info.currsize < (info.maxsize or 0)


async def test_a_rehearsal_leaves_nothing_behind() -> None:
    """A new session has heard nothing."""
    async with open_rules(RulesSettings()) as extractor:
        said = dialogue("C: hello")
        assert extract_all(extractor.open(), said) == extract_all(RuleExtractor().open(), said)
