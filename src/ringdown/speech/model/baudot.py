"""Text telephones for the deaf (TTY/TDD, TIA-825-A): Baudot characters in tones of 1 400/1 800 Hz.

A bit lasts 22 ms (45.45 baud) or 20 ms (50 baud); 1 400 Hz is a one. A character is a zero, five
bits from the lowest, and at least one and a half ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

MARK_HZ: Final = 1400.0
SPACE_HZ: Final = 1800.0
BIT_MS: Final = (22.0, 20.0)
"""Lengths of a bit at 45.45 and at 50 baud."""

FIGURES: Final = 27
LETTERS: Final = 31
LETTER_CODES: Final = "\bE\nA SIU\rDRJNFCKTZLWHYPQOBG\0MXV\0"
FIGURE_CODES: Final = "\b3\n- \a87\r$4',!:(5\")2=6019?+\0./;\0"

Samples = NDArray[np.float32]


def decode_codes(codes: Sequence[int], *, figures: bool = False) -> tuple[str, bool]:
    """The text of five-bit codes and whether figures are in force after it."""
    text: list[str] = []
    table = FIGURE_CODES if figures else LETTER_CODES
    for code in codes:
        if code == FIGURES:
            table = FIGURE_CODES
        elif code == LETTERS:
            table = LETTER_CODES
        elif (character := table[code]) == "\b":
            continue
        elif character == "\r":
            text.append("\n")
        elif character == "\n":
            if not text or text[-1] != "\n":
                text.append("\n")
        elif character != "\a":
            text.append(character)
    return "".join(text), table is FIGURE_CODES


def encode_text(text: str) -> list[int]:
    """The codes of a text, with shifts; characters that do not exist on a TTY are left out."""
    codes = [LETTERS]
    figures = False
    for character in text.upper():
        if character in " \r\n":
            codes.append(LETTER_CODES.index(character))
            continue
        wanted = character not in LETTER_CODES
        table = FIGURE_CODES if wanted else LETTER_CODES
        if character not in table or character in "\0\a\b":
            continue
        if wanted != figures:
            codes.append(FIGURES if wanted else LETTERS)
            figures = wanted
        codes.append(table.index(character))
    return codes


STEP: Final = 8
"""Samples from one look at the two tones to the next: 1 ms."""
BLOCK: Final = 5120
"""Samples looked at in one go."""
REACH: Final = 128
"""Samples of one look: 16 ms."""
CARRIER: Final = 0.55
"""Least share of the energy in the two tones for a look to count."""
LEAST_CHARACTERS: Final = 4
"""Fewer characters than this are not told: chance may look like one or two."""
TELL_AFTER: Final = 40
"""Characters after which a long turn is told in parts."""
SILENT_MS: Final = 600
"""Without tones for so long, a turn is over."""


@dataclass(frozen=True)
class Typed:
    """Characters from a text telephone, and where they lie (ms of the leg)."""

    codes: tuple[int, ...]
    start_ms: int
    end_ms: int


@dataclass
class Uart:
    """Characters of one length of bit, found in looks of 1 ms."""

    bit: float
    at: int = 0
    """The look that is examined next."""
    codes: list[tuple[int, int, int]] = field(default_factory=list[tuple[int, int, int]])
    """Code, first and last look."""
    bad: int = 0
    """Beginnings of a character that did not become one."""
    astray: float = 0.0
    edges: int = 0

    @property
    def misfit(self) -> float:
        """How badly this length of bit explains what was heard: 0 is perfect."""
        return self.bad + 10.0 * self.astray / max(self.edges, 1) - len(self.codes)

    def run(self, value: Samples, share: Samples) -> None:
        """Read as far as whole characters go."""
        whole = round(7.2 * self.bit)
        rest = value[self.at :]
        falls = np.flatnonzero((rest[:-1] > 0) & (rest[1:] <= 0)) + 1 + self.at
        for fall in falls.tolist():
            if fall < self.at:
                continue
            if fall + whole >= len(value):
                self.at = fall - 1
                return
            self._character(fall, value, share)
        self.at = max(self.at, len(value) - 1)

    def _character(self, fall: int, value: Samples, share: Samples) -> None:
        reach = self.bit * 0.2
        bits: list[float] = []
        for place in range(7):
            middle = fall + (place + 0.5) * self.bit
            first, last = round(middle - reach), round(middle + reach) + 1
            if float(share[first:last].mean()) < CARRIER:
                return
            bits.append(float(value[first:last].mean()))
        if bits[0] > -0.3 or bits[6] < 0.3:
            self.bad += 1
            return
        code = sum(1 << place for place in range(5) if bits[place + 1] > 0)
        end = fall + round(6.5 * self.bit)
        part = value[fall : fall + round(6.4 * self.bit)]
        crossed = (np.flatnonzero((part[:-1] > 0) != (part[1:] > 0)) + 1) / self.bit
        self.astray += float(np.abs(crossed - np.round(crossed)).sum())
        self.edges += len(crossed)
        self.codes.append((code, fall, fall + round(7 * self.bit)))
        self.at = end


def _sliding(steps: NDArray[Any]) -> NDArray[Any]:
    """Sums over REACH samples from each step on, where they are complete."""
    width = REACH // STEP
    return np.lib.stride_tricks.sliding_window_view(steps, width).sum(axis=1)


class TextTelephone:
    """Hears a text telephone; tells each turn when it pauses, or in parts when it is long."""

    def __init__(self) -> None:
        phase = -2j * np.pi * np.arange(BLOCK + REACH) / 8000
        self._turns = np.exp(phase * np.array([[MARK_HZ], [SPACE_HZ]])).astype(np.complex64)
        self._value = np.zeros(0, np.float32)
        self._share = np.zeros(0, np.float32)
        self._from_ms = 0
        self._quiet = 0
        self._readers = tuple(Uart(bit) for bit in BIT_MS)
        self._chosen: Uart | None = None

    def push(self, audio: Samples, at_ms: int) -> list[Typed]:
        """Audio whose first look begins at `at_ms`; it carries REACH - STEP samples of the next."""
        value, share = self._look(audio)
        strong = share >= CARRIER
        if not len(self._value) and strong.mean() < 0.3:
            return []
        if not len(self._value):
            self._from_ms = at_ms
        self._value = np.concatenate([self._value, value])
        self._share = np.concatenate([self._share, share])
        heard = np.flatnonzero(strong)
        self._quiet = len(strong) - 1 - int(heard[-1]) if len(heard) else self._quiet + len(strong)
        for reader in self._readers:
            reader.run(self._value, self._share)
        found: list[Typed] = []
        best = self._best()
        if len(best.codes) >= TELL_AFTER:
            found += self._told(best)
        if self._quiet >= SILENT_MS or len(self._value) > 60_000:
            found += self.finish()
        return found

    def finish(self) -> list[Typed]:
        """What is not told yet; then nothing is remembered."""
        found = self._told(self._best())
        self._value = self._value[:0]
        self._share = self._share[:0]
        self._quiet = 0
        self._readers = tuple(Uart(bit) for bit in BIT_MS)
        self._chosen = None
        return found

    def _look(self, audio: Samples) -> tuple[Samples, Samples]:
        size = len(audio) // STEP
        steps = audio[: size * STEP].reshape(size, STEP)
        energy = _sliding(np.square(steps).sum(axis=1)) / REACH + np.float32(1e-9)
        turned = audio[: size * STEP] * self._turns[:, : size * STEP]
        sums = turned.reshape(2, size, STEP).sum(axis=2) / REACH
        mark, space = (2 * np.square(np.abs(_sliding(one))) for one in sums)
        both = mark + space
        value = (mark - space) / (both + np.float32(1e-9))
        return value.astype(np.float32), (both / energy).astype(np.float32)

    def _best(self) -> Uart:
        return self._chosen or min(self._readers, key=lambda reader: reader.misfit)

    def _told(self, reader: Uart) -> list[Typed]:
        codes = reader.codes
        if self._chosen is None and (len(codes) < LEAST_CHARACTERS or reader.bad > len(codes) // 3):
            return []
        if not codes:
            return []
        self._chosen = reader
        told = Typed(
            tuple(code for code, _, _ in codes),
            self._from_ms + codes[0][1],
            self._from_ms + codes[-1][2],
        )
        for one in self._readers:
            one.codes.clear()
        return [told]
