"""What identity tells others, at once and without keeping it."""

from typing import ClassVar

from ringdown.core.events import Signal


class SessionsEnded(Signal):
    """These sessions are over: whoever holds a connection for one closes it now."""

    kind: ClassVar[str] = "identity.sessions.ended.v1"
    session_ids: list[str]
