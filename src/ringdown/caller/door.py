"""The way in: a link is looked at and opened, by the phone that came first and by no other."""

import asyncio
from dataclasses import dataclass, field
from typing import Final

from ringdown.caller.means import Means
from ringdown.caller.model import (
    LinkNotFound,
    LinkOver,
    OtherDevice,
    TooOften,
    among,
    digest,
    may_open,
)
from ringdown.caller.ports import LinkRow
from ringdown.caller.views import Language, LinkState, LinkView, Outcome, Share
from ringdown.caller.watch import call_over
from ringdown.calls.api import CallView
from ringdown.core.clock import iso, ms_between, parse_iso
from ringdown.core.sensitive import Sensitive
from ringdown.runtime.buckets import Buckets
from ringdown.runtime.db import Tx
from ringdown.runtime.link_tokens import LinkUnknown

WRONG_PER_ADDRESS: Final = 20
WRONG_ALTOGETHER: Final = 300
REFUSALS_PER_LINK: Final = 6
"""In a minute. Wrong tokens are told by their signature and never slow down a real one."""
TELL_WRONG_EVERY_S: Final = 60
EVERYBODY: Final = "*"


@dataclass(frozen=True)
class Knock:
    """A phone before a link: the link's token, its own secret, and where it comes from.

    `proposed` is what the phone wants its cookie to be: should the answer with the cookie be lost
    on a bad connection, the same phone is known by it when it asks again.
    """

    token: Sensitive[str] = field(repr=False)
    source: str
    cookie: Sensitive[str] | None = field(default=None, repr=False)
    proposed: Sensitive[str] | None = field(default=None, repr=False)


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


class Door:
    """Lets the caller's phone in, and keeps everybody else out."""

    def __init__(self, means: Means) -> None:
        self._with = means
        self._wrong_here = Buckets(WRONG_PER_ADDRESS, means.clock)
        self._wrong_anywhere = Buckets(WRONG_ALTOGETHER, means.clock)
        self._refusals = Buckets(REFUSALS_PER_LINK, means.clock)
        self._wrong = 0

    async def look(self, knock: Knock) -> Looked:
        """What the link asks for. Binds nothing, so a robot that looks uses nothing up."""
        key = self._key(knock)
        async with self._with.db.read() as tx:
            row = await self._found(tx, key)
            call = await self._with.calls.read(tx, row.centre_id, row.link.call_id)
            agency = await self._with.centres.centre_name(tx, row.centre_id)
        await self._admit(row, call, _known_by(row, knock))
        link, now = row.link, self._with.clock.now()
        return Looked(
            agency=agency,
            shares=link.shares,
            language=link.language,
            state=link.state,
            expires_at=link.expires_at,
            expires_in_s=max(0, ms_between(now, parse_iso(link.expires_at)) // 1000),
        )

    async def open(self, knock: Knock, *, shares: tuple[Share, ...], device: str) -> Opened:
        """The caller agrees on their page; the first phone to do so has the link from then on.

        With nothing agreed to it is a refusal: recorded, and the link can be opened again.
        """
        key = self._key(knock)
        async with self._with.db.read() as tx:
            row = await self._found(tx, key)
            call = await self._with.calls.read(tx, row.centre_id, row.link.call_id)
        await self._admit(row, call, _known_by(row, knock))
        async with self._with.db.write() as tx:
            row = await self._found(tx, key)
            cookie = _known_by(row, knock)
            # Somebody else may have opened it since it was looked at.
            refused = self._refusal(row, call, cookie)
            if refused is None:
                mine = row.device_hash is not None and cookie is not None
                own = cookie if mine else None
                secret = (
                    own or knock.proposed or Sensitive(self._with.ids.secret(), "caller.cookie")
                )
                agreed = among(row.link.shares, shares)
                row = await self._bind(tx, row, call, agreed, device, secret)
                agency = await self._with.centres.centre_name(tx, row.centre_id)
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
        now = self._with.clock.now()
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
        self._with.pulse.seen(link.link_id)
        self._with.pulse.media(link.link_id, "page", dead=False)
        if first:
            told = {"link_id": link.link_id, "device": after.device}
            await self._with.book.note(tx, row.centre_id, "caller:link:opened", link.call_id, told)
        outcome: Outcome = "agreed" if agreed else "refused"
        shares = agreed or link.shares
        await self._with.answered_on_page(tx, row, call, outcome, shares)
        row = await self._with.book.put(tx, row, after, why="opened_again", device_hash=hashed)
        tx.after_commit(lambda: self._with.watch.knows(row))
        return row

    async def tell_wrong(self) -> None:
        """Write down once a minute how many wrong tokens were tried; each by itself is noise."""
        while True:
            await asyncio.sleep(TELL_WRONG_EVERY_S)
            await self.told_wrong()

    async def told_wrong(self) -> None:
        """Write down what was counted since the last time."""
        count, self._wrong = self._wrong, 0
        if count:
            async with self._with.db.write() as tx:
                await self._with.book.note_wrong(tx, count)

    # ---- who may come in

    def _key(self, knock: Knock) -> str:
        try:
            return self._with.tokens.digest(knock.token)
        except LinkUnknown:
            self._wrong += 1
            wait = self._wrong_here.take(knock.source)
            wait = wait or self._wrong_anywhere.take(EVERYBODY)
            if wait is not None:
                raise TooOften(
                    "too many wrong links were tried", details={"retry_after_s": wait}
                ) from None
            raise LinkNotFound("this link is not known") from None

    async def _found(self, tx: Tx, key: str) -> LinkRow:
        row = await self._with.store.by_key(tx, key)
        if row is None:
            raise LinkNotFound("this link is not known")
        return row

    def _refusal(
        self, row: LinkRow, call: CallView, cookie: Sensitive[str] | None
    ) -> LinkOver | OtherDevice | None:
        mine = _is_bound(row, cookie)
        if call_over(call) or not may_open(row.link, mine=mine, now=self._with.clock.now()):
            # Whose it was is told to nobody but its own phone.
            details = {"state": row.link.state}
            return LinkOver("this link is over", details=details)
        if row.device_hash is not None and not mine:
            return OtherDevice("another phone has opened this link")
        return None

    async def _admit(self, row: LinkRow, call: CallView, cookie: Sensitive[str] | None) -> None:
        """Raises what keeps this phone out, and writes it down for the console to see."""
        self._with.not_too_often(row, "page" if _is_bound(row, cookie) else "stranger")
        refused = self._refusal(row, call, cookie)
        if refused is None:
            return
        if self._refusals.take(row.link.link_id) is None:
            async with self._with.db.write() as tx:
                current = await self._with.store.by_id(tx, row.centre_id, row.link.link_id)
                assert current is not None, "links are never deleted"
                link = current.link
                if isinstance(refused, OtherDevice):
                    more = {"refused_devices": link.refused_devices + 1}
                    await self._with.watch.put(
                        tx, current, link.model_copy(update=more), why="other_device"
                    )
                told = {"link_id": link.link_id, "why": refused.code.rpartition(".")[2]}
                await self._with.book.note(
                    tx, row.centre_id, "caller:link:refused", link.call_id, told
                )
        raise refused


def _is_bound(row: LinkRow, cookie: Sensitive[str] | None) -> bool:
    if row.device_hash is None or cookie is None:
        return False
    return row.device_hash == digest(cookie.reveal("to know the phone again"))


def _known_by(row: LinkRow, knock: Knock) -> Sensitive[str] | None:
    """The secret of this phone: what it proposed, if that is what the link was bound to."""
    return knock.proposed if _is_bound(row, knock.proposed) else knock.cookie


def plain_device(told: str) -> str | None:
    """What a phone says that it is, short and printable."""
    plain = " ".join("".join(c for c in told if c.isprintable()).split())
    return plain[:60] or None
