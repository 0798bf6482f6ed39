"""Signing in, lock-out, limits of sessions and one's own password."""

import asyncio

import pytest
from tests.unit.identity.world import OTHER, PASSWORD, World, secret

from ringdown.audit.api import INSTALLATION
from ringdown.core.principal import Principal
from ringdown.identity.events import SessionsEnded
from ringdown.identity.model import Role
from ringdown.identity.passwords import PasswordRefused
from ringdown.identity.service.sessions import SessionOver, WrongCredentials
from ringdown.identity.service.users import UserChange
from ringdown.runtime.db import DatabaseUnavailable

DAY = 86_400


async def fail(world: World, times: int, username: str = "anna") -> None:
    for _ in range(times):
        with pytest.raises(WrongCredentials):
            await world.sign_in(username, "wrong horse wrong horse")


async def test_signing_in_gives_a_session_that_is_the_person(
    world: World, admin: Principal
) -> None:
    """The token leads to the person, their centre and their permissions."""
    opened = await world.sign_in("ANNA")
    principal = await world.authentication.authenticate_session(opened.token)
    assert (principal.kind, principal.id, principal.name) == ("user", admin.id, "Anna")
    assert principal.centre_id == admin.centre_id
    assert principal.may("identity:manage")
    assert principal.session_id == opened.signed_in.session.session_id


async def test_the_token_is_not_kept(world: World, admin: Principal) -> None:
    """Whoever reads the database cannot use a session."""
    opened = await world.sign_in()
    assert opened.token.reveal("test") not in repr(world.database._tables)
    with pytest.raises(SessionOver):
        await world.sessions.authenticate(secret(opened.signed_in.session.token_hash))


async def test_every_failed_log_on_looks_the_same(world: World, admin: Principal) -> None:
    """Unknown, wrong, locked and disabled: one error, and one password check each."""
    await world.add(admin, "locked")
    disabled = await world.add(admin, "disabled")
    await world.users.change(admin, disabled, UserChange(disabled=True))
    await fail(world, 5, "locked")
    seen = []
    for username in ("nobody", "anna", "locked", "disabled"):
        world.hasher.checked = 0
        with pytest.raises(WrongCredentials) as caught:
            await world.sign_in(username, PASSWORD if username != "anna" else "wrong")
        seen.append(
            (str(caught.value), caught.value.code, caught.value.details, world.hasher.checked)
        )
    assert seen == [seen[0]] * 4
    assert seen[0][3] == 1


async def test_five_failures_lock_for_good(world: World, admin: Principal) -> None:
    """CJIS AC-7: the right password does not help, nor a day; an administrator does."""
    user_id = await world.add(admin, "bert")
    await fail(world, 5, "bert")
    world.clock.advance(DAY)
    with pytest.raises(WrongCredentials):
        await world.sign_in("bert")
    await world.users.change(admin, user_id, UserChange(unlock=True))
    assert (await world.sign_in("bert")).signed_in.user.user_id == user_id
    tags = await world.tags(admin.centre_id)
    assert tags.count("identity:user:locked") == 1
    assert tags.count("identity:user:unlocked") == 1


async def test_four_failures_do_not_lock_and_success_starts_anew(
    world: World, admin: Principal
) -> None:
    """Consecutive failures count."""
    for _ in range(3):
        await fail(world, 4)
        await world.sign_in()


async def test_guesses_at_the_same_moment_do_not_get_past_the_lock(
    world: World, admin: Principal
) -> None:
    """Of thirty at once, five are looked at; the right one among the rest is refused."""
    guesses = ["wrong"] * 5 + [PASSWORD] * 25
    results = await asyncio.gather(
        *(world.sign_in("anna", each) for each in guesses), return_exceptions=True
    )
    assert all(isinstance(result, WrongCredentials) for result in results)


async def test_a_lock_leaves_open_sessions_alone(world: World, admin: Principal) -> None:
    """Somebody who guesses from outside cannot take a telecommunicator off a call."""
    opened = await world.sign_in()
    await fail(world, 5)
    assert await world.authentication.still_valid(opened.signed_in.principal)


async def test_the_previous_log_on_is_told(world: World, admin: Principal) -> None:
    """CJIS AC-9: when it was, and how many failed since."""
    first = await world.sign_in()
    world.clock.advance(60)
    await fail(world, 3)
    session = (await world.sign_in()).signed_in.session
    assert session.previous_log_on_at == first.signed_in.session.opened_at
    assert session.failures_before == 3


async def test_idle_sessions_end(world: World, admin: Principal) -> None:
    """Thirty minutes without a request; each request counts as activity, asking does not."""
    opened = await world.sign_in()
    for _ in range(3):
        world.clock.advance(29 * 60)
        await world.sessions.authenticate(opened.token)
    world.clock.advance(29 * 60)
    assert await world.authentication.still_valid(opened.signed_in.principal)
    world.clock.advance(60)
    assert not await world.authentication.still_valid(opened.signed_in.principal)
    with pytest.raises(SessionOver):
        await world.sessions.authenticate(opened.token)
    assert "identity:session:expired" in await world.tags(admin.centre_id)


async def test_no_session_outlives_twelve_hours(world: World, admin: Principal) -> None:
    """CJIS IA-11, however busy."""
    opened = await world.sign_in()
    for _ in range(12 * 60 // 20 - 1):
        world.clock.advance(20 * 60)
        await world.sessions.authenticate(opened.token)
    world.clock.advance(20 * 60)
    with pytest.raises(SessionOver):
        await world.sessions.authenticate(opened.token)


async def test_signing_out_ends_the_session(world: World, admin: Principal) -> None:
    """CJIS AC-12: the token is worthless at once, and open connections are told."""
    opened = await world.sign_in()
    await world.sessions.sign_out(opened.signed_in.principal)
    with pytest.raises(SessionOver):
        await world.sessions.authenticate(opened.token)
    session_id = opened.signed_in.session.session_id
    assert world.heard.signals == [
        SessionsEnded(centre_id=admin.centre_id, session_ids=[session_id])
    ]
    assert (await world.tags(admin.centre_id))[-1] == "identity:session:closed"


@pytest.mark.parametrize(
    "change",
    [
        UserChange(disabled=True),
        UserChange(roles=frozenset({Role.AUDITOR})),
        UserChange(new_password=secret(OTHER)),
    ],
    ids=["disabled", "roles", "password"],
)
async def test_changes_end_sessions_at_once(
    world: World, admin: Principal, change: UserChange
) -> None:
    """CJIS AC-2(13): the next request is refused."""
    user_id = await world.add(admin, "bert")
    opened = await world.sign_in("bert")
    await world.users.change(admin, user_id, change)
    with pytest.raises(SessionOver):
        await world.sessions.authenticate(opened.token)
    assert [signal.session_ids for signal in world.heard.signals] == [
        [opened.signed_in.session.session_id]
    ]


async def test_a_new_name_ends_no_session(world: World, admin: Principal) -> None:
    """Nobody is signed out for a spelling mistake; the next request shows the name."""
    user_id = await world.add(admin, "bert")
    opened = await world.sign_in("bert")
    await world.users.change(admin, user_id, UserChange(display_name="Bertil"))
    assert (await world.authentication.authenticate_session(opened.token)).name == "Bertil"


async def test_changing_the_password_ends_every_other_session(
    world: World, admin: Principal
) -> None:
    """This browser goes on with a new session; the others are out; the old password is void."""
    other, mine = await world.sign_in(), await world.sign_in()
    renewed = await world.sessions.change_password(
        mine.signed_in.principal, secret(PASSWORD), secret(OTHER), source="192.0.2.7"
    )
    for token in (other.token, mine.token):
        with pytest.raises(SessionOver):
            await world.sessions.authenticate(token)
    assert (await world.sessions.authenticate(renewed.token)).user.user_id == admin.id
    await fail(world, 1)
    await world.sign_in(password=OTHER)
    assert "identity:password:changed" in await world.tags(admin.centre_id)


async def test_a_stolen_session_cannot_guess_the_password(world: World, admin: Principal) -> None:
    """A wrong current password counts as a failed log-on."""
    opened = await world.sign_in()
    for _ in range(5):
        with pytest.raises(WrongCredentials):
            await world.sessions.change_password(
                opened.signed_in.principal, secret("wrong"), secret(OTHER), source="x"
            )
    with pytest.raises(WrongCredentials):
        await world.sessions.change_password(
            opened.signed_in.principal, secret(PASSWORD), secret(OTHER), source="x"
        )


@pytest.mark.parametrize(("new", "why"), [(PASSWORD, "same_as_before"), ("password1234", "common")])
async def test_a_bad_new_password_is_refused(
    world: World, admin: Principal, new: str, why: str
) -> None:
    """The old one again, or a common one; the refusal is written down and the session goes on."""
    opened = await world.sign_in()
    with pytest.raises(PasswordRefused) as caught:
        await world.sessions.change_password(
            opened.signed_in.principal, secret(PASSWORD), secret(new), source="x"
        )
    assert caught.value.details["reason"] == why
    assert (await world.tags(admin.centre_id))[-1] == "identity:password:refused"
    await world.sessions.authenticate(opened.token)


async def test_a_given_password_only_allows_choosing_another(
    world: World, admin: Principal
) -> None:
    """CJIS IA-5: defaults are changed before first use."""
    await world.add(admin, "bert", must_change=True)
    opened = await world.sign_in("bert")
    assert opened.signed_in.permissions == {"session:self"}
    renewed = await world.sessions.change_password(
        opened.signed_in.principal, secret(PASSWORD), secret(OTHER), source="x"
    )
    assert "calls:read" in renewed.signed_in.permissions


async def test_a_year_old_password_has_to_be_changed(world: World, admin: Principal) -> None:
    """CJIS IA-5; decided at the log-on, never in the middle of a shift."""
    world.clock.advance(364 * DAY)
    opened = await world.sign_in()
    assert not opened.signed_in.session.limited
    world.clock.advance(DAY)
    assert (await world.sign_in()).signed_in.session.limited


async def test_the_database_being_read_only_signs_nobody_out(
    world: World, admin: Principal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk stops the noting of activity, not the work on a call."""
    opened = await world.sign_in()
    world.clock.advance(60)

    def refuse() -> None:
        raise DatabaseUnavailable("full")

    monkeypatch.setattr(world.database, "write", refuse)
    assert (await world.sessions.authenticate(opened.token)).user.user_id == admin.id


async def test_unknown_names_are_written_down_without_the_name(
    world: World, admin: Principal
) -> None:
    """It may be a password typed into the wrong field; a flood makes one row a minute."""
    await fail(world, 30, "hunter2hunter2")
    world.clock.advance(61)
    await fail(world, 1, "hunter2hunter2")
    rows = [row for row in await world.rows(admin.centre_id) if row.subject == "user:unknown"]
    assert [row.details["more"] for row in rows] == [0, 29]
    assert rows[0].details["source"] == "192.0.2.7"
    assert "hunter2" not in repr(rows)


async def test_with_two_centres_unknown_names_belong_to_none(
    world: World, admin: Principal
) -> None:
    """Nobody can say whose user it would have been."""
    await world.centre("Other County", "other")
    await fail(world, 1, "nobody")
    assert (await world.tags(INSTALLATION))[-1] == "identity:session:refused"


async def test_no_secret_reaches_the_audit_log(world: World, admin: Principal) -> None:
    """Neither passwords nor tokens nor hashes, whatever happens."""
    opened = await world.sign_in()
    await fail(world, 2)
    await world.sessions.change_password(
        opened.signed_in.principal, secret(PASSWORD), secret(OTHER), source="x"
    )
    made = await world.clients.add(admin, name="Phone system", scopes=["media:ingest"])
    text = repr([await world.rows(admin.centre_id), await world.rows(INSTALLATION)])
    for hidden in (
        PASSWORD,
        OTHER,
        "wrong horse",
        opened.token.reveal("test"),
        made.secret.reveal("test"),
    ):
        assert hidden not in text
    assert "quick:" not in text


async def test_the_chain_is_whole_after_all_that(world: World, admin: Principal) -> None:
    """Identity's own acts form a chain that verifies."""
    await fail(world, 6)
    assert (await world.audit.verify(world.database, admin.centre_id)).findings == ()
