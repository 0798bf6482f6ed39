# pyright: reportUnknownMemberType=false
# nats-py is only partly typed.
"""Both lanes of the bus over NATS: facts through JetStream, signals through plain subjects.

Facts leave through the outbox: a relay reads the log after its own cursor and publishes with the
event id as `Nats-Msg-Id`, so that a repeat is dropped by the server. Each subscription is a
durable consumer with explicit acknowledgement and one fact under way at a time, which keeps order.

NATS may be away, at the start too: the log keeps every fact meanwhile, and all of them are passed
on once it answers. A NATS that has lost its stream is given the whole log again.
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator, Callable
from typing import Any, TypeVar

import nats
import structlog
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.errors import TimeoutError as NatsTimeout
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy, StreamConfig
from nats.js.errors import NotFoundError

from ringdown.core.clock import Clock, iso
from ringdown.core.events import Fact, Signal
from ringdown.runtime.bus import CursorStore, Giver, Handler, Patience, Subscription, Subscriptions
from ringdown.runtime.db import Database
from ringdown.runtime.facts import Facts, Stored
from ringdown.runtime.tasks import Tasks, describe

F = TypeVar("F", bound=Fact)
S = TypeVar("S", bound=Signal)

RELAY = "relay:nats"
ACK_WAIT_S = 6.0
"""After so long without a word from the handler's machine, a fact is given again."""
STILL_AT_WORK_S = 2.0
AGAIN_S = (0.1, 0.5, 1.0)


class NatsBus:
    """The bus of a centre that runs its parts on several machines."""

    def __init__(
        self,
        url: str,
        db: Database,
        facts: Facts,
        cursors: CursorStore,
        clock: Clock,
        *,
        prefix: str = "ringdown",
        patience: Patience | None = None,
        on_dead_letter: Callable[[str], None] = lambda _name: None,
        on_state: Callable[[bool], None] = lambda _connected: None,
    ) -> None:
        self._url = url
        self._db = db
        self._facts = facts
        self._cursors = cursors
        self._prefix = prefix
        self._giver = Giver(db, cursors, clock, patience or Patience(), on_dead_letter)
        self._on_state = on_state
        self._subscriptions = Subscriptions()
        self._client: Client | None = None
        self._stream_name = f"{prefix}-facts".replace(".", "-")
        self._connected: bool | None = None
        self._stream_known = False
        self._kinds: dict[str, type[Signal]] = {}
        self._wake = asyncio.Event()
        self._wake.set()
        self._log = structlog.get_logger("bus")
        facts.on_commit(self._wake.set)

    def subscribe(self, kind: type[F], handler: Handler, /, *, name: str) -> None:
        """Have `handler` called with every fact of `kind`, at least once, in order."""
        self._subscriptions.subscribe(kind, handler, name)

    def on_signal(self, kind: type[S], handler: Callable[[S], None], /) -> None:
        """Have `handler` called with each signal of `kind`, from any machine."""
        self._kinds[kind.kind] = kind
        self._subscriptions.on_signal(kind, handler)

    def signal(self, signal: Signal) -> None:
        """Tell whoever listens now, here and on other machines; while NATS is away, only here."""
        client = self._client
        if client is None or not client.is_connected:
            self._subscriptions.tell(signal)
            return
        body = signal.model_dump_json().encode()
        self._tasks.spawn(
            "bus:signal", client.publish(f"{self._prefix}.signal.{signal.kind}", body)
        )

    def start(self, tasks: Tasks) -> None:
        """Begin to serve every subscription made so far, as soon as NATS answers."""
        self._tasks = tasks

        def failed(_error: BaseException) -> None:
            self._stand(connected=False)

        tasks.supervise("bus:nats", self._begin, backoff_s=AGAIN_S, on_failure=failed)

    async def close(self) -> None:
        """Say good-bye to the server."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    async def _begin(self) -> None:
        """Connect, however long it takes, then put everything to work."""
        client = await self._connect()
        try:
            stream = client.jetstream()
            await self._ensure(stream)
            for kind in self._kinds.values():
                await client.subscribe(f"{self._prefix}.signal.{kind.kind}", cb=self._hear(kind))
        except BaseException:
            await client.close()
            raise
        self._client = client
        self._stand(connected=True)
        self._tasks.supervise("bus:relay", lambda: self._relay(stream), backoff_s=AGAIN_S)
        for subscription in self._subscriptions.facts.values():

            async def run(subscription: Subscription = subscription) -> None:
                await self._serve(stream, subscription)

            self._tasks.supervise(f"bus:{subscription.name}", run, backoff_s=AGAIN_S)

    async def _connect(self) -> Client:
        async def up() -> None:
            self._stream_known = False  # it may have lost what it had
            self._wake.set()
            self._stand(connected=True)

        async def down() -> None:
            self._stand(connected=False)

        async def fault(error: Exception) -> None:
            if self._connected is None:
                self._stand(connected=False)
            self._log.debug("nats", **describe(error))

        return await nats.connect(
            self._url,
            max_reconnect_attempts=-1,
            reconnect_time_wait=1,
            connect_timeout=2,
            # A server that hangs keeps its connections: found out within 9 s.
            ping_interval=3,
            max_outstanding_pings=2,
            reconnected_cb=up,
            disconnected_cb=down,
            error_cb=fault,
            allow_reconnect=True,
        )

    def _stand(self, *, connected: bool) -> None:
        """Tell whether NATS answers, when that has changed."""
        if connected != self._connected:
            self._connected = connected
            self._log.warning("nats", state="up" if connected else "down")
            self._on_state(connected)

    async def _ensure(self, stream: JetStreamContext) -> None:
        """Make the stream if it is not there; it is then given the log from its beginning."""
        config = StreamConfig(
            name=self._stream_name, subjects=[f"{self._prefix}.fact.>"], duplicate_window=3600
        )
        try:
            await stream.stream_info(self._stream_name)
        except NotFoundError:
            async with self._db.write() as tx:
                # First, so that a crash after the making leaves nothing out.
                await self._cursors.save(tx, RELAY, 0)
            await stream.add_stream(config)
        self._stream_known = True

    def _hear(self, kind: type[Signal]) -> Callable[[Any], Any]:
        async def hear(message: Any) -> None:
            self._subscriptions.tell(kind.model_validate_json(message.data))

        return hear

    async def _relay(self, stream: JetStreamContext) -> None:
        """Publish the log to JetStream, from the cursor on, once each."""
        self._wake.set()
        self._stream_known = False
        cursor = 0
        while True:
            await self._wake.wait()
            self._wake.clear()
            if not self._stream_known:
                await self._ensure(stream)
                async with self._db.read() as tx:
                    cursor = await self._cursors.load(tx, RELAY) or 0
            while True:
                async with self._db.read() as tx:
                    batch = await self._facts.after_seq(tx, cursor)
                if not batch:
                    break
                for stored in batch:
                    await stream.publish(
                        f"{self._prefix}.fact.{stored.record.fact.kind}",
                        json.dumps(_row(stored)).encode(),
                        headers={"Nats-Msg-Id": stored.record.event_id},
                    )
                    cursor = stored.seq
                async with self._db.write() as tx:
                    await self._cursors.save(tx, RELAY, cursor)

    async def _serve(self, stream: JetStreamContext, subscription: Subscription) -> None:
        durable = subscription.name.replace(".", "-").replace(":", "-")
        consumer = await stream.pull_subscribe(
            f"{self._prefix}.fact.>",
            durable=durable,
            stream=self._stream_name,
            config=ConsumerConfig(
                durable_name=durable,
                deliver_policy=DeliverPolicy.ALL,
                ack_policy=AckPolicy.EXPLICIT,
                ack_wait=ACK_WAIT_S,
                max_ack_pending=1,
            ),
        )
        try:
            while True:
                try:
                    messages = await consumer.fetch(1, timeout=5)
                except (NatsTimeout, TimeoutError):
                    continue
                for message in messages:
                    stored = self._facts.load(json.loads(message.data))
                    handler = subscription.handlers.get(stored.record.fact.kind)
                    if handler is not None:
                        async with self._at_work(message):
                            await self._giver.give(subscription.name, handler, stored)
                    await message.ack()
        finally:
            with contextlib.suppress(NatsError):
                await consumer.unsubscribe()

    @contextlib.asynccontextmanager
    async def _at_work(self, message: Any) -> AsyncGenerator[None, None]:
        """Have the fact not given to anybody else while it is being handled here."""

        async def tell() -> None:
            while True:
                await asyncio.sleep(STILL_AT_WORK_S)
                with contextlib.suppress(NatsError):  # while it is away, nobody else gets it
                    await message.in_progress()

        telling = self._tasks.spawn("bus:at-work", tell())
        try:
            yield
        finally:
            telling.cancel()


def _row(stored: Stored) -> dict[str, Any]:
    """A stored fact as the message that `Facts.load` reads back."""
    record = stored.record
    return {
        "seq": stored.seq,
        "centre_id": stored.centre_id,
        "position": record.position,
        "event_id": record.event_id,
        "kind": record.fact.kind,
        "call_id": record.fact.call_id,
        "at": iso(record.at),
        "body": record.fact.model_dump(mode="json", exclude={"centre_id", "call_id"}),
    }
