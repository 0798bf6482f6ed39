"""Settings of responder links."""

from pydantic import Field

from ringdown.responders.views import Shown
from ringdown.runtime.settings import Section


class ResponderSettings(Section):
    """Links for responders in the field."""

    minutes: int = Field(default=120, ge=5, le=1440, description="How long a link is good for.")
    shows: tuple[Shown, ...] = Field(
        default=("incident", "location", "text"),
        description="What a responder link may show at all; `video` is off unless named here.",
    )
