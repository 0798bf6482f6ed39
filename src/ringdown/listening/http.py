"""Routes of listening: sessions for people, and what the media server tells."""

from typing import Annotated

from fastapi import Body, Header, Request
from pydantic import BaseModel, ConfigDict, StrictBool

from ringdown.core.clock import iso
from ringdown.core.events import Value
from ringdown.listening.api import SessionView
from ringdown.listening.service import ListeningService
from ringdown.runtime.http import PUBLIC, Caller, Routes

EVENTS_PATH = "/v1/media-server/events"


class ListeningWish(BaseModel):
    """How to begin: at the live edge (the default), or at the start and paused."""

    model_config = ConfigDict(extra="ignore")

    autoplay: StrictBool | None = None


class ListeningGrant(Value):
    """What a LiveKit client needs to join; the token is a secret and good for joining once."""

    session_id: str
    url: str
    token: str
    identity: str
    autoplay: bool
    expires_in: int
    expires_at: str


class ListeningSessionView(SessionView):
    """A listening session; by a name that no other session has in the description."""


class ListeningSessions(Value):
    """Listening sessions, the oldest first."""

    sessions: list[ListeningSessionView]


def listening_routes(listening: ListeningService) -> Routes:
    """The routes of people; partners have their own, built on the same service."""
    routes = Routes("listening")

    @routes.post("/v1/calls/{call_id}/listening", permission="media:listen")
    async def open_session(  # pyright: ignore[reportUnusedFunction]
        call_id: str, principal: Caller, wish: Annotated[ListeningWish | None, Body()] = None
    ) -> ListeningGrant:
        """Begin to listen to a call, live or recorded, at a place of one's own."""
        grant = await listening.open(
            principal, call_id, autoplay=None if wish is None else wish.autoplay
        )
        return ListeningGrant(
            session_id=grant.session_id,
            url=grant.url,
            token=grant.token.reveal("the listener joins with it"),
            identity=grant.identity,
            autoplay=grant.autoplay,
            expires_in=grant.expires_in,
            expires_at=iso(grant.expires_at),
        )

    @routes.delete("/v1/listening/{session_id}", permission="media:listen", status_code=204)
    async def close_session(  # pyright: ignore[reportUnusedFunction]
        session_id: str, principal: Caller
    ) -> None:
        """End a session of one's own."""
        await listening.close(principal, session_id)

    @routes.get("/v1/listening", permission="session:self")
    async def list_sessions(principal: Caller) -> ListeningSessions:  # pyright: ignore[reportUnusedFunction]
        """Sessions that are open or closed within the hour: one's own.

        Who may read the audit log sees those of the whole centre.
        """
        there = await listening.sessions(principal)
        return ListeningSessions(
            sessions=[ListeningSessionView(**one.model_dump()) for one in there]
        )

    # Its own credential is the signature; a key other than our media server's is refused.
    @routes.post(EVENTS_PATH, permission=PUBLIC, status_code=204, include_in_schema=False)
    async def media_server_event(  # pyright: ignore[reportUnusedFunction]
        request: Request, authorization: Annotated[str, Header()] = ""
    ) -> None:
        """The media server tells what happened in a room."""
        await listening.on_room_event(listening.event(await request.body(), authorization))

    return routes
