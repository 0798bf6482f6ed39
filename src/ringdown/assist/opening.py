"""Opening the language model that the settings name, and telling where words go."""

from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from typing import cast

from ringdown.assist.ports import LLM_GROUP, LanguageModel
from ringdown.assist.settings import AssistSettings
from ringdown.audit.api import INSTALLATION, Audit
from ringdown.core.plugins import config_of, load_plugin
from ringdown.core.principal import system
from ringdown.runtime.db import Database
from ringdown.runtime.telemetry import get_logger

OWN = "openai-compatible"


@asynccontextmanager
async def open_model(settings: AssistSettings) -> AsyncGenerator[LanguageModel | None, None]:
    """The model named, opened; None when none is named. Raises BadConfig."""
    if settings.plugin is None:
        yield None
        return
    plugin = load_plugin(LLM_GROUP, settings.plugin)
    if settings.plugin == OWN:
        config = settings.openai_compatible
    else:
        config = config_of(
            plugin, settings.options, "the options of the language model cannot be used"
        )
    async with plugin.open(config) as model:
        yield cast("LanguageModel", model)


async def announce(
    model: LanguageModel | None, database: Database, audit: Audit, centres: Iterable[str]
) -> None:
    """Write into the audit log of each centre that a model is named, and where its words go."""
    if model is None:
        return
    async with database.write() as tx:
        for centre_id in (INSTALLATION, *centres):
            await audit.append(
                tx,
                centre_id=centre_id,
                tag="assist:model:named",
                actor=system(centre_id, "assist"),
                subject=model.info.name,
                details={
                    "host": model.info.host,
                    "set_by": "configuration",
                    "setting": "assist.plugin",
                },
            )
    if model.info.host is not None:
        get_logger("assist").warning("tokens go off this machine", host=model.info.host)
