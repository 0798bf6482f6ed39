"""A world of identity in memory."""

import pytest
from tests.unit.identity.world import World

from ringdown.core.principal import Principal
from ringdown.runtime.db import MemoryDatabase
from ringdown.testing.clock import CountingIds, ManualClock


@pytest.fixture
def world(clock: ManualClock, ids: CountingIds) -> World:
    return World(MemoryDatabase(), clock, ids)


@pytest.fixture
async def admin(world: World) -> Principal:
    return (await world.centre()).signed_in.principal
