"""Tones on a leg: keys pressed, text telephones, what the network or a fax sends, alarms.

What is found depends only on the audio, never on how it was cut into blocks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from ringdown.speech.model.baudot import BLOCK, REACH, STEP, TextTelephone, Typed, decode_codes
from ringdown.speech.model.dtmf import KeyRuns, Press, keys_in
from ringdown.speech.model.progress_tones import Progress, Progressing, names_in
from ringdown.speech.model.tone_frames import LONG, SHORT, TONE_RATE, Spectra, hann

ToneKind = Literal["dtmf", "tty", "dial", "busy", "reorder", "ringback", "fax", "sit", "alarm"]
"""`tty`: a text telephone for the deaf. `fax`: a fax or modem calls or answers. `sit`: the three
rising tones before an announcement of the network. `alarm`: a smoke alarm's pattern."""

BEFORE: Final = LONG.size - LONG.hop
"""Samples before a block that its first frames still need."""
QUIET: Final = 1e-6
"""Mean square below which a block holds no tone: -60 dB."""

Audio = NDArray[np.float32]


@dataclass(frozen=True)
class Tone:
    """One tone, or one run of keys; samples of the leg, `end_sample` not included."""

    kind: ToneKind
    start_sample: int
    end_sample: int
    digits: str | None = None
    """The keys pressed, or the text that a text telephone typed."""
    times: tuple[int, ...] = ()
    """Where each key's tone begins."""


class ToneDetector:
    """Hears the tones of one leg. `start` is the leg's sample that is pushed first.

    Raises ValueError for a rate other than 8 kHz.
    """

    def __init__(self, rate: int = TONE_RATE, *, start: int = 0) -> None:
        if rate != TONE_RATE:
            raise ValueError("tones are listened for at 8 kHz")
        self._start = start
        self._done = 0
        """Samples worked on, from `start`."""
        self._held: Audio = np.zeros(BEFORE, np.float32)
        self._waiting: list[Audio] = []
        self._missing = BLOCK
        self._short, self._long = hann(SHORT.size), hann(LONG.size)
        self._keys = KeyRuns()
        self._progress = Progressing()
        self._typing = TextTelephone()
        self._figures = False
        self._covered: list[tuple[int, int]] = []

    def push(self, samples: Audio) -> list[Tone]:
        """More audio of any length, from -1 to 1; the tones that are complete by it, in order."""
        found: list[Tone] = []
        rest = np.asarray(samples, np.float32)
        while len(rest) >= self._missing:
            self._waiting.append(rest[: self._missing])
            rest = rest[self._missing :]
            block = np.concatenate(self._waiting)
            self._waiting, self._missing = [], BLOCK
            found += self._block(block)
        if len(rest):
            self._waiting.append(rest.copy())
            self._missing -= len(rest)
        return found

    def finish(self) -> list[Tone]:
        """The audio has ended: the tones that were not complete."""
        found = self.push(np.zeros(self._missing, np.float32)) if self._waiting else []
        found += self._block(np.zeros(BLOCK, np.float32))
        found += self._runs(self._keys.finish())
        found += self._network(self._progress.finish())
        found += self._text(self._typing.finish())
        return found

    @property
    def covered(self) -> Sequence[tuple[int, int]]:
        """The stretches of the last minute in which some known tone sounded, rhythm or not."""
        return self._covered

    def _block(self, block: Audio) -> list[Tone]:
        audio = np.concatenate([self._held, block])
        at = self._start + self._done
        self._held = audio[-BEFORE:]
        self._done += BLOCK
        if float(np.square(audio).mean()) < QUIET:
            keys, names = [""] * (BLOCK // SHORT.hop), [""] * (BLOCK // LONG.hop)
        else:
            keys = keys_in(Spectra(audio[BEFORE + SHORT.hop - SHORT.size :], SHORT, self._short))
            names = names_in(Spectra(audio, LONG, self._long))
        found: list[Tone] = []
        for index, key in enumerate(keys):
            end = at + (index + 1) * SHORT.hop
            found += self._runs(self._keys.push(key, end))
            if key:
                self._cover(end - SHORT.size + 48, end - 48)
        for index, name in enumerate(names):
            middle = at + (index + 1) * LONG.hop - LONG.size // 2
            found += self._network(self._progress.push(name, middle // 8))
            if name and not name.startswith("alarm"):
                self._cover(middle - LONG.hop, middle + LONG.hop)
        # Looks of 16 ms begin that much before the block; their middles lie half of it later.
        looked = audio[BEFORE + STEP - REACH :]
        typed = self._typing.push(looked, (at + STEP - REACH // 2) // 8)
        return found + self._text(typed)

    def _runs(self, presses: tuple[Press, ...]) -> list[Tone]:
        if not presses:
            return []
        digits = "".join(press.key for press in presses)
        times = tuple(max(press.start, self._start) for press in presses)
        return [Tone("dtmf", times[0], presses[-1].end, digits, times)]

    def _network(self, progress: tuple[Progress, ...]) -> list[Tone]:
        return [self._tone(one.kind, one.start_ms, one.end_ms) for one in progress]

    def _text(self, typed: list[Typed]) -> list[Tone]:
        found: list[Tone] = []
        for one in typed:
            text, self._figures = decode_codes(one.codes, figures=self._figures)
            tone = self._tone("tty", one.start_ms, one.end_ms, text)
            self._cover(tone.start_sample, tone.end_sample)
            found.append(tone)
        return found

    def _tone(self, kind: ToneKind, start_ms: int, end_ms: int, text: str | None = None) -> Tone:
        start = max(start_ms * 8, self._start)
        return Tone(kind, start, max(end_ms * 8, start + 8), text)

    def _cover(self, start: int, end: int) -> None:
        start = max(start, self._start)
        if self._covered and start <= self._covered[-1][1]:
            first = min(self._covered[-1][0], start)
            self._covered[-1] = (first, max(end, self._covered[-1][1]))
        elif end > start:
            self._covered.append((start, end))
        while self._covered and self._covered[0][1] < end - 60 * TONE_RATE:
            self._covered.pop(0)


def in_tones(samples: Audio) -> NDArray[np.bool_]:
    """Which samples of a segment (8 kHz) lie in known tones; depends on the segment alone."""
    detector = ToneDetector()
    detector.push(samples)
    detector.finish()
    marked = np.zeros(len(samples), np.bool_)
    for start, end in detector.covered:
        marked[start:end] = True
    return marked
