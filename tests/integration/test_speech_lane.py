"""Speech with real workers, the real model and SQLite: killed, stopped, and the words are right."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
import soundfile as sf

from ringdown.audit.service import AuditLog
from ringdown.audit.store import SqlAuditStore
from ringdown.core.events import Signal
from ringdown.runtime.bus import MemoryBus, SqlCursorStore
from ringdown.runtime.clock import SystemClock
from ringdown.runtime.db import Database
from ringdown.runtime.facts import Facts, SqlFactStore
from ringdown.runtime.ids import SystemIds
from ringdown.runtime.lamps import Lamps
from ringdown.runtime.tasks import Tasks
from ringdown.runtime.telemetry import Metrics
from ringdown.speech import events
from ringdown.speech.adapters.processes import speech_workers
from ringdown.speech.events import ChannelChanged, UtterancePartial
from ringdown.speech.lane import SpeechLane
from ringdown.speech.model.utterance import LegRef
from ringdown.speech.service import TranscriptService
from ringdown.speech.settings import SpeechSettings
from ringdown.speech.store import SqlTranscriptStore
from ringdown.wire.g711 import encode_ulaw
from ringdown.wire.legfile import LegHeader, encode_header

DATA = Path(__file__).parents[1] / "data" / "speech"
WAIT_S = 60


class NoCalls:
    async def read(self, tx, centre_id: str, call_id: str) -> object:
        return call_id


class Station:
    """Everything of speech that runs in the server."""

    def __init__(self, db: Database) -> None:
        clock = SystemClock()
        self.facts = Facts(SqlFactStore(), clock, SystemIds(clock), events.FACTS)
        self.bus = MemoryBus(db, self.facts, SqlCursorStore(), clock)
        self.db = db
        store = SqlTranscriptStore()
        self.transcript = TranscriptService(
            db, store, self.facts, self.bus, NoCalls(), AuditLog(SqlAuditStore(), clock)
        )
        self.changes: list[tuple[float, str]] = []
        self.lamps = Lamps(clock, self)
        settings = SpeechSettings()
        self.lane = SpeechLane(
            self.transcript, speech_workers(settings), self.lamps, clock, settings, Metrics()
        )

    def signal(self, signal: Signal) -> None:
        lamp = self.lamps.get("speech")
        assert lamp is not None
        self.changes.append((asyncio.get_running_loop().time(), lamp.state))

    async def text(self) -> list[str]:
        async with self.db.read() as tx:
            found = await self.transcript.read_in(tx, "centre_1", "call_1")
        return [utterance.text for utterance in found]

    async def told(self) -> list[str]:
        async with self.db.read() as tx:
            return [s.record.fact.utterance.text for s in await self.facts.since(tx, "centre_1", 0)]

    def ready(self) -> bool:
        lamp = self.lamps.get("speech")
        return lamp is not None and lamp.state == "ok"

    async def idle(self) -> bool:
        return not await self.transcript.open_legs()


@pytest.fixture
async def station(sql_database: Database) -> Station:
    return Station(sql_database)


@pytest.fixture
def caller(tmp_path: Path) -> bytes:
    """The µ-law bytes of a caller who says three sentences."""
    samples, _ = sf.read(DATA / "caller.flac", dtype="int16")
    return encode_ulaw(samples)


def ref(folder: Path, leg_id: str = "leg_1") -> LegRef:
    return LegRef(
        centre_id="centre_1",
        call_id="call_1",
        leg_id=leg_id,
        side="caller",
        start_ms=0,
        folders=(str(folder),),
    )


def begin(folder: Path, leg_id: str = "leg_1") -> Path:
    path = folder / f"{leg_id}.leg"
    first = SystemClock().now()
    path.write_bytes(encode_header(LegHeader("centre_1", "call_1", leg_id, "caller", first)))
    return path


def append(path: Path, data: bytes) -> None:
    with path.open("ab") as file:
        file.write(data)


async def until(met: Callable[[], Awaitable[bool] | bool]) -> None:
    async with asyncio.timeout(WAIT_S):
        while True:
            result = met()
            if result if isinstance(result, bool) else await result:
                return
            await asyncio.sleep(0.05)


async def hear_all(station: Station, folder: Path, tasks: Tasks) -> list[str]:
    lane = tasks.spawn("lane", station.lane.run())
    await station.lane.follow(ref(folder))
    await station.lane.end("centre_1", "leg_1")
    await until(station.idle)
    lane.cancel()
    return await station.text()


def assert_the_three_sentences(text: list[str]) -> None:
    """Once each, in order; processors differ a little in what they make of first words."""
    assert len(text) == 3
    assert "is a fire in the kitchen." in text[0]
    assert "is still inside the house, please hurry." in text[1]
    assert "number is 555" in text[2]


async def test_a_recorded_leg_becomes_its_words(
    station: Station, caller: bytes, tmp_path: Path
) -> None:
    """Real worker, real model: the sentences of a synthesised voice, with the number doubtful."""
    append(begin(tmp_path), caller)
    async with Tasks() as tasks:
        text = await hear_all(station, tmp_path, tasks)
    assert_the_three_sentences(text)
    assert await station.told() == text
    async with station.db.read() as tx:
        last = (await station.transcript.read_in(tx, "centre_1", "call_1"))[-1]
    assert [w.word for w in last.words if w.unconfirmed][-1].startswith("555")


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
async def test_a_worker_killed_or_stopped_in_the_middle_loses_and_doubles_nothing(
    station: Station, caller: bytes, tmp_path: Path, how: signal.Signals
) -> None:
    """The lamp is down within two seconds, another worker goes on, and the words are all there."""
    path = begin(tmp_path)
    append(path, caller[:60_000])
    partials: list[str] = []
    station.bus.on_signal(
        UtterancePartial, lambda signal: partials.append(signal.utterance.utterance_id)
    )
    async with Tasks() as tasks:
        tasks.spawn("lane", station.lane.run())
        await station.lane.follow(ref(tmp_path))

        async def first_is_kept() -> bool:
            return len(await station.text()) >= 1

        await until(first_is_kept)
        (pid,) = station.lane.pids
        struck = asyncio.get_running_loop().time()
        os.kill(pid, how)
        append(path, caller[60_000:])
        await station.lane.end("centre_1", "leg_1")
        await until(station.idle)
        assert station.lane.pids != [pid]
    text = await station.text()
    assert_the_three_sentences(text)
    assert await station.told() == text
    down = [at for at, state in station.changes if state == "down" and at >= struck]
    assert down[0] - struck <= 2.0
    assert not _alive(pid)


async def test_a_stopped_station_leaves_no_process(station: Station, tmp_path: Path) -> None:
    """Cancelling the lane ends its workers."""
    async with Tasks() as tasks:
        tasks.spawn("lane", station.lane.run())
        await until(lambda: bool(station.lane.pids))
        (pid,) = station.lane.pids
    assert not _alive(pid)


def test_a_worker_ends_when_its_server_is_gone() -> None:
    """Stdin ends when the server dies in any way; the worker never outlives it."""
    worker = subprocess.Popen(
        [sys.executable, "-m", "ringdown.speech.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert worker.stdout is not None
    assert worker.stdin is not None
    assert b'"ready"' in worker.stdout.readline()
    worker.stdin.close()
    assert worker.wait(10) == 0
    worker.stdout.close()
    assert worker.stderr is not None
    worker.stderr.close()


def test_a_wrong_engine_is_told_and_ends_the_worker() -> None:
    """A worker that cannot work says why in its log, by code."""
    done = subprocess.run(
        [sys.executable, "-m", "ringdown.speech.worker", "--settings", '{"engine":"none"}'],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 2
    assert b"plugins.missing" in done.stderr


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_an_overloaded_worker_is_late_but_loses_no_word(
    station: Station, caller: bytes, tmp_path: Path
) -> None:
    """Twelve legs come four times as fast as on a call: lag rises, partials go, all words come."""
    beats: list[tuple[int, str]] = []
    station.bus.on_signal(
        ChannelChanged, lambda signal: beats.append((signal.channel.lag_ms, signal.channel.mode))
    )
    legs = [f"leg_{number}" for number in range(12)]
    async with Tasks() as tasks:
        tasks.spawn("lane", station.lane.run())
        await until(station.ready)
        paths = [begin(tmp_path, leg_id) for leg_id in legs]
        for leg_id in legs:
            await station.lane.follow(ref(tmp_path, leg_id))
        for start in range(0, len(caller), 3200):
            for path in paths:
                append(path, caller[start : start + 3200])
            await asyncio.sleep(0.1)
        for leg_id in legs:
            await station.lane.end("centre_1", leg_id)
        await until(station.idle)
    async with station.db.read() as tx:
        found = await station.transcript.read_in(tx, "centre_1", "call_1")
    for leg_id in legs:
        assert_the_three_sentences([one.text for one in found if one.leg_id == leg_id])
    assert len({one.utterance_id for one in found}) == len(found)
    assert max(lag for lag, _ in beats) > 2000
    assert {"no_partials", "catching_up"} & {mode for _, mode in beats}
