"""Callers' cameras: who gets a pass to one, and whom a pass brings to the media server.

Nothing on a call waits for any of it.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from ringdown.caller.api import LinkNotFound, LinkOver, NotAgreed, PageSessions, over
from ringdown.core.errors import RingdownError
from ringdown.core.principal import Principal
from ringdown.runtime.db import Tx
from ringdown.video.api import VideoPass
from ringdown.video.desk import Desk
from ringdown.video.model import (
    MOST_VIEWERS,
    VIEWER_TOKEN_S,
    SignalRefused,
    TooManyViewers,
    VideoNotListed,
    VideoNotLive,
    field_of,
    phone_of,
    viewer_of,
)
from ringdown.video.ports import ReadDrafts
from ringdown.video.streams import Stream, Streams, hidden
from ringdown.video.upkeep import Upkeep
from ringdown.video.views import ViewingView

PHONE_TOKEN_S: Final = 600
WhoAsks = Callable[[], Awaitable[Principal | None]]
"""Finds the signed-in person behind a connection, when that matters."""


@dataclass(frozen=True)
class Watching:
    """A viewing, and the pass to the camera if it is live video."""

    view: ViewingView
    video: VideoPass | None


class VideoService:
    """Everything of video for every centre; implements `api.FieldVideo`.

    `viewings` knows who looks at what, `streams` which cameras are on; `upkeep` keeps both true.
    """

    def __init__(self, desk: Desk, *, pages: PageSessions, drafts: ReadDrafts) -> None:
        self._desk = desk
        self._pages = pages
        self._drafts = drafts
        self.settings = desk.settings
        self.viewings = desk.viewings
        self.streams = Streams(desk)
        self.upkeep = Upkeep(desk, self.streams)

    # ---- the phone

    async def start(self, cookie: str | None) -> VideoPass:
        """A bound phone begins to show its camera, or comes back. Raises what `PageSessions` does.

        Its room is made now. Raises `VideoOff`, `MediaServerSilent`, `VideoNotListed`.
        """
        session = await self._pages.of(cookie, "video")
        eyes = self._desk.rooms()
        await self._check_type(session.centre_id, session.call_id)
        stream = await self.streams.begin(session)
        identity = phone_of(stream.link_id)
        token = eyes.token(
            stream.room, identity, "phone", seconds=PHONE_TOKEN_S, sound=stream.carries_audio
        )
        return VideoPass(stream.link_id, token, identity, PHONE_TOKEN_S, stream.carries_audio)

    # ---- people of the centre

    async def watch(self, principal: Principal, call_id: str, link_id: str) -> Watching:
        """A person has the caller's camera shown. Raises `VideoNotLive`, `ViewingTakenOver`."""
        desk = self._desk
        async with desk.db.write() as tx:
            link = await desk.links.read_link(tx, principal.centre_id, link_id)
            if link.call_id != call_id:
                raise LinkNotFound("there is no such link of this call")
            if over(link):
                raise LinkOver("this link is over")
            if hidden(link):
                raise NotAgreed("the caller does not agree to show this")
            desk.rooms()
            await self._check_type(principal.centre_id, call_id, tx)
            stream = self.streams.of(link_id)
            if stream is None or (stream.centre_id, stream.call_id) != (
                principal.centre_id, call_id
            ):  # fmt: skip
                raise VideoNotLive("the caller shows nothing now")
            self._check_room(stream)
            view = await self.viewings.open_in(tx, principal, call_id, "video", link_id)
        return Watching(view, self._pass(stream, viewer_of(view.viewing_id)))

    async def take_over(self, principal: Principal, call_id: str, viewing_id: str) -> Watching:
        """A supervisor looks instead; with a pass if it is live video."""
        view = await self.viewings.take_over(principal, call_id, viewing_id)
        stream = self.streams.of(view.subject_id)
        if stream is None:
            return Watching(view, None)
        return Watching(view, self._pass(stream, viewer_of(view.viewing_id)))

    # ---- people in the field

    async def field_pass(self, centre_id: str, call_id: str, who: str) -> VideoPass:
        """A pass to the camera that this call's caller shows now. Raises `VideoNotLive`."""
        self._desk.rooms()
        shown = [
            one for one in self.streams.all()
            if (one.centre_id, one.call_id) == (centre_id, call_id)
        ]  # fmt: skip
        if not shown:
            raise VideoNotLive("the caller shows nothing now")
        await self._check_type(centre_id, call_id)
        stream, identity = shown[-1], field_of(who)
        if identity not in stream.in_field:
            self._check_room(stream)
        stream.in_field[identity] = self._desk.clock.monotonic()
        return self._pass(stream, identity)

    def field_alive(self, centre_id: str, who: str) -> bool:
        """They still look; False when there is nothing to be seen any more."""
        found = self._of_field(centre_id, who)
        for stream in found:
            stream.in_field[field_of(who)] = self._desk.clock.monotonic()
        return bool(found)

    async def field_over(self, centre_id: str, who: str) -> None:
        """They see no more, from now on."""
        for stream in self._of_field(centre_id, who):
            del stream.in_field[field_of(who)]
            await self.streams.put_out(stream, field_of(who))

    def _of_field(self, centre_id: str, who: str) -> list[Stream]:
        return [
            one for one in self.streams.all()
            if one.centre_id == centre_id and field_of(who) in one.in_field
        ]  # fmt: skip

    # ---- who may speak to the media server through us

    async def admit(self, token: str, cookie: str | None, who: WhoAsks) -> str:
        """The media server's address, for who has a pass to a room that is open to them.

        A pass alone is not enough: a phone shows its cookie too, and a person is signed in. A page
        in the field has neither: its pass is good while it gives signs of life.
        Raises `SignalRefused`.
        """
        eyes = self._desk.rooms()
        read = eyes.read_token(token)
        room, identity = read or ("", "")
        stream = next((one for one in self.streams.all() if one.room == room), None)
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
        for _, view in self.viewings.open_of(stream.link_id):
            if viewer_of(view.viewing_id) == identity:
                person = await who()
                return person is not None and person.id == view.by.user_id
        return False

    # ---- inside

    def _check_room(self, stream: Stream) -> None:
        if len(self.viewings.open_of(stream.link_id)) + len(stream.in_field) >= MOST_VIEWERS:
            raise TooManyViewers("as many people look at this camera as may at one time")

    async def _check_type(self, centre_id: str, call_id: str, tx: Tx | None = None) -> None:
        """Raises `VideoNotListed` unless the centre has live video for calls of this type."""
        if self.settings.call_types is None:
            return
        if tx is None:
            async with self._desk.db.read() as reading:
                draft = await self._drafts.read_draft(reading, centre_id, call_id)
        else:
            draft = await self._drafts.read_draft(tx, centre_id, call_id)
        if draft.fields["type"].value not in self.settings.call_types:
            raise VideoNotListed("live video is only for listed types of call")

    def _pass(self, stream: Stream, identity: str) -> VideoPass:
        eyes = self._desk.rooms()
        token = eyes.token(stream.room, identity, "viewer", seconds=VIEWER_TOKEN_S)
        return VideoPass(stream.link_id, token, identity, VIEWER_TOKEN_S, stream.carries_audio)
