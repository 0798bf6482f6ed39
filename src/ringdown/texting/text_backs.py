"""Calls that nobody answered or that were silent: a queue with a timer that only people empty."""

from datetime import timedelta
from typing import ClassVar

from ringdown.calls.events import CallEnded, EventNoted
from ringdown.core.clock import iso, parse_iso
from ringdown.core.errors import Conflict, Invalid, NotFound
from ringdown.core.events import FactRecord
from ringdown.core.principal import Person, Principal
from ringdown.runtime.bus import Bus
from ringdown.runtime.db import Tx
from ringdown.runtime.documents import Kept
from ringdown.texting.api import Preview
from ringdown.texting.desk import Desk
from ringdown.texting.model import MessageView, NumberInvalid, Outgoing, TextBackView, e164
from ringdown.texting.sending import Sending, person_of, preview


class TextBackNotFound(NotFound):
    """The call is not among those to text back, or no longer."""

    code: ClassVar[str] = "texting.text_back.not_found"


class NumberMissing(Conflict):
    """The call came without a number that a text could go to."""

    code: ClassVar[str] = "texting.number.missing"
    action: ClassVar[str] = "Find the number by other means, or close it with a reason."


class TextBackReasonMissing(Invalid):
    """A call leaves the queue only with a reason."""

    code: ClassVar[str] = "texting.text_back.reason_missing"
    action: ClassVar[str] = "Say in a few words why nothing more is to be done."


class TextBacks:
    """The queue of every centre."""

    def __init__(self, desk: Desk, sending: Sending) -> None:
        self._desk = desk
        self._sending = sending

    def subscribe(self, bus: Bus) -> None:
        """Hear of calls that end and calls that are closed."""
        bus.subscribe(CallEnded, self.on_ended, name="text-backs")
        bus.subscribe(EventNoted, self.on_noted, name="text-backs")

    async def on_ended(self, record: FactRecord) -> None:
        """A call that nobody answered joins, once, however often the fact arrives."""
        fact = record.fact
        assert isinstance(fact, CallEnded), "the bus gives what was subscribed to"
        if fact.call.attention != "abandoned" or fact.call.direction != "inbound":
            return
        async with self._desk.db.write() as tx:
            now = await self._desk.calls.read(tx, fact.centre_id, fact.call.call_id)
            # Closed meanwhile: a handler that comes late must not bring it back.
            if now.attention == "abandoned":
                due = self._due(fact.call.ended_at or iso(record.at))
                await self._join(tx, fact.centre_id, fact.call.call_id, fact.call.ani, due)

    async def on_noted(self, record: FactRecord) -> None:
        """A person closed the call: it leaves the queue with that person's reason."""
        fact = record.fact
        assert isinstance(fact, EventNoted), "the bus gives what was subscribed to"
        if fact.type != "closed" or fact.call_id is None:
            return
        told = fact.data.get("by")
        by = Person.model_validate(told) if isinstance(told, dict) else None
        async with self._desk.db.write() as tx:
            kept = await self._desk.store.text_backs.get(tx, fact.centre_id, fact.call_id)
            if kept is not None and kept.value.state != "closed":
                reason = str(fact.data.get("reason", ""))
                await self._closed(tx, fact.centre_id, kept, reason, by)

    async def join_silent(self, tx: Tx, centre_id: str, call_id: str) -> None:
        """An answered call on which nobody was heard joins, unless a person was there before."""
        if await self._desk.store.text_backs.get(tx, centre_id, call_id) is not None:
            return
        call = await self._desk.calls.read(tx, centre_id, call_id)
        due = self._due(call.ended_at or self._desk.now())
        await self._join(tx, centre_id, call_id, call.ani, due, silent=True)

    # ---- what people do

    async def join(self, principal: Principal, call_id: str) -> TextBackView:
        """A person puts a call in the queue, for example one on which nobody spoke."""
        person_of(principal)
        centre_id = principal.centre_id
        async with self._desk.db.write() as tx:
            call = await self._desk.calls.read(tx, centre_id, call_id)
            kept = await self._desk.store.text_backs.get(tx, centre_id, call_id)
            if kept is not None and kept.value.state != "closed":
                return kept.value
            view = await self._join(tx, centre_id, call_id, call.ani, self._desk.now())
            await self._desk.record(tx, principal, "texting:text_back:joined", call_id)
            return view

    async def wording(self, principal: Principal, call_id: str) -> Preview:
        """The approved wording, as it would leave. Raises NotFound."""
        async with self._desk.db.read() as tx:
            await self._open(tx, principal.centre_id, call_id)
            return await self._wording(tx, principal.centre_id)

    async def text(self, principal: Principal, call_id: str) -> MessageView:
        """A person sends the approved wording."""
        centre_id = principal.centre_id
        async with self._desk.db.write() as tx:
            kept = await self._open(tx, centre_id, call_id)
            if kept.value.number is None:
                raise NumberMissing("this call came without a number")
            wording = await self._wording(tx, centre_id)
            out = Outgoing(call_id, kept.value.number, wording.text, "text_back")
            message = await self._sending.by_person(tx, principal, out)
            await self.went_out(tx, centre_id, call_id)
            await self._desk.record(
                tx, principal, "texting:text_back:sent", call_id, message_id=message.message_id
            )
            return message

    async def close(self, principal: Principal, call_id: str, reason: str) -> TextBackView:
        """A person says why nothing more is to be done."""
        person = person_of(principal)
        if not reason.strip():
            raise TextBackReasonMissing("a call leaves the queue only with a reason")
        async with self._desk.db.write() as tx:
            kept = await self._open(tx, principal.centre_id, call_id)
            closed = await self._closed(tx, principal.centre_id, kept, reason.strip(), person)
            await self._desk.record(
                tx, principal, "texting:text_back:closed", call_id, reason=reason.strip()
            )
            return closed

    # ---- what happens in a thread

    async def went_out(self, tx: Tx, centre_id: str, call_id: str) -> None:
        """A person wrote to the caller: somebody looks again after a while."""
        kept = await self._desk.store.text_backs.get(tx, centre_id, call_id)
        if kept is None or kept.value.state == "closed":
            return
        now = self._desk.clock.now()
        due = iso(now + timedelta(seconds=self._desk.settings.text_back_again_s))
        after = kept.value.model_copy(
            update={
                "state": "texted", "due_at": due, "texted_at": kept.value.texted_at or iso(now)
            }
        )  # fmt: skip
        await self._desk.keep_text_back(tx, centre_id, kept, after)

    async def came_in(self, tx: Tx, centre_id: str, call_id: str, number: str) -> None:
        """The caller wrote: a thread whose call is over asks for a person at once."""
        kept = await self._desk.store.text_backs.get(tx, centre_id, call_id)
        if kept is None or kept.value.state == "closed":
            if kept is None or not kept.value.unmatched:
                call = await self._desk.calls.read(tx, centre_id, call_id)
                if call.state != "ended":
                    return
            kept = await self._rejoined(tx, centre_id, call_id, number, kept)
        now = self._desk.now()
        after = kept.value.model_copy(
            update={"state": "answered", "due_at": now, "answered_at": now}
        )
        await self._desk.keep_text_back(tx, centre_id, kept, after)

    async def begin_thread(self, tx: Tx, centre_id: str, thread_id: str, number: str) -> None:
        """Texts that belong to no call wait in the queue as a thread of their own."""
        view = TextBackView(
            call_id=thread_id, number=number, state="waiting", due_at=self._desk.now(),
            unmatched=True,
        )  # fmt: skip
        await self._desk.keep_text_back(tx, centre_id, None, view)

    async def thread(self, tx: Tx, centre_id: str, thread_id: str) -> TextBackView:
        """A thread of its own, open or closed. Raises NotFound."""
        kept = await self._desk.store.text_backs.get(tx, centre_id, thread_id)
        if kept is None:
            raise TextBackNotFound("there is no such thread")
        return kept.value

    # ---- shared steps

    def _due(self, ended_at: str) -> str:
        wait = timedelta(seconds=self._desk.settings.text_back_after_s)
        return iso(parse_iso(ended_at) + wait)

    async def _join(
        self,
        tx: Tx,
        centre_id: str,
        call_id: str,
        ani: str | None,
        due_at: str,
        *,
        silent: bool = False,
    ) -> TextBackView:
        kept = await self._desk.store.text_backs.get(tx, centre_id, call_id)
        if kept is not None and kept.value.state != "closed":
            return kept.value
        try:
            number = e164(ani, self._desk.settings.region)
        except NumberInvalid:
            number = None
        view = TextBackView(
            call_id=call_id, number=number, state="waiting", due_at=due_at, silent=silent
        )
        await self._desk.keep_text_back(tx, centre_id, kept, view)
        return view

    async def _rejoined(
        self, tx: Tx, centre_id: str, call_id: str, number: str, kept: Kept[TextBackView] | None
    ) -> Kept[TextBackView]:
        view = TextBackView(
            call_id=call_id, number=number, state="waiting", due_at=self._desk.now(),
            unmatched=kept is not None and kept.value.unmatched,
        )  # fmt: skip
        await self._desk.keep_text_back(tx, centre_id, kept, view)
        again = await self._desk.store.text_backs.get(tx, centre_id, call_id)
        assert again is not None, "it was kept a line above"
        return again

    async def _open(self, tx: Tx, centre_id: str, call_id: str) -> Kept[TextBackView]:
        kept = await self._desk.store.text_backs.get(tx, centre_id, call_id)
        if kept is None or kept.value.state == "closed":
            raise TextBackNotFound("this call is not among those to text back")
        return kept

    async def _wording(self, tx: Tx, centre_id: str) -> Preview:
        agency = await self._desk.agency(tx, centre_id)
        return preview(self._desk.settings.text_back_wording.replace("{agency}", agency))

    async def _closed(
        self, tx: Tx, centre_id: str, kept: Kept[TextBackView], reason: str, by: Person | None
    ) -> TextBackView:
        after = kept.value.model_copy(
            update={"state": "closed", "closed_at": self._desk.now(), "reason": reason, "by": by}
        )
        await self._desk.keep_text_back(tx, centre_id, kept, after)
        return after
