"""The list of incidents, page by page: each exactly once, in order, whatever happens meanwhile."""

from typing import Any

import pytest
from tests.unit.partners.world import PARTNER, World, call

from ringdown.core.principal import Principal
from ringdown.partners.links import CursorUnknown
from ringdown.partners.model import incident_uuid
from ringdown.partners.service import Listing

STRANGER = Principal("client", "client_9", "Elsewhere", "b", frozenset({"incident_events"}))


async def page(
    world: World, cursor: str | None = None, *, who: Principal = PARTNER, **more: Any
) -> Listing:
    wanted: dict[str, Any] = {"limit": 2, "since": None, "live": None, "demo": False, **more}
    return await world.incidents.incidents(who, cursor=cursor, **wanted)


def ids(listing: Listing) -> list[str]:
    return [one["id"] for one in listing.data]


async def rest(world: World, first: Listing, **more: Any) -> list[str]:
    """What follows a page, to the last one; every page before that is full."""
    found, listing = [], first
    while listing.next_cursor is not None:
        assert len(listing.data) == more.get("limit", 2)
        listing = await page(world, listing.next_cursor, **more)
        assert listing.data
        found += ids(listing)
    return found


async def five(*, apart_s: float = 1) -> tuple[World, list[str]]:
    """A centre with five incidents, and their ids as they are listed."""
    world, made = World(), []
    for number in range(5):
        await world.hear(call(f"call_{number}"))
        made.append(incident_uuid(f"call_{number}"))
        world.clock.advance(apart_s)
    return world, sorted(made, reverse=True) if apart_s == 0 else made[::-1]


@pytest.mark.parametrize("apart_s", [0, 1])
@pytest.mark.parametrize("limit", [1, 2, 4, 5, 6])
async def test_every_incident_comes_once_and_the_last_change_first(
    limit: int, apart_s: float
) -> None:
    """Also when all changed at the same instant; the last page says that it is the last."""
    world, expected = await five(apart_s=apart_s)
    first = await page(world, limit=limit)
    assert ids(first) == expected[:limit]
    assert ids(first) + await rest(world, first, limit=limit) == expected


async def test_one_that_is_added_between_pages_moves_nothing() -> None:
    """It belongs before the first page and is there the next time."""
    world, expected = await five()
    first = await page(world)
    await world.hear(call("call_new"))
    second = await page(world, first.next_cursor)
    await world.hear(call("call_newer"))
    assert ids(first) + ids(second) + await rest(world, second) == expected
    assert {incident_uuid("call_new"), incident_uuid("call_newer")} == set(ids(await page(world)))


async def test_one_that_changes_between_pages_is_at_the_front_the_next_time() -> None:
    """Nothing comes twice; what changed is found by when that was."""
    world, expected = await five()
    first = await page(world)
    begun = world.clock.now()
    await world.hear(call("call_0", ended_at="2026-03-01T03:30:00Z", state="ended"))
    assert ids(first) + await rest(world, first) == expected[:-1]
    assert ids(await page(world, since=begun)) == [incident_uuid("call_0")]


async def test_a_cursor_holds_in_its_own_centre_alone() -> None:
    """Another centre's, a changed one and none at all are refused, never an empty page."""
    world, _ = await five()
    cursor = (await page(world)).next_cursor
    assert cursor is not None
    with pytest.raises(CursorUnknown):
        await page(world, cursor, who=STRANGER)
    for wrong in ("", "x", cursor[:-1], "A" + cursor[1:]):
        with pytest.raises(CursorUnknown):
            await page(world, wrong)
