"""Text that must be had back, encrypted with a key that is kept beside the database (AES-GCM).

What is sealed is bound to what it belongs to, so a row copied elsewhere opens nothing.
"""

import base64
import binascii
import secrets
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ringdown.runtime.secret_files import KEY_BYTES, read_or_make_key

NONCE_BYTES: Final = 12


def read_key(path: Path) -> bytes:
    """The key in this file, made at the first use. Raises `SecretFileUnusable`."""
    return read_or_make_key(path, lambda: secrets.token_bytes(KEY_BYTES))


class SealedBox:
    """Seals with one key, and opens what was sealed with it."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, text: str, about: str) -> str:
        """Encrypt; it opens only with the same `about`."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, text.encode(), about.encode())
        return base64.b64encode(nonce + sealed).decode("ascii")

    def open(self, sealed: str, about: str) -> str | None:
        """Decrypt; None if it was sealed with another key or for something else."""
        try:
            raw = base64.b64decode(sealed, validate=True)
            found = self._cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], about.encode())
        except (InvalidTag, binascii.Error, ValueError):
            return None
        return found.decode()
