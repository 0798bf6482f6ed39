"""What others may hear about responder links."""

from typing import ClassVar

from ringdown.core.events import Fact
from ringdown.responders.views import ResponderLinkView


class ResponderLinkChanged(Fact):
    """A link for the field was made, opened, revoked or ran out."""

    kind: ClassVar[str] = "responders.link.changed.v1"
    link: ResponderLinkView


FACTS: tuple[type[Fact], ...] = (ResponderLinkChanged,)
