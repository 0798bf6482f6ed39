"""Clients of other projects, unmodified, on the transcript socket: they hold what we hold."""

import shutil
import socket

import pytest
from tests.cable_clients import client, installed_node
from tests.cable_world import PARTNER, World, serving

from ringdown.identity.events import ClientStopped
from ringdown.partners.model import incident_uuid
from ringdown.runtime.clock import SystemClock
from ringdown.runtime.ids import SystemIds

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

EXTENDED = {"client": "anycable", "extended": True}
KINDS = {
    "anycable base": {"client": "anycable"},
    "anycable extended": {**EXTENDED, "auth": "sub-protocol"},
    "rails": {"client": "rails"},
}


@pytest.fixture(scope="module")
def node() -> str:
    return installed_node()


def a_world() -> World:
    clock = SystemClock()
    return World(clock, SystemIds(clock))


@pytest.mark.parametrize("kind", KINDS)
async def test_late_join_corrections_and_a_lost_network(node, kind):
    """What the client holds is what we hold: after joining late, after corrections, after a drop."""
    world = a_world()
    await world.final("What is the address of your emergency?", 0, leg="leg_t")
    await world.final("It is fourteen Elm Street.", 3000)
    world.partial("there is smoke be hind", 6000)
    async with (
        serving(world) as port,
        client(node, f"ws://127.0.0.1:{port}", **KINDS[kind]) as partner,
    ):
        await partner.until(lambda: "subscribed" in partner.events())
        await partner.agrees(world)
        world.partial("there is smoke behind the school", 6000, revision=2)
        world.partial("Is any", 6500, leg="leg_t")
        await partner.agrees(world)
        world.partial("there is", 6000, revision=3)
        await world.final("Is anybody inside?", 6500, leg="leg_t")
        await partner.agrees(world)

        opened = partner.events().count("open")
        partner.tell("drop")
        await world.final("There is smoke behind the school house.", 6000)
        world.partial("And I hear", 12_000)
        await partner.until(lambda: partner.events().count("open") > opened)
        await partner.agrees(world)
        world.partial("And I hear somebody", 12_000, revision=2)
        await partner.agrees(world)
        assert "rejected" not in partner.events()
        assert "closed for good" not in partner.events()


async def test_extended_session_is_restored_and_sends_only_what_was_missed(node):
    """Neither a second confirmation nor the beginning of the call again."""
    world = a_world()
    for n in range(20):
        await world.final(f"sentence number {n}", n * 2000, leg="leg_c" if n % 2 else "leg_t")
    async with (
        serving(world) as port,
        client(node, f"ws://127.0.0.1:{port}", **EXTENDED, param="jid") as partner,
    ):
        await partner.agrees(world)
        await partner.until(lambda: "confirm_history" in partner.events())
        before = partner.messages()
        assert before >= 20
        partner.tell("drop")
        await world.final("while it was away", 60_000)
        await partner.until(lambda: partner.events().count("confirm_history") == 2)
        await partner.agrees(world)
        assert partner.last("welcome")["restored"] is True
        assert partner.events().count("confirm_subscription") == 1
        assert partner.messages() == before + 1


@pytest.mark.parametrize("kind", KINDS)
async def test_restart_of_the_server_loses_nothing(node, kind):
    """The clients are told to come back, and are told everything again."""
    world = a_world()
    await world.final("before the restart", 0)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    async with (
        serving(world, port),
        client(node, f"ws://127.0.0.1:{port}", **KINDS[kind]) as partner,
    ):
        await partner.agrees(world)
        await world.service.stop()
        await partner.until(lambda: "disconnect" in partner.events())
        told = partner.last("disconnect")
        assert (told["reason"], told["reconnect"]) == ("server_restart", True)
        world.service._stopping = False  # the same port, with nothing left in memory
        world.streams._streams.clear()
        await world.final("and after it", 5000)
        await partner.until(lambda: partner.events().count("subscribed") == 2)
        await partner.agrees(world)


@pytest.mark.parametrize("kind", KINDS)
async def test_disabled_credential_and_refusals(node, kind):
    """Clients stay away when they are told to, and say that a foreign incident is refused."""
    world = a_world()
    await world.final("hello", 0)
    async with serving(world) as port:
        async with client(node, f"ws://127.0.0.1:{port}", **KINDS[kind]) as partner:
            await partner.agrees(world)
            stop = ClientStopped(centre_id="centre_a", client_id=PARTNER.id, why="disabled")
            world.service.stopped(stop)
            await partner.until(lambda: "disconnect" in partner.events())
            told = partner.last("disconnect")
            assert (told["reason"], told["reconnect"]) == ("unauthorized", False)
        foreign = {**KINDS[kind], "incident": incident_uuid("a foreign call")}
        async with client(node, f"ws://127.0.0.1:{port}", **foreign) as partner:
            await partner.until(lambda: "rejected" in partner.events())
        world.tokens.old.add("old")
        async with client(
            node, f"ws://127.0.0.1:{port}", **{**KINDS[kind], "token": "old"}
        ) as partner:
            await partner.until(lambda: "disconnect" in partner.events())
            assert partner.last("disconnect")["reason"] == "token_expired"


async def test_rails_stays_connected_by_our_pings(node):
    """It gives a connection up after six seconds of silence; ours is never that silent."""
    world = a_world()
    async with (
        serving(world) as port,
        client(node, f"ws://127.0.0.1:{port}", **KINDS["rails"]) as partner,
    ):
        await partner.until(lambda: partner.events().count("ping") >= 3)
        assert partner.events().count("open") == 1
        assert partner.last("open")["protocol"] == "actioncable-v1-json"


def test_node_is_there(node):
    """The other tests would otherwise have proven nothing."""
    assert shutil.which(node)
