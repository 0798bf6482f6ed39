"""Settings of responder links."""

from pydantic import Field

from ringdown.responders.views import ResponderRole, Shown
from ringdown.runtime.settings import Section


class ResponderSettings(Section):
    """Links for responders in the field."""

    minutes: int = Field(default=120, ge=5, le=1440, description="How long a link is good for.")
    shows: tuple[Shown, ...] = Field(
        default=("incident", "location", "text"),
        description="What a responder link may show at all; `video` is off unless named here.",
    )
    shows_by_role: dict[ResponderRole, tuple[Shown, ...]] = Field(
        default_factory=dict[ResponderRole, tuple[Shown, ...]],
        description="What links for a role may show, where that is less than `shows`: "
        '`ems = ["incident", "location"]`.',
    )

    def may_show(self, role: ResponderRole) -> tuple[Shown, ...]:
        """What a link for this role may show."""
        mine = self.shows_by_role.get(role, self.shows)
        return tuple(one for one in self.shows if one in mine)
