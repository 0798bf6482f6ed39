"""Signing in and out, the session behind a cookie, and changing one's own password."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import ClassVar

from ringdown.audit.api import INSTALLATION
from ringdown.core.errors import Unauthenticated
from ringdown.core.principal import Principal, system
from ringdown.core.sensitive import Sensitive
from ringdown.identity.model import (
    Centre,
    Permission,
    Session,
    User,
    could_be_username,
    csrf_of,
    permissions_of,
    secret_hash,
)
from ringdown.identity.passwords import PasswordRefused
from ringdown.identity.service.means import Means
from ringdown.runtime.db import DatabaseUnavailable, Tx
from ringdown.runtime.telemetry import get_logger

SEEN_EVERY = timedelta(seconds=30)


class WrongCredentials(Unauthenticated):
    """The one answer to every failed log-on, so that it tells nothing about the account."""

    code: ClassVar[str] = "identity.credentials.wrong"
    action: ClassVar[str] = (
        "Check both. After five failures in 15 minutes an account stays locked until an "
        "administrator releases it."
    )

    def __init__(self) -> None:
        super().__init__("the user name or the password is wrong, or the account is locked")


class SessionOver(Unauthenticated):
    """The session has reached a limit, or somebody ended it."""

    code: ClassVar[str] = "identity.session.over"
    action: ClassVar[str] = "Sign in again."

    def __init__(self) -> None:
        super().__init__("the session is over")


@dataclass(frozen=True)
class SignedIn:
    """A live session with whom it belongs to."""

    session: Session
    user: User
    centre: Centre

    @property
    def permissions(self) -> frozenset[str]:
        """What the session allows; nothing but a new password while it is limited."""
        if self.session.limited:
            return frozenset({str(Permission.SESSION_SELF)})
        return permissions_of(self.user.roles)

    @property
    def principal(self) -> Principal:
        """Who acts in this session."""
        return Principal(
            "user",
            self.user.user_id,
            self.user.display_name,
            self.user.centre_id,
            self.permissions,
            self.session.session_id,
        )


@dataclass(frozen=True)
class Opened:
    """A new session with its secret, which is told once and never kept."""

    signed_in: SignedIn
    token: Sensitive[str] = field(repr=False)

    @property
    def csrf_token(self) -> str:
        """What goes into the header of every unsafe request of this session."""
        return csrf_of(self.token.reveal("its CSRF token is sent to the same browser"))


class Sessions:
    """Server-side sessions of people."""

    def __init__(self, means: Means) -> None:
        self._means = means
        self._log = get_logger("identity")

    # ---- signing in

    async def sign_in(
        self, username: Sensitive[str], password: Sensitive[str], *, source: str
    ) -> Opened:
        """Open a session. `source` is the address it comes from.

        An unknown name, a wrong password, a locked and a disabled account look the same and
        cost the same. Raises `WrongCredentials`, `TooManyLogOns`.
        """
        means, now = self._means, self._means.now()
        name = username.reveal("it is looked up")
        async with means.database.write() as tx:
            user = None
            if could_be_username(name):
                user = await means.stores.users.by_username(tx, name)
            allowed = await self._begin_attempt(tx, user, now)
        fits = await means.hasher.verify(user.password_hash if user else None, password)
        fresh_hash = None
        if user and fits and allowed and means.hasher.outdated(user.password_hash):
            fresh_hash = await means.hasher.hash(password)
        async with means.database.write() as tx:
            if user is not None and fits and allowed:
                opened = await self._succeed(tx, user, fresh_hash, source)
                if opened is not None:
                    return opened
            await self._fail(tx, user, "locked" if user and user.locked else "wrong", source)
        raise WrongCredentials

    async def open_for(self, tx: Tx, user: User, *, source: str) -> Opened:
        """Open a session for somebody who has proved otherwise who they are (the setup link)."""
        means, now = self._means, self._means.now()
        too_old = now - user.password_changed_at >= timedelta(days=means.settings.password_max_days)
        token = means.ids.secret()
        session = Session(
            session_id=means.ids.new("ses"),
            centre_id=user.centre_id,
            user_id=user.user_id,
            token_hash=secret_hash(token),
            opened_at=now,
            last_seen_at=now,
            expires_at=now + timedelta(hours=means.settings.session_hours),
            limited=user.must_change_password or too_old,
            previous_log_on_at=user.last_log_on_at,
            failures_before=max(0, user.attempts.since_log_on - 1),
        )
        await self._sweep(tx, now)
        await means.stores.sessions.add(tx, session)
        user = replace(user, attempts=user.attempts.clear(), last_log_on_at=now)
        await means.stores.users.save(tx, user)
        centre = await means.stores.centres.get(tx, user.centre_id)
        assert centre is not None, "a user's centre is never removed"
        signed_in = SignedIn(session, user, centre)
        await means.record(
            tx,
            "identity:session:opened",
            signed_in.principal,
            session.session_id,
            source=source,
            limited=session.limited,
        )
        return Opened(signed_in, Sensitive(token, "session.token"))

    async def _begin_attempt(self, tx: Tx, user: User | None, now: datetime) -> bool:
        """Count the attempt before the password is looked at; whether it may be."""
        users = self._means.stores.users
        if user is None:
            await users.count_unknown(tx, now)
            return False
        attempts, allowed = user.attempts.begin(now, self._means.settings.lock_rule)
        await users.save(tx, replace(user, attempts=attempts))
        return allowed and not user.disabled

    async def _succeed(
        self, tx: Tx, seen: User, fresh_hash: str | None, source: str
    ) -> Opened | None:
        """Open the session, unless the account has changed while the password was checked."""
        user = await self._means.stores.users.get(tx, seen.centre_id, seen.user_id)
        if user is None or user.disabled or user.locked or user.password_hash != seen.password_hash:
            return None
        return await self.open_for(
            tx, replace(user, password_hash=fresh_hash or user.password_hash), source=source
        )

    async def _fail(self, tx: Tx, seen: User | None, why: str, source: str) -> None:
        """Count the failure, lock if it is one too many, and write it down."""
        means, now = self._means, self._means.now()
        if seen is None:
            await means.stores.users.count_unknown(tx, now)
            await self._record_unknown(tx, source)
            return
        user = await means.stores.users.get(tx, seen.centre_id, seen.user_id)
        assert user is not None, "users are never removed"
        attempts = user.attempts.fail(now, means.settings.lock_rule)
        await means.stores.users.save(tx, replace(user, attempts=attempts))
        actor = system(user.centre_id, "identity")
        skipped: int | None = 0
        if user.locked:
            skipped = means.tally.due(f"user {user.user_id}", means.clock.monotonic())
        if skipped is not None:
            await means.record(
                tx,
                "identity:session:refused",
                actor,
                user.user_id,
                source=source,
                reason="disabled" if user.disabled else why,
                more=skipped,
            )
        if attempts.locked_at is not None and not user.locked:
            await means.record(tx, "identity:user:locked", actor, user.user_id, source=source)
            self._log.warning("account locked", user_id=user.user_id, centre_id=user.centre_id)

    async def _record_unknown(self, tx: Tx, source: str) -> None:
        """Write down a log-on under an unknown name, without the name: it may be a password."""
        means = self._means
        skipped = means.tally.due(f"unknown {source}", means.clock.monotonic())
        if skipped is None:
            return
        centres = await means.stores.centres.all(tx)
        centre_id = centres[0].centre_id if len(centres) == 1 else INSTALLATION
        await means.record(
            tx,
            "identity:session:refused",
            system(centre_id, "identity"),
            "user:unknown",
            source=source,
            reason="unknown",
            more=skipped,
        )

    # ---- the session behind a cookie

    async def authenticate(self, token: Sensitive[str]) -> SignedIn:
        """Whose session this is; counts as activity. Raises `SessionOver`."""
        means, now = self._means, self._means.now()
        token_hash = secret_hash(token.reveal("it is looked up by its hash"))
        async with means.database.read() as tx:
            session = await means.stores.sessions.by_token_hash(tx, token_hash)
            signed_in = None if session is None else await self._signed_in(tx, session)
        if session is None or signed_in is None:
            raise SessionOver
        if not session.live(now, means.settings.idle):
            await self._expire(session)
            raise SessionOver
        if now - session.last_seen_at >= min(SEEN_EVERY, means.settings.idle / 2):
            await self._seen(session, now)
        return signed_in

    async def still_valid(self, principal: Principal) -> bool:
        """Whether the session may go on; asking is no activity."""
        if principal.session_id is None:
            return False
        means, now = self._means, self._means.now()
        async with means.database.read() as tx:
            session = await means.stores.sessions.get(tx, principal.centre_id, principal.session_id)
            signed_in = None if session is None else await self._signed_in(tx, session)
        return (
            session is not None and signed_in is not None and session.live(now, means.settings.idle)
        )

    async def sign_out(self, principal: Principal) -> None:
        """End one's own session."""
        means = self._means
        async with means.database.write() as tx:
            session = await means.stores.sessions.get(
                tx, principal.centre_id, principal.session_id or ""
            )
            if session is not None:
                await means.end_sessions(
                    tx, [session], principal, tag="identity:session:closed", because="signed_out"
                )

    async def _signed_in(self, tx: Tx, session: Session) -> SignedIn | None:
        user = await self._means.stores.users.get(tx, session.centre_id, session.user_id)
        centre = await self._means.stores.centres.get(tx, session.centre_id)
        if user is None or centre is None or user.disabled:
            return None
        return SignedIn(session, user, centre)

    async def _seen(self, session: Session, now: datetime) -> None:
        means = self._means
        try:
            async with means.database.write() as tx:
                await means.stores.sessions.seen(tx, session.centre_id, session.session_id, now)
        except DatabaseUnavailable as error:
            # A full disk must not sign out the people who work on a call.
            self._log.warning("session activity not kept", code=error.code)

    async def _expire(self, session: Session) -> None:
        means = self._means
        async with means.database.write() as tx:
            await self._end_expired(tx, [session])

    async def _sweep(self, tx: Tx, now: datetime) -> None:
        """Remove sessions that nobody came back to."""
        means = self._means
        stale = await means.stores.sessions.stale(
            tx, seen_before=now - means.settings.idle, now=now
        )
        await self._end_expired(tx, stale)

    async def _end_expired(self, tx: Tx, sessions: list[Session]) -> None:
        for session in sessions:
            await self._means.end_sessions(
                tx,
                [session],
                system(session.centre_id, "identity"),
                tag="identity:session:expired",
                because="limit",
            )

    # ---- one's own password

    async def change_password(
        self, principal: Principal, current: Sensitive[str], new: Sensitive[str], *, source: str
    ) -> Opened:
        """Set a new password; every session ends and a new one is opened for this browser.

        A wrong current password counts as a failed log-on: a stolen session is no way around the
        lock. Raises `WrongCredentials`, `PasswordRefused`, `TooManyLogOns`.
        """
        means = self._means
        tag = "identity:password:refused"
        async with means.database.write() as tx:
            user = await means.stores.users.get(tx, principal.centre_id, principal.id)
            centre = await means.stores.centres.get(tx, principal.centre_id)
            if user is None or centre is None:
                raise SessionOver
            allowed = await self._begin_attempt(tx, user, means.now())
        fits = await means.hasher.verify(user.password_hash, current)
        if not (fits and allowed):
            async with means.database.write() as tx:
                await self._fail(tx, user, "locked" if user.locked else "wrong", source)
                await means.record(tx, tag, principal, user.user_id, reason="current_password")
            raise WrongCredentials
        async with means.audited(principal, user.user_id, "password", tag):
            if await means.hasher.verify(user.password_hash, new):
                raise PasswordRefused(
                    "this is the password you have", details={"reason": "same_as_before"}
                )
            means.rules.check(new, names=(user.username, user.display_name, centre.name))
        hashed = await means.hasher.hash(new)
        async with means.database.write() as tx:
            fresh = await means.stores.users.get(tx, user.centre_id, user.user_id)
            if fresh is None or fresh.disabled or fresh.password_hash != user.password_hash:
                raise SessionOver
            await means.record(tx, "identity:password:changed", principal, user.user_id)
            await means.end_sessions(
                tx,
                await means.stores.sessions.of_user(tx, user.centre_id, user.user_id),
                principal,
                tag="identity:session:ended",
                because="password_changed",
            )
            changed = replace(
                fresh,
                password_hash=hashed,
                password_changed_at=means.now(),
                must_change_password=False,
            )
            return await self.open_for(tx, changed, source=source)
