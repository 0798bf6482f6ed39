"""Deliveries: queued by a confirmation, sent in order, tried until settled, never forgotten."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, timedelta, tzinfo
from typing import ClassVar, Final

from ringdown.audit.api import Audit
from ringdown.cad import model
from ringdown.cad.eido import Sender
from ringdown.cad.events import DeliveryChanged, IncidentSummarised
from ringdown.cad.lamp import light
from ringdown.cad.model import CadMessage, Delivery, DeliveryView, MessageForged, Outcome
from ringdown.cad.outgoing import Outgoing
from ringdown.cad.ports import CadAdapter, Centres, DeliveryStore, SummaryPublisher
from ringdown.calls.api import Calls
from ringdown.core.clock import Clock
from ringdown.core.errors import Conflict, NotFound, Refused
from ringdown.core.events import FactRecord
from ringdown.core.ids import IdSource
from ringdown.core.principal import Principal, system
from ringdown.incidents.api import ConfirmationForged, Incidents
from ringdown.incidents.events import IncidentConfirmed
from ringdown.runtime.bus import Bus
from ringdown.runtime.db import Database, Tx
from ringdown.runtime.facts import Facts
from ringdown.runtime.lamps import Lamps
from ringdown.runtime.tasks import describe
from ringdown.runtime.telemetry import get_logger

AT_ONCE: Final = 4
DEAD_LETTERS_SHOWN: Final = timedelta(hours=24)


class DeliveryNotFound(NotFound):
    """No such delivery in this centre."""

    code: ClassVar[str] = "cad.delivery.not_found"


class NothingToRetry(Conflict):
    """The delivery is not one that a person can have tried again now."""

    code: ClassVar[str] = "cad.delivery.nothing_to_retry"


class Superseded(Conflict):
    """A later version of the incident is under way; the old one must not come after it."""

    code: ClassVar[str] = "cad.delivery.superseded"
    action: ClassVar[str] = "Nothing: the later version holds everything that is confirmed."


class RetryNeedsPerson(Refused):
    """Only a person has a delivery tried again."""

    code: ClassVar[str] = "cad.delivery.person_needed"


class DeliveryService:
    """The CAD lane of every centre; implements `cad.api.Deliveries`.

    `jitter` gives numbers in [0, 1). `zone` is the one in which the lamp tells the time. With no
    adapter, confirmed incidents are held until one is set up. `sender` and `type_codes` are for
    `Outgoing`; with a `publisher`, summaries go there too.
    """

    def __init__(
        self,
        db: Database,
        store: DeliveryStore,
        *,
        adapter: CadAdapter | None,
        incidents: Incidents,
        calls: Calls,
        centres: Centres,
        facts: Facts,
        audit: Audit,
        lamps: Lamps,
        clock: Clock,
        ids: IdSource,
        jitter: Callable[[], float],
        zone: tzinfo = UTC,
        practice: bool = False,
        sender: Sender | None = None,
        publisher: SummaryPublisher | None = None,
        type_codes: Mapping[str, str] | None = None,
    ) -> None:
        self._db = db
        self._store = store
        self._adapter = adapter
        self._incidents = incidents
        self._calls = calls
        self._facts = facts
        self._audit = audit
        self._lamps = lamps
        self._clock = clock
        self._ids = ids
        self._jitter = jitter
        self._zone = zone
        self._practice = practice
        self._publisher = publisher
        self._outgoing = Outgoing(
            db,
            store,
            incidents=incidents,
            calls=calls,
            centres=centres,
            audit=audit,
            sender=sender or Sender(),
            type_codes=type_codes or {},
        )
        self._wake = asyncio.Event()
        self._log = get_logger("cad")

    def subscribe(self, bus: Bus) -> None:
        """Hear of confirmations."""
        bus.subscribe(IncidentConfirmed, self.on_confirmed, name="cad")
        if self._publisher is not None:
            bus.subscribe(IncidentSummarised, self.on_summarised, name="cad-summaries")

    # ---- into the queue

    async def on_confirmed(self, record: FactRecord) -> None:
        """Queue a confirmed incident once, however often the fact arrives.

        The row is its own mark: there is at most one for a confirmation.
        """
        fact = record.fact
        assert isinstance(fact, IncidentConfirmed), "the bus gives what was subscribed to"
        view, centre_id = fact.confirmation, fact.centre_id
        async with self._db.write() as tx:
            if await self._store.of_confirmation(tx, centre_id, view.confirmation_id) is not None:
                return
            # Read again from the store: a fact alone is not a person's word.
            confirmation = await self._incidents.confirmation(tx, centre_id, view.confirmation_id)
            centre, call = await self._outgoing.context(tx, confirmation)
            now = self._clock.now()
            delivery = Delivery(
                delivery_id=self._ids.new("dlv"),
                centre_id=centre_id,
                call_id=confirmation.call_id,
                incident_id=confirmation.view.incident_id,
                confirmation_id=confirmation.confirmation_id,
                digest=confirmation.digest,
                sequence=confirmation.view.sequence,
                centre=centre,
                call=call,
                queued_at=now,
                changed_at=now,
                state="queued" if self._adapter else "held",
            )
            message = self._outgoing.of_delivery(confirmation, delivery)
            await self._store.add(tx, delivery)
            await self._tell(tx, delivery)
            await self._record(tx, delivery, "cad:delivery:queued")
            await self._facts.append(
                tx,
                IncidentSummarised(
                    centre_id=centre_id, call_id=delivery.call_id, summary=message.summary
                ),
            )
        await self._light()

    async def on_summarised(self, record: FactRecord) -> None:
        """Publish the summary of a confirmed incident, however often the fact arrives.

        Raises MessageForged, ConfirmationForged, NotFound, and Unavailable while nobody answers.
        """
        fact = record.fact
        assert isinstance(fact, IncidentSummarised), "the bus gives what was subscribed to"
        assert self._publisher is not None, "subscribed only with a publisher"
        await self._publisher.publish(await self._outgoing.of_summary(fact))

    # ---- out of the queue

    async def run(self) -> None:
        """Send what is due, for ever; for `Tasks.supervise`. Begins with `recover`."""
        await self.recover()
        while True:
            self._wake.clear()
            pause = await self.run_once()
            try:
                async with asyncio.timeout(pause):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def recover(self) -> None:
        """Take up what an earlier run left: unfinished attempts, and what was held or not."""
        async with self._db.write() as tx:
            now = self._clock.now()
            for one in await self._store.unsettled(tx):
                if self._adapter is None:
                    after = one if one.state == "held" else model.held(one, now)
                elif one.state == "held":
                    after = model.requeued(one, now)
                elif one.state == "sending":
                    after = model.interrupted(one, now)
                else:
                    continue
                await self._keep(tx, one, after)
        await self._light()

    async def run_once(self) -> float | None:
        """Send everything that is due; seconds until something is due again, None if nothing."""
        if self._adapter is None:
            return None
        while True:
            async with self._db.read() as tx:
                waiting = await self._store.unsettled(tx)
            now = self._clock.now()
            ready, later = model.due(waiting, now)
            if not ready:
                break
            async with asyncio.TaskGroup() as group:
                for one in ready[:AT_ONCE]:
                    group.create_task(self._deliver(self._adapter, one))
            await self._light()
        if later is None:
            return None
        return max(0.0, (later - now).total_seconds())

    async def _deliver(self, adapter: CadAdapter, due: Delivery) -> None:
        async with self._db.write() as tx:
            one = await self._store.get(tx, due.centre_id, due.delivery_id)
            if one is None or one.state not in {"queued", "retrying"}:
                return
            sending = model.claimed(one, self._clock.now())
            await self._keep(tx, one, sending)
            message = await self._message(tx, sending)
        outcome = await self._attempt(adapter, message, sending)
        async with self._db.write() as tx:
            one = await self._store.get(tx, due.centre_id, due.delivery_id)
            if one is None or one.state != "sending" or one.attempts != sending.attempts:
                return
            after = model.attempted(one, outcome, self._clock.now(), self._jitter())
            await self._keep(tx, one, after)
            if after.settled:
                await self._record(tx, after, f"cad:delivery:{after.state}")
        self._log.info(
            "delivery attempted",
            delivery_id=after.delivery_id,
            state=after.state,
            attempts=after.attempts,
            code=after.last_error.code if after.last_error else None,
        )

    async def _message(self, tx: Tx, delivery: Delivery) -> CadMessage | model.Refused:
        """The message from the person's stored act, read and checked anew for every attempt."""
        try:
            confirmation = await self._incidents.confirmation(
                tx, delivery.centre_id, delivery.confirmation_id
            )
            return self._outgoing.of_delivery(confirmation, delivery)
        except (ConfirmationForged, MessageForged, NotFound) as error:
            self._log.critical(
                "no confirmation behind a delivery",
                delivery_id=delivery.delivery_id,
                **describe(error),
            )
            return model.Refused(error.code, "No person's confirmation stands behind this.")

    async def _attempt(
        self, adapter: CadAdapter, message: CadMessage | model.Refused, delivery: Delivery
    ) -> Outcome:
        if isinstance(message, model.Refused):
            return message
        try:
            return await adapter.send(message, now=self._clock.now())
        except Exception as error:  # noqa: BLE001 - an adapter may be anybody's: its failure is an outcome
            self._log.error(
                "CAD adapter failed", delivery_id=delivery.delivery_id, **describe(error)
            )
            return model.Retry("cad.adapter_failed", "The CAD adapter failed.")

    # ---- what people do and see

    async def retry(self, principal: Principal, delivery_id: str) -> DeliveryView:
        """A person has a delivery tried again now, with the same idempotency key."""
        if principal.kind != "user":
            raise RetryNeedsPerson("only a person may do this")
        async with self._db.write() as tx:
            one = await self._store.get(tx, principal.centre_id, delivery_id)
            if one is None:
                raise DeliveryNotFound("there is no such delivery")
            if one.state not in {"dead", "retrying"} or self._adapter is None:
                raise NothingToRetry("there is nothing to try again", details={"state": one.state})
            for other in await self._store.of_call(tx, one.centre_id, one.call_id):
                later = other.incident_id == one.incident_id and other.sequence > one.sequence
                if one.state == "dead" and later and other.attempts:
                    raise Superseded("a later version is under way or delivered")
            after = model.requeued(one, self._clock.now())
            await self._keep(tx, one, after)
            await self._audit.append(
                tx,
                centre_id=one.centre_id,
                tag="cad:delivery:retried",
                actor=principal,
                subject=delivery_id,
                details={"call_id": one.call_id, "attempts": one.attempts},
            )
        await self._light()
        return model.view(after)

    async def deliveries(self, principal: Principal, call_id: str) -> list[DeliveryView]:
        """The deliveries of a call, by sequence. Raises NotFound."""
        async with self._db.read() as tx:
            await self._calls.read(tx, principal.centre_id, call_id)
            return await self.read(tx, principal.centre_id, call_id)

    async def read(self, tx: Tx, centre_id: str, call_id: str) -> list[DeliveryView]:
        """The same, inside a transaction of the caller's own."""
        return [model.view(one) for one in await self._store.of_call(tx, centre_id, call_id)]

    async def eido(self, principal: Principal, call_id: str, version: int | None = None) -> bytes:
        """The EIDO of the newest confirmed version of a call's incident, or of one of them.

        Raises NotFound, NothingConfirmedYet.
        """
        return await self._outgoing.document(principal, call_id, version)

    # ---- shared steps

    async def _keep(self, tx: Tx, before: Delivery, after: Delivery) -> None:
        if after == before:
            return
        await self._store.save(tx, after)
        await self._tell(tx, after)

    async def _tell(self, tx: Tx, delivery: Delivery) -> None:
        fact = DeliveryChanged(
            centre_id=delivery.centre_id, call_id=delivery.call_id, delivery=model.view(delivery)
        )
        await self._facts.append(tx, fact)
        tx.after_commit(self._wake.set)

    async def _record(self, tx: Tx, delivery: Delivery, tag: str) -> None:
        await self._audit.append(
            tx,
            centre_id=delivery.centre_id,
            tag=tag,
            actor=system(delivery.centre_id, "cad"),
            subject=delivery.delivery_id,
            details={
                "call_id": delivery.call_id,
                "confirmation_id": delivery.confirmation_id,
                "digest": delivery.digest,
                "sequence": delivery.sequence,
                "attempts": delivery.attempts,
                "error": delivery.last_error.code if delivery.last_error else None,
            },
        )

    async def _light(self) -> None:
        async with self._db.read() as tx:
            waiting = await self._store.unsettled(tx)
            dead = await self._store.dead_since(tx, self._clock.now() - DEAD_LETTERS_SHOWN)
        now = light(
            set_up=self._adapter is not None,
            waiting=waiting,
            dead=dead,
            zone=self._zone,
            practice=self._practice,
        )
        self._lamps.set("cad", now.state, now.text, still_works=now.still_works)
