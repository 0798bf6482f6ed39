"""Where this server answers, as each of those who must reach it is told."""

import asyncio

from ringdown.listening.http import EVENTS_PATH
from ringdown.settings import Settings


class Address:
    """Where the web server answers, for those who must wait until that is known."""

    def __init__(self, settings: Settings) -> None:
        self._http = settings.http
        self._for_phones = (settings.caller.public_url or "").rstrip("/")
        self._known = asyncio.Event()
        self._own = ""

    def is_now(self, own: str) -> None:
        """It answers there."""
        self._own = own
        self._known.set()

    def for_partners(self) -> str:
        """What stands before the paths that others are told."""
        told = self._http.public_url or self._own
        return told.rstrip("/") or f"http://{self._http.host}:{self._http.port}"

    def for_phones(self) -> str:
        """What stands before the paths that phones are sent."""
        return self._for_phones or self.for_partners()

    def on_this_machine(self) -> str:
        """Where programs beside this one find it."""
        own = self._own or f"http://{self._http.host}:{self._http.port}"
        return own.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:")

    async def for_notices(self) -> str:
        """Where the media server beside us reports; under TLS by the name in the certificate."""
        await self._known.wait()
        base = self.on_this_machine()
        if self._http.tls_certificate is not None and self._http.public_url is not None:
            base = self._http.public_url.rstrip("/")
        return base + EVENTS_PATH
