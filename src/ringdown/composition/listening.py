"""The media server beside us, who listens through it, and eyes for the caller's camera."""

from dataclasses import dataclass

from ringdown.composition.foundation import Base
from ringdown.composition.identity import Identity
from ringdown.composition.voice import Voice
from ringdown.listening import handlers as listening_handlers
from ringdown.listening.adapters.livekit_rooms import LiveKitRooms
from ringdown.listening.adapters.processes import playout_workers
from ringdown.listening.lane import PlayoutLane
from ringdown.listening.service import ListeningService
from ringdown.listening.store import SqlListeningStore
from ringdown.media.adapters.livekit import MediaServer, Places
from ringdown.runtime.parts import cache_folder
from ringdown.video.adapters.livekit import LiveKitEyes

OWN_FOLDERS = ("secrets", "run", "logs")


@dataclass(frozen=True)
class Listening:
    """The media server, None where none is set up, and what goes through it."""

    media_server: MediaServer | None
    rooms: LiveKitRooms | None
    eyes: LiveKitEyes | None
    service: ListeningService


def build_listening(base: Base, identity: Identity, voice: Voice) -> Listening:
    """The media server beside us, and who listens through it."""
    settings = base.settings
    media_server, rooms, eyes = None, None, None
    if settings.media_server.mode != "off":
        cache = cache_folder(base.world.environment)
        media_server = MediaServer(
            settings.media_server,
            places=Places(cache, *(base.data / name for name in OWN_FOLDERS)),
            environment=base.world.environment,
            lamps=base.lamps,
            clock=base.clock,
            ids=base.ids,
            on_up=lambda: service.media_server_up(),  # noqa: PLW0108 - it is made below
            notices_to=base.address.for_notices,
        )
        rooms = LiveKitRooms(media_server.access, public_url=settings.listening.public_url)
        base.stack.push_async_callback(rooms.close)
        eyes = LiveKitEyes(media_server.access)
        base.stack.push_async_callback(eyes.close)
    service = ListeningService(
        base.db,
        SqlListeningStore(),
        rooms,
        calls=voice.calls,
        places=voice.playback,
        audit=base.audit,
        clock=base.clock,
        ids=base.ids,
        settings=settings.listening,
        metrics=base.metrics,
        still_valid=identity.authentication.still_valid,
    )
    service.play_with(
        PlayoutLane(
            playout_workers(settings.listening, base.data / "logs"),
            base.clock,
            settings.listening,
            base.metrics,
            order_of=service.order_of,
            on_report=service.on_report,
        )
    )
    listening_handlers.subscribe(base.heard, service, base.tasks)
    return Listening(media_server, rooms, eyes, service)
