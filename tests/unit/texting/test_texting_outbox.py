"""Texts reach the carrier once it takes them, in order, across restarts; reports only add."""

import asyncio
import itertools

import pytest
from tests.unit.texting.texting_world import CALLER, DANA, PHONES, STRANGER, World

from ringdown.core.errors import NotFound
from ringdown.runtime.db import Database
from ringdown.runtime.tasks import Tasks
from ringdown.texting.fakes import ScriptedCarrier
from ringdown.texting.model import Outgoing
from ringdown.texting.ports import Accepted, Later, Never
from ringdown.texting.sending import NumberStopped, PersonNeeded, TextInvalid, TooManyTexts
from ringdown.texting.service import OtherNumber
from ringdown.texting.text_backs import NumberMissing

LATER = Later("texting.not_connected", "The carrier cannot be reached.")


async def test_a_text_is_kept_first_and_then_sent(world: World) -> None:
    """Its row, its fact and its audit row come before the carrier; then it is with the carrier."""
    call_id = await world.answered()
    queued = await world.texting.send(
        DANA, call_id, text="Don\u2019t hang up \u2013 help is coming"
    )
    assert (queued.state, queued.segments, queued.number) == ("queued", 1, CALLER)
    assert queued.text == "Don't hang up - help is coming"
    assert world.carrier.sent == []
    await world.texting.outbox.run_once()
    assert world.carrier.sent == [(queued.message_id, CALLER, queued.text)]
    assert [one.state for one in await world.told()] == ["queued", "sent"]
    assert await world.tags() == ["texting:message:sent"]
    assert world.lamps.get("texting").state == "ok"


async def test_a_carrier_that_is_down_is_seen_and_tried_until_it_is_back(world: World) -> None:
    """The message and the lamp say so in words; it goes on after a restart; nothing goes twice."""
    world.carrier.outcomes += [LATER, LATER]
    call_id = await world.answered()
    first = await world.texting.send(DANA, call_id, text="one")
    second = await world.texting.send(DANA, call_id, text="two")
    await world.texting.outbox.run_once()
    seen = await world.message(first.message_id)
    assert (seen.state, seen.error) == ("queued", "The carrier cannot be reached.")
    lamp = world.lamps.get("texting")
    assert (lamp.state, "2 texts wait." in lamp.text) == ("down", True)
    assert "+1" not in lamp.text
    again = world.restarted()
    for _ in range(2):
        world.clock.advance(5)
        await again.texting.outbox.run_once()
    assert [words for _, _, words in world.carrier.sent] == ["one", "one", "one", "two"]
    assert [one.state for one in await world.thread(call_id)] == ["sent", "sent"]
    assert (await world.message(first.message_id)).error is None
    assert (await world.message(second.message_id)).state == "sent"
    assert again.lamps.get("texting").state == "ok"


async def test_a_text_that_is_too_late_is_given_up_in_words(world: World) -> None:
    """Help that was promised an hour ago is no help; somebody is told to call instead."""
    world.carrier.outcomes += [LATER] * 99
    call_id = await world.answered()
    message = await world.texting.send(DANA, call_id, text="stay there")
    for _ in range(12):
        await world.texting.outbox.run_once()
        world.clock.advance(31)
    seen = await world.message(message.message_id)
    assert (seen.state, seen.error) == ("failed", "The carrier could not be reached in time.")
    sent = len(world.carrier.sent)
    await world.texting.outbox.run_once()
    assert len(world.carrier.sent) == sent


async def test_an_attempt_that_died_with_the_server_is_made_again_after_its_lease(
    world: World,
) -> None:
    """A crash between asking and hearing the answer loses no text."""
    call_id = await world.answered()
    message = await world.texting.send(DANA, call_id, text="hello")
    async with world.db.read() as tx:
        (held,) = await world.store.unsent(tx)
    await world.texting.outbox._claim(held)
    again = world.restarted()
    await again.texting.outbox.run_once()
    assert world.carrier.sent == []
    world.clock.advance(91)
    await again.texting.outbox.run_once()
    assert (await world.message(message.message_id)).state == "sent"


async def test_a_carrier_that_is_slow_for_one_number_holds_up_no_other(db: Database) -> None:
    """Texts to one number keep their order; the others pass by, and two servers send no text twice."""
    slow = asyncio.Event()

    class Slow(ScriptedCarrier):
        async def send(self, text, *, now):
            outcome = await super().send(text, now=now)
            if text.to.reveal("test") == CALLER:
                await slow.wait()
            return outcome

    world = World(db, carrier=Slow())
    second = world.restarted()
    call_id, other = await world.answered(), await world.answered("CA-2", ani="+12025550177")
    async with Tasks() as tasks:
        tasks.supervise("texts", world.texting.outbox.run)
        tasks.supervise("texts of another server", second.texting.outbox.run)
        messages = [
            await world.texting.send(DANA, one, text=one) for one in (call_id, call_id, other)
        ]
        async with asyncio.timeout(20):
            while (await world.message(messages[2].message_id)).state != "sent":
                await asyncio.sleep(0.005)
            assert [number for _, number, _ in world.carrier.sent].count(CALLER) == 1
            slow.set()
            while (await world.message(messages[1].message_id)).state != "sent":
                await asyncio.sleep(0.005)
            while world.texting.outbox._flying or second.texting.outbox._flying:
                await asyncio.sleep(0.005)
        await asyncio.sleep(0.05)
    tried = [message_id for message_id, _, _ in world.carrier.sent]
    assert sorted(tried) == sorted(one.message_id for one in messages)
    assert tried.index(messages[0].message_id) < tried.index(messages[1].message_id)


async def test_a_refused_text_fails_with_the_carriers_reason(world: World) -> None:
    """A number that the carrier knows as stopped is stopped for us as well."""
    call_id = await world.answered()
    world.carrier.outcomes += [
        Never("texting.refused", "The number asked for no more texts. (21610)", stopped=True)
    ]
    message = await world.texting.send(DANA, call_id, text="hello")
    await world.texting.outbox.run_once()
    seen = await world.message(message.message_id)
    assert (seen.state, seen.error) == ("failed", "The number asked for no more texts. (21610)")
    with pytest.raises(NumberStopped):
        await world.texting.send(DANA, call_id, text="hello again")
    assert await world.tags() == ["texting:message:sent", "texting:number:stopped"]


@pytest.mark.parametrize(
    "order", sorted(set(itertools.permutations(["sent", "delivered", "delivered"])))
)
async def test_reports_in_any_order_end_in_what_is_known_best(world: World, order) -> None:
    """Late, early and doubled: the state only ever grows, and each step is told once."""
    call_id = await world.answered()
    message = await world.texting.send(DANA, call_id, text="hello")
    world.carrier.outcomes += [Accepted("SM1")]
    for word in order:
        await world.reported(word, message=message)
    await world.texting.outbox.run_once()
    states = [one.state for one in await world.told()]
    assert states[-1] == "delivered"
    assert states == sorted(set(states), key=["queued", "sent", "delivered"].index)


async def test_a_report_that_overtakes_the_answer_stops_a_second_sending(world: World) -> None:
    """The carrier speaks of it, so it has it, though its answer was lost."""
    call_id = await world.answered()
    world.carrier.outcomes += [LATER]
    message = await world.texting.send(DANA, call_id, text="hello")
    await world.texting.outbox.run_once()
    await world.reported("sent", message=message, sid="SM77")
    world.clock.advance(60)
    await world.texting.outbox.run_once()
    assert len(world.carrier.sent) == 1
    # From here on the carrier's own id finds it as well; a wrong one finds nothing.
    message = message.model_copy(update={"message_id": "msg_other"})
    with pytest.raises(AssertionError):
        await world.reported("failed", message=message, sid="SM_other")
    (seen,) = await world.thread(call_id)
    assert seen.state == "sent"


async def test_not_delivered_may_still_become_delivered_and_never_the_other_way(
    world: World,
) -> None:
    """Networks report late deliveries."""
    call_id = await world.answered()
    message = await world.texting.send(DANA, call_id, text="hello")
    await world.texting.outbox.run_once()
    assert (await world.reported("undelivered", message=message)).state == "undelivered"
    assert (await world.reported("delivered", message=message)).state == "delivered"
    assert (await world.reported("failed", message=message)).state == "delivered"


async def test_a_secret_in_a_text_leaves_with_it_and_stays_nowhere(world: World) -> None:
    """The link's token is in what the carrier gets, and in no row, fact or log afterwards."""
    call_id = await world.answered()
    async with world.db.write() as tx:
        link = Outgoing(
            call_id, CALLER, "Open https://x.test/l#T0KEN", "link", link_id="lnk_1", hide="T0KEN"
        )
        message = await world.texting.send_in(tx, DANA, link)
    assert message.text == "Open https://x.test/l#…"
    await world.texting.outbox.run_once()
    assert world.carrier.sent[0][2] == "Open https://x.test/l#T0KEN"
    async with world.db.read() as tx:
        held = await world.store.find(tx, message_id=message.message_id, carrier_id=None)
    assert held.outgoing is None
    assert "T0KEN" not in str(await world.told())


async def test_without_a_carrier_the_text_is_shown_to_be_sent_by_hand(
    db: Database,
) -> None:
    """State `manual`, the whole text with its link, and a lamp that says so."""
    world = World(db, manual=True)
    call_id = await world.answered()
    async with world.db.write() as tx:
        link = Outgoing(call_id, "(202) 555-0142", "Open x#T0KEN", "link", hide="T0KEN")
        message = await world.texting.send_in(tx, DANA, link)
    assert (message.state, message.text, message.number) == ("manual", "Open x#T0KEN", CALLER)
    assert (await world.reported("delivered", message=message)).state == "manual"
    await world.texting.outbox.run()
    assert world.lamps.get("texting").state == "off"


async def test_practice_phones_get_the_texts_of_demo_calls_alone(db: Database) -> None:
    """A real caller's text is shown to be sent by hand; the lamp says that no carrier is set up."""
    world = World(db, practice=True)
    real, demo = await world.answered(), await world.answered("CA-2", demo=True)
    by_hand = await world.texting.send(DANA, real, text="where are you")
    practised = await world.texting.send(DANA, demo, text="where are you")
    assert (by_hand.state, practised.state) == ("manual", "queued")
    await world.texting.outbox.run_once()
    sent = [text[0] for text in world.carrier.sent]
    assert sent == [practised.message_id]
    assert world.lamps.get("texting").state == "off"


async def test_what_may_not_leave_does_not(world: World) -> None:
    """Machines, strangers, empty and endless texts, unknown numbers, too many in an hour."""
    call_id = await world.answered()
    with pytest.raises(PersonNeeded):
        await world.texting.send(PHONES, call_id, text="hello")
    with pytest.raises(NotFound):
        await world.texting.send(STRANGER, call_id, text="hello")
    for text in ("", "  ", "x" * 1_601, "a\x07b"):
        with pytest.raises(TextInvalid):
            await world.texting.send(DANA, call_id, text=text)
    with pytest.raises(OtherNumber):
        await world.texting.send(DANA, call_id, text="hello", number="+12025550177")
    nameless = await world.answered("CA-2", ani=None)
    with pytest.raises(NumberMissing):
        await world.texting.send(DANA, nameless, text="hello")
    assert await world.tags() == []
    other = await world.texting.send(
        DANA, call_id, text="hello", number="+12025550177", other_number_reason="her own phone"
    )
    # Once it is part of the thread, nobody asks for the reason again.
    assert (
        await world.texting.send(DANA, call_id, text="x", number=other.number)
    ).number == other.number


async def test_a_number_gets_only_so_many_texts_in_an_hour(db: Database) -> None:
    """And the error says when the next one may go."""
    world = World(db, per_number_per_hour=2)
    call_id = await world.answered()
    await world.texting.send(DANA, call_id, text="one")
    world.clock.advance(600)
    await world.texting.send(DANA, call_id, text="two")
    with pytest.raises(TooManyTexts) as refused:
        await world.texting.send(DANA, call_id, text="three")
    assert refused.value.details["retry_after_s"] == 3_000
    world.clock.advance(3_001)
    await world.texting.send(DANA, call_id, text="three")
