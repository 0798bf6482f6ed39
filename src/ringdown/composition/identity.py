"""Who may do what: people, API clients, access tokens; and the names of centres."""

from dataclasses import dataclass

from ringdown.audit.service import AuditLog
from ringdown.composition.foundation import Base, World
from ringdown.core.sensitive import Sensitive
from ringdown.identity.adapters.argon2 import Argon2Hasher, load_rules
from ringdown.identity.adapters.http_auth import HttpAuth
from ringdown.identity.adapters.jwt_tokens import JwtTokens
from ringdown.identity.events import ClientStopped
from ringdown.identity.service.authentication import Authentication
from ringdown.identity.service.centres import CentreNames
from ringdown.identity.service.clients import Clients
from ringdown.identity.service.means import Means, Signals
from ringdown.identity.service.sessions import Sessions
from ringdown.identity.service.setup import Setup
from ringdown.identity.service.tokens import Tokens
from ringdown.identity.service.users import Users
from ringdown.identity.service.watch import StoppedElsewhere
from ringdown.identity.store import sql_stores
from ringdown.runtime.db import SqlDatabase
from ringdown.runtime.secret_files import read_or_make_secret
from ringdown.settings import Settings


@dataclass(frozen=True)
class Identity:
    """Who may do what."""

    means: Means
    users: Users
    sessions: Sessions
    clients: Clients
    setup: Setup
    authentication: Authentication
    access_tokens: Tokens
    stopped_elsewhere: StoppedElsewhere
    auth: HttpAuth
    centres: CentreNames


def build_identity(base: Base) -> Identity:
    """Who may do what."""
    settings = base.settings.identity
    means = means_of(base.settings, base.db, base.audit, base.world, base.bus)
    users, sessions, clients = Users(means), Sessions(means), Clients(means)
    authentication = Authentication(sessions, clients)
    token_key = read_or_make_secret(base.data / "secrets" / "access-token.key", base.ids.secret)
    access_tokens = Tokens(means, clients, JwtTokens(Sensitive(token_key, "access_token.key")))
    stopped_elsewhere = StoppedElsewhere(means)
    base.bus.on_signal(ClientStopped, stopped_elsewhere.heard)
    return Identity(
        means=means,
        users=users,
        sessions=sessions,
        clients=clients,
        setup=Setup(means, users, sessions),
        authentication=authentication,
        access_tokens=access_tokens,
        stopped_elsewhere=stopped_elsewhere,
        auth=HttpAuth(authentication, access_tokens, allowed_origins=settings.allowed_origins),
        centres=CentreNames(means.stores.centres),
    )


def means_of(
    settings: Settings, db: SqlDatabase, audit: AuditLog, world: World, signals: Signals
) -> Means:
    """What the use cases of identity work with."""
    return Means(
        database=db,
        stores=sql_stores(),
        audit=audit,
        clock=world.clock,
        ids=world.ids,
        hasher=Argon2Hasher(settings.identity.argon2),
        rules=load_rules(settings.identity),
        settings=settings.identity,
        signals=signals,
    )
