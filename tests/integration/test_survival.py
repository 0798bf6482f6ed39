"""What survives when the machine does not: a server killed in the middle of a call."""

import asyncio
import re
import secrets
from pathlib import Path

import numpy as np
import pytest
from tests.services import free_port

from ringdown.core.sensitive import Sensitive
from ringdown.demo import load as load_demo
from ringdown.media.replay import CallFacts, Recording, Replay, Target, load
from ringdown.testing.instance import Person, start
from ringdown.wire.g711 import decode_ulaw

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

PASSWORD = "lantern oat 73 window barn"
CALL_S = 36
KILL_AT_S = 9.0


def first(recording: Recording, seconds: int) -> Recording:
    """The beginning of a recording."""
    return Recording({side: audio[: seconds * 8000] for side, audio in recording.sides.items()})


def heard(utterances: list[dict], side: str) -> str:
    said = sorted((u for u in utterances if u["side"] == side), key=lambda u: u["start_ms"])
    return " ".join(re.sub(r"[^a-z0-9 ]", "", u["text"].lower()) for u in said)


async def until(ask, condition, seconds: float = 60):
    async with asyncio.timeout(seconds):
        while True:
            got = await ask()
            if condition(got):
                return got
            await asyncio.sleep(0.2)


async def pcm(person: Person, call_id: str, side: str, end_ms: int) -> np.ndarray:
    wav = await person.ask(
        "GET",
        f"/v1/calls/{call_id}/audio",
        params={"from_ms": 0, "to_ms": end_ms, "sides": side},
    )
    return np.frombuffer(wav[44:], dtype="<i2")


async def test_a_server_killed_in_mid_call_loses_nothing_acknowledged(tmp_path: Path) -> None:
    """kill -9, start again: the call, its notes, its facts and all but a second of audio are there.

    The source reconnects into the same call, the outage is silence, the transcript catches up from
    the recording without a word lost or doubled, and the feed goes on from where it was.
    """
    port = free_port()
    data = tmp_path / "data"
    server = await start(data, port=port)
    person = Person(server.address)
    recording = first(load([load_demo().audio]), CALL_S)
    seen: dict[int, str] = {}
    try:
        assert server.setup_link is not None
        await person.set_up(server.setup_link, username="dana", password=PASSWORD)
        issued = await person.ask(
            "POST", "/v1/clients", {"name": "Line", "scopes": ["media:ingest"]}
        )
        secret = Sensitive(issued["client_secret"], "client.secret")
        replay = Replay(
            Target(server.media_url, issued["client_id"], secret),
            CallFacts(secrets.token_hex(8)),
            recording,
        )

        async def watch() -> None:
            async for message in person.feed():
                if message["type"] == "fact":
                    assert message["position"] not in seen, "a fact came twice"
                    seen[message["position"]] = message["event_id"]

        async with asyncio.TaskGroup() as group:
            watching = group.create_task(watch())
            playing = group.create_task(replay.run())
            await asyncio.sleep(KILL_AT_S)
            (call,) = (await person.ask("GET", "/v1/console/snapshot"))["calls"]
            call_id = call["call_id"]
            note = await person.ask("POST", f"/v1/calls/{call_id}/notes", {"text": "two engines"})
            await server.kill()
            before = dict(seen)
            server = await start(data, port=port)
            await playing
            ended = await until(
                lambda: person.ask("GET", f"/v1/console/calls/{call_id}"),
                lambda view: (
                    view["call"]["state"] == "ended"
                    and all(leg["state"] == "sealed" for leg in view["call"]["legs"])
                ),
            )
            await until(lambda: asyncio.sleep(0, ended), lambda view: view["position"] in seen)
            watching.cancel()

        assert len(ended["call"]["legs"]) == 2, "the source came back into the same legs"
        assert [n["note_id"] for n in ended["notes"]] == [note["note_id"]]
        assert sorted(seen) == list(range(1, max(seen) + 1)), "the feed has no hole"
        assert before.items() <= seen.items()

        recorded = await person.ask("GET", f"/v1/calls/{call_id}/recording")
        for leg in recorded["legs"]:
            source = decode_ulaw(recording.sides[leg["side"]]).astype(int)
            kept = (await pcm(person, call_id, leg["side"], CALL_S * 1000)).astype(int)
            outage = [gap for gap in leg["gaps"] if gap["reason"] != "padding"]
            assert outage, "the outage is on record"
            lost_from = min(gap["from_ms"] for gap in outage) * 8
            lost_to = max(gap["to_ms"] for gap in outage) * 8
            size = min(source.size, kept.size)
            wrong = np.nonzero(source[:size] != kept[:size])[0]
            edge = 160  # gaps are told in whole milliseconds of the call's clock, not in samples
            assert wrong.size == 0 or (wrong[0] >= lost_from - edge and wrong[-1] < lost_to + edge)
            # Lost is what was under way when the power went, not what had been taken before.
            assert lost_from >= (KILL_AT_S - 1.0) * 8000
            assert lost_to - lost_from < 15 * 8000

        caller = heard(ended["utterances"], "caller")
        assert caller.count("my house is on fire") == 1
        assert caller.count("my father is trapped") == 1
        assert len({u["utterance_id"] for u in ended["utterances"]}) == len(ended["utterances"])
        report = await person.ask("GET", "/v1/audit/export")
        assert b"media:leg:sealed" in report
    finally:
        await person.close()
        await server.stop()


async def test_stopping_is_quick_and_leaves_no_process(tmp_path: Path) -> None:
    """Ctrl-C ends everything within five seconds, the speech workers included."""
    server = await start(tmp_path / "data")
    mark = b"ringdown.speech.worker"
    loop = asyncio.get_running_loop()

    def children() -> set[int]:
        found = set()
        for folder in Path("/proc").iterdir():
            try:
                parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
                if parent == str(server.process.pid) and mark in (folder / "cmdline").read_bytes():
                    found.add(int(folder.name))
            except (OSError, IndexError):
                continue
        return found

    if not Path("/proc/self/stat").exists():
        pytest.skip("needs /proc to look for processes")
    async with asyncio.timeout(20):
        while not (workers := children()):
            await asyncio.sleep(0.1)
    began = loop.time()
    await server.stop()
    assert loop.time() - began < 5
    assert not [pid for pid in workers if (Path("/proc") / str(pid)).exists()]
