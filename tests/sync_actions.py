"""The law table: every action that the console can see, with what must have happened before it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest

from ringdown.cad.model import Refused, Retry
from ringdown.caller.door import Knock
from ringdown.caller.trail import PhoneFix
from ringdown.calls.api import Ali
from ringdown.core.clock import iso
from ringdown.core.errors import Conflict
from ringdown.core.sensitive import Sensitive
from ringdown.texting.ports import Arrived
from tests.sync_world import CENTRE, DANA, LEE, PHONES, World

Step = Callable[[World], Awaitable[object]]
STARTED, CHANGED, ENDED = (f"calls.call.{verb}.v1" for verb in ("started", "changed", "ended"))
NOTED, WRITTEN = "calls.event.noted.v1", "calls.note.written.v1"
OPENED, COMPLETED, SEALED = (f"media.leg.{verb}.v1" for verb in ("opened", "completed", "sealed"))
GAP, SAID = "media.gap.found.v1", "speech.utterance.finalised.v1"
TONE = "speech.tone.heard.v1"
REVISED, CONFLICTED = "incidents.draft.revised.v1", "incidents.edit.conflicted.v1"
CONFIRMED, DELIVERY = "incidents.incident.confirmed.v1", "cad.delivery.changed.v1"
SUMMARISED = "cad.incident.summarised.v1"
NARRATIVE = "assist.narrative.changed.v1"
LOCATED = "caller.location.fixed.v1"
CONSENT, LINK = "caller.consent.recorded.v1", "caller.link.changed.v1"
TEXT, TEXT_BACK = "texting.message.changed.v1", "texting.text_back.changed.v1"
FIELD_LINK = "responders.link.changed.v1"
UPLOAD, VIEWING = "uploads.upload.changed.v1", "video.viewing.changed.v1"


@dataclass(frozen=True)
class Action:
    """What is done, after what, and the kinds of fact that it writes, in their order."""

    name: str
    before: Step
    act: Step
    tells: tuple[str, ...]


async def nothing(world: World) -> None:
    """Nobody has called yet."""


async def ringing(world: World) -> None:
    await world.ring()
    await world.settle()


async def answered(world: World) -> None:
    await ringing(world)
    await world.calls.answer(PHONES, world.call_id)
    world.clock.advance(2)


async def held(world: World) -> None:
    await answered(world)
    await world.calls.note_event(PHONES, world.call_id, "held", 9_000, {})


async def interrupted(world: World) -> None:
    await answered(world)
    await world.calls.interrupt(PHONES, world.call_id)


async def lost(world: World) -> None:
    await interrupted(world)
    await world.calls.lose(PHONES, world.call_id)


async def abandoned(world: World) -> None:
    await ringing(world)
    await world.calls.end(PHONES, world.call_id, "hangup")
    await world.settle()


async def recorded(world: World) -> None:
    await answered(world)
    await world.leg("caller")
    await world.settle()


async def two_calls(world: World) -> None:
    await recorded(world)
    await world.say("there is smoke behind the school on Maple Street", 4_000)
    await world.ring("CA-2")


async def one_note(world: World) -> None:
    await answered(world)
    await world.calls.write_note(DANA, world.call_id, "caller sounds far away")


async def spoken(world: World) -> None:
    await recorded(world)
    await world.say("my house is on fire at 12 Maple Street", 4_000)


async def both_sides(world: World) -> None:
    await spoken(world)
    await world.leg("call_taker")
    await world.settle()


async def asked_first(world: World) -> None:
    """The call-taker's words are known after the answer; their id sorts after it too."""
    await world.say("911", 3_100, "call_taker")


async def edited(world: World) -> None:
    await spoken(world)
    await world.edit("location", "12 Maple Street, rear entrance")


async def decided(world: World) -> None:
    await edited(world)
    await world.confirm_all("location", "type")


async def queued(world: World) -> None:
    await decided(world)
    await world.settle()


async def given_up(world: World) -> None:
    await queued(world)
    await world.send(Refused("cad.refused", "The CAD refused the message (400)."))


async def acknowledged(world: World) -> None:
    await queued(world)
    await world.send()


async def over(world: World) -> None:
    await spoken(world)
    world.sound(0, 1_000)
    await world.complete()


def event(kind: str, **data: object) -> Step:
    async def act(world: World) -> None:
        await world.calls.note_event(PHONES, world.call_id, kind, 12_000, data)

    return act


def said(text: str, at_ms: int) -> Step:
    async def act(world: World) -> None:
        await world.say(text, at_ms)

    return act


async def one_tone(world: World) -> None:
    await recorded(world)
    await world.tone("dtmf", 9_000, digits="51")


def tone(kind: str, at_ms: int, digits: str | None = None) -> Step:
    async def act(world: World) -> None:
        await world.tone(kind, at_ms, digits=digits)

    return act


async def edit_in_vain(world: World) -> None:
    """Lee looked at the field before Dana changed it."""
    with pytest.raises(Conflict):
        await world.incidents.edit(LEE, world.call_id, "location", "14 Maple Street", 1)


async def answer_of_the_network(world: World) -> None:
    await world.calls.start(
        PHONES,
        external_id="CA-1",
        ali=Ali(text="Tower 7, sector 2", lat=45.5, lon=-117.2, uncertainty_m=300),
        source="phones",
    )


async def seal(world: World) -> None:
    world.sound(0, 1_000)
    await world.complete()


async def second_thoughts(world: World) -> None:
    await world.edit("victims", "2 people")
    await world.confirm_all("victims")
    await world.settle()


async def hold_it(world: World) -> None:
    """No CAD is set up."""
    world.deliveries._adapter = None
    await world.settle()


async def retry(world: World) -> None:
    (delivery,) = await world.deliveries.deliveries(DANA, world.call_id)
    await world.deliveries.retry(DANA, delivery.delivery_id)


async def late_words(world: World) -> None:
    """The last words are recognised after the caller hung up."""
    await world.say("my father is trapped inside", 8_000)


async def reject(world: World) -> None:
    await world.incidents.reject(DANA, world.call_id, "type", await world.version("type"))


async def edit_note(world: World) -> None:
    (note,) = await world.calls.notes(DANA, world.call_id)
    await world.calls.edit_note(DANA, world.call_id, note.note_id, "caller is close", note.version)


async def give_link(world: World) -> None:
    await world.responders.make(
        DANA, world.call_id, role="fire", to="Engine 4", shows=("incident", "location")
    )


async def link_given(world: World) -> None:
    await answered(world)
    await give_link(world)


async def take_link_back(world: World) -> None:
    (link,) = await world.responders.links(DANA, world.call_id)
    await world.responders.revoke(LEE, world.call_id, link.link_id)


async def photo_checked(world: World) -> None:
    await answered(world)
    await world.photo()
    await world.uploads.checking.look()


async def open_photo(world: World) -> None:
    (upload,) = await world.uploads.uploads(DANA, world.call_id)
    await world.uploads.picture(DANA, world.call_id, upload.upload_id)


async def photo_opened(world: World) -> None:
    await photo_checked(world)
    await open_photo(world)


async def remove_photo(world: World) -> None:
    (upload,) = await world.uploads.uploads(DANA, world.call_id)
    await world.uploads.remove(LEE, world.call_id, upload.upload_id, "Shows somebody else")


async def agreed_to_share(world: World) -> str:
    consent = await world.caller.consents.record(
        DANA, world.call_id, shares=("video", "chat"), outcome="agreed", language="es"
    )
    return consent.consent_id


async def asked_to_share(world: World) -> None:
    await answered(world)
    await agreed_to_share(world)


async def send_caller_link(world: World) -> str:
    """The token of the link as the caller's phone gets it."""
    (consent, *_), _ = await world.caller.of_call(DANA, world.call_id)
    _, message = await world.caller.make(DANA, world.call_id, consent_id=consent.consent_id)
    return message.text.rpartition("#")[2]


async def open_page(world: World, token: str) -> str:
    """The cookie of the caller's phone."""
    knock = Knock(Sensitive(token, "token"), "203.0.113.7")
    opened = await world.caller.door.open(knock, shares=("video", "chat"), device="iPhone, Safari")
    return opened.cookie.reveal("the phone keeps it")


async def link_sent(world: World) -> None:
    await asked_to_share(world)
    world.kept["token"] = await send_caller_link(world)


async def page_opened(world: World) -> None:
    await link_sent(world)
    world.kept["cookie"] = await open_page(world, world.kept["token"])


async def page_shows(world: World) -> None:
    await page_opened(world)
    await show_camera(world)


async def show_camera(world: World) -> None:
    await world.caller.pages.alive(world.kept["cookie"], sharing=("video", "chat"))


async def stop_page(world: World) -> None:
    await world.caller.pages.stop(world.kept["cookie"], shares=None, reason="stop")


async def revoke_page(world: World) -> None:
    _, (link,) = await world.caller.of_call(DANA, world.call_id)
    await world.caller.revoke(LEE, world.call_id, link.link_id, "no longer needed")


async def page_falls_silent(world: World) -> None:
    await world.caller.watch.tick()
    world.clock.advance(10)
    await world.caller.watch.tick()


async def page_located(world: World) -> None:
    """The caller agreed to be located, on the call and on the page; nothing was sent yet."""
    await answered(world)
    agreed = await world.caller.consents.record(
        DANA, world.call_id, shares=("location",), outcome="agreed", language="en"
    )
    _, message = await world.caller.make(
        DANA, world.call_id, consent_id=agreed.consent_id,
        number="+12025550143", other_number_reason="calls from an office line",
    )  # fmt: skip
    knock = Knock(Sensitive(message.text.rpartition("#")[2], "token"), "203.0.113.7")
    opened = await world.caller.door.open(knock, shares=("location",), device="iPhone, Safari")
    world.cookie = opened.cookie.reveal("the phone keeps it")
    await world.settle()


async def send_fix(world: World) -> None:
    world.clock.advance(5)
    at = iso(world.clock.now())
    fix = PhoneFix(lat=44.051, lon=-121.312, accuracy_m=9, altitude_m=1_104, at=at)
    page = await world.caller.pages.of(world.cookie, "location")
    await world.trail.take(page, [fix], at)


async def fix_sent(world: World) -> None:
    await page_located(world)
    await send_fix(world)


async def confirm(world: World, name: str) -> None:
    await world.incidents.confirm_field(DANA, world.call_id, name, await world.version(name))


def phone_writes(text: str, sender: str = "+15095550142") -> Step:
    async def act(world: World) -> None:
        await world.texting.incoming.take(Arrived("SM1", sender, text))

    return act


async def asked_by_text(world: World) -> None:
    await answered(world)
    await world.texting.send(DANA, world.call_id, question="talk", language="es")


async def texted_back(world: World) -> None:
    await abandoned(world)
    await world.texting.text_backs.text(DANA, world.call_id)


async def hung_up_unanswered(world: World) -> None:
    await ringing(world)
    await world.calls.end(PHONES, world.call_id, "hangup")


async def hung_up_silent(world: World) -> None:
    await recorded(world)
    await seal(world)
    await world.settle()
    await world.transcript.advance(CENTRE, world.legs["caller"], closed=True)


async def look_for_silent_calls(world: World) -> None:
    await world.texting.silent.look()


async def call_closed(world: World) -> None:
    await abandoned(world)
    await world.calls.close(DANA, world.call_id, "no answer")


ACTIONS = (
    Action("call started", nothing, lambda w: w.ring(), (STARTED,)),
    Action("demo call started", nothing, lambda w: w.ring(demo=True), (STARTED,)),
    Action("second call started", recorded, lambda w: w.ring("CA-2"), (STARTED,)),
    Action("call answered", ringing, event("answered"), (NOTED, CHANGED)),
    Action("call held", answered, event("held"), (NOTED, CHANGED)),
    Action("call resumed from hold", held, event("resumed"), (NOTED, CHANGED)),
    Action("call transferred", answered, event("transferred", to="Fire"), (NOTED,)),
    Action("key pressed", answered, event("dtmf", digit="5"), (NOTED,)),
    Action("location reported", answered, event("ali", text="Tower 7"), (NOTED, CHANGED)),
    Action("location given with the call", answered, answer_of_the_network, (CHANGED,)),
    Action("call assigned", answered, lambda w: w.calls.assign(DANA, w.call_id), (CHANGED,)),
    Action("call interrupted", answered, lambda w: w.calls.interrupt(PHONES, w.call_id), (CHANGED,)),
    Action("call resumed", lost, lambda w: w.calls.resume(PHONES, w.call_id), (CHANGED,)),
    Action("source lost", interrupted, lambda w: w.calls.lose(PHONES, w.call_id), (CHANGED,)),
    Action("lost call closed", lost, lambda w: w.calls.close(DANA, w.call_id, "called back"), (NOTED, ENDED)),
    Action("call ended", spoken, lambda w: w.calls.end(PHONES, w.call_id, "hangup"), (ENDED,)),
    Action("other call ended", two_calls, lambda w: w.calls.end(PHONES, w.call_id, "hangup"), (ENDED,)),
    Action("call abandoned", ringing, lambda w: w.calls.end(PHONES, w.call_id, "hangup"), (ENDED,)),
    Action("abandoned call closed", abandoned, lambda w: w.calls.close(DANA, w.call_id, "no answer"), (NOTED, CHANGED)),
    Action("note written", answered, lambda w: w.calls.write_note(DANA, w.call_id, "two engines"), (WRITTEN,)),
    Action("second note written", one_note, lambda w: w.calls.write_note(LEE, w.call_id, "dog barks"), (WRITTEN,)),
    Action("note edited", one_note, edit_note, (WRITTEN,)),
    Action("leg opened", answered, lambda w: w.leg("caller"), (CHANGED, OPENED)),
    Action("call-taker's leg opened", ringing, lambda w: w.leg("call_taker"), (CHANGED, OPENED)),
    Action("gap found", recorded, lambda w: w.keep_gap(1_000, 1_500), (GAP,)),
    Action("leg sealed", recorded, seal, (ENDED, COMPLETED, SEALED, CHANGED)),
    Action("utterance finalised", recorded, said("please hurry", 4_000), (SAID,)),
    Action("words with readings finalised", recorded, lambda w: w.say_unsure(4_000), (SAID,)),
    Action("text telephone heard", recorded, tone("tty", 4_000), (TONE,)),
    Action("earlier tone told later", one_tone, tone("fax", 4_000), (TONE,)),
    Action("keys told again with one more", one_tone, tone("dtmf", 9_000, "512"), (TONE,)),
    Action("draft heard", recorded, said("my house is on fire at 12 Maple Street", 4_000), (SAID, REVISED)),
    Action("earlier utterance finalised later", both_sides, asked_first, (SAID,)),
    Action("words after the call", over, late_words, (SAID, REVISED)),
    Action("field edited", spoken, lambda w: w.edit("location", "12 Maple St"), (REVISED,)),
    Action("field typed without words", answered, lambda w: w.edit("victims", "1 person"), (REVISED,)),
    Action("field confirmed", edited, lambda w: confirm(w, "location"), (REVISED,)),
    Action("field rejected", spoken, reject, (REVISED,)),
    Action("suggestion heard", edited, said("no it is 14 Oak Avenue", 9_000), (SAID, REVISED)),
    Action("edit conflicted", edited, edit_in_vain, (CONFLICTED,)),
    Action("incident confirmed", edited, lambda w: w.confirm_all("location", "type"), (REVISED, CONFIRMED)),
    Action("incident confirmed again", acknowledged, second_thoughts, (REVISED, REVISED, CONFIRMED, DELIVERY, SUMMARISED)),
    Action("delivery queued", decided, lambda w: w.settle(), (DELIVERY, SUMMARISED)),
    Action("delivery held", decided, hold_it, (DELIVERY, SUMMARISED)),
    Action("delivery acknowledged", queued, lambda w: w.send(), (DELIVERY, DELIVERY)),
    Action("delivery tried again later", queued, lambda w: w.send(Retry("cad.busy", "The CAD is busy.")), (DELIVERY, DELIVERY)),
    Action("delivery dead", queued, lambda w: w.send(Refused("cad.refused", "Refused (400).")), (DELIVERY, DELIVERY)),
    Action("delivery retried by a person", given_up, retry, (DELIVERY,)),
    Action("language model switched off", answered, lambda w: w.assist.switch(DANA, w.call_id, off=True), (NARRATIVE,)),
    Action("link made for the field", answered, give_link, (FIELD_LINK,)),
    Action("link for the field revoked", link_given, take_link_back, (FIELD_LINK,)),
    Action("caller agreed to share", answered, agreed_to_share, (CONSENT,)),
    Action("caller link sent", asked_to_share, send_caller_link, (LINK, TEXT, LINK)),
    Action("caller's page opened", link_sent, lambda w: open_page(w, w.kept["token"]), (CONSENT, LINK)),
    Action("caller's camera shown", page_opened, show_camera, (LINK,)),
    Action("caller's page fallen silent", page_shows, page_falls_silent, (LINK,)),
    Action("caller stopped sharing", page_shows, stop_page, (CONSENT, LINK)),
    Action("caller link revoked", page_shows, revoke_page, (LINK,)),
    Action("caller's phone located", page_located, send_fix, (LOCATED,)),
    Action("phone's place laid beside the others", fix_sent, lambda w: w.settle(), (REVISED,)),
    Action("caller asked by text", answered, lambda w: w.texting.send(DANA, w.call_id, question="talk"), (TEXT,)),
    Action("caller answered by text", asked_by_text, phone_writes("b"), (TEXT,)),
    Action("unanswered call joined the queue", hung_up_unanswered, lambda w: w.settle(), (TEXT_BACK,)),
    Action("silent call joined the queue", hung_up_silent, look_for_silent_calls, (TEXT_BACK,)),
    Action("unanswered call texted back", abandoned, lambda w: w.texting.text_backs.text(DANA, w.call_id), (TEXT, TEXT_BACK)),
    Action("unanswered caller wrote", texted_back, phone_writes("I am fine"), (TEXT, TEXT_BACK)),
    Action("queue left with a reason", texted_back, lambda w: w.texting.text_backs.close(DANA, w.call_id, "spoken to"), (TEXT_BACK,)),
    Action("queue left with the call", call_closed, lambda w: w.settle(), (TEXT_BACK,)),
    Action("text that belongs nowhere", answered, phone_writes("fire", "+15095550177"), (TEXT_BACK, TEXT, TEXT_BACK)),
    Action("photo sent", answered, lambda world: world.photo(), (UPLOAD,) * 3),
    Action("what is no photo refused", answered, lambda w: w.photo(0, b"PK\3\4" * 300), (UPLOAD,) * 2),
    Action("photo opened", photo_checked, open_photo, (VIEWING, UPLOAD)),
    Action("photo removed", photo_opened, remove_photo, (UPLOAD,)),
)  # fmt: skip
