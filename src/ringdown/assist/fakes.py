"""A language model that a test scripts, and a store without a database."""

from collections import deque
from collections.abc import AsyncIterator, Iterable
from datetime import datetime

from ringdown.assist.model.narrative import RoundView, Switch
from ringdown.assist.model.prompt import Question
from ringdown.assist.ports import ModelInfo, NotKept, Piece
from ringdown.core.clock import parse_iso
from ringdown.runtime.db import Tx

NOTHING = '{"sentences": [], "fields": []}'


class ScriptedModel:
    """A `LanguageModel` that gives one answer after the other, or raises what stands there."""

    def __init__(self, *answers: str | Exception, host: str | None = None) -> None:
        self.answers: deque[str | Exception] = deque(answers)
        self.asked: list[Question] = []
        self.info = ModelInfo("scripted", host)

    async def ask(self, question: Question) -> AsyncIterator[Piece]:
        """The next answer in two pieces; nothing to say when there is none left."""
        self.asked.append(question)
        answer = self.answers.popleft() if self.answers else NOTHING
        if isinstance(answer, Exception):
            raise answer
        half = len(answer) // 2
        yield Piece(answer[:half], version="scripted#1")
        yield Piece(answer[half:], tokens=100)


class MemoryAssistStore:
    """The `AssistStore` over the dictionaries of a `MemoryDatabase`."""

    async def switch(self, tx: Tx, centre_id: str, call_id: str) -> Switch:
        """The state of a call."""
        return tx.memory("assist_calls").get((centre_id, call_id), Switch())

    async def set_switch(self, tx: Tx, centre_id: str, call_id: str, switch: Switch) -> None:
        """Keep the state of a call."""
        tx.memory("assist_calls")[centre_id, call_id] = switch

    async def add(self, tx: Tx, centre_id: str, call_id: str, written: RoundView) -> None:
        """Keep a round for good. Raises NotKept."""
        table = tx.memory("assist_rounds")
        key = (centre_id, call_id, written.number)
        if key in table:
            raise NotKept("this round is kept already", details={"call_id": call_id})
        table[key] = written

    async def rounds(self, tx: Tx, centre_id: str, call_id: str) -> list[RoundView]:
        """The rounds of a call, by number."""
        own = [each for key, each in self._all(tx) if key[:2] == (centre_id, call_id)]
        return sorted(own, key=lambda each: each.number)

    async def tokens_since(self, tx: Tx, instant: datetime) -> int:
        """How many tokens all calls took since then."""
        return sum(each.tokens for _, each in self._all(tx) if parse_iso(each.at) >= instant)

    def _all(self, tx: Tx) -> Iterable[tuple[tuple[str, str, int], RoundView]]:
        table: dict[tuple[str, str, int], RoundView] = tx.memory("assist_rounds")
        return table.items()
