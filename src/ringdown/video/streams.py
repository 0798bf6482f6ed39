"""Cameras that are on: the room of each, how it comes through, and its end."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field

from ringdown.caller.api import LinkView, NotAgreed, PageSession, PageVideo, over
from ringdown.runtime.tasks import describe
from ringdown.runtime.telemetry import get_logger
from ringdown.video.desk import Desk
from ringdown.video.events import VideoHealthChanged
from ringdown.video.model import (
    MOST_VIEWERS,
    ROOM_PREFIX,
    VIEWER_TOKEN_S,
    MediaServerSilent,
    judged,
    recorder_of,
    viewer_of,
)
from ringdown.video.recording import Camera
from ringdown.video.views import VideoHealth, ViewingView


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
    told_dead: bool | None = None
    """What its link knows of that: if dead, going on by text is offered."""
    in_field: dict[str, float] = field(default_factory=dict[str, float])
    """Who looks in the field, and when they last gave a sign of life."""


def hidden(link: LinkView) -> bool:
    """Whether the caller no longer shows their camera, or never agreed to."""
    return over(link) or "video" not in link.agreed


def because(link: LinkView) -> str:
    """Why a hidden camera is off."""
    return link.state if over(link) else "withdrawn"


class Streams:
    """The cameras of every centre that are on, one a link."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._streams: dict[str, Stream] = {}
        self._to_remove: set[str] = set()
        self._to_put_out: set[tuple[str, str]] = set()
        self.changed = asyncio.Event()
        """Something is to be looked at without waiting."""
        self._log = get_logger("video")
        desk.viewings.on_over.append(self._viewing_over)

    def all(self) -> list[Stream]:
        """Every one, the oldest first."""
        return list(self._streams.values())

    def of(self, link_id: str) -> Stream | None:
        """The camera of this link, if it is on."""
        return self._streams.get(link_id)

    # ---- how it begins, goes on and ends

    async def begin(self, session: PageSession) -> Stream:
        """A camera is on, or comes back. Raises `VideoOff`, `MediaServerSilent`, `NotAgreed`."""
        desk = self._desk
        stream = self._streams.get(session.link_id)
        if stream is None:
            sound = desk.settings.carry_audio
            stream = Stream(
                centre_id=session.centre_id,
                call_id=session.call_id,
                link_id=session.link_id,
                # Never the same room again: what opened an earlier one opens nothing now.
                room=f"{ROOM_PREFIX}{session.link_id}_{desk.ids.secret()[:22]}",
                carries_audio=sound,
                beat_at=desk.clock.monotonic(),
                health=VideoHealth(link_id=session.link_id, state="none", at=desk.now()),
            )
            self._streams[session.link_id] = stream
        stream.beat_at = desk.clock.monotonic()
        await self.make_room(stream)
        # Whoever stopped it meanwhile has stopped it.
        async with desk.db.read() as tx:
            link = await desk.links.read_link(tx, session.centre_id, session.link_id)
        if hidden(link):
            await self.end(stream, "stopped")
            raise NotAgreed("the caller no longer shows this", details={"share": "video"})
        self.record(stream)
        return stream

    async def make_room(self, stream: Stream) -> None:
        """Have its room. Raises `MediaServerSilent`."""
        await self._desk.rooms().make(stream.room, most=MOST_VIEWERS + 2)
        if self._streams.get(stream.link_id) is not stream:
            # Ended, and its room removed, while it was asked for: it is not to be there again.
            self.remove({stream.room})

    def page_alive(self, link_id: str, video: PageVideo | None) -> None:
        """A sign of life of a page, and what it measures of its video."""
        stream = self._streams.get(link_id)
        if stream is None:
            return
        stream.beat_at = self._desk.clock.monotonic()
        seen = video or PageVideo()
        claims = seen.state in {"live", "slides"} and seen.kbps == 0
        stream.flat = stream.flat + 1 if claims else 0
        self.comes_through(
            stream,
            judged(
                link_id, video, flat=stream.flat, carries_audio=stream.carries_audio,
                now=self._desk.clock.now(),
            ),
        )  # fmt: skip

    def comes_through(self, stream: Stream, health: VideoHealth) -> None:
        """So it does now, and everybody who looks at the call is told."""
        stream.health = health
        self._desk.signals.signal(
            VideoHealthChanged(centre_id=stream.centre_id, call_id=stream.call_id, health=health)
        )

    async def link_changed(self, link: LinkView) -> None:
        """A link is over, or its caller no longer agrees to be seen: the room goes at once."""
        stream = self._streams.get(link.link_id)
        if stream is not None and hidden(link):
            await self.end(stream, because(link))

    async def end(self, stream: Stream, why: str) -> None:
        """Recorder and consoles are told, the room goes, and nobody's viewing goes on."""
        if self._streams.get(stream.link_id) is not stream:
            return
        desk = self._desk
        del self._streams[stream.link_id]
        if desk.recordings is not None:
            desk.recordings.end(stream.link_id, why)
        none = VideoHealth(link_id=stream.link_id, state="none", at=desk.now())
        self.comes_through(stream, none)
        self.remove({stream.room})
        try:
            await self.tidy()
        except MediaServerSilent as error:
            self._log.warning("a room is removed later", **describe(error))
        await desk.viewings.end_of(stream.centre_id, stream.link_id, why)

    def record(self, stream: Stream) -> None:
        """Have it recorded, where the agency has that and nobody has ended it meanwhile."""
        desk = self._desk
        if desk.recordings is None or self._streams.get(stream.link_id) is not stream:
            return
        eyes, room, identity = desk.rooms(), stream.room, recorder_of(stream.link_id)

        def camera() -> Camera:
            token = eyes.token(room, identity, "viewer", seconds=VIEWER_TOKEN_S)
            return Camera(
                stream.centre_id, stream.call_id, stream.link_id, room, eyes.signal_url, token,
                sound=stream.carries_audio,
            )  # fmt: skip

        live = stream.health.state in {"live", "slides"}
        desk.recordings.tend(stream.link_id, camera, live=live)

    # ---- what has to go from the media server, as soon as it answers

    def remove(self, rooms: set[str]) -> None:
        """These rooms go as soon as may be."""
        self._to_remove |= rooms
        self.changed.set()

    async def put_out(self, stream: Stream, identity: str) -> None:
        """Somebody in the room is to see no more."""
        self._to_put_out.add((stream.room, identity))
        self.changed.set()
        with suppress(MediaServerSilent):
            await self.tidy()

    async def tidy(self) -> None:
        """Whatever has to go goes now. Raises `MediaServerSilent`."""
        if self._desk.eyes is None:
            return
        for room in list(self._to_remove):
            await self._desk.eyes.remove(room)
            self._to_remove.discard(room)
        for room, identity in list(self._to_put_out):
            await self._desk.eyes.put_out(room, identity)
            self._to_put_out.discard((room, identity))

    def _viewing_over(self, centre_id: str, view: ViewingView) -> None:
        """Whoever closed it, or was made to, is put out of the room."""
        stream = self._streams.get(view.subject_id)
        if stream is not None and stream.centre_id == centre_id:
            self._to_put_out.add((stream.room, viewer_of(view.viewing_id)))
            self.changed.set()
