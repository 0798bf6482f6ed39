"""Threads with callers; implements `texting.api.Texting`. Each command is one transaction."""

from typing import ClassVar, Final

from ringdown.audit.api import Audit
from ringdown.calls.api import Calls
from ringdown.core.clock import Clock
from ringdown.core.errors import Invalid
from ringdown.core.ids import IdSource
from ringdown.core.principal import Principal
from ringdown.runtime.bus import Bus
from ringdown.runtime.db import Database, Tx
from ringdown.runtime.facts import Facts
from ringdown.runtime.lamps import Lamps
from ringdown.texting import questions
from ringdown.texting.api import Pages, Preview
from ringdown.texting.desk import Desk
from ringdown.texting.incoming import Incoming
from ringdown.texting.model import (
    THREAD,
    Channel,
    MessageKind,
    MessageView,
    NumberInvalid,
    Outgoing,
    TextBackView,
    e164,
)
from ringdown.texting.outbox import Outbox
from ringdown.texting.pictures import Pictures
from ringdown.texting.ports import Carrier, Centres, TextingStore, Words
from ringdown.texting.questions import TextLanguage
from ringdown.texting.sending import Sending, clean, person_of, preview
from ringdown.texting.settings import TextingSettings
from ringdown.texting.silent import SilentCalls
from ringdown.texting.text_backs import NumberMissing, TextBacks

REFUSALS_EVERY_S: Final = 60
"""A flood of forgeries must not fill the audit log; each is in the server's log all the same."""


class OtherNumber(Invalid):
    """The number is not the caller's own, and no reason was given."""

    code: ClassVar[str] = "texting.number.other"
    action: ClassVar[str] = "Say in a few words why the text goes to another number."


class QuestionUnknown(Invalid):
    """The catalogue has no such question."""

    code: ClassVar[str] = "texting.question.unknown"
    action: ClassVar[str] = "Take one of those that GET /v1/texting/questions lists."


class TextingService:
    """Everything of texting for every centre. Without a carrier, people send by other means."""

    def __init__(
        self,
        db: Database,
        store: TextingStore,
        *,
        facts: Facts,
        audit: Audit,
        clock: Clock,
        ids: IdSource,
        calls: Calls,
        centres: Centres,
        lamps: Lamps,
        carrier: Carrier | None = None,
        settings: TextingSettings | None = None,
        practice: bool = False,
        words: Words | None = None,
    ) -> None:
        desk = Desk(
            db, store, facts, audit, clock, ids, calls, centres,
            settings or TextingSettings(), manual=carrier is None,
            practice=practice,
        )  # fmt: skip
        self._desk = desk
        self._sending = Sending(desk)
        self._pages: Pages | None = None
        self._refused_at: float | None = None
        self.text_backs = TextBacks(desk, self._sending)
        self.silent = SilentCalls(desk, self.text_backs, words)
        self.incoming = Incoming(desk, self._sending, self.text_backs)
        self.outbox = Outbox(desk, carrier, lamps)
        self.pictures = Pictures(desk, carrier)

    def subscribe(self, bus: Bus) -> None:
        """Hear of calls that end and calls that are closed."""
        self.text_backs.subscribe(bus)
        self.silent.subscribe(bus)

    def goes_by(self, pages: Pages) -> None:
        """Ask these which thread goes by a page; caller links are made above this feature."""
        self._pages = pages

    # ---- what people do

    async def send(
        self,
        principal: Principal,
        call_id: str,
        *,
        text: str | None = None,
        question: str | None = None,
        language: TextLanguage = "en",
        number: str | None = None,
        other_number_reason: str | None = None,
        channel: Channel | None = None,
    ) -> MessageView:
        """Write to the caller: by the page if one is open and alive, else by SMS.

        Raises NotFound, `PersonNeeded`, `TextInvalid`, `NumberInvalid`, `NumberMissing`,
        `NumberStopped`, `OtherNumber`, `QuestionUnknown`, `TooManyTexts`.
        """
        person_of(principal)
        centre_id = principal.centre_id
        words = compose(text, question, language)
        kind: MessageKind = "question" if question else "text"
        async with self._desk.db.write() as tx:
            own, known = await self._numbers(tx, centre_id, call_id)
            page = None
            if channel != "sms" and number is None and self._pages is not None:
                page = await self._pages.open_page(tx, centre_id, call_id)
            if page is not None:
                out = Outgoing(call_id, own or "", words, kind, link_id=page, question=question)
                message = await self._sending.to_page(tx, principal, out)
            else:
                out = Outgoing(
                    call_id, self._chosen(number, own, known, other_number_reason), words, kind,
                    question=question, other_number_reason=other_number_reason,
                )  # fmt: skip
                message = await self._sending.by_person(tx, principal, out)
            await self.text_backs.went_out(tx, centre_id, call_id)
            return message

    async def thread(self, principal: Principal, call_id: str) -> list[MessageView]:
        """The thread of a call, or of texts that belong to none. Raises NotFound."""
        async with self._desk.db.read() as tx:
            await self._numbers(tx, principal.centre_id, call_id)
            return await self.read_messages(tx, principal.centre_id, call_id)

    async def queue(self, principal: Principal) -> list[TextBackView]:
        """The calls to text back, and threads of their own, that nobody has closed."""
        async with self._desk.db.read() as tx:
            return await self.read_text_backs(tx, principal.centre_id)

    async def hook_refused(self, carrier: str, code: str) -> None:
        """Write down that somebody claimed to be the carrier; at most once a minute."""
        now = self._desk.clock.monotonic()
        if self._refused_at is not None and now - self._refused_at < REFUSALS_EVERY_S:
            return
        self._refused_at = now
        async with self._desk.db.write() as tx:
            for centre_id in await self._desk.centres.centre_ids(tx):
                await self._desk.record(
                    tx, centre_id, "texting:webhook:refused", carrier, code=code
                )

    # ---- what other features ask (`texting.api.Texting`)

    def preview(self, text: str) -> Preview:
        """A text as it would leave. Raises `TextInvalid`."""
        return preview(text)

    async def send_in(self, tx: Tx, principal: Principal, outgoing: Outgoing) -> MessageView:
        """A person sends an SMS, queued in this transaction; see `Texting.send_in`."""
        message = await self._sending.by_person(tx, principal, outgoing)
        await self.text_backs.went_out(tx, principal.centre_id, outgoing.call_id)
        return message

    async def from_page(
        self, tx: Tx, centre_id: str, *, call_id: str, number: str, link_id: str, text: str
    ) -> MessageView:
        """A caller wrote on the page of their link. Raises `TextInvalid`."""
        return await self.incoming.from_page(
            tx, centre_id, call_id=call_id, number=number, link_id=link_id, text=clean(text)
        )

    async def for_page(
        self, tx: Tx, centre_id: str, link_id: str, *, after: str = ""
    ) -> list[MessageView]:
        """What the page of a link shows of its thread, after a message's id, oldest first."""
        found = await self._desk.store.of_link(tx, centre_id, link_id)
        return [
            kept.value
            for kept in found
            if kept.value.channel == "page" and kept.value.message_id > after
        ]

    async def page_has(self, tx: Tx, centre_id: str, link_id: str, *, through: str) -> None:
        """The page asked for what comes after `through`: it has that message and earlier ones."""
        for kept in await self._desk.store.of_link(tx, centre_id, link_id):
            one = kept.value
            if one.channel == "page" and one.state == "queued" and one.message_id <= through:
                after = one.model_copy(
                    update={"state": "delivered", "changed_at": self._desk.now()}
                )
                await self._desk.change(tx, (centre_id, kept), after)

    async def read_messages(self, tx: Tx, centre_id: str, call_id: str) -> list[MessageView]:
        """The thread of a call, oldest first."""
        return await self._desk.store.messages.of_call(tx, centre_id, call_id)

    async def read_text_backs(self, tx: Tx, centre_id: str) -> list[TextBackView]:
        """The calls of the queue that nobody has closed yet."""
        kept = await self._desk.store.waiting(tx, centre_id)
        return [one.value for one in kept]

    # ---- shared steps

    async def _numbers(
        self, tx: Tx, centre_id: str, call_id: str
    ) -> tuple[str | None, frozenset[str]]:
        """The caller's own number and those of the thread. Raises NotFound."""
        thread = await self.read_messages(tx, centre_id, call_id)
        known = frozenset(one.number for one in thread)
        if call_id.startswith(THREAD):
            return (await self.text_backs.thread(tx, centre_id, call_id)).number, known
        call = await self._desk.calls.read(tx, centre_id, call_id)
        try:
            return e164(call.ani, self._desk.settings.region), known
        except NumberInvalid:
            return (thread[-1].number if thread else None), known

    def _chosen(
        self, number: str | None, own: str | None, known: frozenset[str], reason: str | None
    ) -> str:
        if number is None:
            if own is None:
                raise NumberMissing("this call came without a number")
            return own
        chosen = e164(number, self._desk.settings.region)
        if chosen != own and chosen not in known and not (reason or "").strip():
            raise OtherNumber("a text to another number needs a reason")
        return chosen


def compose(text: str | None, question: str | None, language: TextLanguage) -> str:
    """The words of a text: a question of the catalogue, or what a person wrote."""
    if question is None:
        return text or ""
    asked = questions.CATALOGUE.get(question)
    if asked is None:
        raise QuestionUnknown("there is no such question", details={"question": question[:40]})
    return questions.compose(asked, language)
