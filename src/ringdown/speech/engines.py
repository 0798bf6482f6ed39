"""Opening the recogniser that the settings name, for a process that has no event loop."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from typing import cast

from pydantic import ValidationError

from ringdown.core.errors import BadConfig
from ringdown.core.plugins import load_plugin
from ringdown.speech.ports import ASR_GROUP, AsrEngine
from ringdown.speech.settings import SpeechSettings


class EngineConfigWrong(BadConfig):
    """The recogniser does not take the settings given."""

    code = "speech.engine_config_wrong"
    action = "Correct the speech settings; `ringdown config explain` lists them."


@contextmanager
def open_engine(settings: SpeechSettings) -> Generator[AsrEngine, None, None]:
    """The recogniser, for as long as the block lasts. Raises BadConfig of some kind."""
    plugin = load_plugin(ASR_GROUP, settings.engine)
    given = {} if settings.model_folder is None else {"folder": settings.model_folder}
    try:
        config = plugin.config.model_validate(given)
    except ValidationError:
        raise EngineConfigWrong(
            "The recogniser does not take these settings.", details={"engine": settings.engine}
        ) from None
    with asyncio.Runner() as runner:
        opened = plugin.open(config)
        engine = runner.run(opened.__aenter__())
        try:
            yield cast("AsrEngine", engine)
        finally:
            runner.run(opened.__aexit__(None, None, None))
