"""One source on the media socket, from its first message to its last.

It knows no web framework: it is fed frames and answers with what to send and whether to go on.
Wrong messages cost themselves only; what ends a connection is listed in `CLOSE_CODES`.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import ClassVar, Final

from ringdown.calls.api import Side
from ringdown.core.clock import Clock
from ringdown.core.errors import (
    Limited,
    Refused,
    RingdownError,
    Unauthenticated,
    Unavailable,
)
from ringdown.core.principal import Principal
from ringdown.core.sensitive import Sensitive
from ringdown.identity.api import Authenticator
from ringdown.media.model import RateLimit
from ringdown.media.service import Attachment, CallOver, MediaService, Superseded
from ringdown.media.settings import MediaSettings
from ringdown.runtime.tasks import describe
from ringdown.runtime.telemetry import get_logger
from ringdown.wire import twilio
from ringdown.wire.twilio import TwilioError, TwilioStream

PERMISSION: Final = "media:ingest"
ERRORS_PER_S: Final = 20
FASTEST: Final = 100.0
ATTACH_PATIENCE_S: Final = 30.0


class RateExceeded(Limited):
    """More messages a second than one source may send."""

    code: ClassVar[str] = "media.ingest.rate_exceeded"
    action: ClassVar[str] = "Send 50 messages a second for each track; then connect again."


class TooManyErrors(Limited):
    """So many wrong messages that listening further makes no sense."""

    code: ClassVar[str] = "media.ingest.too_many_errors"
    action: ClassVar[str] = "Correct what the earlier errors name; then connect again."


class CredentialMissing(Unauthenticated):
    """The source brought no credential, in its headers or in start.customParameters."""

    code: ClassVar[str] = "media.ingest.credential_missing"
    action: ClassVar[str] = "Send HTTP Basic, Bearer, or client_id and client_secret in start."


CLOSE_CODES: Final[tuple[tuple[type[RingdownError], int], ...]] = (
    (twilio.MessageTooLarge, 1009),
    (Unauthenticated, 4401),
    (Refused, 4403),
    (Superseded, 4409),
    (CallOver, 1000),
    (Unavailable, 1013),
)
"""The rest is 1008. WebSocket close codes (RFC 6455 §7.4; 4xxx are ours, after the HTTP status)."""


def close_code(error: RingdownError) -> int:
    """The close code for an error that ends the connection."""
    return next((code for kind, code in CLOSE_CODES if isinstance(error, kind)), 1008)


class Source:
    """One connection that feeds a call."""

    def __init__(
        self,
        service: MediaService,
        authenticator: Authenticator,
        *,
        principal: Principal | None,
        address: str,
        clock: Clock,
        settings: MediaSettings,
        send: Callable[[str], Awaitable[None]],
    ) -> None:
        self._service = service
        self._authenticator = authenticator
        self._principal = principal
        self._address = address
        self._clock = clock
        self._send = send
        self._stream = TwilioStream(leap_ms=settings.leap_ms)
        self._messages = RateLimit(settings.messages_per_s, clock.monotonic)
        self._errors = RateLimit(ERRORS_PER_S, clock.monotonic)
        self._attachment: Attachment | None = None
        self._stopped = False
        self._log = get_logger("ingest")

    @property
    def name(self) -> str:
        """The source as log lines name it."""
        return self._principal.name if self._principal is not None else self._address

    @property
    def begun(self) -> bool:
        """Whether the source has said which call it feeds, and was allowed to."""
        return self._attachment is not None

    async def receive(self, frame: str | bytes) -> bool:
        """Take one frame. False after `stop`. Raises a RingdownError that ends the connection."""
        if not self._messages.allow():
            raise RateExceeded("too many messages a second")
        try:
            event = self._stream.receive(frame, self._clock.monotonic())
        except TwilioError as error:
            if error.fatal:
                raise
            await self._complain(error)
            return True
        match event:
            case twilio.Media():
                await self._audio(event)
            case twilio.Started():
                await self._start(event)
            case twilio.Dtmf():
                self._note("dtmf", {"digit": event.digit, "side": event.side})
            case twilio.Mark():
                self._note("mark", {"name": event.name})
            case twilio.Stopped():
                self._stopped = True
                return False
            case twilio.Connected() | None:
                pass
        return True

    async def tell(self, error: RingdownError) -> None:
        """Say to the source what was wrong, and name the source in the log."""
        self._log.warning("source refused", source=self.name, **describe(error))
        frame = twilio.error_message(error.code, error.message, error.action)
        async with asyncio.timeout(2):
            await self._send(frame)

    async def close(self) -> None:
        """The connection is over, for whatever reason."""
        if self._attachment is not None:
            await self._service.release(self._attachment, self, stopped=self._stopped)
            self._attachment = None

    # ---- the inside

    async def _complain(self, error: RingdownError) -> None:
        if not self._errors.allow():
            raise TooManyErrors("too many wrong messages")
        await self.tell(error)

    async def _start(self, started: twilio.Started) -> None:
        principal = self._principal = await self._identified(started)
        parameters = started.parameters
        self._stream.pace = _pace(parameters.get("speed"))
        attachment = await self._attached(
            lambda: self._service.attach(
                principal,
                owner=self,
                external_id=parameters.get("external_id") or started.call_sid,
                stream_sid=started.stream_sid,
                sides=started.sides,
                source=principal.name,
                ani=parameters.get("ani") or None,
                demo=parameters.get("demo", "").lower() == "true",
            )
        )
        for side, timestamp in attachment.resumed_ms.items():
            self._stream.continue_from(side, timestamp, self._clock.monotonic())
        self._attachment = attachment

    async def _identified(self, started: twilio.Started) -> Principal:
        principal = self._principal
        if principal is None:
            client_id = started.parameters.get("client_id")
            secret = started.parameters.get("client_secret")
            if not client_id or not secret:
                raise CredentialMissing("the source brought no credential")
            principal = await self._authenticator.authenticate_client(
                client_id, Sensitive(secret, "client.secret"), source=self._address
            )
        if not principal.may(PERMISSION):
            raise Refused("this client may not send audio", details={"permission": PERMISSION})
        return principal

    async def _attached(self, attach: Callable[[], Awaitable[Attachment]]) -> Attachment:
        """Try for a while when the database is away: the source's audio waits in the socket."""
        deadline = self._clock.monotonic() + ATTACH_PATIENCE_S
        while True:
            try:
                return await attach()
            except Unavailable as error:
                if self._clock.monotonic() >= deadline:
                    raise
                self._log.warning("a call waits to be begun", source=self.name, **describe(error))
                await asyncio.sleep(0.2)

    async def _audio(self, media: twilio.Media) -> None:
        if media.jumped is not None:
            await self._complain(media.jumped)
        attachment = self._attachment
        assert attachment is not None, "the stream takes no audio before start"
        if media.side not in attachment.sides:
            await self._claim(attachment, media.side)
        self._service.push(attachment, self, media.side, media.timestamp, media.payload)

    async def _claim(self, attachment: Attachment, side: Side) -> None:
        await self._service.claim(attachment, self, side)

    def _note(self, type_: str, data: dict[str, object]) -> None:
        assert self._attachment is not None, "the stream takes no events before start"
        self._service.note(self._attachment, type_, data)


def _pace(text: str | None) -> float:
    """How many times faster than time a replay says it plays: 1 unless it is believable."""
    try:
        pace = float(text or 1)
    except ValueError:
        return 1.0
    return pace if 1 <= pace <= FASTEST else 1.0
