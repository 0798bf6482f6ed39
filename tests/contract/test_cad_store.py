"""What the CAD lane promises of its store; and that no store takes a delivery nobody confirmed."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from tests.unit.cad.world import World, people

from ringdown.cad.model import Acknowledged, Delivery, Refused, Retry, attempted, claimed
from ringdown.cad.ports import DeliveryRefused
from ringdown.cad.schema import CadCall, CadCentre
from ringdown.runtime.db import Database
from ringdown.testing.clock import START

REFUSED = Refused("cad.refused", "no")


@pytest.fixture
async def world(database: Database) -> World:
    await people(database)
    return World(database)


async def confirmed(world: World, external_id: str = "x1", call_id: str | None = None) -> Delivery:
    """A delivery of a new confirmation, not kept yet."""
    call_id = call_id or await world.begin(external_id)
    confirmation_id = await world.confirm(call_id, f"{world.ids.new('n')} Elm St")
    async with world.db.read() as tx:
        confirmation = await world.incidents.confirmation(tx, "a", confirmation_id)
    return Delivery(
        delivery_id=world.ids.new("dlv"),
        centre_id="a",
        call_id=call_id,
        incident_id=confirmation.view.incident_id,
        confirmation_id=confirmation_id,
        digest=confirmation.digest,
        sequence=confirmation.view.sequence,
        centre=CadCentre(centre_id="a", name="A"),
        call=CadCall(call_id=call_id, external_id="x", ani="+1", started_at="t", demo=False),
        queued_at=START,
        changed_at=START,
    )


async def test_a_delivery_comes_back_as_it_was_kept(world: World) -> None:
    """Every bit of its progress survives a restart."""
    made = await confirmed(world)
    failed = attempted(claimed(made, START), Retry("cad.x", "No."), START, 0.5)
    done = attempted(claimed(failed, START), Acknowledged("CAD-1"), START, 0.5)
    for state in (made, failed, done):
        async with world.db.write() as tx:
            await (world.store.add if state is made else world.store.save)(tx, state)
        async with world.db.read() as tx:
            assert await world.store.get(tx, "a", made.delivery_id) == state
            found = await world.store.of_confirmation(tx, "a", made.confirmation_id)
            assert found == state


@pytest.mark.parametrize(
    "forged",
    [
        {"confirmation_id": "conf_x"},
        {"digest": "0" * 64},
        {"centre_id": "b"},
        {"call_id": "call_x"},
        {"incident_id": "inc_x"},
        {"sequence": 2},
        {"confirmation_id": None},
        {"digest": None},
    ],
)
async def test_a_delivery_without_its_confirmation_is_refused(world: World, forged) -> None:
    """Each part of the name of the confirmation must be right."""
    made = await confirmed(world)
    with pytest.raises(DeliveryRefused):
        async with world.db.write() as tx:
            await world.store.add(tx, replace(made, **forged))
    async with world.db.read() as tx:
        assert await world.store.unsettled(tx) == []


async def test_a_confirmation_is_delivered_once(world: World) -> None:
    """A second delivery of it has no place."""
    made = await confirmed(world)
    async with world.db.write() as tx:
        await world.store.add(tx, made)
    with pytest.raises(DeliveryRefused):
        async with world.db.write() as tx:
            await world.store.add(tx, replace(made, delivery_id="dlv_x"))


async def test_a_delivery_cannot_be_led_to_another_confirmation_or_call(world: World) -> None:
    """What it refers to, and what it says of the call, never changes."""
    one, other = await confirmed(world, "x1"), await confirmed(world, "x2")
    async with world.db.write() as tx:
        await world.store.add(tx, one)
    led = replace(other, delivery_id=one.delivery_id)
    told = replace(one, call=one.call.model_copy(update={"ani": "+2"}))
    for changed in (led, told, replace(one, sequence=7)):
        with pytest.raises(DeliveryRefused):
            async with world.db.write() as tx:
                await world.store.save(tx, changed)


async def test_a_centre_sees_only_its_own(world: World) -> None:
    """Another centre's delivery looks like a missing one."""
    made = await confirmed(world)
    async with world.db.write() as tx:
        await world.store.add(tx, made)
        await world.store.save(tx, replace(made, centre_id="b", attempts=9))
    async with world.db.read() as tx:
        assert await world.store.get(tx, "b", made.delivery_id) is None
        assert await world.store.of_confirmation(tx, "b", made.confirmation_id) is None
        assert await world.store.of_call(tx, "b", made.call_id) == []
        assert await world.store.of_call(tx, "a", made.call_id) == [made]


async def test_what_waits_is_listed_oldest_first(world: World) -> None:
    """The sender finds all that is not settled."""
    first = await confirmed(world, "x1")
    second = replace(await confirmed(world, "x2"), queued_at=START - timedelta(seconds=1))
    third = await confirmed(world, "x3")
    async with world.db.write() as tx:
        for one in (first, second, third):
            await world.store.add(tx, one)
        await world.store.save(tx, attempted(claimed(third, START), Acknowledged(), START, 0))
    async with world.db.read() as tx:
        assert await world.store.unsettled(tx) == [second, first]


async def test_a_dead_letter_counts_until_a_later_version_is_acknowledged(world: World) -> None:
    """The correction holds everything, so nothing is missing in the CAD any more."""
    first = await confirmed(world)
    dead = attempted(claimed(first, START), REFUSED, START, 0)
    second = await confirmed(world, call_id=first.call_id)
    async with world.db.write() as tx:
        await world.store.add(tx, first)
        await world.store.save(tx, dead)
        await world.store.add(tx, second)
        assert await world.store.dead_since(tx, START) == [dead]
        assert await world.store.dead_since(tx, START + timedelta(seconds=1)) == []
        await world.store.save(tx, attempted(claimed(second, START), Acknowledged(), START, 0))
        assert await world.store.dead_since(tx, START) == []
        assert [one.sequence for one in await world.store.of_call(tx, "a", first.call_id)] == [1, 2]


@pytest.mark.parametrize(
    "attack",
    [
        (
            "INSERT INTO cad_deliveries SELECT 'dlv_2', centre_id, call_id, incident_id, 'conf_x', digest,"
            " sequence + 1, context, queued_at, changed_at, state, attempts, tries, patient_since,"
            " failing_since, next_attempt_at, error_code, error_text, acknowledged_at, cad_incident_id"
            " FROM cad_deliveries"
        ),
        "UPDATE cad_deliveries SET digest = 'x'",
        "UPDATE cad_deliveries SET confirmation_id = NULL",
        "UPDATE cad_deliveries SET sequence = 4",
        "UPDATE cad_deliveries SET context = '{}'",
        "UPDATE cad_deliveries SET delivery_id = 'dlv_9'",
        "DELETE FROM cad_deliveries",
        "DELETE FROM confirmations",
        "DELETE FROM users",
    ],
)
async def test_plain_sql_cannot_forge_or_lose_a_delivery(
    sql_database: Database, attack: str
) -> None:
    """The database itself refuses, whoever asks."""
    await people(sql_database)
    world = World(sql_database)
    made = await confirmed(world)
    async with sql_database.write() as tx:
        await world.store.add(tx, made)
    with pytest.raises(DBAPIError):
        async with sql_database.write() as tx:
            await tx.sql.execute(text(attack))
    async with sql_database.read() as tx:
        assert await world.store.unsettled(tx) == [made]


async def test_a_row_cannot_be_replaced_unnoticed(sql_database: Database) -> None:
    """SQLite's REPLACE and PostgreSQL's upsert meet the same locks."""
    await people(sql_database)
    world = World(sql_database)
    made = await confirmed(world)
    async with sql_database.write() as tx:
        await world.store.add(tx, made)
    replacing = {
        "sqlite": "INSERT OR REPLACE INTO cad_deliveries SELECT * FROM cad_deliveries",
        "postgresql": "INSERT INTO cad_deliveries SELECT * FROM cad_deliveries"
        " ON CONFLICT (delivery_id) DO UPDATE SET digest = 'x'",
    }
    with pytest.raises(DBAPIError):
        async with sql_database.write() as tx:
            await tx.sql.execute(text(replacing[sql_database.dialect]))
