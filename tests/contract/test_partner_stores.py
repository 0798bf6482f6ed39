"""What every store of partners promises, in memory, on SQLite and on PostgreSQL."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from tests.unit.partners.world import World

from ringdown.partners.ledger import Delivery, Endpoint, LastError, PartnerDeliveryError
from ringdown.partners.model import Incident, Location, Media
from ringdown.partners.ports import Counts, Page
from ringdown.runtime.db import Database
from ringdown.testing.clock import START

PLACE = Location("l", 1.5, -2.5, START, "ani_ali", 30.0, "14 Elm St", "WPH2")
SOUND = Media("m", "recording", "audio/wav", START, 5_000)
INCIDENT = Incident(
    "i1", "a", "call_1", False, "+12025550143", True, START, START, None, 7, PLACE, (SOUND,), replace(PLACE, location_id="n"),
)  # fmt: skip
ENDPOINT = Endpoint(
    "whk_1", "a", "client_1", "Hook", "https://x.test/", frozenset({"media"}), START, "sealed",
    auth="bearer", credential="hidden", include_demo=True, allow_private=True,
)  # fmt: skip
DELIVERY = Delivery(
    "dlv_1", "a", "whk_1", "evt_1_media", "media", "i1", '{"ü":1}', START, next_attempt_at=START
)


def later(seconds: float):
    return START + timedelta(seconds=seconds)


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


async def test_an_incident_comes_back_as_it_was_kept_and_only_to_its_centre(world: World) -> None:
    """Every field, and the newest state."""
    ended = replace(INCIDENT, is_audio_live=False, audio_call_ended_at=later(9), location=None)
    for state in (INCIDENT, ended):
        async with world.db.write() as tx:
            await world.incident_store.save(tx, state)
        async with world.db.read() as tx:
            assert await world.incident_store.get(tx, "a", "i1") == state
            assert await world.incident_store.get(tx, "b", "i1") is None
            assert await world.incident_store.page(tx, "b", Page(10)) == []


async def test_incidents_are_listed_by_their_last_change_a_page_at_a_time(world: World) -> None:
    """Going on from any place gives each of them once, also those of one instant."""
    every = [
        replace(INCIDENT, incident_id=f"i{n}", call_id=f"c{n}", updated_at=later(n // 2),
                demo=n == 5, is_audio_live=n == 2)
        for n in range(6)
    ]  # fmt: skip
    async with world.db.write() as tx:
        for one in every:
            await world.incident_store.save(tx, one)

    async def ids(**more: object) -> list[str]:
        async with world.db.read() as tx:
            found = await world.incident_store.page(tx, "a", Page(**{"limit": 10, **more}))
        return [one.incident_id for one in found]

    assert await ids() == ["i4", "i3", "i2", "i1", "i0"]
    assert await ids(demo=True, limit=2) == ["i5", "i4"]
    assert await ids(before=(later(1), "i3")) == ["i2", "i1", "i0"]
    assert await ids(since=later(1)) == ["i4", "i3", "i2"]
    assert await ids(live=True) == ["i2"]
    assert await ids(live=False) == ["i4", "i3", "i1", "i0"]


async def test_an_endpoint_keeps_what_people_decide_apart_from_what_happens(world: World) -> None:
    """A change by a person undoes no success that came meanwhile."""
    failed = LastError(code="x.y", text="No.", at="2026-03-01T03:00:00.000Z")
    store = world.endpoint_store
    async with world.db.write() as tx:
        await store.add(tx, ENDPOINT)
        assert await store.get(tx, "a", "whk_1") == ENDPOINT
        await store.happened(tx, "whk_1", success_at=later(5), error=failed)
        changed = replace(
            ENDPOINT, name="New", old_secret="o", old_secret_until=later(7), auth="none",
            credential=None,
        )  # fmt: skip
        await store.save(tx, changed)
    async with world.db.read() as tx:
        found = await store.get(tx, "a", "whk_1")
        assert found == replace(changed, last_success_at=later(5), last_error=failed)
        assert await store.get(tx, "b", "whk_1") is None
        assert await store.of_centre(tx, "b") == []
        assert [one.endpoint_id for one in await store.every(tx)] == ["whk_1"]


async def test_an_endpoint_is_disabled_once_and_removed_for_good(world: World) -> None:
    """The first reason stays."""
    store = world.endpoint_store
    async with world.db.write() as tx:
        await store.add(tx, ENDPOINT)
        assert await store.disable(tx, "whk_1", "gone")
        assert not await store.disable(tx, "whk_1", "credential")
    async with world.db.write() as tx:
        found = await store.get(tx, "a", "whk_1")
        assert found is not None
        assert found.disabled_because == "gone"
        await store.remove(tx, "whk_1", START)
    async with world.db.read() as tx:
        assert await store.get(tx, "a", "whk_1") is None
        assert await store.every(tx) == await store.of_centre(tx, "a") == []


async def test_a_delivery_comes_back_with_its_progress_and_its_very_body(world: World) -> None:
    """What is settled stays settled."""
    error = PartnerDeliveryError(code="x.y", text="No.")
    retry = replace(
        DELIVERY, state="retrying", attempts=1, next_attempt_at=later(5), last_status=500,
        last_error=error,
    )  # fmt: skip
    done = replace(
        retry, state="delivered", attempts=2, next_attempt_at=None, last_status=200,
        last_error=None, delivered_at=later(6),
    )  # fmt: skip
    ledger = world.ledger
    async with world.db.write() as tx:
        await ledger.add(tx, [DELIVERY])
    for state in (retry, done, replace(done, state="retrying", next_attempt_at=later(9))):
        async with world.db.write() as tx:
            await ledger.settle(tx, [replace(state, body="another")])
        async with world.db.read() as tx:
            expected = done if state.attempts == 2 else state
            assert await ledger.get(tx, "a", "dlv_1") == expected
            assert await ledger.get(tx, "b", "dlv_1") is None


async def test_an_event_goes_to_an_endpoint_once_by_itself(world: World) -> None:
    """The store itself refuses the second; a redelivery is another matter."""
    async with world.db.write() as tx:
        await world.ledger.add(tx, [DELIVERY])
        await world.ledger.add(tx, [replace(DELIVERY, delivery_id="dlv_2", redelivery_of="dlv_1")])
    with pytest.raises((ValueError, IntegrityError)):
        async with world.db.write() as tx:
            await world.ledger.add(tx, [replace(DELIVERY, delivery_id="dlv_3")])


async def test_what_is_due_comes_first_and_what_comes_next_is_known(world: World) -> None:
    """By endpoint; settled ones never come again."""
    rows = [
        replace(DELIVERY, delivery_id=f"dlv_{n}", event_id=f"e{n}", next_attempt_at=due)
        for n, due in enumerate([later(5), later(1), later(1), later(20), None])
    ]
    rows.append(replace(DELIVERY, delivery_id="dlv_9", endpoint_id="whk_2"))
    async with world.db.write() as tx:
        await world.ledger.add(tx, rows)
    async with world.db.read() as tx:
        due = await world.ledger.due(tx, "whk_1", later(5), 10)
        assert [one.delivery_id for one in due] == ["dlv_1", "dlv_2", "dlv_0"]
        assert len(await world.ledger.due(tx, "whk_1", later(5), 2)) == 2
        assert await world.ledger.next_due(tx, "whk_1", later(5)) == later(20)
        assert await world.ledger.next_due(tx, "whk_1", later(20)) is None


async def test_deliveries_are_listed_counted_and_found_for_redelivery(world: World) -> None:
    """Newest first; a dead letter that was sent again no longer waits for a person."""
    states = ["dead", "queued", "retrying", "delivered", "dead"]
    rows = [
        replace(DELIVERY, delivery_id=f"dlv_{n}", event_id=f"e{n}", created_at=later(n),
                state=state)
        for n, state in enumerate(states)
    ]  # fmt: skip
    ledger = world.ledger
    async with world.db.write() as tx:
        await ledger.add(tx, [*rows, replace(DELIVERY, delivery_id="dlv_9", centre_id="b",
                                             endpoint_id="whk_b")])  # fmt: skip

    async def ids(**more: object) -> list[str]:
        form = {"endpoint_id": None, "state": None, "before": None, "limit": 10, **more}
        async with world.db.read() as tx:
            return [one.delivery_id for one in await ledger.page(tx, "a", **form)]

    assert await ids() == ["dlv_4", "dlv_3", "dlv_2", "dlv_1", "dlv_0"]
    assert await ids(before="dlv_2", limit=1) == ["dlv_1"]
    assert await ids(state="dead") == ["dlv_4", "dlv_0"]
    assert await ids(endpoint_id="whk_b") == []
    async with world.db.write() as tx:
        assert await ledger.counts(tx, "a") == {"whk_1": Counts(2, 2)}
        assert set(await ledger.counts(tx, None)) == {"whk_1", "whk_b"}
        found = await ledger.dead_between(tx, "a", "whk_1", START, later(4), 10)
        assert [one.delivery_id for one in found] == ["dlv_0", "dlv_4"]
        assert len(await ledger.dead_between(tx, "a", "whk_1", START, later(3), 10)) == 1
        await ledger.redelivered(tx, {"dlv_0": "dlv_x"})
        assert await ledger.counts(tx, "a") == {"whk_1": Counts(2, 1)}
        await ledger.abandon(tx, "whk_1", "x.y", "Gone.")
    assert await ids(state="queued") == await ids(state="retrying") == []


async def test_old_deliveries_are_forgotten_unless_somebody_still_needs_them(world: World) -> None:
    """Delivered long ago, or dead and done with; never what waits for a receiver or a person."""
    fates = {
        "delivered": {"state": "delivered", "delivered_at": later(9)},
        "delivered_later": {"state": "delivered", "delivered_at": later(10)},
        "queued": {"next_attempt_at": later(1)},
        "retrying": {"state": "retrying", "attempts": 3, "next_attempt_at": later(1)},
        "dead": {"state": "dead"},
        "dead_again": {"state": "dead", "redelivered_as": "dlv_x"},
        "dead_again_later": {"state": "dead", "redelivered_as": "dlv_y", "created_at": later(10)},
        "dead_removed": {"state": "dead", "endpoint_id": "whk_2"},
    }
    rows = [
        replace(DELIVERY, delivery_id=name, event_id=name, **{"next_attempt_at": None, **fate})
        for name, fate in fates.items()
    ]
    async with world.db.write() as tx:
        await world.endpoint_store.add(tx, ENDPOINT)
        await world.endpoint_store.add(tx, replace(ENDPOINT, endpoint_id="whk_2"))
        await world.ledger.add(tx, rows)
    async with world.db.write() as tx:
        assert await world.ledger.prune(tx, later(10), 10) == 2
        await world.endpoint_store.remove(tx, "whk_2", START)
        assert await world.ledger.prune(tx, later(10), 10) == 1
        assert await world.ledger.prune(tx, later(10), 10) == 0
    kept = {one.delivery_id for one in await world.all()}
    assert kept == fates.keys() - {"delivered", "dead_again", "dead_removed"}


async def test_old_deliveries_are_forgotten_a_few_at_a_time(world: World) -> None:
    """As many as asked for, until there are none."""
    rows = [
        replace(DELIVERY, delivery_id=f"dlv_{n}", event_id=f"e{n}", state="delivered",
                next_attempt_at=None, delivered_at=START)
        for n in range(5)
    ]  # fmt: skip
    async with world.db.write() as tx:
        await world.ledger.add(tx, rows)
    counts = []
    for _ in range(4):
        async with world.db.write() as tx:
            counts.append(await world.ledger.prune(tx, later(1), 2))
    assert counts == [2, 2, 1, 0]
