"""Speech without a database, a model or a process."""

from collections.abc import Sequence

import numpy as np

from ringdown.runtime.db import Tx
from ringdown.speech.model.utterance import LegRef, UtteranceView
from ringdown.speech.ports import (
    ASR_RATE,
    VAD_WINDOW,
    AsrCapabilities,
    LegCursor,
    Piece,
    Pulse,
    Recognised,
    RecognisedWord,
    Samples,
)


class MemoryTranscriptStore:
    """The `TranscriptStore` over the dictionaries of a `MemoryDatabase`."""

    async def add(self, tx: Tx, centre_id: str, utterance: UtteranceView) -> bool:
        """Keep a final utterance; False if it is there already."""
        kept: dict[tuple[str, str], UtteranceView] = tx.memory("utterances")
        key = (centre_id, utterance.utterance_id)
        if key in kept:
            return False
        kept[key] = utterance
        return True

    async def utterances(
        self, tx: Tx, centre_id: str, call_id: str, *, after: str | None = None
    ) -> list[UtteranceView] | None:
        """In the order they were kept; None when `after` is not an utterance of the call."""
        kept: dict[tuple[str, str], UtteranceView] = tx.memory("utterances")
        found = [
            utterance
            for (centre, _), utterance in kept.items()
            if centre == centre_id and utterance.call_id == call_id
        ]
        if after is None:
            return found
        ids = [utterance.utterance_id for utterance in found]
        return found[ids.index(after) + 1 :] if after in ids else None

    async def follow(self, tx: Tx, leg: LegRef) -> bool:
        """Keep a cursor at the beginning of a new leg; False if there is one already."""
        kept: dict[str, LegCursor] = tx.memory("speech_cursors")
        if leg.leg_id in kept:
            return False
        kept[leg.leg_id] = LegCursor(leg)
        return True

    async def cursor(self, tx: Tx, centre_id: str, leg_id: str) -> LegCursor | None:
        """The cursor of a leg."""
        kept: dict[str, LegCursor] = tx.memory("speech_cursors")
        found = kept.get(leg_id)
        return found if found is not None and found.leg.centre_id == centre_id else None

    async def save(self, tx: Tx, cursor: LegCursor) -> None:
        """Keep the new state of a cursor."""
        kept: dict[str, LegCursor] = tx.memory("speech_cursors")
        before = kept.get(cursor.leg.leg_id)
        if before is not None and before.leg.centre_id == cursor.leg.centre_id:
            kept[cursor.leg.leg_id] = cursor

    async def open_cursors(self, tx: Tx) -> list[LegCursor]:
        """Every leg of this machine, of any centre, that is not closed: for the lane at start."""
        kept: dict[str, LegCursor] = tx.memory("speech_cursors")
        return [kept[leg_id] for leg_id in sorted(kept) if not kept[leg_id].closed]


class LevelVad:
    """Voice activity for tests: whatever is louder than a hundredth of full scale is speech."""

    def probabilities(self, samples: Samples) -> list[float]:
        """One for a loud window, zero for a quiet one."""
        rows = samples.reshape(-1, VAD_WINDOW)
        return [float(loud) for loud in np.sqrt(np.square(rows).mean(axis=1)) > 0.01]

    def reset(self) -> None:
        """It remembers nothing."""


class CountingAsr:
    """A recogniser for tests: one word for each half second of audio that is not silent."""

    def __init__(self) -> None:
        self.capabilities = AsrCapabilities(
            name="counting",
            languages=("en",),
            partials=True,
            word_confidence=True,
            word_times="estimated",
        )
        self.calls = 0

    def transcribe(self, pieces: Sequence[Piece], pulse: Pulse | None = None) -> list[Recognised]:
        """`worda wordb …`, the same for the same audio."""
        self.calls += 1
        if pulse:
            pulse()
        return [self._one(piece.samples) for piece in pieces]

    def _one(self, samples: Samples) -> Recognised:
        loud = int((np.abs(samples) > 0.01).sum())
        tokens = tuple(range(-(-loud // (ASR_RATE // 2))))
        words = tuple(RecognisedWord(f"word{chr(97 + number % 26)}", 0.99) for number in tokens)
        return Recognised(" ".join(word.word for word in words), words, tokens)
