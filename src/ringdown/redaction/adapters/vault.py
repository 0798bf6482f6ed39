"""The vault of values, with a key of its own beside the database."""

from ringdown.redaction.api import ValuesClosed
from ringdown.runtime.sealed_box import SealedBox


class AesVault(SealedBox):
    """The `Vault` with one key; raises `ValuesClosed`."""

    def __init__(self, key: bytes) -> None:
        super().__init__(key, lambda: ValuesClosed("what a token stands for cannot be opened"))
