"""A web server that leaves signals to us, so that everything else is stopped in order too."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from typing import ClassVar, Final

import uvicorn

from ringdown.core.errors import Unavailable
from ringdown.runtime.tasks import Tasks

STOP_S: Final = 3


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
async def serving(name: str, config: uvicorn.Config) -> AsyncGenerator[Server, None]:
    """A server that answers for as long as the block lasts. Raises `NotServing`."""
    async with Tasks() as tasks:
        server = Server(config)
        running = tasks.spawn(name, server.serve())
        while not server.started and not running.done():  # noqa: ASYNC110 - uvicorn has no event
            await asyncio.sleep(0.01)
        if running.done():
            raise NotServing(f"the {name} did not start")
        try:
            yield server
        finally:
            server.should_exit = True
            await asyncio.wait([running], timeout=STOP_S)
