"""Tokens of calls: made, kept sealed, and undone only with a line in the audit log."""

import asyncio
from collections import OrderedDict
from typing import Final

from ringdown.audit.api import Audit
from ringdown.core.clock import Clock
from ringdown.core.principal import Principal
from ringdown.core.sensitive import Sensitive
from ringdown.redaction.api import TokenUnknown
from ringdown.redaction.model.pieces import TOKEN
from ringdown.redaction.model.tokens import Redacted, Tokens, Value
from ringdown.redaction.ports import SealedValue, ValueStore, Vault
from ringdown.runtime.db import Database, Tx

MOST_CALLS: Final = 256
"""Calls whose tokens are at hand; those of others are read from the store."""


class RedactionService:
    """The only writer and the only reader of values."""

    def __init__(
        self, db: Database, store: ValueStore, vault: Vault, audit: Audit, clock: Clock
    ) -> None:
        self._db = db
        self._store = store
        self._vault = vault
        self._audit = audit
        self._clock = clock
        self._at_hand: OrderedDict[tuple[str, str], Tokens] = OrderedDict()
        self._one_by_one = asyncio.Lock()

    async def redact(self, centre_id: str, call_id: str, text: str, before: str = "") -> Redacted:
        """A text of a call with tokens, the same all through the call.

        `before` is what was said just before it: a question, or the first half of a number. What
        is new is kept before the text is given out, so every token that anybody saw can be undone.
        Raises `ValuesClosed`.
        """
        key = (centre_id, call_id)
        async with self._one_by_one:
            tokens = await self._tokens(key)
            kept = len(tokens.values)
            redacted = tokens.redact(text, before)
            if len(tokens.values) == kept:
                return redacted
            # Unless what is new is kept, nothing of it is: the next text begins from the store.
            del self._at_hand[key]
            async with self._db.write() as tx:
                if await self._store.count(tx, centre_id, call_id) != kept:
                    tokens = await self._read(tx, key)
                    kept = len(tokens.values)
                    redacted = tokens.redact(text, before)
                await self._store.add(tx, centre_id, call_id, self._sealed(key, tokens, kept))
            self._at_hand[key] = tokens
            return redacted

    async def restore(self, principal: Principal, call_id: str, text: str, purpose: str) -> str:
        """A text with the values its tokens stand for, as they were said first.

        Who asked, what for and which tokens are written into the audit log before anything is
        given out. Raises `TokenUnknown` if one stands for nothing in this call of this centre,
        and `ValuesClosed`.
        """
        wanted = sorted({match.group() for match in TOKEN.finditer(text)})
        if not wanted:
            return text
        key = (principal.centre_id, call_id)
        async with self._db.write() as tx:
            tokens = await self._read(tx, key)
            there = {value.token for value in tokens.values}
            missing = [token for token in wanted if token not in there]
            if missing:
                raise TokenUnknown("a token stands for nothing here", details={"tokens": missing})
            await self._audit.append(
                tx,
                centre_id=principal.centre_id,
                tag="redaction:values:revealed",
                actor=principal,
                subject=call_id,
                details={"tokens": wanted, "purpose": purpose},
            )
        return tokens.restore(text)

    async def _tokens(self, key: tuple[str, str]) -> Tokens:
        found = self._at_hand.get(key)
        if found is None:
            async with self._db.read() as tx:
                found = await self._read(tx, key)
            self._at_hand[key] = found
            while len(self._at_hand) > MOST_CALLS:
                self._at_hand.popitem(last=False)
        self._at_hand.move_to_end(key)
        return found

    async def _read(self, tx: Tx, key: tuple[str, str]) -> Tokens:
        return Tokens(
            Value(
                row.token,
                row.label,
                Sensitive(self._vault.open(row.sealed, _about(key, row.token)), "said"),
            )
            for row in await self._store.values(tx, *key)
        )

    def _sealed(self, key: tuple[str, str], tokens: Tokens, kept: int) -> list[SealedValue]:
        now = self._clock.now()
        return [
            SealedValue(
                number,
                value.token,
                value.label,
                self._vault.seal(value.said.reveal("sealing it"), _about(key, value.token)),
                now,
            )
            for number, value in enumerate(tokens.values)
            if number >= kept
        ]


def _about(key: tuple[str, str], token: str) -> str:
    """What a sealed value is bound to: a row copied to another call opens nothing."""
    return f"{key[0]}/{key[1]}/{token}"
