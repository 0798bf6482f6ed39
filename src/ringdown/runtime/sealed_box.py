"""Text that must be had back, encrypted with a key that is kept beside the database (AES-GCM).

What is sealed is bound to what it belongs to, so a row copied elsewhere opens nothing.
"""

import base64
import binascii
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ringdown.core.errors import RingdownError
from ringdown.runtime.secret_files import KEY_BYTES, read_or_make_key

NONCE_BYTES: Final = 12


def read_key(path: Path) -> bytes:
    """The key in this file, made at the first use. Raises `SecretFileUnusable`."""
    return read_or_make_key(path, lambda: secrets.token_bytes(KEY_BYTES))


class SealedBox:
    """Seals with one key, and opens what was sealed with it; `closed` makes the error if not."""

    def __init__(self, key: bytes, closed: Callable[[], RingdownError]) -> None:
        self._cipher = AESGCM(key)
        self._closed = closed

    def seal(self, secret: str, about: str) -> str:
        """Encrypt; it opens only with the same `about`."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, secret.encode(), about.encode())
        return base64.b64encode(nonce + sealed).decode("ascii")

    def open(self, sealed: str, about: str) -> str:
        """Decrypt. Raises the error of `closed` for another key or something else."""
        try:
            raw = base64.b64decode(sealed, validate=True)
            found = self._cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], about.encode())
        except (InvalidTag, binascii.Error, ValueError):
            raise self._closed() from None
        return found.decode()
