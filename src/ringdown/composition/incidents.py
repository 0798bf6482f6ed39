"""The agency's map, drafts of incidents, and their way to the CAD."""

from dataclasses import dataclass

from ringdown.cad.adapters.nats_summaries import NatsSummaries
from ringdown.cad.adapters.traced import TracedCad
from ringdown.cad.opening import open_adapter, open_practice_cad, sender_of, zone_of
from ringdown.cad.service import DeliveryService
from ringdown.cad.store import SqlDeliveryStore
from ringdown.composition.foundation import Base
from ringdown.composition.identity import Identity
from ringdown.composition.voice import Voice
from ringdown.incidents import handlers as incident_handlers
from ringdown.incidents.adapters.gazetteer import MapGazetteer
from ringdown.incidents.opening import open_extractor
from ringdown.incidents.service import IncidentService
from ringdown.incidents.store import SqlIncidentStore
from ringdown.streets.service import StreetsService
from ringdown.streets.store import SqlStreetStore


@dataclass(frozen=True)
class Incidents:
    """The map, drafts and deliveries."""

    streets: StreetsService
    drafts: IncidentService
    deliveries: DeliveryService


async def build_incidents(
    base: Base, identity: Identity, voice: Voice, *, practice_cad: bool
) -> Incidents:
    """The agency's map, drafts of incidents, and their way to the CAD."""
    settings, stack = base.settings, base.stack
    streets = StreetsService(base.db, SqlStreetStore(), base.audit, base.clock)
    drafts = IncidentService(
        database=base.db,
        store=SqlIncidentStore(),
        facts=base.facts,
        audit=base.audit,
        calls=voice.calls,
        transcript=voice.transcript,
        extractor=await stack.enter_async_context(open_extractor(settings.extractor)),
        clock=base.clock,
        ids=base.ids,
        gazetteer=MapGazetteer(streets),
    )
    incident_handlers.subscribe(base.heard, drafts)
    cad = settings.cad
    practice = practice_cad and cad.adapter is None
    if practice:
        cad = await stack.enter_async_context(open_practice_cad(base.clock))
        base.step("Practice CAD ready: no CAD of your own is set up")
    adapter = await stack.enter_async_context(open_adapter(cad))
    summaries = None
    if settings.bus.url is not None:
        summaries = NatsSummaries(settings.bus.url)
        stack.push_async_callback(summaries.close)
    deliveries = DeliveryService(
        base.db,
        SqlDeliveryStore(),
        adapter=TracedCad(adapter, base.traces) if adapter and base.traces.on else adapter,
        incidents=drafts,
        calls=voice.calls,
        centres=identity.centres,
        facts=base.facts,
        audit=base.audit,
        lamps=base.lamps,
        clock=base.clock,
        ids=base.ids,
        jitter=base.world.jitter,
        zone=zone_of(cad),
        type_codes=settings.cad.types,
        practice=practice,
        sender=sender_of(settings.cad),
        publisher=summaries,
    )
    deliveries.subscribe(base.heard)
    return Incidents(streets, drafts, deliveries)
