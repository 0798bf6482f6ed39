"""The demo call, started from the console: it arrives like any other, through the media socket."""

from collections.abc import Iterable, Sequence
from typing import ClassVar, Protocol

from ringdown.core.errors import Unavailable
from ringdown.core.events import Value
from ringdown.core.ids import IdSource
from ringdown.core.principal import Principal, system
from ringdown.core.sensitive import Sensitive
from ringdown.demo import load as load_demo
from ringdown.identity.api import Permission
from ringdown.media.api import CallFacts, Replay, Target, load_recording
from ringdown.runtime.http import Caller, Routes
from ringdown.runtime.tasks import Tasks

CLIENT_NAME = "Demo call"
AT_ONCE = 4
"""Demo calls of one centre at the same time."""


class TooManyDemos(Unavailable):
    """Enough demo calls run already."""

    code: ClassVar[str] = "console.demo.too_many"
    action: ClassVar[str] = "Wait until one of them is over."


class NotServingYet(Unavailable):
    """The server does not know its own address yet."""

    code: ClassVar[str] = "console.demo.not_serving"
    action: ClassVar[str] = "Try again in a moment."


class Source(Protocol):
    """A source as identity knows it."""

    @property
    def client_id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def disabled(self) -> bool: ...


class Issued(Protocol):
    """A source with a fresh secret."""

    @property
    def client(self) -> Source: ...
    @property
    def secret(self) -> Sensitive[str]: ...


class Clients(Protocol):
    """What the demo asks of identity: a source of its own in each centre."""

    async def list(self, actor: Principal) -> Sequence[Source]: ...
    async def rotate(self, actor: Principal, client_id: str) -> Issued: ...
    async def add(self, actor: Principal, *, name: str, scopes: Iterable[Permission]) -> Issued: ...


class DemoStarted(Value):
    """The demo call is on its way. `external_id` is how the call list will know it."""

    external_id: str


async def demo_credential(
    clients: Clients, centre_id: str, name: str
) -> tuple[str, Sensitive[str]]:
    """Id and fresh secret of a centre's source of this name; it is added if there is none."""
    actor = system(centre_id, "demo")
    for client in await clients.list(actor):
        if client.name == name and not client.disabled:
            issued = await clients.rotate(actor, client.client_id)
            break
    else:
        issued = await clients.add(actor, name=name, scopes=[Permission.MEDIA_INGEST])
    return issued.client.client_id, issued.secret


class DemoCalls:
    """Runs demo calls of every centre, each centre's with a source of its own."""

    def __init__(self, clients: Clients, tasks: Tasks, ids: IdSource) -> None:
        self._clients = clients
        self._tasks = tasks
        self._ids = ids
        self._address: str | None = None
        self._running: dict[str, int] = {}
        self._targets: dict[str, tuple[str, Sensitive[str]]] = {}

    def serve_at(self, address: str) -> None:
        """Remember where our own media socket is."""
        self._address = address

    async def start(self, principal: Principal) -> DemoStarted:
        """Send the demo call to the media socket. Raises `TooManyDemos`, `NotServingYet`."""
        if self._address is None:
            raise NotServingYet("the server is still starting")
        centre_id = principal.centre_id
        if self._running.get(centre_id, 0) >= AT_ONCE:
            raise TooManyDemos("enough demo calls run already", details={"limit": AT_ONCE})
        demo = load_demo()
        client_id, secret = await self._credential(centre_id)
        external_id = self._ids.new("demo")
        replay = Replay(
            Target(f"{self._address.replace('http', 'ws', 1)}/v1/media/twilio", client_id, secret),
            CallFacts(external_id, Sensitive(demo.ani, "caller.number"), demo=True),
            load_recording([demo.audio]),
        )

        async def run() -> None:
            self._running[centre_id] = self._running.get(centre_id, 0) + 1
            try:
                await replay.run()
            finally:
                self._running[centre_id] -= 1

        self._tasks.spawn("demo call", run())
        return DemoStarted(external_id=external_id)

    async def _credential(self, centre_id: str) -> tuple[str, Sensitive[str]]:
        """The centre's demo source; its secret is fresh with every start of the server."""
        if centre_id not in self._targets:
            self._targets[centre_id] = await demo_credential(self._clients, centre_id, CLIENT_NAME)
        return self._targets[centre_id]


def demo_routes(demo: DemoCalls) -> Routes:
    """The route that starts the demo call."""
    routes = Routes("demo")

    @routes.post("/v1/demo", permission="demo:start", status_code=202)
    async def start(principal: Caller) -> DemoStarted:
        return await demo.start(principal)

    return routes
