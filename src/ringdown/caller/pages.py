"""What a caller's phone may do: look at its link, open it, stay alive, stop, write."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from ringdown.caller.events import PageAlive
from ringdown.caller.links import LinkBook
from ringdown.caller.model import (
    BY_CALLER,
    OPEN,
    LinkNotFound,
    LinkOver,
    Order,
    OtherDevice,
    PageSession,
    PageUnknown,
    TooOften,
    among,
    digest,
    ended,
    may_open,
    over,
    sharing_now,
    stopped_sharing,
    without,
)
from ringdown.caller.ports import CallerStore, Centres, LinkRow, Signals
from ringdown.caller.pulse import Pulse
from ringdown.caller.settings import CallerSettings
from ringdown.caller.views import (
    ConsentView,
    Language,
    LinkState,
    LinkView,
    Outcome,
    PageVideo,
    Share,
)
from ringdown.caller.watch import LinkWatch, call_over
from ringdown.calls.api import Calls, CallView
from ringdown.core.clock import Clock, iso, ms_between, parse_iso
from ringdown.core.ids import IdSource
from ringdown.core.sensitive import Sensitive
from ringdown.runtime.buckets import Buckets
from ringdown.runtime.db import Database, Tx
from ringdown.runtime.link_tokens import LinkTokens, LinkUnknown
from ringdown.texting.api import MessageView, Texting

WRONG_PER_ADDRESS: Final = 20
WRONG_ALTOGETHER: Final = 300
PER_LINK: Final = 240
REFUSALS_PER_LINK: Final = 6
"""In a minute. Wrong tokens are told by their signature and never slow down a real one."""
TELL_WRONG_EVERY_S: Final = 60
EVERYBODY: Final = "*"


@dataclass(frozen=True)
class Looked:
    """What the page shows before anything is bound."""

    agency: str
    shares: tuple[Share, ...]
    language: Language
    state: LinkState
    expires_at: str
    expires_in_s: int


@dataclass(frozen=True)
class Opened:
    """The page is bound; `cookie` is new, or the one that the phone has already."""

    link: LinkView
    agency: str
    call_open: bool
    cookie: Sensitive[str] = field(repr=False)


@dataclass(frozen=True)
class Alive:
    """The answer to a sign of life."""

    orders: tuple[Order, ...]
    state: LinkState
    agreed: tuple[Share, ...]
    reason: str | None = None
    messages: tuple[MessageView, ...] = ()


class PageService:
    """The phone's side of links; implements `caller.api.PageSessions`."""

    def __init__(
        self,
        db: Database,
        store: CallerStore,
        book: LinkBook,
        pulse: Pulse,
        watch: LinkWatch,
        *,
        clock: Clock,
        ids: IdSource,
        calls: Calls,
        texting: Texting,
        centres: Centres,
        signals: Signals,
        tokens: LinkTokens,
        settings: CallerSettings,
    ) -> None:
        self._db = db
        self._store = store
        self._book = book
        self._pulse = pulse
        self._watch = watch
        self._clock = clock
        self._ids = ids
        self._calls = calls
        self._texting = texting
        self._centres = centres
        self._signals = signals
        self._tokens = tokens
        self._settings = settings
        self._wrong_here = Buckets(WRONG_PER_ADDRESS, clock)
        self._wrong_anywhere = Buckets(WRONG_ALTOGETHER, clock)
        self._busy = Buckets(PER_LINK, clock)
        self._refusals = Buckets(REFUSALS_PER_LINK, clock)
        self._has: dict[str, str] = {}
        self._wrong = 0

    # ---- before and at the opening

    async def look(
        self, token: Sensitive[str], *, cookie: Sensitive[str] | None, source: str
    ) -> Looked:
        """What the link asks for. Binds nothing, so a robot that looks uses nothing up."""
        key = self._key(token, source)
        async with self._db.read() as tx:
            row = await self._found(tx, key)
            call = await self._calls.read(tx, row.centre_id, row.link.call_id)
            agency = await self._centres.centre_name(tx, row.centre_id)
        await self._admit(row, call, cookie)
        link, now = row.link, self._clock.now()
        return Looked(
            agency=agency,
            shares=link.shares,
            language=link.language,
            state=link.state,
            expires_at=link.expires_at,
            expires_in_s=max(0, ms_between(now, parse_iso(link.expires_at)) // 1000),
        )

    async def open(
        self,
        token: Sensitive[str],
        *,
        shares: tuple[Share, ...],
        device: str,
        cookie: Sensitive[str] | None,
        source: str,
    ) -> Opened:
        """The caller agrees on their page; the first phone to do so has the link from then on.

        With nothing agreed to it is a refusal: recorded, and the link can be opened again.
        """
        key = self._key(token, source)
        async with self._db.read() as tx:
            row = await self._found(tx, key)
            call = await self._calls.read(tx, row.centre_id, row.link.call_id)
        await self._admit(row, call, cookie)
        async with self._db.write() as tx:
            row = await self._found(tx, key)
            # Somebody else may have opened it since it was looked at.
            refused = self._refusal(row, call, cookie)
            if refused is None:
                mine = row.device_hash is not None and cookie is not None
                own = cookie if mine else None
                secret = own or Sensitive(self._ids.secret(), "caller.cookie")
                agreed = among(row.link.shares, shares)
                row = await self._bind(tx, row, call, agreed, device, secret)
                agency = await self._centres.centre_name(tx, row.centre_id)
                return Opened(row.link, agency, not call_over(call), secret)
        await self._admit(row, call, cookie)
        raise refused

    async def _bind(
        self,
        tx: Tx,
        row: LinkRow,
        call: CallView,
        agreed: tuple[Share, ...],
        device: str,
        secret: Sensitive[str],
    ) -> LinkRow:
        now = self._clock.now()
        link = row.link
        first = link.opened_at is None
        after = link.model_copy(
            update={
                "state": "opened", "agreed": agreed, "sharing": (), "opened_at": link.opened_at
                or iso(now), "ended_at": None, "device": plain_device(device), "reason": None,
                "quiet_since": None, "offer": None,
            }
        )  # fmt: skip
        hashed = digest(secret.reveal("its digest is kept"))
        self._pulse.seen(link.link_id)
        self._pulse.media(link.link_id, dead=False)
        if first:
            told = {"link_id": link.link_id, "device": after.device}
            await self._book.note(tx, row.centre_id, "caller:link:opened", link.call_id, told)
        outcome: Outcome = "agreed" if agreed else "refused"
        shares = agreed or link.shares
        await self._consent(tx, row, call, outcome, shares, now)
        row = await self._book.put(tx, row, after, why="opened_again", device_hash=hashed)
        tx.after_commit(lambda: self._watch.knows(row))
        return row

    async def _consent(
        self,
        tx: Tx,
        row: LinkRow,
        call: CallView,
        outcome: Outcome,
        shares: tuple[Share, ...],
        now: datetime,
        reason: str | None = None,
    ) -> None:
        consent = ConsentView(
            consent_id=self._ids.new("cons"),
            call_id=row.link.call_id,
            shares=shares,
            outcome=outcome,
            via="page",
            at_ms=max(0, ms_between(parse_iso(call.started_at), now)),
            by=None,
            language=row.link.language,
            reason=reason,
            link_id=row.link.link_id,
            at=iso(now),
        )
        await self._book.add_consent(tx, row.centre_id, consent)

    # ---- while it is open

    async def of(self, cookie: str | None, share: Share | None = None) -> PageSession:
        """The bound phone. Raises `PageUnknown`, `LinkOver`, `NotAgreed`."""
        async with self._db.read() as tx:
            row = await self._bound(tx, cookie)
        session = _session(row)
        if share is not None:
            session.agreed_to(share)
        return session

    async def alive(
        self,
        cookie: str | None,
        *,
        sharing: tuple[Share, ...],
        video: PageVideo | None = None,
        after: str = "",
    ) -> Alive:
        """A sign of life: what the page shares; answered with what it is to do and to show."""
        async with self._db.read() as tx:
            row = await self._row(tx, cookie)
            call = await self._calls.read(tx, row.centre_id, row.link.call_id)
            self._not_too_often(row)
            link = row.link
            ends = over(link) or call_over(call)
            messages = (
                [] if ends else await self._texting.for_page(
                    tx, row.centre_id, link.link_id, after=after
                )
            )  # fmt: skip
        if ends:
            if not over(link):
                async with self._db.write() as tx:
                    await self._watch.end_all(tx, row.centre_id, link.call_id)
                    link = (await self._row(tx, cookie)).link
            return Alive(("stop",), link.state, (), link.reason)
        self._pulse.seen(link.link_id)
        if video is not None:
            self._pulse.media(link.link_id, dead=video.state == "dead")
        if sharing_now(link, sharing) != link or link.offer or link.quiet_since:
            row = await self._is_sharing(row, sharing)
            link = row.link
        if after and self._has.get(link.link_id) != after:
            async with self._db.write() as tx:
                await self._texting.page_has(tx, row.centre_id, link.link_id, through=after)
            self._has[link.link_id] = after
        self._signals.signal(
            PageAlive(
                centre_id=row.centre_id, call_id=link.call_id, link_id=link.link_id,
                sharing=link.sharing, video=video,
            )
        )  # fmt: skip
        orders: list[Order] = list(self._pulse.take_orders(row.centre_id, link.link_id))
        if over(link):
            orders = ["stop"]
        for share in without(sharing, link.agreed):
            orders.append(STOPS[share])
        return Alive(
            tuple(dict.fromkeys(orders)), link.state, link.agreed, link.reason, tuple(messages)
        )

    async def _is_sharing(self, before: LinkRow, sharing: tuple[Share, ...]) -> LinkRow:
        async with self._db.write() as tx:
            row = await self._store.by_id(tx, before.centre_id, before.link.link_id)
            if row is None or row.link.state not in OPEN:
                return row or before
            after = self._watch.judge(sharing_now(row.link, sharing))
            return await self._watch.put(tx, row, after, why="page")

    async def stop(
        self, cookie: str | None, *, shares: tuple[Share, ...] | None, reason: str
    ) -> LinkView:
        """The caller stops sharing: some of it, or (None) all. Their phone may open it again."""
        async with self._db.write() as tx:
            row = await self._row(tx, cookie)
            link = row.link
            if over(link):
                return link
            call = await self._calls.read(tx, row.centre_id, link.call_id)
            now, gone = self._clock.now(), link.agreed if shares is None else shares
            taken = among(link.agreed, gone)
            if taken:
                await self._consent(tx, row, call, "withdrawn", taken, now, reason or None)
            after = stopped_sharing(link, taken)
            if shares is None or not after.agreed:
                after = ended(link, "stopped", now, BY_CALLER)
            row = await self._watch.put(tx, row, after, why=reason or BY_CALLER)
            return row.link

    async def write(self, cookie: str | None, text: str) -> MessageView:
        """The caller writes; it joins the thread of the call."""
        async with self._db.write() as tx:
            row = await self._bound(tx, cookie)
            self._not_too_often(row)
            session = _session(row)
            session.agreed_to("chat")
            return await self._texting.from_page(
                tx, row.centre_id, call_id=session.call_id, number=session.number,
                link_id=session.link_id, text=text,
            )  # fmt: skip

    async def messages(self, cookie: str | None, after: str) -> list[MessageView]:
        """The thread as the page shows it, after a message's id."""
        async with self._db.read() as tx:
            row = await self._bound(tx, cookie)
            self._not_too_often(row)
            return await self._texting.for_page(tx, row.centre_id, row.link.link_id, after=after)

    async def tell_wrong(self) -> None:
        """Write down once a minute how many wrong tokens were tried; each by itself is noise."""
        while True:
            await asyncio.sleep(TELL_WRONG_EVERY_S)
            await self.told_wrong()

    async def told_wrong(self) -> None:
        """Write down what was counted since the last time."""
        count, self._wrong = self._wrong, 0
        if count:
            async with self._db.write() as tx:
                await self._book.note_wrong(tx, count)

    # ---- who may come in

    def _key(self, token: Sensitive[str], source: str) -> str:
        try:
            return self._tokens.digest(token)
        except LinkUnknown:
            self._wrong += 1
            wait = self._wrong_here.take(source)
            wait = wait or self._wrong_anywhere.take(EVERYBODY)
            if wait is not None:
                raise TooOften(
                    "too many wrong links were tried", details={"retry_after_s": wait}
                ) from None
            raise LinkNotFound("this link is not known") from None

    async def _found(self, tx: Tx, key: str) -> LinkRow:
        row = await self._store.by_key(tx, key)
        if row is None:
            raise LinkNotFound("this link is not known")
        return row

    def _refusal(
        self, row: LinkRow, call: CallView, cookie: Sensitive[str] | None
    ) -> LinkOver | OtherDevice | None:
        hashed = digest(cookie.reveal("to know the phone again")) if cookie else None
        mine = row.device_hash is not None and row.device_hash == hashed
        if call_over(call) or not may_open(row.link, mine=mine, now=self._clock.now()):
            # Whose it was is told to nobody but its own phone.
            details = {"state": row.link.state}
            return LinkOver("this link is over", details=details)
        if row.device_hash is not None and not mine:
            return OtherDevice("another phone has opened this link")
        return None

    async def _admit(self, row: LinkRow, call: CallView, cookie: Sensitive[str] | None) -> None:
        """Raises what keeps this phone out, and writes it down for the console to see."""
        self._not_too_often(row)
        refused = self._refusal(row, call, cookie)
        if refused is None:
            return
        if self._refusals.take(row.link.link_id) is None:
            async with self._db.write() as tx:
                current = await self._store.by_id(tx, row.centre_id, row.link.link_id)
                assert current is not None, "links are never deleted"
                link = current.link
                if isinstance(refused, OtherDevice):
                    more = {"refused_devices": link.refused_devices + 1}
                    await self._watch.put(
                        tx, current, link.model_copy(update=more), why="other_device"
                    )
                told = {"link_id": link.link_id, "why": refused.code.rpartition(".")[2]}
                await self._book.note(tx, row.centre_id, "caller:link:refused", link.call_id, told)
        raise refused

    def _not_too_often(self, row: LinkRow) -> None:
        wait = self._busy.take(row.link.link_id)
        if wait is not None:
            raise TooOften("this page asks too often", details={"retry_after_s": wait})

    async def _row(self, tx: Tx, cookie: str | None) -> LinkRow:
        row = await self._store.by_device(tx, digest(cookie)) if cookie else None
        if row is None:
            raise PageUnknown("this page is not known")
        return row

    async def _bound(self, tx: Tx, cookie: str | None) -> LinkRow:
        row = await self._row(tx, cookie)
        if row.link.state not in OPEN:
            raise LinkOver("this link is over", details={"state": row.link.state})
        return row


STOPS: Final[dict[Share, Order]] = {
    "location": "stop_location",
    "video": "stop_video",
    "upload": "stop_upload",
    "chat": "stop_chat",
}


def plain_device(told: str) -> str | None:
    """What a phone says that it is, short and printable."""
    plain = " ".join("".join(c for c in told if c.isprintable()).split())
    return plain[:60] or None


def _session(row: LinkRow) -> PageSession:
    link = row.link
    return PageSession(
        link_id=link.link_id, centre_id=row.centre_id, call_id=link.call_id, shares=link.agreed,
        state=link.state, language=link.language, number=link.number,
    )  # fmt: skip
