"""The demo call on what a large centre runs: PostgreSQL for the facts, NATS between the parts."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest
from tests.live import (
    Watch,
    assert_heard_as_sent,
    demo_recording,
    first_person,
    lamp,
    phones,
    said,
    sealed,
    until,
)
from tests.services import free_port, nats_at

from ringdown.cad.receiver import Receiver
from ringdown.cad.receiver import serving as serving_cad
from ringdown.demo import load as load_demo
from ringdown.runtime.clock import SystemClock
from ringdown.testing.instance import Person, running, start
from ringdown.wire.standard_webhooks import Secret, write_secret

pytestmark = [pytest.mark.slow, pytest.mark.nats, pytest.mark.timeout(240)]

SPEED = 4


@pytest.fixture
async def database(postgres_server: str) -> str:
    """A database of this test's own; its URL."""
    plain = postgres_server.replace("postgresql+asyncpg", "postgresql")
    name = f"centre_{secrets.token_hex(4)}"
    connection = await asyncpg.connect(plain)
    await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()
    return f"{plain.rpartition('/')[0]}/{name}"


@pytest.fixture
def nats(tmp_path: Path) -> Iterator[str]:
    """A NATS of this test's own: installations that share one would share their facts."""
    port = free_port()
    with nats_at(port, tmp_path / "nats"):
        yield f"nats://127.0.0.1:{port}"


@dataclass
class Cad:
    receiver: Receiver
    settings: dict[str, str]


@pytest.fixture
async def cad(tmp_path: Path) -> AsyncIterator[Cad]:
    key = secrets.token_bytes(32)
    secret = tmp_path / "cad-secret"
    secret.write_text(write_secret(key))
    receiver = Receiver([Secret(key)], SystemClock())
    async with serving_cad(receiver) as address:
        settings = {
            "RINGDOWN_CAD__ADAPTER": "webhook",
            "RINGDOWN_CAD__WEBHOOK__URL": address,
            "RINGDOWN_CAD__WEBHOOK__SECRET_FILE": str(secret),
        }
        yield Cad(receiver, settings)


@asynccontextmanager
async def watched(person: Person) -> AsyncIterator[Watch]:
    watch = Watch(person)
    watching = asyncio.create_task(watch.run())
    yield watch
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)


async def confirm_all(person: Person, call_id: str, draft: dict) -> None:
    """Confirm every field of which something is known."""
    known = {name: f["version"] for name, f in draft["fields"].items() if f["value"] is not None}
    await person.ask("POST", f"/v1/calls/{call_id}/incident/confirm", {"versions": known})


@pytest.mark.postgres
async def test_the_demo_call_on_postgresql_and_nats_killed_twice(
    tmp_path: Path, database: str, nats: str, cad: Cad
) -> None:
    """Killed when the last word has been said, and again when a person has confirmed: every word,
    the whole draft and one delivery arrive, and the feed has every fact once."""
    settings = cad.settings | {"RINGDOWN_DATABASE__URL": database, "RINGDOWN_BUS__URL": nats}
    demo, recording, data = load_demo(), demo_recording(), tmp_path / "data"
    port = free_port()
    server = await start(data, port=port, settings=settings)
    person = await first_person(server)
    try:
        async with watched(person) as watch:
            source = await phones(person, server)
            await source.play(recording, speed=SPEED).run()
            (call_id,) = await calls_started(watch)
            await until(
                lambda: person.ask("GET", f"/v1/calls/{call_id}"),
                lambda call: call["state"] == "ended",
                every=0.01,
            )
            seen = dict(watch.facts)
            await server.kill()
            server = await start(data, port=port, settings=settings)

            view = await sealed(person, call_id, 90)
            await assert_heard_as_sent(person, call_id, recording)
            for name, expected in demo.fields.items():
                view = await until(
                    lambda: person.ask("GET", f"/v1/console/calls/{call_id}"),
                    lambda got, name=name, value=expected: (
                        got["draft"]["fields"][name]["value"] == value
                    ),
                )
                assert view["draft"]["fields"][name]["evidence"]
            for side, words in demo.words.items():
                heard = iter(said(view["utterances"], side).split())
                assert not [word for word in words if word.lower() not in heard], side
            assert said(view["utterances"], "caller").count("my father is trapped") == 1

            await confirm_all(person, call_id, view["draft"])
            await server.kill()
            server = await start(data, port=port, settings=settings)
            done = await until(
                lambda: person.ask("GET", f"/v1/console/calls/{call_id}"),
                lambda got: got["deliveries"] and got["deliveries"][0]["state"] == "acknowledged",
            )
            await watch.reach(done["position"])
            assert watch.whole
            assert all(watch.facts[position] == fact for position, fact in seen.items())
        (incident,) = cad.receiver.accepted
        assert incident.fields["location"].value == demo.fields["location"]
        assert not (data / "ringdown.sqlite3").exists()
    finally:
        await person.close()
        await server.stop()


async def test_a_message_server_that_is_away_costs_nothing_but_time(
    tmp_path: Path, cad: Cad
) -> None:
    """Without NATS the server starts, records, takes notes and decisions, and its lamp says what
    waits; once NATS comes, words, draft and delivery follow. The same when it goes in mid-call."""
    port, store = free_port(), tmp_path / "nats"
    settings = cad.settings | {"RINGDOWN_BUS__URL": f"nats://127.0.0.1:{port}"}
    recording = demo_recording(30)
    async with running(tmp_path / "data", settings=settings) as server:
        person = await first_person(server)
        async with watched(person) as watch:
            source = await phones(person, server)
            down = await until(lambda: lamp(person, "facts"), lambda got: got["state"] == "down")
            assert "NATS" in down["text"]
            assert "Recording" in down["still_works"]

            await source.play(recording, speed=SPEED, sid="CAfirst").run()
            (first,) = await until(lambda: calls_started(watch), lambda ids: ids)
            await assert_heard_as_sent(person, first, recording)
            path = f"/v1/calls/{first}/incident"
            body = {"value": "1 adult", "base_version": 0}
            await person.ask("PUT", f"{path}/fields/victims", body)
            draft = await person.ask("GET", path)
            await confirm_all(person, first, draft)
            assert cad.receiver.accepted == []

            with nats_at(port, store):
                await until(lambda: lamp(person, "facts"), lambda got: got["state"] == "ok")
                await has_its_words(person, first)
                await until(lambda: delivered(cad), lambda count: count == 1)
                playing = asyncio.create_task(source.play(recording, speed=2, sid="CAsecond").run())
                await until(lambda: calls_started(watch), lambda ids: len(ids) == 2)
                second = (await calls_started(watch))[-1]
                await until(
                    lambda: person.ask("GET", f"/v1/calls/{second}/transcript"),
                    lambda got: got["utterances"],
                )
            # Gone in the middle of the second call.
            await until(lambda: lamp(person, "facts"), lambda got: got["state"] == "down")
            note = await person.ask("POST", f"/v1/calls/{second}/notes", {"text": "still here"})
            await playing
            with nats_at(port, store):
                await until(lambda: lamp(person, "facts"), lambda got: got["state"] == "ok")
                ended = await has_its_words(person, second)
                assert [one["note_id"] for one in ended["notes"]] == [note["note_id"]]
                await assert_heard_as_sent(person, second, recording)
                await watch.reach(ended["position"])
                assert watch.whole
        assert len(cad.receiver.accepted) == 1
        await person.close()


async def has_its_words(person: Person, call_id: str) -> dict:
    """The call once it is sealed, said in full, and its draft knows the place."""
    await sealed(person, call_id)
    return await until(
        lambda: person.ask("GET", f"/v1/console/calls/{call_id}"),
        lambda got: (
            said(got["utterances"], "caller").count("my house is on fire") == 1
            and got["draft"]["fields"]["location"]["value"] is not None
        ),
    )


async def delivered(cad: Cad) -> int:
    """How many incidents the CAD has taken."""
    return len(cad.receiver.accepted)


async def calls_started(watch: Watch) -> list[str]:
    """The calls on the feed, in order."""
    return [body["call"]["call_id"] for body in watch.bodies("calls.call.started.v1")]
