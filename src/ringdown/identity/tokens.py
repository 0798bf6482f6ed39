"""Access tokens as values: what one says, and when it counts. Pure.

RFC 6749 leaves the form of a token open; ours is a JWT (RFC 7519) that only we read.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar, Final

from ringdown.core.errors import Unauthenticated
from ringdown.core.principal import TokenMark

ISSUER: Final = "ringdown"
LIFETIME: Final = timedelta(hours=2)
"""As partners are told: `expires_in` is 7200."""
LONGEST: Final = 2048
"""Characters of a token; ours have about 400. What is longer is not even looked at."""
EARLY: Final = timedelta(seconds=60)
"""How far the clocks of two servers on one key may be apart."""

_INVALID = 'Bearer realm="ringdown", error="invalid_token"'


class TokenRefused(Unauthenticated):
    """The access token is not one of ours, or its client was disabled or given a new secret."""

    code: ClassVar[str] = "identity.token.refused"
    action: ClassVar[str] = "Get a new access token with the client id and the present secret."
    challenge: ClassVar[str] = _INVALID

    def __init__(self) -> None:
        super().__init__("the access token is not valid")


class TokenExpired(Unauthenticated):
    """The access token was good and is too old now."""

    code: ClassVar[str] = "identity.token.expired"
    action: ClassVar[str] = "Get a new access token; each lasts two hours."
    challenge: ClassVar[str] = _INVALID

    def __init__(self) -> None:
        super().__init__("the access token has expired")


@dataclass(frozen=True)
class Claims:
    """What an access token says. Times are whole seconds, as JWTs have them."""

    token_id: str
    client_id: str
    centre_id: str
    scope: str
    secret: str
    issued_at: int
    expires_at: int

    @staticmethod
    def fresh(
        *, token_id: str, client_id: str, centre_id: str, scope: str, secret: str, now: datetime
    ) -> "Claims":
        """The claims of a token that begins now."""
        issued_at = int(now.timestamp())
        ends = issued_at + int(LIFETIME.total_seconds())
        return Claims(token_id, client_id, centre_id, scope, secret, issued_at, ends)

    def payload(self) -> dict[str, object]:
        """As they are signed; the names are those of RFC 7519 §4.1 and RFC 8693 §4.2, or ours."""
        return {
            "iss": ISSUER,
            "sub": self.client_id,
            "cid": self.centre_id,
            "scope": self.scope,
            "iat": self.issued_at,
            "exp": self.expires_at,
            "jti": self.token_id,
            "ver": self.secret,
        }

    @property
    def mark(self) -> TokenMark:
        """What the principal keeps of it."""
        return TokenMark(self.token_id, self.secret, datetime.fromtimestamp(self.expires_at, UTC))


def claims_of(payload: Mapping[str, object]) -> Claims:
    """The claims in a payload whose signature is right. Raises `TokenRefused`."""
    if payload.get("iss") != ISSUER:
        raise TokenRefused
    return Claims(
        token_id=_text(payload, "jti"),
        client_id=_text(payload, "sub"),
        centre_id=_text(payload, "cid"),
        scope=_text(payload, "scope"),
        secret=_text(payload, "ver"),
        issued_at=_seconds(payload, "iat"),
        expires_at=_seconds(payload, "exp"),
    )


def check_times(claims: Claims, now: datetime) -> None:
    """Raises `TokenExpired`, or `TokenRefused` for times that no token of ours has."""
    lasts = claims.expires_at - claims.issued_at
    early = now.timestamp() + EARLY.total_seconds()
    if not 0 < lasts <= LIFETIME.total_seconds() or claims.issued_at > early:
        raise TokenRefused
    if now.timestamp() >= claims.expires_at:
        raise TokenExpired


def secret_mark(secret_hash: str) -> str:
    """A name for one secret of a client, which says nothing about the secret.

    A token carries it, so that a new secret voids every token that the old one got: by whatever
    clock, and within the same second too.
    """
    text = f"ringdown access token {secret_hash}".encode()
    return hashlib.sha256(text).hexdigest()[:24]


def _text(payload: Mapping[str, object], name: str) -> str:
    value = payload.get(name)
    if not isinstance(value, str) or not value:
        raise TokenRefused
    return value


def _seconds(payload: Mapping[str, object], name: str) -> int:
    value = payload.get(name)
    # A year far beyond any calendar would make a date that cannot be shown.
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 1 << 36:
        raise TokenRefused
    return value
