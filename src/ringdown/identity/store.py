"""Identity in SQL, for SQLite and PostgreSQL."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    delete,
    insert,
    or_,
    select,
    update,
)  # fmt: skip
from sqlalchemy.exc import IntegrityError

from ringdown.core.clock import iso, parse_iso
from ringdown.identity.model import (
    Attempts,
    Centre,
    Client,
    Permission,
    Role,
    Session,
    SetupToken,
    User,
    username_key,
)
from ringdown.identity.ports import IdentityStores, UserNameTaken
from ringdown.runtime.db import Tx, metadata

centres_table = Table(
    "centres",
    metadata,
    Column("centre_id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("created_at", String, nullable=False),
)

users_table = Table(
    "users",
    metadata,
    Column("user_id", String, primary_key=True),
    Column("centre_id", String, ForeignKey("centres.centre_id"), nullable=False, index=True),
    Column("username", String, nullable=False),
    Column("username_key", String, nullable=False, unique=True),
    Column("display_name", String, nullable=False),
    Column("roles", JSON, nullable=False),
    Column("password_hash", String, nullable=False),
    Column("password_changed_at", String, nullable=False),
    Column("must_change_password", Boolean, nullable=False),
    Column("created_at", String, nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("recent_failures", JSON, nullable=False),
    Column("failures_since_log_on", Integer, nullable=False),
    Column("locked_at", String),
    Column("last_log_on_at", String),
)

unknown_log_ons_table = Table(
    "unknown_log_ons",
    metadata,
    Column("row", Integer, primary_key=True, autoincrement=False),
    Column("count", Integer, nullable=False),
    Column("last_at", String, nullable=False),
)

sessions_table = Table(
    "sessions",
    metadata,
    Column("session_id", String, primary_key=True),
    Column("centre_id", String, nullable=False),
    Column("user_id", String, ForeignKey("users.user_id"), nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("opened_at", String, nullable=False),
    Column("last_seen_at", String, nullable=False),
    Column("expires_at", String, nullable=False),
    Column("limited", Boolean, nullable=False),
    Column("previous_log_on_at", String),
    Column("failures_before", Integer, nullable=False),
    Index("ix_sessions_user", "centre_id", "user_id"),
)

clients_table = Table(
    "api_clients",
    metadata,
    Column("client_id", String, primary_key=True),
    Column("centre_id", String, ForeignKey("centres.centre_id"), nullable=False, index=True),
    Column("name", String, nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("secret_hash", String(64), nullable=False),
    Column("created_at", String, nullable=False),
    Column("rotated_at", String, nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("last_used_at", String),
)

setup_tokens_table = Table(
    "setup_tokens",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("centre_id", String),
    Column("issued_at", String, nullable=False),
    Column("expires_at", String, nullable=False),
)


def _when(text: str | None) -> datetime | None:
    return None if text is None else parse_iso(text)


def _text(at: datetime | None) -> str | None:
    return None if at is None else iso(at)


class SqlCentreStore:
    """`CentreStore` in SQL."""

    async def add(self, tx: Tx, centre: Centre) -> None:
        """Keep a new centre."""
        row = {
            "centre_id": centre.centre_id,
            "name": centre.name,
            "created_at": iso(centre.created_at),
        }
        await tx.sql.execute(insert(centres_table).values(row))

    async def get(self, tx: Tx, centre_id: str) -> Centre | None:
        """One centre."""
        query = select(centres_table).where(centres_table.c.centre_id == centre_id)
        row = (await tx.sql.execute(query)).mappings().first()
        return None if row is None else _centre(row)

    async def all(self, tx: Tx) -> list[Centre]:
        """Every centre, oldest first."""
        query = select(centres_table).order_by(centres_table.c.centre_id)
        return [_centre(row) for row in (await tx.sql.execute(query)).mappings()]


def _centre(row: Mapping[Any, Any]) -> Centre:
    return Centre(row["centre_id"], row["name"], parse_iso(row["created_at"]))


class SqlUserStore:
    """`UserStore` in SQL."""

    async def add(self, tx: Tx, user: User) -> None:
        """Keep a new user. Raises `UserNameTaken`."""
        row = {
            "user_id": user.user_id,
            "centre_id": user.centre_id,
            "username": user.username,
            "username_key": username_key(user.username),
            "created_at": iso(user.created_at),
            **_user_state(user),
        }
        try:
            await tx.sql.execute(insert(users_table).values(row))
        except IntegrityError as error:
            if "username_key" not in str(error.orig):
                raise
            raise UserNameTaken("this user name is taken") from None

    async def save(self, tx: Tx, user: User) -> None:
        """Keep a user's new state."""
        await tx.sql.execute(
            update(users_table)
            .where(users_table.c.centre_id == user.centre_id, users_table.c.user_id == user.user_id)
            .values(_user_state(user))
        )

    async def get(self, tx: Tx, centre_id: str, user_id: str) -> User | None:
        """A user of this centre."""
        found = await self._select(
            tx, users_table.c.centre_id == centre_id, users_table.c.user_id == user_id
        )
        return found[0] if found else None

    async def by_username(self, tx: Tx, username: str) -> User | None:
        """Who signs in with this name."""
        found = await self._select(tx, users_table.c.username_key == username_key(username))
        return found[0] if found else None

    async def of_centre(self, tx: Tx, centre_id: str) -> list[User]:
        """The users of a centre, oldest first."""
        return await self._select(tx, users_table.c.centre_id == centre_id)

    async def administrators(self, tx: Tx) -> list[User]:
        """Every enabled administrator of the installation."""
        enabled = await self._select(tx, users_table.c.disabled.is_(False))
        return [user for user in enabled if user.administers]

    async def count_unknown(self, tx: Tx, at: datetime) -> None:
        """Count a log-on under an unknown name."""
        table = unknown_log_ons_table
        done = await tx.sql.execute(
            update(table).values(count=table.c.count + 1, last_at=iso(at)).where(table.c.row == 1)
        )
        if done.rowcount == 0:
            await tx.sql.execute(insert(table).values(row=1, count=1, last_at=iso(at)))

    async def _select(self, tx: Tx, *conditions: Any) -> list[User]:
        query = select(users_table).where(*conditions).order_by(users_table.c.user_id)
        return [_user(row) for row in (await tx.sql.execute(query)).mappings()]


def _user_state(user: User) -> dict[str, Any]:
    return {
        "display_name": user.display_name,
        "roles": sorted(user.roles),
        "password_hash": user.password_hash,
        "password_changed_at": iso(user.password_changed_at),
        "must_change_password": user.must_change_password,
        "disabled": user.disabled,
        "recent_failures": [iso(at) for at in user.attempts.recent],
        "failures_since_log_on": user.attempts.since_log_on,
        "locked_at": _text(user.attempts.locked_at),
        "last_log_on_at": _text(user.last_log_on_at),
    }


def _user(row: Mapping[Any, Any]) -> User:
    return User(
        user_id=row["user_id"],
        centre_id=row["centre_id"],
        username=row["username"],
        display_name=row["display_name"],
        roles=frozenset(Role(role) for role in row["roles"]),
        password_hash=row["password_hash"],
        password_changed_at=parse_iso(row["password_changed_at"]),
        must_change_password=row["must_change_password"],
        created_at=parse_iso(row["created_at"]),
        disabled=row["disabled"],
        attempts=Attempts(
            recent=tuple(parse_iso(at) for at in row["recent_failures"]),
            since_log_on=row["failures_since_log_on"],
            locked_at=_when(row["locked_at"]),
        ),
        last_log_on_at=_when(row["last_log_on_at"]),
    )


class SqlSessionStore:
    """`SessionStore` in SQL."""

    async def add(self, tx: Tx, session: Session) -> None:
        """Keep a new session."""
        row = {
            "session_id": session.session_id,
            "centre_id": session.centre_id,
            "user_id": session.user_id,
            "token_hash": session.token_hash,
            "opened_at": iso(session.opened_at),
            "last_seen_at": iso(session.last_seen_at),
            "expires_at": iso(session.expires_at),
            "limited": session.limited,
            "previous_log_on_at": _text(session.previous_log_on_at),
            "failures_before": session.failures_before,
        }
        await tx.sql.execute(insert(sessions_table).values(row))

    async def by_token_hash(self, tx: Tx, token_hash: str) -> Session | None:
        """The session with this token."""
        found = await self._select(tx, sessions_table.c.token_hash == token_hash)
        return found[0] if found else None

    async def get(self, tx: Tx, centre_id: str, session_id: str) -> Session | None:
        """A session of this centre."""
        found = await self._select(
            tx,
            sessions_table.c.centre_id == centre_id,
            sessions_table.c.session_id == session_id,
        )
        return found[0] if found else None

    async def seen(self, tx: Tx, centre_id: str, session_id: str, at: datetime) -> None:
        """Note activity."""
        await tx.sql.execute(
            update(sessions_table)
            .where(
                sessions_table.c.centre_id == centre_id,
                sessions_table.c.session_id == session_id,
            )
            .values(last_seen_at=iso(at))
        )

    async def remove(self, tx: Tx, centre_id: str, session_id: str) -> bool:
        """End a session."""
        done = await tx.sql.execute(
            delete(sessions_table).where(
                sessions_table.c.centre_id == centre_id,
                sessions_table.c.session_id == session_id,
            )
        )
        return done.rowcount > 0

    async def of_user(self, tx: Tx, centre_id: str, user_id: str) -> list[Session]:
        """The live sessions of a user."""
        return await self._select(
            tx, sessions_table.c.centre_id == centre_id, sessions_table.c.user_id == user_id
        )

    async def stale(self, tx: Tx, *, seen_before: datetime, now: datetime) -> list[Session]:
        """Sessions of every centre past a limit."""
        past = or_(
            sessions_table.c.last_seen_at <= iso(seen_before),
            sessions_table.c.expires_at <= iso(now),
        )
        return (await self._select(tx, past))[:100]

    async def _select(self, tx: Tx, *conditions: Any) -> list[Session]:
        query = select(sessions_table).where(*conditions).order_by(sessions_table.c.session_id)
        return [_session(row) for row in (await tx.sql.execute(query)).mappings()]


def _session(row: Mapping[Any, Any]) -> Session:
    return Session(
        session_id=row["session_id"],
        centre_id=row["centre_id"],
        user_id=row["user_id"],
        token_hash=row["token_hash"],
        opened_at=parse_iso(row["opened_at"]),
        last_seen_at=parse_iso(row["last_seen_at"]),
        expires_at=parse_iso(row["expires_at"]),
        limited=row["limited"],
        previous_log_on_at=_when(row["previous_log_on_at"]),
        failures_before=row["failures_before"],
    )


class SqlClientStore:
    """`ClientStore` in SQL."""

    async def add(self, tx: Tx, client: Client) -> None:
        """Keep a new client."""
        row = {
            "client_id": client.client_id,
            "centre_id": client.centre_id,
            "created_at": iso(client.created_at),
            **_client_state(client),
        }
        await tx.sql.execute(insert(clients_table).values(row))

    async def save(self, tx: Tx, client: Client) -> None:
        """Keep a client's new state."""
        await tx.sql.execute(
            update(clients_table)
            .where(
                clients_table.c.centre_id == client.centre_id,
                clients_table.c.client_id == client.client_id,
            )
            .values(_client_state(client))
        )

    async def by_id(self, tx: Tx, client_id: str) -> Client | None:
        """The client that authenticates with this id."""
        found = await self._select(tx, clients_table.c.client_id == client_id)
        return found[0] if found else None

    async def get(self, tx: Tx, centre_id: str, client_id: str) -> Client | None:
        """A client of this centre."""
        found = await self._select(
            tx, clients_table.c.centre_id == centre_id, clients_table.c.client_id == client_id
        )
        return found[0] if found else None

    async def of_centre(self, tx: Tx, centre_id: str) -> list[Client]:
        """The clients of a centre, oldest first."""
        return await self._select(tx, clients_table.c.centre_id == centre_id)

    async def all(self, tx: Tx) -> list[Client]:
        """The clients of every centre, oldest first."""
        return await self._select(tx)

    async def _select(self, tx: Tx, *conditions: Any) -> list[Client]:
        query = select(clients_table).where(*conditions).order_by(clients_table.c.client_id)
        return [_client(row) for row in (await tx.sql.execute(query)).mappings()]


def _client_state(client: Client) -> dict[str, Any]:
    return {
        "name": client.name,
        "scopes": sorted(client.scopes),
        "secret_hash": client.secret_hash,
        "rotated_at": iso(client.rotated_at),
        "disabled": client.disabled,
        "last_used_at": _text(client.last_used_at),
    }


def _client(row: Mapping[Any, Any]) -> Client:
    return Client(
        client_id=row["client_id"],
        centre_id=row["centre_id"],
        name=row["name"],
        scopes=frozenset(Permission(scope) for scope in row["scopes"]),
        secret_hash=row["secret_hash"],
        created_at=parse_iso(row["created_at"]),
        rotated_at=parse_iso(row["rotated_at"]),
        disabled=row["disabled"],
        last_used_at=_when(row["last_used_at"]),
    )


class SqlSetupStore:
    """`SetupStore` in SQL."""

    async def replace(self, tx: Tx, token: SetupToken) -> None:
        """Keep a new token; any earlier one is void."""
        await self.clear(tx)
        row = {
            "token_hash": token.token_hash,
            "centre_id": token.centre_id,
            "issued_at": iso(token.issued_at),
            "expires_at": iso(token.expires_at),
        }
        await tx.sql.execute(insert(setup_tokens_table).values(row))

    async def current(self, tx: Tx) -> SetupToken | None:
        """The token that was made last and not used."""
        row = (await tx.sql.execute(select(setup_tokens_table))).mappings().first()
        if row is None:
            return None
        return SetupToken(
            row["token_hash"],
            row["centre_id"],
            parse_iso(row["issued_at"]),
            parse_iso(row["expires_at"]),
        )

    async def clear(self, tx: Tx) -> None:
        """The token is used."""
        await tx.sql.execute(delete(setup_tokens_table))


def sql_stores() -> IdentityStores:
    """The five stores in SQL."""
    return IdentityStores(
        SqlCentreStore(), SqlUserStore(), SqlSessionStore(), SqlClientStore(), SqlSetupStore()
    )
