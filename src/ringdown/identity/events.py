"""What identity tells others, at once and without keeping it."""

from typing import ClassVar, Literal

from ringdown.core.events import Signal


class SessionsEnded(Signal):
    """These sessions are over: whoever holds a connection for one closes it now."""

    kind: ClassVar[str] = "identity.sessions.ended.v1"
    session_ids: list[str]


class ClientStopped(Signal):
    """An API client was disabled, or given a new secret: what it has open by a token ends now.

    Told at once on this server, and on others within seconds; hearing it twice is normal. What a
    client is owed (a queued delivery) ends only if `why` is disabled.
    """

    kind: ClassVar[str] = "identity.client.stopped.v1"
    client_id: str
    why: Literal["disabled", "rotated"]
