"""From the bus to the service: it is told that something was said, and asks when it likes."""

from ringdown.assist.service import AssistService
from ringdown.calls.events import CallEnded
from ringdown.core.events import FactRecord
from ringdown.runtime.bus import Bus
from ringdown.speech.events import UtteranceFinalised

NAME = "assist"


def subscribe(bus: Bus, service: AssistService) -> None:
    """Have the service know of every finished utterance, and of calls that end; neither waits."""

    async def heard(record: FactRecord) -> None:
        if record.fact.call_id is not None:
            service.heard(record.fact.centre_id, record.fact.call_id)

    async def ended(record: FactRecord) -> None:
        if record.fact.call_id is not None:
            service.ended(record.fact.centre_id, record.fact.call_id)

    bus.subscribe(UtteranceFinalised, heard, name=NAME)
    bus.subscribe(CallEnded, ended, name=NAME)
