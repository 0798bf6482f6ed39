"""Administration: users, API clients, and the link that makes the first administrator."""

import asyncio

import pytest
from tests.unit.identity.world import OTHER, PASSWORD, World, secret

from ringdown.audit.api import INSTALLATION
from ringdown.core.errors import RingdownError
from ringdown.core.principal import Principal
from ringdown.identity.model import NameInvalid, Role
from ringdown.identity.passwords import PasswordRefused
from ringdown.identity.ports import UserNameTaken
from ringdown.identity.service.clients import (
    ClientDisabled,
    ClientNotFound,
    ScopeInvalid,
    WrongClient,
)
from ringdown.identity.service.setup import CentreNotFound, SetupNotNeeded, SetupRefused
from ringdown.identity.service.users import (
    LastAdministrator,
    OwnPassword,
    RolesMissing,
    UserChange,
    UserNotFound,
)

DAY = 86_400


# ---- users


async def test_each_change_of_an_account_is_written_down(world: World, admin: Principal) -> None:
    """CJIS AC-2(4): create, modify, enable, disable, and what changed."""
    user_id = await world.add(admin, "bert")
    for change in (
        UserChange(display_name="Bertil"),
        UserChange(roles=frozenset({Role.SUPERVISOR})),
        UserChange(new_password=secret(OTHER)),
        UserChange(disabled=True),
        UserChange(disabled=False),
    ):
        await world.users.change(admin, user_id, change)
    rows = [row for row in await world.rows(admin.centre_id) if row.subject == user_id]
    assert [row.tag.removeprefix("identity:") for row in rows] == [
        "user:added",
        "user:changed",
        "user:roles_changed",
        "password:reset",
        "user:disabled",
        "user:enabled",
    ]
    assert {row.actor_id for row in rows} == {admin.id}
    assert rows[2].details == {"before": ["telecommunicator"], "after": ["supervisor"]}


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (UserChange(roles=frozenset()), RolesMissing),
        (UserChange(display_name=" "), NameInvalid),
        (UserChange(new_password=secret("password1234")), PasswordRefused),
    ],
    ids=["no role", "no name", "bad password"],
)
async def test_refused_changes_are_written_down_too(
    world: World, admin: Principal, change: UserChange, error: type[RingdownError]
) -> None:
    """CJIS AU-2: success and failure."""
    user_id = await world.add(admin, "bert")
    with pytest.raises(error):
        await world.users.change(admin, user_id, change)
    row = (await world.rows(admin.centre_id))[-1]
    assert (row.tag, row.details["code"]) == ("identity:change:refused", error.code)


async def test_another_centres_user_looks_missing(world: World, admin: Principal) -> None:
    """The same error as for an id that never was, for every change."""
    foreign = (await world.centre("Other County", "other")).signed_in.principal
    for change in (
        UserChange(display_name="X"),
        UserChange(new_password=secret(OTHER)),
        UserChange(unlock=True),
    ):
        errors = []
        for user_id in (foreign.id, "user_never"):
            with pytest.raises(UserNotFound) as caught:
                await world.users.change(admin, user_id, change)
            errors.append((str(caught.value), caught.value.details))
        assert errors[0] == errors[1]
    assert [user.user_id for user in await world.users.list(admin)] == [admin.id]


async def test_user_names_are_not_used_again(world: World, admin: Principal) -> None:
    """CJIS IA-4: also not that of a disabled user, in whatever case."""
    user_id = await world.add(admin, "bert")
    await world.users.change(admin, user_id, UserChange(disabled=True))
    with pytest.raises(UserNameTaken):
        await world.add(admin, "BERT")


@pytest.mark.parametrize(
    "change", [UserChange(disabled=True), UserChange(roles=frozenset({Role.AUDITOR}))]
)
async def test_the_last_administrator_stays(
    world: World, admin: Principal, change: UserChange
) -> None:
    """A centre cannot lock itself out; with a second administrator it may go."""
    with pytest.raises(LastAdministrator):
        await world.users.change(admin, admin.id, change)
    second = await world.add(admin, "second", Role.ADMINISTRATOR)
    await world.users.change(admin, admin.id, change)
    actor = (await world.sign_in("second")).signed_in.principal
    with pytest.raises(LastAdministrator):
        await world.users.change(actor, second, change)


async def test_ones_own_password_needs_the_current_one(world: World, admin: Principal) -> None:
    """A stolen administrator session cannot keep the account by resetting its password."""
    with pytest.raises(OwnPassword):
        await world.users.change(admin, admin.id, UserChange(new_password=secret(OTHER)))


# ---- API clients


async def test_a_client_has_its_scopes_and_nothing_more(world: World, admin: Principal) -> None:
    """The secret is shown once and leads to a principal of the centre."""
    made = await world.clients.add(admin, name="Phone system", scopes=["media:ingest"])
    principal = await world.authentication.authenticate_client(made.client.client_id, made.secret)
    assert (principal.kind, principal.centre_id) == ("client", admin.centre_id)
    assert principal.permissions == {"media:ingest"}
    assert made.secret.reveal("test") not in repr(world.database._tables)


@pytest.mark.parametrize("scopes", [[], ["incidents:confirm"], ["calls:read", "identity:manage"]])
async def test_clients_cannot_be_given_what_is_a_persons(
    world: World, admin: Principal, scopes: list[str]
) -> None:
    """No machine confirms an incident or manages users."""
    with pytest.raises(ScopeInvalid):
        await world.clients.add(admin, name="Phone system", scopes=scopes)


async def test_rotating_voids_the_old_secret(world: World, admin: Principal) -> None:
    """At once; the new one works."""
    made = await world.clients.add(admin, name="Phone system", scopes=["calls:write"])
    renewed = await world.clients.rotate(admin, made.client.client_id)
    with pytest.raises(WrongClient):
        await world.clients.authenticate(made.client.client_id, made.secret)
    await world.clients.authenticate(made.client.client_id, renewed.secret)


async def test_a_disabled_client_is_out_for_good(world: World, admin: Principal) -> None:
    """Neither its secret nor a new one; disabling twice is one act."""
    made = await world.clients.add(admin, name="Phone system", scopes=["calls:write"])
    principal = await world.clients.authenticate(made.client.client_id, made.secret)
    await world.clients.disable(admin, made.client.client_id)
    await world.clients.disable(admin, made.client.client_id)
    with pytest.raises(WrongClient):
        await world.clients.authenticate(made.client.client_id, made.secret)
    with pytest.raises(ClientDisabled):
        await world.clients.rotate(admin, made.client.client_id)
    assert not await world.authentication.still_valid(principal)
    assert (await world.tags(admin.centre_id)).count("identity:client:disabled") == 1


async def test_another_centres_client_looks_missing(world: World, admin: Principal) -> None:
    """To rotating, disabling and listing."""
    foreign = (await world.centre("Other County", "other")).signed_in.principal
    made = await world.clients.add(foreign, name="Theirs", scopes=["calls:write"])
    for client_id in (made.client.client_id, "client_never"):
        with pytest.raises(ClientNotFound, match="there is no such API client"):
            await world.clients.rotate(admin, client_id)
        with pytest.raises(ClientNotFound, match="there is no such API client"):
            await world.clients.disable(admin, client_id)
    assert await world.clients.list(admin) == []


async def test_wrong_client_credentials_are_written_down(world: World, admin: Principal) -> None:
    """In the client's centre, or that of none; a flood makes one row a minute."""
    made = await world.clients.add(admin, name="Phone system", scopes=["calls:write"])
    for client_id in (made.client.client_id, "client_never"):
        for _ in range(10):
            with pytest.raises(WrongClient):
                await world.clients.authenticate(client_id, secret("wrong"), source="192.0.2.9")
    assert (await world.tags(admin.centre_id)).count("identity:client:refused") == 1
    assert (await world.tags(INSTALLATION)).count("identity:client:refused") == 1


async def test_the_last_use_of_a_client_is_known(world: World, admin: Principal) -> None:
    """To the ten minutes, so that a busy client does not write with every request."""
    made = await world.clients.add(admin, name="Phone system", scopes=["calls:write"])
    first = world.clock.now()
    for _ in range(3):
        await world.clients.authenticate(made.client.client_id, made.secret)
        world.clock.advance(60)
    assert (await world.clients.list(admin))[0].last_used_at == first


# ---- the first set-up


async def complete(
    world: World, token: str, username: str = "anna", password: str = PASSWORD
) -> None:
    await world.setup.complete(
        secret(token),
        centre_name="Fictional County",
        username=username,
        display_name="Anna",
        password=secret(password),
        source="192.0.2.1",
    )


async def test_the_link_makes_the_first_administrator(world: World) -> None:
    """Who is also a telecommunicator, and signed in; afterwards no set-up is needed."""
    assert await world.setup.needed()
    opened = await world.centre()
    assert opened.signed_in.user.roles == {Role.ADMINISTRATOR, Role.TELECOMMUNICATOR}
    assert opened.signed_in.centre.name == "Fictional County"
    assert not await world.setup.needed()
    assert (await world.tags(opened.signed_in.centre.centre_id)) == [
        "identity:centre:added",
        "identity:user:added",
        "identity:setup:completed",
        "identity:session:opened",
    ]


async def test_the_link_works_once(world: World) -> None:
    """Used, replaced, older than a day, or made up: refused alike, and written down."""
    used = await world.setup.issue_token()
    await complete(world, used)
    replaced = await world.setup.issue_token(new_centre=True)
    old = await world.setup.issue_token(new_centre=True)
    world.clock.advance(DAY)
    for token in (used, replaced, old, "made up"):
        with pytest.raises(SetupRefused):
            await complete(world, token, "bert")
    assert "identity:setup:refused" in await world.tags(INSTALLATION)


async def test_two_browsers_cannot_use_one_link(world: World) -> None:
    """Sent at the same moment, one wins."""
    token = await world.setup.issue_token()
    results = await asyncio.gather(
        complete(world, token, "anna"), complete(world, token, "bert"), return_exceptions=True
    )
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "SetupRefused"]


async def test_a_mistake_in_the_form_does_not_use_up_the_link(world: World) -> None:
    """A weak password is refused, then the link still works."""
    token = await world.setup.issue_token()
    with pytest.raises(PasswordRefused):
        await complete(world, token, password="short")
    await complete(world, token)


async def test_no_link_while_an_administrator_can_sign_in(world: World, admin: Principal) -> None:
    """It is for the first day and for emergencies."""
    with pytest.raises(SetupNotNeeded):
        await world.setup.issue_token()


async def test_a_link_lets_a_locked_out_centre_back_in(world: World, admin: Principal) -> None:
    """The only administrator is locked: a new one is made in the same centre."""
    for _ in range(5):
        with pytest.raises(RingdownError):
            await world.sign_in(password="wrong")
    token = await world.setup.issue_token()
    assert await world.setup.waiting()
    await complete(world, token, "bert")
    assert {user.username for user in await world.users.list(admin)} == {"anna", "bert"}
    assert not await world.setup.waiting()


async def test_with_several_centres_the_link_names_one(world: World, admin: Principal) -> None:
    """Otherwise it would be anybody's guess."""
    await world.centre("Other County", "other")
    with pytest.raises(CentreNotFound):
        await world.setup.issue_token()
