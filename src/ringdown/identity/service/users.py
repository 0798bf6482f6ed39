"""What administrators do with the users of their centre."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import ClassVar

from ringdown.core.errors import Conflict, Invalid, NotFound
from ringdown.core.principal import Principal
from ringdown.core.sensitive import Sensitive
from ringdown.identity.model import Role, User, clean_name, clean_username
from ringdown.identity.service.means import Means
from ringdown.runtime.db import Tx


class UserNotFound(NotFound):
    """No such user in this centre."""

    code: ClassVar[str] = "identity.user.not_found"


class LastAdministrator(Conflict):
    """The change would leave the centre without an administrator."""

    code: ClassVar[str] = "identity.user.last_administrator"
    action: ClassVar[str] = "Make somebody else an administrator first."


class RolesMissing(Invalid):
    """A user needs at least one role."""

    code: ClassVar[str] = "identity.user.no_role"
    action: ClassVar[str] = "Name at least one role, or disable the user."


class OwnPassword(Invalid):
    """One's own password is changed with the current one at hand, not by administration."""

    code: ClassVar[str] = "identity.user.own_password"
    action: ClassVar[str] = "Use “Change password”, which asks for the current one."


@dataclass(frozen=True)
class UserChange:
    """What is to change; None leaves a thing as it is."""

    display_name: str | None = None
    roles: frozenset[Role] | None = None
    disabled: bool | None = None
    unlock: bool = False
    new_password: Sensitive[str] | None = None


class Users:
    """The users of a centre."""

    def __init__(self, means: Means) -> None:
        self._means = means

    async def list(self, actor: Principal) -> list[User]:
        """The users of the actor's centre, oldest first."""
        async with self._means.database.read() as tx:
            return await self._means.stores.users.of_centre(tx, actor.centre_id)

    async def add(
        self,
        actor: Principal,
        *,
        username: str,
        display_name: str,
        roles: Iterable[Role],
        password: Sensitive[str],
        must_change_password: bool = True,
    ) -> User:
        """Add a user, whose password is by default for the first log-on alone (CJIS IA-5).

        Raises `NameInvalid`, `PasswordRefused`, `RolesMissing`, `UserNameTaken`.
        """
        means = self._means
        async with means.audited(actor, "user:new", "add"):
            user = await self.prepare(
                actor.centre_id,
                username=username,
                display_name=display_name,
                roles=roles,
                password=password,
                must_change_password=must_change_password,
            )
            async with means.database.write() as tx:
                await self.keep(tx, actor, user)
        return user

    async def prepare(
        self,
        centre_id: str,
        *,
        username: str,
        display_name: str,
        roles: Iterable[Role],
        password: Sensitive[str],
        must_change_password: bool,
        centre_name: str | None = None,
    ) -> User:
        """A user that is checked and hashed but not kept yet."""
        means = self._means
        name, shown, given = clean_username(username), clean_name(display_name), frozenset(roles)
        if not given:
            raise RolesMissing("a user needs a role")
        if centre_name is None:
            async with means.database.read() as tx:
                centre = await means.stores.centres.get(tx, centre_id)
            centre_name = centre.name if centre else ""
        means.rules.check(password, names=(name, shown, centre_name))
        hashed = await means.hasher.hash(password)
        now = means.now()
        return User(
            user_id=means.ids.new("user"),
            centre_id=centre_id,
            username=name,
            display_name=shown,
            roles=given,
            password_hash=hashed,
            password_changed_at=now,
            must_change_password=must_change_password,
            created_at=now,
        )

    async def keep(self, tx: Tx, actor: Principal, user: User) -> None:
        """Keep a prepared user. Raises `UserNameTaken`."""
        await self._means.stores.users.add(tx, user)
        await self._means.record(
            tx,
            "identity:user:added",
            actor,
            user.user_id,
            centre_id=user.centre_id,
            username=user.username,
            roles=user.roles,
        )

    async def change(self, actor: Principal, user_id: str, change: UserChange) -> User:
        """Change a user. New roles, a new password and disabling end all their sessions at once.

        Raises `UserNotFound`, `LastAdministrator`, `RolesMissing`, `NameInvalid`,
        `PasswordRefused`, `OwnPassword`.
        """
        means = self._means
        async with means.audited(actor, user_id, "change"):
            hashed = await self._hashed(actor, user_id, change)
            async with means.database.write() as tx:
                before = await means.stores.users.get(tx, actor.centre_id, user_id)
                if before is None:
                    raise UserNotFound("there is no such user")
                after = self._changed(before, change, hashed)
                await self._leave_an_administrator(tx, before, after)
                await means.stores.users.save(tx, after)
                await self._record_changes(tx, actor, before, after, change)
        return after

    async def _hashed(self, actor: Principal, user_id: str, change: UserChange) -> str | None:
        if change.new_password is None:
            return None
        if actor.id == user_id:
            raise OwnPassword("this is your own password")
        means = self._means
        async with means.database.read() as tx:
            user = await means.stores.users.get(tx, actor.centre_id, user_id)
            centre = await means.stores.centres.get(tx, actor.centre_id)
        if user is None or centre is None:
            raise UserNotFound("there is no such user")
        means.rules.check(
            change.new_password, names=(user.username, user.display_name, centre.name)
        )
        return await means.hasher.hash(change.new_password)

    def _changed(self, before: User, change: UserChange, hashed: str | None) -> User:
        if change.roles is not None and not change.roles:
            raise RolesMissing("a user needs a role")
        after = before
        if change.display_name is not None:
            after = replace(after, display_name=clean_name(change.display_name))
        if change.roles is not None:
            after = replace(after, roles=change.roles)
        if change.disabled is not None:
            after = replace(after, disabled=change.disabled)
        if change.unlock:
            after = replace(after, attempts=after.attempts.clear())
        if hashed is not None:
            after = replace(
                after,
                password_hash=hashed,
                password_changed_at=self._means.now(),
                must_change_password=True,
            )
        return after

    async def _leave_an_administrator(self, tx: Tx, before: User, after: User) -> None:
        if not before.administers or after.administers:
            return
        others = await self._means.stores.users.of_centre(tx, before.centre_id)
        if not any(user.administers for user in others if user.user_id != before.user_id):
            raise LastAdministrator("this is the centre's last administrator")

    async def _record_changes(
        self, tx: Tx, actor: Principal, before: User, after: User, change: UserChange
    ) -> None:
        means, subject = self._means, before.user_id
        ends: str | None = None
        if after.display_name != before.display_name:
            await means.record(tx, "identity:user:changed", actor, subject, what=["display_name"])
        if after.roles != before.roles:
            ends = "roles_changed"
            await means.record(
                tx,
                "identity:user:roles_changed",
                actor,
                subject,
                before=before.roles,
                after=after.roles,
            )
        if after.password_hash != before.password_hash:
            ends = "password_reset"
            await means.record(tx, "identity:password:reset", actor, subject)
        if change.unlock and before.attempts != after.attempts:
            await means.record(
                tx, "identity:user:unlocked", actor, subject, was_locked=before.locked
            )
        if after.disabled != before.disabled:
            ends = "disabled" if after.disabled else ends
            tag = "identity:user:disabled" if after.disabled else "identity:user:enabled"
            await means.record(tx, tag, actor, subject)
        if ends is not None:
            sessions = await means.stores.sessions.of_user(tx, before.centre_id, subject)
            await means.end_sessions(
                tx, sessions, actor, tag="identity:session:ended", because=ends
            )
