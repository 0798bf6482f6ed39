"""WebSockets that let go of whoever does not read, and write what is due at once in one piece.

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


GATHER_BYTES = 65_536
"""What is gathered at most before it is written; from about there the transport pushes back."""


class _Gathering:
    """A transport that writes with one system call what it is given in one turn of the loop.

    Twenty facts of one transaction to 200 consoles are then 200 calls and not 4 000.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._pieces: list[bytes] = []
        self._bytes = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        if not self._pieces:
            self._loop.call_soon(self._flush)
        self._pieces.append(data)
        self._bytes += len(data)
        if self._bytes >= GATHER_BYTES:
            self._flush()

    def close(self) -> None:
        self._flush()
        self._transport.close()

    def abort(self) -> None:
        self._pieces.clear()
        self._transport.abort()

    def _flush(self) -> None:
        if self._pieces:
            self._transport.write(b"".join(self._pieces))
            self._pieces.clear()
            self._bytes = 0


class FirmWebSockets(WebSocketsSansIOProtocol):
    """uvicorn's WebSocket protocol with an end for every connection."""

    _stuck: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The handshake is about to be read."""
        super().connection_made(transport)
        self.transport = cast("Any", _Gathering(self.transport, self.loop))

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
        self.transport.abort()
