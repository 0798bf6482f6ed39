"""A connection to a LiveKit server, by its own library.

The library takes half a second to import, so it is imported at first use.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol, TypeVar

from ringdown.core.errors import Unavailable
from ringdown.core.sensitive import Sensitive

if TYPE_CHECKING:
    from livekit.api import LiveKitAPI, TokenVerifier, VideoGrants

T = TypeVar("T")


class Access(Protocol):
    """How to reach the server: its HTTP address, API key and secret."""

    @property
    def url(self) -> str: ...
    @property
    def api_key(self) -> str: ...
    @property
    def api_secret(self) -> str: ...


class LiveKit:
    """One server; whatever it refuses or does not answer in time is raised as `failure`."""

    def __init__(
        self, access: Callable[[], Access], *, patience_s: float, failure: type[Unavailable]
    ) -> None:
        self._access = access
        self._patience_s = patience_s
        self._failure = failure
        self._api: LiveKitAPI | None = None

    @property
    def websocket_url(self) -> str:
        """The WebSocket address of the server as this machine reaches it."""
        return websocket_url(self._access().url)

    async def ask(self, question: Callable[["LiveKitAPI"], Awaitable[T]]) -> T:
        """What the server says. Raises `failure`."""
        import aiohttp  # noqa: PLC0415
        from livekit.api import LiveKitAPI, ServerError  # noqa: PLC0415

        try:
            if self._api is None:
                access = self._access()
                self._api = LiveKitAPI(
                    access.url,
                    access.api_key,
                    access.api_secret,
                    timeout=aiohttp.ClientTimeout(total=self._patience_s),
                    failover=False,  # there is one address, and we try again ourselves
                )
            return await question(self._api)
        except ServerError as error:
            raise self._failure(
                "the media server refuses", details={"code": error.code, "status": error.status}
            ) from None
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise self._failure(
                "the media server does not answer", details={"error": type(error).__name__}
            ) from None

    async def find(self, question: Callable[["LiveKitAPI"], Awaitable[T]]) -> T | None:
        """The same; None when there is no such room or participant."""
        try:
            return await self.ask(question)
        except self._failure as error:
            if error.details.get("code") == "not_found":
                return None
            raise

    def token(
        self, identity: str, grants: "VideoGrants", lifetime: timedelta, *, label: str
    ) -> Sensitive[str]:
        """Signed with our key; `label` is what stands in logs instead of it.

        Every grant is to be stated: to the server, absent ones mean "allowed".
        """
        from livekit.api import AccessToken  # noqa: PLC0415

        access = self._access()
        token = AccessToken(access.api_key, access.api_secret)
        signed = token.with_identity(identity).with_ttl(lifetime).with_grants(grants).to_jwt()
        return Sensitive(signed, label)

    def verifier(self) -> "TokenVerifier":
        """Knows the tokens that were signed with our key."""
        from livekit.api import TokenVerifier  # noqa: PLC0415

        access = self._access()
        return TokenVerifier(access.api_key, access.api_secret)

    async def close(self) -> None:
        """Let go of the connections."""
        if self._api is not None:
            await self._api.aclose()
            self._api = None


def websocket_url(url: str) -> str:
    """The WebSocket form of an http(s) address."""
    return f"ws{url.removeprefix('http')}" if url.startswith("http") else url
