"""What comes from phones and from the carrier: texts find their thread, reports their text."""

from datetime import timedelta
from typing import ClassVar, Final, Literal

from ringdown.calls.api import CallView
from ringdown.core.clock import iso
from ringdown.core.errors import Unavailable
from ringdown.runtime.db import Tx
from ringdown.texting import keywords, questions
from ringdown.texting.desk import Desk, last_two
from ringdown.texting.keywords import Keyword
from ringdown.texting.model import (
    THREAD,
    Channel,
    MessageView,
    NumberInvalid,
    e164,
    knows_more,
)
from ringdown.texting.ports import Arrived, Held, Reported
from ringdown.texting.sending import Sending
from ringdown.texting.text_backs import TextBacks

THREAD_LASTS: Final = timedelta(days=1)
Rule = Literal[
    "call", "recent_thread", "waiting_thread", "own_number", "only_centre", "oldest_centre"
]
"""What decided whose an arriving text is; `own_number`: `texting.numbers` did."""


class NobodyHere(Unavailable):
    """A text came in before the first centre was made; the carrier brings it again."""

    code: ClassVar[str] = "texting.nobody_here"
    action: ClassVar[str] = "Open the setup link and make the centre."


class Incoming:
    """Takes what arrives; the same thing arriving twice is taken once."""

    def __init__(self, desk: Desk, sending: Sending, text_backs: TextBacks) -> None:
        self._desk = desk
        self._sending = sending
        self._text_backs = text_backs

    async def take(self, arrived: Arrived) -> MessageView | None:
        """Keep a text from a phone in the thread where it belongs; None if it was known."""
        desk = self._desk
        async with desk.db.write() as tx:
            known = await desk.store.find(tx, message_id=None, carrier_id=arrived.carrier_id)
            if known is not None:
                return None
            number = _number(arrived.sender, desk.settings.region)
            centre_id, call_id, rule = await self._thread(tx, number, arrived.receiver)
            stopped = await desk.store.stopped(tx, centre_id, number)
            word = keywords.read(arrived.text, stopped=stopped)
            media = [{"url": one.url, "content_type": one.content_type} for one in arrived.pictures]
            message = await self._keep(
                tx, centre_id, call_id, number, arrived.text, "sms", None, word,
                rule=rule, carrier_id=arrived.carrier_id, media=media or None,
            )  # fmt: skip
            if word is not None:
                await self._obey(tx, centre_id, message, word, answered=arrived.answered)
            return message

    async def from_page(
        self, tx: Tx, centre_id: str, *, call_id: str, number: str, link_id: str, text: str
    ) -> MessageView:
        """Keep what a caller wrote on the page of their link."""
        return await self._keep(tx, centre_id, call_id, number, text, "page", link_id, None)

    async def reported(self, report: Reported) -> None:
        """Keep what became of a text, unless more is known already."""
        desk = self._desk
        async with desk.db.write() as tx:
            held = await desk.store.find(
                tx, message_id=report.message_id, carrier_id=report.carrier_id
            )
            if held is None or held.view.direction != "out":
                return
            view = held.view
            if not knows_more(view.state, report.state):
                return
            after = view.model_copy(
                update={"state": report.state, "error": report.reason, "changed_at": desk.now()}
            )
            columns = {"carrier_id": report.carrier_id} if report.carrier_id else {}
            # The carrier speaks of it, so it has it: there is nothing left to send.
            await desk.change(tx, held, after, outgoing=None, **columns)

    # ---- shared steps

    async def _keep(
        self,
        tx: Tx,
        centre_id: str,
        call_id: str,
        number: str,
        text: str,
        channel: Channel,
        link_id: str | None,
        word: Keyword | None,
        *,
        rule: Rule | None = None,
        **columns: object,
    ) -> MessageView:
        desk, now = self._desk, self._desk.now()
        message = MessageView(
            message_id=desk.ids.new("msg"),
            call_id=call_id,
            number=number,
            channel=channel,
            direction="in",
            kind="keyword" if word else "text",
            text=text,
            state="received",
            segments=0,
            link_id=link_id,
            meaning=await self._meaning(tx, centre_id, call_id, text),
            at=now,
            changed_at=now,
        )
        await desk.add(tx, centre_id, message, **columns)
        media = columns.get("media")
        await desk.record(
            tx, centre_id, "texting:message:received", call_id,
            message_id=message.message_id, number=last_two(number), channel=channel,
            pictures=len(media) if isinstance(media, list) else 0,  # pyright: ignore[reportUnknownArgumentType]
            **({"found_by": rule} if rule else {}),
        )  # fmt: skip
        await self._text_backs.came_in(tx, centre_id, call_id, number)
        return message

    async def _meaning(self, tx: Tx, centre_id: str, call_id: str, text: str) -> str | None:
        """What a text says to the newest question of the thread, if nothing came between."""
        thread = await self._desk.store.messages.of_call(tx, centre_id, call_id)
        for one in reversed(thread):
            if one.direction == "in" and one.meaning is not None:
                return None
            if one.question is not None:
                return questions.understand(one.question, text)
        return None

    async def _obey(
        self, tx: Tx, centre_id: str, message: MessageView, word: Keyword, *, answered: bool
    ) -> None:
        desk, number = self._desk, message.number
        changed = True
        if word == "stop":
            changed = await desk.store.stop(tx, centre_id, number, desk.now())
        elif word == "start":
            changed = await desk.store.start(tx, centre_id, number)
        if changed and word != "help":
            tag = "texting:number:stopped" if word == "stop" else "texting:number:started"
            await desk.record(
                tx, centre_id, tag, message.call_id, number=last_two(number), told_by="phone"
            )
        if answered or (word == "stop" and not changed):
            return
        agency = await desk.agency(tx, centre_id)
        await self._sending.by_law(
            tx, centre_id, call_id=message.call_id, number=number,
            text=keywords.answer(word, agency),
        )  # fmt: skip

    async def _thread(self, tx: Tx, number: str, receiver: str) -> tuple[str, str, Rule]:
        """The centre and the call of a text from a number; a thread of its own if none fits.

        An open call of the number comes first, then one that waits to be closed, then the thread
        of the last day, then one that nobody has closed; of several the newest.
        """
        desk = self._desk
        centre_ids = await desk.centres.centre_ids(tx)
        messages = await desk.store.of_number(tx, number)
        written = {(one.centre_id, one.view.call_id) for one in messages}
        going: list[tuple[str, str, str]] = []
        waiting: list[tuple[str, str, str]] = []
        for centre_id in centre_ids:
            for call in await desk.calls.read_open(tx, centre_id):
                theirs = _is_from(call, number, desk.settings.region)
                if theirs or (centre_id, call.call_id) in written:
                    place = (call.started_at, centre_id, call.call_id)
                    (waiting if call.state == "ended" else going).append(place)
        if going or waiting:
            _, centre_id, call_id = max(going or waiting)
            return centre_id, call_id, "call"
        since = iso(desk.clock.now() - THREAD_LASTS)
        recent = [one for one in messages if one.view.at > since]
        if recent:
            newest: Held = max(recent, key=lambda one: (one.view.at, one.view.message_id))
            return newest.centre_id, newest.view.call_id, "recent_thread"
        for centre_id in centre_ids:
            for kept in await desk.store.waiting(tx, centre_id):
                if kept.value.number == number:
                    return centre_id, kept.value.call_id, "waiting_thread"
        if not centre_ids:
            raise NobodyHere("there is no centre yet")
        centre_id, rule = await self._centre(tx, receiver, centre_ids)
        thread_id = desk.ids.new(THREAD.rstrip("_"))
        await self._text_backs.begin_thread(tx, centre_id, thread_id, number)
        return centre_id, thread_id, rule

    async def _centre(self, tx: Tx, receiver: str, centre_ids: list[str]) -> tuple[str, Rule]:
        """Whose a text is that belongs to no call: by the number of ours that it was sent to."""
        desk = self._desk
        if len(centre_ids) == 1:
            return centre_ids[0], "only_centre"
        region = desk.settings.region
        ours = {_number(one, region): named for one, named in desk.settings.numbers.items()}
        named = ours.get(_number(receiver, region))
        for centre_id in centre_ids:
            if named in {centre_id, await desk.centres.centre_name(tx, centre_id)}:
                return centre_id, "own_number"
        return centre_ids[0], "oldest_centre"


def _number(sender: str, region: str) -> str:
    """The number a text came from; a short code or a name stays as it is: no text is lost."""
    try:
        return e164(sender, region)
    except NumberInvalid:
        return sender


def _is_from(call: CallView, number: str, region: str) -> bool:
    try:
        return e164(call.ani, region) == number
    except NumberInvalid:
        return False
