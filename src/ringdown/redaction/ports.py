"""What redaction needs from outside: a store of sealed values, and a vault that seals them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from ringdown.redaction.model.pieces import Label
from ringdown.runtime.db import Tx


@dataclass(frozen=True, slots=True)
class SealedValue:
    """What a token of a call stands for, sealed; `number` is its place among the call's values."""

    number: int
    token: str
    label: Label
    sealed: str
    kept_at: datetime


class ValueStore(Protocol):
    """The sealed values by centre and call."""

    async def values(self, tx: Tx, centre_id: str, call_id: str) -> list[SealedValue]:
        """The values of a call in the order they were said; of another centre's call, none."""
        ...

    async def count(self, tx: Tx, centre_id: str, call_id: str) -> int:
        """How many there are."""
        ...

    async def add(
        self, tx: Tx, centre_id: str, call_id: str, values: Sequence[SealedValue]
    ) -> None:
        """Keep more values of a call."""
        ...


class Vault(Protocol):
    """Seals values, and opens them again."""

    def seal(self, secret: str, about: str) -> str:
        """Encrypt; it opens only with the same `about`."""
        ...

    def open(self, sealed: str, about: str) -> str:
        """Decrypt. Raises `ValuesClosed`."""
        ...
