"""Notices credentials that somebody ended elsewhere: by a command, or on another server.

Who ends one on this server's console is heard at once. A command on the command line, or a server
that shares the database and no bus, only changes a row; so the rows are looked at every second.

A disabled credential is told of once more here, and again and again for some time after a start:
what was just being opened for it, or is taken up again after a crash, ends too. A new secret is
told of once: the partner may be back with it already.
"""

import asyncio
import contextlib
from typing import Final, Literal

from ringdown.core.errors import Unavailable
from ringdown.identity.events import ClientStopped
from ringdown.identity.model import Client
from ringdown.identity.service.means import Means

LOOK_S: Final = 1.0
START_LOOKS: Final = 10
"""For so many looks after the start other parts may still be taking up what they left."""
HEARD_S: Final = 10.0
"""A new secret that was told of within so long before it was noticed is not told of again."""

Why = Literal["disabled", "rotated"]


class StoppedElsewhere:
    """Tells `ClientStopped` for changes that nobody told this server of."""

    def __init__(self, means: Means) -> None:
        self._means = means
        self._known: dict[str, Client] | None = None
        self._heard: dict[str, float] = {}
        self._noticed: list[ClientStopped] = []
        self._looks = 0

    def heard(self, signal: ClientStopped) -> None:
        """A signal went over the bus, perhaps one of ours."""
        if signal.why == "disabled":
            return
        now = self._means.clock.monotonic()
        recent = {key: at for key, at in self._heard.items() if now - at < HEARD_S}
        self._heard = {**recent, signal.client_id: now}

    async def run(self) -> None:
        """Look for ever; while the database is away nothing is concluded."""
        while True:
            with contextlib.suppress(Unavailable):
                await self.look()
            await asyncio.sleep(LOOK_S)

    async def look(self) -> None:
        """Tell what the look before noticed, unless it was heard meanwhile; then look again."""
        told = self._noticed
        self._noticed = []
        for news in told:
            if not self._was_heard(news):
                self._means.signals.signal(news)
        async with self._means.database.read() as tx:
            clients = {each.client_id: each for each in await self._means.stores.clients.all(tx)}
        for client_id, client in clients.items():
            before = None if self._known is None else self._known.get(client_id)
            again = self._looks < START_LOOKS and client.disabled
            why = "disabled" if again else _why(before, client)
            if why is not None:
                news = ClientStopped(centre_id=client.centre_id, client_id=client_id, why=why)
                self._noticed.append(news)
        self._known = clients
        self._looks += 1

    def _was_heard(self, news: ClientStopped) -> bool:
        at = self._heard.get(news.client_id)
        if news.why == "disabled" or at is None:
            return False
        return self._means.clock.monotonic() - at < HEARD_S


def _why(before: Client | None, after: Client) -> Why | None:
    if after.disabled:
        return None if before and before.disabled else "disabled"
    return None if before is None or before.secret_hash == after.secret_hash else "rotated"
