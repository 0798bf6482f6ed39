"""Looks at every camera twice a second, so that what is told of it and who sees it stay true.

The media server holds the rooms; who may be in one is decided here, and anybody else is put out.
Pages have a look of their own: a media server that hangs must not keep it from being told.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

from ringdown.core.errors import RingdownError
from ringdown.runtime.tasks import describe
from ringdown.runtime.telemetry import get_logger
from ringdown.video.desk import Desk
from ringdown.video.model import phone_of, silent, viewer_of
from ringdown.video.streams import Stream, Streams, because, hidden

LOOK_EVERY_S: Final = 0.5
SILENT_S: Final = 4.2
"""Two signs of life of a page are missed, so that the console knows within five seconds."""
GONE_S: Final = 90.0
"""A page silent for so long no longer holds its room."""
FIELD_SILENT_S: Final = 20.0


class Upkeep:
    """Pages that fell silent, links that are over, rooms that are gone, guests uninvited."""

    def __init__(self, desk: Desk, streams: Streams) -> None:
        self._desk = desk
        self._streams = streams
        self._log = get_logger("video")

    async def run(self) -> None:
        """Look at pages and viewings until cancelled. After a start nobody looks at anything."""
        await self._desk.viewings.take_up()
        await self._again_and_again(self.look_at_pages, asyncio.Event())

    async def run_rooms(self) -> None:
        """Look into rooms until cancelled. After a start no camera is on until its phone asks."""
        with suppress(RingdownError):  # ours is only just starting, and has no rooms then
            rooms = await self._desk.rooms().rooms()
            self._streams.remove(rooms - {one.room for one in self._streams.all()})
        await self._again_and_again(self.look_into_rooms, self._streams.changed)

    async def _again_and_again(
        self, look: Callable[[], Awaitable[None]], sooner: asyncio.Event
    ) -> None:
        failing = False
        while True:
            sooner.clear()
            try:
                await look()
                failing = False
            except RingdownError as error:
                if not failing:
                    self._log.warning("a look at video failed", **describe(error))
                failing = True
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY_S):
                    await sooner.wait()

    # ---- pages

    async def look_at_pages(self) -> None:
        """Which cameras still come through and may be shown, and who still looks."""
        desk = self._desk
        if desk.recordings is not None:
            desk.recordings.look()
        await desk.viewings.sweep()
        for stream in self._streams.all():
            try:
                await self._look_at(stream)
            except RingdownError as error:  # of one camera alone
                self._log.warning("a look at a camera failed", **describe(error))
        for centre_id, view in desk.viewings.open_video():
            if self._streams.of(view.subject_id) is None:
                await desk.viewings.end_of(centre_id, view.subject_id, "gone")

    async def _look_at(self, stream: Stream) -> None:
        desk = self._desk
        silent_for = desk.clock.monotonic() - stream.beat_at
        if silent_for > SILENT_S and stream.health.state != "dead":
            now = desk.clock.now()
            gone = silent(stream.link_id, carries_audio=stream.health.carries_audio, now=now)
            self._streams.comes_through(stream, gone)
        dead = stream.health.state == "dead"
        if dead != stream.told_dead:
            await desk.links.media_is(stream.centre_id, stream.link_id, dead=dead)
            stream.told_dead = dead
        async with desk.db.read() as tx:
            link = await desk.links.read_link(tx, stream.centre_id, stream.link_id)
        if hidden(link) or silent_for > GONE_S:
            await self._streams.end(stream, because(link) if hidden(link) else "silent")

    # ---- rooms

    async def look_into_rooms(self) -> None:
        """Who is in each room, all at a time. Raises `MediaServerSilent`."""
        looks = [self._look_into(stream) for stream in self._streams.all()]
        found = await asyncio.gather(*looks, return_exceptions=True)
        await self._streams.tidy()
        for failure in found:
            if failure is not None:
                raise failure

    async def _look_into(self, stream: Stream) -> None:
        eyes = self._desk.rooms()
        present = await eyes.present(stream.room)
        if present is None:
            # The media server was started anew: whoever was in the room may come back into it.
            await self._streams.make_room(stream)
            return
        now, viewings = self._desk.clock.monotonic(), self._desk.viewings
        for identity, alive_at in list(stream.in_field.items()):
            if now - alive_at > FIELD_SILENT_S:
                del stream.in_field[identity]
        invited = {viewer_of(view.viewing_id) for _, view in viewings.open_of(stream.link_id)}
        invited |= {phone_of(stream.link_id), *stream.in_field}
        if self._desk.recordings is not None:
            self._streams.record(stream)
            invited |= {self._desk.recordings.identity(stream.link_id) or ""}
        for identity in present - invited:
            await eyes.put_out(stream.room, identity)
