"""What a client sends to the token endpoint, and the errors it may get (RFC 6749 §4.4, §5). Pure.

Bodies are JSON, as the partner documentation has it, or a form, as OAuth libraries send it; the
credential is in the body or in HTTP Basic, never in both.
"""

import base64
import binascii
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, cast
from urllib.parse import parse_qsl, unquote_plus

from ringdown.core.errors import Limited, Malformed, Unauthenticated
from ringdown.core.sensitive import Sensitive

FIELDS = frozenset({"grant_type", "client_id", "client_secret", "scope"})
MOST_FIELDS = 50


class TokenRequestInvalid(Malformed):
    """The request for a token lacks something, says something twice, or cannot be read."""

    code: ClassVar[str] = "identity.oauth.invalid_request"
    action: ClassVar[str] = "Send grant_type, client_id and client_secret, each once (RFC 6749)."


class GrantUnsupported(Malformed):
    """The token endpoint knows one grant: client_credentials."""

    code: ClassVar[str] = "identity.oauth.unsupported_grant_type"
    action: ClassVar[str] = "Send grant_type=client_credentials."


class GrantNotForClient(Malformed):
    """Access tokens are for partners; other API clients send their secret itself."""

    code: ClassVar[str] = "identity.oauth.unauthorized_client"
    action: ClassVar[str] = "Have an administrator add a credential with the scope incident_events."


class ScopeNotHeld(Malformed):
    """The scope that was asked for is not the one of the credential."""

    code: ClassVar[str] = "identity.oauth.invalid_scope"
    action: ClassVar[str] = "Leave the scope out, or ask for the one of this credential."


class ClientUnproven(Unauthenticated):
    """The client id or the secret is wrong or missing, or the credential is disabled."""

    code: ClassVar[str] = "identity.oauth.invalid_client"
    action: ClassVar[str] = "Check the client id and the secret, or have the secret rotated."


class TooManyWrongSecrets(Limited):
    """Wrong secrets come too fast; the right one is taken all the same."""

    code: ClassVar[str] = "identity.oauth.too_many"
    action: ClassVar[str] = "Wait as long as Retry-After says, and correct the secret."


OAUTH_ERRORS: dict[type[Malformed | Unauthenticated | Limited], tuple[int, str]] = {
    TokenRequestInvalid: (400, "invalid_request"),
    GrantUnsupported: (400, "unsupported_grant_type"),
    GrantNotForClient: (400, "unauthorized_client"),
    ScopeNotHeld: (400, "invalid_scope"),
    ClientUnproven: (401, "invalid_client"),
    TooManyWrongSecrets: (429, "temporarily_unavailable"),
}
"""Status and `error` of each (RFC 6749 §5.2; the last word is that of §4.1.2.1)."""


@dataclass(frozen=True)
class TokenRequest:
    """A readable request for a token."""

    grant_type: str
    client_id: str
    secret: Sensitive[str]
    scope: frozenset[str]


def parse_token_request(content_type: str, authorization: list[str], body: bytes) -> TokenRequest:
    """Read a request. Raises `TokenRequestInvalid`, `ClientUnproven`."""
    given = _fields(content_type, body)
    if len(authorization) > 1:
        raise TokenRequestInvalid("the request has several Authorization headers")
    if "grant_type" not in given:
        raise TokenRequestInvalid("the request lacks grant_type")
    if authorization:
        client_id, secret = _basic(authorization[0])
        if "client_secret" in given:
            raise TokenRequestInvalid("the client authenticates in the header and in the body")
        if given.get("client_id", client_id) != client_id:
            raise TokenRequestInvalid("the client ids in the header and in the body differ")
    else:
        client_id, secret = given.get("client_id", ""), given.get("client_secret", "")
    if not client_id or not secret:
        raise ClientUnproven("the request lacks a client id and a client secret")
    return TokenRequest(
        given["grant_type"],
        client_id,
        Sensitive(secret, "client.secret"),
        frozenset(given.get("scope", "").split()),
    )


def _fields(content_type: str, body: bytes) -> dict[str, str]:
    """The fields we know, without empty ones: those count as left out (RFC 6749 §3.2)."""
    kind = content_type.partition(";")[0].strip().casefold()
    if kind == "application/json":
        pairs = _json_pairs(body)
    elif kind == "application/x-www-form-urlencoded":
        pairs = _form_pairs(body)
    else:
        raise TokenRequestInvalid("the body is neither application/json nor a form")
    found: dict[str, str] = {}
    for name, value in pairs:
        if name in found:
            raise TokenRequestInvalid(f"the request has {name} more than once")
        found[name] = value
    return {name: value for name, value in found.items() if value}


def _form_pairs(body: bytes) -> Iterable[tuple[str, str]]:
    try:
        pairs = parse_qsl(
            body.decode("utf-8"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError:  # UnicodeDecodeError is one too
        raise TokenRequestInvalid("the form cannot be read") from None
    return [(name, value) for name, value in pairs if name in FIELDS]


def _json_pairs(body: bytes) -> Iterable[tuple[str, str]]:
    try:
        # A list of pairs, so that a name given twice is seen.
        read: object = json.loads(body, object_pairs_hook=_Pairs)
    except (ValueError, RecursionError):
        raise TokenRequestInvalid("the JSON cannot be read") from None
    if not isinstance(read, _Pairs):
        raise TokenRequestInvalid("the JSON is not an object")
    found: list[tuple[str, str]] = []
    for name, value in cast("list[tuple[str, object]]", read):
        if name not in FIELDS:
            continue
        if value is not None and not isinstance(value, str):
            raise TokenRequestInvalid(f"{name} is not a string")
        found.append((name, value or ""))
    return found


class _Pairs(list[tuple[str, object]]):
    """The members of a JSON object in their order, told apart from a JSON array."""


def _basic(header: str) -> tuple[str, str]:
    """Id and secret in HTTP Basic, each form-encoded first (RFC 6749 §2.3.1)."""
    scheme, _, value = header.partition(" ")
    if scheme.casefold() != "basic":
        raise ClientUnproven("the client authenticates in a way that is not taken")
    try:
        text = base64.b64decode(value.strip(), validate=True).decode("utf-8")
        client_id, _, secret = text.partition(":")
        return unquote_plus(client_id, errors="strict"), unquote_plus(secret, errors="strict")
    except (binascii.Error, ValueError):
        raise ClientUnproven("the Authorization header cannot be read") from None
