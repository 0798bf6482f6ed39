# pyright: reportUnknownMemberType=false
# nats-py is only partly typed.
"""Summaries of confirmed incidents on NATS JetStream, one subject for each incident.

The stream keeps them; a repeat is known by its `Nats-Msg-Id`, the id of the confirmation. The bus
gives one summary after another and waits while NATS is away, so that their order is kept.
"""

import asyncio
from contextlib import suppress

import nats
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import StreamConfig
from nats.js.errors import NotFoundError

from ringdown.cad.model import CadMessage
from ringdown.cad.schema import encode
from ringdown.cad.summary import SUBJECT, subject
from ringdown.core.errors import Unavailable

STREAM = "incident-summaries"
ANSWER_WITHIN_S = 5.0
KNOWN_AGAIN_S = 3600.0


class NatsSummaries:
    """The `SummaryPublisher` over NATS."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._client: Client | None = None
        self._stream: JetStreamContext | None = None
        self._connecting = asyncio.Lock()

    async def publish(self, message: CadMessage) -> None:
        """Publish the message's summary. Raises Unavailable, MessageForged."""
        summary = message.summary
        try:
            async with asyncio.timeout(2 * ANSWER_WITHIN_S):
                stream = await self._connected()
                await stream.publish(
                    subject(summary),
                    encode(summary),
                    timeout=ANSWER_WITHIN_S,
                    stream=STREAM,
                    headers={"Nats-Msg-Id": summary.confirmation_id},
                )
        except (NatsError, OSError, TimeoutError):
            # It may have come back without its stream: the next try looks again.
            await self.close()
            raise Unavailable("the message server (NATS) does not take summaries") from None

    async def close(self) -> None:
        """Say good-bye to the server."""
        client, self._client, self._stream = self._client, None, None
        if client is not None:
            with suppress(NatsError, OSError, TimeoutError):
                await client.close()

    async def _connected(self) -> JetStreamContext:
        async with self._connecting:
            if self._stream is not None:
                return self._stream
            client = await nats.connect(
                self._url, connect_timeout=2, allow_reconnect=False, error_cb=_quiet
            )
            self._client = client
            stream = client.jetstream(timeout=ANSWER_WITHIN_S)
            try:
                await stream.stream_info(STREAM)
            except NotFoundError:
                await stream.add_stream(
                    StreamConfig(
                        name=STREAM, subjects=[f"{SUBJECT}.>"], duplicate_window=KNOWN_AGAIN_S
                    )
                )
            self._stream = stream
            return stream


async def _quiet(_error: Exception) -> None:
    """What fails is told by the call that fails."""
