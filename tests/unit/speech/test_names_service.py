"""Loading names: idempotent, whole or not at all, on the record without their contents."""

from pathlib import Path
from typing import Any

import pytest

from ringdown.audit.fakes import MemoryAuditStore
from ringdown.audit.service import AuditLog
from ringdown.core.principal import Principal
from ringdown.runtime import staging
from ringdown.runtime.db import MemoryDatabase
from ringdown.speech.model.names_table import NamesUnreadable
from ringdown.speech.names_fakes import MemoryNamesStore
from ringdown.speech.names_file import NameFiles, read_book
from ringdown.speech.names_service import NamesService
from ringdown.testing.clock import ManualClock

DANA = Principal("user", "user_1", "Dana", "centre_a", frozenset())
OTHER = Principal("user", "user_2", "Kim", "centre_b", frozenset())
FILE = b"name,lat,lon\nGenesee St,1,2\nGough St,,\nGENESEE STREET,,\n,1,2\n"


class World:
    """A service over a database in memory and real files."""

    def __init__(self, folder: Path, clock: ManualClock) -> None:
        self.database = MemoryDatabase()
        self.files = NameFiles(folder)
        self.audit = AuditLog(MemoryAuditStore(), clock)
        self.clock = clock
        self.names = self.service()

    def service(self) -> NamesService:
        return NamesService(self.database, MemoryNamesStore(), self.files, self.audit, self.clock)

    async def acts(self, centre_id: str = "centre_a") -> list[tuple[str, Any]]:
        async with self.database.read() as tx:
            rows = await MemoryAuditStore().rows(tx, centre_id, after=0, limit=100)
        return [(row.tag, row.details) for row in rows]


@pytest.fixture
def world(tmp_path: Path, clock: ManualClock) -> World:
    return World(tmp_path, clock)


def compiled(world: World, centre_id: str = "centre_a") -> tuple[str, ...]:
    path = world.files.names_of(centre_id)
    return () if path is None else read_book(path).names


async def test_a_file_is_loaded_counted_and_compiled(world: World) -> None:
    """Its rows are accounted for, the workers get the names, another centre has none of them."""
    report = await world.names.load(DANA, FILE, source="C:\\gis\\streets.csv", replace=True)
    assert (report.rows, report.taken, report.merged, report.refused) == (4, 2, 1, 1)
    assert [row.row for row in report.first_refused] == [5]
    assert report.changed
    assert compiled(world) == ("Genesee St", "Gough St")
    shown = await world.names.show(DANA, search="gene")
    assert (shown.count, shown.source, shown.loaded_by) == (2, "streets.csv", "Dana")
    assert [(each.name, each.lat) for each in shown.found] == [("Genesee St", 1.0)]
    assert (await world.names.show(OTHER, search="gene")).count == 0
    assert compiled(world, "centre_b") == ()


async def test_the_audit_log_has_counts_and_no_names(world: World) -> None:
    """One entry for a change, none for a file that changes nothing."""
    await world.names.load(DANA, FILE, source="streets.csv", replace=True)
    again = await world.names.load(DANA, FILE, source="again.csv", replace=True)
    assert not again.changed
    ((tag, details),) = await world.acts()
    assert tag == "speech:names:loaded"
    assert (details["names"], details["rows"], details["source"]) == (2, 4, "streets.csv")
    assert "Genesee" not in str(details)


async def test_names_are_added_or_replaced(world: World) -> None:
    """Adding merges what is there already."""
    await world.names.load(DANA, FILE, source="a", replace=True)
    added = await world.names.load(DANA, b"name\nOak St\nGough St\n", source="b", replace=False)
    assert (added.count, added.taken, added.merged) == (3, 1, 1)
    assert compiled(world) == ("Genesee St", "Gough St", "Oak St")
    await world.names.load(DANA, b"name\nElm St\n", source="c", replace=True)
    assert compiled(world) == ("Elm St",)


async def test_removing_leaves_nothing(world: World) -> None:
    """No rows, no files; a second time nothing happens and nothing is written down."""
    await world.names.load(DANA, FILE, source="a", replace=True)
    await world.names.load(OTHER, FILE, source="a", replace=True)
    await world.names.remove(DANA)
    await world.names.remove(DANA)
    assert compiled(world) == ()
    assert (await world.names.show(DANA)).count == 0
    assert [tag for tag, _ in await world.acts()] == ["speech:names:loaded", "speech:names:removed"]
    assert len(compiled(world, "centre_b")) == 2


async def test_a_bad_file_changes_nothing(world: World) -> None:
    """What was loaded before stays in use."""
    await world.names.load(DANA, FILE, source="a", replace=True)
    with pytest.raises(NamesUnreadable):
        await world.names.load(DANA, b"nothing,here\n1,2\n", source="b", replace=True)
    assert len(compiled(world)) == 2


async def test_a_load_that_is_broken_off_changes_nothing_and_can_be_repeated(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Power fails between two portions."""
    monkeypatch.setattr(staging, "PORTION", 1)
    await world.names.load(DANA, b"name\nElm St\n", source="a", replace=True)

    def fail(done: int, of: int) -> None:
        if done < of:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await world.names.load(DANA, FILE, source="b", replace=True, progress=fail)
    assert compiled(world) == ("Elm St",)
    assert (await world.names.show(DANA)).count == 1
    steps: list[tuple[int, int]] = []
    fresh = world.service()
    await fresh.load(
        DANA, FILE, source="b", replace=True, progress=lambda done, of: steps.append((done, of))
    )
    assert steps == [(1, 2), (2, 2)]
    assert compiled(world) == ("Genesee St", "Gough St")


async def test_the_start_brings_the_files_in_step(world: World, tmp_path: Path) -> None:
    """After a restore of the database alone, or a crash before the files were written."""
    await world.names.load(DANA, FILE, source="a", replace=True)
    for file in (tmp_path / "names").iterdir():
        file.unlink()
    world.files.write("centre_gone", read_book_of("ab"))
    await world.service().restore()
    assert compiled(world) == ("Genesee St", "Gough St")
    assert compiled(world, "centre_gone") == ()


def read_book_of(version: str) -> Any:
    from ringdown.speech.model.names import NameBook

    return NameBook(version, ("Left Over St",))
