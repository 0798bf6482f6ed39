"""Identifiers: a readable prefix, then 26 characters that sort by the time they were made."""

from typing import Protocol

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class IdSource(Protocol):
    """Where new ids and secrets come from; `runtime.ids.SystemIds` is the real one."""

    def new(self, prefix: str) -> str:
        """A fresh id such as `call_01JD3Q…`, later ones sorting after earlier ones."""
        ...

    def secret(self) -> str:
        """A URL-safe secret with at least 256 bits of randomness."""
        ...


def encode_id(prefix: str, milliseconds: int, randomness: int) -> str:
    """Join 48 bits of time and 80 bits of randomness in Crockford base 32 (the ULID layout)."""
    number = (milliseconds & (1 << 48) - 1) << 80 | (randomness & (1 << 80) - 1)
    digits: list[str] = []
    for _ in range(26):
        digits.append(ALPHABET[number & 31])
        number >>= 5
    return f"{prefix}_{''.join(reversed(digits))}"
