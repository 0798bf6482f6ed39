"""The bundled extractor: plain rules, deterministic, and silent when nothing was said."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from pydantic import BaseModel, ConfigDict, Field

from ringdown.core.plugins import Plugin
from ringdown.incidents.adapters.rules.session import RuleSession
from ringdown.incidents.adapters.rules.triage import EMERGENCY_AT
from ringdown.incidents.adapters.rules.warm import rehearse
from ringdown.incidents.ports import ExtractionSession, Extractor


class RulesSettings(BaseModel):
    """What an agency may set of the rules."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    emergency_at: float = Field(
        default=EMERGENCY_AT,
        ge=0,
        le=1,
        description="Share of danger from which a call is an emergency; lower sends more to a "
        "person. The report card says what is missed at each.",
    )


class RuleExtractor:
    """Makes rule sessions; holds the operating point and nothing of any call."""

    def __init__(self, emergency_at: float = EMERGENCY_AT) -> None:
        self._emergency_at = emergency_at

    def open(self) -> ExtractionSession:
        """A session for one call that has heard nothing yet."""
        return RuleSession(self._emergency_at)


@asynccontextmanager
async def open_rules(settings: RulesSettings) -> AsyncGenerator[Extractor, None]:
    """Open the rules, rehearsed, so that the first call is read as fast as any other."""
    extractor = RuleExtractor(settings.emergency_at)
    rehearse(extractor.open())
    yield extractor


plugin: Plugin[RulesSettings, Extractor] = Plugin("rules", RulesSettings, open_rules)
"""What the entry point `rules` in `ringdown.extractor` names."""
