"""Secrets that must be had back, encrypted with a key that is kept beside the database (AES-GCM).

What is sealed is bound to what it belongs to, so a row copied to another endpoint opens nothing.
"""

import base64
import binascii
import os
import secrets
from pathlib import Path
from typing import ClassVar, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ringdown.core.errors import BadConfig, RingdownError

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12


class KeyUnusable(BadConfig):
    """A key file in the data folder cannot be read or written, or holds no key."""

    code: ClassVar[str] = "partners.key.unusable"
    action: ClassVar[str] = "Restore the file named from a backup, with the database of that time."


class VaultClosed(RingdownError):
    """What is kept encrypted cannot be opened with the key that is there."""

    code: ClassVar[str] = "partners.vault.closed"
    action: ClassVar[str] = (
        "Restore the key from a backup, or give the endpoint a new secret and credential."
    )


def read_key(path: Path) -> bytes:
    """The key in this file, made at the first use. Raises `KeyUnusable`."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            _make(path)
        key = path.read_bytes()
    except OSError as error:
        raise KeyUnusable(
            f"a key file cannot be used: {error.strerror}", details={"file": str(path)}
        ) from None
    if len(key) != KEY_BYTES:
        raise KeyUnusable("a key file holds no key", details={"file": str(path)})
    return key


def _make(path: Path) -> None:
    """Write a new key under another name first: half a key is never found."""
    temporary = path.with_suffix(".new")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        os.write(handle, secrets.token_bytes(KEY_BYTES))
        os.fsync(handle)
    finally:
        os.close(handle)
    temporary.rename(path)


class AesVault:
    """The `Vault` with one key."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, secret: str, about: str) -> str:
        """Encrypt; it opens only with the same `about`."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, secret.encode(), about.encode())
        return base64.b64encode(nonce + sealed).decode("ascii")

    def open(self, sealed: str, about: str) -> str:
        """Decrypt. Raises `VaultClosed`."""
        try:
            raw = base64.b64decode(sealed, validate=True)
            found = self._cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], about.encode())
        except (InvalidTag, binascii.Error, ValueError):
            raise VaultClosed("a secret of a webhook endpoint cannot be opened") from None
        return found.decode()
