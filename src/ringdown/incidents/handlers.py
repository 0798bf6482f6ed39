"""From the bus to the service: what was said goes into the draft."""

from ringdown.calls.events import CallChanged, CallEnded, CallStarted
from ringdown.core.events import FactRecord
from ringdown.incidents.service import IncidentService
from ringdown.runtime.bus import Bus
from ringdown.speech.events import UtteranceFinalised

NAME = "incidents"
"""The subscription's name: one, so that utterances and the call's end keep their order."""


def subscribe(bus: Bus, service: IncidentService) -> None:
    """Have the service hear every finished utterance, know where the network says the caller is,
    and let go of calls that end.
    """

    async def heard(record: FactRecord) -> None:
        fact = record.fact
        assert isinstance(fact, UtteranceFinalised)
        await service.hear(fact.centre_id, fact.utterance.call_id, fact.utterance)

    async def changed(record: FactRecord) -> None:
        fact = record.fact
        assert isinstance(fact, CallStarted | CallChanged)
        if fact.call.ali is not None:
            await service.locate(fact.centre_id, fact.call.call_id)

    async def ended(record: FactRecord) -> None:
        if record.fact.call_id is not None:
            service.forget(record.fact.centre_id, record.fact.call_id)

    bus.subscribe(UtteranceFinalised, heard, name=NAME)
    bus.subscribe(CallStarted, changed, name=NAME)
    bus.subscribe(CallChanged, changed, name=NAME)
    bus.subscribe(CallEnded, ended, name=NAME)
