"""Sends what is due: a lane for each endpoint, so that a slow one never delays another.

A lane reads what is due, keeps a bounded number of attempts under way, and hands what came of
them to one committer, which writes everything that has come meanwhile in one transaction. Nothing
is written before an attempt, so a crash in mid-attempt sends the same bytes again: at least once.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Final

from ringdown.audit.api import Audit
from ringdown.core.clock import Clock, iso
from ringdown.core.errors import RingdownError, Unavailable
from ringdown.core.principal import system
from ringdown.identity.events import ClientStopped
from ringdown.partners.attempts import Attempts
from ringdown.partners.lamp import light
from ringdown.partners.ledger import (
    GONE,
    SCHEDULE,
    Delivered,
    Delivery,
    Endpoint,
    Failed,
    Gone,
    LastError,
    Outcome,
    attempted,
)
from ringdown.partners.ports import (
    DeliveryLedger,
    EndpointStore,
    OpenPost,
    Partners,
    Vault,
)
from ringdown.runtime.db import Database, Tx
from ringdown.runtime.lamps import Lamps
from ringdown.runtime.tasks import Tasks, describe
from ringdown.runtime.telemetry import Metrics, get_logger

BATCH: Final = 200
"""How many deliveries a lane reads at a time."""
TOGETHER_S: Final = 0.03
"""How long the first outcome waits for others to be written with it."""
MOST_UNWRITTEN: Final = 500
"""So many outcomes may wait to be written; then attempts wait too."""
AGAIN_S: Final = 1.0
"""How long the committer waits for a database that does not answer."""
LONGEST_NAP_S: Final = 60.0
"""A lane looks again after this at the latest: the clock may have been set."""
DISABLED_TAG: Final = "partners:endpoint:disabled"


@dataclass(frozen=True)
class Sending:
    """How to send."""

    schedule: Sequence[float] = SCHEDULE
    timeout_s: float = 15.0
    at_once: int = 8


@dataclass
class _Made:
    """An attempt that was made and is not written yet."""

    delivery: Delivery
    outcome: Outcome
    at: datetime
    written: asyncio.Future[None]


class Sender:
    """The webhooks of every centre. `jitter` gives numbers in [0, 1)."""

    def __init__(
        self,
        db: Database,
        endpoints: EndpointStore,
        ledger: DeliveryLedger,
        *,
        partners: Partners,
        open_post: OpenPost,
        vault: Vault,
        audit: Audit,
        lamps: Lamps,
        clock: Clock,
        tasks: Tasks,
        metrics: Metrics,
        jitter: Callable[[], float],
        sending: Sending | None = None,
    ) -> None:
        self._db = db
        self._endpoints = endpoints
        self._ledger = ledger
        self._partners = partners
        self._open_post = open_post
        self._vault = vault
        self._audit = audit
        self._lamps = lamps
        self._clock = clock
        self._tasks = tasks
        self._jitter = jitter
        self._sending = sending or Sending()
        self._lanes: dict[str, _Lane] = {}
        self._changed = asyncio.Event()
        self._made: list[_Made] = []
        self._something = asyncio.Event()
        self._relight = asyncio.Event()
        self._stopped: set[str] = set()
        self._log = get_logger("partners")
        self._attempts = metrics.counter(
            "ringdown_webhook_attempts", "Attempts to deliver webhooks.", ("outcome",)
        )

    # ---- what the other parts say

    def look(self, endpoint_ids: Sequence[str]) -> None:
        """Something is in the queue of these endpoints."""
        for endpoint_id in endpoint_ids:
            lane = self._lanes.get(endpoint_id)
            if lane is not None:
                lane.wake.set()

    def changed(self) -> None:
        """An endpoint was added, changed or removed."""
        self._changed.set()

    def client_stopped(self, signal: ClientStopped) -> None:
        """A partner's credential was disabled: nothing more goes to its endpoints, at once."""
        if signal.why != "disabled":
            return
        self._stopped.add(signal.client_id)
        for lane in self._lanes.values():
            if lane.endpoint.client_id == signal.client_id:
                lane.cancel()
        self._changed.set()

    # ---- running

    async def run(self) -> None:
        """Keep a lane for each endpoint that may be sent to; for `Tasks.supervise`."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._commit_for_ever())
                group.create_task(self._light_for_ever())
                while True:
                    self._changed.clear()
                    await self.arrange()
                    await self._changed.wait()
        finally:
            await self._end(list(self._lanes))
            await self.commit()

    async def arrange(self) -> None:
        """Begin, renew and end lanes, as the endpoints are now."""
        async with self._db.read() as tx:
            found = await self._endpoints.every(tx)
            lost = [one for one in found if one.enabled and not await self._entitled(tx, one)]
        if lost:
            await self._disable(lost)
        usable = {
            one.endpoint_id: as_decided(one) for one in found if one.enabled and one not in lost
        }
        stale = [key for key, lane in self._lanes.items() if lane.endpoint != usable.get(key)]
        await self._end(stale)
        for endpoint_id, one in usable.items():
            if endpoint_id not in self._lanes:
                self._lanes[endpoint_id] = _Lane(self, one)
        self._relight.set()

    async def _entitled(self, tx: Tx, endpoint: Endpoint) -> bool:
        partner = await self._partners.partner(
            tx,
            endpoint.centre_id,
            endpoint.client_id,
        )
        return partner is not None and partner.enabled

    async def _disable(self, lost: Sequence[Endpoint]) -> None:
        async with self._db.write() as tx:
            for one in lost:
                if await self._endpoints.disable(tx, one.endpoint_id, "credential"):
                    await self._audit.append(
                        tx,
                        centre_id=one.centre_id,
                        tag=DISABLED_TAG,
                        actor=system(one.centre_id, "partners"),
                        subject=one.endpoint_id,
                        details={"because": "credential", "client_id": one.client_id},
                    )

    async def _end(self, endpoint_ids: Sequence[str]) -> None:
        for endpoint_id in endpoint_ids:
            await self._lanes.pop(endpoint_id).end()

    # ---- one attempt

    async def attempt(self, attempts: Attempts, delivery: Delivery) -> asyncio.Future[None]:
        """Make one attempt and have it written; what is returned is done once it is durable.

        Nobody waits for that, so that many outcomes are written together; unless too many do.
        """
        try:
            outcome = await attempts.make(
                event_id=delivery.event_id,
                delivery_id=delivery.delivery_id,
                attempt=delivery.attempts + 1,
                body=delivery.body.encode(),
            )
        except RingdownError as error:
            self._log.error("webhook not sent", delivery_id=delivery.delivery_id, **describe(error))
            outcome = Failed(error.code, "The webhook could not be made: see the log.")
        self._attempts.labels(type(outcome).__name__.lower()).inc()
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._made.append(_Made(delivery, outcome, self._clock.now(), written))
        self._something.set()
        if len(self._made) >= MOST_UNWRITTEN:
            await asyncio.shield(written)
        return written

    async def _commit_for_ever(self) -> None:
        while True:
            await self._something.wait()
            await asyncio.sleep(TOGETHER_S)
            self._something.clear()
            await self.commit()

    async def commit(self) -> None:
        """Write everything that has been attempted, in one transaction."""
        batch, self._made = self._made, []
        if not batch:
            return
        while True:
            try:
                await self._write(batch)
            except Unavailable as error:
                self._log.warning("webhook outcomes wait", count=len(batch), **describe(error))
                await asyncio.sleep(AGAIN_S)
            else:
                break
        for one in batch:
            if not one.written.done():
                one.written.set_result(None)

    async def _write(self, batch: Sequence[_Made]) -> None:
        after = [
            attempted(one.delivery, one.outcome, one.at, self._jitter(), self._sending.schedule)
            for one in batch
        ]
        newest = {one.delivery.endpoint_id: one for one in batch if not _is_good(one)}
        good = {one.delivery.endpoint_id: one.at for one in batch if _is_good(one)}
        async with self._db.write() as tx:
            await self._ledger.settle(tx, after)
            for endpoint_id in {*newest, *good}:
                failed = newest.get(endpoint_id)
                await self._endpoints.happened(
                    tx,
                    endpoint_id,
                    success_at=good.get(endpoint_id),
                    error=None if failed is None else _error(failed),
                )
            for one in batch:
                if isinstance(one.outcome, Gone):
                    await self._gone(tx, one.delivery)
        if any(not _is_good(one) for one in batch) or self._lamp_down():
            self._relight.set()
        if any(isinstance(one.outcome, Gone) for one in batch):
            self._changed.set()

    async def _gone(self, tx: Tx, delivery: Delivery) -> None:
        """The receiver answered 410: stop, and have a person look."""
        if await self._endpoints.disable(tx, delivery.endpoint_id, "gone"):
            await self._audit.append(
                tx,
                centre_id=delivery.centre_id,
                tag=DISABLED_TAG,
                actor=system(delivery.centre_id, "partners"),
                subject=delivery.endpoint_id,
                details={"because": "gone", "delivery_id": delivery.delivery_id},
            )

    # ---- the lamp

    def _lamp_down(self) -> bool:
        lamp = self._lamps.get("partners")
        return lamp is not None and lamp.state in {"warn", "down"}

    async def _light_for_ever(self) -> None:
        while True:
            await self._relight.wait()
            self._relight.clear()
            await self.relight()

    async def relight(self) -> None:
        """Say how it stands."""
        async with self._db.read() as tx:
            now = light(await self._endpoints.every(tx), await self._ledger.counts(tx, None))
        self._lamps.set("partners", now.state, now.text, still_works=now.still_works)

    def say(self) -> None:
        """Have the lamp look again."""
        self._relight.set()

    # ---- for lanes

    async def due(self, endpoint: Endpoint, limit: int) -> tuple[list[Delivery], float]:
        """What may be sent to an endpoint now, and seconds until something more is due."""
        now = self._clock.now()
        async with self._db.read() as tx:
            found = await self._ledger.due(tx, endpoint.endpoint_id, now, limit)
            later = await self._ledger.next_due(tx, endpoint.endpoint_id, now)
        nap = LONGEST_NAP_S if later is None else (later - now).total_seconds()
        return found, min(max(nap, 0.0), LONGEST_NAP_S)

    def may(self, endpoint: Endpoint) -> bool:
        """Whether its partner has not been stopped."""
        return endpoint.client_id not in self._stopped

    def attempts_for(self, endpoint: Endpoint) -> tuple[Attempts, Callable[[], Awaitable[None]]]:
        """What makes attempts at an endpoint, and what closes its connections."""
        post = self._open_post(
            allow_private=endpoint.allow_private, connections=self._sending.at_once
        )
        attempts = Attempts(
            endpoint, post, self._vault, self._clock, timeout_s=self._sending.timeout_s
        )
        return attempts, post.close

    @property
    def tasks(self) -> Tasks:
        """The owner of what the lanes run."""
        return self._tasks

    @property
    def at_once(self) -> int:
        """How many attempts a lane has under way."""
        return self._sending.at_once


def as_decided(endpoint: Endpoint) -> Endpoint:
    """An endpoint without what happened to it: what a lane depends on."""
    return replace(endpoint, last_success_at=None, last_error=None)


def _is_good(one: _Made) -> bool:
    return isinstance(one.outcome, Delivered)


def _error(one: _Made) -> LastError:
    if isinstance(one.outcome, Failed):
        return LastError(code=one.outcome.code, text=one.outcome.text, at=iso(one.at))
    return LastError(code=GONE.code, text=GONE.text, at=iso(one.at))


class _Lane:
    """The deliveries of one endpoint, a bounded number at a time."""

    def __init__(self, sender: Sender, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self.wake = asyncio.Event()
        self._sender = sender
        self._taken: set[str] = set()
        self._task = sender.tasks.supervise(f"webhooks:{endpoint.endpoint_id}", self._run)

    def cancel(self) -> None:
        """Stop at once, in mid-attempt too."""
        self._task.cancel()

    async def end(self) -> None:
        """Stop and wait until it has."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        self._taken.clear()
        attempts, close = self._sender.attempts_for(self.endpoint)
        queue: asyncio.Queue[Delivery] = asyncio.Queue(BATCH)
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(self._sender.at_once):
                    group.create_task(self._work(attempts, queue))
                await self._feed(queue)
        finally:
            await close()

    async def _feed(self, queue: asyncio.Queue[Delivery]) -> None:
        while self._sender.may(self.endpoint):
            self.wake.clear()
            found, nap = await self._sender.due(self.endpoint, BATCH + len(self._taken))
            fresh = [one for one in found if one.delivery_id not in self._taken]
            for one in fresh:
                self._taken.add(one.delivery_id)
                await queue.put(one)
            if not fresh:
                try:
                    async with asyncio.timeout(nap):
                        await self.wake.wait()
                except TimeoutError:
                    continue

    async def _work(self, attempts: Attempts, queue: asyncio.Queue[Delivery]) -> None:
        while True:
            one = await queue.get()
            written = await self._sender.attempt(attempts, one)
            written.add_done_callback(partial(self._done, one.delivery_id))

    def _done(self, delivery_id: str, written: asyncio.Future[None]) -> None:
        """It is written, and may be due again sooner than the feeder thinks."""
        del written
        self._taken.discard(delivery_id)
        self.wake.set()
