"""The first set-up, and the way back in: a link that works once and for a day."""

from datetime import timedelta
from typing import ClassVar

from ringdown.audit.api import INSTALLATION
from ringdown.core.errors import Conflict, NotFound, Refused
from ringdown.core.principal import system
from ringdown.core.sensitive import Sensitive
from ringdown.identity.model import (
    FIRST_ADMINISTRATOR,
    Centre,
    SetupToken,
    clean_name,
    same,
    secret_hash,
)
from ringdown.identity.service.means import Means
from ringdown.identity.service.sessions import Opened, Sessions
from ringdown.identity.service.users import Users
from ringdown.runtime.db import Tx


class SetupRefused(Refused):
    """The setup link is wrong, used, or too old."""

    code: ClassVar[str] = "identity.setup.refused"
    action: ClassVar[str] = "Run `ringdown user setup-link` on the server for a new one."

    def __init__(self) -> None:
        super().__init__("this setup link does not work any more")


class SetupNotNeeded(Conflict):
    """Somebody can sign in and manage users, so no link is made."""

    code: ClassVar[str] = "identity.setup.not_needed"
    action: ClassVar[str] = "Ask that administrator; `ringdown user unlock` releases one."


class CentreNotFound(NotFound):
    """No such centre, or several and none was named."""

    code: ClassVar[str] = "identity.centre.not_found"
    action: ClassVar[str] = "Name one: `ringdown user list` shows the centres and their ids."


class Setup:
    """Makes the first administrator of a centre, by whoever can run commands on the server."""

    def __init__(self, means: Means, users: Users, sessions: Sessions) -> None:
        self._means = means
        self._users = users
        self._sessions = sessions

    async def needed(self) -> bool:
        """Whether nobody in the whole installation can manage users yet."""
        async with self._means.database.read() as tx:
            return not await self._means.stores.users.administrators(tx)

    async def waiting(self) -> bool:
        """Whether the page behind a link makes sense: a set-up is needed, or a link is out."""
        means = self._means
        async with means.database.read() as tx:
            token = await means.stores.setups.current(tx)
        return (token is not None and means.now() < token.expires_at) or await self.needed()

    async def issue_token(self, *, centre_id: str | None = None, new_centre: bool = False) -> str:
        """A new token for a link `/setup#TOKEN`; any earlier one is void. Valid once, for a day.

        It makes an administrator of `centre_id`, by default of the only centre; or, when there
        is none or with `new_centre`, a centre with its first administrator. Refused while an
        administrator of that centre can sign in. Raises `SetupNotNeeded`, `CentreNotFound`.
        """
        means, now = self._means, self._means.now()
        token = means.ids.secret()
        async with means.database.write() as tx:
            centre = None if new_centre else await self._centre(tx, centre_id)
            if centre is not None:
                administrators = await means.stores.users.administrators(tx)
                if any(a.centre_id == centre and not a.locked for a in administrators):
                    raise SetupNotNeeded("an administrator of this centre can sign in")
            await means.stores.setups.replace(
                tx,
                SetupToken(
                    token_hash=secret_hash(token),
                    centre_id=centre,
                    issued_at=now,
                    expires_at=now + timedelta(hours=means.settings.setup_link_hours),
                ),
            )
            where = centre or INSTALLATION
            await means.record(tx, "identity:setup:link_issued", system(where, "setup"), where)
        return token

    async def complete(
        self,
        token: Sensitive[str],
        *,
        centre_name: str,
        username: str,
        display_name: str,
        password: Sensitive[str],
        source: str,
    ) -> Opened:
        """Use the link: make the administrator and sign them in.

        A mistake in the form does not use up the link. Raises `SetupRefused`, `NameInvalid`,
        `PasswordRefused`, `UserNameTaken`.
        """
        means = self._means
        async with means.database.read() as tx:
            live = await self._live(tx, token)
            known = await means.stores.centres.get(tx, live.centre_id or "") if live else None
        if live is None:
            await self._refuse(source)
            raise SetupRefused
        centre = known or Centre(means.ids.new("centre"), clean_name(centre_name), means.now())
        user = await self._users.prepare(
            centre.centre_id,
            username=username,
            display_name=display_name,
            roles=FIRST_ADMINISTRATOR,
            password=password,
            must_change_password=False,
            centre_name=centre.name,
        )
        actor = system(centre.centre_id, "setup")
        async with means.database.write() as tx:
            # Asked again: two browsers may have sent the same link at the same moment.
            if await self._live(tx, token) != live:
                raise SetupRefused
            await means.stores.setups.clear(tx)
            if known is None:
                await means.stores.centres.add(tx, centre)
                await means.record(tx, "identity:centre:added", actor, centre.centre_id)
            await self._users.keep(tx, actor, user)
            await means.record(tx, "identity:setup:completed", actor, user.user_id, source=source)
            return await self._sessions.open_for(tx, user, source=source)

    async def _centre(self, tx: Tx, centre_id: str | None) -> str | None:
        """Which centre a link is for; None for one that is still to be made."""
        centres = [centre.centre_id for centre in await self._means.stores.centres.all(tx)]
        if centre_id is None and len(centres) <= 1:
            return centres[0] if centres else None
        if centre_id not in centres:
            raise CentreNotFound("name one of the centres", details={"centres": len(centres)})
        return centre_id

    async def _live(self, tx: Tx, token: Sensitive[str]) -> SetupToken | None:
        current = await self._means.stores.setups.current(tx)
        if current is None or self._means.now() >= current.expires_at:
            return None
        given = secret_hash(token.reveal("it is compared by its hash"))
        return current if same(current.token_hash, given) else None

    async def _refuse(self, source: str) -> None:
        means = self._means
        skipped = means.tally.due(f"setup {source}", means.clock.monotonic())
        if skipped is None:
            return
        async with means.database.write() as tx:
            await means.record(
                tx,
                "identity:setup:refused",
                system(INSTALLATION, "setup"),
                "setup",
                source=source,
                more=skipped,
            )
