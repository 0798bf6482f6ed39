"""What the leash needs from outside: a language model, the transcript, and a store of its own."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final, Protocol

from ringdown.assist.model.narrative import RoundView, Switch
from ringdown.assist.model.prompt import Question
from ringdown.core.errors import RingdownError, Unavailable
from ringdown.runtime.db import Tx

LLM_GROUP: Final = "ringdown.llm"
"""The entry-point group of language models."""


class ModelFailed(Unavailable):
    """A language model did not answer as it should; the call goes on without it."""

    code: ClassVar[str] = "assist.model.failed"
    severity = "warning"
    action: ClassVar[str] = "Nothing on the call waits for it. Look at the server of the model."

    def __init__(self, message: str, *, status: int | None = None) -> None:
        super().__init__(message, details={} if status is None else {"status": status})
        self.retry_after_s: float | None = None


class ModelUnreachable(ModelFailed):
    """There is no connection to the language model."""

    code: ClassVar[str] = "assist.model.unreachable"


class ModelLate(ModelFailed):
    """The language model did not answer in time, or stopped half-way."""

    code: ClassVar[str] = "assist.model.late"


class ModelRefused(ModelFailed):
    """The server of the language model refuses the key."""

    code: ClassVar[str] = "assist.model.refused"
    action: ClassVar[str] = "Check assist.openai_compatible.key_file; nothing waits for it."


class ModelBusy(ModelFailed):
    """The server of the language model takes no more for now."""

    code: ClassVar[str] = "assist.model.busy"


class ModelAnswerBad(ModelFailed):
    """What came from the server is not the protocol, or too much of it."""

    code: ClassVar[str] = "assist.model.answer_bad"


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """Which model, and where its words go: `host` is None while they stay on this machine."""

    name: str
    host: str | None


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of an answer; what the server says of itself comes with any of them."""

    text: str = ""
    version: str | None = None
    tokens: int | None = None


class LanguageModel(Protocol):
    """A language model. It is given tokens only, and what it says is believed in nothing."""

    @property
    def info(self) -> ModelInfo:
        """Which it is."""
        ...

    def ask(self, question: Question) -> AsyncIterator[Piece]:
        """The answer, piece by piece as it is written. Raises ModelFailed, within a set time."""
        ...


class Said(Protocol):
    """An utterance as `speech` hands it over."""

    @property
    def utterance_id(self) -> str: ...
    @property
    def side(self) -> str: ...
    @property
    def start_ms(self) -> int: ...
    @property
    def end_ms(self) -> int: ...
    @property
    def revision(self) -> int: ...
    @property
    def text(self) -> str: ...


class Transcript(Protocol):
    """The words of calls."""

    async def read_in(self, tx: Tx, centre_id: str, call_id: str) -> Sequence[Said]:
        """What was said on a call, by when it was said."""
        ...


class AssistStore(Protocol):
    """What language models wrote, by centre and call; no other table holds a word of it."""

    async def switch(self, tx: Tx, centre_id: str, call_id: str) -> Switch:
        """The state of a call; a call of which nothing is known is on, at version 0."""
        ...

    async def set_switch(self, tx: Tx, centre_id: str, call_id: str, switch: Switch) -> None:
        """Keep the state of a call."""
        ...

    async def add(self, tx: Tx, centre_id: str, call_id: str, written: RoundView) -> None:
        """Keep a round for good. Raises NotKept if its number is taken."""
        ...

    async def rounds(self, tx: Tx, centre_id: str, call_id: str) -> list[RoundView]:
        """The rounds of a call, by number."""
        ...

    async def tokens_since(self, tx: Tx, instant: datetime) -> int:
        """How many tokens all calls of all centres took since then."""
        ...


class NotKept(RingdownError):
    """A round of a narrative is already kept under this number."""

    code: ClassVar[str] = "assist.round.not_kept"
    action: ClassVar[str] = "Nothing is lost: the narrative goes on with the next round."
