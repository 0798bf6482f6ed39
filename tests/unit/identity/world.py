"""Identity put together for tests, on any database, with a quick hasher."""

from dataclasses import dataclass, field

from ringdown.audit.fakes import MemoryAuditStore
from ringdown.audit.model import AuditRow
from ringdown.audit.service import AuditLog
from ringdown.audit.store import SqlAuditStore
from ringdown.core.events import Signal
from ringdown.core.principal import Principal
from ringdown.core.sensitive import Sensitive
from ringdown.identity.adapters.jwt_tokens import JwtTokens
from ringdown.identity.fakes import QuickHasher, memory_stores
from ringdown.identity.model import Role
from ringdown.identity.passwords import PasswordRules
from ringdown.identity.service.authentication import Authentication
from ringdown.identity.service.clients import Clients
from ringdown.identity.service.means import Means
from ringdown.identity.service.sessions import Opened, Sessions
from ringdown.identity.service.setup import Setup
from ringdown.identity.service.tokens import Tokens
from ringdown.identity.service.users import Users
from ringdown.identity.settings import IdentitySettings
from ringdown.identity.store import sql_stores
from ringdown.runtime.db import Database, MemoryDatabase
from ringdown.testing.clock import CountingIds, ManualClock

PASSWORD = "tangerine otter kiln"
OTHER = "walnut ferry lamp oil"
KEY = "a key of 32 characters for tests alone"


def secret(text: str) -> Sensitive[str]:
    return Sensitive(text, "test.secret")


@dataclass
class Heard:
    signals: list[Signal] = field(default_factory=list)

    def signal(self, signal: Signal) -> None:
        self.signals.append(signal)


class World:
    def __init__(self, database: Database, clock: ManualClock, ids: CountingIds) -> None:
        memory = isinstance(database, MemoryDatabase)
        self.database, self.clock, self.ids = database, clock, ids
        self.audit_store = MemoryAuditStore() if memory else SqlAuditStore()
        self.audit = AuditLog(self.audit_store, clock)
        self.hasher = QuickHasher()
        self.heard = Heard()
        self.means = Means(
            database=database,
            stores=memory_stores() if memory else sql_stores(),
            audit=self.audit,
            clock=clock,
            ids=ids,
            hasher=self.hasher,
            rules=PasswordRules(),
            settings=IdentitySettings(),
            signals=self.heard,
        )
        self.sessions = Sessions(self.means)
        self.users = Users(self.means)
        self.clients = Clients(self.means)
        self.signer = JwtTokens(secret(KEY))
        self.tokens = Tokens(self.means, self.clients, self.signer)
        self.setup = Setup(self.means, self.users, self.sessions)
        self.authentication = Authentication(self.sessions, self.clients)

    async def centre(self, name: str = "Fictional County", username: str = "anna") -> Opened:
        """A centre with its administrator, signed in."""
        token = await self.setup.issue_token(new_centre=True)
        return await self.setup.complete(
            secret(token),
            centre_name=name,
            username=username,
            display_name=username.title(),
            password=secret(PASSWORD),
            source="192.0.2.1",
        )

    async def sign_in(self, username: str = "anna", password: str = PASSWORD) -> Opened:
        return await self.sessions.sign_in(secret(username), secret(password), source="192.0.2.7")

    async def add(
        self, actor: Principal, username: str, *roles: Role, must_change: bool = False
    ) -> str:
        user = await self.users.add(
            actor,
            username=username,
            display_name=username.title(),
            roles=roles or (Role.TELECOMMUNICATOR,),
            password=secret(PASSWORD),
            must_change_password=must_change,
        )
        return user.user_id

    async def rows(self, centre_id: str) -> list[AuditRow]:
        async with self.database.read() as tx:
            return await self.audit_store.rows(tx, centre_id, after=0, limit=10_000)

    async def tags(self, centre_id: str) -> list[str]:
        return [row.tag for row in await self.rows(centre_id)]
