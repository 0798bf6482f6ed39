"""Webhooks to a fast receiver over TLS: delivered and durable, beside bare requests alone."""

import asyncio
import multiprocessing
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from bench.report import Measured
from ringdown.audit.service import AuditLog
from ringdown.audit.store import SqlAuditStore
from ringdown.calls.api import CallView
from ringdown.calls.events import CallStarted
from ringdown.core.events import FactRecord
from ringdown.core.principal import Principal
from ringdown.partners.adapters.guarded import OpenGuarded, trust
from ringdown.partners.adapters.vault import AesVault
from ringdown.partners.endpoints import Bearer, EndpointService
from ringdown.partners.fakes import KnownPartners
from ringdown.partners.links import Links
from ringdown.partners.ports import Partner
from ringdown.partners.sender import Sender
from ringdown.partners.service import IncidentService
from ringdown.partners.settings import PartnersSettings
from ringdown.partners.store import SqlDeliveryLedger, SqlEndpointStore, SqlIncidentStore
from ringdown.runtime.clock import SystemClock
from ringdown.runtime.db import SqlDatabase, metadata
from ringdown.runtime.ids import SystemIds
from ringdown.runtime.lamps import Lamps
from ringdown.runtime.tasks import Tasks
from ringdown.runtime.telemetry import Metrics
from ringdown.testing.hooks import receiving

DELIVERIES = 3_000
AT_ONCE = 8
ROUNDS = 3
ASKED = 300
ADMIN = Principal("user", "user_1", "Ada", "a", frozenset(), "ses_1")
BODY = b'{"type":"incident_metadata","id":"6f2c1a34-5b6d-4e7f-8a90-b1c2d3e4f506"}' + b" " * 200


def _receive(ready: Connection, folder: str) -> None:
    """The receiver, in a process of its own."""

    async def serve() -> None:
        async with receiving(Path(folder)) as hooks:
            ready.send((hooks.url, str(hooks.ca_file)))
            await asyncio.Event().wait()

    asyncio.run(serve())


async def _bare(url: str, ca_file: str) -> float:
    """The same bytes from memory over as many connections, nothing kept."""
    opened = OpenGuarded(SystemClock(), trust(Path(ca_file)))
    post = opened(allow_private=True, connections=AT_ONCE)
    left = iter(range(DELIVERIES))

    async def work() -> None:
        for _ in left:
            await post.post(url, BODY, {"content-type": "application/json"}, timeout_s=15)

    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(work())
    took = time.perf_counter() - began
    await post.close()
    return DELIVERIES / took


class _Quiet:
    def signal(self, signal: object) -> None:
        """Nobody listens."""


def _call(number: int) -> CallView:
    return CallView.model_validate(
        {
            "call_id": f"call_{number:06d}", "external_id": "x", "source": "x",
            "direction": "inbound", "state": "ringing", "started_at": "2026-03-01T02:59:00Z",
            "answered_at": None, "ended_at": None, "end_reason": None, "ani": "+12025550143",
            "ali": None, "demo": False, "assigned_to": None, "attention": None, "legs": [],
        }
    )  # fmt: skip


async def _ours(url: str, ca_file: str) -> tuple[float, float]:
    """Facts into the ledger a second, and deliveries out of it a second, durable on SQLite."""
    with tempfile.TemporaryDirectory() as folder:
        db = SqlDatabase(f"sqlite:///{folder}/bench.sqlite3")
        async with db.engine.begin() as connection:
            await connection.run_sync(metadata.create_all)
        clock = SystemClock()
        ids, audit = SystemIds(clock), AuditLog(SqlAuditStore(), clock)
        stores: tuple[Any, Any] = (SqlEndpointStore(), SqlDeliveryLedger())
        partners = KnownPartners(Partner("client_1", "a", "App", True))
        vault, opened = AesVault(b"k" * 32), OpenGuarded(clock, trust(Path(ca_file)))
        endpoints = EndpointService(
            db, *stores, partners=partners, vault=vault, open_post=opened, audit=audit,
            clock=clock, ids=ids, random_bytes=lambda n: b"s" * n,
        )  # fmt: skip
        await endpoints.add(
            ADMIN, client_id="client_1", name="Fast", url=url, events=["incident_metadata"],
            bearer=Bearer("none"), allow_private=True,
        )  # fmt: skip
        incidents = IncidentService(
            db, SqlIncidentStore(), *stores, partners=partners, calls=None, recordings=None,  # type: ignore[arg-type]
            listening=None, links=Links(b"k" * 32), settings=PartnersSettings(),  # type: ignore[arg-type]
            address=lambda: "https://x.test", clock=clock, ids=ids,
        )  # fmt: skip
        began = time.perf_counter()
        for number in range(DELIVERIES):
            view = _call(number)
            fact = CallStarted(centre_id="a", call_id=view.call_id, call=view)
            record = FactRecord(number + 1, f"evt_{number:06d}", clock.now(), fact)
            await incidents.on_call(record)
        queued = DELIVERIES / (time.perf_counter() - began)
        async with Tasks() as tasks:
            sender = Sender(
                db, *stores, partners=partners, open_post=opened, vault=vault, audit=audit,
                lamps=Lamps(clock, _Quiet()), clock=clock, tasks=tasks, metrics=Metrics(),
                jitter=lambda: 0.0,
            )  # fmt: skip
            began = time.perf_counter()
            tasks.supervise("webhooks", sender.run)
            while (await endpoints.every(ADMIN))[0].queued:  # noqa: ASYNC110 - the ledger has no event
                await asyncio.sleep(0.1)
            sent = DELIVERIES / (time.perf_counter() - began)
        left = await endpoints.deliveries(ADMIN, state="delivered", limit=DELIVERIES)
        if len(left) != DELIVERIES:
            raise ValueError("not every delivery was taken")
        await db.close()
        return queued, sent


def run() -> Measured:
    """Both in turn, three rounds; the median counts."""
    rounds: list[tuple[float, float, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        mine, theirs = multiprocessing.Pipe()
        process = multiprocessing.get_context("spawn").Process(
            target=_receive, args=(theirs, folder), daemon=True
        )
        process.start()
        try:
            url, ca_file = mine.recv()
            for _ in range(ROUNDS):
                bare = asyncio.run(_bare(url, ca_file))
                rounds.append((bare, *asyncio.run(_ours(url, ca_file))))
        finally:
            process.terminate()
            process.join()
    sent = sorted(round(one[2]) for one in rounds)[ROUNDS // 2]
    ratio = sorted(one[2] / one[0] for one in rounds)[ROUNDS // 2]
    return Measured(
        title="Webhooks to a fast receiver, durable",
        asked=f"at least {ASKED} a second",
        got=f"{sent} a second, {ratio:.0%} of bare requests",
        met=sent >= ASKED,
        rows={
            "deliveries": DELIVERIES,
            "at the same time": AT_ONCE,
            "a second, bare requests that keep nothing (each round)": [
                round(a) for a, _, _ in rounds
            ],
            "a second, ours, outcome durable (each round)": [round(c) for _, _, c in rounds],
            "facts put into the ledger a second (each round)": [round(b) for _, b, _ in rounds],
            "ratio (each round)": [f"{c / a:.0%}" for a, _, c in rounds],
        },
        how=(
            "Each fact of a call makes one delivery in a transaction of its own (SQLite, synced at "
            "every commit). Then all are sent to one endpoint over TLS on loopback, each signed; "
            "outcomes are written together as they come, and a delivery counts once its outcome "
            "is durable. The peer sends the same number of requests over as many connections."
        ),
    )
