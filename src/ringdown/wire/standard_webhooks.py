"""Standard Webhooks 1.0 signatures: sign and verify a message, without any I/O.

The signed content is `{id}.{timestamp}.{body}` (§ "Signature scheme"); a signature is `v1,` and
the base64 of an HMAC-SHA256. Several signatures, separated by spaces, let a secret be rotated.

WebhookRefused
    HeadersMissing     one of the three headers is missing or unreadable
    TimestampTooFar    the message is older, or newer, than the tolerance
    SignatureWrong     no signature is made with a known secret
SecretInvalid          a secret that is not `whsec_` and base64 of 24 to 64 bytes
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from ringdown.core.errors import BadConfig, Unauthenticated

ID: Final = "webhook-id"
TIMESTAMP: Final = "webhook-timestamp"
SIGNATURE: Final = "webhook-signature"
PREFIX: Final = "whsec_"
TOLERANCE_S: Final = 300


class SecretInvalid(BadConfig):
    """The secret cannot be used; it is never repeated in the message."""

    code: ClassVar[str] = "wire.webhook.secret_invalid"
    action: ClassVar[str] = "Give `whsec_` followed by the base64 of 24 to 64 random bytes."


class WebhookRefused(Unauthenticated):
    """The message is not, or not any more, one of the sender's."""

    code: ClassVar[str] = "wire.webhook.refused"
    action: ClassVar[str] = "Check the secret on both sides and the clocks of both machines."


class HeadersMissing(WebhookRefused):
    """One of the three headers is missing or unreadable."""

    code: ClassVar[str] = "wire.webhook.headers_missing"


class TimestampTooFar(WebhookRefused):
    """The message is older, or newer, than the tolerance."""

    code: ClassVar[str] = "wire.webhook.timestamp_too_far"


class SignatureWrong(WebhookRefused):
    """No signature is made with a known secret."""

    code: ClassVar[str] = "wire.webhook.signature_wrong"


@dataclass(frozen=True, repr=False)
class Secret:
    """The key both sides share; prints as `<secret>`."""

    key: bytes

    @classmethod
    def parse(cls, text: str) -> "Secret":
        """Read `whsec_…`. Raises `SecretInvalid`."""
        try:
            key = base64.b64decode(text.strip().removeprefix(PREFIX), validate=True)
        except (binascii.Error, ValueError):
            raise SecretInvalid("the webhook secret is not base64") from None
        if not 24 <= len(key) <= 64:
            raise SecretInvalid(
                "the webhook secret has a wrong length", details={"bytes": len(key)}
            )
        return cls(key)

    def __repr__(self) -> str:
        return "<secret>"


def write_secret(key: bytes) -> str:
    """A key as people copy it: `whsec_…`."""
    return PREFIX + base64.b64encode(key).decode("ascii")


def signature(secret: Secret, message_id: str, timestamp: int, body: bytes) -> str:
    """One `v1,…` signature."""
    content = f"{message_id}.{timestamp}.".encode() + body
    made = hmac.new(secret.key, content, hashlib.sha256).digest()
    return "v1," + base64.b64encode(made).decode("ascii")


def sign(secrets: Sequence[Secret], message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The three headers, with one signature for each secret in use. `timestamp`: Unix seconds."""
    if not message_id or "." in message_id or not message_id.isascii():
        raise ValueError("a webhook id is ASCII without a full stop")
    if not secrets:
        raise SecretInvalid("there is no webhook secret to sign with")
    made = (signature(secret, message_id, timestamp, body) for secret in secrets)
    return {ID: message_id, TIMESTAMP: str(timestamp), SIGNATURE: " ".join(made)}


def verify(
    secrets: Sequence[Secret],
    headers: Mapping[str, str],
    body: bytes,
    *,
    now: float,
    tolerance_s: int = TOLERANCE_S,
) -> str:
    """Check a message and return its id. Raises `WebhookRefused`; `now` in Unix seconds."""
    lower = {name.lower(): value for name, value in headers.items()}
    message_id, stamp = lower.get(ID, ""), lower.get(TIMESTAMP, "")
    given = lower.get(SIGNATURE, "").split()
    if not message_id or not given or not (stamp.isascii() and stamp.isdigit() and len(stamp) < 16):
        raise HeadersMissing("a webhook header is missing or unreadable")
    if abs(now - int(stamp)) > tolerance_s:
        raise TimestampTooFar("the webhook is outside the tolerance in time")
    # The number is signed as it was written; leading zeros would be another message.
    expected = [signature(secret, message_id, int(stamp), body) for secret in secrets]
    if str(int(stamp)) != stamp or not _any_equal(expected, given):
        raise SignatureWrong("no signature matches")
    return message_id


def _any_equal(expected: Sequence[str], given: Sequence[str]) -> bool:
    """Whether any pair is equal; each comparison takes the same time."""
    found = False
    for made in expected:
        for one in given:
            found |= hmac.compare_digest(made.encode(), one.encode())
    return found
