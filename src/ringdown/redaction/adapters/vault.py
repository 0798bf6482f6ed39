"""The vault of values, with a key of its own beside the database."""

from ringdown.redaction.api import ValuesClosed
from ringdown.runtime.sealed_box import SealedBox


class AesVault:
    """The `Vault` with one key."""

    def __init__(self, key: bytes) -> None:
        self._box = SealedBox(key)

    def seal(self, secret: str, about: str) -> str:
        """Encrypt; it opens only with the same `about`."""
        return self._box.seal(secret, about)

    def open(self, sealed: str, about: str) -> str:
        """Decrypt. Raises `ValuesClosed`."""
        found = self._box.open(sealed, about)
        if found is None:
            raise ValuesClosed("what a token stands for cannot be opened")
        return found
