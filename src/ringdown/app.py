"""The composition root: the one place where adapters are built and parts are plugged together.

It reads from the bottom of the layer list to the top. Tests call the same `build` with a `World`
of their own.
"""

import asyncio
import os
import secrets
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from importlib import metadata
from importlib.resources import as_file, files
from pathlib import Path
from typing import ClassVar, cast
from urllib.parse import urlsplit

from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy.engine import make_url

from ringdown.assist import events as assist_events
from ringdown.assist import handlers as assist_handlers
from ringdown.assist.http import assist_routes
from ringdown.assist.opening import announce as announce_model
from ringdown.assist.opening import open_model
from ringdown.assist.service import AssistService
from ringdown.assist.store import SqlAssistStore
from ringdown.audit.http import audit_routes
from ringdown.audit.service import AuditLog
from ringdown.audit.store import SqlAuditStore
from ringdown.cad import events as cad_events
from ringdown.cad.adapters.nats_summaries import NatsSummaries
from ringdown.cad.adapters.traced import TracedCad
from ringdown.cad.http import cad_routes
from ringdown.cad.opening import open_adapter, sender_of, zone_of
from ringdown.cad.receiver import Receiver
from ringdown.cad.receiver import serving as serving_cad
from ringdown.cad.service import DeliveryService
from ringdown.cad.settings import CadSettings, WebhookConfig
from ringdown.cad.store import SqlDeliveryStore
from ringdown.caller import events as caller_events
from ringdown.caller import trail_handlers
from ringdown.caller.http import caller_routes
from ringdown.caller.page_http import caller_page
from ringdown.caller.phone_http import phone_routes
from ringdown.caller.service import CallerService
from ringdown.caller.store import SqlCallerStore
from ringdown.caller.trail_http import trail_routes
from ringdown.caller.trail_service import TrailService
from ringdown.calls import events as call_events
from ringdown.calls.http import call_routes
from ringdown.calls.service import CallService
from ringdown.calls.store import SqlCallStore
from ringdown.console.demo import DemoCalls, demo_routes
from ringdown.console.feed import FeedHub
from ringdown.console.http import contract_routes, pages
from ringdown.console.http import routes as console_routes
from ringdown.console.metrics import Watched
from ringdown.console.service import ConsoleService
from ringdown.core.clock import Clock
from ringdown.core.errors import BadConfig, NotFound, RingdownError
from ringdown.core.events import Fact, Signal
from ringdown.core.ids import IdSource
from ringdown.core.plugins import config_of, load_plugin
from ringdown.core.sensitive import Sensitive
from ringdown.identity.adapters.argon2 import Argon2Hasher, load_rules
from ringdown.identity.adapters.http_auth import HttpAuth
from ringdown.identity.adapters.jwt_tokens import JwtTokens
from ringdown.identity.api import PARTNER_SCOPES
from ringdown.identity.events import ClientStopped
from ringdown.identity.http import IdentityParts, identity_routes
from ringdown.identity.oauth_http import oauth_routes
from ringdown.identity.ports import IdentityStores
from ringdown.identity.service.authentication import Authentication
from ringdown.identity.service.clients import Clients
from ringdown.identity.service.installation import Installation
from ringdown.identity.service.means import Means, Signals
from ringdown.identity.service.sessions import Sessions
from ringdown.identity.service.setup import Setup
from ringdown.identity.service.tokens import Tokens
from ringdown.identity.service.users import Users
from ringdown.identity.service.watch import StoppedElsewhere
from ringdown.identity.store import sql_stores
from ringdown.incidents import events as incident_events
from ringdown.incidents import handlers as incident_handlers
from ringdown.incidents.adapters.gazetteer import MapGazetteer
from ringdown.incidents.http import incident_routes
from ringdown.incidents.ports import EXTRACTOR_GROUP, Extractor
from ringdown.incidents.service import IncidentService
from ringdown.incidents.several import SeveralExtractors
from ringdown.incidents.store import SqlIncidentStore
from ringdown.listening import handlers as listening_handlers
from ringdown.listening.adapters.livekit_rooms import LiveKitRooms, websocket_url
from ringdown.listening.adapters.processes import playout_workers
from ringdown.listening.http import EVENTS_PATH, listening_routes
from ringdown.listening.lane import PlayoutLane
from ringdown.listening.service import ListeningService
from ringdown.listening.store import SqlListeningStore
from ringdown.media import events as media_events
from ringdown.media import handlers as media_handlers
from ringdown.media.adapters.livekit import MediaServer, MediaServerIncomplete, Places
from ringdown.media.files import SystemFiles
from ringdown.media.folders import Folders
from ringdown.media.http import routes as media_routes
from ringdown.media.playback import Playback
from ringdown.media.ports import MediaStore
from ringdown.media.recorder import Recorder, RecorderState
from ringdown.media.sealing import Archivist
from ringdown.media.service import MediaService
from ringdown.media.store import SqlMediaStore
from ringdown.partners.adapters.guarded import OpenGuarded, trust
from ringdown.partners.adapters.vault import AesVault
from ringdown.partners.admin_http import partner_admin_routes
from ringdown.partners.cable import CableService
from ringdown.partners.cable_http import cable_routes
from ringdown.partners.cable_streams import Streams
from ringdown.partners.endpoints import EndpointService
from ringdown.partners.http import partner_routes
from ringdown.partners.limits import RequestLimit
from ringdown.partners.links import Links
from ringdown.partners.ports import Partner
from ringdown.partners.pruning import Pruner
from ringdown.partners.sender import Sender, Sending
from ringdown.partners.service import IncidentService as PartnerIncidentService
from ringdown.partners.store import SqlDeliveryLedger, SqlEndpointStore
from ringdown.partners.store import SqlIncidentStore as SqlPartnerIncidentStore
from ringdown.redaction.adapters.vault import AesVault as ValueVault
from ringdown.redaction.service import RedactionService
from ringdown.redaction.store import SqlValueStore
from ringdown.responders import events as responder_events
from ringdown.responders.http import responder_routes
from ringdown.responders.page_http import responder_page
from ringdown.responders.service import ResponderService
from ringdown.responders.store import SqlResponderStore
from ringdown.runtime.bus import MemoryBus, SqlCursorStore
from ringdown.runtime.clock import SystemClock
from ringdown.runtime.db import SqlDatabase, Tx
from ringdown.runtime.facts import Facts, SqlFactStore
from ringdown.runtime.facts_lamp import FactsLamp
from ringdown.runtime.http import Routes, install
from ringdown.runtime.ids import SystemIds
from ringdown.runtime.lamps import LampChanged, Lamps
from ringdown.runtime.link_tokens import LinkTokens
from ringdown.runtime.nats_bus import NatsBus
from ringdown.runtime.parts import cache_folder
from ringdown.runtime.schema import upgrade
from ringdown.runtime.sealed_box import read_key
from ringdown.runtime.secret_files import read_or_make_secret
from ringdown.runtime.settings import read_secret
from ringdown.runtime.tasks import Tasks, describe
from ringdown.runtime.telemetry import Metrics, get_logger
from ringdown.runtime.traces import FRAMEWORK, TracedBus, TracedHttp, open_traces
from ringdown.settings import ExtractorSettings, Settings
from ringdown.speech import events as speech_events
from ringdown.speech import handlers as speech_handlers
from ringdown.speech.adapters.processes import speech_workers
from ringdown.speech.announce import announce
from ringdown.speech.events import UtterancePartial
from ringdown.speech.http import routes as transcript_routes
from ringdown.speech.lane import SpeechLane
from ringdown.speech.names_file import NameFiles
from ringdown.speech.names_http import names_routes
from ringdown.speech.names_service import NamesService
from ringdown.speech.names_store import SqlNamesStore
from ringdown.speech.ports import TranscriptStore
from ringdown.speech.service import TranscriptService
from ringdown.speech.store import SqlTranscriptStore
from ringdown.streets.http import streets_routes
from ringdown.streets.service import StreetsService
from ringdown.streets.store import SqlStreetStore
from ringdown.texting import events as texting_events
from ringdown.texting.hooks_http import hook_routes
from ringdown.texting.http import texting_routes
from ringdown.texting.opening import open_carrier
from ringdown.texting.practice.serving import application as practice_phones
from ringdown.texting.practice.serving import practice_carrier as open_practice_carrier
from ringdown.texting.service import TextingService
from ringdown.texting.store import SqlTextingStore
from ringdown.uploads import events as upload_events
from ringdown.uploads import handlers as upload_handlers
from ringdown.uploads.adapters.picture_process import PictureProcess
from ringdown.uploads.adapters.scan_command import open_scanner
from ringdown.uploads.adapters.sealed_files import SealedFiles
from ringdown.uploads.http import upload_routes
from ringdown.uploads.service import UploadService
from ringdown.uploads.store import SqlUploadStore
from ringdown.uploads.tus_http import page_upload_routes
from ringdown.video import events as video_events
from ringdown.video import handlers as video_handlers
from ringdown.video.adapters.livekit import LiveKitEyes
from ringdown.video.adapters.recorders import recorders
from ringdown.video.http import video_routes
from ringdown.video.recording import CameraRecordings
from ringdown.video.service import VideoService
from ringdown.video.store import SqlVideoStore
from ringdown.wire.standard_webhooks import Secret, write_secret

FACTS: tuple[type[Fact], ...] = (
    *call_events.FACTS,
    *media_events.FACTS,
    *speech_events.FACTS,
    *incident_events.FACTS,
    *cad_events.FACTS,
    *texting_events.FACTS,
    *caller_events.FACTS,
    *video_events.FACTS,
    *upload_events.FACTS,
    *responder_events.FACTS,
    *assist_events.FACTS,
)
"""Every kind of fact there is; the log refuses others."""

Step = Callable[[str], None]


@dataclass(frozen=True)
class World:
    """What lies outside: time, ids, chance and the environment."""

    clock: Clock
    ids: IdSource
    jitter: Callable[[], float]
    environment: Mapping[str, str]

    @staticmethod
    def real() -> "World":
        """The world as it is."""
        clock = SystemClock()
        chance = secrets.SystemRandom()
        return World(clock, SystemIds(clock), chance.random, os.environ)


class Address:
    """Where the web server answers, for those who must wait until that is known."""

    def __init__(self, settings: Settings) -> None:
        self._http = settings.http
        self._for_phones = (settings.caller.public_url or "").rstrip("/")
        self._known = asyncio.Event()
        self._own = ""

    def is_now(self, own: str) -> None:
        """It answers there."""
        self._own = own
        self._known.set()

    def for_partners(self) -> str:
        """What stands before the paths that others are told."""
        told = self._http.public_url or self._own
        return told.rstrip("/") or f"http://{self._http.host}:{self._http.port}"

    def for_phones(self) -> str:
        """What stands before the paths that phones are sent."""
        return self._for_phones or self.for_partners()

    def on_this_machine(self) -> str:
        """Where programs beside this one find it."""
        own = self._own or f"http://{self._http.host}:{self._http.port}"
        return own.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:")

    async def for_notices(self) -> str:
        """Where the media server beside us reports; under TLS by the name in the certificate."""
        await self._known.wait()
        base = self.on_this_machine()
        if self._http.tls_certificate is not None and self._http.public_url is not None:
            base = self._http.public_url.rstrip("/")
        return base + EVENTS_PATH


@dataclass(frozen=True)
class PracticePhones:
    """Phones of the practice carrier: where their page is, and the page itself."""

    url: str
    asgi: FastAPI


@dataclass
class App:
    """A running installation."""

    settings: Settings
    asgi: FastAPI
    tasks: Tasks
    setup: Setup
    demo: DemoCalls
    media_server: MediaServer | None
    address: Address
    cable: CableService
    redaction: RedactionService
    phones: PracticePhones | None = None

    async def stopping(self) -> None:
        """The web server is about to stop: whoever should come back is told so."""
        await self.cable.stop()

    async def serving(self, address: str) -> None:
        """The web server answers at this address now."""
        self.demo.serve_at(address)
        self.address.is_now(address)

    async def setup_link(self, address: str) -> str | None:
        """The link that makes the first administrator, or None if there is one."""
        if not await self.setup.needed():
            return None
        return f"{address}/setup#{await self.setup.issue_token()}"


class NoData(BadConfig):
    """A command asks for data in a folder that has none."""

    code: ClassVar[str] = "app.no_data"
    action: ClassVar[str] = "Name the folder with --data, or begin with `ringdown run`."


class CentreNames:
    """Names of centres, for those who show or send them."""

    def __init__(self, stores: IdentityStores) -> None:
        self._stores = stores

    async def centre_name(self, tx: Tx, centre_id: str) -> str:
        """The name of a centre. Raises NotFound."""
        centre = await self._stores.centres.get(tx, centre_id)
        if centre is None:
            raise NotFound("there is no such centre")
        return centre.name

    async def centre_ids(self, tx: Tx) -> list[str]:
        """Every centre, oldest first."""
        return [centre.centre_id for centre in await self._stores.centres.all(tx)]


class PartnerCredentials:
    """Credentials with the scope of partners, for those who send to them."""

    def __init__(self, stores: IdentityStores) -> None:
        self._stores = stores

    async def partner(self, tx: Tx, centre_id: str, client_id: str) -> Partner | None:
        """The partner's credential of this centre; None if it is none, or not a partner's."""
        client = await self._stores.clients.get(tx, centre_id, client_id)
        if client is None or not client.scopes & PARTNER_SCOPES:
            return None
        return Partner(client_id, centre_id, client.name, not client.disabled)


class SpeechDone:
    """Whether everything in a leg has been heard, for those who keep its raw file until then."""

    def __init__(self, db: SqlDatabase, transcripts: TranscriptStore) -> None:
        self._db = db
        self._transcripts = transcripts

    async def done_with(self, centre_id: str, leg_id: str) -> bool:
        """Whether no more words will come from the leg."""
        async with self._db.read() as tx:
            cursor = await self._transcripts.cursor(tx, centre_id, leg_id)
        return cursor is not None and cursor.closed


def database_url(settings: Settings) -> str:
    """The URL of the database: the setting, its file, or SQLite in the data folder."""
    if settings.database.url is not None:
        return settings.database.url.get_secret_value()
    if settings.database.url_file is not None:
        return read_secret(settings.database.url_file)
    return f"sqlite:///{(settings.data / 'ringdown.sqlite3').absolute()}"


def _means(
    settings: Settings, db: SqlDatabase, audit: AuditLog, world: World, signals: Signals
) -> Means:
    """What the use cases of identity work with."""
    return Means(
        database=db,
        stores=sql_stores(),
        audit=audit,
        clock=world.clock,
        ids=world.ids,
        hasher=Argon2Hasher(settings.identity.argon2),
        rules=load_rules(settings.identity),
        settings=settings.identity,
        signals=signals,
    )


class _Nobody:
    """Where signals go when nothing runs that could listen."""

    def signal(self, signal: Signal) -> None:
        """Drop it; a running server sees for itself that a session is gone."""


def _existing(url: str) -> str:
    """The URL of a database that is there: looking for accounts does not make one."""
    parsed = make_url(url)
    file = Path(parsed.database or "")
    if parsed.get_backend_name() == "sqlite" and not file.is_file():
        raise NoData("there is no database in the data folder yet")
    return url


@dataclass(frozen=True)
class Administration:
    """Accounts and the audit log, for commands run on the server."""

    database: SqlDatabase
    audit: AuditLog
    users: Users
    clients: Clients
    setup: Setup
    installation: Installation


@asynccontextmanager
async def administration(settings: Settings) -> AsyncGenerator[Administration, None]:
    """Accounts and the audit log alone, beside a running server or without one.

    Raises `NoData` if there is no database yet.
    """
    db = SqlDatabase(_existing(database_url(settings)))
    try:
        world = World.real()
        audit = AuditLog(SqlAuditStore(), world.clock)
        means = _means(settings, db, audit, world, _Nobody())
        users = Users(means)
        setup = Setup(means, users, Sessions(means))
        yield Administration(db, audit, users, Clients(means), setup, Installation(means))
    finally:
        await db.close()


@dataclass(frozen=True)
class Recordings:
    """The recordings and what is known of them, for commands run on the server."""

    database: SqlDatabase
    store: MediaStore
    folders: Folders


@dataclass(frozen=True)
class Naming:
    """The local names of every centre, for commands run on the server."""

    names: NamesService
    installation: Installation


@asynccontextmanager
async def naming(settings: Settings) -> AsyncGenerator[Naming, None]:
    """Local names alone, beside a running server or without one. Raises `NoData`."""
    async with administration(settings) as found:
        await upgrade(found.database)
        files = NameFiles(settings.data.absolute())
        names = NamesService(
            found.database, SqlNamesStore(), files, found.audit, World.real().clock
        )
        yield Naming(names, found.installation)


@dataclass(frozen=True)
class Maps:
    """The maps of every centre, for commands run on the server."""

    streets: StreetsService
    installation: Installation


@asynccontextmanager
async def mapping(settings: Settings) -> AsyncGenerator[Maps, None]:
    """Maps alone, beside a running server or without one. Raises `NoData`."""
    async with administration(settings) as found:
        await upgrade(found.database)
        streets = StreetsService(found.database, SqlStreetStore(), found.audit, World.real().clock)
        yield Maps(streets, found.installation)


@asynccontextmanager
async def recordings(settings: Settings) -> AsyncGenerator[Recordings, None]:
    """Recordings alone, beside a running server or without one. Raises `NoData`."""
    db = SqlDatabase(_existing(database_url(settings)))
    try:
        yield Recordings(db, SqlMediaStore(), recording_folders(settings))
    finally:
        await db.close()


def recording_folders(settings: Settings) -> Folders:
    """Where recordings are."""
    primary = settings.media.recordings or settings.data.absolute() / "recordings"
    return Folders(primary, settings.media.spare)


@asynccontextmanager
async def _extractor(settings: ExtractorSettings) -> AsyncGenerator[Extractor, None]:
    """The extractor named, and those that listen beside it."""
    log = get_logger("incidents")

    def failed(name: str, error: Exception) -> None:
        log.error(
            "an extractor failed and is left out of this call", plugin=name, **describe(error)
        )

    async with AsyncExitStack() as stack:

        async def opened(name: str, options: Mapping[str, object]) -> Extractor:
            plugin = load_plugin(EXTRACTOR_GROUP, name)
            says = "the options of the extractor cannot be used"
            made = plugin.open(config_of(plugin, options, says, plugin=name))
            return cast("Extractor", await stack.enter_async_context(made))

        first = await opened(settings.plugin, settings.options)
        beside = [(one.plugin, await opened(one.plugin, one.options)) for one in settings.beside]
        yield SeveralExtractors(first, beside, failed) if beside else first


@asynccontextmanager
async def _practice_cad(clock: Clock) -> AsyncGenerator[CadSettings, None]:
    """A small CAD of our own on loopback, for a centre that has none set up yet."""
    key = secrets.token_bytes(32)
    async with serving_cad(Receiver([Secret(key)], clock)) as address:
        webhook = WebhookConfig(url=address, secret=SecretStr(write_secret(key)))
        yield CadSettings(adapter="webhook", webhook=webhook)


@asynccontextmanager
async def build(  # noqa: PLR0915 - it reads from top to bottom
    settings: Settings,
    world: World,
    *,
    practice_cad: bool = False,
    practice_carrier: bool = False,
    step: Step = lambda _text: None,
) -> AsyncGenerator[App, None]:
    """Plug everything together, bottom of the layer list first; leaving ends it in reverse."""
    clock, ids = world.clock, world.ids
    data = settings.data.absolute()
    metrics = Metrics()
    async with AsyncExitStack() as stack:
        # runtime
        db = SqlDatabase(database_url(settings))
        stack.push_async_callback(db.close)
        await upgrade(db)
        step(f"Database ready ({db.dialect})")
        facts = Facts(SqlFactStore(), clock, ids, FACTS)
        traces = await stack.enter_async_context(
            open_traces(settings.telemetry.otlp_endpoint, version())
        )
        tasks = await stack.enter_async_context(Tasks())

        def dead(name: str) -> None:
            facts_lamp.dead_letter(name)

        def connected(answers: bool) -> None:
            facts_lamp.connected(answers)

        bus: MemoryBus | NatsBus
        if settings.bus.url is None:
            bus = MemoryBus(db, facts, SqlCursorStore(), clock, on_dead_letter=dead)
        else:
            bus = NatsBus(
                settings.bus.url, db, facts, SqlCursorStore(), clock,
                on_dead_letter=dead, on_state=connected,
            )  # fmt: skip
            stack.push_async_callback(bus.close)
        heard = TracedBus(bus, traces)
        lamps = Lamps(clock, bus)
        facts_lamp = FactsLamp(lamps)
        db.on_state = facts_lamp.written
        if isinstance(bus, NatsBus):
            facts_lamp.starting()
        else:
            facts_lamp.ok()

        # audit, identity
        audit = AuditLog(SqlAuditStore(), clock)
        stores = sql_stores()
        means = _means(settings, db, audit, world, bus)
        users, sessions, clients = Users(means), Sessions(means), Clients(means)
        setup = Setup(means, users, sessions)
        authentication = Authentication(sessions, clients)
        token_key = read_or_make_secret(data / "secrets" / "access-token.key", ids.secret)
        access_tokens = Tokens(means, clients, JwtTokens(Sensitive(token_key, "access_token.key")))
        stopped_elsewhere = StoppedElsewhere(means)
        bus.on_signal(ClientStopped, stopped_elsewhere.heard)
        auth = HttpAuth(
            authentication, access_tokens, allowed_origins=settings.identity.allowed_origins
        )
        centres = CentreNames(stores)

        # calls, media, speech
        calls = CallService(db, SqlCallStore(), facts=facts, audit=audit, clock=clock, ids=ids)
        transcripts = SqlTranscriptStore()
        transcript = TranscriptService(db, transcripts, facts, bus, calls, audit)
        folders = recording_folders(settings)
        archivist = Archivist(
            db,
            SqlMediaStore(),
            folders=folders,
            calls=calls,
            audit=audit,
            facts=facts,
            clock=clock,
            tasks=tasks,
            speech=SpeechDone(db, transcripts),
            archive_wait_s=settings.media.archive_wait_s,
        )

        def recorder(
            on_state: Callable[[RecorderState], None], on_lost: Callable[[str, int, int], None]
        ) -> Recorder:
            return Recorder(
                folders,
                SystemFiles(),
                on_state=on_state,
                on_lost=on_lost,
                memory_bytes=settings.media.memory_mb << 20,
                need_bytes=settings.media.min_free_mb << 20,
            )

        media = MediaService(
            db,
            SqlMediaStore(),
            recorder,
            folders=folders,
            calls=calls,
            archivist=archivist,
            facts=facts,
            lamps=lamps,
            clock=clock,
            tasks=tasks,
            settings=settings.media,
        )
        media_handlers.subscribe(heard, media)
        playback = Playback(
            db, SqlMediaStore(), folders=folders, calls=calls, audit=audit, clock=clock
        )
        async with db.read() as tx:
            centre_ids = [centre.centre_id for centre in await stores.centres.all(tx)]
        elsewhere = await announce(settings.speech, db, audit, centre_ids)
        for host in elsewhere:
            step(f"Audio of calls goes to {host} for recognition, as the settings say")
        name_files = NameFiles(data)
        names = NamesService(db, SqlNamesStore(), name_files, audit, clock)
        await names.restore()
        redaction = RedactionService(
            db,
            SqlValueStore(),
            ValueVault(read_key(data / "secrets" / "redaction.key")),
            audit,
            clock,
        )
        lane = SpeechLane(
            transcript,
            speech_workers(settings.speech, data / "logs"),
            lamps,
            clock,
            settings.speech,
            metrics,
            names_of=name_files.names_of,
        )
        lane.goes_to = elsewhere
        speech_handlers.subscribe(heard, lane, playback.folders_of)

        # the media server beside us, and who listens through it
        address = Address(settings)
        media_server, rooms, eyes = None, None, None
        if settings.media_server.mode != "off":
            media_server = MediaServer(
                settings.media_server,
                places=Places(cache_folder(world.environment), *(data / n for n in OWN_FOLDERS)),
                environment=world.environment,
                lamps=lamps,
                clock=clock,
                ids=ids,
                on_up=lambda: listening.media_server_up(),  # noqa: PLW0108 - it is made below
                notices_to=address.for_notices,
            )
            rooms = LiveKitRooms(media_server.access, public_url=settings.listening.public_url)
            stack.push_async_callback(rooms.close)
            eyes = LiveKitEyes(media_server.access)
            stack.push_async_callback(eyes.close)
        listening = ListeningService(
            db,
            SqlListeningStore(),
            rooms,
            calls=calls,
            places=playback,
            audit=audit,
            clock=clock,
            ids=ids,
            settings=settings.listening,
            metrics=metrics,
            still_valid=authentication.still_valid,
        )
        listening.play_with(
            PlayoutLane(
                playout_workers(settings.listening, data / "logs"),
                clock,
                settings.listening,
                metrics,
                order_of=listening.order_of,
                on_report=listening.on_report,
            )
        )
        listening_handlers.subscribe(heard, listening, tasks)

        # the agency's map
        streets = StreetsService(db, SqlStreetStore(), audit, clock)

        # incidents, cad
        extractor = await stack.enter_async_context(_extractor(settings.extractor))
        incidents = IncidentService(
            database=db,
            store=SqlIncidentStore(),
            facts=facts,
            audit=audit,
            calls=calls,
            transcript=transcript,
            extractor=extractor,
            clock=clock,
            ids=ids,
            gazetteer=MapGazetteer(streets),
        )
        incident_handlers.subscribe(heard, incidents)
        cad_settings = settings.cad
        practice = practice_cad and cad_settings.adapter is None
        if practice:
            cad_settings = await stack.enter_async_context(_practice_cad(clock))
            step("Practice CAD ready: no CAD of your own is set up")
        adapter = await stack.enter_async_context(open_adapter(cad_settings))
        summaries = None
        if settings.bus.url is not None:
            summaries = NatsSummaries(settings.bus.url)
            stack.push_async_callback(summaries.close)
        deliveries = DeliveryService(
            db,
            SqlDeliveryStore(),
            adapter=TracedCad(adapter, traces) if adapter and traces.on else adapter,
            incidents=incidents,
            calls=calls,
            centres=centres,
            facts=facts,
            audit=audit,
            lamps=lamps,
            clock=clock,
            ids=ids,
            jitter=world.jitter,
            zone=zone_of(cad_settings),
            type_codes=settings.cad.types,
            practice=practice,
            sender=sender_of(settings.cad),
            publisher=summaries,
        )
        deliveries.subscribe(heard)

        # the caller's phone: texts, links, camera, files; and responders in the field
        carrier = await stack.enter_async_context(
            open_carrier(settings.texting, address.for_partners)
        )
        phones = None
        if practice_carrier and carrier is None and settings.http.tls_certificate is None:
            practised = await stack.enter_async_context(
                open_practice_carrier(clock, ids, address.on_this_machine)
            )
            phones = PracticePhones(practised.phones, practice_phones(practised.simulator))
            carrier = practised.carrier
        texting = TextingService(
            db, SqlTextingStore(), facts=facts, audit=audit, clock=clock, ids=ids, calls=calls,
            centres=centres, lamps=lamps, carrier=carrier, settings=settings.texting,
            practice=phones is not None,
        )  # fmt: skip
        texting.subscribe(heard)
        caller = CallerService(
            db,
            SqlCallerStore(),
            facts=facts,
            audit=audit,
            clock=clock,
            ids=ids,
            calls=calls,
            texting=texting,
            centres=centres,
            signals=bus,
            tokens=LinkTokens(
                read_key(data / "secrets" / "caller-links.key"), "caller", secrets.token_bytes
            ),
            settings=settings.caller,
            address=address.for_partners,
            region=settings.texting.region,
        )
        caller.subscribe(heard)
        trail = TrailService(
            db, SqlCallerStore(), facts=facts, audit=audit, clock=clock, ids=ids, calls=calls,
            every_s=settings.caller.trail_every_s,
        )  # fmt: skip
        trail_handlers.subscribe(heard, incidents)
        texting.goes_by(caller)
        video = VideoService(
            db,
            SqlVideoStore(),
            facts=facts,
            audit=audit,
            clock=clock,
            ids=ids,
            eyes=eyes,
            pages=caller.pages,
            links=caller,
            drafts=incidents,
            signals=bus,
            settings=settings.video,
        )
        video_handlers.subscribe(heard, video)
        uploads = UploadService(
            db,
            SqlUploadStore(),
            files=SealedFiles(data / "uploads", read_key(data / "secrets" / "uploads.key")),
            pictures=PictureProcess(),
            scanner=open_scanner(settings.uploads),
            viewings=video,
            calls=calls,
            facts=facts,
            audit=audit,
            clock=clock,
            ids=ids,
            settings=settings.uploads,
        )
        if settings.video.record:
            video.records(
                CameraRecordings(
                    db, audit=audit, clock=clock, links=caller, keep=uploads.recordings,
                    start=recorders(data / "logs"), tasks=tasks, kbps=settings.video.max_kbps,
                )
            )  # fmt: skip
        texting.pictures.taker = uploads.receiving
        upload_handlers.subscribe(heard, uploads)
        responders = ResponderService(
            db,
            SqlResponderStore(),
            facts=facts,
            audit=audit,
            clock=clock,
            ids=ids,
            calls=calls,
            centres=centres,
            incidents=incidents,
            caller=caller,
            texting=texting,
            tokens=LinkTokens(
                read_key(data / "secrets" / "responder-links.key"), "responder", secrets.token_bytes
            ),
            address=address.for_phones,
            settings=settings.responders,
            video=video,
        )

        # partners
        partners = PartnerCredentials(stores)
        endpoint_store, ledger = SqlEndpointStore(), SqlDeliveryLedger()
        vault = AesVault(read_key(data / "secrets" / "partners.key"))
        open_post = OpenGuarded(clock, trust(settings.partners.ca_file))
        sender = Sender(
            db,
            endpoint_store,
            ledger,
            partners=partners,
            open_post=open_post,
            vault=vault,
            audit=audit,
            lamps=lamps,
            clock=clock,
            tasks=tasks,
            metrics=metrics,
            jitter=world.jitter,
            sending=Sending(
                settings.partners.retry_waits_s,
                settings.partners.timeout_s,
                settings.partners.at_once,
            ),
        )
        bus.on_signal(ClientStopped, sender.client_stopped)
        pruner = Pruner(
            db, ledger, clock, keep=timedelta(days=settings.partners.keep_deliveries_days)
        )
        partner_incidents = PartnerIncidentService(
            db,
            SqlPartnerIncidentStore(),
            endpoint_store,
            ledger,
            partners=partners,
            calls=calls,
            recordings=playback,
            listening=listening,
            links=Links(read_key(data / "secrets" / "partner-links.key")),
            files=uploads,
            settings=settings.partners,
            address=address.for_partners,
            clock=clock,
            ids=ids,
            on_queued=sender.look,
        )
        partner_incidents.subscribe(heard)
        endpoints = EndpointService(
            db,
            endpoint_store,
            ledger,
            partners=partners,
            vault=vault,
            open_post=open_post,
            audit=audit,
            clock=clock,
            ids=ids,
            random_bytes=secrets.token_bytes,
            timeout_s=settings.partners.timeout_s,
            on_changed=sender.changed,
            on_queued=sender.look,
        )
        streams = Streams(
            db, facts, transcript, calls, clock, ids, language=spoken_language(settings)
        )  # fmt: skip
        bus.on_signal(UtterancePartial, streams.partial)
        cable = CableService(
            db, streams, partner_incidents, access_tokens, audit, clock, ids, metrics
        )
        bus.on_signal(ClientStopped, cable.stopped)

        # a language model, if one is named
        language_model = await stack.enter_async_context(open_model(settings.assist))
        await announce_model(language_model, db, audit, centre_ids)
        if language_model is not None and language_model.info.host is not None:
            step(f"Tokens of calls go to {language_model.info.host}, as the settings say")
        assist = AssistService(
            db,
            SqlAssistStore(),
            language_model,
            redaction=redaction,
            transcript=transcript,
            calls=calls,
            facts=facts,
            audit=audit,
            lamps=lamps,
            metrics=metrics,
            clock=clock,
            tasks=tasks,
            settings=settings.assist,
        )
        assist_handlers.subscribe(heard, assist)

        # console
        hub = FeedHub(db, facts)
        metrics.watch(Watched(hub, lamps))
        for kind in (LampChanged, *speech_events.SIGNALS, *video_events.SIGNALS):
            bus.on_signal(kind, hub.signal)
        console = ConsoleService(
            db, facts, clock, lamps,
            centres=centres, calls=calls, transcript=transcript, incidents=incidents,
            deliveries=deliveries, narratives=assist, texting=texting, caller=caller,
            viewings=video, uploads=uploads, responders=responders,
        )  # fmt: skip
        demo = DemoCalls(clients, tasks, ids)

        async def ready() -> bool:
            try:
                async with db.read() as tx:
                    await facts.last_seq(tx)
            except RingdownError:
                return False
            return True

        asgi = FastAPI(
            title="Ringdown",
            version=version(),
            summary="The open call-taking assistant for emergency communications centres.",
            docs_url=None,
            redoc_url=None,
            openapi_url=None,
            telemetry=FRAMEWORK,
        )
        features: list[Routes] = [
            identity_routes(
                IdentityParts(sessions=sessions, users=users, clients=clients, setup=setup),
                auth.check_origin,
            ),
            oauth_routes(access_tokens),
            audit_routes(audit, db),
            call_routes(calls, clock),
            media_routes(media, playback, authentication, clock=clock, settings=settings.media),
            listening_routes(listening),
            transcript_routes(transcript),
            names_routes(names),
            streets_routes(streets),
            incident_routes(incidents, calls, db, clock),
            cad_routes(deliveries),
            texting_routes(texting),
            hook_routes(texting, carrier, clock),
            partner_routes(
                partner_incidents, RequestLimit(settings.partners.requests_per_minute, clock)
            ),
            partner_admin_routes(endpoints),
            cable_routes(cable, access_tokens),
            responder_routes(responders, clock),
            video_routes(video, auth, auth.check_origin),
            upload_routes(uploads),
            page_upload_routes(uploads.receiving, caller.pages, auth.check_origin),
            assist_routes(assist),
            demo_routes(demo),
            console_routes(console, hub, lamps, metrics, authentication.still_valid, ready=ready),
            contract_routes(asgi.openapi),
            caller_routes(caller),
            trail_routes(trail, caller.pages, auth.check_origin),
            phone_routes(
                caller.door,
                caller.pages,
                auth.check_origin,
                clock=clock,
                settings=settings.caller,
                max_kbps=settings.video.max_kbps,
                carry_audio=settings.video.carry_audio,
            ),
            caller_page(static_folder(stack, "caller"), microphone=settings.video.carry_audio),
            responder_page(static_folder(stack, "responders"), connect_to=()),
            pages(static_folder(stack, "console")),
        ]
        install(
            asgi,
            auth,
            features,
            on_refused=means.refused_access,
            connect_to=connect_sources(rooms),
        )
        if traces.on:
            asgi.add_middleware(TracedHttp, traces=traces)

        # from here on, things happen
        bus.start(tasks)
        tasks.supervise("clients stopped elsewhere", stopped_elsewhere.run)
        tasks.supervise("console feed", hub.run)
        tasks.supervise("transcript streams", streams.run)
        tasks.supervise("transcript sockets", cable.watch)
        await media.start()
        stack.push_async_callback(media.stop)
        playback.start(tasks)
        stack.push_async_callback(playback.stop)
        step("Recording ready")
        tasks.supervise("speech", lane.run)
        step("Speech engine starting in the background")
        tasks.supervise("maps", streets.run)
        tasks.supervise("cad", deliveries.run)
        tasks.supervise("texts", texting.outbox.run)
        tasks.supervise("pictures by text", texting.pictures.run)
        tasks.supervise("caller links", caller.watch.run)
        tasks.supervise("wrong caller links", caller.door.tell_wrong)
        tasks.supervise("responder links", responders.run)
        tasks.supervise("webhooks", sender.run)
        tasks.supervise("old webhooks", pruner.run)
        if media_server is None:
            lamps.set("media_server", "off", "No media server is set up.")
        else:
            tasks.supervise("media server", media_server.run)
        if rooms is not None:
            tasks.spawn("media server library", asyncio.to_thread(rooms.prepare))
        tasks.supervise("listening", listening.run)
        tasks.supervise("video", video.run)
        tasks.supervise("callers' files", uploads.run)
        stack.push_async_callback(listening.stop)
        yield App(
            settings, asgi, tasks, setup, demo, media_server, address, cable, redaction, phones
        )  # fmt: skip


def connect_sources(rooms: LiveKitRooms | None) -> tuple[str, ...]:
    """What the console may connect to beside this server, for its content security policy.

    Only the media server: people listen through it, and its address (another port, often another
    host) is not `'self'`. The client opens a WebSocket, and asks over HTTP why one was refused.
    """
    if rooms is None:
        return ()
    try:
        url = rooms.public_url
    except MediaServerIncomplete:
        return ()  # its lamp says so
    # Without a path: in a policy, one would allow that very path and none below it.
    parts = urlsplit(websocket_url(url))
    host = f"{parts.scheme}://{parts.netloc}"
    return (host, f"http{host.removeprefix('ws')}")


def spoken_language(settings: Settings) -> str:
    """The language of callers, as partners are told it: of the engine, and the region's."""
    options = settings.speech.engine_options.get(settings.speech.engine, {})
    return f"{options.get('language') or 'en'}-{settings.partners.phone_region}"


OWN_FOLDERS = ("secrets", "run", "logs")


def static_folder(stack: AsyncExitStack, feature: str) -> Path:
    """The pages of a feature, built into this package."""
    return stack.enter_context(as_file(files(f"ringdown.{feature}") / "static"))


def version() -> str:
    """The version of this package."""
    return metadata.version("ringdown")
