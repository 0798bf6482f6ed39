"""What speech does when recordings begin and end."""

from collections.abc import Callable
from typing import cast

from ringdown.core.events import FactRecord
from ringdown.media.events import LegCompleted, LegOpened
from ringdown.runtime.bus import Bus
from ringdown.speech.api import LegRef, Listening

FoldersOf = Callable[[str, str], tuple[str, ...]]
"""Which folders may hold files of a call: `media.api.Recordings.folders_of`."""


def subscribe(bus: Bus, lane: Listening, folders_of: FoldersOf) -> None:
    """Every leg that is recorded is turned into words, to its last sample."""

    async def on_opened(record: FactRecord) -> None:
        fact = cast("LegOpened", record.fact)
        call_id = fact.call_id
        assert call_id is not None, "a leg belongs to a call"
        await lane.follow(
            LegRef(
                centre_id=fact.centre_id,
                call_id=call_id,
                leg_id=fact.leg.leg_id,
                side=fact.leg.side,
                start_ms=fact.leg.start_ms,
                folders=folders_of(fact.centre_id, call_id),
            )
        )

    async def on_completed(record: FactRecord) -> None:
        fact = cast("LegCompleted", record.fact)
        await lane.end(fact.centre_id, fact.leg_id)

    bus.subscribe(LegOpened, on_opened, name="speech")
    bus.subscribe(LegCompleted, on_completed, name="speech")
