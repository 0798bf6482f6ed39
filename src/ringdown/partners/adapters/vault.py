"""Secrets of partners that must be had back, sealed with a key beside the database."""

from typing import ClassVar

from ringdown.core.errors import RingdownError
from ringdown.runtime.sealed_box import SealedBox, read_key

__all__ = ["AesVault", "VaultClosed", "read_key"]


class VaultClosed(RingdownError):
    """What is kept encrypted cannot be opened with the key that is there."""

    code: ClassVar[str] = "partners.vault.closed"
    action: ClassVar[str] = (
        "Restore the key from a backup, or give the endpoint a new secret and credential."
    )


class AesVault:
    """The `Vault` with one key."""

    def __init__(self, key: bytes) -> None:
        self._box = SealedBox(key)

    def seal(self, secret: str, about: str) -> str:
        """Encrypt; it opens only with the same `about`."""
        return self._box.seal(secret, about)

    def open(self, sealed: str, about: str) -> str:
        """Decrypt. Raises `VaultClosed`."""
        found = self._box.open(sealed, about)
        if found is None:
            raise VaultClosed("a secret of a webhook endpoint cannot be opened")
        return found
