"""The promises of identity's stores, on memory, SQLite and PostgreSQL."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.unit.identity.world import OTHER, World, secret

from ringdown.identity.fakes import memory_stores
from ringdown.identity.model import (
    Attempts,
    Centre,
    Client,
    Permission,
    Role,
    Session,
    SetupToken,
    User,
)
from ringdown.identity.ports import IdentityStores, UserNameTaken
from ringdown.identity.service.clients import WrongClient
from ringdown.identity.service.sessions import SessionOver, WrongCredentials
from ringdown.identity.service.users import UserChange
from ringdown.identity.store import sql_stores
from ringdown.runtime.db import Database, MemoryDatabase
from ringdown.testing.clock import CountingIds, ManualClock

T0 = datetime(2026, 3, 1, 3, 0, 0, 250_000, tzinfo=UTC)
HOUR = timedelta(hours=1)


def user(number: int, centre_id: str = "centre_a", **changes: object) -> User:
    made = User(
        user_id=f"user_{number}",
        centre_id=centre_id,
        username=f"Name.{number}",
        display_name="Ørsted \u200d\U0001f468",
        roles=frozenset({Role.AUDITOR, Role.SUPERVISOR}),
        password_hash="quick:x",
        password_changed_at=T0,
        must_change_password=True,
        created_at=T0,
    )
    return replace(made, **changes)


def session(number: int, of: User, **changes: object) -> Session:
    made = Session(
        f"ses_{number}", of.centre_id, of.user_id, f"{number:064d}", T0, T0, T0 + 12 * HOUR
    )
    return replace(made, **changes)


def client(number: int, centre_id: str = "centre_a") -> Client:
    scopes = frozenset({Permission.CALLS_READ, Permission.MEDIA_INGEST})
    return Client(f"client_{number}", centre_id, "Phone system", scopes, "a" * 64, T0, T0)


@pytest.fixture
async def stores(database: Database) -> IdentityStores:
    made = memory_stores() if isinstance(database, MemoryDatabase) else sql_stores()
    async with database.write() as tx:
        for centre_id in ("centre_a", "centre_b"):
            await made.centres.add(tx, Centre(centre_id, f"Centre {centre_id}", T0))
    return made


async def test_centres_are_kept(stores: IdentityStores, database: Database) -> None:
    """As they were given, oldest first."""
    async with database.read() as tx:
        assert [centre.centre_id for centre in await stores.centres.all(tx)] == [
            "centre_a",
            "centre_b",
        ]
        assert await stores.centres.get(tx, "centre_a") == Centre("centre_a", "Centre centre_a", T0)
        assert await stores.centres.get(tx, "centre_x") is None


async def test_users_are_kept_whole(stores: IdentityStores, database: Database) -> None:
    """Every column, with and without the optional ones, before and after a change."""
    before = user(1)
    attempts = Attempts(recent=(T0, T0 + HOUR), since_log_on=7, locked_at=T0 + HOUR)
    after = replace(
        before,
        display_name="B",
        roles=frozenset({Role.ADMINISTRATOR}),
        password_hash="quick:y",
        password_changed_at=T0 + HOUR,
        must_change_password=False,
        disabled=True,
        attempts=attempts,
        last_log_on_at=T0,
    )
    async with database.write() as tx:
        await stores.users.add(tx, before)
        assert await stores.users.get(tx, "centre_a", "user_1") == before
        await stores.users.save(tx, after)
    async with database.read() as tx:
        assert await stores.users.get(tx, "centre_a", "user_1") == after


async def test_a_user_belongs_to_one_centre(stores: IdentityStores, database: Database) -> None:
    """Another centre can neither see nor change it."""
    async with database.write() as tx:
        await stores.users.add(tx, user(1))
        await stores.users.add(tx, user(2, "centre_b"))
        await stores.users.save(tx, user(1, "centre_b", display_name="Stolen"))
    async with database.read() as tx:
        assert await stores.users.get(tx, "centre_b", "user_1") is None
        assert await stores.users.get(tx, "centre_a", "user_1") == user(1)
        assert await stores.users.of_centre(tx, "centre_a") == [user(1)]


async def test_user_names_are_unique_whatever_the_case(
    stores: IdentityStores, database: Database
) -> None:
    """Over all centres, since the log-on names none."""
    async with database.write() as tx:
        await stores.users.add(tx, user(1))
    with pytest.raises(UserNameTaken):
        async with database.write() as tx:
            await stores.users.add(tx, user(2, "centre_b", username="NAME.1"))
    async with database.read() as tx:
        assert await stores.users.by_username(tx, " name.1") == user(1)
        assert await stores.users.by_username(tx, "name.2") is None


async def test_enabled_administrators_are_found(stores: IdentityStores, database: Database) -> None:
    """Locked ones too; neither disabled ones nor other roles."""
    admin = frozenset({Role.ADMINISTRATOR})
    locked = user(3, "centre_b", roles=admin, attempts=Attempts(locked_at=T0))
    async with database.write() as tx:
        for each in (user(1), user(2, roles=admin, disabled=True), locked):
            await stores.users.add(tx, each)
        assert await stores.users.administrators(tx) == [locked]


async def test_unknown_log_ons_are_counted(stores: IdentityStores, database: Database) -> None:
    """The first time and every time after."""
    for _ in range(3):
        async with database.write() as tx:
            await stores.users.count_unknown(tx, T0)


async def test_sessions_are_kept_whole(stores: IdentityStores, database: Database) -> None:
    """Found by the hash of the token and by id; activity is noted; ended once."""
    made = session(1, user(1), limited=True, previous_log_on_at=T0 - HOUR, failures_before=2)
    async with database.write() as tx:
        await stores.users.add(tx, user(1))
        await stores.sessions.add(tx, made)
        assert await stores.sessions.by_token_hash(tx, made.token_hash) == made
        await stores.sessions.seen(tx, "centre_a", "ses_1", T0 + HOUR)
        assert await stores.sessions.get(tx, "centre_a", "ses_1") == replace(
            made, last_seen_at=T0 + HOUR
        )
        assert await stores.sessions.remove(tx, "centre_a", "ses_1")
        assert not await stores.sessions.remove(tx, "centre_a", "ses_1")
        assert await stores.sessions.by_token_hash(tx, made.token_hash) is None


async def test_a_session_belongs_to_one_centre(stores: IdentityStores, database: Database) -> None:
    """Another centre can neither see, prolong nor end it."""
    made = session(1, user(1))
    async with database.write() as tx:
        await stores.users.add(tx, user(1))
        await stores.sessions.add(tx, made)
        await stores.sessions.seen(tx, "centre_b", "ses_1", T0 + HOUR)
        assert not await stores.sessions.remove(tx, "centre_b", "ses_1")
        assert await stores.sessions.get(tx, "centre_b", "ses_1") is None
        assert await stores.sessions.of_user(tx, "centre_b", "user_1") == []
        assert await stores.sessions.of_user(tx, "centre_a", "user_1") == [made]


async def test_stale_sessions_are_found(stores: IdentityStores, database: Database) -> None:
    """Past either limit, to the millisecond."""
    idle = session(1, user(1), last_seen_at=T0 - HOUR)
    old = session(2, user(1), expires_at=T0)
    live = session(3, user(1), last_seen_at=T0 - HOUR + timedelta(milliseconds=1))
    async with database.write() as tx:
        await stores.users.add(tx, user(1))
        for each in (idle, old, live):
            await stores.sessions.add(tx, each)
        assert await stores.sessions.stale(tx, seen_before=T0 - HOUR, now=T0) == [idle, old]


async def test_clients_are_kept_whole(stores: IdentityStores, database: Database) -> None:
    """Every column, before and after a change; another centre sees nothing."""
    after = replace(
        client(1),
        name="New",
        scopes=frozenset({Permission.CALLS_WRITE}),
        secret_hash="b" * 64,
        rotated_at=T0 + HOUR,
        disabled=True,
        last_used_at=T0,
    )
    async with database.write() as tx:
        await stores.clients.add(tx, client(1))
        await stores.clients.add(tx, client(2, "centre_b"))
        assert await stores.clients.by_id(tx, "client_1") == client(1)
        await stores.clients.save(tx, after)
        await stores.clients.save(tx, replace(client(1, "centre_b"), name="Stolen"))
        assert await stores.clients.get(tx, "centre_a", "client_1") == after
        assert await stores.clients.get(tx, "centre_b", "client_1") is None
        assert await stores.clients.of_centre(tx, "centre_a") == [after]
        assert await stores.clients.all(tx) == [after, client(2, "centre_b")]


async def test_one_setup_token_is_live(stores: IdentityStores, database: Database) -> None:
    """A new one takes the place of the one before."""
    async with database.write() as tx:
        assert await stores.setups.current(tx) is None
        await stores.setups.replace(tx, SetupToken("a" * 64, None, T0, T0 + HOUR))
        second = SetupToken("b" * 64, "centre_a", T0, T0 + HOUR)
        await stores.setups.replace(tx, second)
        assert await stores.setups.current(tx) == second
        await stores.setups.clear(tx)
        assert await stores.setups.current(tx) is None


async def test_a_life_of_accounts_on_each_database(
    database: Database, clock: ManualClock, ids: CountingIds
) -> None:
    """Set-up, users, lock-out, reset and clients on the real stores, and the chain is whole."""
    world = World(database, clock, ids)
    admin = (await world.centre()).signed_in.principal
    bert = await world.add(admin, "bert")
    opened = await world.sign_in("bert")
    for _ in range(5):
        with pytest.raises(WrongCredentials):
            await world.sign_in("bert", "wrong")
    await world.users.change(admin, bert, UserChange(unlock=True, new_password=secret(OTHER)))
    with pytest.raises(SessionOver):
        await world.sessions.authenticate(opened.token)
    assert (await world.sign_in("bert", OTHER)).signed_in.session.limited
    made = await world.clients.add(admin, name="Phone system", scopes=["calls:write"])
    renewed = await world.clients.rotate(admin, made.client.client_id)
    await world.clients.authenticate(made.client.client_id, renewed.secret)
    clock.advance(13 * 3600)
    await world.sign_in("anna")
    tags = await world.tags(admin.centre_id)
    assert tags.count("identity:session:expired") == 2
    assert (await world.audit.verify(database, admin.centre_id)).findings == ()


@pytest.mark.parametrize("name", ["nul\x00", "half \ud800", "x" * 100_000, ""])
async def test_impossible_names_are_just_wrong(
    database: Database, clock: ManualClock, ids: CountingIds, name: str
) -> None:
    """Text that a database could not take is answered like any unknown name or client."""
    world = World(database, clock, ids)
    with pytest.raises(WrongCredentials):
        await world.sign_in(name)
    with pytest.raises(WrongClient):
        await world.clients.authenticate(name, secret("x"))
