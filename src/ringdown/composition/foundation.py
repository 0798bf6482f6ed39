"""What every lane is built on: the world outside, the database, the bus, and who watches them."""

import os
import secrets
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from ringdown.assist import events as assist_events
from ringdown.audit.service import AuditLog
from ringdown.audit.store import SqlAuditStore
from ringdown.cad import events as cad_events
from ringdown.caller import events as caller_events
from ringdown.calls import events as call_events
from ringdown.composition.address import Address
from ringdown.core.clock import Clock
from ringdown.core.events import Fact
from ringdown.core.ids import IdSource
from ringdown.incidents import events as incident_events
from ringdown.media import events as media_events
from ringdown.responders import events as responder_events
from ringdown.runtime.bus import MemoryBus, SqlCursorStore
from ringdown.runtime.clock import SystemClock
from ringdown.runtime.db import SqlDatabase
from ringdown.runtime.facts import Facts, SqlFactStore
from ringdown.runtime.facts_lamp import FactsLamp
from ringdown.runtime.ids import SystemIds
from ringdown.runtime.lamps import Lamps
from ringdown.runtime.nats_bus import NatsBus
from ringdown.runtime.schema import upgrade
from ringdown.runtime.settings import read_secret
from ringdown.runtime.tasks import Tasks
from ringdown.runtime.telemetry import Metrics
from ringdown.runtime.traces import TracedBus, Traces, open_traces
from ringdown.settings import Settings
from ringdown.speech import events as speech_events
from ringdown.texting import events as texting_events
from ringdown.uploads import events as upload_events
from ringdown.video import events as video_events

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
"""Told each step of the start, in words for the person who waits."""


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


@dataclass(frozen=True)
class Base:
    """What every lane is built on."""

    settings: Settings
    world: World
    stack: AsyncExitStack
    step: Step
    data: Path
    address: Address
    clock: Clock
    ids: IdSource
    metrics: Metrics
    db: SqlDatabase
    facts: Facts
    traces: Traces
    tasks: Tasks
    bus: MemoryBus | NatsBus
    heard: TracedBus
    lamps: Lamps
    audit: AuditLog


async def build_base(settings: Settings, world: World, stack: AsyncExitStack, step: Step) -> Base:
    """The foundation. What it opens is closed by the stack, and so is what lanes open."""
    clock, ids = world.clock, world.ids
    metrics = Metrics()
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
    lamps = Lamps(clock, bus)
    facts_lamp = FactsLamp(lamps)
    db.on_state = facts_lamp.written
    if isinstance(bus, NatsBus):
        facts_lamp.starting()
    else:
        facts_lamp.ok()
    return Base(
        settings=settings,
        world=world,
        stack=stack,
        step=step,
        data=settings.data.absolute(),
        address=Address(settings),
        clock=clock,
        ids=ids,
        metrics=metrics,
        db=db,
        facts=facts,
        traces=traces,
        tasks=tasks,
        bus=bus,
        heard=TracedBus(bus, traces),
        lamps=lamps,
        audit=AuditLog(SqlAuditStore(), clock),
    )


def database_url(settings: Settings) -> str:
    """The URL of the database: the setting, its file, or SQLite in the data folder."""
    if settings.database.url is not None:
        return settings.database.url.get_secret_value()
    if settings.database.url_file is not None:
        return read_secret(settings.database.url_file)
    return f"sqlite:///{(settings.data / 'ringdown.sqlite3').absolute()}"


def version() -> str:
    """The version of this package."""
    return metadata.version("ringdown")
