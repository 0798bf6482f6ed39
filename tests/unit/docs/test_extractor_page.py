"""The extractor that a page shows keeps the contract that the page speaks of."""

import re
from types import SimpleNamespace

from tests.tool import ROOT

from ringdown.incidents.ports import Extractor
from ringdown.testing.extractor import ExtractorContract

PAGE = ROOT / "docs" / "how-to" / "write-an-extractor.md"


def shown() -> SimpleNamespace:
    """What the page's first sample defines."""
    code = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert code is not None
    names: dict[str, object] = {"__name__": "my_package"}
    exec(compile(code[1], PAGE.name, "exec"), names)
    return SimpleNamespace(**names)


class TestHarbour(ExtractorContract):
    """As the page says, on the sample as it stands there."""

    def extractor(self) -> Extractor:
        page = shown()
        return page.Harbour(page.HarbourConfig(berths=("juniper",)))


async def test_the_plugin_of_the_page_opens() -> None:
    """The entry point that the page names gives an extractor."""
    page = shown()
    async with page.plugin.open(page.HarbourConfig()) as extractor:
        assert extractor.open()
