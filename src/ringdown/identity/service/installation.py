"""What somebody who runs commands on the server may ask, over every centre."""

from ringdown.identity.model import Centre, User
from ringdown.identity.service.means import Means
from ringdown.identity.service.users import UserNotFound


class Installation:
    """The centres and users of the whole installation; never reachable over the network."""

    def __init__(self, means: Means) -> None:
        self._means = means

    async def centres(self) -> list[Centre]:
        """Every centre, oldest first."""
        async with self._means.database.read() as tx:
            return await self._means.stores.centres.all(tx)

    async def users(self, centre_id: str) -> list[User]:
        """The users of one centre, oldest first."""
        async with self._means.database.read() as tx:
            return await self._means.stores.users.of_centre(tx, centre_id)

    async def user(self, username: str) -> User:
        """Who signs in with this name. Raises `UserNotFound`."""
        async with self._means.database.read() as tx:
            user = await self._means.stores.users.by_username(tx, username)
        if user is None:
            raise UserNotFound("there is no user of that name")
        return user
