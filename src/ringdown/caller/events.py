"""What others may hear about caller links."""

from typing import ClassVar

from ringdown.caller.views import ConsentView, FixView, LinkView, PageVideo, Share
from ringdown.core.events import Fact, Signal


class ConsentRecorded(Fact):
    """A caller agreed, refused or withdrew; or a person overrode, with a reason."""

    kind: ClassVar[str] = "caller.consent.recorded.v1"
    consent: ConsentView


class LinkChanged(Fact):
    """A link was made, sent, opened, stopped or revoked, or its phone shares something else."""

    kind: ClassVar[str] = "caller.link.changed.v1"
    link: LinkView


class CallerLocated(Fact):
    """A fix of the caller's phone came in."""

    kind: ClassVar[str] = "caller.location.fixed.v1"
    fix: FixView


class PageAlive(Signal):
    """A sign of life of a caller's page, about every two seconds; what it measures of its video."""

    kind: ClassVar[str] = "caller.page.alive.v1"
    link_id: str
    sharing: tuple[Share, ...]
    video: PageVideo | None = None


FACTS: tuple[type[Fact], ...] = (ConsentRecorded, LinkChanged, CallerLocated)
SIGNALS: tuple[type[Signal], ...] = (PageAlive,)
