"""What values of a call promise of their table, on SQLite and PostgreSQL."""

import pytest

from ringdown.core.principal import Person
from ringdown.runtime.db import Database
from ringdown.runtime.documents import ChangedMeanwhile, Documents
from ringdown.video.store import viewings_table
from ringdown.video.views import ViewingView

PAT = Person(user_id="usr_1", name="Pat")
ROWS = Documents(viewings_table, ViewingView)


def viewing(name: str, call: str = "call_1", shown_ms: int = 0) -> ViewingView:
    return ViewingView(
        viewing_id=name, call_id=call, subject="video", subject_id="lnk_1", by=PAT,
        started_at="2026-01-01T00:00:00.000Z", shown_ms=shown_ms,
    )  # fmt: skip


async def add(database: Database, centre: str, one: ViewingView) -> None:
    async with database.write() as tx:
        await ROWS.add(tx, centre, one.viewing_id, one.call_id, one, user_id="usr_1")


async def test_values_come_back_in_order_and_only_to_their_centre(sql_database: Database) -> None:
    """By id, by call and by column; another centre's value is not there."""
    for one in (viewing("vw_2"), viewing("vw_1"), viewing("vw_3", "call_2")):
        await add(sql_database, "a", one)
    async with sql_database.read() as tx:
        assert await ROWS.of_call(tx, "a", "call_1") == [viewing("vw_1"), viewing("vw_2")]
        assert await ROWS.of_call(tx, "b", "call_1") == []
        kept = await ROWS.get(tx, "a", "vw_3")
        assert kept is not None
        assert (kept.value, kept.version) == (viewing("vw_3", "call_2"), 1)
        assert await ROWS.get(tx, "b", "vw_3") is None
        found = await ROWS.where(tx, viewings_table.c.user_id == "usr_1")
        assert [each.value.viewing_id for each in found] == ["vw_1", "vw_2", "vw_3"]


async def test_what_was_changed_meanwhile_is_not_overwritten(sql_database: Database) -> None:
    """Nor is a value that is there added again; the one who came first stays."""
    await add(sql_database, "a", viewing("vw_1"))
    with pytest.raises(ChangedMeanwhile):
        await add(sql_database, "a", viewing("vw_1", shown_ms=9))
    async with sql_database.write() as tx:
        before = await ROWS.get(tx, "a", "vw_1")
        assert before is not None
        after = await ROWS.replace(tx, "a", "vw_1", before, viewing("vw_1", shown_ms=5))
        with pytest.raises(ChangedMeanwhile):
            await ROWS.replace(tx, "a", "vw_1", before, viewing("vw_1", shown_ms=7))
        assert await ROWS.get(tx, "a", "vw_1") == after
    assert (after.value.shown_ms, after.version) == (5, 2)
