"""Argon2id (RFC 9106) in threads, so that a log-on never holds up a call."""

import asyncio
import base64
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import argon2
from argon2.exceptions import InvalidHashError, VerificationError

from ringdown.core.errors import BadConfig
from ringdown.core.sensitive import Sensitive
from ringdown.identity.passwords import PasswordRules, normal
from ringdown.identity.ports import TooManyLogOns
from ringdown.identity.settings import Argon2Settings, IdentitySettings

T = TypeVar("T")


class Argon2Hasher:
    """`PasswordHasher` by argon2-cffi; at most `threads` hashes at once, `waiting` in line."""

    def __init__(self, settings: Argon2Settings) -> None:
        self._argon2 = argon2.PasswordHasher(
            time_cost=settings.time_cost,
            memory_cost=max(settings.memory_kib, 8 * settings.parallelism),
            parallelism=settings.parallelism,
        )
        self._turns = asyncio.Semaphore(settings.threads)
        self._most = settings.waiting + settings.threads
        self._inside = 0
        self._decoy = self._made_up()

    async def hash(self, password: Sensitive[str]) -> str:
        """A salted hash."""
        text = _bytes(password)
        return await self._in_turn(lambda: self._argon2.hash(text))

    async def verify(self, known: str | None, password: Sensitive[str]) -> bool:
        """Whether the password fits; None does the same work and says no."""
        text = _bytes(password)
        return await self._in_turn(lambda: self._fits(known or self._decoy, text))

    def outdated(self, known: str) -> bool:
        """Whether the parameters have changed since."""
        return self._argon2.check_needs_rehash(known)

    def _fits(self, known: str, text: bytes) -> bool:
        try:
            return self._argon2.verify(known, text)
        except (VerificationError, InvalidHashError):
            return False

    async def _in_turn(self, work: Callable[[], T]) -> T:
        if self._inside >= self._most:
            raise TooManyLogOns("too many people sign in at this moment")
        self._inside += 1
        try:
            async with self._turns:
                return await asyncio.to_thread(work)
        finally:
            self._inside -= 1

    def _made_up(self) -> str:
        """A well-formed hash that no password fits, made without computing one."""
        parameters = (
            f"m={self._argon2.memory_cost},t={self._argon2.time_cost},p={self._argon2.parallelism}"
        )
        # Any fixed digest will do: to fit it, somebody would have to invert argon2.
        salt, digest = (
            base64.b64encode(hashlib.sha256(b"nobody").digest()[:size]).decode().rstrip("=")
            for size in (self._argon2.salt_len, self._argon2.hash_len)
        )
        return f"$argon2id$v=19${parameters}${salt}${digest}"


def _bytes(password: Sensitive[str]) -> bytes:
    text = normal(password.reveal("it is hashed"))
    return text.encode("utf-8", "surrogatepass")


def load_rules(settings: IdentitySettings) -> PasswordRules:
    """The rules for new passwords, with the centre's own list. Raises `BadConfig`."""
    blocked: frozenset[str] = frozenset()
    if settings.password_blocklist is not None:
        blocked = _blocklist(settings.password_blocklist)
    return PasswordRules(shortest=settings.password_min_length, blocked=blocked)


def _blocklist(path: Path) -> frozenset[str]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadConfig(
            "the list of refused passwords cannot be read",
            details={"setting": "identity.password_blocklist", "reason": type(error).__name__},
        ) from None
    return frozenset(normal(line).casefold() for line in lines if line.strip())
