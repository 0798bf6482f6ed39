"""Two people at two consoles, on one call: both see everything, nothing is lost."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio
from tests.live import Watch, colleague, first_person, phones, raw

from ringdown.testing.instance import Person, Running, running

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]


@dataclass
class Desk:
    person: Person
    watch: Watch


@dataclass
class Room:
    server: Running
    dana: Desk
    kim: Desk

    async def call(self, external_id: str) -> str:
        source = await phones(self.dana.person, self.server)
        async with source.web as web:
            answer = await web.post("/v1/calls", json={"external_id": external_id})
        return answer.raise_for_status().json()["call_id"]

    async def caught_up(self) -> None:
        """Both feeds have everything that has happened so far."""
        head = (await self.dana.person.ask("GET", "/v1/console/snapshot"))["position"]
        for desk in (self.dana, self.kim):
            await desk.watch.reach(head)
            assert desk.watch.whole


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def room(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Room]:
    async with running(tmp_path_factory.mktemp("room") / "data") as server:
        dana = await first_person(server)
        kim, _ = await colleague(dana, "kim")
        desks = [Desk(person, Watch(person)) for person in (dana, kim)]
        watching = [asyncio.create_task(desk.watch.run()) for desk in desks]
        yield Room(server, *desks)
        for task in watching:
            task.cancel()
        await asyncio.gather(*watching, return_exceptions=True)
        await dana.close()
        await kim.close()


async def test_two_people_edit_one_field_at_once(room: Room) -> None:
    """One edit is taken; the other person is told, with what stands there now. Both feeds show
    both edits, and after a second look the later one stands with the earlier before it."""
    call_id = await room.call("two-at-once")
    path = f"/v1/calls/{call_id}/incident/fields/location"
    typed = {"Dana Demo": "12 North Street", "Kim": "12 South Street"}
    desks = {"Dana Demo": room.dana, "Kim": room.kim}
    answers = dict(
        zip(
            typed,
            await asyncio.gather(
                *(
                    raw(desks[name].person, "PUT", path, {"value": value, "base_version": 0})
                    for name, value in typed.items()
                )
            ),
            strict=True,
        )
    )
    (winner,) = [name for name, answer in answers.items() if answer.status_code == 200]
    (loser,) = [name for name, answer in answers.items() if answer.status_code == 409]
    refusal = answers[loser].json()
    current = refusal["details"]["current"]
    assert answers[loser].headers["content-type"] == "application/problem+json"
    assert (current["value"], current["by"]["name"]) == (typed[winner], winner)

    await room.caught_up()
    for desk in desks.values():
        mine = [f for f in desk.watch.facts.values() if f["call_id"] == call_id]
        (revised,) = [f["body"] for f in mine if f["kind"] == "incidents.draft.revised.v1"]
        (conflict,) = [f["body"] for f in mine if f["kind"] == "incidents.edit.conflicted.v1"]
        shown = revised["draft"]["fields"]["location"]
        assert (shown["value"], shown["by"]["name"]) == (typed[winner], winner)
        assert (conflict["attempted_value"], conflict["by"]["name"]) == (typed[loser], loser)
        assert conflict["current_version"] == shown["version"] == current["version"]

    # The second person looks, and decides again.
    again = {"value": typed[loser], "base_version": current["version"]}
    taken = await raw(desks[loser].person, "PUT", path, again)
    assert taken.status_code == 200
    draft = await room.dana.person.ask("GET", f"/v1/calls/{call_id}/incident")
    assert draft["fields"]["location"]["value"] == typed[loser]
    await room.caught_up()
    audit = (await room.dana.person.ask("GET", "/v1/audit/export")).decode()
    for value in typed.values():
        assert value in audit, "the history names what each of them typed"


async def test_many_edits_of_one_field_lose_none(room: Room) -> None:
    """Two people type over each other twenty times: every try is on both feeds, once."""
    call_id = await room.call("many")
    path = f"/v1/calls/{call_id}/incident/fields/victims"

    async def type_on(desk: Desk, name: str) -> list[tuple[str, int]]:
        done, version = [], 0
        for n in range(10):
            value = f"{name} {n}"
            body = {"value": value, "base_version": version}
            answer = await raw(desk.person, "PUT", path, body)
            told = answer.json()
            now = told if answer.status_code == 200 else told["details"]["current"]
            version = now["version"]
            done.append((value, answer.status_code))
        return done

    both = await asyncio.gather(type_on(room.dana, "dana"), type_on(room.kim, "kim"))
    tried = [one for mine in both for one in mine]
    assert {status for _, status in tried} <= {200, 409}
    await room.caught_up()
    for desk in (room.dana, room.kim):
        mine = [f for f in desk.watch.facts.values() if f["call_id"] == call_id]
        taken = [
            f["body"]["draft"]["fields"]["victims"]["value"]
            for f in mine
            if f["kind"] == "incidents.draft.revised.v1"
        ]
        refused = [
            f["body"]["attempted_value"]
            for f in mine
            if f["kind"] == "incidents.edit.conflicted.v1"
        ]
        assert sorted(taken) == sorted(value for value, status in tried if status == 200)
        assert sorted(refused) == sorted(value for value, status in tried if status == 409)
    draft = await room.dana.person.ask("GET", f"/v1/calls/{call_id}/incident")
    assert draft["fields"]["victims"]["value"] == taken[-1]


async def test_two_people_edit_one_note_at_once(room: Room) -> None:
    """A note keeps one of two simultaneous edits; the other writer gets 409 with the text that
    stands, so what they typed is still theirs to save."""
    call_id = await room.call("note")
    note = await room.dana.person.ask("POST", f"/v1/calls/{call_id}/notes", {"text": "engine"})
    path = f"/v1/calls/{call_id}/notes/{note['note_id']}"
    answers = await asyncio.gather(
        *(
            raw(desk.person, "PUT", path, {"text": text, "base_version": note["version"]})
            for desk, text in ((room.dana, "engine 1"), (room.kim, "engine 2"))
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    (taken,) = [answer.json() for answer in answers if answer.status_code == 200]
    (refused,) = [answer.json() for answer in answers if answer.status_code == 409]
    assert refused["details"]["current"]["text"] == taken["text"]
