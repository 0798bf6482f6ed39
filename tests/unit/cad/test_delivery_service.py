"""Deliveries are queued once, sent in order, retried, given up, and told in plain words."""

import asyncio

import pytest
from tests.unit.cad.world import DANA, PHONES, World

from ringdown.cad import service
from ringdown.cad.fakes import ScriptedCad
from ringdown.cad.model import Acknowledged, CertificateWrong, Refused, Retry
from ringdown.cad.schema import FIELD_NAMES
from ringdown.core.errors import NotFound
from ringdown.core.principal import Principal

DOWN = Retry("cad.unreachable", "The CAD cannot be reached.")
REFUSED = Refused("cad.refused", "The CAD refused the incident (422).")


async def test_a_confirmation_reaches_the_cad_and_each_step_is_told() -> None:
    """Queued, sending, acknowledged; the payload is what was confirmed and by whom."""
    world = World()
    call_id = await world.queue()
    assert await world.deliveries.run_once() is None
    (delivery,) = await world.of(call_id)
    assert (delivery.state, delivery.cad_incident_id) == ("acknowledged", "CAD-1")
    assert await world.states(call_id) == ["queued", "sending", "acknowledged"]
    payload = world.cad.sent[0].payload
    assert payload.fields["location"].text == "12 Elm St"
    assert payload.confirmation.confirmed_by.name == "Dana"
    assert set(payload.unknown) == set(FIELD_NAMES) - {"location"}
    assert (payload.call.ani, payload.centre.name) == ("+15550100", "Centre a")
    assert await world.tags() == ["cad:delivery:queued", "cad:delivery:acknowledged"]
    assert world.lamp().state == "ok"


async def test_a_confirmation_heard_twice_is_one_delivery() -> None:
    """The bus promises at least once; the queue makes it exactly one."""
    world = World()
    call_id = await world.queue()
    world._seen = 0
    await world.hear()
    assert len(await world.of(call_id)) == 1


async def test_retries_follow_the_schedule_with_the_same_key_and_body() -> None:
    """1, 2, 5 … 300 seconds, and every attempt is the same message."""
    world = World(cad=ScriptedCad([DOWN] * 9))
    call_id = await world.queue()
    pauses = []
    while (pause := await world.deliveries.run_once()) is not None:
        pauses.append(pause)
        world.clock.advance(pause)
    assert pauses == [1, 2, 5, 15, 30, 60, 120, 300, 300]
    assert len({message.body for message in world.cad.sent}) == 1
    (delivery,) = await world.of(call_id)
    assert (delivery.state, delivery.attempts, delivery.last_error) == ("acknowledged", 10, None)


async def test_what_the_cad_asks_to_wait_for_is_waited_for() -> None:
    """Retry-After counts, up to five minutes."""
    world = World(cad=ScriptedCad([Retry("cad.busy", "x", 40.0), Retry("cad.busy", "x", 9e9)]))
    await world.queue()
    assert await world.deliveries.run_once() == 40
    world.clock.advance(40)
    assert await world.deliveries.run_once() == 300


async def test_a_wrong_certificate_is_retried_slowly_and_lights_the_lamp() -> None:
    """An administrator must act, so hammering is pointless; the text says what is wrong."""
    world = World(cad=ScriptedCad([CertificateWrong("not trusted")]))
    call_id = await world.queue()
    assert await world.deliveries.run_once() == 60
    assert world.lamp().state == "down"
    assert world.lamp().text == (
        "The certificate of the CAD is not trusted since 03:00 UTC. 1 incident waiting."
    )
    assert (await world.of(call_id))[0].last_error.code == "cad.certificate_wrong"


async def test_the_lamp_says_since_when_and_how_many_wait() -> None:
    """In the words of somebody at 3 a.m.; it goes out when the CAD is back."""
    world = World(cad=ScriptedCad([DOWN] * 2))
    world.clock.advance(12 * 60)
    await world.queue("x1")
    await world.deliveries.run_once()
    await world.queue("x2")
    await world.deliveries.run_once()
    world.clock.advance(0.5)
    lamp = world.lamp()
    assert lamp.text == "CAD not answering since 03:12 UTC. 2 incidents waiting."
    assert (lamp.state, lamp.still_works) == ("down", "Drafts can be printed.")
    world.clock.advance(2)
    await world.deliveries.run_once()
    assert world.lamp().state == "ok"


async def test_after_a_day_it_is_a_dead_letter_that_a_person_can_revive() -> None:
    """Never silence: 24 hours of trying, then the lamp; a person's retry starts a new day."""
    world = World(cad=ScriptedCad([DOWN] * 2))
    call_id = await world.queue()
    await world.deliveries.run_once()
    world.clock.advance(24 * 3600)
    await world.deliveries.run_once()
    (delivery,) = await world.of(call_id)
    assert delivery.state == "dead"
    assert "1 incident is missing or outdated in the CAD" in world.lamp().text
    await world.deliveries.retry(DANA, delivery.delivery_id)
    await world.deliveries.run_once()
    assert (await world.of(call_id))[0].state == "acknowledged"
    assert world.lamp().state == "ok"
    assert await world.tags() == [
        "cad:delivery:queued",
        "cad:delivery:dead",
        "cad:delivery:retried",
        "cad:delivery:acknowledged",
    ]


async def test_a_correction_waits_for_the_first_and_then_follows() -> None:
    """Sequence 2 never before 1 is settled, and it is an update of the same incident."""
    world = World(cad=ScriptedCad([DOWN]))
    call_id = await world.queue()
    await world.deliveries.run_once()
    await world.confirm(call_id, "14 Elm St")
    await world.hear()
    assert await world.deliveries.run_once() == 1
    assert len(world.cad.sent) == 1
    world.clock.advance(1)
    await world.deliveries.run_once()
    sent = [(m.payload.sequence, m.payload.kind) for m in world.cad.sent]
    assert sent == [(1, "incident.created")] * 2 + [(2, "incident.updated")]
    assert {m.payload.incident_id for m in world.cad.sent} == {
        world.cad.sent[0].payload.incident_id
    }


async def test_a_refused_first_does_not_hold_up_the_correction_and_stays_down() -> None:
    """The correction may be what the CAD wanted; the old one must not come after it."""
    world = World(cad=ScriptedCad([REFUSED]))
    call_id = await world.queue()
    await world.deliveries.run_once()
    assert world.lamp().state == "down"
    await world.confirm(call_id, "14 Elm St")
    await world.hear()
    await world.deliveries.run_once()
    first, second = await world.of(call_id)
    assert (first.state, second.state) == ("dead", "acknowledged")
    assert world.lamp().state == "ok"
    with pytest.raises(service.Superseded):
        await world.deliveries.retry(DANA, first.delivery_id)


async def test_a_cancellation_that_the_cad_refuses_lights_the_lamp() -> None:
    """The dispatcher still believes in the incident: somebody must tell them."""
    world = World(cad=ScriptedCad([Acknowledged("CAD-1"), REFUSED]))
    call_id = await world.queue()
    await world.deliveries.run_once()
    assert world.lamp().state == "ok"
    await world.cancel(call_id)
    await world.hear()
    await world.deliveries.run_once()
    first, second = await world.of(call_id)
    assert (first.state, second.state) == ("acknowledged", "dead")
    assert world.lamp().state == "down"
    assert "missing or outdated in the CAD" in world.lamp().text


async def test_one_incident_that_fails_does_not_hold_up_another() -> None:
    """Order is kept per incident only."""
    world = World(cad=ScriptedCad([DOWN]))
    await world.queue("x1")
    await world.deliveries.run_once()
    other = await world.queue("x2")
    await world.deliveries.run_once()
    assert (await world.of(other))[0].state == "acknowledged"


async def test_without_a_cad_it_is_held_until_there_is_one_and_again_without() -> None:
    """Nothing is lost by setting up the CAD later, or taking it away for a while."""
    world = World(cad=None)
    call_id = await world.queue()
    assert await world.deliveries.run_once() is None
    assert (await world.of(call_id))[0].state == "held"
    assert world.lamp().text == "No CAD is set up. 1 incident waiting."
    later = world.restarted(ScriptedCad([DOWN]))
    await later.deliveries.recover()
    await later.deliveries.run_once()
    without = later.restarted(None)
    await without.deliveries.recover()
    assert (await world.of(call_id))[0].state == "held"
    again = without.restarted(ScriptedCad())
    await again.deliveries.recover()
    await again.deliveries.run_once()
    assert (await world.of(call_id))[0].state == "acknowledged"


async def test_an_attempt_cut_short_by_a_crash_is_made_again_with_the_same_key() -> None:
    """Nobody knows what the CAD got, so it gets the same once more."""

    class Crash(BaseException):
        pass

    class Crashing(ScriptedCad):
        async def send(self, message, *, now):
            self.sent.append(message)
            raise Crash

    world = World(cad=Crashing())
    call_id = await world.queue()
    with pytest.raises(BaseExceptionGroup):
        await world.deliveries.run_once()
    assert (await world.of(call_id))[0].state == "sending"
    later = world.restarted(ScriptedCad())
    await later.deliveries.recover()
    await later.deliveries.run_once()
    assert (await world.of(call_id))[0].state == "acknowledged"
    assert world.cad.sent[0].body == later.cad.sent[0].body


async def test_an_adapter_that_fails_is_an_outcome_and_not_an_end() -> None:
    """Somebody else's adapter cannot stop the lane."""

    class Broken(ScriptedCad):
        async def send(self, message, *, now):
            raise ValueError("12 Elm St")

    world = World(cad=Broken())
    call_id = await world.queue()
    assert await world.deliveries.run_once() == 1
    error = (await world.of(call_id))[0].last_error
    assert error.code == "cad.adapter_failed"
    assert "Elm" not in error.text


async def test_the_loop_wakes_for_a_new_delivery() -> None:
    """A confirmation goes out at once, not at the next look."""
    world = World()
    running = asyncio.ensure_future(world.deliveries.run())
    call_id = await world.queue()
    async with asyncio.timeout(5):
        while (await world.of(call_id))[0].state != "acknowledged":
            await asyncio.sleep(0)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_only_a_person_of_the_centre_retries_and_only_what_failed() -> None:
    """Machines, other centres and impatience are refused."""
    world = World(cad=ScriptedCad([REFUSED]))
    call_id = await world.queue()
    (queued,) = await world.of(call_id)
    with pytest.raises(service.NothingToRetry):
        await world.deliveries.retry(DANA, queued.delivery_id)
    with pytest.raises(service.RetryNeedsPerson):
        await world.deliveries.retry(PHONES, queued.delivery_id)
    stranger = Principal("user", "user_2", "Max", "b", frozenset())
    with pytest.raises(service.DeliveryNotFound):
        await world.deliveries.retry(stranger, queued.delivery_id)
    with pytest.raises(NotFound):
        await world.deliveries.deliveries(stranger, call_id)
