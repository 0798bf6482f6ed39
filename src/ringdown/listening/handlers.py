"""What listening does when calls, recordings, clients and sign-ins change."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import cast

from ringdown.calls.events import CallChanged, CallEnded
from ringdown.core.errors import Unavailable
from ringdown.core.events import FactRecord
from ringdown.identity.events import ClientStopped, SessionsEnded
from ringdown.listening.service import ListeningService
from ringdown.media.events import LegCompleted, LegOpened
from ringdown.runtime.bus import Bus
from ringdown.runtime.tasks import Tasks

AGAIN_S = 0.5


def subscribe(bus: Bus, listening: ListeningService, tasks: Tasks) -> None:
    """Workers hear of legs and of the call's end; a credential that is stopped hears no more."""

    async def on_call(record: FactRecord) -> None:
        fact = record.fact
        if fact.call_id is not None:
            await listening.call_changed(fact.centre_id, fact.call_id)

    async def on_completed(record: FactRecord) -> None:
        fact = cast("LegCompleted", record.fact)
        if fact.call_id is not None:
            await listening.leg_complete(
                fact.centre_id, fact.call_id, fact.leg_id, fact.duration_ms
            )

    bus.subscribe(CallChanged, on_call, name="listening")
    bus.subscribe(CallEnded, on_call, name="listening")
    bus.subscribe(LegOpened, on_call, name="listening")
    bus.subscribe(LegCompleted, on_completed, name="listening")

    def on_stopped(signal: ClientStopped) -> None:
        async def close() -> None:
            await listening.close_all_of(signal.centre_id, signal.client_id, f"client_{signal.why}")

        tasks.spawn("listening:client-stopped", _surely(close))

    def on_signed_out(signal: SessionsEnded) -> None:
        async def close() -> None:
            await listening.close_signed_out(signal.session_ids)

        tasks.spawn("listening:signed-out", _surely(close))

    bus.on_signal(ClientStopped, on_stopped)
    bus.on_signal(SessionsEnded, on_signed_out)


async def _surely(close: Callable[[], Awaitable[None]]) -> None:
    """Until the database has taken it: a credential that is stopped must not listen on."""
    while True:
        try:
            return await close()
        except Unavailable:
            await asyncio.sleep(AGAIN_S)
