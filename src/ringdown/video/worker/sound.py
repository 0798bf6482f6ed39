"""The sound of a film: Opus without a hole, in step with the clock that its pictures go by."""

from fractions import Fraction
from typing import Any, Final

import av
import numpy as np

from ringdown.wire.webm_writer import SOUND_HZ

PIECE_MS: Final = 60
PIECE: Final = SOUND_HZ * PIECE_MS // 1000
SILENCE: Final = bytes(PIECE * 2)
BIT_RATE: Final = 24_000
WINDOW: Final = 10
"""Pieces: one of them comes in time, however many of the others were held up."""
STEP_MS: Final = 80
"""So far sound and picture may be apart; people notice at about twice as much."""
BEHIND_MS: Final = 500
"""Sound that is twice as far behind the pictures does not come: there is silence instead."""

Packets = list[tuple[bytes, int]]
"""Packets, each with its place in the film in ms."""


class Sound:
    """Takes pieces of mono PCM as they come."""

    def __init__(self) -> None:
        self._codec: Any = av.CodecContext.create("libopus", "w")
        self._codec.sample_rate, self._codec.layout, self._codec.format = SOUND_HZ, "mono", "s16"
        self._codec.bit_rate = BIT_RATE
        self._codec.options = {"application": "voip", "frame_duration": str(PIECE_MS)}
        self._codec.open()
        self.head = bytes(self._codec.extradata)
        self._skipped = int.from_bytes(self.head[10:12], "little")
        self._ms = 0
        self._lateness: list[int] = []

    def heard(self, pcm: bytes, at_ms: int, *, first: bool) -> Packets:
        """A piece that ends at this place of the film; `first` of a microphone."""
        late = at_ms - PIECE_MS - self._ms
        self._lateness = [late] if first else [*self._lateness, late]
        done: Packets = []
        if first or len(self._lateness) == WINDOW:
            behind = min(self._lateness)
            self._lateness = []
            if first or behind > STEP_MS:
                done = self._silence(self._ms + behind)
        return done if late < -STEP_MS else done + self._piece(pcm)

    def shown(self, at_ms: int) -> Packets:
        """A picture comes at this place: without a microphone there is silence up to near it."""
        return self._silence(at_ms - BEHIND_MS) if at_ms - self._ms > 2 * BEHIND_MS else []

    def _silence(self, until_ms: int) -> Packets:
        done: Packets = []
        while self._ms + PIECE_MS <= until_ms:
            done += self._piece(SILENCE)
        return done

    def _piece(self, pcm: bytes) -> Packets:
        samples = np.frombuffer(pcm, np.int16).reshape(1, PIECE)
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
        frame.sample_rate, frame.time_base = SOUND_HZ, Fraction(1, SOUND_HZ)
        frame.pts = self._ms * SOUND_HZ // 1000
        self._ms += PIECE_MS
        return [
            (bytes(packet), (packet.pts + self._skipped) * 1000 // SOUND_HZ)
            for packet in self._codec.encode(frame)
        ]
