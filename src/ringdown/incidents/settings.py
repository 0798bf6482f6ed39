"""Settings of incidents: what fills in their drafts."""

from typing import Any

from pydantic import Field

from ringdown.runtime.settings import Section


class BesideSettings(Section):
    """One more plugin that listens."""

    plugin: str = Field(description="Plugin of the group ringdown.extractor.")
    options: dict[str, Any] = Field(
        default_factory=dict, description="Settings of that plugin, as its page describes."
    )


class ExtractorSettings(Section):
    """What fills in the draft of an incident."""

    plugin: str = Field(
        default="rules", description="Plugin of the group ringdown.extractor that listens."
    )
    options: dict[str, Any] = Field(
        default_factory=dict, description="Settings of that plugin, as its page describes."
    )
    beside: list[BesideSettings] = Field(
        default_factory=list[BesideSettings],
        description="Plugins of the same group that listen beside it; one that fails is left out.",
    )
