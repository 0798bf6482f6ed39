"""The sync law: a snapshot, folded with the facts since, is the snapshot of now."""

import asyncio
from pathlib import Path

import pytest
from tests.sync_actions import ACTIONS, Action
from tests.sync_world import opened, prepare
from tests.tool import ROOT, load_tool

from ringdown.app import FACTS
from ringdown.console.model import CALL_CASES, LIST_CASES, fold_call, fold_list

UNTOLD = {"lamps", "now"}
"""What the call list shows and no fact tells: lamps come as signals, the time from the clock."""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("prepared")
    asyncio.run(prepare(folder))
    return folder


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.name)
async def test_folding_what_happened_gives_what_is(
    action: Action, tmp_path: Path, prepared: Path
) -> None:
    """For the call list and for an open call, in one go and from every place in between."""
    async with opened(tmp_path / "data", prepared) as world:
        await action.before(world)
        listed, call = await world.snapshot(), await world.detail()
        await action.act(world)
        records = [stored.record for stored in await world.since(listed.position)]
        assert tuple(record.fact.kind for record in records) == action.tells

        now = (await world.snapshot()).model_dump(exclude=UNTOLD)
        assert fold_list(listed, records).model_dump(exclude=UNTOLD) == now
        # A console that hears some of it twice, as after a reconnect, comes to the same.
        half = fold_list(listed, records[:1])
        assert fold_list(half, records).model_dump(exclude=UNTOLD) == now
        if call is not None:
            assert fold_call(call, records) == await world.detail()
            assert fold_call(fold_call(call, records[:1]), records) == await world.detail()


def test_every_fact_has_its_case_and_its_action() -> None:
    """A new kind of fact is put into the fold and into the law table before it can be told."""
    kinds = {kind.kind for kind in FACTS}
    assert {kind.kind for kind in LIST_CASES} == kinds
    assert {kind.kind for kind in CALL_CASES} == kinds
    assert {kind for action in ACTIONS for kind in action.tells} == kinds


async def test_the_exported_logs_are_fresh() -> None:
    """The console's reducer is held to the logs of today; the tool writes them anew."""
    now = await load_tool("export_sync_logs").logs()
    folder = ROOT / "web" / "core" / "test" / "fixtures" / "sync"
    kept = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.json")}
    stale = sorted(name for name in now.keys() | kept.keys() if now.get(name) != kept.get(name))
    assert stale == [], "run `uv run python tools/export_sync_logs.py`"
