"""A speech server dies in mid-call and returns: through the real lane, workers and models."""

import asyncio
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.integration.test_speech_lane import (
    Station,
    append,
    assert_the_three_sentences,
    begin,
    caller,
    ref,
    until,
)

from ringdown.runtime.clock import SystemClock
from ringdown.runtime.db import Database
from ringdown.runtime.tasks import Tasks
from ringdown.runtime.telemetry import Metrics
from ringdown.speech.adapters.assets import package_file
from ringdown.speech.adapters.moonshine import Moonshine
from ringdown.speech.adapters.processes import speech_workers
from ringdown.speech.events import UtterancePartial
from ringdown.speech.lane import SpeechLane
from ringdown.speech.model.utterance import UtteranceView
from ringdown.speech.settings import SpeechSettings
from ringdown.testing.asr_server import AsrServer, serving_asr

__all__ = ["caller"]
REMOTE, BUNDLED = "whisper-1@127.0.0.1", "moonshine-tiny-en"


class Call:
    """A station whose preferred recogniser is a server of ours; it hears as the bundled one."""

    def __init__(self, db: Database, folder: Path) -> None:
        self.server = AsrServer(Moonshine(package_file("moonshine_voice", "assets", "tiny-en")))
        self.serving = ExitStack()
        self.url = self.serving.enter_context(serving_asr(self.server))
        self.station = Station(db)
        settings = SpeechSettings.model_validate(
            {
                "engine": "openai-compatible,moonshine",
                "openai_compatible": {
                    "url": self.url,
                    "allow_plain_http": True,
                    "timeout_s": 4,
                },
            }
        )
        station = self.station
        station.lane = SpeechLane(
            station.transcript,
            speech_workers(settings, folder / "logs"),
            station.lamps,
            SystemClock(),
            settings,
            Metrics(),
        )

    def die(self, how: str) -> None:
        if how == "hang":
            self.server.failure = "hang"
        else:
            self.serving.close()

    def come_back(self, how: str) -> None:
        self.server.failure = "none"
        if how != "hang":
            port = int(self.url.rpartition(":")[2])
            self.serving.enter_context(serving_asr(self.server, port=port))

    async def utterances(self) -> list[UtteranceView]:
        async with self.station.db.read() as tx:
            found = await self.station.transcript.read_in(tx, "centre_1", "call_1")
        return sorted(found, key=lambda one: one.start_ms)

    async def has(self, count: int) -> None:
        async def enough() -> bool:
            return len(await self.utterances()) >= count

        await until(enough)

    async def lamp(self, state: str, text: str) -> None:
        def lit() -> bool:
            lamp = self.station.lamps.get("speech")
            return lamp is not None and lamp.state == state and text in lamp.text

        await until(lit)


@pytest.mark.parametrize("how", ["gone", "hang"])
async def test_words_go_on_when_the_server_dies_and_it_is_used_again_when_it_returns(
    sql_database: Database, caller: bytes, tmp_path: Path, how: str
) -> None:
    """No sentence is lost or doubled, each names who heard it, and the lamp says who listens."""
    call = Call(sql_database, tmp_path)
    path = begin(tmp_path)
    with call.serving:
        async with Tasks() as tasks:
            lane = tasks.spawn("lane", call.station.lane.run())
            await call.station.lane.follow(ref(tmp_path))
            append(path, caller)
            await call.has(3)
            call.die(how)
            append(path, caller)
            await call.has(6)
            append(path, caller)  # once more: a single failure may be chance
            await call.has(9)
            await call.lamp("warn", f"The engine {REMOTE} ")
            call.come_back(how)
            await call.lamp("ok", "as people speak")
            append(path, caller)
            await call.has(12)
            await call.station.lane.end("centre_1", "leg_1")
            await until(call.station.idle)
            lane.cancel()
    said = await call.utterances()
    texts = [one.text for one in said]
    for at in (0, 3, 6, 9):
        assert_the_three_sentences(texts[at : at + 3])
    assert len({one.start_ms for one in said}) == len(texts) == 12
    heard_by = [one.engine for one in said]
    assert heard_by[:3] == [REMOTE] * 3
    assert set(heard_by[3:9]) == {BUNDLED}
    assert heard_by[-1] == REMOTE


async def test_what_is_only_shown_stays_on_this_machine(
    sql_database: Database, caller: bytes, tmp_path: Path
) -> None:
    """The line lives by the bundled engine while the sentence goes on."""
    call = Call(sql_database, tmp_path)
    path = begin(tmp_path)
    shown: list[str] = []
    call.station.bus.on_signal(
        UtterancePartial, lambda signal: shown.append(signal.utterance.engine)
    )
    with call.serving:
        async with Tasks() as tasks:
            lane = tasks.spawn("lane", call.station.lane.run())
            await call.station.lane.follow(ref(tmp_path))
            for start in range(0, 64_000, 1000):  # as it is spoken
                append(path, caller[start : start + 1000])
                await asyncio.sleep(0.12)
            await call.station.lane.end("centre_1", "leg_1")
            await until(call.station.idle)
            lane.cancel()
    assert BUNDLED in shown
    assert {one.engine for one in await call.utterances()} == {REMOTE}
