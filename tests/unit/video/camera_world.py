"""Cameras over real links, real calls and a media server of our own making, in owned time."""

import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests.unit.caller.link_world import CENTRE, LinkWorld, cookie_of

from ringdown.audit.service import AuditLog
from ringdown.audit.store import SqlAuditStore, audit_table
from ringdown.caller import events as caller_events
from ringdown.caller.api import PageVideo
from ringdown.calls import events as call_events
from ringdown.core.principal import Principal
from ringdown.core.sensitive import Sensitive
from ringdown.runtime.facts import Facts, SqlFactStore
from ringdown.texting import events as texting_events
from ringdown.video import events as video_events
from ringdown.video import handlers
from ringdown.video.desk import Desk
from ringdown.video.model import MediaServerSilent
from ringdown.video.service import VideoService, Watching
from ringdown.video.settings import VideoSettings
from ringdown.video.store import SqlVideoStore
from ringdown.video.viewings import ViewingBook
from ringdown.video.views import VideoHealth, ViewingView

LOOKS = frozenset({"video:view"})
DANA = Principal("user", "user_dana", "Dana Reyes", CENTRE, LOOKS, "ses_1")
LEE = Principal("user", "user_lee", "Lee Park", CENTRE, LOOKS, "ses_2")
KIM = Principal("user", "user_kim", "Kim Vale", CENTRE, LOOKS | {"video:take_over"}, "ses_3")
FAR = Principal("user", "user_far", "Far Away", "centre_b", KIM.permissions, "ses_4")


class OwnEyes:
    """Rooms as a media server has them; tokens say what they are good for."""

    signal_url = "ws://media.test"

    def __init__(self) -> None:
        self.there: dict[str, set[str]] = {}
        self.put: list[str] = []
        self.down = False
        self.answers: Callable[[], Awaitable[Any]] = self.at_once

    async def at_once(self) -> None:
        """How long an answer takes, unless a test says otherwise."""

    async def _answer(self) -> None:
        if self.down:
            raise MediaServerSilent("down")
        await self.answers()

    async def make(self, room: str, *, most: int) -> None:
        await self._answer()
        self.there.setdefault(room, set())

    async def remove(self, room: str) -> None:
        await self._answer()
        self.there.pop(room, None)

    async def present(self, room: str) -> set[str] | None:
        await self._answer()
        found = self.there.get(room)
        return None if found is None else set(found)

    async def rooms(self) -> set[str]:
        await self._answer()
        return set(self.there)

    async def put_out(self, room: str, identity: str) -> None:
        await self._answer()
        self.put.append(identity)
        self.there.get(room, set()).discard(identity)

    def token(
        self, room: str, identity: str, part: str, *, seconds: int, sound: bool = False
    ) -> Sensitive[str]:
        return Sensitive(f"{room} {identity} {part} {sound}", "token")

    def read_token(self, token: str) -> tuple[str, str] | None:
        room, _, rest = token.partition(" ")
        return (room, rest.split()[0]) if rest else None

    def join(self, token: Sensitive[str]) -> str:
        """Somebody comes in with a token; a room that is gone lets nobody in."""
        room, identity, *_ = token.reveal("a test joins").split()
        self.there[room].add(identity)
        return identity


class Types:
    """Of which type the call is."""

    now: str | None = None

    async def read_draft(self, tx: Any, centre_id: str, call_id: str) -> Any:
        return SimpleNamespace(fields={"type": SimpleNamespace(value=self.now)})


class CameraWorld(LinkWorld):
    """A call whose caller can show their camera."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        super().__init__(folder)
        kinds = (
            *call_events.FACTS, *texting_events.FACTS, *caller_events.FACTS, *video_events.FACTS,
        )  # fmt: skip
        self.facts = Facts(SqlFactStore(), self.clock, self.ids, kinds)
        self.eyes, self.types = OwnEyes(), Types()
        self.video = self.service(**settings)
        handlers.subscribe(self.bus, self.video.streams)
        self.cookie = ""
        self.link_id = ""
        self.recordings: Any = None
        self.lamps: Any = None

    def service(self, **settings: Any) -> VideoService:
        made = VideoSettings(**settings)
        viewings = ViewingBook(
            self.db, SqlVideoStore(), facts=self.facts,
            audit=AuditLog(SqlAuditStore(), self.clock), clock=self.clock, ids=self.ids,
            longest_s=made.longest_viewing_s,
        )  # fmt: skip
        self.desk = Desk(
            self.db, self.clock, self.ids, links=self.caller, viewings=viewings,
            signals=self.bus, settings=made, eyes=self.eyes,
        )  # fmt: skip
        return VideoService(self.desk, pages=self.pages, drafts=self.types)

    async def show(self) -> str:
        """The caller's phone shows its camera; its room."""
        token, link, _ = await self.send(("video", "chat"))
        opened = await self.open(token, ("video", "chat"))
        self.cookie, self.link_id = cookie_of(opened), link.link_id
        one = await self.video.start(self.cookie)
        self.eyes.join(one.token)
        self.beat()
        (room,) = self.eyes.there
        return room

    def beat(self, kbps: float = 200, *, sound: bool = False) -> None:
        live = PageVideo(state="live", width=320, height=240, fps=15, kbps=kbps, sound=sound)
        self.video.streams.page_alive(self.link_id, live)

    async def watch(self, who: Principal = DANA) -> tuple[Watching, str]:
        """Somebody looks; who they are in the room."""
        watching = await self.video.watch(who, self.call_id, self.link_id)
        assert watching.video is not None
        return watching, self.eyes.join(watching.video.token)

    async def look(self) -> None:
        """Everything is looked at once; a media server that is silent is asked again later."""
        await self.video.upkeep.look_at_pages()
        with suppress(MediaServerSilent):
            await self.video.upkeep.look_into_rooms()

    async def passes(self, seconds: float, *, beats: bool = True) -> None:
        """Time passes, and is looked at every half second."""
        for _ in range(round(seconds * 2)):
            self.clock.advance(0.5)
            if beats:
                self.beat()
            await self.look()
        await self.settle()

    def health(self) -> VideoHealth:
        told = [s for s in self.bus.signals if isinstance(s, video_events.VideoHealthChanged)]
        return told[-1].health

    async def viewings(self) -> list[ViewingView]:
        async with self.db.read() as tx:
            return await self.video.viewings.read_viewings(tx, CENTRE, self.call_id)

    async def everything_written(self) -> list[tuple[str, dict[str, Any]]]:
        """The rows of the audit log, in order."""
        async with self.db.read() as tx:
            query = audit_table.select().order_by(audit_table.c.seq)
            rows = (await tx.sql.execute(query)).all()
        return [(row.tag, json.loads(row.details)) for row in rows]

    async def written(self) -> list[tuple[str, dict[str, Any]]]:
        """Those about video."""
        return [
            (tag.removeprefix("video:"), details)
            for tag, details in await self.everything_written()
            if tag.startswith("video:")
        ]
