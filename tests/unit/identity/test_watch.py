"""A credential that is ended elsewhere ends here too, and nothing is told twice."""

import pytest
from tests.unit.identity.world import World

from ringdown.core.principal import Principal
from ringdown.identity.events import ClientStopped
from ringdown.identity.service.clients import Clients
from ringdown.identity.service.means import Means
from ringdown.identity.service.watch import HEARD_S, START_LOOKS, StoppedElsewhere


class Deaf:
    """Where the signals of another process go, as seen from this one."""

    def signal(self, signal: object) -> None:
        """Nothing is heard."""


@pytest.fixture
def elsewhere(world: World) -> Clients:
    means = {name: getattr(world.means, name) for name in Means.__dataclass_fields__}
    return Clients(Means(**(means | {"signals": Deaf()})))


@pytest.fixture
async def watch(world: World) -> StoppedElsewhere:
    made = StoppedElsewhere(world.means)
    for _ in range(START_LOOKS):
        await made.look()
    return made


async def test_a_client_stopped_elsewhere_is_told_once(
    world: World, admin: Principal, elsewhere: Clients, watch: StoppedElsewhere
) -> None:
    """Rotated, then disabled; one that is added later counts from then on."""
    first = (await elsewhere.add(admin, name="A", scopes=["incident_events"])).client.client_id
    await watch.look()
    second = (await elsewhere.add(admin, name="B", scopes=["incident_events"])).client.client_id
    await elsewhere.rotate(admin, first)
    for _ in range(3):
        await watch.look()
    await elsewhere.disable(admin, first)
    await elsewhere.disable(admin, second)
    for _ in range(3):
        await watch.look()
    assert [(each.client_id, each.why) for each in told(world)] == [
        (first, "rotated"),
        (first, "disabled"),
        (second, "disabled"),
    ]
    assert {each.centre_id for each in told(world)} == {admin.centre_id}


@pytest.mark.parametrize("late", [False, True], ids=["heard first", "noticed first"])
async def test_a_new_secret_that_was_heard_of_is_not_told_again(
    world: World, admin: Principal, elsewhere: Clients, watch: StoppedElsewhere, *, late: bool
) -> None:
    """Else it would close what was opened with the new secret meanwhile."""
    client = (await elsewhere.add(admin, name="A", scopes=["incident_events"])).client
    await watch.look()
    await elsewhere.rotate(admin, client.client_id)
    news = ClientStopped(centre_id=admin.centre_id, client_id=client.client_id, why="rotated")
    if late:
        await watch.look()
    watch.heard(news)
    for _ in range(3):
        world.clock.advance(1)
        await watch.look()
    assert told(world) == []
    world.clock.advance(HEARD_S)
    await elsewhere.rotate(admin, client.client_id)
    await watch.look()
    await watch.look()
    assert told(world) == [news]


async def test_what_is_disabled_is_told_at_the_start(
    world: World, admin: Principal, elsewhere: Clients
) -> None:
    """Sessions outlive a restart, and those of a credential that was disabled meanwhile must not."""
    gone, stays = [
        (await elsewhere.add(admin, name=name, scopes=["incident_events"])).client for name in "AB"
    ]
    await elsewhere.rotate(admin, stays.client_id)
    await elsewhere.disable(admin, gone.client_id)
    watch = StoppedElsewhere(world.means)
    for _ in range(START_LOOKS + 5):
        await watch.look()
    told_of = [(each.client_id, each.why) for each in told(world)]
    assert told_of == [(gone.client_id, "disabled")] * START_LOOKS


async def test_disabling_is_told_of_once_more(
    world: World, admin: Principal, watch: StoppedElsewhere
) -> None:
    """For what was just being opened when it was told of first."""
    client = (await world.clients.add(admin, name="A", scopes=["incident_events"])).client
    await watch.look()
    await world.clients.disable(admin, client.client_id)
    watch.heard(told(world)[0])
    for _ in range(3):
        await watch.look()
    assert [each.why for each in told(world)] == ["disabled", "disabled"]


def told(world: World) -> list[ClientStopped]:
    return [each for each in world.heard.signals if isinstance(each, ClientStopped)]
