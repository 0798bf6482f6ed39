"""The bundled extractor: plain rules, deterministic, and silent when nothing was said."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from pydantic import BaseModel, ConfigDict

from ringdown.core.plugins import Plugin
from ringdown.incidents.adapters.rules.session import RuleSession
from ringdown.incidents.ports import ExtractionSession, Extractor


class RulesSettings(BaseModel):
    """The rules have no settings."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class RuleExtractor:
    """Makes rule sessions; holds nothing itself."""

    def open(self) -> ExtractionSession:
        """A session for one call that has heard nothing yet."""
        return RuleSession()


@asynccontextmanager
async def open_rules(_settings: RulesSettings) -> AsyncGenerator[Extractor, None]:
    """Open the rules; there is nothing to load."""
    yield RuleExtractor()


plugin: Plugin[RulesSettings, Extractor] = Plugin("rules", RulesSettings, open_rules)
"""What the entry point `rules` in `ringdown.extractor` names."""
