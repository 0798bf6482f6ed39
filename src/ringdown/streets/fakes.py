"""The map without a database."""

from collections.abc import Sequence

from ringdown.runtime.db import Tx
from ringdown.streets.model.features import Layer
from ringdown.streets.ports import LayerRecord

_Key = tuple[str, Layer, str, int]


class MemoryStreetStore:
    """The `StreetStore` over the dictionaries of a `MemoryDatabase`."""

    async def layers(self, tx: Tx, centre_id: str | None = None) -> list[LayerRecord]:
        """The layers in use in one centre, or in all."""
        kept: dict[tuple[str, Layer], LayerRecord] = tx.memory("street_layers")
        return [kept[key] for key in sorted(kept) if centre_id in (None, key[0])]

    async def stage(
        self, tx: Tx, centre_id: str, layer: Layer, version: str, start: int, lines: Sequence[str]
    ) -> None:
        """Keep features `start`, `start + 1`, … of a version; those that are kept already stay."""
        kept: dict[_Key, str] = tx.memory("street_features")
        for number, line in enumerate(lines, start):
            kept.setdefault((centre_id, layer, version, number), line)

    async def staged(self, tx: Tx, centre_id: str, layer: Layer, version: str) -> int:
        """How many features of a version are kept."""
        return len(self._of(tx, centre_id, layer, version))

    async def use(self, tx: Tx, record: LayerRecord) -> None:
        """Put a version into use."""
        tx.memory("street_layers")[record.centre_id, record.layer] = record

    async def retire(self, tx: Tx, centre_id: str, layer: Layer) -> None:
        """No version of the layer is in use in the centre any more."""
        tx.memory("street_layers").pop((centre_id, layer), None)

    async def forget(self, tx: Tx, centre_id: str, layer: Layer, *, keep: str | None) -> None:
        """Delete the features of every version of the layer but one."""
        kept: dict[_Key, str] = tx.memory("street_features")
        for key in list(kept):
            if key[:2] == (centre_id, layer) and key[2] != keep:
                del kept[key]

    async def features(
        self, tx: Tx, centre_id: str, layer: Layer, version: str, *, start: int, limit: int
    ) -> list[str]:
        """Features of a version in their order."""
        of = self._of(tx, centre_id, layer, version)
        return [of[number] for number in sorted(of) if start <= number < start + limit]

    def _of(self, tx: Tx, centre_id: str, layer: Layer, version: str) -> dict[int, str]:
        kept: dict[_Key, str] = tx.memory("street_features")
        return {
            key[3]: line for key, line in kept.items() if key[:3] == (centre_id, layer, version)
        }
