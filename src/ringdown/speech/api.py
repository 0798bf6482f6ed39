"""What other features may ask of speech."""

from collections.abc import Sequence
from typing import Protocol

from ringdown.core.events import Value
from ringdown.core.principal import Principal
from ringdown.runtime.db import Tx
from ringdown.speech.model.utterance import ChannelView, LegRef, ToneView, UtteranceView
from ringdown.speech.model.words import NEUTRAL_CONFIDENCE, WordView

__all__ = [
    "NEUTRAL_CONFIDENCE",
    "ChannelView",
    "LegRef",
    "Listening",
    "ToneView",
    "Transcript",
    "TranscriptView",
    "UtteranceView",
    "WordView",
]


class TranscriptView(Value):
    """What was said on a call, by when it was said.

    Utterances are finalised side by side, so an earlier one may come later: to go on, ask for
    what was finalised after `next`.
    """

    utterances: tuple[UtteranceView, ...]
    next: str | None


class Transcript(Protocol):
    """The words of calls. Another centre's call has none."""

    async def read(
        self, principal: Principal, call_id: str, *, after: str | None = None
    ) -> TranscriptView:
        """The final utterances of a call, or those finalised after the one named.

        Raises NotFound when the centre has no such call, or `after` names none of its utterances.
        """
        ...

    async def read_in(self, tx: Tx, centre_id: str, call_id: str) -> list[UtteranceView]:
        """The same inside a transaction of the caller, by when it was said."""
        ...

    async def silent_in(
        self, tx: Tx, centre_id: str, call_id: str, leg_ids: Sequence[str]
    ) -> bool | None:
        """Whether nobody spoke on these legs of a call; None while words may still come."""
        ...


class Listening(Protocol):
    """Which legs are turned into words."""

    async def follow(self, leg: LegRef) -> None:
        """Begin to listen; repeating it changes nothing. Returns once it is on record."""
        ...

    async def end(self, centre_id: str, leg_id: str) -> None:
        """The leg is complete on disk; repeating it changes nothing."""
        ...
