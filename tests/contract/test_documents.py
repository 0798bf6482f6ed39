"""What values of a call promise of their table, on SQLite and PostgreSQL."""

import pytest

from ringdown.core.principal import Person
from ringdown.responders.store import links_table
from ringdown.responders.views import ResponderLinkView
from ringdown.runtime.db import Database
from ringdown.runtime.documents import ChangedMeanwhile, Documents

PAT = Person(user_id="usr_1", name="Pat")
ROWS = Documents(links_table, ResponderLinkView)
NOON = "2026-01-01T12:00:00.000Z"


def link(name: str, call: str = "call_1", opens: int = 0) -> ResponderLinkView:
    return ResponderLinkView(
        link_id=name, call_id=call, role="fire", to="Engine 4", shows=("incident",),
        state="active", made_by=PAT, made_at=NOON, expires_at=NOON, opens=opens,
    )  # fmt: skip


async def add(database: Database, centre: str, one: ResponderLinkView) -> None:
    async with database.write() as tx:
        await ROWS.add(
            tx, centre, one.link_id, one.call_id, one,
            key_hash=one.link_id, expires_at=NOON, state="active",
        )  # fmt: skip


async def test_values_come_back_in_order_and_only_to_their_centre(sql_database: Database) -> None:
    """By id, by call and by column; another centre's value is not there."""
    for one in (link("rsp_2"), link("rsp_1"), link("rsp_3", "call_2")):
        await add(sql_database, "a", one)
    async with sql_database.read() as tx:
        assert await ROWS.of_call(tx, "a", "call_1") == [link("rsp_1"), link("rsp_2")]
        assert await ROWS.of_call(tx, "b", "call_1") == []
        kept = await ROWS.get(tx, "a", "rsp_3")
        assert kept is not None
        assert (kept.value, kept.version) == (link("rsp_3", "call_2"), 1)
        assert await ROWS.get(tx, "b", "rsp_3") is None
        found = await ROWS.where(tx, links_table.c.state == "active")
        assert [each.value.link_id for each in found] == ["rsp_1", "rsp_2", "rsp_3"]


async def test_what_was_changed_meanwhile_is_not_overwritten(sql_database: Database) -> None:
    """Nor is a value that is there added again; the one who came first stays."""
    await add(sql_database, "a", link("rsp_1"))
    with pytest.raises(ChangedMeanwhile):
        await add(sql_database, "a", link("rsp_1", opens=9))
    async with sql_database.write() as tx:
        before = await ROWS.get(tx, "a", "rsp_1")
        assert before is not None
        after = await ROWS.replace(tx, "a", "rsp_1", before, link("rsp_1", opens=5))
        with pytest.raises(ChangedMeanwhile):
            await ROWS.replace(tx, "a", "rsp_1", before, link("rsp_1", opens=7))
        assert await ROWS.get(tx, "a", "rsp_1") == after
    assert (after.value.opens, after.version) == (5, 2)
