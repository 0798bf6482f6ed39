"""Rooms and tokens of a LiveKit server, by its own library.

The library takes half a second to import, so it is imported at first use, or by `prepare`.
"""

import json
from collections.abc import Callable
from datetime import timedelta

from ringdown.core.sensitive import Sensitive
from ringdown.listening.model.session import Session
from ringdown.listening.ports import EventRefused, RoomEvent, RoomsUnreachable
from ringdown.media.api import MediaServerAccess
from ringdown.runtime.livekit import LiveKit, websocket_url

PATIENCE_S = 5.0
WORKER_TOKEN = timedelta(hours=24)
"""The worker joins within a second; it never leaves this machine's own processes."""
_KINDS = {
    "participant_joined": "joined",
    "participant_left": "left",
    "participant_connection_aborted": "left",
    "room_finished": "room_over",
}


class LiveKitRooms:
    """The `Rooms` of a LiveKit server."""

    def __init__(
        self, access: Callable[[], MediaServerAccess], *, public_url: str | None = None
    ) -> None:
        self._server = LiveKit(access, patience_s=PATIENCE_S, failure=RoomsUnreachable)
        self._public_url = public_url

    @staticmethod
    def prepare() -> None:
        """Import the library; made for a thread, so that nothing waits for it later."""
        import livekit.api  # noqa: F401, PLC0415 # pyright: ignore[reportUnusedImport]

    @property
    def public_url(self) -> str:
        """The WebSocket address that listeners are given."""
        return websocket_url(self._public_url) if self._public_url else self.worker_url

    @property
    def worker_url(self) -> str:
        """The WebSocket address that workers use."""
        return self._server.websocket_url

    async def make(self, session: Session, *, empty_s: int, departure_s: int) -> None:
        """Have a room for two; one that is there stays as it is."""
        from livekit.protocol.room import CreateRoomRequest  # noqa: PLC0415

        request = CreateRoomRequest(
            name=session.room,
            max_participants=2,
            empty_timeout=empty_s,
            departure_timeout=departure_s,
        )
        await self._server.ask(lambda api: api.room.create_room(request))

    async def remove(self, room: str) -> None:
        """Disconnect everybody and have no such room."""
        from livekit.protocol.room import DeleteRoomRequest  # noqa: PLC0415

        await self._server.find(lambda api: api.room.delete_room(DeleteRoomRequest(room=room)))

    async def existing(self, rooms: list[str]) -> set[str]:
        """Which of these rooms there are."""
        from livekit.protocol.room import ListRoomsRequest  # noqa: PLC0415

        if not rooms:
            return set()
        found = await self._server.ask(
            lambda api: api.room.list_rooms(ListRoomsRequest(names=rooms))
        )
        return {room.name for room in found.rooms}

    async def has(self, room: str, identity: str) -> bool:
        """Whether a participant is in the room."""
        from livekit.protocol.room import ListParticipantsRequest  # noqa: PLC0415

        request = ListParticipantsRequest(room=room)
        found = await self._server.find(lambda api: api.room.list_participants(request))
        return found is not None and any(one.identity == identity for one in found.participants)

    async def tell(self, session: Session, packet: dict[str, str]) -> None:
        """Send the listener a packet, reliably; the sender has no identity."""
        from livekit.protocol.models import DataPacket  # noqa: PLC0415
        from livekit.protocol.room import SendDataRequest  # noqa: PLC0415

        request = SendDataRequest(
            room=session.room,
            data=json.dumps(packet).encode(),
            kind=DataPacket.Kind.RELIABLE,
            destination_identities=[session.listener],
        )
        await self._server.ask(lambda api: api.room.send_data(request))

    def listener_token(self, session: Session, lifetime: timedelta) -> Sensitive[str]:
        """Hear and send data in this room alone: no publishing."""
        return self._token(session, session.listener, lifetime, publish=False, subscribe=True)

    def worker_token(self, session: Session) -> Sensitive[str]:
        """Play and send data in this room alone: the worker hears nobody."""
        return self._token(session, session.worker, WORKER_TOKEN, publish=True, subscribe=False)

    def event(self, body: bytes, authorization: str) -> RoomEvent:
        """Read a notice; its token is signed with our key and holds the digest of the body."""
        from livekit.api import WebhookReceiver  # noqa: PLC0415

        verifier = self._server.verifier()
        try:
            receiver = WebhookReceiver(verifier)
            told = receiver.receive(body.decode(), authorization.removeprefix("Bearer "))
        except Exception:  # noqa: BLE001 - the library raises whatever its parts raise
            raise EventRefused("this notice does not come from the media server") from None
        kind = _KINDS.get(told.event, "other")
        return RoomEvent(kind, told.room.name, told.participant.identity)  # pyright: ignore[reportArgumentType]

    async def close(self) -> None:
        """Let go of the connections."""
        await self._server.close()

    def _token(
        self,
        session: Session,
        identity: str,
        lifetime: timedelta,
        *,
        publish: bool,
        subscribe: bool,
    ) -> Sensitive[str]:
        from livekit.api import VideoGrants  # noqa: PLC0415

        grants = VideoGrants(
            room_join=True,
            room=session.room,
            can_publish=publish,
            can_subscribe=subscribe,
            can_publish_data=True,
            can_update_own_metadata=False,
        )
        return self._server.token(identity, grants, lifetime, label="listening.token")
