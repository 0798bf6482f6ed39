"""What other features may ask of responder links."""

from ringdown.responders.views import (
    SHOWN,
    ResponderLinkState,
    ResponderLinkView,
    ResponderRole,
    Shown,
)

__all__ = [
    "SHOWN",
    "ResponderLinkState",
    "ResponderLinkView",
    "ResponderRole",
    "Shown",
]
