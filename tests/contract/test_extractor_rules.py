"""The bundled rules keep the contract of extractors."""

import pytest

from ringdown.core.errors import BadConfig
from ringdown.core.plugins import load_plugin
from ringdown.incidents.adapters.rules import RuleExtractor, RulesSettings, plugin
from ringdown.incidents.opening import open_extractor
from ringdown.incidents.ports import EXTRACTOR_GROUP, Extractor
from ringdown.incidents.settings import ExtractorSettings
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


@pytest.mark.parametrize("beside", [False, True])
async def test_options_that_it_does_not_take_are_a_setting_to_correct(beside: bool) -> None:
    """The application says which, and does not start."""
    wrong = {"plugin": "rules", "options": {"emergency_at": "soon"}}
    settings = ExtractorSettings.model_validate({"beside": [wrong]} if beside else wrong)
    with pytest.raises(BadConfig) as caught:
        async with open_extractor(settings):
            pass
    assert caught.value.details == {"plugin": "rules", "keys": ["emergency_at"]}
