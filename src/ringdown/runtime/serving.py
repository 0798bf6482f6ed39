"""A web server that leaves signals to us, so that everything else is stopped in order too."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import ClassVar, Final

import uvicorn
from starlette.types import ASGIApp

from ringdown.core.errors import Unavailable
from ringdown.runtime.sockets import FirmWebSockets
from ringdown.runtime.tasks import Tasks

LINGER_S: Final = 1
"""A server is waited for so much longer than its connections have to end."""


class NotServing(Unavailable):
    """A web server did not start: something else has its port."""

    code: ClassVar[str] = "runtime.not_serving"
    action: ClassVar[str] = "Look at which program has the port, or name another."


class Server(uvicorn.Server):
    """A server whose signal handlers are somebody else's."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Leave the signal handlers as they are."""
        yield

    @property
    def port(self) -> int:
        """Where it listens, once it does."""
        return int(self.servers[0].sockets[0].getsockname()[1])


@asynccontextmanager
async def serving(
    name: str,
    app: ASGIApp,
    host: str,
    port: int,
    *,
    certificate: Path | None = None,
    key: Path | None = None,
    stop_s: int = 1,
) -> AsyncGenerator[Server, None]:
    """A server that answers for as long as the block lasts; then connections have `stop_s` to end.

    Raises `NotServing`.
    """
    server = Server(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            ws=FirmWebSockets,
            ws_max_size=1_100_000,
            ws_ping_interval=10,
            ws_ping_timeout=20,
            lifespan="off",
            access_log=False,
            log_config=None,
            server_header=False,
            timeout_graceful_shutdown=stop_s,
            ssl_certfile=certificate,
            ssl_keyfile=key,
        )
    )

    async def serve() -> None:
        # uvicorn would end the whole program when something else has its port.
        with contextlib.suppress(SystemExit):
            await server.serve()

    async with Tasks() as tasks:
        running = tasks.spawn(name, serve())
        while not server.started and not running.done():  # noqa: ASYNC110 - uvicorn has no event
            await asyncio.sleep(0.01)
        if running.done():
            raise NotServing(f"the {name} did not start")
        try:
            yield server
        finally:
            server.should_exit = True
            await asyncio.wait([running], timeout=stop_s + LINGER_S)
