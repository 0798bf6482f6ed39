"""What the map needs from outside: a store."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from ringdown.runtime.db import Tx
from ringdown.streets.model.features import Layer


@dataclass(frozen=True)
class LayerRecord:
    """The version of a layer in use in a centre: from where, when and by whom."""

    centre_id: str
    layer: Layer
    version: str
    total: int
    source: str
    loaded_at: datetime
    loaded_by: str


class StreetStore(Protocol):
    """Features by centre, layer and version; one version is in use, others come or go."""

    async def layers(self, tx: Tx, centre_id: str | None = None) -> list[LayerRecord]:
        """The layers in use in one centre, or in all."""
        ...

    async def stage(
        self, tx: Tx, centre_id: str, layer: Layer, version: str, start: int, lines: Sequence[str]
    ) -> None:
        """Keep features `start`, `start + 1`, … of a version; those that are kept already stay."""
        ...

    async def staged(self, tx: Tx, centre_id: str, layer: Layer, version: str) -> int:
        """How many features of a version are kept."""
        ...

    async def use(self, tx: Tx, record: LayerRecord) -> None:
        """Put a version into use."""
        ...

    async def retire(self, tx: Tx, centre_id: str, layer: Layer) -> None:
        """No version of the layer is in use in the centre any more."""
        ...

    async def forget(self, tx: Tx, centre_id: str, layer: Layer, *, keep: str | None) -> None:
        """Delete the features of every version of the layer but one."""
        ...

    async def features(
        self, tx: Tx, centre_id: str, layer: Layer, version: str, *, start: int, limit: int
    ) -> list[str]:
        """Features of a version in their order."""
        ...
