"""The media socket as a real server, fed by the real replay client, and killed."""

import asyncio
import base64
import contextlib
import io
import json
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import httpx
import numpy as np
import pytest
import soundfile
from tests.media_world import SECRET, start
from tests.services import free_port
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from ringdown.core.sensitive import Sensitive
from ringdown.media.replay import CallFacts, Recording, Replay, SourceRefused, Target
from ringdown.wire.g711 import decode_ulaw, encode_ulaw

BASIC = base64.b64encode(f"client_1:{SECRET}".encode()).decode()


class Server:
    """A server process on a folder that outlives it."""

    def __init__(self, folder) -> None:
        self.folder, self.port = folder, free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self.web: httpx.AsyncClient

    @asynccontextmanager
    async def browsing(self) -> AsyncIterator[None]:
        base, headers = f"http://127.0.0.1:{self.port}", {"Authorization": f"Basic {BASIC}"}
        async with httpx.AsyncClient(base_url=base, headers=headers) as self.web:
            yield

    @property
    def socket(self) -> str:
        return f"ws://127.0.0.1:{self.port}/v1/media/twilio"

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.integration.media_server", self.folder, str(self.port)],
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == b"ready\n"

    def end(self, how: signal.Signals) -> None:
        assert self.process is not None
        assert self.process.stdout is not None
        self.process.send_signal(how)
        self.process.wait()
        self.process.stdout.close()

    async def calls(self) -> list[dict]:
        found = []
        for state in ("open", "ended"):
            answer = await self.web.get("/v1/calls", params={"state": state})
            found += answer.raise_for_status().json()["calls"]
        return found

    async def call(self, sid: str, wanted) -> dict:
        """The call of this source's id, once it is as wanted."""
        async with asyncio.timeout(30):
            while True:
                for call in await self.calls():
                    if call["external_id"] == sid and wanted(call):
                        return call
                await asyncio.sleep(0.05)

    async def ended(self, sid: str) -> dict:
        return await self.call(sid, lambda call: call["state"] == "ended")

    async def legs(self, call_id: str) -> list[dict]:
        return (await self.web.get(f"/v1/calls/{call_id}/recording")).json()["legs"]

    async def archived(self, call_id: str) -> list[dict]:
        async with asyncio.timeout(30):
            while True:
                legs = await self.legs(call_id)
                if legs and all(leg["state"] == "archived" for leg in legs):
                    return legs
                await asyncio.sleep(0.05)

    async def hear(self, call_id: str, from_ms: int, to_ms: int) -> np.ndarray:
        answer = await self.web.get(
            f"/v1/calls/{call_id}/audio", params={"from_ms": from_ms, "to_ms": to_ms}
        )
        assert answer.headers["content-type"] == "audio/wav"
        samples, rate = soundfile.read(io.BytesIO(answer.content), dtype="int16")
        assert rate == 8000
        return samples


@contextmanager
def serving(folder) -> Iterator[Server]:
    server = Server(folder)
    server.start()
    try:
        yield server
    finally:
        server.end(signal.SIGKILL)


@pytest.fixture(scope="module")
def shared(tmp_path_factory) -> Iterator[Server]:
    """One server for the tests that leave it alive; each has a call of its own."""
    with serving(tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture
async def server(shared) -> AsyncIterator[Server]:
    async with shared.browsing():
        yield shared


@pytest.fixture
async def mortal(tmp_path) -> AsyncIterator[Server]:
    """A server that the test may kill and start again."""
    with serving(tmp_path) as server:
        async with server.browsing():
            yield server


def ramp(seconds: int) -> Recording:
    """Each 20 ms of the caller has a loudness of its own, so that its place can be told."""
    steps = np.arange(seconds * 50)
    caller = np.repeat((steps * 113) % 30_000 + 500, 160).astype(np.int16)
    return Recording({"caller": encode_ulaw(caller), "call_taker": encode_ulaw(-caller)})


def replay(server: Server, recording: Recording, *, speed: float, sid: str = "CA1") -> Replay:
    target = Target(server.socket, "client_1", Sensitive(SECRET, "client.secret"))
    return Replay(target, CallFacts(sid), recording, speed=speed)


async def test_a_replayed_call_is_heard_exactly_as_it_was_sent(server):
    """Stereo in at twenty times its pace; sealed and archived; the same samples out."""
    recording = ramp(20)
    await replay(server, recording, speed=20, sid="CAexact").run()
    call = await server.ended("CAexact")
    legs = await server.archived(call["call_id"])
    assert [(leg["side"], leg["duration_ms"], leg["gaps"]) for leg in legs] == [
        ("caller", 20_000, []),
        ("call_taker", 20_000, []),
    ]
    heard = await server.hear(call["call_id"], 0, 20_000)
    for channel, side in enumerate(("caller", "call_taker")):
        np.testing.assert_array_equal(heard[:, channel], decode_ulaw(recording.sides[side]))


@pytest.mark.slow
async def test_a_killed_server_loses_less_than_a_second_and_the_source_comes_back(mortal):
    """kill -9 in mid-call: same call, same legs, the gap is silence, audio before it is intact."""
    recording = ramp(24)
    source = replay(mortal, recording, speed=2)
    sending = asyncio.create_task(source.run())
    await asyncio.sleep(2)  # the call has to be under way: about 4 s of it
    sent_ms = source._sent_ms
    mortal.end(signal.SIGKILL)
    await asyncio.to_thread(mortal.start)
    await sending
    call = await mortal.ended("CA1")
    legs = await mortal.archived(call["call_id"])
    heard = await mortal.hear(call["call_id"], 0, 24_000)
    assert [leg["duration_ms"] for leg in legs] == [24_000, 24_000]
    (gap,) = [gap for gap in legs[0]["gaps"] if gap["reason"] == "source_lost"]
    assert sent_ms - 1000 <= gap["from_ms"] <= sent_ms + 100
    expected = decode_ulaw(recording.sides["caller"]).copy()
    expected[gap["from_ms"] * 8 : gap["to_ms"] * 8] = 0
    np.testing.assert_array_equal(heard[:, 0], expected)


@pytest.mark.slow
async def test_a_terminated_server_goes_on_as_well(mortal):
    """An orderly restart in mid-call: the call and its legs go on to their end."""
    sending = asyncio.create_task(replay(mortal, ramp(24), speed=2).run())
    await mortal.call("CA1", lambda call: len(call["legs"]) == 2)
    mortal.end(signal.SIGTERM)
    await asyncio.to_thread(mortal.start)
    await sending
    call = await mortal.ended("CA1")
    legs = await mortal.archived(call["call_id"])
    assert [leg["duration_ms"] for leg in legs] == [24_000, 24_000]


@pytest.mark.parametrize("header", [None, "Basic bm9ib2R5Ong=", "Bearer x", "Digest y"])
async def test_a_wrong_credential_is_told_and_the_socket_closed(server, header):
    """No credential at all, or a wrong one: a close code that says so, and no call."""
    headers = {} if header is None else {"Authorization": header}
    async with connect(server.socket, additional_headers=headers) as socket:
        with pytest.raises(ConnectionClosed) as closed:
            await socket.send(json.dumps(start("CAnobody")))
            while True:
                await socket.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4401
    assert "CAnobody" not in [call["external_id"] for call in await server.calls()]


async def test_the_replay_client_says_why_it_was_refused(server):
    """A wrong secret is not tried for ever."""
    target = Target(server.socket, "client_1", Sensitive("wrong", "client.secret"))
    with pytest.raises(SourceRefused):
        await Replay(target, CallFacts("CArefused"), ramp(1)).run()


async def _errors(server: Server, *frames: str) -> tuple[list[dict], int]:
    """What a source is told for these frames, and the close code."""
    told: list[dict] = []
    headers = {"Authorization": f"Basic {BASIC}"}
    async with connect(server.socket, additional_headers=headers, max_size=None) as socket:
        # A server that has had enough closes before everything is sent.
        with contextlib.suppress(ConnectionClosed):
            for frame in frames:
                await socket.send(frame)
        try:
            while True:
                told.append(json.loads(await socket.recv()))
        except ConnectionClosed as closed:
            return told, closed.rcvd.code if closed.rcvd else 1006


OPUS = start()
OPUS["start"]["mediaFormat"] = {"encoding": "audio/opus", "sampleRate": 48_000}
WIDE = start()
WIDE["start"]["mediaFormat"]["sampleRate"] = 16_000
STOP = json.dumps({"event": "stop", "streamSid": "MZ1"})


@pytest.mark.parametrize(
    ("name", "frames", "codes", "close"),
    [
        ("codec", [json.dumps(OPUS)], ["media.ingest.codec_unsupported"], 1008),
        ("rate", [json.dumps(WIDE)], ["media.ingest.rate_unsupported"], 1008),
        ("megabyte", ["x" * 1_000_000], ["media.ingest.message_too_large"], 1009),
        (
            "disorder",
            [STOP, "{", json.dumps(start()), json.dumps(start()), STOP],
            [
                "media.ingest.not_started",
                "media.ingest.not_json",
                "media.ingest.already_started",
            ],
            1000,
        ),
        (
            "flood",
            [json.dumps(start("CAflood")), *[json.dumps({"event": "?"})] * 10_000],
            ["media.ingest.rate_exceeded"],
            1008,
        ),
    ],
)
async def test_bad_sources_are_told_what_is_wrong_while_another_call_goes_on(
    server, name, frames, codes, close
):
    """Typed errors and close codes for the bad source; the call beside it is recorded whole."""
    sid = f"CAbeside-{name}"
    good = asyncio.create_task(replay(server, ramp(2), speed=1, sid=sid).run())
    told, code = await _errors(server, *frames)
    await good
    assert ([error["code"] for error in told], code) == (codes, close)
    call = await server.ended(sid)
    legs = await server.archived(call["call_id"])
    assert [(leg["duration_ms"], leg["gaps"]) for leg in legs] == [(2000, []), (2000, [])]


async def test_listening_needs_a_sensible_stretch(server):
    """The audio and waveform routes say what is wrong in problem+json, and work at the edge."""
    await replay(server, ramp(2), speed=10, sid="CAheard").run()
    call = await server.ended("CAheard")
    path = f"/v1/calls/{call['call_id']}"
    await server.archived(call["call_id"])
    wrong = await server.web.get(f"{path}/audio", params={"from_ms": 0, "to_ms": 99_000})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "media.stretch.invalid")
    edge = await server.web.get(
        f"{path}/audio", params={"from_ms": 1500, "to_ms": 9000, "sides": "caller"}
    )
    assert (edge.headers["x-to-ms"], edge.headers["x-live-edge-ms"]) == ("2000", "2000")
    outline = (await server.web.get(f"{path}/waveform", params={"bucket_ms": 100})).json()
    assert [len(values) for values in outline["sides"].values()] == [20, 20]
    missing = await server.web.get("/v1/calls/call_none/audio?from_ms=0&to_ms=5")
    assert missing.status_code == 404
