"""Local names without a database."""

from collections.abc import Sequence

from ringdown.runtime.db import Tx
from ringdown.speech.model.names_table import LocalName
from ringdown.speech.names_ports import BookRecord


class MemoryNamesStore:
    """The `NamesStore` over the dictionaries of a `MemoryDatabase`."""

    async def book(self, tx: Tx, centre_id: str) -> BookRecord | None:
        """The book in use."""
        return tx.memory("name_books").get(centre_id)

    async def books(self, tx: Tx) -> list[BookRecord]:
        """The books of every centre: for the start and the command line."""
        kept: dict[str, BookRecord] = tx.memory("name_books")
        return [kept[centre_id] for centre_id in sorted(kept)]

    async def stage(
        self, tx: Tx, centre_id: str, version: str, start: int, names: Sequence[LocalName]
    ) -> None:
        """Keep names `start`, `start + 1`, … of a version; those that are kept already stay."""
        kept: dict[tuple[str, str, int], LocalName] = tx.memory("local_names")
        for number, name in enumerate(names, start=start):
            kept.setdefault((centre_id, version, number), name)

    async def staged(self, tx: Tx, centre_id: str, version: str) -> int:
        """How many names of a version are kept."""
        return len(self._of(tx, centre_id, version))

    async def use(self, tx: Tx, record: BookRecord) -> None:
        """Put a version into use in its centre."""
        tx.memory("name_books")[record.centre_id] = record

    async def retire(self, tx: Tx, centre_id: str) -> None:
        """No version is in use in the centre any more."""
        tx.memory("name_books").pop(centre_id, None)

    async def forget(self, tx: Tx, centre_id: str, *, keep: str | None) -> None:
        """Delete the names of every version but one."""
        kept: dict[tuple[str, str, int], LocalName] = tx.memory("local_names")
        for key in list(kept):
            if key[0] == centre_id and key[1] != keep:
                del kept[key]

    async def names(
        self, tx: Tx, centre_id: str, version: str, *, start: int, limit: int
    ) -> list[LocalName]:
        """Names of a version in their order."""
        of = self._of(tx, centre_id, version)
        return [of[number] for number in sorted(of) if start <= number < start + limit]

    async def find(
        self, tx: Tx, centre_id: str, version: str, text: str, *, limit: int
    ) -> list[LocalName]:
        """Names whose key holds the text, in the order of their keys."""
        of = self._of(tx, centre_id, version)
        fitting = sorted((name.key, number) for number, name in of.items() if text in name.key)
        return [of[number] for _, number in fitting[:limit]]

    def _of(self, tx: Tx, centre_id: str, version: str) -> dict[int, LocalName]:
        kept: dict[tuple[str, str, int], LocalName] = tx.memory("local_names")
        return {key[2]: name for key, name in kept.items() if key[:2] == (centre_id, version)}
