"""Callers' cameras: rooms that open for a bound phone with consent, and close within a second.

The media server holds the rooms; who may be in one is decided here, looked at every second, and
anybody else is put out. Nothing on a call waits for any of it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from ringdown.audit.api import Audit
from ringdown.caller.api import (
    CallerLinks,
    LinkNotFound,
    LinkOver,
    LinkView,
    NotAgreed,
    PageSessions,
    PageVideo,
    over,
)
from ringdown.core.clock import Clock, iso
from ringdown.core.errors import RingdownError, Unavailable
from ringdown.core.ids import IdSource
from ringdown.core.principal import Principal
from ringdown.runtime.db import Database, Tx
from ringdown.runtime.facts import Facts
from ringdown.runtime.tasks import describe
from ringdown.runtime.telemetry import get_logger
from ringdown.video.api import VideoPass
from ringdown.video.events import VideoHealthChanged
from ringdown.video.model import (
    MOST_VIEWERS,
    ROOM_PREFIX,
    MediaServerSilent,
    SignalRefused,
    TooManyViewers,
    VideoNotListed,
    VideoNotLive,
    VideoOff,
    field_of,
    judged,
    phone_of,
    recorder_of,
    silent,
    viewer_of,
)
from ringdown.video.ports import Eyes, ReadDrafts, Signals, VideoStore
from ringdown.video.recording import Camera, CameraRecordings
from ringdown.video.settings import VideoSettings
from ringdown.video.viewings import ViewingBook
from ringdown.video.views import ExposureView, Subject, VideoHealth, ViewingView

LOOK_EVERY_S: Final = 0.5
SILENT_S: Final = 4.2
"""Two signs of life of a page are missed, so that the console knows within five seconds."""
GONE_S: Final = 90.0
"""A page silent for so long no longer holds its room."""
FIELD_SILENT_S: Final = 20.0
PHONE_TOKEN_S: Final = 600
VIEWER_TOKEN_S: Final = 60
WhoAsks = Callable[[], Awaitable[Principal | None]]
"""Finds the signed-in person behind a connection, when that matters."""


@dataclass
class Stream:
    """One camera that may be shown: its room, and how it comes through."""

    centre_id: str
    call_id: str
    link_id: str
    room: str
    carries_audio: bool
    beat_at: float
    health: VideoHealth
    flat: int = 0
    """Signs of life in a row that told of no bit of video."""
    told_dead: bool = False
    """Whether its link knows that going on by text is to be offered."""
    in_field: dict[str, float] = field(default_factory=dict[str, float])
    """Who looks in the field, and when they last gave a sign of life."""


@dataclass(frozen=True)
class Watching:
    """A viewing, and the pass to the camera if it is live video."""

    view: ViewingView
    video: VideoPass | None


def _hidden(link: LinkView) -> bool:
    """Whether the caller no longer shows their camera, or never agreed to."""
    return over(link) or "video" not in link.agreed


def _because(link: LinkView) -> str:
    """Why a hidden camera is off."""
    return link.state if over(link) else "withdrawn"


class VideoService:
    """Everything of video for every centre; implements `api.Viewings` and `api.FieldVideo`."""

    def __init__(
        self,
        db: Database,
        store: VideoStore,
        *,
        facts: Facts,
        audit: Audit,
        clock: Clock,
        ids: IdSource,
        eyes: Eyes | None,
        pages: PageSessions,
        links: CallerLinks,
        drafts: ReadDrafts,
        signals: Signals,
        settings: VideoSettings,
    ) -> None:
        """`eyes` is None when no media server is set up; nothing is recorded before `records`."""
        self._db = db
        self._store = store
        self._clock = clock
        self._ids = ids
        self._eyes = eyes
        self._pages = pages
        self._links = links
        self._drafts = drafts
        self._signals = signals
        self.settings = settings
        self._recordings: CameraRecordings | None = None
        self._streams: dict[str, Stream] = {}
        self._to_remove: set[str] = set()
        self._to_put_out: set[tuple[str, str]] = set()
        self._look = asyncio.Event()
        self._taken_up = False
        self._log = get_logger("video")
        self._book = ViewingBook(
            db,
            store,
            facts=facts,
            audit=audit,
            clock=clock,
            ids=ids,
            longest_s=settings.longest_viewing_s,
            on_over=self._viewing_over,
        )

    def records(self, recordings: CameraRecordings) -> None:
        """What callers show is recorded from now on."""
        self._recordings = recordings

    # ---- the phone

    async def start(self, cookie: str | None) -> VideoPass:
        """A bound phone begins to show its camera, or comes back. Raises what `PageSessions` does.

        Its room is made now. Raises `VideoOff`, `MediaServerSilent`, `VideoNotListed`.
        """
        session = await self._pages.of(cookie, "video")
        eyes = self._on()
        await self._check_type(session.centre_id, session.call_id)
        stream = self._streams.get(session.link_id)
        if stream is None:
            sound = self.settings.carry_audio
            stream = Stream(
                centre_id=session.centre_id,
                call_id=session.call_id,
                link_id=session.link_id,
                # Never the same room again: what opened an earlier one opens nothing now.
                room=f"{ROOM_PREFIX}{session.link_id}_{self._ids.secret()[:22]}",
                carries_audio=sound,
                beat_at=self._clock.monotonic(),
                health=VideoHealth(
                    link_id=session.link_id, state="none", carries_audio=sound, at=self._now()
                ),
            )
            self._streams[session.link_id] = stream
        stream.beat_at = self._clock.monotonic()
        await eyes.make(stream.room, most=MOST_VIEWERS + 2)
        # Whoever stopped it meanwhile has stopped it.
        async with self._db.read() as tx:
            link = await self._links.read_link(tx, session.centre_id, session.link_id)
        if _hidden(link):
            await self._end(stream, "stopped")
            raise NotAgreed("the caller no longer shows this", details={"share": "video"})
        self._recorded(eyes, stream)
        identity = phone_of(stream.link_id)
        token = eyes.token(
            stream.room, identity, "phone", seconds=PHONE_TOKEN_S, sound=stream.carries_audio
        )
        return VideoPass(stream.link_id, token, identity, PHONE_TOKEN_S, stream.carries_audio)

    def page_alive(self, link_id: str, video: PageVideo | None) -> None:
        """A sign of life of a page, and what it measures of its video."""
        stream = self._streams.get(link_id)
        if stream is None:
            return
        stream.beat_at = self._clock.monotonic()
        seen = video or PageVideo()
        claims = seen.state in {"live", "slides"} and seen.kbps == 0
        stream.flat = stream.flat + 1 if claims else 0
        self._is(
            stream,
            judged(
                link_id, video, flat=stream.flat, carries_audio=stream.carries_audio,
                now=self._clock.now(),
            ),
        )  # fmt: skip

    async def link_changed(self, link: LinkView) -> None:
        """A link is over, or its caller no longer agrees to be seen: the room goes at once."""
        stream = self._streams.get(link.link_id)
        if stream is not None and _hidden(link):
            await self._end(stream, _because(link))

    # ---- people of the centre

    async def watch(self, principal: Principal, call_id: str, link_id: str) -> Watching:
        """A person has the caller's camera shown. Raises `VideoNotLive`, `ViewingTakenOver`."""
        async with self._db.write() as tx:
            link = await self._links.read_link(tx, principal.centre_id, link_id)
            if link.call_id != call_id:
                raise LinkNotFound("there is no such link of this call")
            if over(link):
                raise LinkOver("this link is over")
            if _hidden(link):
                raise NotAgreed("the caller does not agree to show this")
            eyes = self._on()
            await self._check_type(principal.centre_id, call_id, tx)
            stream = self._live(principal.centre_id, call_id, link_id)
            self._check_room(stream)
            view = await self._book.open_in(tx, principal, call_id, "video", link_id)
        return self._watching(eyes, stream, view)

    async def open_in(
        self, tx: Tx, principal: Principal, call_id: str, subject: Subject, subject_id: str
    ) -> ViewingView:
        """A person has this shown from now on. Raises `ViewingTakenOver`."""
        return await self._book.open_in(tx, principal, call_id, subject, subject_id)

    async def alive(
        self, principal: Principal, call_id: str, viewing_id: str, shown_ms: int
    ) -> ViewingView:
        """The console still has it open; one that has ended says so by its `ended_at`."""
        return await self._book.alive(principal, call_id, viewing_id, shown_ms)

    async def close(
        self, principal: Principal, call_id: str, viewing_id: str, shown_ms: int | None
    ) -> ViewingView:
        """The person closed it."""
        return await self._book.close(principal, call_id, viewing_id, shown_ms)

    async def take_over(self, principal: Principal, call_id: str, viewing_id: str) -> Watching:
        """A supervisor looks instead; with a pass if it is live video."""
        view = await self._book.take_over(principal, call_id, viewing_id)
        stream = self._streams.get(view.subject_id)
        if view.subject != "video" or stream is None or self._eyes is None:
            return Watching(view, None)
        return self._watching(self._eyes, stream, view)

    async def exposure(self, principal: Principal, days: int) -> ExposureView:
        """What people have seen; one's own for everybody."""
        return await self._book.exposure(principal, days)

    async def read_viewings(self, tx: Tx, centre_id: str, call_id: str) -> list[ViewingView]:
        """Who had pictures of this call open, in order."""
        return await self._store.viewings.of_call(tx, centre_id, call_id)

    # ---- people in the field

    async def field_pass(self, centre_id: str, call_id: str, who: str) -> VideoPass:
        """A pass to the camera that this call's caller shows now. Raises `VideoNotLive`."""
        eyes = self._on()
        shown = [
            one for one in self._streams.values()
            if (one.centre_id, one.call_id) == (centre_id, call_id)
        ]  # fmt: skip
        if not shown:
            raise VideoNotLive("the caller shows nothing now")
        await self._check_type(centre_id, call_id)
        stream, identity = shown[-1], field_of(who)
        if identity not in stream.in_field:
            self._check_room(stream)
        stream.in_field[identity] = self._clock.monotonic()
        token = eyes.token(stream.room, identity, "viewer", seconds=VIEWER_TOKEN_S)
        return VideoPass(stream.link_id, token, identity, VIEWER_TOKEN_S, stream.carries_audio)

    def field_alive(self, centre_id: str, who: str) -> bool:
        """They still look; False when there is nothing to be seen any more."""
        found = self._of_field(centre_id, who)
        for stream in found:
            stream.in_field[field_of(who)] = self._clock.monotonic()
        return bool(found)

    async def field_over(self, centre_id: str, who: str) -> None:
        """They see no more, from now on."""
        for stream in self._of_field(centre_id, who):
            del stream.in_field[field_of(who)]
            await self._put_out(stream.room, field_of(who))

    # ---- who may speak to the media server through us

    async def admit(self, token: str, cookie: str | None, who: WhoAsks) -> str:
        """The media server's address, for who has a pass to a room that is open to them.

        A pass alone is not enough: a phone shows its cookie too, and a person is signed in.
        Raises `SignalRefused`.
        """
        eyes = self._on()
        read = eyes.read_token(token)
        room, identity = read or ("", "")
        stream = next((one for one in self._streams.values() if one.room == room), None)
        if stream is None or not await self._theirs(stream, identity, cookie, who):
            raise SignalRefused("this pass opens no room")
        return eyes.signal_url

    async def _theirs(
        self, stream: Stream, identity: str, cookie: str | None, who: WhoAsks
    ) -> bool:
        if identity == phone_of(stream.link_id):
            try:
                session = await self._pages.of(cookie, "video")
            except RingdownError:
                return False
            return session.link_id == stream.link_id
        if identity in stream.in_field:
            return True
        for _, view in self._book.open_of(stream.link_id):
            if viewer_of(view.viewing_id) == identity:
                person = await who()
                return person is not None and person.id == view.by.user_id
        return False

    # ---- keeping it true

    async def run(self) -> None:
        """Look at everything twice a second until cancelled."""
        while True:
            self._look.clear()
            try:
                if not self._taken_up:
                    await self._take_up()
                    self._taken_up = True
                await self.look()
            except Unavailable as error:
                self._log.warning("a look at video failed", **describe(error))
            await self._pause()

    async def _pause(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_EVERY_S):
                await self._look.wait()

    async def _take_up(self) -> None:
        """After a start nobody looks at anything, and no camera is on until its phone asks."""
        await self._book.take_up()
        if self._eyes is None:
            return
        with suppress(MediaServerSilent):  # ours is only just starting, and has no rooms then
            self._to_remove |= await self._eyes.rooms() - {s.room for s in self._streams.values()}

    async def look(self) -> None:
        """Pages that fell silent, links that are over, rooms that are gone, guests uninvited."""
        if self._recordings is not None:
            self._recordings.look()
        await self._book.sweep()
        for stream in list(self._streams.values()):
            try:
                await self._look_at(stream)
            except RingdownError as error:  # of one camera alone
                self._log.warning("a look at a camera failed", **describe(error))
        for centre_id, view in self._book.open_video():
            if view.subject_id not in self._streams:
                await self._book.end_of(centre_id, view.subject_id, "gone")
        await self._tidy()

    async def _look_at(self, stream: Stream) -> None:
        silent_for = self._clock.monotonic() - stream.beat_at
        if silent_for > SILENT_S and stream.health.state != "dead":
            now = self._clock.now()
            gone = silent(stream.link_id, carries_audio=stream.carries_audio, now=now)
            self._is(stream, gone)
        dead = stream.health.state == "dead"
        if dead != stream.told_dead:
            await self._links.media_is(stream.centre_id, stream.link_id, dead=dead)
            stream.told_dead = dead
        async with self._db.read() as tx:
            link = await self._links.read_link(tx, stream.centre_id, stream.link_id)
        if _hidden(link) or silent_for > GONE_S:
            await self._end(stream, _because(link) if _hidden(link) else "silent")
        elif self._eyes is not None:
            await self._look_into(self._eyes, stream)

    async def _look_into(self, eyes: Eyes, stream: Stream) -> None:
        present = await eyes.present(stream.room)
        if present is None:
            # The media server was started anew: whoever was in the room may come back into it.
            await eyes.make(stream.room, most=MOST_VIEWERS + 2)
            return
        now = self._clock.monotonic()
        for identity, alive_at in list(stream.in_field.items()):
            if now - alive_at > FIELD_SILENT_S:
                del stream.in_field[identity]
        invited = {viewer_of(view.viewing_id) for _, view in self._book.open_of(stream.link_id)}
        invited |= {phone_of(stream.link_id), *stream.in_field}
        if self._recordings is not None:
            self._recorded(eyes, stream)
            invited |= {self._recordings.identity(stream.link_id) or ""}
        for identity in present - invited:
            await eyes.put_out(stream.room, identity)

    async def _tidy(self) -> None:
        if self._eyes is None:
            return
        for room in list(self._to_remove):
            await self._eyes.remove(room)
            self._to_remove.discard(room)
        for room, identity in list(self._to_put_out):
            await self._eyes.put_out(room, identity)
            self._to_put_out.discard((room, identity))

    # ---- inside

    async def _end(self, stream: Stream, because: str) -> None:
        """The recorder is told, and the room goes; then everybody who looked is told so."""
        if self._streams.get(stream.link_id) is not stream:
            return
        del self._streams[stream.link_id]
        if self._recordings is not None:
            self._recordings.end(stream.link_id, because)
        self._to_remove.add(stream.room)
        try:
            await self._tidy()
        except MediaServerSilent as error:
            self._log.warning("a room is removed later", **describe(error))
            self._look.set()
        none = VideoHealth(
            link_id=stream.link_id, state="none", carries_audio=stream.carries_audio, at=self._now()
        )
        self._is(stream, none)
        await self._book.end_of(stream.centre_id, stream.link_id, because)

    def _recorded(self, eyes: Eyes, stream: Stream) -> None:
        """Have it recorded, where the agency has that and nobody has ended it meanwhile."""
        if self._recordings is None or self._streams.get(stream.link_id) is not stream:
            return
        room, identity = stream.room, recorder_of(stream.link_id)

        def camera() -> Camera:
            token = eyes.token(room, identity, "viewer", seconds=VIEWER_TOKEN_S)
            return Camera(
                stream.centre_id, stream.call_id, stream.link_id, room, eyes.signal_url, token,
                sound=stream.carries_audio,
            )  # fmt: skip

        live = stream.health.state in {"live", "slides"}
        self._recordings.tend(stream.link_id, camera, live=live)

    def _viewing_over(self, centre_id: str, view: ViewingView) -> None:
        """Whoever closed it, or was made to, is put out of the room."""
        stream = self._streams.get(view.subject_id)
        if stream is not None and stream.centre_id == centre_id:
            self._to_put_out.add((stream.room, viewer_of(view.viewing_id)))
            self._look.set()

    async def _put_out(self, room: str, identity: str) -> None:
        self._to_put_out.add((room, identity))
        try:
            await self._tidy()
        except MediaServerSilent:
            self._look.set()

    def _is(self, stream: Stream, health: VideoHealth) -> None:
        stream.health = health
        self._signals.signal(
            VideoHealthChanged(centre_id=stream.centre_id, call_id=stream.call_id, health=health)
        )

    def _now(self) -> str:
        return iso(self._clock.now())

    def _on(self) -> Eyes:
        if self._eyes is None:
            raise VideoOff("no media server is set up")
        return self._eyes

    def _live(self, centre_id: str, call_id: str, link_id: str) -> Stream:
        stream = self._streams.get(link_id)
        if stream is None or (stream.centre_id, stream.call_id) != (centre_id, call_id):
            raise VideoNotLive("the caller shows nothing now")
        return stream

    def _check_room(self, stream: Stream) -> None:
        if len(self._book.open_of(stream.link_id)) + len(stream.in_field) >= MOST_VIEWERS:
            raise TooManyViewers("as many people look at this camera as may at one time")

    async def _check_type(self, centre_id: str, call_id: str, tx: Tx | None = None) -> None:
        """Raises `VideoNotListed` unless the centre has live video for calls of this type."""
        if self.settings.call_types is None:
            return
        if tx is None:
            async with self._db.read() as reading:
                draft = await self._drafts.read_draft(reading, centre_id, call_id)
        else:
            draft = await self._drafts.read_draft(tx, centre_id, call_id)
        if draft.fields["type"].value not in self.settings.call_types:
            raise VideoNotListed("live video is only for listed types of call")

    def _of_field(self, centre_id: str, who: str) -> list[Stream]:
        return [
            one for one in self._streams.values()
            if one.centre_id == centre_id and field_of(who) in one.in_field
        ]  # fmt: skip

    def _watching(self, eyes: Eyes, stream: Stream, view: ViewingView) -> Watching:
        identity = viewer_of(view.viewing_id)
        token = eyes.token(stream.room, identity, "viewer", seconds=VIEWER_TOKEN_S)
        one = VideoPass(stream.link_id, token, identity, VIEWER_TOKEN_S, stream.carries_audio)
        return Watching(view, one)
