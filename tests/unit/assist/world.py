"""A call with a language model reading along, in virtual time."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from ringdown.assist.events import FACTS, NarrativeChanged
from ringdown.assist.fakes import MemoryAssistStore
from ringdown.assist.ports import LanguageModel
from ringdown.assist.service import AssistService
from ringdown.assist.settings import AssistSettings
from ringdown.audit.fakes import MemoryAuditStore
from ringdown.audit.model import AuditRow
from ringdown.audit.service import AuditLog
from ringdown.calls import events as call_events
from ringdown.calls.fakes import MemoryCallStore
from ringdown.calls.service import CallService
from ringdown.core.events import Signal
from ringdown.core.principal import Principal
from ringdown.redaction.adapters.vault import AesVault
from ringdown.redaction.fakes import MemoryValueStore
from ringdown.redaction.service import RedactionService
from ringdown.runtime.db import MemoryDatabase
from ringdown.runtime.facts import Facts, MemoryFactStore
from ringdown.runtime.lamps import Lamps
from ringdown.runtime.tasks import Tasks
from ringdown.runtime.telemetry import Metrics
from ringdown.testing.clock import START, CountingIds
from ringdown.testing.loop import VirtualLoop

CENTRE = "centre_a"
DANA = Principal("user", "user_dana", "Dana Reyes", CENTRE, frozenset(), "ses_1")
MAX = Principal("user", "user_max", "Max Orr", "centre_b", frozenset(), "ses_2")
PHONES = Principal("client", "client_1", "Phones", CENTRE, frozenset({"calls:write"}))


class LoopClock:
    """The time of the event loop, real or virtual."""

    def now(self) -> datetime:
        return START + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()


@dataclass(frozen=True)
class Utterance:
    utterance_id: str
    side: str
    start_ms: int
    end_ms: int
    text: str
    revision: int = 1


class Nobody:
    """Where signals go."""

    def signal(self, signal: Signal) -> None:
        """Nobody listens."""


class Spoken:
    """A transcript that a test fills by hand."""

    def __init__(self) -> None:
        self.said: list[Utterance] = []

    async def read_in(self, tx: object, centre_id: str, call_id: str) -> list[Utterance]:
        return sorted(self.said, key=lambda each: each.start_ms)


@dataclass
class World:
    """One call of one centre."""

    model: LanguageModel | None
    tasks: Tasks
    settings: AssistSettings = field(default_factory=AssistSettings)
    call_id: str = ""

    def __post_init__(self) -> None:
        self.db, self.clock = MemoryDatabase(), LoopClock()
        self.facts = Facts(
            MemoryFactStore(), self.clock, CountingIds(), (*call_events.FACTS, *FACTS)
        )
        self.audit_store, self.metrics = MemoryAuditStore(), Metrics()
        self.audit = AuditLog(self.audit_store, self.clock)
        self.calls = CallService(
            self.db, MemoryCallStore(), facts=self.facts, audit=self.audit, clock=self.clock,
            ids=CountingIds(),
        )  # fmt: skip
        self.transcript, self.store = Spoken(), MemoryAssistStore()
        self.lamps = Lamps(self.clock, Nobody())
        self.redaction = RedactionService(
            self.db, MemoryValueStore(), AesVault(b"k" * 32), self.audit, self.clock
        )
        self.restart()

    def restart(self) -> None:
        """A new process on the same database: nothing in memory is left."""
        self.service = AssistService(
            self.db, self.store, self.model, redaction=self.redaction,
            transcript=self.transcript, calls=self.calls, facts=self.facts, audit=self.audit,
            lamps=self.lamps, metrics=self.metrics, clock=self.clock, tasks=self.tasks,
            settings=self.settings,
        )  # fmt: skip

    async def begin(self) -> None:
        call = await self.calls.start(PHONES, external_id="CA-1", source="Phones")
        self.call_id = call.call_id

    def was_said(self, side: str, text: str) -> None:
        """Somebody said something, and nobody was told yet."""
        number = len(self.transcript.said)
        start = number * 10_000
        self.transcript.said.append(Utterance(f"utt_{number}", side, start, start + 3000, text))

    async def say(self, side: str, text: str, *, then_s: float = 60) -> None:
        """Somebody says something; then time passes."""
        self.was_said(side, text)
        self.service.heard(CENTRE, self.call_id)
        await asyncio.sleep(then_s)

    async def hear_better(self, number: int, text: str, *, then_s: float = 60) -> None:
        """A better revision of what was said comes; then time passes."""
        old = self.transcript.said[number]
        self.transcript.said[number] = replace(old, text=text, revision=old.revision + 1)
        self.service.heard(CENTRE, self.call_id)
        await asyncio.sleep(then_s)

    async def shown(self) -> list[str]:
        view = await self.service.read(DANA, self.call_id)
        return [each.text for each in view.sentences if each.replaced_by is None]

    async def rows(self) -> list[AuditRow]:
        async with self.db.read() as tx:
            return await self.audit_store.rows(tx, CENTRE, after=0, limit=200)

    async def told(self) -> list[NarrativeChanged]:
        async with self.db.read() as tx:
            return await self.facts.of_call(tx, CENTRE, self.call_id, NarrativeChanged)

    def count(self, name: str, **labels: str) -> float:
        return self.metrics.registry.get_sample_value(name, labels) or 0.0


def in_virtual_time(
    model: LanguageModel | None,
    scenario: Callable[[World], Awaitable[None]],
    **settings: object,
) -> None:
    """Run a scenario; minutes of it take no time."""

    async def run() -> None:
        async with Tasks() as tasks:
            world = World(model, tasks, AssistSettings.model_validate(settings))
            await world.begin()
            await scenario(world)

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(run())


def wrote(*sentences: tuple[str, list[int]] | tuple[str, list[int], int], **fields: object) -> str:
    """An answer: sentences with their lines (and the note corrected), and `field=(value, lines)`."""
    return json.dumps(
        {
            "sentences": [
                {"text": text, "cites": cites, "replaces": more[0] if more else None}
                for text, cites, *more in sentences
            ],
            "fields": [
                {"field": name, "value": value, "cites": cites}
                for name, (value, cites) in fields.items()  # type: ignore[misc]
            ],
        }
    )
