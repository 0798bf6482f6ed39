"""Lock-out, limits of sessions, roles and names: the rules of identity as pure functions."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringdown.identity.model import (
    CLIENT_SCOPES,
    ROLE_PERMISSIONS,
    Attempts,
    LockRule,
    NameInvalid,
    Permission,
    Role,
    Session,
    clean_name,
    clean_username,
    csrf_of,
    permissions_of,
    secret_hash,
    username_key,
)

START = datetime(2026, 3, 1, tzinfo=UTC)
RULE = LockRule()
SECOND = timedelta(seconds=1)


def fail(attempts: Attempts, at: datetime) -> tuple[Attempts, bool]:
    attempts, allowed = attempts.begin(at, RULE)
    return attempts.fail(at, RULE), allowed


def test_five_failures_lock_until_a_person_releases() -> None:
    """CJIS AC-7: no later than after the fifth, and still locked a day later."""
    attempts = Attempts()
    for number in range(5):
        assert attempts.locked_at is None
        attempts, allowed = fail(attempts, START + number * SECOND)
        assert allowed
    assert attempts.locked_at == START + 4 * SECOND
    assert attempts.begin(START + timedelta(days=1), RULE)[1] is False
    assert attempts.clear().begin(START + timedelta(days=1), RULE)[1] is True


def test_failures_older_than_the_window_do_not_count() -> None:
    """Four failures, a quarter of an hour, four more: not locked."""
    attempts = Attempts()
    for at in [*range(4), *range(900, 904)]:
        attempts, allowed = fail(attempts, START + at * SECOND)
        assert allowed
    assert attempts.locked_at is None


def test_attempts_at_the_same_moment_count_together() -> None:
    """However many passwords are tried at once, five are looked at."""
    attempts, looked_at = Attempts(), 0
    for _ in range(50):
        attempts, allowed = attempts.begin(START, RULE)
        looked_at += allowed
    assert looked_at == 5
    assert attempts.fail(START, RULE).locked_at == START


@given(st.lists(st.integers(0, 600), min_size=1, max_size=40))
def test_no_window_ever_has_more_than_five_looks(gaps: list[int]) -> None:
    """Whatever the rhythm of wrong guesses, five passwords are looked at in any 15 minutes."""
    attempts, now, looks = Attempts(), START, []
    for gap in gaps:
        now += gap * SECOND
        attempts, allowed = fail(attempts, now)
        looks += [now] if allowed else []
    assert all(sum(at <= other < at + RULE.window for other in looks) <= 5 for at in looks)


@given(st.lists(st.integers(0, 60), min_size=5, max_size=5))
def test_a_locked_account_stays_locked(gaps: list[int]) -> None:
    """Nothing but `clear` opens it: neither time nor further failures."""
    attempts, now = Attempts(), START
    for gap in gaps:
        now += gap * SECOND
        attempts, _ = fail(attempts, now)
    later, allowed = fail(attempts, now + timedelta(days=400))
    assert not allowed
    assert later.locked_at == attempts.locked_at is not None


SESSION = Session("ses_1", "centre_1", "user_1", "hash", START, START, START + timedelta(hours=12))


@pytest.mark.parametrize(
    ("seen", "now", "live"),
    [(0, 29, True), (0, 30, False), (700, 719, True), (719, 720, False)],
    ids=["active", "idle", "just before the end", "at the absolute limit"],
)
def test_sessions_end_by_idleness_and_by_age(seen: int, now: int, live: bool) -> None:
    """CJIS AC-11 and IA-11; minutes since the log-on."""
    session = replace(SESSION, last_seen_at=START + timedelta(minutes=seen))
    assert session.live(START + timedelta(minutes=now), timedelta(minutes=30)) is live


def test_administrators_hear_no_call_and_auditors_change_none() -> None:
    """CJIS AC-6: least privilege."""
    administrator = ROLE_PERMISSIONS[Role.ADMINISTRATOR]
    assert administrator.isdisjoint({"calls:read", "media:listen", "incidents:confirm"})
    auditor = ROLE_PERMISSIONS[Role.AUDITOR]
    assert {str(each).split(":")[1] for each in auditor} == {"read", "self"}


def test_only_administrators_manage_identity() -> None:
    """No other role, and no API client, reaches users and credentials."""
    holders = {
        role for role, given_ in ROLE_PERMISSIONS.items() if Permission.IDENTITY_MANAGE in given_
    }
    assert holders == {Role.ADMINISTRATOR}
    assert Permission.IDENTITY_MANAGE not in CLIENT_SCOPES


def test_no_machine_may_confirm() -> None:
    """An incident leaves for a CAD by a person's hand only."""
    assert Permission.INCIDENTS_CONFIRM not in CLIENT_SCOPES


def test_roles_add_up() -> None:
    """Two roles allow what either allows."""
    both = permissions_of([Role.ADMINISTRATOR, Role.TELECOMMUNICATOR])
    assert both == ROLE_PERMISSIONS[Role.ADMINISTRATOR] | ROLE_PERMISSIONS[Role.TELECOMMUNICATOR]


@pytest.mark.parametrize("name", ["", " ", "two words", "x" * 65, "a\nb", "semi;colon", "nul\x00"])
def test_unusable_user_names_are_refused(name: str) -> None:
    """What could not be typed or told apart."""
    with pytest.raises(NameInvalid):
        clean_username(name)


def test_user_names_differ_by_more_than_case() -> None:
    """`Anna`, `anna` and full-width letters are one name."""
    assert username_key("Anna") == username_key(" anna") == username_key("\uff21nna")


@pytest.mark.parametrize("name", ["", "\t", "x" * 121, "right\u202eleft", "nul\x00"])
def test_unusable_names_are_refused(name: str) -> None:
    """Names that would mislead on screen."""
    with pytest.raises(NameInvalid):
        clean_name(name)


def test_names_lose_stray_spaces() -> None:
    """As a person would have typed it."""
    assert clean_name("  Anna \n Ørsted ") == "Anna Ørsted"


@given(st.text(min_size=1), st.text(min_size=1))
def test_the_csrf_token_belongs_to_one_session(one: str, other: str) -> None:
    """Equal for the same token only, and neither the token nor its stored hash."""
    one, other = one.encode("utf-8", "replace").decode(), other.encode("utf-8", "replace").decode()
    assert (csrf_of(one) == csrf_of(other)) == (one == other)
    assert csrf_of(one) not in {one, secret_hash(one)}


def test_secrets_and_names_do_not_print() -> None:
    """`repr` of a session shows no hash."""
    assert "hash" not in repr(SESSION).replace("token_hash", "")
