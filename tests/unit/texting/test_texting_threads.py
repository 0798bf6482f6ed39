"""What a phone writes finds its thread, exactly once, and asks for a person where nobody looks."""

import pytest
from tests.unit.texting.texting_world import CALLER, DANA, PHONES, STRANGER, World

from ringdown.core.errors import Conflict, NotFound, Unavailable
from ringdown.runtime.db import Database
from ringdown.texting.sending import NumberStopped
from ringdown.texting.text_backs import TextBackReasonMissing


class OpenPage:
    def __init__(self) -> None:
        self.link_id: str | None = "lnk_1"

    async def open_page(self, tx, centre_id: str, call_id: str) -> str | None:
        return self.link_id


async def test_a_text_goes_to_the_newest_open_call_of_its_number_once(world: World) -> None:
    """A doubled webhook is taken once; facts and audit say it came in, never what it says."""
    await world.answered("CA-1")
    newest = await world.answered("CA-2")
    assert (await world.writes("help me", sid="IN-1")).call_id == newest
    assert await world.writes("help me", sid="IN-1") is None
    (kept,) = await world.thread(newest)
    assert (kept.state, kept.direction, kept.by, kept.kind) == ("received", "in", None, "text")
    assert await world.tags() == ["texting:message:received"]
    assert await world.queue() == []


async def test_an_answer_from_another_phone_finds_the_call_that_wrote_to_it(world: World) -> None:
    """While the call is open, and for a day after; then the thread is one of its own."""
    call_id = await world.answered()
    await world.texting.send(
        DANA, call_id, text="Hello", number="+12025550177", other_number_reason="her own phone"
    )
    assert (await world.writes("yes?", sender="+1 202 555 0177")).call_id == call_id
    await world.hang_up(call_id)
    assert (await world.writes("are you there", sender="+12025550177")).call_id == call_id
    # Nobody looks at a call that is over: the text asks for a person.
    (waiting,) = await world.queue()
    assert (waiting.call_id, waiting.state, waiting.unmatched) == (call_id, "answered", False)
    await world.texting.text_backs.close(DANA, call_id, "spoken to")
    world.clock.advance(25 * 3600)
    late = await world.writes("again", sender="+12025550177")
    assert late.call_id.startswith("thread_")


async def test_a_text_that_belongs_nowhere_is_never_lost(world: World) -> None:
    """It waits as a thread of its own, can be answered, and leaves only with a reason."""
    first = await world.writes("there is a fire at 12 Maple Street", sender="72975")
    second = await world.writes("hello?", sender="+12025550188")
    assert (await world.writes("hello??", sender="+12025550188")).call_id == second.call_id
    assert [one.unmatched for one in await world.queue()] == [True, True]
    assert first.number == "72975"
    assert [one.text for one in await world.thread(second.call_id)] == ["hello?", "hello??"]
    with pytest.raises(NotFound):
        await world.texting.thread(STRANGER, second.call_id)
    await world.texting.send(DANA, second.call_id, text="This is 911. Where are you?")
    assert [one.state for one in await world.queue()] == ["answered", "texted"]
    with pytest.raises(TextBackReasonMissing):
        await world.texting.text_backs.close(DANA, second.call_id, "  ")
    await world.texting.text_backs.close(DANA, second.call_id, "sent to the fire department")
    assert [one.call_id for one in await world.queue()] == [first.call_id]
    assert (await world.writes("thanks", sender="+12025550188")).call_id == second.call_id
    assert len(await world.queue()) == 2


async def test_stop_help_and_start_do_what_the_law_says(world: World) -> None:
    """Each is shown to people, answered once without one, and refused numbers stay refused."""
    call_id = await world.answered()
    stop = await world.writes("Stop")
    assert (stop.kind, stop.call_id) == ("keyword", call_id)
    await world.writes("STOP")
    with pytest.raises(NumberStopped):
        await world.texting.send(DANA, call_id, text="hello")
    await world.writes("HELP")
    await world.writes("yes")
    await world.texting.send(DANA, call_id, text="hello")
    await world.texting.outbox.run_once()
    words = [text for _, _, text in world.carrier.sent]
    assert [one.split(":")[1].split(".")[0].strip()[:20] for one in words[:3]] == [
        "you will get no more", "answer this text or ", "you will get texts f",
    ]  # fmt: skip
    assert words[3:] == ["hello"]
    by_law = [one for one in await world.thread(call_id) if one.direction == "out" and not one.by]
    assert len(by_law) == 3
    tags = await world.tags()
    assert tags.count("texting:number:stopped") == tags.count("texting:number:started") == 1
    assert tags.count("texting:message:answered") == 3


async def test_a_keyword_that_the_carrier_answered_is_not_answered_twice(world: World) -> None:
    """It counts all the same."""
    call_id = await world.answered()
    await world.writes("STOP", answered=True)
    await world.texting.outbox.run_once()
    assert world.carrier.sent == []
    with pytest.raises(NumberStopped):
        await world.texting.send(DANA, call_id, text="hello")


async def test_two_programs_do_not_answer_each_other_for_ever(world: World) -> None:
    """A machine that texts HELP gets a few answers in an hour; each of its texts is shown."""
    call_id = await world.answered()
    for _ in range(8):
        await world.writes("HELP")
    thread = await world.thread(call_id)
    assert [one.direction for one in thread].count("in") == 8
    assert [one.direction for one in thread].count("out") == 5


async def test_a_silent_caller_answers_with_a_letter(world: World) -> None:
    """The meaning stands beside the caller's own words; words that are no answer have none."""
    call_id = await world.answered()
    asked = await world.texting.send(DANA, call_id, question="talk", language="es")
    assert asked.text == "Aquí el 911. ¿Puede hablar sin peligro?\nA = sí\nB = no"
    assert (asked.kind, asked.question) == ("question", "talk")
    unsure = await world.writes("quién es")
    answer = await world.writes("b")
    assert (unsure.meaning, answer.meaning, answer.text) == (None, "B: no", "b")
    assert (await world.writes("a")).meaning is None, "it is answered already"
    await world.texting.send(DANA, call_id, question="need", language="es")
    assert (await world.writes("A")).meaning == "A: police"


async def test_the_same_thread_goes_on_by_page_and_by_text(world: World) -> None:
    """The page while it is open, SMS when it is not; the page's texts are delivered when fetched."""
    call_id, page = await world.answered(), OpenPage()
    world.texting.goes_by(page)
    first = await world.texting.send(DANA, call_id, question="talk")
    assert (first.channel, first.segments, first.link_id) == ("page", 0, "lnk_1")
    async with world.db.write() as tx:
        said = await world.texting.from_page(
            tx, "a", call_id=call_id, number=CALLER, link_id="lnk_1", text="B"
        )
        assert said.meaning == "B: no"
        shown = await world.texting.for_page(tx, "a", "lnk_1")
        await world.texting.page_has(tx, "a", "lnk_1", through=shown[-1].message_id)
        assert await world.texting.for_page(tx, "a", "lnk_1", after=said.message_id) == []
    assert [one.message_id for one in shown] == [first.message_id, said.message_id]
    page.link_id = None
    await world.texting.send(DANA, call_id, text="Still there?")
    await world.texting.outbox.run_once()
    assert [(one.channel, one.state) for one in await world.thread(call_id)] == [
        ("page", "delivered"), ("page", "received"), ("sms", "sent"),
    ]  # fmt: skip


async def test_pictures_are_handed_on_until_they_are_taken(world: World) -> None:
    """A taker that is down gets them again; a picture that is gone is said to be."""
    call_id = await world.answered()
    world.carrier.pictures = {"https://c/1": b"one"}
    world.album.failures = [Unavailable("not now")]
    await world.writes("look", pictures=("https://c/1",))
    assert await world.texting.pictures.run_once()
    again = world.restarted()
    assert not await again.texting.pictures.run_once()
    (message,) = await world.thread(call_id)
    assert message.attachments == (f"upl_{message.message_id}_0",)
    assert again.album.taken == {(message.message_id, 0): ("image/jpeg", b"one")}
    world.album.failures = [Conflict("no")]
    await world.writes("and this", pictures=("https://c/1",))
    assert not await world.texting.pictures.run_once()
    assert "could not be fetched" in (await world.thread(call_id))[-1].error


async def test_a_call_nobody_answered_waits_until_a_person_closes_it(world: World) -> None:
    """Approved wording by a person, an answer, a reason; each step with its time and its row."""
    call_id = await world.ring()
    await world.hang_up(call_id)
    (waiting,) = await world.queue()
    assert (waiting.state, waiting.number, waiting.due_at) == (
        "waiting",
        CALLER,
        "2026-03-01T03:00:01.000Z",
    )
    wording = await world.texting.text_backs.wording(DANA, call_id)
    assert wording.text.startswith("This is Spruce County 911. Your call ended")
    message = await world.texting.text_backs.text(DANA, call_id)
    assert (message.kind, message.text) == ("text_back", wording.text)
    (texted,) = await world.queue()
    assert (texted.state, texted.due_at) == ("texted", "2026-03-01T03:03:01.000Z")
    assert (await world.writes("I am fine")).call_id == call_id
    (answered,) = await world.queue()
    assert (answered.state, answered.texted_at) == ("answered", texted.texted_at)
    await world.settle()
    closed = await world.texting.text_backs.close(DANA, call_id, "false alarm, confirmed by text")
    assert (closed.state, closed.by.name) == ("closed", "Dana")
    assert await world.queue() == []
    assert await world.tags() == [
        "texting:message:sent", "texting:text_back:sent", "texting:message:received",
        "texting:text_back:closed",
    ]  # fmt: skip


async def test_closing_the_call_closes_its_place_in_the_queue(world: World) -> None:
    """With the same person and reason; facts that come twice or late change nothing."""
    call_id = await world.ring(ani=None)
    await world.hang_up(call_id)
    (waiting,) = await world.queue()
    assert waiting.number is None
    with pytest.raises(Conflict):
        await world.texting.text_backs.text(DANA, call_id)
    await world.calls.close(DANA, call_id, "no number, nothing heard")
    await world.settle()
    assert await world.queue() == []
    (*_, last) = await world.told()
    assert (last.state, last.reason, last.by.name) == ("closed", "no number, nothing heard", "Dana")
    world._heard = 0
    await world.settle()
    assert await world.queue() == []


async def spoken_call(world: World, external_id: str = "CA-1") -> str:
    """An answered call with audio of its caller."""
    call_id = await world.answered(external_id)
    await world.calls.add_leg(PHONES, call_id, "caller")
    return call_id


async def test_a_silent_call_joins_by_itself_once_its_last_words_could_have_come(
    world: World,
) -> None:
    """After a restart too; it says why, nothing is sent, and it stays until a person closes it."""
    call_id, other = await spoken_call(world), await spoken_call(world, "CA-2")
    await world.hang_up(call_id)
    await world.hang_up(other)
    assert await world.texting.silent.look()
    assert await world.queue() == []
    world = world.restarted()
    world.words.silent = {call_id: True, other: False}
    assert not await world.texting.silent.look()
    (waiting,) = await world.queue()
    assert (waiting.call_id, waiting.state, waiting.silent) == (call_id, "waiting", True)
    assert waiting.number == CALLER
    assert await world.thread(call_id) == []
    await world.texting.text_backs.close(DANA, call_id, "called back, all is well")
    world._heard = 0
    await world.settle()
    assert not await world.texting.silent.look()
    assert await world.queue() == []


async def test_silence_is_not_claimed_where_nobody_could_hear(world: World) -> None:
    """No audio, words that never come, a lost call that a person closed: none joins by itself."""
    unheard, without, lost = (
        await spoken_call(world), await world.answered("CA-2"), await spoken_call(world, "CA-3"),
    )  # fmt: skip
    await world.calls.interrupt(PHONES, lost)
    await world.calls.lose(PHONES, lost)
    await world.calls.close(DANA, lost, "called back")
    await world.hang_up(without)
    await world.hang_up(unheard)
    world.words.silent = {without: True, lost: True}
    assert await world.texting.silent.look()
    world.clock.advance(3601)
    assert not await world.texting.silent.look()
    assert await world.queue() == []


async def test_an_answered_call_joins_when_a_person_says_so(world: World) -> None:
    """Whatever was said on it; only that person's centre has it."""
    call_id = await world.answered()
    await world.hang_up(call_id)
    assert await world.queue() == []
    await world.texting.text_backs.join(DANA, call_id)
    await world.texting.text_backs.join(DANA, call_id)
    assert [one.state for one in await world.queue()] == ["waiting"]
    assert await world.tags() == ["texting:text_back:joined"]
    with pytest.raises(NotFound):
        await world.texting.text_backs.close(STRANGER, call_id, "x")


async def test_the_number_it_was_sent_to_decides_whose_a_stray_text_is(db: Database) -> None:
    """By name or id; a call of the caller's comes first, and the audit log says what decided."""
    numbers = {"+1 202 555 0100": "Alder County", "+12025550101": "a", "+12025550102": "Elsewhere"}
    world = World(db, numbers=numbers)

    async def whose(sender: str, receiver: str) -> tuple[str, str]:
        message = await world.writes("hello", sender=sender, receiver=receiver)
        found = [
            (centre_id, row.details["found_by"])
            for centre_id in ("a", "b")
            for row in await world.rows(centre_id)
            if row.details["message_id"] == message.message_id
        ]
        (one,) = found
        return one

    assert await whose("+12025550171", "(202) 555-0100") == ("b", "own_number")
    assert await whose("+12025550172", "+12025550101") == ("a", "own_number")
    assert await whose("+12025550173", "+12025550102") == ("a", "oldest_centre")
    assert await whose("+12025550174", "") == ("a", "oldest_centre")
    assert await whose("+12025550174", "+12025550100") == ("a", "recent_thread")
    await world.answered()
    assert await whose(CALLER, "+12025550100") == ("a", "call")
