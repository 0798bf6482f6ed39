"""Everything the console can see happen, one action after another, with time and ids of our own.

Real services over SQLite. Facts reach their handlers when `settle` says so, one after the other, so
that the same action always writes the same log: the logs are exported for the console's reducer.
Every name, number and place here is invented.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ringdown.app import FACTS
from ringdown.assist.service import AssistService
from ringdown.assist.settings import AssistSettings
from ringdown.assist.store import SqlAssistStore
from ringdown.audit.service import AuditLog
from ringdown.audit.store import SqlAuditStore
from ringdown.cad.fakes import ScriptedCad
from ringdown.cad.service import DeliveryService
from ringdown.cad.store import SqlDeliveryStore
from ringdown.caller import trail_handlers
from ringdown.caller.service import CallerService
from ringdown.caller.settings import CallerSettings
from ringdown.caller.store import SqlCallerStore
from ringdown.caller.trail_service import TrailService
from ringdown.calls.api import Side
from ringdown.calls.service import CallService
from ringdown.calls.store import SqlCallStore
from ringdown.console.model import OpenCallView, SnapshotView
from ringdown.console.service import ConsoleService
from ringdown.core.events import Fact, FactRecord, Signal
from ringdown.core.principal import Principal
from ringdown.core.sensitive import Sensitive
from ringdown.identity.model import Centre, User
from ringdown.identity.store import SqlCentreStore, SqlUserStore
from ringdown.incidents import handlers as incident_handlers
from ringdown.incidents.adapters.rules import RuleExtractor
from ringdown.incidents.service import IncidentService
from ringdown.incidents.store import SqlIncidentStore
from ringdown.media import handlers as media_handlers
from ringdown.media.files import SystemFiles
from ringdown.media.folders import Folders
from ringdown.media.playback import Playback
from ringdown.media.recorder import Recorder
from ringdown.media.sealing import Archivist
from ringdown.media.service import Attachment, MediaService
from ringdown.media.settings import MediaSettings
from ringdown.media.store import SqlMediaStore
from ringdown.redaction.adapters.vault import AesVault
from ringdown.redaction.service import RedactionService
from ringdown.redaction.store import SqlValueStore
from ringdown.responders.service import ResponderService
from ringdown.responders.settings import ResponderSettings
from ringdown.responders.store import SqlResponderStore
from ringdown.runtime.db import SqlDatabase
from ringdown.runtime.facts import Facts, SqlFactStore, Stored
from ringdown.runtime.lamps import Lamps
from ringdown.runtime.link_tokens import LinkTokens
from ringdown.runtime.schema import upgrade
from ringdown.runtime.tasks import Tasks
from ringdown.runtime.telemetry import Metrics
from ringdown.speech.api import LegRef, UtteranceView, WordView
from ringdown.speech.events import ToneHeard
from ringdown.speech.model.utterance import NameMatch, NumberView, SuggestionView
from ringdown.speech.service import TranscriptService
from ringdown.speech.store import SqlTranscriptStore
from ringdown.testing.clock import START, CountingIds, ManualClock
from ringdown.texting.service import TextingService
from ringdown.texting.store import SqlTextingStore
from ringdown.uploads.adapters.sealed_files import SealedFiles
from ringdown.uploads.fakes import SMALLEST, FakePictures
from ringdown.uploads.service import UploadService
from ringdown.uploads.settings import UploadSettings
from ringdown.uploads.store import SqlUploadStore
from ringdown.video.desk import Desk
from ringdown.video.service import VideoService
from ringdown.video.settings import VideoSettings
from ringdown.video.store import SqlVideoStore
from ringdown.video.viewings import ViewingBook

CENTRE = "centre_a"
RIGHTS = frozenset({"calls:read", "calls:write", "calls:note", "incidents:edit", "media:listen"})
DANA = Principal("user", "user_dana", "Dana Reyes", CENTRE, RIGHTS, "ses_1")
LEE = Principal("user", "user_lee", "Lee Park", CENTRE, RIGHTS, "ses_2")
PHONES = Principal("client", "client_1", "Phones", CENTRE, frozenset({"calls:write"}))


class SteppedBus:
    """A bus that hands facts on only when told to, in the order of the log."""

    def __init__(self) -> None:
        self._handlers: list[tuple[type[Fact], Callable[[FactRecord], Awaitable[None]]]] = []

    def subscribe(self, kind, handler, /, *, name: str) -> None:
        self._handlers.append((kind, handler))

    def signal(self, signal: Signal) -> None:
        """Signals are no part of the law."""

    def on_signal(self, kind, handler, /) -> None:
        """Nobody listens."""

    async def give(self, record: FactRecord) -> None:
        for kind, handler in self._handlers:
            if isinstance(record.fact, kind):
                await handler(record)


class Heard:
    """Speech that is always done with a leg."""

    async def done_with(self, centre_id: str, leg_id: str) -> bool:
        return True


class Names:
    async def centre_name(self, tx, centre_id: str) -> str:
        return "Spruce County 911"

    async def centre_ids(self, tx) -> list[str]:
        return [CENTRE]


@dataclass
class World:
    """One installation with a call under way, seen by its console."""

    folder: Path
    call_id: str = ""
    legs: dict[Side, str] = field(default_factory=dict)
    source: Attachment | None = None
    kept: dict[str, str] = field(default_factory=dict)
    """What the phone of the caller has."""
    cookie: str = ""

    def __post_init__(self) -> None:
        self.clock, ids = ManualClock(), CountingIds()
        self.db = SqlDatabase(f"sqlite:///{self.folder / 'sync.sqlite3'}")
        self.facts = Facts(SqlFactStore(), self.clock, ids, FACTS)
        self.bus, self.tasks = SteppedBus(), Tasks()
        lamps = Lamps(self.clock, self.bus)
        audit = AuditLog(SqlAuditStore(), self.clock)
        shared = {"facts": self.facts, "audit": audit, "clock": self.clock}
        self.calls = CallService(self.db, SqlCallStore(), ids=ids, **shared)
        self.transcript = TranscriptService(
            self.db, SqlTranscriptStore(), self.facts, self.bus, self.calls, audit
        )
        self.media_store = SqlMediaStore()
        folders = Folders(self.folder / "recordings")
        archivist = Archivist(
            self.db, self.media_store, folders=folders, calls=self.calls, tasks=self.tasks,
            speech=Heard(), archive_wait_s=0, **shared,
        )  # fmt: skip
        self.media = MediaService(
            self.db,
            self.media_store,
            lambda on_state, on_lost: Recorder(
                folders, SystemFiles(), on_state=on_state, on_lost=on_lost, need_bytes=4096
            ),
            folders=folders,
            calls=self.calls,
            archivist=archivist,
            facts=self.facts,
            lamps=lamps,
            clock=self.clock,
            tasks=self.tasks,
            settings=MediaSettings(),
        )
        self.playback = Playback(
            self.db, self.media_store, folders=folders, calls=self.calls, audit=audit,
            clock=self.clock,
        )  # fmt: skip
        self.incidents = IncidentService(
            database=self.db, store=SqlIncidentStore(), calls=self.calls,
            transcript=self.transcript, extractor=RuleExtractor(), ids=ids, **shared,
        )  # fmt: skip
        self.cad = ScriptedCad()
        self.deliveries = DeliveryService(
            self.db, SqlDeliveryStore(), adapter=self.cad, incidents=self.incidents,
            calls=self.calls, centres=Names(), lamps=lamps, ids=ids, jitter=lambda: 0.5, **shared,
        )  # fmt: skip
        media_handlers.subscribe(self.bus, self.media)
        incident_handlers.subscribe(self.bus, self.incidents)
        self.deliveries.subscribe(self.bus)
        vault = AesVault(b"k" * 32)
        self.assist = AssistService(
            self.db, SqlAssistStore(), None, calls=self.calls, transcript=self.transcript,
            redaction=RedactionService(self.db, SqlValueStore(), vault, audit, self.clock),
            lamps=lamps, metrics=Metrics(), tasks=self.tasks, settings=AssistSettings(), **shared,
        )  # fmt: skip
        common: Any = {**shared, "ids": ids}
        self._counted = 0
        self.texting = TextingService(
            self.db, SqlTextingStore(), calls=self.calls, centres=Names(), lamps=lamps,
            words=self.transcript, **common,
        )  # fmt: skip
        self.texting.subscribe(self.bus)
        self.caller = CallerService(
            self.db, SqlCallerStore(), calls=self.calls, texting=self.texting, centres=Names(),
            signals=self.bus, tokens=LinkTokens(bytes(32), "caller", self._chance),
            settings=CallerSettings(), address=lambda: "https://psap.example", **common,
        )  # fmt: skip
        self.caller.subscribe(self.bus)
        self.trail = TrailService(self.db, SqlCallerStore(), calls=self.calls, every_s=5, **common)
        trail_handlers.subscribe(self.bus, self.incidents)
        self.texting.goes_by(self.caller)
        viewings = ViewingBook(self.db, SqlVideoStore(), longest_s=1800, **common)
        self.video = VideoService(
            Desk(
                self.db, self.clock, ids, links=self.caller, viewings=viewings, signals=self.bus,
                settings=VideoSettings(), eyes=None,
            ),
            pages=self.caller.pages, drafts=self.incidents,
        )  # fmt: skip
        self.uploads = UploadService(
            self.db, SqlUploadStore(), files=SealedFiles(self.folder / "uploads", bytes(32)),
            pictures=FakePictures(), scanner=None, viewings=viewings, calls=self.calls,
            settings=UploadSettings(keep_free_mb=0), **common,
        )  # fmt: skip
        self.responders = ResponderService(
            self.db, SqlResponderStore(), calls=self.calls, centres=Names(),
            incidents=self.incidents, caller=self.caller, texting=self.texting,
            tokens=LinkTokens(bytes(32), "responder", self._chance),
            address=lambda: "https://psap.example", settings=ResponderSettings(), video=self.video, **common,
        )  # fmt: skip
        self.console = ConsoleService(
            self.db, self.facts, self.clock, lamps,
            centres=Names(), calls=self.calls, transcript=self.transcript,
            incidents=self.incidents, deliveries=self.deliveries, narratives=self.assist,
            texting=self.texting, caller=self.caller, trail=self.trail, viewings=viewings,
            uploads=self.uploads, responders=self.responders,
        )  # fmt: skip
        self._handed_on = 0

    def _chance(self, count: int) -> bytes:
        """Random bytes that are counted."""
        self._counted += 1
        return self._counted.to_bytes(count, "big")

    # ---- what the console reads

    async def snapshot(self) -> SnapshotView:
        return await self.console.snapshot(CENTRE)

    async def detail(self) -> OpenCallView | None:
        return await self.console.call(CENTRE, self.call_id) if self.call_id else None

    async def gaps(self) -> list[dict[str, object]]:
        """Gaps as the console gets them: with the recording, not with the call."""
        if not self.call_id:
            return []
        legs = await self.playback.recording(DANA, self.call_id)
        return [
            {"leg_id": leg.leg_id, "side": leg.side, "from_ms": gap.from_ms, "to_ms": gap.to_ms}
            for leg in legs
            for gap in leg.gaps
        ]

    async def since(self, position: int) -> list[Stored]:
        async with self.db.read() as tx:
            return await self.facts.since(tx, CENTRE, position)

    # ---- steps

    async def photo(self, part: int = 0, data: bytes = SMALLEST) -> str:
        """A caller sends a photo by MMS."""

        async def chunks() -> AsyncIterator[bytes]:
            yield data

        return await self.uploads.receiving.on_media(
            centre_id=CENTRE, call_id=self.call_id, message_id="msg_1", part=part,
            number=Sensitive("+15095550142", "number"), content_type="image/jpeg",
            chunks=chunks(),
        )  # fmt: skip

    async def settle(self) -> None:
        """Hand every new fact to its handlers, and what that brings about, until all is quiet."""
        while new := await self.since(self._handed_on):
            for stored in new:
                await self.bus.give(stored.record)
                self._handed_on = stored.record.position

    async def until(self, condition: Callable[[], bool | Awaitable[bool]]) -> None:
        """Wait for what the recorder's threads bring about."""
        async with asyncio.timeout(20):
            while True:
                holds = condition()
                if holds if isinstance(holds, bool) else await holds:
                    return
                await asyncio.sleep(0.005)

    async def until_told(self, kind: str, count: int = 1) -> None:
        async def told() -> bool:
            return [s.record.fact.kind for s in await self.since(0)].count(kind) >= count

        await self.until(told)

    async def people(self) -> None:
        async with self.db.write() as tx:
            await SqlCentreStore().add(tx, Centre(CENTRE, "Spruce County 911", START))
            for person in (DANA, LEE):
                user = User(
                    user_id=person.id, centre_id=CENTRE, username=person.id,
                    display_name=person.name, roles=frozenset(), password_hash="x",
                    password_changed_at=START, must_change_password=False, created_at=START,
                )  # fmt: skip
                await SqlUserStore().add(tx, user)

    async def ring(self, external_id: str = "CA-1", *, demo: bool = False) -> str:
        call = await self.calls.start(
            PHONES, external_id=external_id, ani="+15095550142", source="phones", demo=demo
        )
        self.call_id = self.call_id or call.call_id
        self.clock.advance(3)
        return call.call_id

    async def leg(self, side: Side) -> str:
        """Audio of a side begins to be recorded."""
        self.source = await self.media.attach(
            PHONES, owner=self, external_id="CA-1", stream_sid="MZ1", sides=(side,),
            source="phones",
        )  # fmt: skip
        leg_id = self.source.call.legs[side].record.leg_id
        self.legs[side] = leg_id
        await self.transcript.follow(self._ref(leg_id, side))
        return leg_id

    def sound(self, from_ms: int, to_ms: int, side: Side = "caller") -> None:
        assert self.source is not None
        for at in range(from_ms, to_ms, 20):
            self.media.push(self.source, self, side, at, bytes([0x55]) * 160)

    async def say(self, text: str, start_ms: int, side: Side = "caller") -> None:
        """Somebody's final words."""
        words = tuple(
            WordView(
                word=word, start_ms=start_ms + 300 * at, end_ms=start_ms + 300 * at + 280,
                confidence=0.92, timing_estimated=False, doubtful=False,
            )
            for at, word in enumerate(text.split())
        )  # fmt: skip
        await self.finalise(text, words, side)

    async def finalise(
        self, text: str, words: tuple[WordView, ...], side: Side = "caller", **more: object
    ) -> None:
        leg_id, start_ms = self.legs[side], words[0].start_ms
        said = UtteranceView.model_validate(
            {
                "utterance_id": f"utt_{leg_id[4:]}_{start_ms * 8}", "call_id": self.call_id,
                "leg_id": leg_id, "side": side, "start_ms": start_ms, "end_ms": words[-1].end_ms,
                "text": text, "revision": 1, "engine": "scripted", "doubtful": False,
                "words": words, **more,
            }
        )  # fmt: skip
        through = (await self.transcript.follow(self._ref(leg_id, side))).through_sample + 8
        await self.transcript.finalise(CENTRE, said, through)
        await self.settle()

    async def say_unsure(self, start_ms: int) -> None:
        """Final words with a number, a local name and doubts beside them."""
        heard = ["at", "twenty", "two", "ten", "jenny", "see", "street"]
        words = tuple(
            WordView(
                word=word, start_ms=start_ms + 300 * at, end_ms=start_ms + 300 * at + 280,
                confidence=0.41 if word in {"jenny", "see"} else 0.92, timing_estimated=True,
                doubtful=word in {"jenny", "see"}, unconfirmed=at > 0,
            )
            for at, word in enumerate(heard)
        )  # fmt: skip
        number = NumberView(
            first_word=1, last_word=3, kind="number", written="2210", alternatives=("20 2 10",)
        )
        names = (NameMatch(name="Genesee Street", score=0.83),)
        await self.finalise(
            " ".join(heard), words, doubtful=True, doubts=("unsure", "noise"), numbers=(number,),
            suggestions=(SuggestionView(first_word=4, last_word=6, names=names),),
        )  # fmt: skip

    async def tone(self, kind: str, at_ms: int, *, digits: str | None = None) -> None:
        """A tone on the caller's side."""
        heard = ToneHeard(
            centre_id=CENTRE, call_id=self.call_id, leg_id=self.legs["caller"], side="caller",
            tone=kind, digits=digits, start_ms=at_ms, end_ms=at_ms + 200 * len(digits or "12345"),
        )  # fmt: skip
        async with self.db.write() as tx:
            await self.facts.append(tx, heard)
        await self.settle()

    def _ref(self, leg_id: str, side: Side) -> LegRef:
        return LegRef(
            centre_id=CENTRE, call_id=self.call_id, leg_id=leg_id, side=side, start_ms=3000,
            folders=("nowhere",),
        )  # fmt: skip

    async def version(self, name: str) -> int:
        draft = await self.incidents.draft(DANA, self.call_id)
        return draft.fields[name].version

    async def edit(self, name: str, value: str, by: Principal = DANA) -> None:
        await self.incidents.edit(by, self.call_id, name, value, await self.version(name))

    async def confirm_all(self, *names: str) -> None:
        versions = {name: await self.version(name) for name in names}
        await self.incidents.confirm(DANA, self.call_id, versions)

    async def send(self, *outcomes: object) -> None:
        """Queue what was confirmed and let the CAD answer."""
        await self.settle()
        self.cad.outcomes.extend(outcomes)
        await self.deliveries.run_once()
        await self.settle()

    async def keep_gap(self, from_ms: int, to_ms: int) -> None:
        """The source goes on after a hole."""
        self.sound(0, from_ms)
        self.sound(to_ms, to_ms + 600)
        await self.until_told("media.gap.found.v1")

    async def complete(self) -> None:
        """The call ends and its recording is sealed."""
        await self.calls.end(PHONES, self.call_id, "hangup")
        await self.settle()
        await self.until_told("media.leg.sealed.v1", len(self.legs))
        await self.until(self.sealed)

    async def sealed(self) -> bool:
        legs = (await self.calls.get(DANA, self.call_id)).legs
        return all(leg.state == "sealed" for leg in legs)


async def prepare(folder: Path) -> None:
    """A database with its people, which each world begins with a copy of: migrating takes time."""
    world = World(folder)
    try:
        await upgrade(world.db)
        await world.people()
    finally:
        await world.db.close()


@asynccontextmanager
async def opened(folder: Path, prepared: Path) -> AsyncIterator[World]:
    """A world before any call; `prepared` is a folder that `prepare` was given."""
    shutil.copytree(prepared, folder, dirs_exist_ok=True)
    world = World(folder)
    try:
        await world.media.start()
        yield world
    finally:
        await world.media.stop()
        await world.tasks.close()
        await world.db.close()
