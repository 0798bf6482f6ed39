"""Links for the field: what they show, to whom, how long, and what the audit log tells of it."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from tests.sync_actions import answered, decided
from tests.sync_world import DANA, LEE, World, opened, prepare

from ringdown.core.errors import NotFound
from ringdown.core.sensitive import Sensitive
from ringdown.responders import http as responder_http
from ringdown.responders.model import (
    NothingToShow,
    NotShown,
    ResponderLinkNotFound,
    ResponderLinkOver,
)
from ringdown.responders.service import MadeLink
from ringdown.responders.settings import ResponderSettings
from ringdown.runtime.http import install
from ringdown.runtime.link_tokens import LinkUnknown


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    prepared = tmp_path / "prepared"
    prepared.mkdir()
    await prepare(prepared)
    async with opened(tmp_path / "data", prepared) as made:
        yield made


def token(made: MadeLink) -> Sensitive[str]:
    address, _, told = made.address.partition("#")
    assert address == "https://psap.example/r"
    return Sensitive(told, "token")


async def give(world: World, *shows: str, minutes: int | None = None) -> MadeLink:
    return await world.responders.make(
        DANA, world.call_id, role="fire", to="Engine 4",
        shows=shows or ("incident", "location"), minutes=minutes,  # type: ignore[arg-type]
    )  # fmt: skip


async def audit(world: World) -> list[tuple[str, dict[str, object]]]:
    """What the log tells of responders, oldest first."""
    async with world.db.read() as tx:
        rows = await tx.sql.execute(text("SELECT tag, details FROM audit_rows ORDER BY seq"))
        return [
            (row.tag, json.loads(row.details) if isinstance(row.details, str) else row.details)
            for row in rows
            if row.tag.startswith("responders:")
        ]


async def test_the_field_sees_what_was_confirmed_and_never_a_draft(world: World) -> None:
    """Before the confirmation there is nothing, though the draft knows a place."""
    await decided_but_for_the_word(world)
    made = await give(world)
    before = await world.responders.now(token(made))
    assert (before.incident, before.trail, before.messages) == (None, (), None)
    await world.confirm_all("location", "type")
    shown = (await world.responders.now(token(made))).incident
    assert shown is not None
    assert (shown.by, shown.sequence, shown.state) == ("Dana Reyes", 1, "active")
    assert {one.name: one.text for one in shown.fields}["location"].startswith("12 Maple Street")


async def decided_but_for_the_word(world: World) -> None:
    await answered(world)
    await world.leg("caller")
    await world.say("my house is on fire at 12 Maple Street", 4_000)
    await world.edit("location", "12 Maple Street, rear entrance")


async def test_a_confirmation_taken_back_is_shown_as_that(world: World) -> None:
    """A crew on its way learns that the incident is no more, and why."""
    await decided(world)
    await world.settle()
    made = await give(world)
    await world.incidents.cancel(DANA, world.call_id, 1, "false alarm, pan on the stove")
    shown = (await world.responders.now(token(made))).incident
    assert shown is not None
    assert (shown.state, shown.reason) == ("cancelled", "false alarm, pan on the stove")


async def test_every_opening_is_counted_and_written_down(world: World) -> None:
    """Looking again is no opening; who made it and who took it back stand in the log too."""
    await answered(world)
    made = await give(world)
    for _ in range(2):
        await world.responders.open(token(made), "203.0.113.7")
    await world.responders.now(token(made))
    (link,) = await world.responders.links(DANA, world.call_id)
    assert (link.opens, link.last_opened_at is not None) == (2, True)
    assert await world.responders.revoke(LEE, world.call_id, link.link_id) == link.model_copy(
        update={"state": "revoked", "revoked_by": link.made_by.model_copy(
            update={"user_id": LEE.id, "name": LEE.name})}
    )  # fmt: skip
    with pytest.raises(ResponderLinkOver):
        await world.responders.open(token(made), "203.0.113.7")
    told = await audit(world)
    assert [tag for tag, _ in told] == [
        f"responders:link:{what}" for what in ("made", "opened", "opened", "revoked", "refused")
    ]
    assert told[1][1] == {"link_id": link.link_id, "source": "203.0.113.7"}
    assert token(made).reveal("to look for it") not in json.dumps(told)


async def test_a_link_ends_by_the_clock_and_the_console_is_told(world: World) -> None:
    """At its minute it shows nothing more, whether or not somebody has marked it."""
    await answered(world)
    made = await give(world, minutes=5)
    world.clock.advance(timedelta(minutes=5).total_seconds())
    with pytest.raises(ResponderLinkOver):
        await world.responders.now(token(made))
    await world.responders.expire()
    await world.responders.expire()
    states = [link.state for link in await world.responders.links(DANA, world.call_id)]
    assert states == ["expired"]
    again = await world.responders.revoke(DANA, world.call_id, made.link.link_id)
    assert again.state == "expired"


async def test_forged_foreign_and_truncated_tokens_show_nothing(world: World) -> None:
    """A token opens its own link alone, and only whole."""
    await answered(world)
    made = await give(world)
    told = token(made).reveal("to change it")
    for wrong in (told[:-1], told[:-1] + ("A" if told[-1] != "A" else "B"), "", "x" * 32):
        with pytest.raises(LinkUnknown):
            await world.responders.now(Sensitive(wrong, "token"))
    other = world.responders._tokens.make()  # ours, and no link has it
    with pytest.raises(ResponderLinkNotFound):
        await world.responders.now(other)
    with pytest.raises(NotFound):
        await world.responders.revoke(DANA, "call_other", made.link.link_id)


async def test_a_link_is_bound_to_its_role(world: World) -> None:
    """Who may see less than others is not given more, whatever is asked for."""
    await answered(world)
    world.responders._settings = ResponderSettings(shows_by_role={"ems": ("incident", "video")})
    for shows in (("incident", "location"), ("video",)):
        with pytest.raises(NothingToShow) as refused:
            await world.responders.make(
                DANA, world.call_id, role="ems", to="Medic 2", shows=shows,  # type: ignore[arg-type]
            )  # fmt: skip
        assert refused.value.details == {"allowed": ["incident"]}
    made = await world.responders.make(
        DANA, world.call_id, role="ems", to="Medic 2", shows=("incident",)
    )
    assert (await world.responders.now(token(made))).trail is None
    assert (await give(world)).link.shows == ("incident", "location")


async def test_units_behind_one_address_do_not_slow_each_other_down(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each link has its own measure; guesses have that of their address."""
    monkeypatch.setattr(responder_http, "ASKS_PER_MINUTE", 5)
    await answered(world)
    app = FastAPI(openapi_url=None)

    async def nobody(_connection: object) -> None:
        return None

    install(app, nobody, [responder_http.responder_routes(world.responders, world.clock)])
    made = [token(await give(world)).reveal("to ask with it") for _ in range(2)]
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://psap"
    ) as field:

        async def statuses(*tokens: str) -> list[int]:
            asked = [await field.post("/r/api/now", json={"token": one}) for one in tokens]
            return [answer.status_code for answer in asked]

        assert await statuses(*made * 5) == [200] * 10
        assert await statuses(*made) == [429, 429]
        assert await statuses(*(f"{number:032}" for number in range(6))) == [404] * 5 + [429]
        world.clock.advance(60)
        assert await statuses(*made) == [200, 200]


async def test_a_camera_that_was_not_open_is_not_written_down_as_closed(world: World) -> None:
    """Whoever holds a link cannot fill the log with what did not happen."""
    await answered(world)
    made = await give(world)
    await world.responders.unwatch(token(made))
    assert [tag for tag, _ in await audit(world)] == ["responders:link:made"]
    over: list[str] = []

    class Watched:
        def field_alive(self, centre_id: str, who: str) -> bool:
            return True

        async def field_over(self, centre_id: str, who: str) -> None:
            over.append(who)

    world.responders._video = Watched()  # type: ignore[assignment]
    await world.responders.unwatch(token(made))
    assert over == [made.link.link_id]
    assert [tag for tag, _ in await audit(world)][1:] == ["responders:video:closed"]


async def test_a_link_shows_only_what_it_names_and_the_centre_allows(world: World) -> None:
    """Video is off unless the centre has switched it on; without it there is no ticket."""
    await answered(world)
    for wrong in (("incident", "video"), ()):
        with pytest.raises(NothingToShow):
            await world.responders.make(
                DANA, world.call_id, role="ems", to="Medic 2", shows=wrong,  # type: ignore[arg-type]
            )  # fmt: skip
    made = await give(world, "location")
    page = await world.responders.now(token(made))
    assert (page.incident, page.trail, page.camera) == (None, (), None)
    with pytest.raises(NotShown):
        await world.responders.watch(token(made))
