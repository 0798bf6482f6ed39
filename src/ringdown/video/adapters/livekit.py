"""Rooms for cameras on a LiveKit server, by its own library, imported at first use."""

from collections.abc import Callable
from datetime import timedelta

from ringdown.core.sensitive import Sensitive
from ringdown.media.api import MediaServerAccess
from ringdown.runtime.livekit import LiveKit
from ringdown.video.model import ROOM_PREFIX, MediaServerSilent
from ringdown.video.ports import Part

PATIENCE_S = 3.0
EMPTY_S = 60
"""A room that nobody is in goes by itself, should we not be there to remove it."""


class LiveKitEyes:
    """The `Eyes` of a LiveKit server."""

    def __init__(self, access: Callable[[], MediaServerAccess]) -> None:
        self._server = LiveKit(access, patience_s=PATIENCE_S, failure=MediaServerSilent)

    @property
    def signal_url(self) -> str:
        """The WebSocket address at which this server itself reaches the media server."""
        return self._server.websocket_url.rstrip("/")

    async def make(self, room: str, *, most: int) -> None:
        """Have a room; one that is there stays as it is."""
        from livekit.protocol.room import CreateRoomRequest  # noqa: PLC0415

        request = CreateRoomRequest(
            name=room, max_participants=most, empty_timeout=EMPTY_S, departure_timeout=EMPTY_S
        )
        await self._server.ask(lambda api: api.room.create_room(request))

    async def remove(self, room: str) -> None:
        """Disconnect everybody and have no such room."""
        from livekit.protocol.room import DeleteRoomRequest  # noqa: PLC0415

        await self._server.find(lambda api: api.room.delete_room(DeleteRoomRequest(room=room)))

    async def present(self, room: str) -> set[str] | None:
        """Who is in the room; None if there is no such room."""
        from livekit.protocol.room import (  # noqa: PLC0415
            ListParticipantsRequest,
            ListRoomsRequest,
        )

        request = ListParticipantsRequest(room=room)
        found = await self._server.find(lambda api: api.room.list_participants(request))
        if found is not None and found.participants:
            return {one.identity for one in found.participants}
        # An empty room and none at all are told apart by asking for the room itself.
        rooms = await self._server.ask(
            lambda api: api.room.list_rooms(ListRoomsRequest(names=[room]))
        )
        return set() if rooms.rooms else None

    async def rooms(self) -> set[str]:
        """Every room for a camera that there is."""
        from livekit.protocol.room import ListRoomsRequest  # noqa: PLC0415

        found = await self._server.ask(lambda api: api.room.list_rooms(ListRoomsRequest()))
        return {room.name for room in found.rooms if room.name.startswith(ROOM_PREFIX)}

    async def put_out(self, room: str, identity: str) -> None:
        """Disconnect one participant; nobody of that name is no error."""
        from livekit.protocol.room import RoomParticipantIdentity  # noqa: PLC0415

        request = RoomParticipantIdentity(room=room, identity=identity)
        await self._server.find(lambda api: api.room.remove_participant(request))

    def token(
        self, room: str, identity: str, part: Part, *, seconds: int, sound: bool = False
    ) -> Sensitive[str]:
        """A phone publishes its camera and hears nobody; a viewer is hidden, publishes nothing."""
        from livekit.api import VideoGrants  # noqa: PLC0415

        phone = part == "phone"
        grants = VideoGrants(
            room_join=True,
            room=room,
            can_publish=phone,
            can_publish_sources=["camera", *(["microphone"] if sound else [])] if phone else [],
            can_subscribe=not phone,
            can_publish_data=False,
            can_update_own_metadata=False,
            hidden=not phone,
        )
        lifetime = timedelta(seconds=seconds)
        return self._server.token(identity, grants, lifetime, label="video.token")

    def read_token(self, token: str) -> tuple[str, str] | None:
        """Room and identity of a token that we signed and that is still good; None of others."""
        verifier = self._server.verifier()
        try:
            claims = verifier.verify(token)
        except Exception:  # noqa: BLE001 - the library raises whatever its parts raise
            return None
        room = claims.video.room if claims.video is not None else ""
        return (room, claims.identity) if room.startswith(ROOM_PREFIX) else None

    async def close(self) -> None:
        """Let go of the connections."""
        await self._server.close()
