"""Opening the recognisers that the settings name, for a process that has no event loop.

`speech.engine` names one plugin or several, the preferred first. An engine that listens elsewhere
than in this process always has the bundled one behind it, so that a call is never without words.
"""

import asyncio
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar, Final, cast

from pydantic import BaseModel

from ringdown.core.errors import BadConfig
from ringdown.core.plugins import Plugin, config_of, load_plugin
from ringdown.runtime.clock import SystemClock
from ringdown.speech.adapters.compose import Fallback, Measured
from ringdown.speech.adapters.guard import Checking
from ringdown.speech.adapters.openai_compatible import check_config, read_key
from ringdown.speech.engine_settings import OpenAiCompatibleConfig
from ringdown.speech.ports import ASR_GROUP, AsrEngine
from ringdown.speech.settings import SpeechSettings

BUNDLED: Final = "moonshine"
OVER_HTTP: Final = "openai-compatible"
MARGIN_S: Final = 0.1
"""An engine with a time limit of its own tells better than we do why it was late."""


class EngineConfigWrong(BadConfig):
    """The recogniser does not take the settings given."""

    code = "speech.engine_config_wrong"
    action = "Correct the speech settings; `ringdown config explain` lists them."


class EngineChainWrong(BadConfig):
    """`speech.engine` names no recogniser, or one twice."""

    code: ClassVar[str] = "speech.engine_chain_wrong"
    action: ClassVar[str] = "Name each recogniser once, with commas between, the preferred first."


class EngineUndeclared(BadConfig):
    """A recogniser sends audio away, and its settings do not say where to."""

    code: ClassVar[str] = "speech.engine_undeclared"
    action: ClassVar[str] = "Ask the plugin's author for settings with `audio_goes_to`."


@dataclass(frozen=True)
class Chosen:
    """One engine of the chain, with its settings, before it is opened."""

    name: str
    plugin: Plugin[BaseModel, object]
    config: BaseModel
    deadline_s: float
    added: bool = False
    """Whether it is there without having been named, to stand behind the others."""

    @property
    def goes_to(self) -> str | None:
        """The host that gets the audio; None while it stays on this machine."""
        return getattr(self.config, "audio_goes_to", None)

    @property
    def model(self) -> str | None:
        """The model asked for, if the settings name one."""
        found: object = getattr(self.config, "model", None)
        return found if isinstance(found, str) else None


def chain_of(settings: SpeechSettings) -> tuple[Chosen, ...]:
    """The engines in their order, each with checked settings. Raises BadConfig of some kind."""
    names = [name.strip() for name in settings.engine.split(",")]
    if not all(names) or len(set(names)) != len(names):
        raise EngineChainWrong(
            "speech.engine names no recogniser, or one twice", details={"engine": settings.engine}
        )
    chain = [_choose(name, settings) for name in names]
    elsewhere = [one.goes_to is not None or one.name == OVER_HTTP for one in chain]
    if all(elsewhere):
        chain.append(_choose(BUNDLED, settings, added=True))
    return tuple(chain)


def _choose(name: str, settings: SpeechSettings, *, added: bool = False) -> Chosen:
    plugin = load_plugin(ASR_GROUP, name)
    given: dict[str, Any] = dict(settings.engine_options.get(name, {}))
    if name == OVER_HTTP:
        given = settings.openai_compatible.model_dump() | given
    elif settings.model_folder is not None and "folder" in plugin.config.model_fields:
        given.setdefault("folder", settings.model_folder)
    config = config_of(
        plugin, given, "The recogniser does not take these settings.",
        error=EngineConfigWrong, engine=name,
    )  # fmt: skip
    if isinstance(config, OpenAiCompatibleConfig):
        check_config(config)
        read_key(config)
    own: object = getattr(config, "timeout_s", None)
    deadline_s = own + MARGIN_S if isinstance(own, int | float) else settings.fallback_after_s
    return Chosen(name, plugin, config, deadline_s, added)


@contextmanager
def open_engine(settings: SpeechSettings) -> Generator[AsrEngine, None, None]:
    """The recogniser, for as long as the block lasts. Raises BadConfig of some kind."""
    chain = chain_of(settings)
    clock = SystemClock()
    with ExitStack() as stack:
        runner = stack.enter_context(asyncio.Runner())
        engines = [Measured(_open(one, runner, stack), clock) for one in chain]
        if len(engines) == 1:
            yield engines[0]
            return
        fallback = Fallback(engines, clock, deadlines_s=[one.deadline_s for one in chain[:-1]])
        stack.callback(fallback.close)
        yield fallback


def _open(chosen: Chosen, runner: asyncio.Runner, stack: ExitStack) -> AsrEngine:
    opened = chosen.plugin.open(chosen.config)
    engine = cast("AsrEngine", runner.run(opened.__aenter__()))
    stack.callback(lambda: runner.run(opened.__aexit__(None, None, None)))
    if not engine.capabilities.local and chosen.goes_to is None:
        raise EngineUndeclared(
            "The recogniser sends audio away and does not say where to.",
            details={"engine": chosen.name},
        )
    return engine


def check_engine(chosen: Chosen) -> None:
    """Ask an engine that listens elsewhere whether it is there; no audio is sent.

    Raises EngineFailed, or BadConfig of some kind. One that cannot be asked is taken at its word.
    """
    with ExitStack() as stack:
        engine = _open(chosen, stack.enter_context(asyncio.Runner()), stack)
        if isinstance(engine, Checking):
            engine.check()
