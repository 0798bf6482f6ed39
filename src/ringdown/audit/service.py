"""The audit log: append an act, read it, export it, check the chain."""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass

from ringdown.audit.catalogue import known
from ringdown.audit.model import AuditRow, Head, next_row
from ringdown.audit.ports import AuditStore
from ringdown.audit.verify_export import Finding, Verifier
from ringdown.core.clock import Clock
from ringdown.core.principal import Principal
from ringdown.runtime.db import Database, Tx

PAGE = 500


@dataclass(frozen=True)
class Verdict:
    """What checking one chain found; no findings means that it is whole."""

    centre_id: str
    head: Head
    findings: tuple[Finding, ...]


class AuditLog:
    """Implements `audit.api.Audit`, and what auditors ask of the log."""

    def __init__(self, store: AuditStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def append(
        self,
        tx: Tx,
        *,
        centre_id: str,
        tag: str,
        actor: Principal,
        subject: str,
        details: Mapping[str, object] | None = None,
    ) -> None:
        """Write down an act in the caller's transaction; see `audit.api.Audit.append`."""
        row = next_row(
            await self._store.head(tx, centre_id),
            centre_id=centre_id,
            at=self._clock.now(),
            tag=known(tag),
            actor=actor,
            subject=subject,
            details=details or {},
        )
        await self._store.add(tx, row)

    async def read(
        self, database: Database, actor: Principal, *, after: int, limit: int
    ) -> list[AuditRow]:
        """A page of the actor's centre; the reading itself is written down (CJIS AU-2)."""
        async with database.write() as tx:
            rows = await self._store.rows(tx, actor.centre_id, after=after, limit=limit)
            await self.append(
                tx,
                centre_id=actor.centre_id,
                tag="audit:log:read",
                actor=actor,
                subject=actor.centre_id,
                details={"after": after, "limit": limit, "rows": len(rows)},
            )
        return rows

    async def begin_export(self, database: Database, actor: Principal, centre_id: str) -> Head:
        """Write down that an export is made, and say where the export will end: at that row."""
        async with database.write() as tx:
            await self.append(
                tx,
                centre_id=centre_id,
                tag="audit:log:exported",
                actor=actor,
                subject=centre_id,
                details={"rows": (await self._store.head(tx, centre_id)).count + 1},
            )
            return await self._store.head(tx, centre_id)

    async def lines(
        self, database: Database, centre_id: str, upto: int
    ) -> AsyncGenerator[str, None]:
        """The export's lines, one row each, from the first to the row `upto`.

        Rows never change, so reading page by page gives the same lines as one snapshot would.
        """
        after = 0
        while after < upto:
            async with database.read() as tx:
                rows = await self._store.rows(
                    tx, centre_id, after=after, limit=min(PAGE, upto - after)
                )
            if not rows:
                return
            for row in rows:
                yield row.line() + "\n"
            after = rows[-1].seq

    async def centres(self, database: Database) -> list[str]:
        """Every centre that has a chain; `installation` is the one of no centre."""
        async with database.read() as tx:
            return await self._store.centres(tx)

    async def verify(
        self, database: Database, centre_id: str, *, expected: Head | None = None
    ) -> Verdict:
        """Check one centre's whole chain, against an end noted elsewhere if there is one."""
        verifier = Verifier(
            centre_id=centre_id,
            head=expected.hash if expected else None,
            count=expected.count if expected else None,
        )
        async with database.read() as tx:
            after = 0
            while rows := await self._store.rows(tx, centre_id, after=after, limit=PAGE):
                for row in rows:
                    verifier.feed(row.line().encode("ascii"))
                after = rows[-1].seq
        report = verifier.finish()
        return Verdict(centre_id, Head(report.count, report.head), tuple(report.findings))
