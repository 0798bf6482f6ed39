"""How often one credential may ask."""

from typing import ClassVar

from ringdown.core.clock import Clock
from ringdown.core.errors import Limited
from ringdown.core.principal import Principal
from ringdown.runtime.buckets import Buckets


class TooManyRequests(Limited):
    """The credential asks more often than it may."""

    code: ClassVar[str] = "partners.requests.limited"
    action: ClassVar[str] = "Wait as long as Retry-After says; webhooks tell what has changed."


class RequestLimit:
    """At most so many requests a minute for each credential, all of them at once if need be."""

    def __init__(self, per_minute: int, clock: Clock) -> None:
        self._buckets = Buckets(per_minute, clock)

    def take(self, principal: Principal) -> None:
        """Count one request. Raises `TooManyRequests` saying when to come back."""
        wait = self._buckets.take(principal.id)
        if wait is not None:
            raise TooManyRequests("too many requests", details={"retry_after_s": wait})
