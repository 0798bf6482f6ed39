"""Tokens in links for people without an account: unguessable, short enough for an SMS, signed.

A token is 16 random bytes and 8 of HMAC-SHA256 over them, as 32 characters of base64url. The
signature turns guesses away before a database is asked; what is kept is a digest alone.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar, Final

from ringdown.core.errors import NotFound
from ringdown.core.sensitive import Sensitive

_RANDOM: Final = 16
_SIGNATURE: Final = 8
_LENGTH: Final = 32


class LinkUnknown(NotFound):
    """The link is none of ours, or lost characters on its way."""

    code: ClassVar[str] = "link.unknown"
    action: ClassVar[str] = "Open the link from the message again, or ask for a new one."


@dataclass(frozen=True, repr=False)
class LinkTokens:
    """Makes and knows the tokens of one purpose by one secret key."""

    key: bytes = field(repr=False)
    purpose: str
    random_bytes: Callable[[int], bytes]

    def make(self) -> Sensitive[str]:
        """A fresh token."""
        chance = self.random_bytes(_RANDOM)
        text = base64.urlsafe_b64encode(chance + self._signature(chance)).decode("ascii")
        return Sensitive(text, f"{self.purpose}.token")

    def digest(self, token: Sensitive[str]) -> str:
        """What a token is kept as. Raises `LinkUnknown` for one that this key did not sign."""
        text = token.reveal("to compare its signature")
        try:
            raw = base64.b64decode(text, b"-_", validate=True) if len(text) == _LENGTH else b""
        except (binascii.Error, ValueError):
            raw = b""
        chance, signature = raw[:_RANDOM], raw[_RANDOM:]
        if not hmac.compare_digest(self._signature(chance), signature):
            raise LinkUnknown("this link is not known")
        return hashlib.sha256(raw).hexdigest()

    def _signature(self, chance: bytes) -> bytes:
        text = b"ringdown link\n" + self.purpose.encode() + b"\n" + chance
        return hmac.new(self.key, text, hashlib.sha256).digest()[:_SIGNATURE]
