"""Links for the field: making, revoking, and what whoever holds one may see at this moment."""

import asyncio
from collections.abc import Callable
from typing import Final

from ringdown.audit.api import Audit
from ringdown.caller.api import FixView
from ringdown.calls.api import Calls, CallView
from ringdown.core.clock import Clock, iso
from ringdown.core.events import Value
from ringdown.core.ids import IdSource
from ringdown.core.principal import Person, Principal, system
from ringdown.core.sensitive import Sensitive
from ringdown.responders import model
from ringdown.responders.events import ResponderLinkChanged
from ringdown.responders.model import (
    NotShown,
    ResponderLinkNotFound,
    ResponderLinkOver,
    ShownIncident,
)
from ringdown.responders.ports import (
    ReadCaller,
    ReadCentre,
    ReadIncidents,
    ReadTexting,
    ResponderStore,
)
from ringdown.responders.settings import ResponderSettings
from ringdown.responders.views import ResponderLinkView, ResponderRole, Shown
from ringdown.runtime.db import Database, Tx
from ringdown.runtime.documents import Kept
from ringdown.runtime.facts import Facts
from ringdown.runtime.link_tokens import LinkTokens, LinkUnknown
from ringdown.video.api import FieldVideo

LOOK_EVERY_S: Final = 15.0
TRAIL_MOST: Final = 60
"""Fixes that a page is sent: the newest ones, five minutes of a trail."""


class MadeLink(Value):
    """A new link with the address to pass on; the address is told this once."""

    link: ResponderLinkView
    address: str


class ShownMessage(Value):
    """One text between the caller and the centre."""

    direction: str
    text: str
    at: str


class ResponderPage(Value):
    """Everything a page in the field shows now; what the link does not show is null."""

    centre: str
    role: ResponderRole
    to: str
    expires_at: str
    now: str
    demo: bool
    call_state: str
    call_started_at: str
    shows: tuple[Shown, ...]
    incident: ShownIncident | None = None
    trail: tuple[FixView, ...] | None = None
    located_now: bool = False
    """Whether the phone shares its location at this moment; otherwise the trail is the past."""
    camera: bool | None = None
    """Whether a caller's camera can be seen now."""
    messages: tuple[ShownMessage, ...] | None = None


class WatchTicket(Value):
    """How a page in the field joins the room of a caller's camera, at this server's `/l`."""

    token: str


class ResponderService:
    """Links for the field of every centre."""

    def __init__(
        self,
        db: Database,
        store: ResponderStore,
        *,
        facts: Facts,
        audit: Audit,
        clock: Clock,
        ids: IdSource,
        calls: Calls,
        centres: ReadCentre,
        incidents: ReadIncidents,
        caller: ReadCaller,
        texting: ReadTexting,
        tokens: LinkTokens,
        address: Callable[[], str],
        settings: ResponderSettings,
        video: FieldVideo,
    ) -> None:
        self._db = db
        self._store = store
        self._facts = facts
        self._audit = audit
        self._clock = clock
        self._ids = ids
        self._calls = calls
        self._centres = centres
        self._incidents = incidents
        self._caller = caller
        self._texting = texting
        self._tokens = tokens
        self._address = address
        self._settings = settings
        self._video = video

    # ---- the centre's side

    async def read_responder_links(
        self, tx: Tx, centre_id: str, call_id: str
    ) -> list[ResponderLinkView]:
        """The links of a call for the field, in order."""
        return await self._store.links.of_call(tx, centre_id, call_id)

    async def links(self, principal: Principal, call_id: str) -> list[ResponderLinkView]:
        """The links of a call for the field. Raises NotFound."""
        async with self._db.read() as tx:
            await self._calls.read(tx, principal.centre_id, call_id)
            return await self.read_responder_links(tx, principal.centre_id, call_id)

    async def make(
        self,
        principal: Principal,
        call_id: str,
        *,
        role: ResponderRole,
        to: str,
        shows: tuple[Shown, ...],
        minutes: int | None = None,
    ) -> MadeLink:
        """A new link for one responder or unit. Raises NotFound, `NothingToShow`."""
        now = self._clock.now()
        most = self._settings.minutes
        token = self._tokens.make()
        link = ResponderLinkView(
            link_id=self._ids.new("rsp"),
            call_id=call_id,
            role=role,
            to=to,
            shows=model.allowed(shows, self._settings.may_show(role)),
            state="active",
            made_by=Person(user_id=principal.id, name=principal.name),
            made_at=iso(now),
            expires_at=model.end_of(now, min(minutes or most, most)),
        )
        async with self._db.write() as tx:
            await self._calls.read(tx, principal.centre_id, call_id)
            await self._store.links.add(
                tx, principal.centre_id, link.link_id, call_id, link,
                key_hash=self._tokens.digest(token), expires_at=link.expires_at, state=link.state,
            )  # fmt: skip
            await self._tell(tx, principal.centre_id, link)
            details = {
                "link_id": link.link_id, "role": role, "to": to, "shows": list(link.shows),
                "expires_at": link.expires_at,
            }  # fmt: skip
            await self._audit.append(
                tx, centre_id=principal.centre_id, tag="responders:link:made", actor=principal,
                subject=call_id, details=details,
            )  # fmt: skip
        told = token.reveal("to hand the link to the person who made it")
        return MadeLink(link=link, address=f"{self._address().rstrip('/')}/r#{told}")

    async def revoke(self, principal: Principal, call_id: str, link_id: str) -> ResponderLinkView:
        """Take a link back; whoever looks through it sees nothing more. Raises NotFound."""
        by = Person(user_id=principal.id, name=principal.name)
        async with self._db.write() as tx:
            kept = await self._store.links.get(tx, principal.centre_id, link_id)
            if kept is None or kept.value.call_id != call_id:
                raise ResponderLinkNotFound("the call has no such link")
            if kept.value.state != "active":
                return kept.value
            link = await self._put(tx, principal.centre_id, kept, model.revoked(kept.value, by))
            await self._audit.append(
                tx, centre_id=principal.centre_id, tag="responders:link:revoked", actor=principal,
                subject=call_id, details={"link_id": link_id},
            )  # fmt: skip
        await self._video.field_over(principal.centre_id, link_id)
        return link

    # ---- the field's side

    def link_of(self, token: Sensitive[str]) -> str | None:
        """What tells a link from others without a look at the database; None for a forged one."""
        try:
            return self._tokens.digest(token)
        except LinkUnknown:
            return None

    async def open(self, token: Sensitive[str], source: str) -> ResponderPage:
        """The page is opened: written down every time. Raises `LinkUnknown`, `…Over`."""
        digest = self._tokens.digest(token)
        async with self._db.write() as tx:
            centre_id, kept = await self._held(tx, digest)
            over = model.state_at(kept.value, self._clock.now()) != "active"
            tag = "responders:link:refused" if over else "responders:link:opened"
            if not over:
                opened = model.opened(kept.value, self._clock.now())
                kept = Kept(await self._put(tx, centre_id, kept, opened), kept.version + 1)
            await self._audit.append(
                tx, centre_id=centre_id, tag=tag, actor=system(centre_id, "responders"),
                subject=kept.value.call_id,
                details={"link_id": kept.value.link_id, "source": source},
            )  # fmt: skip
        if over:
            raise self._over(kept.value)
        return await self.now(token)

    async def now(self, token: Sensitive[str], *, watching: bool = False) -> ResponderPage:
        """What the page shows at this moment; `watching` while it shows the camera.

        Raises `LinkUnknown`, `ResponderLinkOver`.
        """
        async with self._db.read() as tx:
            centre_id, link = await self._active(tx, token)
            call = await self._calls.read(tx, centre_id, link.call_id)
            page = await self._page(tx, centre_id, link, call)
        if watching and not self._video.field_alive(centre_id, link.link_id):
            return page.model_copy(update={"camera": False})
        return page

    async def watch(self, token: Sensitive[str]) -> WatchTicket:
        """A ticket to the caller's camera. Raises `NotShown`, `VideoNotLive`."""
        async with self._db.read() as tx:
            centre_id, link = await self._active(tx, token)
        if "video" not in link.shows:
            raise NotShown("this link does not show video")
        given = await self._video.field_pass(centre_id, link.call_id, link.link_id)
        await self._written(centre_id, link, "responders:video:opened")
        return WatchTicket(token=given.token.reveal("to let the holder of the link look"))

    async def unwatch(self, token: Sensitive[str]) -> None:
        """The page shows the camera no more."""
        async with self._db.read() as tx:
            centre_id, link = await self._active(tx, token)
        if self._video.field_alive(centre_id, link.link_id):
            await self._video.field_over(centre_id, link.link_id)
            await self._written(centre_id, link, "responders:video:closed")

    # ---- time

    async def run(self) -> None:
        """Mark links that have run out, for as long as the application runs."""
        while True:
            await self.expire()
            await asyncio.sleep(LOOK_EVERY_S)

    async def expire(self) -> None:
        """Mark the links that have run out by now."""
        async with self._db.read() as tx:
            ended = await self._store.ended(tx, self._clock.now())
        for centre_id, gone in ended:
            link_id = gone.value.link_id
            async with self._db.write() as tx:
                kept = await self._store.links.get(tx, centre_id, link_id)
                if kept is not None and kept.value.state == "active":
                    over = kept.value.model_copy(update={"state": "expired"})
                    await self._put(tx, centre_id, kept, over)
            await self._video.field_over(centre_id, link_id)

    # ---- parts

    async def _page(
        self, tx: Tx, centre_id: str, link: ResponderLinkView, call: CallView
    ) -> ResponderPage:
        links = await self._caller.read_links(tx, centre_id, call.call_id)
        shown: dict[str, object] = {}
        if "incident" in link.shows:
            confirmed = await self._incidents.read_confirmations(tx, centre_id, call.call_id)
            shown["incident"] = model.shown_incident(confirmed)
        if "location" in link.shows:
            fixes = await self._caller.read_fixes(tx, centre_id, call.call_id)
            shown["trail"] = tuple(fixes[-TRAIL_MOST:])
            shown["located_now"] = any("location" in one.sharing for one in links)
        if "video" in link.shows:
            shown["camera"] = any("video" in one.sharing for one in links)
        if "text" in link.shows:
            messages = await self._texting.read_messages(tx, centre_id, call.call_id)
            shown["messages"] = tuple(
                ShownMessage(direction=one.direction, text=one.text, at=one.at)
                for one in messages
                if one.kind in {"text", "question"}
            )
        return ResponderPage(
            centre=await self._centres.centre_name(tx, centre_id),
            role=link.role,
            to=link.to,
            expires_at=link.expires_at,
            now=iso(self._clock.now()),
            demo=call.demo,
            call_state=call.state,
            call_started_at=call.started_at,
            shows=link.shows,
            **shown,  # pyright: ignore[reportArgumentType]
        )

    async def _active(self, tx: Tx, token: Sensitive[str]) -> tuple[str, ResponderLinkView]:
        centre_id, kept = await self._held(tx, self._tokens.digest(token))
        if model.state_at(kept.value, self._clock.now()) != "active":
            raise self._over(kept.value)
        return centre_id, kept.value

    async def _held(self, tx: Tx, digest: str) -> tuple[str, Kept[ResponderLinkView]]:
        found = await self._store.by_key(tx, digest)
        if found is None:
            raise ResponderLinkNotFound("this link is not known")
        return found

    def _over(self, link: ResponderLinkView) -> ResponderLinkOver:
        state = model.state_at(link, self._clock.now())
        return ResponderLinkOver("this link is over", details={"state": state})

    async def _written(self, centre_id: str, link: ResponderLinkView, tag: str) -> None:
        async with self._db.write() as tx:
            await self._audit.append(
                tx, centre_id=centre_id, tag=tag, actor=system(centre_id, "responders"),
                subject=link.call_id, details={"link_id": link.link_id, "to": link.to},
            )  # fmt: skip

    async def _put(
        self, tx: Tx, centre_id: str, before: Kept[ResponderLinkView], link: ResponderLinkView
    ) -> ResponderLinkView:
        await self._store.links.replace(tx, centre_id, link.link_id, before, link, state=link.state)
        await self._tell(tx, centre_id, link)
        return link

    async def _tell(self, tx: Tx, centre_id: str, link: ResponderLinkView) -> None:
        fact = ResponderLinkChanged(centre_id=centre_id, call_id=link.call_id, link=link)
        await self._facts.append(tx, fact)
