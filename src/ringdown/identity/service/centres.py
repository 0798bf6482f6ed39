"""The centres of the installation, for features that show or send their names."""

from ringdown.core.errors import NotFound
from ringdown.identity.ports import CentreStore
from ringdown.runtime.db import Tx


class CentreNames:
    """Names of centres."""

    def __init__(self, store: CentreStore) -> None:
        self._store = store

    async def centre_name(self, tx: Tx, centre_id: str) -> str:
        """The name of a centre. Raises NotFound."""
        centre = await self._store.get(tx, centre_id)
        if centre is None:
            raise NotFound("there is no such centre")
        return centre.name

    async def centre_ids(self, tx: Tx) -> list[str]:
        """Every centre, oldest first."""
        return [centre.centre_id for centre in await self._store.all(tx)]
