"""What identity needs from outside: five small stores, and somebody to hash passwords."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Protocol

from ringdown.core.errors import Conflict, Limited
from ringdown.core.sensitive import Sensitive
from ringdown.identity.model import Centre, Client, Session, SetupToken, User
from ringdown.runtime.db import Tx


class UserNameTaken(Conflict):
    """Somebody has this user name, in this centre or in another of the same installation."""

    code: ClassVar[str] = "identity.username.taken"
    action: ClassVar[str] = "Choose another user name; names are not used again (CJIS IA-4)."


class TooManyLogOns(Limited):
    """More log-ons wait for their turn than this machine can check in good time."""

    code: ClassVar[str] = "identity.busy"


class CentreStore(Protocol):
    """Where centres are kept."""

    async def add(self, tx: Tx, centre: Centre) -> None:
        """Keep a new centre."""
        ...

    async def get(self, tx: Tx, centre_id: str) -> Centre | None:
        """One centre."""
        ...

    async def all(self, tx: Tx) -> list[Centre]:
        """Every centre of the installation, oldest first."""
        ...


class UserStore(Protocol):
    """Where users are kept."""

    async def add(self, tx: Tx, user: User) -> None:
        """Keep a new user. Raises `UserNameTaken`."""
        ...

    async def save(self, tx: Tx, user: User) -> None:
        """Keep a user's new state; the user name stays as it was."""
        ...

    async def get(self, tx: Tx, centre_id: str, user_id: str) -> User | None:
        """A user of this centre; another centre's looks missing."""
        ...

    async def by_username(self, tx: Tx, username: str) -> User | None:
        """Who signs in with this name, in whatever centre."""
        ...

    async def of_centre(self, tx: Tx, centre_id: str) -> list[User]:
        """The users of a centre, oldest first."""
        ...

    async def administrators(self, tx: Tx) -> list[User]:
        """Every enabled administrator of the installation."""
        ...

    async def count_unknown(self, tx: Tx, at: datetime) -> None:
        """Count a log-on under an unknown name: as much work as saving a known user."""
        ...


class SessionStore(Protocol):
    """Where live sessions are kept; a session that is over is gone."""

    async def add(self, tx: Tx, session: Session) -> None:
        """Keep a new session."""
        ...

    async def by_token_hash(self, tx: Tx, token_hash: str) -> Session | None:
        """The session with this token, in whatever centre."""
        ...

    async def get(self, tx: Tx, centre_id: str, session_id: str) -> Session | None:
        """A session of this centre."""
        ...

    async def seen(self, tx: Tx, centre_id: str, session_id: str, at: datetime) -> None:
        """Note activity."""
        ...

    async def remove(self, tx: Tx, centre_id: str, session_id: str) -> bool:
        """End a session; False if it was over already."""
        ...

    async def of_user(self, tx: Tx, centre_id: str, user_id: str) -> list[Session]:
        """The live sessions of a user."""
        ...

    async def stale(self, tx: Tx, *, seen_before: datetime, now: datetime) -> list[Session]:
        """Sessions of every centre past a limit, at most a hundred."""
        ...


class ClientStore(Protocol):
    """Where API clients are kept."""

    async def add(self, tx: Tx, client: Client) -> None:
        """Keep a new client."""
        ...

    async def save(self, tx: Tx, client: Client) -> None:
        """Keep a client's new state."""
        ...

    async def by_id(self, tx: Tx, client_id: str) -> Client | None:
        """The client that authenticates with this id, in whatever centre."""
        ...

    async def get(self, tx: Tx, centre_id: str, client_id: str) -> Client | None:
        """A client of this centre; another centre's looks missing."""
        ...

    async def of_centre(self, tx: Tx, centre_id: str) -> list[Client]:
        """The clients of a centre, oldest first, disabled ones included."""
        ...

    async def all(self, tx: Tx) -> list[Client]:
        """The clients of every centre, oldest first, disabled ones included."""
        ...


class SetupStore(Protocol):
    """Where the one live setup token is kept."""

    async def replace(self, tx: Tx, token: SetupToken) -> None:
        """Keep a new token; any earlier one is void."""
        ...

    async def current(self, tx: Tx) -> SetupToken | None:
        """The token that was made last and not used, however old."""
        ...

    async def clear(self, tx: Tx) -> None:
        """The token is used."""
        ...


@dataclass(frozen=True)
class IdentityStores:
    """The five together, all on the same database."""

    centres: CentreStore
    users: UserStore
    sessions: SessionStore
    clients: ClientStore
    setups: SetupStore


class PasswordHasher(Protocol):
    """Slow hashing of passwords, off the event loop."""

    async def hash(self, password: Sensitive[str]) -> str:
        """A salted hash with its parameters in it. Raises `TooManyLogOns`."""
        ...

    async def verify(self, known: str | None, password: Sensitive[str]) -> bool:
        """Whether the password fits; None does the same work and says no.

        Raises `TooManyLogOns`.
        """
        ...

    def outdated(self, known: str) -> bool:
        """Whether the hash was made with other parameters than today's."""
        ...


class TokenSigner(Protocol):
    """Makes access tokens that nobody else can make."""

    def sign(self, payload: Mapping[str, object]) -> str:
        """A token that says this."""
        ...

    def payload(self, token: str) -> Mapping[str, object]:
        """What a token of ours says, however old. Raises `TokenRefused`."""
        ...
