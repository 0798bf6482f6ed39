"""What media does when calls change."""

from typing import cast

from ringdown.calls.events import CallEnded
from ringdown.core.events import FactRecord
from ringdown.media.service import MediaService
from ringdown.runtime.bus import Bus


def subscribe(bus: Bus, service: MediaService) -> None:
    """A call that has ended, by whatever way, takes no more audio and is sealed."""

    async def on_ended(record: FactRecord) -> None:
        fact = cast("CallEnded", record.fact)
        await service.end_call(fact.call.call_id)

    bus.subscribe(CallEnded, on_ended, name="media")
