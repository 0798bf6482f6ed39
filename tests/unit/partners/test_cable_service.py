"""The transcript socket: order of frames, who may hear what, going on, and the ends."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from tests.cable_world import (
    CALL,
    INCIDENT,
    PARTNER,
    FakeSocket,
    World,
    manual,
    replaced,
    text_of,
    with_token,
)

from ringdown.identity.events import ClientStopped
from ringdown.partners import cable
from ringdown.partners.cable_channel import incident_of
from ringdown.partners.model import incident_uuid
from ringdown.runtime.tasks import Tasks
from ringdown.wire.actioncable import BASE, EXTENDED, opening

CHANNEL = json.dumps({"channel": "PartnerEventsChannel", "incident_id": INCIDENT})


async def until(condition: Any) -> None:
    async with asyncio.timeout(30):
        while not condition():
            await asyncio.sleep(0.001)


@asynccontextmanager
async def connected(
    world: World, *, extended: bool = False, sid: str = "", principal: Any = PARTNER
) -> AsyncIterator[FakeSocket]:
    socket = FakeSocket()
    opened = opening([EXTENDED if extended else BASE], {"sid": sid})
    async with Tasks() as tasks:
        serving = tasks.spawn("serve", world.service.serve(opened, principal, socket))
        reading = tasks.spawn("streams", world.streams.run())
        try:
            yield socket
            socket.inbox.put_nowait(None)
            await serving
        finally:
            reading.cancel()


async def heard(socket: FakeSocket, world: World) -> None:
    """Until this partner holds what we hold."""
    both = lambda: world.held("caller") + world.held("call_taker")  # noqa: E731
    ours = lambda: sorted(both(), key=lambda w: w["id"])  # noqa: E731
    await until(lambda: sorted(replaced(socket.data()), key=lambda w: w["id"]) == ours())


async def test_confirmation_then_the_whole_transcript_then_live_words():
    """On a base connection, with no frame that it does not know."""
    world = manual()
    await world.final("What is your emergency?", 0, leg="leg_t")
    await world.final("There is smoke", 3000)
    world.partial("behind the", 6000)
    async with connected(world) as socket:
        socket.command("subscribe", identifier=CHANNEL)
        await until(lambda: len(socket.data()) >= 2)
        await heard(socket, world)
        assert socket.types()[:2] == ["welcome", "confirm_subscription"]
        assert text_of(replaced(socket.data())) == "There is smoke behind the"
        world.partial("behind the school", 6000, revision=2)
        await world.final("behind the school house", 6000)
        await until(lambda: text_of(replaced(socket.data())).endswith("school house"))
        await heard(socket, world)
    assert set(socket.types()) == {"welcome", "confirm_subscription", "data"}
    assert all(set(frame) == {"identifier", "message"} for frame in socket.data())
    assert all(word["is_final"] for word in replaced(socket.data()))


async def test_extended_frames_have_a_place_and_history_is_confirmed_after_the_replay():
    """Offsets count up from 1 in one epoch; live frames come after `confirm_history`."""
    world = manual()
    await world.final("one two", 0)
    async with connected(world, extended=True) as socket:
        history = {"since": 99_999_999_999}
        socket.command("subscribe", identifier=CHANNEL, history=history)
        await until(lambda: "confirm_history" in socket.types())
        await world.final("three", 3000, leg="leg_t")
        await until(lambda: len(socket.data()) == 2)
    assert socket.types() == ["welcome", "confirm_subscription", "data", "confirm_history", "data"]
    assert socket.sent[0]["sid"]
    offsets = [frame["offset"] for frame in socket.data()]
    assert offsets == sorted(set(offsets))
    assert offsets[0] >= 1
    assert len({(frame["stream_id"], frame["epoch"]) for frame in socket.data()}) == 1


async def last_place(socket: FakeSocket) -> dict[str, Any]:
    last = socket.data()[-1]
    return {last["stream_id"]: {"offset": last["offset"], "epoch": last["epoch"]}}


async def test_going_on_from_a_place_gives_only_what_is_newer():
    """By epoch and offset; an unknown epoch, or an offset not reached yet, gives everything."""
    world = manual()
    await world.final("one two", 0)
    async with connected(world, extended=True) as first:
        first.command("subscribe", identifier=CHANNEL)
        await until(first.data)
        streams = await last_place(first)
        assert "confirm_history" not in first.types(), "nobody asked for history"
    await world.final("three", 3000)
    async with connected(world, extended=True) as second:
        second.command("subscribe", identifier=CHANNEL, history={"since": 1, "streams": streams})
        await until(lambda: "confirm_history" in second.types())
        assert text_of(replaced(second.data())) == "three"
        assert text_of(replaced([*first.data(), *second.data()])) == "one two three"
        for odd in (
            {"epoch": "other", "offset": 1},
            {**next(iter(streams.values())), "offset": 99},
        ):
            before = len(second.sent)
            asked = {"streams": dict.fromkeys(streams, odd)}
            second.command("history", identifier=CHANNEL, history=asked)
            await until(lambda before=before: "confirm_history" in second.types()[before:])
            again = [frame for frame in second.sent[before:] if "message" in frame]
            assert text_of(replaced(again)) == "one two three"


async def test_after_a_restart_everything_is_told_again_under_a_new_epoch():
    """From the stored words; what a partner holds becomes the same as before."""
    world = manual()
    await world.final("one two", 0)
    async with connected(world, extended=True) as first:
        first.command("subscribe", identifier=CHANNEL)
        await until(first.data)
        streams = await last_place(first)
    world.start()
    async with connected(world, extended=True) as second:
        second.command("subscribe", identifier=CHANNEL, history={"streams": streams})
        await until(lambda: "confirm_history" in second.types())
        assert second.data()[0]["epoch"] != first.data()[0]["epoch"]
        held = replaced([*first.data(), *second.data()])
        assert text_of(held) == "one two"
        assert [word["seq"] for word in held] == sorted(word["seq"] for word in held)


async def test_a_session_that_comes_back_finds_its_subscriptions_again():
    """They are not confirmed again; history says from where to go on, and `sid` alone says nothing."""
    world = manual()
    await world.final("one", 0)
    async with connected(world, extended=True) as first:
        first.command("subscribe", identifier=CHANNEL)
        await until(first.data)
        sid, streams = first.sent[0]["sid"], await last_place(first)
    await world.final("two", 3000)
    stranger = with_token(PARTNER, id="client_other")
    async with connected(world, extended=True, sid=sid, principal=stranger) as other:
        await until(lambda: other.sent)
        assert "restored" not in other.sent[0]
    async with connected(world, extended=True, sid=sid) as second:
        second.command("history", identifier=CHANNEL, history={"streams": streams})
        await until(lambda: "confirm_history" in second.types())
        welcome = second.sent[0]
        assert welcome["restored"] is True
        assert welcome["restored_ids"] == [CHANNEL]
        assert welcome["sid"] != sid
        assert text_of(replaced(second.data())) == "two"
        await world.final("three", 6000)
        await until(lambda: text_of(replaced(second.data())) == "two three")
    assert "confirm_subscription" not in second.types()
    async with connected(world, extended=True, sid=sid) as third:
        await until(lambda: third.sent)
        assert "restored" not in third.sent[0], "a session is found again once"


async def test_restored_subscription_that_asks_for_nothing_is_told_everything(monkeypatch):
    """A client without history would lack what it missed."""
    monkeypatch.setattr(cable, "ASKS_WITHIN_S", 0.01)
    world = manual()
    await world.final("one", 0)
    async with connected(world, extended=True) as first:
        first.command("subscribe", identifier=CHANNEL)
        await until(first.data)
        sid = first.sent[0]["sid"]
    async with connected(world, extended=True, sid=sid) as second:
        await until(second.data)
        assert text_of(replaced(second.data())) == "one"


async def test_repeated_subscriptions_are_confirmed_once():
    """However often Rails' client repeats itself while it waits."""
    world = manual()
    await world.final("one", 0)
    async with connected(world) as socket:
        for _ in range(5):
            socket.command("subscribe", identifier=CHANNEL)
        await until(socket.data)
        socket.command("subscribe", identifier="nonsense")
        await until(lambda: "reject_subscription" in socket.types())
    assert socket.types().count("confirm_subscription") == 1
    assert len(socket.data()) == 1


@pytest.mark.parametrize(
    "identifier",
    [
        json.dumps({"channel": "OtherChannel", "incident_id": INCIDENT}),
        json.dumps({"channel": "PartnerEventsChannel"}),
        json.dumps({"channel": "PartnerEventsChannel", "incident_id": incident_uuid("no call")}),
        json.dumps({"channel": "PartnerEventsChannel", "incident_id": incident_uuid("foreign")}),
        json.dumps({"channel": "PartnerEventsChannel", "incident_id": CALL}),
        "no JSON", "7",
    ],
)  # fmt: skip
async def test_what_cannot_be_heard_is_rejected_alike(identifier):
    """Unknown channel, no incident, an unknown one, another centre's, and what is no id."""
    world = manual()
    world.calls["foreign"] = "centre_b"
    async with connected(world) as socket:
        socket.command("subscribe", identifier=identifier)
        await until(lambda: len(socket.sent) == 2)
    assert socket.sent[1] == {"type": "reject_subscription", "identifier": identifier}
    assert world.audited() == []


def test_any_of_three_parameters_names_the_incident():
    """And two that say the same; two that differ name none."""
    for name in ("incident_id", "incidentId", "id"):
        assert (
            incident_of(json.dumps({"channel": "PartnerEventsChannel", name: INCIDENT})) == INCIDENT
        )
    both = {"channel": "PartnerEventsChannel", "id": INCIDENT.upper(), "incident_id": INCIDENT}
    assert incident_of(json.dumps(both)) == INCIDENT
    assert incident_of(json.dumps({**both, "id": incident_uuid("other")})) is None
    assert incident_of(json.dumps({**both, "id": 7})) is None


async def test_wrong_scope_is_rejected():
    """The connection stands, and hears nothing."""
    world = manual()
    other = with_token(PARTNER, permissions=frozenset({"calls:read"}))
    async with connected(world, principal=other) as socket:
        socket.command("subscribe", identifier=CHANNEL)
        await until(lambda: len(socket.sent) == 2)
    assert socket.types() == ["welcome", "reject_subscription"]


async def test_old_token_begins_nothing_and_cuts_nothing():
    """A clock does not cut a live transcript."""
    world = manual()
    await world.final("one", 0)
    spaced = f"{CHANNEL} "
    async with connected(world) as socket:
        socket.command("subscribe", identifier=CHANNEL)
        await until(socket.data)
        world.tokens.expired = True
        socket.command("subscribe", identifier=spaced)
        await until(lambda: "reject_subscription" in socket.types())
        await world.final("two", 3000)
        await until(lambda: text_of(replaced(socket.data())) == "one two")


async def test_disabled_credential_closes_at_once():
    """Every connection of it, and nobody else's."""
    world = manual()
    async with connected(world) as mine, connected(world) as again:
        other = with_token(PARTNER, id="client_other")
        async with connected(world, principal=other) as theirs:
            await until(lambda: mine.sent and again.sent and theirs.sent)
            stop = ClientStopped(centre_id="centre_a", client_id=PARTNER.id, why="disabled")
            world.service.stopped(stop)
            await until(lambda: mine.closed and again.closed)
            told = {"type": "disconnect", "reason": "unauthorized", "reconnect": False}
            assert mine.sent[-1] == again.sent[-1] == told
            assert not theirs.closed


async def test_credential_disabled_elsewhere_is_noticed(monkeypatch):
    """By another process, which tells nobody here."""
    monkeypatch.setattr(cable, "RECHECK_S", 0.01)
    world = manual()
    async with connected(world) as socket, Tasks() as tasks:
        tasks.spawn("watch", world.service.watch())
        await until(lambda: socket.sent)
        world.tokens.stopped.add(PARTNER.id)
        await until(lambda: socket.closed)
    assert socket.sent[-1]["reason"] == "unauthorized"


async def test_slow_reader_is_told_so_and_finds_everything_when_it_returns():
    """Nothing is queued for it, and the others go on."""
    world = manual()
    async with connected(world) as quick, connected(world) as slow:
        for one in (quick, slow):
            one.command("subscribe", identifier=CHANNEL)
        await until(lambda: all("confirm_subscription" in one.types() for one in (quick, slow)))
        await until(lambda: world.streams.count() == 1)
        await world.final("first", 0)
        await until(lambda: quick.data() and slow.data())
        slow.stuck = asyncio.Event()
        for n in range(cable.BEHIND + 10):
            world.partial(f"word{n}", 1000 * (n + 1))
            await asyncio.sleep(0)
        slow.stuck.set()
        await until(lambda: slow.closed)
        assert slow.sent[-1] == {"type": "disconnect", "reason": "too_slow", "reconnect": True}
        await heard(quick, world)
        assert not quick.closed
    async with connected(world) as back:
        back.command("subscribe", identifier=CHANNEL)
        await heard(back, world)


async def test_stopping_sends_everybody_away_for_now():
    """With `server_restart`, and whoever comes in that moment likewise."""
    world = manual()
    async with connected(world) as socket:
        await until(lambda: socket.sent)
        await world.service.stop()
        assert socket.sent[-1] == {
            "type": "disconnect", "reason": "server_restart", "reconnect": True,
        }  # fmt: skip
        async with connected(world) as late:
            await until(lambda: late.closed)
            assert late.sent[-1]["reason"] == "server_restart"


async def test_database_that_is_away_sends_the_client_away_for_now():
    """A rejection would be for good."""
    world = manual()
    async with connected(world) as socket:
        world.database_away = True
        socket.command("subscribe", identifier=CHANNEL)
        await until(lambda: socket.closed)
    assert socket.sent[-1] == {"type": "disconnect", "reason": "server_restart", "reconnect": True}


async def test_unsubscribed_channel_is_silent_and_may_be_heard_again():
    """And a second identifier of the same incident goes on."""
    world = manual()
    other = json.dumps({"id": INCIDENT, "channel": "PartnerEventsChannel"})
    async with connected(world) as socket:
        for identifier in (CHANNEL, other):
            socket.command("subscribe", identifier=identifier)
        await until(lambda: socket.types().count("confirm_subscription") == 2)
        socket.command("unsubscribe", identifier=CHANNEL)
        socket.command("subscribe", identifier="a fence")
        await until(lambda: "reject_subscription" in socket.types())
        await world.final("one", 0)
        await until(socket.data)
        assert {frame["identifier"] for frame in socket.data()} == {other}
        socket.command("subscribe", identifier=CHANNEL)
        await until(lambda: {frame["identifier"] for frame in socket.data()} == {CHANNEL, other})


async def test_history_of_what_is_not_heard_is_refused():
    """It would get around the checks of a subscription."""
    world = manual()
    await world.final("one", 0)
    async with connected(world, extended=True) as socket:
        socket.command("history", identifier=CHANNEL, history={"since": 1})
        await until(lambda: len(socket.sent) == 2)
    assert socket.sent[1] == {"type": "reject_history", "identifier": CHANNEL}


async def test_frames_that_say_nothing_are_passed_over():
    """As Action Cable's own server does."""
    world = manual()
    async with connected(world) as socket:
        for text in ("", "{", "[]", '{"command":"dance"}', "x" * 100_000, '{"command":"pong"}'):
            socket.inbox.put_nowait(text)
        socket.command("message", identifier=CHANNEL, data='{"action":"speak"}')
        socket.command("subscribe", identifier=CHANNEL)
        await until(lambda: len(socket.sent) == 2)
    assert socket.types() == ["welcome", "confirm_subscription"]


async def test_hearing_is_audited():
    """Who, which incident; and nothing when it was refused."""
    world = manual()
    async with connected(world) as socket:
        socket.command("subscribe", identifier=CHANNEL)
        socket.command("subscribe", identifier="nothing")
        await until(lambda: "reject_subscription" in socket.types())
    assert world.audited() == [("partners:transcript:heard", CALL, PARTNER.id)]
