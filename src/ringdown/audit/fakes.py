"""An audit log in memory, for tests of features that write to it."""

from ringdown.audit.model import EMPTY, AuditRow, Head
from ringdown.audit.ports import AuditSequenceBroken
from ringdown.runtime.db import Tx


class MemoryAuditStore:
    """`AuditStore` over a dictionary; passes the same contract as the SQL one."""

    async def head(self, tx: Tx, centre_id: str) -> Head:
        """Where the centre's chain ends."""
        rows = self._rows(tx, centre_id)
        return Head(len(rows), rows[-1].hash) if rows else EMPTY

    async def add(self, tx: Tx, row: AuditRow) -> None:
        """Keep a row. Raises `AuditSequenceBroken`."""
        if row.seq != len(self._rows(tx, row.centre_id)) + 1:
            raise AuditSequenceBroken(
                "an audit row does not follow the last one", details={"seq": row.seq}
            )
        tx.memory("audit_rows")[row.centre_id, row.seq] = row

    async def rows(self, tx: Tx, centre_id: str, *, after: int, limit: int) -> list[AuditRow]:
        """A page of one centre, in order."""
        return [row for row in self._rows(tx, centre_id) if row.seq > after][:limit]

    async def centres(self, tx: Tx) -> list[str]:
        """Every centre that has a chain."""
        return sorted({centre for centre, _ in self._table(tx)})

    def _table(self, tx: Tx) -> dict[tuple[str, int], AuditRow]:
        return tx.memory("audit_rows")

    def _rows(self, tx: Tx, centre_id: str) -> list[AuditRow]:
        return [row for (centre, _), row in self._table(tx).items() if centre == centre_id]
