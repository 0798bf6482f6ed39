"""Secrets of partners that must be had back, sealed with a key beside the database."""

from typing import ClassVar

from ringdown.core.errors import RingdownError
from ringdown.runtime.sealed_box import SealedBox


class VaultClosed(RingdownError):
    """What is kept encrypted cannot be opened with the key that is there."""

    code: ClassVar[str] = "partners.vault.closed"
    action: ClassVar[str] = (
        "Restore the key from a backup, or give the endpoint a new secret and credential."
    )


class AesVault(SealedBox):
    """The `Vault` with one key; raises `VaultClosed`."""

    def __init__(self, key: bytes) -> None:
        super().__init__(
            key, lambda: VaultClosed("a secret of a webhook endpoint cannot be opened")
        )
