"""Centres, users, sessions and API clients as values, and the rules over them. Pure.

Names print nowhere by accident: they are left out of `repr`.
"""

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import ClassVar, Final

from ringdown.core.errors import Invalid

COOKIE: Final = "ringdown_session"
"""The name of the cookie that holds a session token."""


class Permission(StrEnum):
    """What a route may ask for; a principal has it or has not."""

    CALLS_READ = "calls:read"
    CALLS_WRITE = "calls:write"
    CALLS_NOTE = "calls:note"
    MEDIA_LISTEN = "media:listen"
    MEDIA_INGEST = "media:ingest"
    INCIDENTS_READ = "incidents:read"
    INCIDENTS_EDIT = "incidents:edit"
    INCIDENTS_CONFIRM = "incidents:confirm"
    EIDO_READ = "eido:read"
    CAD_READ = "cad:read"
    CAD_RETRY = "cad:retry"
    NAMES_READ = "names:read"
    NAMES_WRITE = "names:write"
    STREETS_READ = "streets:read"
    STREETS_WRITE = "streets:write"
    ASSIST_READ = "assist:read"
    ASSIST_REVEAL = "assist:reveal"
    ASSIST_SWITCH = "assist:switch"
    TEXTING_SEND = "texting:send"
    CALLER_ASK = "caller:ask"
    CALLER_OVERRIDE = "caller:override"
    VIDEO_VIEW = "video:view"
    VIDEO_TAKE_OVER = "video:take_over"
    UPLOADS_VIEW = "uploads:view"
    UPLOADS_EXPORT = "uploads:export"
    RESPONDERS_SHARE = "responders:share"
    INCIDENT_EVENTS = "incident_events"
    PARTNERS_READ = "partners:read"
    PARTNERS_MANAGE = "partners:manage"
    OPS_READ = "ops:read"
    OPS_MANAGE = "ops:manage"
    DEMO_START = "demo:start"
    IDENTITY_MANAGE = "identity:manage"
    AUDIT_READ = "audit:read"
    SESSION_SELF = "session:self"


class Role(StrEnum):
    """What a person is in their centre; one person may be several."""

    TELECOMMUNICATOR = "telecommunicator"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


_P = Permission
_TELECOMMUNICATOR = frozenset(
    {
        _P.CALLS_READ, _P.CALLS_WRITE, _P.CALLS_NOTE, _P.MEDIA_LISTEN, _P.INCIDENTS_READ,
        _P.INCIDENTS_EDIT, _P.INCIDENTS_CONFIRM, _P.EIDO_READ, _P.CAD_READ, _P.CAD_RETRY,
        _P.OPS_READ, _P.DEMO_START, _P.NAMES_READ, _P.STREETS_READ, _P.ASSIST_READ,
        _P.ASSIST_REVEAL, _P.ASSIST_SWITCH, _P.TEXTING_SEND, _P.CALLER_ASK, _P.VIDEO_VIEW,
        _P.UPLOADS_VIEW, _P.RESPONDERS_SHARE, _P.SESSION_SELF,
    }
)  # fmt: skip

ROLE_PERMISSIONS: Final[Mapping[Role, frozenset[Permission]]] = MappingProxyType(
    {
        Role.TELECOMMUNICATOR: _TELECOMMUNICATOR,
        Role.SUPERVISOR: _TELECOMMUNICATOR
        | {
            _P.AUDIT_READ, _P.PARTNERS_READ, _P.CALLER_OVERRIDE, _P.VIDEO_TAKE_OVER,
            _P.UPLOADS_EXPORT,
        },
        Role.ADMINISTRATOR: frozenset(
            {
                _P.IDENTITY_MANAGE, _P.OPS_READ, _P.OPS_MANAGE, _P.CAD_READ, _P.CAD_RETRY,
                _P.DEMO_START, _P.AUDIT_READ, _P.NAMES_READ, _P.NAMES_WRITE, _P.STREETS_READ,
                _P.STREETS_WRITE, _P.PARTNERS_READ, _P.PARTNERS_MANAGE, _P.SESSION_SELF,
            }
        ),
        Role.AUDITOR: frozenset(
            {
                _P.AUDIT_READ, _P.CALLS_READ, _P.INCIDENTS_READ, _P.EIDO_READ, _P.CAD_READ,
                _P.OPS_READ, _P.NAMES_READ, _P.STREETS_READ, _P.ASSIST_READ, _P.SESSION_SELF,
            }
        ),
    }
)  # fmt: skip
"""Least privilege (CJIS AC-6): an administrator as such hears no call, an auditor changes none."""

PARTNER_SCOPES: Final = frozenset({_P.INCIDENT_EVENTS})
"""Scopes of partners: a credential carries one of them, and nothing beside it."""

CLIENT_SCOPES: Final = (
    frozenset({_P.CALLS_WRITE, _P.MEDIA_INGEST, _P.CALLS_READ, _P.EIDO_READ}) | PARTNER_SCOPES
)
"""The most an API client can be given."""

FIRST_ADMINISTRATOR: Final = frozenset({Role.ADMINISTRATOR, Role.TELECOMMUNICATOR})


def permissions_of(roles: Iterable[Role]) -> frozenset[str]:
    """Everything the roles allow together."""
    return frozenset(str(each) for role in roles for each in ROLE_PERMISSIONS[role])


class NameInvalid(Invalid):
    """A name is empty, too long, or holds characters that cannot be shown."""

    code: ClassVar[str] = "identity.name.invalid"
    action: ClassVar[str] = (
        "User names: 1 to 64 letters, digits and . _ @ + -. Other names: 1 to 120 characters."
    )


def clean_username(text: str) -> str:
    """A user name as it is kept. Raises `NameInvalid`."""
    name = unicodedata.normalize("NFKC", text).strip()
    if not re.fullmatch(r"[\w.@+-]{1,64}", name):
        raise NameInvalid("this user name cannot be used")
    return name


def username_key(text: str) -> str:
    """The form in which user names are compared: case and width do not matter."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def could_be_username(text: str) -> bool:
    """Whether anybody could have this user name; others are not even looked up."""
    return 1 <= len(text) <= 200 and text.isprintable()


def could_be_id(text: str) -> bool:
    """Whether this could be one of our ids; others are not even looked up."""
    return re.fullmatch(r"[A-Za-z0-9_]{1,64}", text) is not None


def clean_name(text: str) -> str:
    """A display name, or that of a centre or a client. Raises `NameInvalid`."""
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not 1 <= len(name) <= 120 or not name.isprintable():
        raise NameInvalid("this name cannot be used")
    return name


def secret_hash(secret: str) -> str:
    """How a secret of 256 random bits is kept; such a secret needs no slow hash."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def csrf_of(token: str) -> str:
    """The CSRF token that belongs to a session token; one cannot be had from the other's hash."""
    return hmac.new(token.encode("utf-8"), b"ringdown csrf", hashlib.sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Whether two secrets are equal, in time that tells nothing."""
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))


@dataclass(frozen=True)
class LockRule:
    """CJIS AC-7: so many failed log-ons within so long lock the account."""

    failures: int = 5
    window: timedelta = timedelta(minutes=15)


@dataclass(frozen=True)
class Attempts:
    """The failed log-ons of one user. Each attempt counts as failed until it has succeeded.

    So guesses made at the same moment cannot get past the limit together.
    """

    recent: tuple[datetime, ...] = ()
    since_log_on: int = 0
    locked_at: datetime | None = None

    def begin(self, now: datetime, rule: LockRule) -> tuple["Attempts", bool]:
        """An attempt is made: the new count, and whether the password may be looked at."""
        counted = replace(self, since_log_on=self.since_log_on + 1)
        recent = self._within(now, rule)
        if self.locked_at is not None or len(recent) >= rule.failures:
            return counted, False
        return replace(counted, recent=(*recent, now)), True

    def fail(self, now: datetime, rule: LockRule) -> "Attempts":
        """An attempt has failed: locked if that was one too many; only a person releases it."""
        if self.locked_at is None and len(self._within(now, rule)) >= rule.failures:
            return replace(self, locked_at=now)
        return self

    def clear(self) -> "Attempts":
        """After a successful log-on, or a release by an administrator."""
        return Attempts()

    def _within(self, now: datetime, rule: LockRule) -> tuple[datetime, ...]:
        return tuple(at for at in self.recent if now - at < rule.window)


@dataclass(frozen=True)
class Centre:
    """One emergency communications centre: everything else belongs to exactly one."""

    centre_id: str
    name: str
    created_at: datetime


@dataclass(frozen=True)
class User:
    """A person with a password. User names are unique over the whole installation."""

    user_id: str
    centre_id: str
    username: str = field(repr=False)
    display_name: str = field(repr=False)
    roles: frozenset[Role]
    password_hash: str = field(repr=False)
    password_changed_at: datetime
    must_change_password: bool
    created_at: datetime
    disabled: bool = False
    attempts: Attempts = field(default_factory=Attempts)
    last_log_on_at: datetime | None = None

    @property
    def locked(self) -> bool:
        """Whether an administrator has to release the account."""
        return self.attempts.locked_at is not None

    @property
    def administers(self) -> bool:
        """Whether this person can manage users, lock or no lock."""
        return Role.ADMINISTRATOR in self.roles and not self.disabled


@dataclass(frozen=True)
class Session:
    """A signed-in person. `limited` allows nothing but changing the password."""

    session_id: str
    centre_id: str
    user_id: str
    token_hash: str = field(repr=False)
    opened_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    limited: bool = False
    previous_log_on_at: datetime | None = None
    failures_before: int = 0

    def live(self, now: datetime, idle: timedelta) -> bool:
        """Whether neither limit has passed (CJIS AC-11, AC-12, IA-11)."""
        return now < self.expires_at and now - self.last_seen_at < idle


@dataclass(frozen=True)
class Client:
    """A machine with a credential: a telephone system or an integration."""

    client_id: str
    centre_id: str
    name: str
    scopes: frozenset[Permission]
    secret_hash: str = field(repr=False)
    created_at: datetime
    rotated_at: datetime
    disabled: bool = False
    last_used_at: datetime | None = None


@dataclass(frozen=True)
class SetupToken:
    """A one-time link. It makes a new centre, or an administrator for the one named."""

    token_hash: str = field(repr=False)
    centre_id: str | None
    issued_at: datetime
    expires_at: datetime
