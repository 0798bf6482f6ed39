"""WebSockets that let go of whoever does not read.

A machine that froze keeps its connection and takes nothing. Closing in good order would wait for
it to read what is still unsent, for ever; so such a connection is cut.
"""

import asyncio
from typing import Any, cast

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

STUCK_S = 20.0
"""How long a full send buffer may stay full."""
LINGER_S = 5.0
"""How long the last bytes may take once nobody serves the connection any more."""


class FirmWebSockets(WebSocketsSansIOProtocol):
    """uvicorn's WebSocket protocol with an end for every connection."""

    _stuck: asyncio.TimerHandle | None = None

    def pause_writing(self) -> None:
        """The send buffer is full."""
        super().pause_writing()
        self._stuck = self.loop.call_later(STUCK_S, self._cut)

    def resume_writing(self) -> None:
        """The other side reads again."""
        self._reads()
        super().resume_writing()

    def keepalive_timeout(self) -> None:
        """The other side answers no ping."""
        super().keepalive_timeout()
        self.loop.call_later(LINGER_S, self._cut)

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is over."""
        self._reads()
        super().connection_lost(exc)

    def on_task_complete(self, task: asyncio.Task[None]) -> None:
        """Nobody serves the connection any more."""
        super().on_task_complete(task)
        self.loop.call_later(LINGER_S, self._cut)

    def _reads(self) -> None:
        if self._stuck is not None:
            self._stuck.cancel()
            self._stuck = None

    def _cut(self) -> None:
        """Drop what is unsent; on a connection that is closed already this does nothing."""
        cast("Any", self.transport).abort()
