"""What speaks against a segment's words: the sound itself, and how the recogniser put it.

A doubtful line is shown as doubtful. Only what surely is no speech gives no words at all: nearly
silence, known tones, a stuck loop, or steady noise in which the recogniser was unsure as well.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from ringdown.speech.model.tones import in_tones

Doubt = Literal["tone", "noise", "stuck", "loop", "too_fast", "unsure"]
"""`tone`: known tones beside or instead of speech. `noise`: hardly any voice in it. `stuck`: the
audio repeats itself. `loop`: the text repeats itself. `too_fast`: more words than can be said.
`unsure`: the recogniser was, of most words."""

Audio = NDArray[np.float32]

RATE: Final = 8000
FRAME: Final = 320
HOP: Final = 160
LAGS: Final = slice(18, 134)
"""Periods of a voice in samples: 60 to 444 Hz."""
STUCK_LAGS: Final = range(160, 488, 8)
"""Lengths of what a stuck buffer repeats: 20 to 60 ms, in whole milliseconds."""

FAINT_DB: Final = -58.0
"""Louder stretches below this level (full scale is 0) are no speech on a telephone."""
ALL_TONE: Final = 0.97
ALL_STUCK: Final = 0.8
TOO_FAST: Final = 8.0
"""Words for each second of voice."""
UNSURE_BELOW: Final = 0.6
"""Mean chance of the words below which the whole is unsure."""


@dataclass(frozen=True)
class Sound:
    """Cheap measures of one segment's audio."""

    seconds: float
    level_db: float
    """Level of its louder fifth, against full scale."""
    above_floor_db: float
    """The same against its quietest tenth."""
    voicing: float
    """Share of the louder frames in which a voice's pitch is found."""
    flatness: float
    """From 0, a tone, to 1, white noise."""
    modulation: float
    """How much the level moves 2 to 8 times a second, as syllables do, against its mean."""
    tone_share: float
    """Share of the energy that lies where known tones sound."""
    stuck: float
    """Share of the energy that only repeats what was just heard."""
    chance_mean: float = 1.0
    """Of speech, by voice activity; so is `chance_max`. 1 when not known."""
    chance_max: float = 1.0


@dataclass(frozen=True)
class HeardText:
    """What the recogniser made of the segment."""

    words: tuple[str, ...]
    confidences: tuple[float, ...]
    """Calibrated chance of each word."""
    voiced_seconds: float
    """How much of the segment voice activity took for speech."""

    @property
    def mean(self) -> float:
        """Mean chance that a word is right; 1 without words."""
        return sum(self.confidences) / len(self.confidences) if self.confidences else 1.0


def measure(samples: Audio, *, rate: int = RATE, chances: Sequence[float] = ()) -> Sound:
    """Measure a segment at 8 or 16 kHz; `chances` are those of its windows, where known."""
    audio = np.asarray(samples, np.float32)
    if rate == 2 * RATE:
        audio = audio[: len(audio) // 2 * 2].reshape(-1, 2).mean(axis=1)
    seconds = len(audio) / RATE
    if len(audio) < FRAME:
        audio = np.concatenate([audio, np.zeros(FRAME - len(audio), np.float32)])
    frames = np.lib.stride_tricks.sliding_window_view(audio, FRAME)[::HOP]
    power = np.square(frames).mean(axis=1) + 1e-12
    ordered = np.sort(power)
    loud = float(ordered[-max(len(ordered) // 5, 1) :].mean())
    floor = float(ordered[: max(len(ordered) // 10, 1)].mean())
    active = frames[power >= loud * 0.03]
    return Sound(
        seconds=seconds,
        level_db=_db(loud),
        above_floor_db=_db(loud) - _db(floor),
        voicing=_voicing(active),
        flatness=_flatness(active),
        modulation=_modulation(np.sqrt(power)),
        tone_share=_tone_energy(audio),
        stuck=_stuck(audio),
        chance_mean=float(np.mean(chances)) if len(chances) else 1.0,
        chance_max=float(np.max(chances)) if len(chances) else 1.0,
    )


def doubts_of(sound: Sound, heard: HeardText) -> tuple[Doubt, ...]:
    """Why the words of a segment may be no words; empty when nothing speaks against them."""
    if not heard.words:
        return ()
    found: list[Doubt] = []
    if sound.tone_share >= 0.5:
        found.append("tone")
    if noisy(sound):
        found.append("noise")
    if sound.stuck >= 0.4:
        found.append("stuck")
    if repeats(heard.words):
        found.append("loop")
    if len(heard.words) > 3 and len(heard.words) > TOO_FAST * max(heard.voiced_seconds, 0.2):
        found.append("too_fast")
    if heard.mean < UNSURE_BELOW:
        found.append("unsure")
    return tuple(found)


def hopeless(sound: Sound, heard: HeardText | None = None) -> bool:
    """Whether nothing at all should be written; without `heard`, whether to listen is in vain."""
    if sound.level_db < FAINT_DB or sound.tone_share >= ALL_TONE or sound.stuck >= ALL_STUCK:
        return True
    if heard is None or not heard.words:
        return False
    return noisy(sound) and sound.modulation < 0.1 and heard.mean < UNSURE_BELOW


def noisy(sound: Sound) -> bool:
    """Whether hardly any voice is in it and its level does not move as syllables do."""
    return sound.voicing < 0.08 and sound.modulation < 0.25


def repeats(words: Sequence[str]) -> bool:
    """Whether a text says the same over and over: packed, little is left of it."""
    text = " ".join(words).lower().encode()
    return len(words) >= 8 and len(zlib.compress(text, 9)) < 0.4 * len(text)


def _db(power: float) -> float:
    return 10 * float(np.log10(power + 1e-12))


def _voicing(frames: Audio) -> float:
    """A frame is voiced when it resembles itself one pitch period later."""
    if not len(frames):
        return 0.0
    centred = frames - frames.mean(axis=1, keepdims=True)
    spectrum = np.fft.rfft(centred, 1024, axis=1)
    alike = np.fft.irfft(np.square(np.abs(spectrum)), axis=1)[:, : LAGS.stop]
    overlap = 1 - np.arange(LAGS.stop) / FRAME
    likeness = alike / (alike[:, :1] * overlap + 1e-9)
    return float((likeness[:, LAGS].max(axis=1) >= 0.6).mean())


def _flatness(frames: Audio) -> float:
    if not len(frames):
        return 0.0
    window = np.hanning(FRAME).astype(np.float32)
    power = np.square(np.abs(np.fft.rfft(frames * window, axis=1)))[:, 12:136] + 1e-12
    flat = np.exp(np.log(power).mean(axis=1)) / power.mean(axis=1)
    return float(flat.mean())


def _modulation(levels: NDArray[np.floating]) -> float:
    if len(levels) < 8:
        return 1.0  # too short to say
    moved = levels - levels.mean()
    spectrum = np.square(np.abs(np.fft.rfft(moved * np.hanning(len(moved)))))
    rates = np.fft.rfftfreq(len(moved), HOP / RATE)
    inside = (rates >= 2) & (rates <= 8)
    power = 2 * spectrum[inside].sum() / (0.375 * len(moved) ** 2)
    return float(np.sqrt(power) / (levels.mean() + 1e-9))


def _tone_energy(audio: Audio) -> float:
    energy = float(np.square(audio).sum())
    if energy <= 0:
        return 0.0
    return float(np.square(audio[in_tones(audio)]).sum()) / energy


def _stuck(audio: Audio) -> float:
    """Share of the energy in stretches of 160 ms that repeat to the last per cent.

    A steady vowel repeats too, but not so exactly and not for so long.
    """
    total = float(np.square(audio).sum())
    if total <= 0 or len(audio) < 2400:
        return 0.0
    size = 1280
    best = np.zeros(len(audio) // size, np.float64)
    cut = audio[: len(best) * size].reshape(-1, size)
    energy = np.square(cut).sum(axis=1) + 1e-9
    for lag in STUCK_LAGS:
        moved = audio[: len(best) * size] - np.concatenate(
            [np.full(lag, 9.0, np.float32), audio[: len(best) * size - lag]]
        )
        apart = np.square(moved).reshape(-1, size).sum(axis=1)
        best = np.maximum(best, np.where(apart < 0.01 * energy, energy, 0.0))
    return float(best.sum() / total)
