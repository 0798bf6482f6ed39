"""The bundled rules keep the contract of extractors."""

from ringdown.core.plugins import load_plugin
from ringdown.incidents.adapters.rules import RuleExtractor, RulesSettings, plugin
from ringdown.incidents.ports import EXTRACTOR_GROUP, Extractor
from ringdown.testing.extractor import CALL, ExtractorContract, dialogue, hear_all


class TestRules(ExtractorContract):
    """The contract, on the rules."""

    def extractor(self) -> Extractor:
        return RuleExtractor()


def test_the_entry_point_names_the_rules() -> None:
    """Settings that say `rules` get the rules."""
    assert load_plugin(EXTRACTOR_GROUP, "rules") is plugin


async def test_the_plugin_opens_an_extractor() -> None:
    """Opening needs nothing and gives sessions that propose."""
    async with plugin.open(RulesSettings()) as extractor:
        assert hear_all(extractor.open(), dialogue(CALL))
