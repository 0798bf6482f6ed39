"""Partners: what they are sent, what they may ask for, and the words they follow live."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from ringdown.composition.foundation import Base
from ringdown.composition.identity import Identity
from ringdown.composition.listening import Listening
from ringdown.composition.phone import Phone
from ringdown.composition.voice import Voice
from ringdown.identity.api import PARTNER_SCOPES
from ringdown.identity.events import ClientStopped
from ringdown.identity.ports import ClientStore
from ringdown.partners.adapters.guarded import OpenGuarded, trust
from ringdown.partners.adapters.vault import AesVault
from ringdown.partners.cable import CableService
from ringdown.partners.cable_streams import Streams
from ringdown.partners.endpoints import EndpointService
from ringdown.partners.links import Links
from ringdown.partners.ports import Partner
from ringdown.partners.pruning import Pruner
from ringdown.partners.sender import Sender, Sending
from ringdown.partners.service import IncidentService
from ringdown.partners.store import SqlDeliveryLedger, SqlEndpointStore, SqlIncidentStore
from ringdown.runtime.db import Tx
from ringdown.runtime.sealed_box import read_key
from ringdown.settings import Settings
from ringdown.speech.events import UtterancePartial


@dataclass(frozen=True)
class Partners:
    """What is there for partners."""

    sender: Sender
    pruner: Pruner
    incidents: IncidentService
    endpoints: EndpointService
    streams: Streams
    cable: CableService


class PartnerCredentials:
    """Credentials with the scope of partners, for those who send to them."""

    def __init__(self, clients: ClientStore) -> None:
        self._clients = clients

    async def partner(self, tx: Tx, centre_id: str, client_id: str) -> Partner | None:
        """The partner's credential of this centre; None if it is none, or not a partner's."""
        client = await self._clients.get(tx, centre_id, client_id)
        if client is None or not client.scopes & PARTNER_SCOPES:
            return None
        return Partner(client_id, centre_id, client.name, not client.disabled)


def build_partners(
    base: Base, identity: Identity, voice: Voice, listening: Listening, phone: Phone
) -> Partners:
    """Webhooks out, the partner API, and transcripts as they are said."""
    settings = base.settings.partners
    partners = PartnerCredentials(identity.means.stores.clients)
    store, ledger = SqlEndpointStore(), SqlDeliveryLedger()
    vault = AesVault(read_key(base.data / "secrets" / "partners.key"))
    open_post = OpenGuarded(base.clock, trust(settings.ca_file))
    sender = Sender(
        base.db,
        store,
        ledger,
        partners=partners,
        open_post=open_post,
        vault=vault,
        audit=base.audit,
        lamps=base.lamps,
        clock=base.clock,
        tasks=base.tasks,
        metrics=base.metrics,
        jitter=base.world.jitter,
        sending=Sending(settings.retry_waits_s, settings.timeout_s, settings.at_once),
    )
    base.bus.on_signal(ClientStopped, sender.client_stopped)
    pruner = Pruner(base.db, ledger, base.clock, keep=timedelta(days=settings.keep_deliveries_days))
    incidents = IncidentService(
        base.db,
        SqlIncidentStore(),
        store,
        ledger,
        partners=partners,
        calls=voice.calls,
        recordings=voice.playback,
        listening=listening.service,
        links=Links(read_key(base.data / "secrets" / "partner-links.key")),
        files=phone.uploads,
        settings=settings,
        address=base.address.for_partners,
        clock=base.clock,
        ids=base.ids,
        on_queued=sender.look,
    )
    incidents.subscribe(base.heard)
    endpoints = EndpointService(
        base.db,
        store,
        ledger,
        partners=partners,
        vault=vault,
        open_post=open_post,
        audit=base.audit,
        clock=base.clock,
        ids=base.ids,
        random_bytes=secrets.token_bytes,
        timeout_s=settings.timeout_s,
        on_changed=sender.changed,
        on_queued=sender.look,
    )
    streams = Streams(
        base.db,
        base.facts,
        voice.transcript,
        voice.calls,
        base.clock,
        base.ids,
        language=spoken_language(base.settings),
    )
    base.bus.on_signal(UtterancePartial, streams.partial)
    cable = CableService(
        base.db,
        streams,
        incidents,
        identity.access_tokens,
        base.audit,
        base.clock,
        base.ids,
        base.metrics,
    )
    base.bus.on_signal(ClientStopped, cable.stopped)
    return Partners(sender, pruner, incidents, endpoints, streams, cable)


def spoken_language(settings: Settings) -> str:
    """The language of callers, as partners are told it: of the engine, and the region's."""
    options = settings.speech.engine_options.get(settings.speech.engine, {})
    return f"{options.get('language') or 'en'}-{settings.partners.phone_region}"
