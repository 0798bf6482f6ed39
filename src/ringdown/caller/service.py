"""What a person does about a caller's phone: links, orders; and what others read."""

from collections.abc import Callable
from datetime import timedelta

from ringdown.audit.api import Audit
from ringdown.caller import wordings
from ringdown.caller.consents import Consents
from ringdown.caller.door import Door
from ringdown.caller.links import LinkBook
from ringdown.caller.means import PER_LINK, Means, person
from ringdown.caller.model import (
    OPEN,
    LinkNotFound,
    NumberMissing,
    Order,
    ReasonMissing,
    Rules,
    ended,
    stopped_sharing,
)
from ringdown.caller.pages import PageService
from ringdown.caller.ports import CallerStore, Centres, LinkRow, Signals
from ringdown.caller.pulse import Pulse
from ringdown.caller.settings import CallerSettings
from ringdown.caller.views import (
    ConsentView,
    FixView,
    Language,
    LinkView,
    Share,
)
from ringdown.caller.watch import LinkWatch
from ringdown.calls.api import Calls
from ringdown.core.clock import Clock, iso
from ringdown.core.ids import IdSource
from ringdown.core.principal import Principal
from ringdown.runtime.buckets import Buckets
from ringdown.runtime.bus import Bus
from ringdown.runtime.db import Database, Tx
from ringdown.runtime.facts import Facts
from ringdown.runtime.link_tokens import LinkTokens
from ringdown.texting.api import MessageView, NumberInvalid, Outgoing, Preview, Texting, e164

SAMPLE = "x" * 32
"""Stands for the token in a preview: as long, and no link."""


class CallerService:
    """Consents and links of every centre; implements `caller.api.CallerLinks`."""

    def __init__(
        self,
        db: Database,
        store: CallerStore,
        *,
        facts: Facts,
        audit: Audit,
        clock: Clock,
        ids: IdSource,
        calls: Calls,
        texting: Texting,
        centres: Centres,
        signals: Signals,
        tokens: LinkTokens,
        settings: CallerSettings,
        address: Callable[[], str],
        region: str = "US",
    ) -> None:
        self._db = db
        self._store = store
        self._clock = clock
        self._ids = ids
        self._calls = calls
        self._texting = texting
        self._centres = centres
        self._tokens = tokens
        self._settings = settings
        self._address = address
        self._region = region
        self._book = LinkBook(store, facts, audit)
        self._pulse = Pulse(clock)
        rules = Rules(settings.unopened_after_s, settings.quiet_after_s)
        self.watch = LinkWatch(db, store, self._book, self._pulse, clock=clock, rules=rules)
        means = Means(
            db, store, self._book, self._pulse, self.watch, clock, ids, calls, texting, centres,
            tokens, settings, Buckets(PER_LINK, clock),
        )  # fmt: skip
        self._with = means
        self.consents = Consents(means, region)
        self.door = Door(means)
        self.pages = PageService(means, signals)

    def subscribe(self, bus: Bus) -> None:
        """Hear of calls that end and of messages that arrive or do not."""
        self.watch.subscribe(bus)

    @property
    def offered(self) -> tuple[Share, ...]:
        """What may be asked of callers here."""
        return self._settings.shares

    # ---- links

    async def preview(
        self,
        principal: Principal,
        call_id: str,
        *,
        consent_id: str | None = None,
        language: Language | None = None,
    ) -> Preview:
        """The text that a link would be sent with; a sample stands for its token."""
        unasked = False
        async with self._db.read() as tx:
            await self._calls.read(tx, principal.centre_id, call_id)
            if consent_id is not None:
                found = await self._store.consents.get(tx, principal.centre_id, consent_id)
                if found is not None and found.value.call_id == call_id:
                    language = found.value.language
                    unasked = found.value.outcome == "overridden"
            text = await self._text(
                tx, principal.centre_id, language or "en", SAMPLE, unasked=unasked
            )
        return self._texting.preview(text)

    async def make(
        self,
        principal: Principal,
        call_id: str,
        *,
        consent_id: str,
        number: str | None = None,
        other_number_reason: str | None = None,
    ) -> tuple[LinkView, MessageView]:
        """Make a link of what the caller agreed to, and send it: all of it, or nothing."""
        centre_id = principal.centre_id
        async with self._db.write() as tx:
            call = await self._with.going_on(tx, centre_id, call_id)
            consent = await self.consents.standing(tx, centre_id, call_id, consent_id)
            own = self._dialable(call.ani)
            to = e164(number, self._region) if number else consent.number or own
            if to is None:
                raise NumberMissing("the number of the caller is not known")
            why = (other_number_reason or "").strip() or consent.reason
            if to != own and not why:
                raise ReasonMissing("another number than the caller's needs a reason")
            token, now = self._tokens.make(), self._clock.now()
            link = LinkView(
                link_id=self._ids.new("link"),
                call_id=call_id,
                consent_id=consent_id,
                shares=consent.shares,
                number=to,
                language=consent.language,
                state="made",
                made_by=person(principal),
                made_at=iso(now),
                expires_at=iso(now + timedelta(minutes=self._settings.minutes)),
            )
            secret = token.reveal("the message to the caller carries it")
            unasked = consent.outcome == "overridden"
            text = await self._text(tx, centre_id, consent.language, secret, unasked=unasked)
            row = await self._book.add(tx, centre_id, link, self._tokens.digest(token))
            told: dict[str, object] = {
                "link_id": link.link_id, "consent_id": consent_id, "shares": list(link.shares),
                "number_ends": to[-2:], "language": link.language,
            }  # fmt: skip
            if to != own:
                told["other_number_reason"] = why
            await self._book.note(tx, centre_id, "caller:link:made", call_id, told, principal)
            out = Outgoing(call_id, to, text, "link", link_id=link.link_id, hide=secret)
            message = await self._texting.send_in(tx, principal, out)
            sent = link.model_copy(
                update={
                    "message_id": message.message_id,
                    "state": "sent" if message.state == "manual" else "made",
                }
            )
            row = await self._with.put(tx, row, sent, principal, "sent")
            return row.link, message

    async def revoke(self, principal: Principal, call_id: str, link_id: str, why: str) -> LinkView:
        """A person ends a link; its page stops at its next sign of life."""
        async with self._db.write() as tx:
            row = await self._row(tx, principal.centre_id, link_id)
            if row.link.call_id != call_id:
                raise LinkNotFound("there is no such link")
            after = ended(row.link, "revoked", self._clock.now(), why.strip() or "revoked")
            row = await self._with.put(tx, row, after, principal, "revoked")
            return row.link

    async def stop_share(
        self, principal: Principal, call_id: str, link_id: str, share: Share
    ) -> LinkView:
        """A person ends one thing that a page shares; the rest goes on."""
        async with self._db.write() as tx:
            row = await self._row(tx, principal.centre_id, link_id)
            if row.link.call_id != call_id:
                raise LinkNotFound("there is no such link")
            if row.link.state not in OPEN:
                return row.link
            after = stopped_sharing(row.link, (share,))
            return (await self._with.put(tx, row, after, principal, "ended_by_centre")).link

    # ---- what others read and order

    async def read_consents(self, tx: Tx, centre_id: str, call_id: str) -> list[ConsentView]:
        """What the caller was asked and answered, in order."""
        return await self._store.consents.of_call(tx, centre_id, call_id)

    async def read_links(self, tx: Tx, centre_id: str, call_id: str) -> list[LinkView]:
        """The links of a call, in order."""
        return await self._store.links.of_call(tx, centre_id, call_id)

    async def read_link(self, tx: Tx, centre_id: str, link_id: str) -> LinkView:
        """One link as it is now. Raises `LinkNotFound`."""
        return (await self._row(tx, centre_id, link_id)).link

    async def read_fixes(self, tx: Tx, centre_id: str, call_id: str) -> list[FixView]:
        """Where the caller's phone was, in order."""
        return await self._store.fixes.of_call(tx, centre_id, call_id)

    async def of_call(
        self, principal: Principal, call_id: str
    ) -> tuple[list[ConsentView], list[LinkView]]:
        """The consents and links of a call. Raises NotFound."""
        async with self._db.read() as tx:
            await self._calls.read(tx, principal.centre_id, call_id)
            return (
                await self.read_consents(tx, principal.centre_id, call_id),
                await self.read_links(tx, principal.centre_id, call_id),
            )

    async def open_page(self, tx: Tx, centre_id: str, call_id: str) -> str | None:
        """The newest link whose page is open, alive and agreed to chat; None: texts go by SMS."""
        found = [
            link.link_id
            for link in await self.read_links(tx, centre_id, call_id)
            if link.state in OPEN
            and "chat" in link.agreed
            and self._pulse.silent_s(link.link_id) < self._settings.quiet_after_s
        ]
        return found[-1] if found else None

    def order(self, centre_id: str, link_id: str, order: Order) -> None:
        """Have the page told at its next sign of life."""
        self._pulse.order(centre_id, link_id, order)

    async def media_is(self, centre_id: str, link_id: str, *, dead: bool) -> None:
        """The video of a link came through again, or no longer does."""
        self._pulse.media(link_id, "video", dead=dead)
        await self.watch.look(centre_id, link_id)

    # ---- inside

    async def _row(self, tx: Tx, centre_id: str, link_id: str) -> LinkRow:
        row = await self._store.by_id(tx, centre_id, link_id)
        if row is None:
            raise LinkNotFound("there is no such link")
        return row

    def _dialable(self, ani: str | None) -> str | None:
        """The caller's number, where a text can go to it; a call of unknown number has none."""
        try:
            return e164(ani, self._region) if ani else None
        except NumberInvalid:
            return None

    async def _text(
        self, tx: Tx, centre_id: str, language: Language, token: str, *, unasked: bool
    ) -> str:
        return wordings.sms(
            language,
            agency=await self._centres.centre_name(tx, centre_id),
            link=f"{self._address()}/l#{token}",
            minutes=self._settings.minutes,
            unasked=unasked,
        )
