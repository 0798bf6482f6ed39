"""One suite for every incident store, and what the databases themselves refuse."""

import asyncio
from dataclasses import asdict, replace

import pytest
from sqlalchemy import delete, insert, text, update
from sqlalchemy.exc import DBAPIError
from tests.unit.incidents.world import DANA, MAX, World, made

from ringdown.core.principal import Person
from ringdown.incidents.model import ConfirmationRow, FieldView, digest_of, new_draft
from ringdown.incidents.ports import Attempt, NotStored
from ringdown.incidents.store import confirmations_table, history_table
from ringdown.runtime.db import Database

PERSON = Person(user_id="user_dana", name="Dana Reyes")
ROW = ConfirmationRow(
    confirmation_id="conf_1",
    centre_id="centre_a",
    call_id="call_1",
    incident_id="inc_1",
    sequence=1,
    draft_version=3,
    user_id="user_dana",
    user_name="Dana Reyes",
    at="2026-03-01T03:00:00.000Z",
    digest=digest_of("{}"),
    content="{}",
)


def attempt(version: int, kind: str = "heard") -> Attempt:
    view = FieldView(name="location", value="42 Oak Street", version=version, by=PERSON)
    return Attempt("location", version, kind, view, "2026-03-01T03:00:00.000Z")


@pytest.fixture
async def world(database: Database) -> World:
    return await made(database)


@pytest.fixture
async def sql_world(sql_database: Database) -> World:
    return await made(sql_database)


async def add(world: World, row: ConfirmationRow) -> None:
    async with world.db.write() as tx:
        await world.store.add_confirmation(tx, row)


async def test_a_draft_is_loaded_as_it_was_saved(world: World) -> None:
    """Saving again replaces it; another centre sees nothing."""
    draft = new_draft("call_1")
    newer = draft.model_copy(update={"version": 4})
    async with world.db.write() as tx:
        assert await world.store.load(tx, "centre_a", "call_1") is None
        await world.store.save(tx, "centre_a", draft)
        await world.store.save(tx, "centre_a", newer)
    async with world.db.read() as tx:
        assert await world.store.load(tx, "centre_a", "call_1") == newer
        assert await world.store.load(tx, "centre_b", "call_1") is None
        assert await world.store.drafts(tx, "centre_a", ["call_1", "call_2"]) == [newer]
        assert await world.store.drafts(tx, "centre_a", []) == []
        assert await world.store.drafts(tx, "centre_b", ["call_1"]) == []


async def test_history_keeps_its_order_and_its_centre(world: World) -> None:
    """Two rows of one version too: an edit that was refused has the version that it met."""
    rows = [attempt(1), attempt(2, "edited"), attempt(2, "conflicted")]
    async with world.db.write() as tx:
        for number, row in enumerate(rows):
            await world.store.add_history(tx, "centre_a", "call_1", f"hist_{9 - number}", row)
    async with world.db.read() as tx:
        assert await world.store.history(tx, "centre_a", "call_1") == rows
        assert await world.store.history(tx, "centre_b", "call_1") == []
        assert await world.store.history(tx, "centre_a", "call_2") == []


async def test_a_confirmation_is_found_by_id_and_by_call(world: World) -> None:
    """In its own centre only."""
    second = replace(ROW, confirmation_id="conf_2", sequence=2)
    await add(world, ROW)
    await add(world, second)
    async with world.db.read() as tx:
        assert await world.store.confirmation(tx, "centre_a", "conf_1") == ROW
        assert await world.store.confirmation(tx, "centre_b", "conf_1") is None
        assert await world.store.confirmation(tx, "centre_a", "conf_9") is None
        assert await world.store.confirmations(tx, "centre_a", "call_1") == [ROW, second]
        assert await world.store.confirmations(tx, "centre_b", "call_1") == []


@pytest.mark.parametrize(
    "row",
    [
        replace(ROW, user_id="user_ghost"),
        replace(ROW, user_id="user_max"),
        replace(ROW, centre_id="centre_b"),
        replace(ROW, sequence=2),
        replace(ROW, sequence=0),
    ],
)
async def test_a_confirmation_without_a_person_or_its_number_is_refused(
    world: World, row: ConfirmationRow
) -> None:
    """The person is of the centre; a call's confirmations count from one without a gap."""
    with pytest.raises(NotStored):
        await add(world, row)


async def test_a_confirmation_is_stored_once(world: World) -> None:
    """Neither its id nor its number is given twice."""
    await add(world, ROW)
    with pytest.raises(NotStored):
        await add(world, replace(ROW, confirmation_id="conf_2"))
    with pytest.raises(NotStored):
        await add(world, replace(ROW, sequence=2))


async def test_a_whole_call_on_every_store(world: World) -> None:
    """Hear, edit, confirm, correct, confirm again; facts, audit and rows agree."""
    call_id = await world.begin()
    await world.hear(call_id, "C: my house is on fire at 40 Oak Street")
    await world.service.edit(DANA, call_id, "location", "42 Oak Street", 1)
    first = await world.service.confirm(DANA, call_id, {"location": 2, "type": 1})
    await world.service.edit(DANA, call_id, "location", "44 Oak Street", 3)
    second = await world.service.confirm(DANA, call_id, {"location": 4})
    async with world.db.read() as tx:
        rows = await world.service.read_confirmations(tx, "centre_a", call_id)
        loaded = await world.service.confirmation(tx, "centre_a", second.confirmation_id)
    assert rows == [first, second]
    assert loaded.view == second
    assert len(await world.audited("incidents:incident:")) == 2
    assert len(await world.told("incidents.incident.confirmed")) == 2


async def test_two_consoles_at_once_on_every_store(world: World) -> None:
    """Exactly one edit of two from the same version wins; the other one is kept."""
    call_id = await world.begin()
    await world.hear(call_id, "C: my house is on fire at 40 Oak Street")
    results = await asyncio.gather(
        *(
            world.service.edit(DANA, call_id, "location", f"{number} Oak Street", 1)
            for number in (42, 44)
        ),
        return_exceptions=True,
    )
    assert sum(isinstance(each, Exception) for each in results) == 1
    kept = {each.view.value for each in await world.service.history(DANA, call_id)}
    assert {"42 Oak Street", "44 Oak Street"} <= kept


async def test_a_failed_confirmation_leaves_nothing_behind(world: World) -> None:
    """One transaction: no confirmed field, no row, no fact."""
    call_id = await world.begin()
    await world.hear(call_id, "C: my house is on fire")
    ghost = replace(DANA, id="user_ghost")
    before = await world.service.draft(DANA, call_id)
    with pytest.raises(NotStored):
        await world.service.confirm(ghost, call_id, {"type": 1})
    assert await world.service.draft(DANA, call_id) == before
    assert len(await world.told()) == 1
    assert await world.audited() == []


VALUES = asdict(ROW)


@pytest.mark.parametrize(
    "statement",
    [
        update(confirmations_table).values(user_id="user_lee"),
        update(confirmations_table).values(content="{ }"),
        delete(confirmations_table),
        update(history_table).values(kind="edited"),
        delete(history_table),
        insert(confirmations_table).values({**VALUES, "user_id": "user_ghost", "sequence": 2}),
        insert(confirmations_table).values(
            {**VALUES, "confirmation_id": "conf_2", "user_id": "user_max", "sequence": 2}
        ),
        insert(confirmations_table).values(
            {**VALUES, "confirmation_id": "conf_2", "user_id": None, "sequence": 2}
        ),
        insert(confirmations_table).values({**VALUES, "confirmation_id": "conf_2"}),
        insert(confirmations_table).values({**VALUES, "confirmation_id": "conf_2", "sequence": 7}),
        insert(confirmations_table).values({**VALUES, "sequence": 2}),
    ],
)
async def test_the_database_itself_refuses(sql_world: World, statement) -> None:
    """Whoever gets at the database past our code cannot change or forge a confirmation."""
    await add(sql_world, ROW)
    async with sql_world.db.write() as tx:
        await sql_world.store.add_history(tx, "centre_a", "call_1", "hist_1", attempt(1))
    with pytest.raises(DBAPIError):
        async with sql_world.db.write() as tx:
            await tx.sql.execute(statement)
    async with sql_world.db.read() as tx:
        assert await sql_world.store.confirmations(tx, "centre_a", "call_1") == [ROW]
        assert await sql_world.store.history(tx, "centre_a", "call_1") == [attempt(1)]


async def test_replacing_a_row_is_refused_too(sql_world: World) -> None:
    """SQLite's INSERT OR REPLACE and PostgreSQL's TRUNCATE go round plain delete triggers."""
    await add(sql_world, ROW)
    names = ", ".join(VALUES)
    places = ", ".join(f":{name}" for name in VALUES)
    trick = {
        "sqlite": f"INSERT OR REPLACE INTO confirmations ({names}) VALUES ({places})",
        "postgresql": "TRUNCATE confirmations",
    }[sql_world.db.dialect]
    values = {**VALUES, "user_name": "Somebody"} if "REPLACE" in trick else {}
    with pytest.raises(DBAPIError):
        async with sql_world.db.write() as tx:
            await tx.sql.execute(text(trick), values)
    async with sql_world.db.read() as tx:
        assert await sql_world.store.confirmations(tx, "centre_a", "call_1") == [ROW]


async def test_a_person_of_another_centre_is_refused_by_the_database(sql_world: World) -> None:
    """Max exists, elsewhere."""
    with pytest.raises(NotStored):
        await add(sql_world, replace(ROW, user_id=MAX.id, user_name=MAX.name))
