"""Somebody else holds the database's lock in the middle of a call: a backup, a stray program."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from tests.live import (
    Watch,
    assert_heard_as_sent,
    demo_recording,
    first_person,
    lamp,
    live_edge,
    newest_call,
    phones,
    raw,
    said,
    sealed,
    until,
)

from ringdown.testing.instance import running

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

CALL_S = 36
AT_LEAST_S = 5


async def test_a_locked_database_costs_no_audio_no_word_and_no_note(tmp_path: Path) -> None:
    """Recording goes on and reading works; writing is refused with a code that says what to do.

    Afterwards every word arrives once, the refused note can be saved, and nothing has crashed.
    """
    data = tmp_path / "data"
    recording = demo_recording(CALL_S)
    loop = asyncio.get_running_loop()
    async with running(data) as server:
        person = await first_person(server)
        watch = Watch(person)
        watching = asyncio.create_task(watch.run())
        source = await phones(person, server)
        playing = asyncio.create_task(source.play(recording, speed=3).run())
        call_id = await newest_call(person)
        await until(
            lambda: person.ask("GET", f"/v1/calls/{call_id}/transcript"),
            lambda got: got["utterances"],
        )
        notes = f"/v1/calls/{call_id}/notes"

        with closing(sqlite3.connect(data / "ringdown.sqlite3", isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            since = loop.time()
            before = await live_edge(person, call_id)
            refused = await raw(person, "POST", notes, {"text": "two engines"})
            view = await person.ask("GET", f"/v1/console/calls/{call_id}")
            assert view["call"]["state"] == "active", "reading goes on"
            await asyncio.sleep(max(0.0, AT_LEAST_S - (loop.time() - since)))
            meanwhile = await live_edge(person, call_id)
            assert (await lamp(person, "recording"))["state"] == "ok"
            red = await lamp(person, "facts")
            assert (red["state"], "Recording" in red["still_works"]) == ("down", True)
            assert loop.time() - since < 20, "nobody waits for long to be told"
            other.execute("ROLLBACK")

        assert refused.status_code == 503
        problem = refused.json()
        assert problem["code"] == "runtime.database.unavailable"
        assert problem["action"]
        assert meanwhile - before > 1_000, "audio was recorded while the database was locked"

        note = await person.ask("POST", notes, {"text": "two engines"})
        await playing
        ended = await sealed(person, call_id)
        await watch.reach(ended["position"])
        assert [one["note_id"] for one in ended["notes"]] == [note["note_id"]]
        assert watch.whole
        recorded = await person.ask("GET", f"/v1/calls/{call_id}/recording")
        assert [leg["gaps"] for leg in recorded["legs"]] == [[], []]
        await assert_heard_as_sent(person, call_id, recording)
        final = await until(
            lambda: person.ask("GET", f"/v1/calls/{call_id}/transcript"),
            lambda got: "trapped" in said(got["utterances"], "caller"),
        )
        caller = said(final["utterances"], "caller")
        assert caller.count("my house is on fire") == 1
        assert caller.count("my father is trapped") == 1
        assert (await lamp(person, "speech"))["state"] == "ok"
        assert (await lamp(person, "facts"))["state"] == "ok"
        assert server.process.returncode is None
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        await person.close()
