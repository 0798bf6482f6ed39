"""Incidents for partners: kept up to date by facts, told by webhooks, read and listened to."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar

import numpy as np

from ringdown.caller.events import CallerLocated
from ringdown.calls.api import Calls, CallView
from ringdown.calls.events import CallChanged, CallEnded, CallStarted
from ringdown.core.clock import Clock
from ringdown.core.errors import NotFound
from ringdown.core.events import FactRecord
from ringdown.core.ids import IdSource
from ringdown.core.principal import Principal
from ringdown.listening.api import Listening, RecordingRemoved, StreamGrant
from ringdown.media.api import LegPlace, Recordings
from ringdown.partners import model
from ringdown.partners.ledger import Delivery, event_name
from ringdown.partners.links import Grant, LinkRefused, Links, expiry
from ringdown.partners.model import EventType, Incident, Media
from ringdown.partners.ports import (
    DeliveryLedger,
    EndpointStore,
    IncidentStore,
    Page,
    Partners,
)
from ringdown.partners.settings import PartnersSettings
from ringdown.runtime.bus import Bus
from ringdown.runtime.db import Database, Tx
from ringdown.uploads.api import CallerFiles, Wrapped
from ringdown.uploads.events import UploadChanged

PIECE_MS = 30_000
SIDES = ("caller", "call_taker")
BYTES_A_MS = 32
"""Two sides of 16-bit samples at 8 kHz."""


class IncidentNotFound(NotFound):
    """No such incident in this centre."""

    code: ClassVar[str] = "partners.incident.not_found"


class MediaNotFound(NotFound):
    """The incident has no such media."""

    code: ClassVar[str] = "partners.media.not_found"


@dataclass(frozen=True)
class Listing:
    """Some incidents as partners see them, and where the list goes on."""

    data: list[dict[str, Any]]
    next_cursor: str | None


@dataclass(frozen=True)
class Recorded:
    """A recording that may be fetched: on whose behalf, and how long it is."""

    principal: Principal
    call_id: str
    media: Media


class IncidentService:
    """The incidents of every centre; implements `partners.api.PartnerIncidents`.

    `address` gives the address under which this server is reached.
    """

    def __init__(
        self,
        db: Database,
        store: IncidentStore,
        endpoints: EndpointStore,
        ledger: DeliveryLedger,
        *,
        partners: Partners,
        calls: Calls,
        recordings: Recordings,
        listening: Listening,
        links: Links,
        settings: PartnersSettings,
        address: Callable[[], str],
        clock: Clock,
        ids: IdSource,
        files: CallerFiles | None = None,
        on_queued: Callable[[list[str]], None] = lambda _endpoints: None,
    ) -> None:
        self._db = db
        self._store = store
        self._endpoints = endpoints
        self._ledger = ledger
        self._partners = partners
        self._calls = calls
        self._recordings = recordings
        self._listening = listening
        self._links = links
        self._settings = settings
        self._address = address
        self._clock = clock
        self._ids = ids
        self._files = files
        self._on_queued = on_queued

    # ---- kept up to date

    def subscribe(self, bus: Bus) -> None:
        """Hear of calls."""
        for kind in (CallStarted, CallChanged, CallEnded):
            bus.subscribe(kind, self.on_call, name="partners")
        bus.subscribe(CallerLocated, self.on_fix, name="partners")
        bus.subscribe(UploadChanged, self.on_upload, name="partners")

    async def on_call(self, record: FactRecord) -> None:
        """Bring an incident up to date and queue what there is to tell, in one transaction.

        Heard again, a fact changes nothing: the incident knows how far it has come.
        """
        fact = record.fact
        assert isinstance(fact, (CallStarted, CallChanged, CallEnded)), "what was subscribed to"
        if not await self._news(record, fact.call):
            return
        async with self._db.write() as tx:
            before = await self._before(tx, fact.centre_id, fact.call.call_id)
            after, events = self._after(before, record, fact.call)
            if after == before or (before is not None and not events):
                return
            await self._store.save(tx, after)
            await self._tell(tx, before, after, record.event_id, events)

    async def on_fix(self, record: FactRecord) -> None:
        """A fix of the caller's phone is the incident's newest location."""
        fact = record.fact
        assert isinstance(fact, CallerLocated), "what was subscribed to"
        await self._on_phone(
            record,
            fact.fix.call_id,
            lambda before: model.located(before, fact.fix, position=record.position, at=record.at),
        )

    async def on_upload(self, record: FactRecord) -> None:
        """A caller's file that was looked at belongs to the incident, if partners may have it."""
        fact = record.fact
        assert isinstance(fact, UploadChanged), "what was subscribed to"
        if self._settings.caller_files:
            await self._on_phone(
                record,
                fact.upload.call_id,
                lambda before: model.attached(
                    before, fact.upload, position=record.position, at=record.at
                ),
            )

    async def _on_phone(
        self,
        record: FactRecord,
        call_id: str,
        after: Callable[[Incident], tuple[Incident, list[EventType]]],
    ) -> None:
        async with self._db.write() as tx:
            before = await self._before(tx, record.fact.centre_id, call_id)
            if before is None:
                return  # the call itself was never told of
            now, events = after(before)
            if now != before:
                await self._store.save(tx, now)
                await self._tell(tx, before, now, record.event_id, events)

    async def _tell(
        self,
        tx: Tx,
        before: Incident | None,
        after: Incident,
        fact_id: str,
        events: list[EventType],
    ) -> None:
        """Queue what there is to tell, and wake who sends it once that is committed."""
        old = before.media if before else ()
        news = replace(after, media=tuple(one for one in after.media if one not in old))
        queued = await self._queue(tx, news, fact_id, events)
        if queued:
            tx.after_commit(lambda: self._on_queued(queued))

    async def _news(self, record: FactRecord, call: CallView) -> bool:
        """Whether there is anything to write: most facts of a call tell partners nothing."""
        async with self._db.read() as tx:
            before = await self._before(tx, record.fact.centre_id, call.call_id)
        return before is None or bool(self._after(before, record, call)[1])

    async def _before(self, tx: Tx, centre_id: str, call_id: str) -> Incident | None:
        return await self._store.get(tx, centre_id, model.incident_uuid(call_id))

    def _after(
        self, before: Incident | None, record: FactRecord, call: CallView
    ) -> tuple[Incident, list[EventType]]:
        return model.told(
            before,
            call,
            centre_id=record.fact.centre_id,
            position=record.position,
            event_id=record.event_id,
            at=record.at,
            region=self._settings.phone_region,
        )

    async def _queue(
        self, tx: Tx, incident: Incident, fact_id: str, events: list[EventType]
    ) -> list[str]:
        """A delivery of each event for each endpoint that wants it; those endpoints."""
        now = self._clock.now()
        wanted = await self._endpoints.of_centre(tx, incident.centre_id)
        made = [
            Delivery(
                delivery_id=self._ids.new("dlv"),
                centre_id=incident.centre_id,
                endpoint_id=endpoint.endpoint_id,
                event_id=event_name(fact_id, kind),
                type=kind,
                incident_id=incident.incident_id,
                body=model.encode(body).decode(),
                created_at=now,
                next_attempt_at=now,
            )
            for kind in events
            for endpoint in wanted
            if endpoint.wants(kind, demo=incident.demo)
            for body in self._bodies(incident, kind, endpoint.client_id)
        ]
        await self._ledger.add(tx, made)
        return sorted({one.endpoint_id for one in made})

    def _bodies(self, incident: Incident, kind: EventType, client_id: str) -> list[dict[str, Any]]:
        """What one partner is told by an event."""
        if kind == "incident_metadata":
            return [model.metadata_body(incident, self._address())]
        if kind == "media":
            given = self._settings.caller_files
            known = (one for one in incident.media if given or one.upload_id is None)
            return [self._media(incident, one, client_id) for one in known]
        place = incident.location
        return [] if place is None else [model.location_body(incident.incident_id, place)]

    def _media(self, incident: Incident, media: Media, client_id: str) -> dict[str, Any]:
        path = f"/v1/incident_events/{incident.incident_id}/media/{media.media_id}"
        until = self._clock.now() + timedelta(seconds=self._settings.media_link_s)
        grant = Grant(incident.centre_id, client_id, int(until.timestamp()))
        url = self._address() + self._links.sign(path, grant)
        return model.media_body(incident.incident_id, media, url, expiry(grant))

    # ---- read

    async def call_of(self, centre_id: str, incident_id: str) -> str | None:
        """The call of this centre; None for an unknown id and for another centre's alike."""
        found = await self._find(centre_id, incident_id)
        return None if found is None else found.call_id

    async def incident(self, principal: Principal, incident_id: str) -> dict[str, Any]:
        """One incident. Raises `IncidentNotFound`."""
        return self._shown(await self._get(principal, incident_id), principal.id)

    async def known_as(self, principal: Principal, incident_id: str) -> str:
        """The id as we write it. Raises `IncidentNotFound`."""
        return (await self._get(principal, incident_id)).incident_id

    async def incidents(
        self,
        principal: Principal,
        *,
        limit: int,
        cursor: str | None,
        since: datetime | None,
        live: bool | None,
        demo: bool,
    ) -> Listing:
        """A page of incidents, the one that changed last first. Raises `CursorUnknown`."""
        centre_id = principal.centre_id
        before = None if cursor is None else self._links.read_cursor(centre_id, cursor)
        page = Page(limit=limit + 1, before=before, since=since, live=live, demo=demo)
        async with self._db.read() as tx:
            found = await self._store.page(tx, centre_id, page)
        shown, more = found[:limit], len(found) > limit
        last = shown[-1] if more else None
        return Listing(
            data=[self._shown(one, principal.id) for one in shown],
            next_cursor=None
            if last is None
            else self._links.cursor(centre_id, last.updated_at, last.incident_id),
        )

    def _shown(self, incident: Incident, client_id: str) -> dict[str, Any]:
        place = self._bodies(incident, "caller_location", client_id)
        return {
            **model.metadata_body(incident, self._address()),
            "latest_location": place[0] if place else None,
            "media": self._bodies(incident, "media", client_id),
        }

    # ---- listened to

    async def stream(
        self,
        principal: Principal,
        incident_id: str,
        *,
        autoplay: bool | None,
        participant: str | None,
    ) -> StreamGrant:
        """A listening session. Raises `IncidentNotFound`, `NoAudio`, `RecordingRemoved`."""
        incident = await self._get(principal, incident_id)
        return await self._listening.open(
            principal, incident.call_id, autoplay=autoplay, participant=participant
        )

    async def recorded(
        self, path: str, query: dict[str, str], incident_id: str, media_id: str
    ) -> Recorded:
        """The recording that a link leads to.

        Raises `LinkRefused`, `IncidentNotFound`, `MediaNotFound`, `RecordingRemoved`.
        """
        grant = self._links.check(path, query, self._clock.now())
        async with self._db.read() as tx:
            partner = await self._partners.partner(tx, grant.centre_id, grant.client_id)
        if partner is None or not partner.enabled:
            raise LinkRefused("the credential this link was made for is disabled")
        principal = Principal(
            "client", partner.client_id, partner.name, partner.centre_id, frozenset()
        )
        incident = await self._get(principal, incident_id)
        media = next((one for one in incident.media if one.media_id == media_id), None)
        if media is None:
            raise MediaNotFound("this incident has no such media")
        if media.upload_id is not None:
            return Recorded(principal, incident.call_id, media)
        call = await self._calls.get(principal, incident.call_id)
        places = [
            self._recordings.place(principal.centre_id, call.call_id, leg.leg_id)
            for leg in call.legs
        ]
        if await asyncio.to_thread(_all_removed, places):
            raise RecordingRemoved("the recording is no longer held")
        return Recorded(principal, incident.call_id, media)

    async def file(self, recorded: Recorded) -> Wrapped:
        """A caller's file without anything it says of itself; audited as handed out.

        Raises `MediaNotFound` once partners may no longer have it, NotFound, Gone.
        """
        upload_id = recorded.media.upload_id
        if self._files is None or upload_id is None or not self._settings.caller_files:
            raise MediaNotFound("this incident has no such media")
        return await self._files.export(recorded.principal, recorded.call_id, upload_id)

    async def audio(self, recorded: Recorded, start: int, end: int) -> AsyncGenerator[bytes, None]:
        """Bytes [start, end) of the samples, read piece by piece; audited as played."""
        at = start
        while at < end:
            from_ms = at // BYTES_A_MS
            to_ms = min(from_ms + PIECE_MS, -(-end // BYTES_A_MS))
            piece = await self._recordings.audio(
                recorded.principal, recorded.call_id, from_ms, to_ms, SIDES
            )
            raw = _interleaved(piece.sides).ljust((to_ms - from_ms) * BYTES_A_MS, b"\0")
            skip = at - from_ms * BYTES_A_MS
            yield raw[skip : skip + end - at]
            at = to_ms * BYTES_A_MS

    # ---- shared steps

    async def _find(self, centre_id: str, incident_id: str) -> Incident | None:
        known = model.read_uuid(incident_id)
        if known is None:
            return None
        async with self._db.read() as tx:
            return await self._store.get(tx, centre_id, known)

    async def _get(self, principal: Principal, incident_id: str) -> Incident:
        found = await self._find(principal.centre_id, incident_id)
        if found is None:
            raise IncidentNotFound("there is no such incident")
        return found


def _interleaved(sides: dict[str, Any]) -> bytes:
    """The caller left, the call-taker right."""
    pair = [np.asarray(sides[side], dtype="<i2") for side in SIDES]
    return np.stack(pair, axis=1).tobytes()


def _all_removed(places: list[LegPlace]) -> bool:
    """Whether the folders are there and hold nothing of any leg any more.

    A folder that is gone (a disk that is not mounted) is an outage and no removal.
    """
    roots = {root for place in places for root in place.folders.all}
    if not all(root.is_dir() for root in roots):
        return False
    return not any(place.raw_paths() or place.archive() for place in places)
