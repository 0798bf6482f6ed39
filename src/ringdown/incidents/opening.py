"""Opening the extractor that the settings name. For the composition root."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import cast

from ringdown.core.plugins import config_of, load_plugin
from ringdown.incidents.ports import EXTRACTOR_GROUP, Extractor
from ringdown.incidents.settings import ExtractorSettings
from ringdown.incidents.several import SeveralExtractors
from ringdown.runtime.tasks import describe
from ringdown.runtime.telemetry import get_logger


@asynccontextmanager
async def open_extractor(settings: ExtractorSettings) -> AsyncGenerator[Extractor, None]:
    """The extractor named, and those that listen beside it. Raises BadConfig."""
    log = get_logger("incidents")

    def failed(name: str, error: Exception) -> None:
        log.error(
            "an extractor failed and is left out of this call", plugin=name, **describe(error)
        )

    async with AsyncExitStack() as stack:

        async def opened(name: str, options: Mapping[str, object]) -> Extractor:
            plugin = load_plugin(EXTRACTOR_GROUP, name)
            says = "the options of the extractor cannot be used"
            made = plugin.open(config_of(plugin, options, says, plugin=name))
            return cast("Extractor", await stack.enter_async_context(made))

        first = await opened(settings.plugin, settings.options)
        beside = [(one.plugin, await opened(one.plugin, one.options)) for one in settings.beside]
        yield SeveralExtractors(first, beside, failed) if beside else first
