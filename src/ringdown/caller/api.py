"""What other features may ask of caller links."""

from ringdown.caller.views import (
    LANGUAGES,
    SHARES,
    ConsentView,
    FixView,
    Language,
    LinkState,
    LinkView,
    Outcome,
    Share,
    Via,
)

__all__ = [
    "LANGUAGES",
    "SHARES",
    "ConsentView",
    "FixView",
    "Language",
    "LinkState",
    "LinkView",
    "Outcome",
    "Share",
    "Via",
]
