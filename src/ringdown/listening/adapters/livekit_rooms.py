"""Rooms and tokens of a LiveKit server, by its own library.

The library takes half a second to import, so it is imported at first use, or by `prepare`.
"""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from ringdown.core.sensitive import Sensitive
from ringdown.listening.model.session import Session
from ringdown.listening.ports import EventRefused, RoomEvent, RoomsUnreachable

if TYPE_CHECKING:
    from livekit.api import LiveKitAPI

    from ringdown.media.api import MediaServerAccess

T = TypeVar("T")
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
        self, access: Callable[[], "MediaServerAccess"], *, public_url: str | None = None
    ) -> None:
        self._access = access
        self._public_url = public_url
        self._api: LiveKitAPI | None = None

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
        return websocket_url(self._access().url)

    async def make(self, session: Session, *, empty_s: int, departure_s: int) -> None:
        """Have a room for two; one that is there stays as it is."""
        from livekit.protocol.room import CreateRoomRequest  # noqa: PLC0415

        request = CreateRoomRequest(
            name=session.room,
            max_participants=2,
            empty_timeout=empty_s,
            departure_timeout=departure_s,
        )
        await self._ask(lambda api: api.room.create_room(request))

    async def remove(self, room: str) -> None:
        """Disconnect everybody and have no such room."""
        from livekit.api import ServerError  # noqa: PLC0415
        from livekit.protocol.room import DeleteRoomRequest  # noqa: PLC0415

        async def delete(api: "LiveKitAPI") -> None:
            try:
                await api.room.delete_room(DeleteRoomRequest(room=room))
            except ServerError as error:
                if error.code != "not_found":
                    raise

        await self._ask(delete)

    async def existing(self, rooms: list[str]) -> set[str]:
        """Which of these rooms there are."""
        from livekit.protocol.room import ListRoomsRequest  # noqa: PLC0415

        if not rooms:
            return set()
        found = await self._ask(lambda api: api.room.list_rooms(ListRoomsRequest(names=rooms)))
        return {room.name for room in found.rooms}

    async def has(self, room: str, identity: str) -> bool:
        """Whether a participant is in the room."""
        from livekit.api import ServerError  # noqa: PLC0415
        from livekit.protocol.room import ListParticipantsRequest  # noqa: PLC0415

        async def look(api: "LiveKitAPI") -> bool:
            try:
                found = await api.room.list_participants(ListParticipantsRequest(room=room))
            except ServerError as error:
                if error.code == "not_found":
                    return False
                raise
            return any(one.identity == identity for one in found.participants)

        return await self._ask(look)

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
        await self._ask(lambda api: api.room.send_data(request))

    def listener_token(self, session: Session, lifetime: timedelta) -> Sensitive[str]:
        """Hear and send data in this room alone: no publishing."""
        return self._token(session, session.listener, lifetime, publish=False, subscribe=True)

    def worker_token(self, session: Session) -> Sensitive[str]:
        """Play and send data in this room alone: the worker hears nobody."""
        return self._token(session, session.worker, WORKER_TOKEN, publish=True, subscribe=False)

    def event(self, body: bytes, authorization: str) -> RoomEvent:
        """Read a notice; its token is signed with our key and holds the digest of the body."""
        from livekit.api import TokenVerifier, WebhookReceiver  # noqa: PLC0415

        access = self._access()
        try:
            receiver = WebhookReceiver(TokenVerifier(access.api_key, access.api_secret))
            told = receiver.receive(body.decode(), authorization.removeprefix("Bearer "))
        except Exception:  # noqa: BLE001 - the library raises whatever its parts raise
            raise EventRefused("this notice does not come from the media server") from None
        kind = _KINDS.get(told.event, "other")
        return RoomEvent(kind, told.room.name, told.participant.identity)  # pyright: ignore[reportArgumentType]

    async def close(self) -> None:
        """Let go of the connections."""
        if self._api is not None:
            await self._api.aclose()
            self._api = None

    def _token(
        self,
        session: Session,
        identity: str,
        lifetime: timedelta,
        *,
        publish: bool,
        subscribe: bool,
    ) -> Sensitive[str]:
        from livekit.api import AccessToken, VideoGrants  # noqa: PLC0415

        access = self._access()
        # Every grant is stated: to the server, absent ones mean "allowed".
        grants = VideoGrants(
            room_join=True,
            room=session.room,
            can_publish=publish,
            can_subscribe=subscribe,
            can_publish_data=True,
            can_update_own_metadata=False,
        )
        token = AccessToken(access.api_key, access.api_secret)
        signed = token.with_identity(identity).with_ttl(lifetime).with_grants(grants).to_jwt()
        return Sensitive(signed, "listening.token")

    async def _ask(self, question: Callable[["LiveKitAPI"], Any]) -> Any:
        import aiohttp  # noqa: PLC0415
        from livekit.api import LiveKitAPI, ServerError  # noqa: PLC0415

        try:
            if self._api is None:
                access = self._access()
                self._api = LiveKitAPI(
                    access.url,
                    access.api_key,
                    access.api_secret,
                    timeout=aiohttp.ClientTimeout(total=PATIENCE_S),
                    failover=False,  # there is one address, and we try again ourselves
                )
            return await question(self._api)
        except ServerError as error:
            raise RoomsUnreachable(
                "the media server refuses", details={"code": error.code, "status": error.status}
            ) from None
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise RoomsUnreachable(
                "the media server does not answer", details={"error": type(error).__name__}
            ) from None


def websocket_url(url: str) -> str:
    """The WebSocket form of an http(s) address."""
    return f"ws{url.removeprefix('http')}" if url.startswith("http") else url
