"""Identity in memory, and a hasher that is quick and worthless, for tests."""

import hashlib
from dataclasses import replace
from datetime import datetime

from ringdown.core.sensitive import Sensitive
from ringdown.identity.model import Centre, Client, Session, SetupToken, User, username_key
from ringdown.identity.ports import IdentityStores, UserNameTaken
from ringdown.runtime.db import Tx


class MemoryCentreStore:
    """`CentreStore` in memory."""

    async def add(self, tx: Tx, centre: Centre) -> None:
        """Keep a new centre."""
        tx.memory("centres")[centre.centre_id] = centre

    async def get(self, tx: Tx, centre_id: str) -> Centre | None:
        """One centre."""
        return tx.memory("centres").get(centre_id)

    async def all(self, tx: Tx) -> list[Centre]:
        """Every centre, oldest first."""
        return sorted(tx.memory("centres").values(), key=lambda centre: centre.centre_id)


class MemoryUserStore:
    """`UserStore` in memory."""

    async def add(self, tx: Tx, user: User) -> None:
        """Keep a new user. Raises `UserNameTaken`."""
        if await self.by_username(tx, user.username) is not None:
            raise UserNameTaken("this user name is taken")
        tx.memory("users")[user.user_id] = user

    async def save(self, tx: Tx, user: User) -> None:
        """Keep a user's new state."""
        before = await self.get(tx, user.centre_id, user.user_id)
        if before is not None:
            tx.memory("users")[user.user_id] = replace(
                user, username=before.username, created_at=before.created_at
            )

    async def get(self, tx: Tx, centre_id: str, user_id: str) -> User | None:
        """A user of this centre."""
        user = tx.memory("users").get(user_id)
        return user if user is not None and user.centre_id == centre_id else None

    async def by_username(self, tx: Tx, username: str) -> User | None:
        """Who signs in with this name."""
        wanted = username_key(username)
        return next((user for user in _users(tx) if username_key(user.username) == wanted), None)

    async def of_centre(self, tx: Tx, centre_id: str) -> list[User]:
        """The users of a centre, oldest first."""
        return [user for user in _users(tx) if user.centre_id == centre_id]

    async def administrators(self, tx: Tx) -> list[User]:
        """Every enabled administrator of the installation."""
        return [user for user in _users(tx) if user.administers]

    async def count_unknown(self, tx: Tx, at: datetime) -> None:
        """Count a log-on under an unknown name."""
        table = tx.memory("unknown_log_ons")
        table["count"] = table.get("count", 0) + 1
        table["last_at"] = at


def _users(tx: Tx) -> list[User]:
    return sorted(tx.memory("users").values(), key=lambda user: user.user_id)


class MemorySessionStore:
    """`SessionStore` in memory."""

    async def add(self, tx: Tx, session: Session) -> None:
        """Keep a new session."""
        tx.memory("sessions")[session.session_id] = session

    async def by_token_hash(self, tx: Tx, token_hash: str) -> Session | None:
        """The session with this token."""
        found = (each for each in _sessions(tx) if each.token_hash == token_hash)
        return next(found, None)

    async def get(self, tx: Tx, centre_id: str, session_id: str) -> Session | None:
        """A session of this centre."""
        session = tx.memory("sessions").get(session_id)
        return session if session is not None and session.centre_id == centre_id else None

    async def seen(self, tx: Tx, centre_id: str, session_id: str, at: datetime) -> None:
        """Note activity."""
        session = await self.get(tx, centre_id, session_id)
        if session is not None:
            tx.memory("sessions")[session_id] = replace(session, last_seen_at=at)

    async def remove(self, tx: Tx, centre_id: str, session_id: str) -> bool:
        """End a session."""
        if await self.get(tx, centre_id, session_id) is None:
            return False
        del tx.memory("sessions")[session_id]
        return True

    async def of_user(self, tx: Tx, centre_id: str, user_id: str) -> list[Session]:
        """The live sessions of a user."""
        return [s for s in _sessions(tx) if (s.centre_id, s.user_id) == (centre_id, user_id)]

    async def stale(self, tx: Tx, *, seen_before: datetime, now: datetime) -> list[Session]:
        """Sessions of every centre past a limit."""
        past = [s for s in _sessions(tx) if s.last_seen_at <= seen_before or s.expires_at <= now]
        return past[:100]


def _sessions(tx: Tx) -> list[Session]:
    return sorted(tx.memory("sessions").values(), key=lambda session: session.session_id)


class MemoryClientStore:
    """`ClientStore` in memory."""

    async def add(self, tx: Tx, client: Client) -> None:
        """Keep a new client."""
        tx.memory("api_clients")[client.client_id] = client

    async def save(self, tx: Tx, client: Client) -> None:
        """Keep a client's new state."""
        if await self.get(tx, client.centre_id, client.client_id) is not None:
            tx.memory("api_clients")[client.client_id] = client

    async def by_id(self, tx: Tx, client_id: str) -> Client | None:
        """The client that authenticates with this id."""
        return tx.memory("api_clients").get(client_id)

    async def get(self, tx: Tx, centre_id: str, client_id: str) -> Client | None:
        """A client of this centre."""
        client = tx.memory("api_clients").get(client_id)
        return client if client is not None and client.centre_id == centre_id else None

    async def of_centre(self, tx: Tx, centre_id: str) -> list[Client]:
        """The clients of a centre, oldest first."""
        return [client for client in await self.all(tx) if client.centre_id == centre_id]

    async def all(self, tx: Tx) -> list[Client]:
        """The clients of every centre, oldest first."""
        return sorted(tx.memory("api_clients").values(), key=lambda client: client.client_id)


class MemorySetupStore:
    """`SetupStore` in memory."""

    async def replace(self, tx: Tx, token: SetupToken) -> None:
        """Keep a new token; any earlier one is void."""
        tx.memory("setup_tokens")["current"] = token

    async def current(self, tx: Tx) -> SetupToken | None:
        """The token that was made last and not used."""
        return tx.memory("setup_tokens").get("current")

    async def clear(self, tx: Tx) -> None:
        """The token is used."""
        tx.memory("setup_tokens").pop("current", None)


def memory_stores() -> IdentityStores:
    """The five stores in memory."""
    return IdentityStores(
        MemoryCentreStore(),
        MemoryUserStore(),
        MemorySessionStore(),
        MemoryClientStore(),
        MemorySetupStore(),
    )


class QuickHasher:
    """`PasswordHasher` without the slowness; `checked` counts the work done."""

    def __init__(self) -> None:
        self.checked = 0

    async def hash(self, password: Sensitive[str]) -> str:
        """A hash."""
        return "quick:" + hashlib.sha256(password.reveal("test").encode()).hexdigest()

    async def verify(self, known: str | None, password: Sensitive[str]) -> bool:
        """Whether the password fits."""
        self.checked += 1
        return known is not None and known == await self.hash(password)

    def outdated(self, known: str) -> bool:
        """Whether the hash is of another kind."""
        return not known.startswith("quick:")
