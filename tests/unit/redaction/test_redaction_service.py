"""Tokens of a call are kept sealed, last over a restart, and are undone only in the audit log."""

import pytest

from ringdown.audit.fakes import MemoryAuditStore
from ringdown.audit.model import AuditRow
from ringdown.audit.service import AuditLog
from ringdown.core.principal import Principal, system
from ringdown.redaction.adapters.vault import AesVault
from ringdown.redaction.api import TokenUnknown, ValuesClosed
from ringdown.redaction.fakes import MemoryValueStore
from ringdown.redaction.service import MOST_CALLS, RedactionService
from ringdown.runtime.db import MemoryDatabase
from ringdown.testing.clock import ManualClock

KEY = b"k" * 32
DANA = Principal("user", "usr_1", "Dana", "a", frozenset())
SAID = "My name is Priya Raman and my number is five five five oh one four three."


class Stage:
    """One database, and services on it as after restarts."""

    def __init__(self, clock: ManualClock) -> None:
        self.db = MemoryDatabase()
        self.clock = clock
        self.audit = AuditLog(MemoryAuditStore(), clock)

    def service(self, key: bytes = KEY) -> RedactionService:
        """A service that remembers nothing yet."""
        vault = AesVault(key)
        return RedactionService(self.db, MemoryValueStore(), vault, self.audit, self.clock)

    async def rows(self, centre_id: str = "a") -> list[AuditRow]:
        """The audit log of a centre."""
        async with self.db.read() as tx:
            return await MemoryAuditStore().rows(tx, centre_id, after=0, limit=100)


@pytest.fixture
def stage(clock: ManualClock) -> Stage:
    return Stage(clock)


async def test_the_same_thing_said_again_has_the_same_token_after_a_restart(stage: Stage) -> None:
    first = await stage.service().redact("a", "call", SAID)
    again = await stage.service().redact("a", "call", "So that's 555-0143, Priya Raman?")
    assert first.text == "My name is [NAME_1] and my number is [PHONE_1]."
    assert again.text == "So that's [PHONE_1], [NAME_1]?"


async def test_a_reveal_is_written_into_the_audit_log_with_tokens_and_no_value(
    stage: Stage,
) -> None:
    service = stage.service()
    await service.redact("a", "call", SAID)
    text = await service.restore(DANA, "call", "[NAME_1] can be called back.", "a CAD message")
    assert text == "Priya Raman can be called back."
    (row,) = await stage.rows()
    assert row.tag == "redaction:values:revealed"
    assert row.subject == "call"
    assert row.details == {"tokens": ["[NAME_1]"], "purpose": "a CAD message"}
    assert "Priya" not in repr(row)


async def test_a_text_without_tokens_reveals_nothing(stage: Stage) -> None:
    assert await stage.service().restore(DANA, "call", "No token.", "a test") == "No token."
    assert await stage.rows() == []


async def test_another_centres_call_looks_as_if_it_had_no_tokens(stage: Stage) -> None:
    """So does a token that was made up; neither is put into a message, and no audit row is left."""
    service = stage.service()
    await service.redact("a", "call", SAID)
    stranger = Principal("user", "usr_2", "Sam", "b", frozenset())
    with pytest.raises(TokenUnknown):
        await service.restore(stranger, "call", "[NAME_1]", "a test")
    with pytest.raises(TokenUnknown):
        await service.restore(DANA, "call", "[NAME_1] and [NAME_9]", "a test")
    assert await stage.rows() == []


async def test_calls_have_tokens_of_their_own(stage: Stage) -> None:
    service = stage.service()
    await service.redact("a", "one", "My name is Priya Raman.")
    await service.redact("a", "two", "My name is Marcus Bexley.")
    assert await service.restore(DANA, "two", "[NAME_1]", "a test") == "Marcus Bexley"


async def test_what_is_kept_is_sealed_and_bound_to_its_call(stage: Stage) -> None:
    service = stage.service()
    await service.redact("a", "call", SAID)
    store = MemoryValueStore()
    async with stage.db.write() as tx:
        rows = await store.values(tx, "a", "call")
        await store.add(tx, "a", "copied", rows)
    assert not any("Priya" in repr(row) or "555" in repr(row) for row in rows)
    with pytest.raises(ValuesClosed):
        await service.restore(DANA, "copied", "[NAME_1]", "a test")
    with pytest.raises(ValuesClosed):
        await stage.service(b"x" * 32).redact("a", "call", "Hello.")


async def test_two_servers_on_one_call_give_no_token_twice(stage: Stage) -> None:
    one, two = stage.service(), stage.service()
    await one.redact("a", "call", "Hello.")
    await two.redact("a", "call", "Hello.")
    first = await one.redact("a", "call", "My name is Priya Raman.")
    second = await two.redact("a", "call", "My name is Marcus Bexley.")
    assert (first.text, second.text) == ("My name is [NAME_1].", "My name is [NAME_2].")
    assert await one.restore(DANA, "call", "[NAME_2]", "a test") == "Marcus Bexley"


async def test_ringdown_itself_may_reveal_to_send_what_was_confirmed(stage: Stage) -> None:
    service = stage.service()
    await service.redact("a", "call", SAID)
    assert await service.restore(system("a", "cad"), "call", "[PHONE_1]", "CAD") == (
        "five five five oh one four three"
    )
    (row,) = await stage.rows()
    assert row.actor_id == "system:cad"


async def test_of_many_calls_the_last_are_at_hand_and_none_is_lost(stage: Stage) -> None:
    service = stage.service()
    for number in range(MOST_CALLS + 2):
        await service.redact("a", f"call {number}", "My name is Priya Raman.")
    again = await service.redact("a", "call 0", "Priya Raman")
    assert again.text == "[NAME_1]"


async def test_nothing_redacted_shows_a_value(stage: Stage) -> None:
    """Neither the text nor what a log line would print of the whole answer."""
    redacted = await stage.service().redact("a", "call", SAID)
    assert "Priya" not in repr(redacted)
    assert "oh one" not in repr(redacted)
    assert redacted.restored() == SAID
