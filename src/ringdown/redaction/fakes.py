"""Sealed values without a database."""

from collections.abc import Sequence

from ringdown.redaction.ports import SealedValue
from ringdown.runtime.db import Tx


class MemoryValueStore:
    """The `ValueStore` over the dictionaries of a `MemoryDatabase`."""

    async def values(self, tx: Tx, centre_id: str, call_id: str) -> list[SealedValue]:
        """The values of a call in the order they were said."""
        kept: dict[tuple[str, str], tuple[SealedValue, ...]] = tx.memory("redaction_values")
        return list(kept.get((centre_id, call_id), ()))

    async def count(self, tx: Tx, centre_id: str, call_id: str) -> int:
        """How many there are."""
        return len(await self.values(tx, centre_id, call_id))

    async def add(
        self, tx: Tx, centre_id: str, call_id: str, values: Sequence[SealedValue]
    ) -> None:
        """Keep more values of a call."""
        kept: dict[tuple[str, str], tuple[SealedValue, ...]] = tx.memory("redaction_values")
        kept[centre_id, call_id] = (*kept.get((centre_id, call_id), ()), *values)
