"""What every use case of identity works with, and what they have in common."""

import math
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from ringdown.audit.api import Audit
from ringdown.core.clock import Clock
from ringdown.core.errors import Conflict, Invalid, NotFound, Refused, RingdownError
from ringdown.core.events import Signal
from ringdown.core.ids import IdSource
from ringdown.core.principal import Principal
from ringdown.identity.events import SessionsEnded
from ringdown.identity.model import Session
from ringdown.identity.passwords import PasswordRules
from ringdown.identity.ports import IdentityStores, PasswordHasher
from ringdown.identity.settings import IdentitySettings
from ringdown.runtime.db import Database, Tx


class Signals(Protocol):
    """Where signals go; the bus is one."""

    def signal(self, signal: Signal) -> None:
        """Tell whoever listens now."""
        ...


class Tally:
    """Keeps a flood of failures from flooding the audit log: one row a minute for each source.

    The row says how many came before it without one of their own, so none goes uncounted.
    """

    def __init__(self, every_s: float = 60, most: int = 10_000) -> None:
        self._every_s = every_s
        self._most = most
        self._seen: dict[str, tuple[float, int]] = {}

    def due(self, key: str, now: float) -> int | None:
        """None while it is too soon for another row; else how many went without one."""
        last, skipped = self._seen.get(key, (float("-inf"), 0))
        if now - last < self._every_s:
            self._seen[key] = (last, skipped + 1)
            return None
        if len(self._seen) >= self._most:
            self._seen.clear()
        self._seen[key] = (now, 0)
        return skipped


class Brake:
    """Counts failures in a window of time and says when there are too many."""

    def __init__(self, most: int, within_s: float = 60, most_keys: int = 10_000) -> None:
        self._most = most
        self._within_s = within_s
        self._most_keys = most_keys
        self._failures: dict[str, list[float]] = {}

    def failed(self, key: str, now: float) -> int:
        """Count a failure; how many seconds to wait if it is one too many, else 0."""
        recent = [at for at in self._failures.get(key, []) if now - at < self._within_s]
        if len(recent) >= self._most:
            # Not counted, so that who keeps trying does not wait for ever.
            return math.ceil(self._within_s - (now - recent[0])) or 1
        if key not in self._failures and len(self._failures) >= self._most_keys:
            self._failures.clear()
        self._failures[key] = [*recent, now]
        return 0


@dataclass(frozen=True)
class Means:
    """Everything the use cases need; the composition root makes one."""

    database: Database
    stores: IdentityStores
    audit: Audit
    clock: Clock
    ids: IdSource
    hasher: PasswordHasher
    rules: PasswordRules
    settings: IdentitySettings
    signals: Signals
    tally: Tally = field(default_factory=Tally)

    def now(self) -> datetime:
        """The present instant, to the millisecond that is stored."""
        now = self.clock.now()
        return now.replace(microsecond=now.microsecond // 1000 * 1000)

    async def record(
        self,
        tx: Tx,
        tag: str,
        actor: Principal,
        subject: str,
        *,
        centre_id: str | None = None,
        **details: object,
    ) -> None:
        """Write an act into the audit log, by default that of the actor's centre."""
        await self.audit.append(
            tx,
            centre_id=centre_id or actor.centre_id,
            tag=tag,
            actor=actor,
            subject=subject,
            details=details,
        )

    @asynccontextmanager
    async def audited(
        self, actor: Principal, subject: str, act: str, tag: str = "identity:change:refused"
    ) -> AsyncGenerator[None, None]:
        """Write a refusal into the audit log too: CJIS AU-2 asks for success and failure."""
        try:
            yield
        except (Refused, Invalid, Conflict, NotFound) as error:
            await self._refused(actor, subject, act, tag, error)
            raise

    async def _refused(
        self, actor: Principal, subject: str, act: str, tag: str, error: RingdownError
    ) -> None:
        async with self.database.write() as tx:
            await self.record(tx, tag, actor, subject, act=act, code=error.code)

    async def refused_access(self, principal: Principal, permission: str) -> None:
        """Write down that somebody asked for what their role does not allow (CJIS AU-2)."""
        more = self.tally.due(f"{principal.id} {permission}", self.clock.monotonic())
        if more is None:
            return
        async with self.database.write() as tx:
            await self.record(
                tx, "identity:access:refused", principal, principal.id,
                permission=permission, more=more,
            )  # fmt: skip

    async def end_sessions(
        self, tx: Tx, sessions: list[Session], actor: Principal, *, tag: str, because: str
    ) -> None:
        """End sessions at once; connections that live on them are told after the commit."""
        ended: dict[str, list[str]] = {}
        for session in sessions:
            if await self.stores.sessions.remove(tx, session.centre_id, session.session_id):
                ended.setdefault(session.centre_id, []).append(session.session_id)
                await self.record(
                    tx,
                    tag,
                    actor,
                    session.session_id,
                    centre_id=session.centre_id,
                    user=session.user_id,
                    because=because,
                )
        for centre_id, session_ids in ended.items():
            news = SessionsEnded(centre_id=centre_id, session_ids=session_ids)
            tx.after_commit(lambda news=news: self.signals.signal(news))
