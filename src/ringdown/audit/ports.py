"""What the audit log needs from outside: somewhere to keep rows that are never changed."""

from typing import ClassVar, Protocol

from ringdown.audit.model import AuditRow, Head
from ringdown.core.errors import RingdownError
from ringdown.runtime.db import Tx


class AuditSequenceBroken(RingdownError):
    """A row does not follow the last one of its centre: two writers at once, or a bug."""

    code: ClassVar[str] = "audit.sequence.broken"
    retryable = True
    severity = "critical"
    action: ClassVar[str] = "Do it again. If it happens again, run `ringdown audit verify`."


class AuditStore(Protocol):
    """Where the rows are kept. There is no way to change or remove one."""

    async def head(self, tx: Tx, centre_id: str) -> Head:
        """Where the centre's chain ends; `EMPTY` if it has not begun."""
        ...

    async def add(self, tx: Tx, row: AuditRow) -> None:
        """Keep a row. Raises `AuditSequenceBroken` unless it is the next one of its centre."""
        ...

    async def rows(self, tx: Tx, centre_id: str, *, after: int, limit: int) -> list[AuditRow]:
        """At most `limit` rows of one centre with `seq` above `after`, in order."""
        ...

    async def centres(self, tx: Tx) -> list[str]:
        """Every centre that has a chain, in alphabetical order."""
        ...
