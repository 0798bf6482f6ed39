"""A world of caller links for each test, over a copy of one prepared database."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.unit.caller.link_world import LinkWorld, copied, prepare


@pytest.fixture(scope="session")
def empty_links(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("links")
    asyncio.run(prepare(folder))
    return folder


@pytest.fixture
async def links(empty_links: Path, tmp_path: Path) -> AsyncIterator[LinkWorld]:
    """A call that has been answered; texts are sent by hand."""
    world = copied(empty_links, tmp_path)()
    await world.ring()
    yield world
    await world.db.close()
