"""A world in memory for the tests of incidents."""

import pytest
from tests.unit.incidents.world import World, made


@pytest.fixture
async def world() -> World:
    return await made()
