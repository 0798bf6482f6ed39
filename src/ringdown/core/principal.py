"""Who is acting: a person, a machine with a credential, or Ringdown itself."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from ringdown.core.events import Value


@dataclass(frozen=True)
class TokenMark:
    """The access token by which a machine came: `secret` says which of its secrets got it."""

    token_id: str
    secret: str
    expires_at: datetime


@dataclass(frozen=True)
class Principal:
    """The one on whose behalf a request or a task runs; belongs to exactly one centre."""

    kind: Literal["user", "client", "system"]
    id: str
    name: str
    centre_id: str
    permissions: frozenset[str]
    session_id: str | None = None
    token: TokenMark | None = None

    def may(self, permission: str) -> bool:
        """Whether this principal holds the permission."""
        return permission in self.permissions


def system(centre_id: str, part: str) -> Principal:
    """Ringdown itself acting, named by the part that acts; it holds no permission at all."""
    return Principal("system", f"system:{part}", part, centre_id, frozenset())


class Person(Value):
    """A named person as views and records show one."""

    user_id: str
    name: str
