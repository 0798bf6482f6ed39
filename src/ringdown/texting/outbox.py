"""The queue to the carrier: every text is tried until the carrier has it, or it is too late.

The queue is the messages' own table, so it survives a restart. Texts to one number go in order,
one at a time; a carrier that is slow for one number holds up no other.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Final

from ringdown.core.clock import iso, parse_iso
from ringdown.core.sensitive import Sensitive
from ringdown.runtime.db import Tx
from ringdown.runtime.lamps import Lamps
from ringdown.runtime.tasks import describe
from ringdown.runtime.telemetry import get_logger
from ringdown.texting.desk import Desk, last_two
from ringdown.texting.model import MessageView, knows_more
from ringdown.texting.ports import Accepted, Carrier, Held, Later, Never, Outcome, OutgoingText

AT_ONCE: Final = 8
WAITS_S: Final = (1, 2, 4, 8, 15, 30)
LEASE_S: Final = 90
"""How long an attempt may last before it counts as lost with the server that made it."""
IDLE_S: Final = 30
STILL_WORKS: Final = "Voice, recording and transcript go on. Call back, or send the text yourself."
PRACTICE: Final = (
    "No carrier is set up: the console shows the text to send. Demo calls text practice phones."
)
TOO_LATE: Final = "The carrier could not be reached in time."


class Outbox:
    """Sends what is queued; without a carrier nothing ever is."""

    def __init__(self, desk: Desk, carrier: Carrier | None, lamps: Lamps) -> None:
        self._desk = desk
        self._carrier = carrier
        self._lamps = lamps
        self._wake = asyncio.Event()
        self._flying: set[str] = set()
        self._failing_since: datetime | None = None
        self._trouble = ""
        self._log = get_logger("texting")
        desk.on_queued.append(self._wake.set)

    async def run(self) -> None:
        """Send for ever; for `Tasks.supervise`."""
        await self._light()
        if self._carrier is None:
            return
        async with asyncio.TaskGroup() as group:
            while True:
                self._wake.clear()
                ready, pause = await self._due()
                for one in ready[: AT_ONCE - len(self._flying)]:
                    self._flying.add(one.view.message_id)
                    group.create_task(self._fly(self._carrier, one))
                try:
                    async with asyncio.timeout(pause):
                        await self._wake.wait()
                except TimeoutError:
                    continue

    async def run_once(self) -> None:
        """Try once whatever is due now."""
        while self._carrier is not None:
            ready, _ = await self._due()
            if not ready:
                return
            for one in ready:
                await self._attempt(self._carrier, one)

    async def _due(self) -> tuple[list[Held], float]:
        """The first text of each number that may go now, and seconds until there is another."""
        async with self._desk.db.read() as tx:
            unsent = await self._desk.store.unsent(tx)
        now, numbers = self._desk.clock.now(), set[tuple[str, str]]()
        ready: list[Held] = []
        pause = float(IDLE_S)
        for one in unsent:
            place = (one.centre_id, one.view.number)
            if place in numbers:
                continue
            numbers.add(place)
            wait = (parse_iso(one.due_at or one.view.at) - now).total_seconds()
            if one.view.message_id in self._flying:
                continue
            if wait <= 0:
                ready.append(one)
            else:
                pause = min(pause, wait)
        return ready, pause

    async def _fly(self, carrier: Carrier, one: Held) -> None:
        try:
            await self._attempt(carrier, one)
        except Exception as error:  # noqa: BLE001 - one text must not take the others with it
            self._log.error("a text could not be tried", **describe(error))
            await asyncio.sleep(1)
        finally:
            self._flying.discard(one.view.message_id)
            self._wake.set()

    async def _attempt(self, carrier: Carrier, due: Held) -> None:
        claimed = await self._claim(due)
        if claimed is None or claimed.outgoing is None:
            await self._light()
            return
        view = claimed.view
        text = OutgoingText(
            view.message_id,
            Sensitive(view.number, "texting.number"),
            Sensitive(claimed.outgoing, "texting.text"),
        )
        try:
            outcome = await carrier.send(text, now=self._desk.clock.now())
        except Exception as error:  # noqa: BLE001 - a carrier may be anybody's: it failing is an outcome
            self._log.error("the carrier's adapter failed", **describe(error))
            outcome = Later("texting.adapter_failed", "The carrier's adapter fails.")
        await self._settle(view.message_id, claimed.attempts, outcome)
        self._log.info(
            "text tried",
            message_id=view.message_id,
            attempts=claimed.attempts,
            outcome=type(outcome).__name__,
            code=None if isinstance(outcome, Accepted) else outcome.code,
        )

    async def _claim(self, due: Held) -> Held | None:
        """Count the attempt before it is made, so that a crash is no free one."""
        async with self._desk.db.write() as tx:
            one = await self._again(tx, due.view.message_id)
            if one is None or one.view.state != "queued" or one.outgoing is None:
                return None
            now = self._desk.clock.now()
            if one.due_at is not None and parse_iso(one.due_at) > now:
                return None  # another server has it
            if (now - parse_iso(one.view.at)).total_seconds() > self._desk.settings.give_up_after_s:
                await self._desk.change(
                    tx, one, self._with(one.view, state="failed", error=TOO_LATE), outgoing=None
                )
                return None
            lease = iso(now + timedelta(seconds=LEASE_S))
            await self._desk.change(tx, one, one.view, attempts=one.attempts + 1, due_at=lease)
            return Held(one.centre_id, one.kept, one.attempts + 1, lease, one.outgoing, one.media)

    async def _settle(self, message_id: str, attempts: int, outcome: Outcome) -> None:
        async with self._desk.db.write() as tx:
            one = await self._again(tx, message_id)
            if one is None:
                return
            match outcome:
                case Accepted():
                    await self._accepted(tx, one, outcome)
                case Never():
                    await self._refused(tx, one, outcome)
                case Later():
                    await self._later(tx, one, attempts, outcome)
        if isinstance(outcome, Later):
            self._failing_since = self._failing_since or self._desk.clock.now()
            self._trouble = outcome.text
        else:
            self._failing_since = None
        await self._light()

    async def _accepted(self, tx: Tx, one: Held, outcome: Accepted) -> None:
        after = one.view
        if knows_more(after.state, outcome.state):
            after = self._with(after, state=outcome.state, error=None)
        known = {"carrier_id": outcome.carrier_id} if outcome.carrier_id else {}
        await self._desk.change(tx, one, after, outgoing=None, **known)

    async def _refused(self, tx: Tx, one: Held, outcome: Never) -> None:
        after = one.view
        if knows_more(after.state, "failed"):
            after = self._with(after, state="failed", error=outcome.text)
        await self._desk.change(tx, one, after, outgoing=None)
        if outcome.stopped and await self._desk.store.stop(
            tx, one.centre_id, after.number, self._desk.now()
        ):
            await self._desk.record(
                tx, one.centre_id, "texting:number:stopped", after.call_id,
                number=last_two(after.number), told_by="carrier",
            )  # fmt: skip

    async def _later(self, tx: Tx, one: Held, attempts: int, outcome: Later) -> None:
        if one.view.state != "queued":
            return
        wait = outcome.after_s or WAITS_S[min(attempts, len(WAITS_S)) - 1]
        due = iso(self._desk.clock.now() + timedelta(seconds=min(wait, 60)))
        after = one.view
        if after.error != outcome.text:
            after = self._with(after, error=outcome.text)
        await self._desk.change(tx, one, after, due_at=due)

    async def _again(self, tx: Tx, message_id: str) -> Held | None:
        return await self._desk.store.find(tx, message_id=message_id, carrier_id=None)

    def _with(self, view: MessageView, **changes: object) -> MessageView:
        return view.model_copy(update={**changes, "changed_at": self._desk.now()})

    async def _light(self) -> None:
        if self._carrier is None:
            self._lamps.set(
                "texting", "off", "No carrier is set up: the console shows the text to send."
            )
            return
        async with self._desk.db.read() as tx:
            waiting = len(await self._desk.store.unsent(tx))
        if self._failing_since is None:
            told = PRACTICE if self._desk.practice else "The carrier takes texts."
            self._lamps.set("texting", "off" if self._desk.practice else "ok", told)
            return
        since = self._failing_since.astimezone(UTC)
        texts = "1 text waits." if waiting == 1 else f"{waiting} texts wait."
        self._lamps.set(
            "texting",
            "down",
            f"{self._trouble} So since {since:%H:%M} UTC. {texts}",
            still_works=STILL_WORKS,
        )
