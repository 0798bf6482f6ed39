"""What speaks against a segment's words: the sound itself, and how the recogniser put it.

A doubtful line is shown as doubtful. Only what surely is no speech gives no words at all: nearly
silence, known tones, a stuck loop, steady noise in which the recogniser was unsure as well, or a
moment without a voice in which it heard something else each time. Where it listened twice, the less
sure time counts: of two guesses at a noise one often looks sure.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from ringdown.speech.model.steady import changed_words
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

FAINT_DB: Final = -70.0
"""Louder stretches below this level (full scale is 0) are the last steps of µ-law: recordings of
speech still gave words at -61."""
ALL_TONE: Final = 0.95
STEADY_DB: Final = 3.0
"""Speech at 0 dB in noise still stands 6 dB above the quietest tenth of its segment."""
LEAST_SPEECH_S: Final = 0.5
"""Less voice than this beside a stuck loop gives no words."""
PHANTOM_BELOW_S: Final = 0.6
SURE: Final = 0.97
PHANTOMS: Final = frozenset({"you", "thank you for watching", "thanks for watching"})
UNLIKE: Final = 0.5
"""Share of the words that come both times, up to which two looks do not agree."""
MOMENT_S: Final = 1.2
NO_VOICE: Final = 0.45
"""Clear speech, however short, is voiced in more than half of its louder frames."""
GUESS: Final = 0.1
BLINK_S: Final = 0.3
WILD_GUESS: Final = 0.05
CROWD_GUESS: Final = 0.25
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
    """Share of the frames that are not silent in which known tones sound."""
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
    again: tuple[str, ...] | None = None
    """The words of a second look, where there was one."""
    again_confidences: tuple[float, ...] = ()

    @property
    def mean(self) -> float:
        """Mean chance that a word is right; 1 without words."""
        return _mean(self.confidences)

    @property
    def least(self) -> float:
        """The same of the look that was less sure."""
        return min(self.mean, _mean(self.again_confidences))

    @property
    def agreed(self) -> float:
        """Share of the words that came both times, in their order; 1 with a single look."""
        if self.again is None:
            return 1.0
        longest = max(len(self.words), len(self.again))
        return (len(self.words) - changed_words(self.words, self.again)) / max(longest, 1)


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
        tone_share=_in_tones(audio, power),
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
    if noisy(sound) or murmur(sound) or phantom(heard.words):
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
    if sound.level_db < FAINT_DB or sound.tone_share >= ALL_TONE:
        return True
    if sound.above_floor_db < STEADY_DB and sound.modulation < 0.1:
        return True
    if heard is None or not heard.words:
        return False
    if sound.stuck >= 0.3 and heard.voiced_seconds * (1 - sound.stuck) < LEAST_SPEECH_S:
        return True
    blip = heard.voiced_seconds < PHANTOM_BELOW_S
    if blip and heard.least < SURE and phantom(heard.words):
        return True
    return (murmur(sound) and heard.least < 0.72) or guessed(sound, heard)


def guessed(sound: Sound, heard: HeardText) -> bool:
    """Whether two looks at a sound without a clear voice agreed on nothing, or on next to nothing.

    Clear speech stays, however unsure and short it is: its voice is heard.
    """
    if heard.again is None or sound.voicing >= NO_VOICE:
        return False
    if heard.voiced_seconds < BLINK_S and heard.least < WILD_GUESS:
        return True
    if heard.voiced_seconds < PHANTOM_BELOW_S and phantom(heard.again):
        return True
    if heard.agreed > UNLIKE:
        return False
    if heard.voiced_seconds < MOMENT_S and heard.least < GUESS:
        return True
    crowd = sound.flatness < 0.2 and sound.modulation < 0.25 and sound.voicing < 0.25
    return crowd and heard.least < CROWD_GUESS


def murmur(sound: Sound) -> bool:
    """Whether it is coloured like voices, but no voice stands out: a crowd, a machine."""
    if sound.flatness >= 0.2:
        return False
    still = sound.modulation < 0.15 and sound.voicing < 0.35
    return still or (sound.modulation < 0.2 and sound.voicing < 0.25)


def phantom(words: Sequence[str]) -> bool:
    """Whether a text is what recognisers taught with films' subtitles write of nothing at all."""
    text = " ".join(words).lower().strip(" .,!?")
    return text in PHANTOMS or text.startswith("\N{COPYRIGHT SIGN}")


def noisy(sound: Sound) -> bool:
    """Whether hardly any voice is in it and its level does not move as syllables do."""
    return sound.voicing < 0.08 and sound.modulation < 0.25


def repeats(words: Sequence[str]) -> bool:
    """Whether a text says the same over and over: packed, little is left of it."""
    text = " ".join(words).lower().encode()
    return len(words) >= 8 and len(zlib.compress(text, 9)) < 0.4 * len(text)


def _mean(chances: Sequence[float]) -> float:
    return sum(chances) / len(chances) if chances else 1.0


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


def _in_tones(audio: Audio, power: NDArray[np.floating]) -> float:
    """By time, not by energy: quiet words between loud keys count as much as the keys."""
    tones = in_tones(audio)
    if not tones.any():
        return 0.0
    shares = np.lib.stride_tricks.sliding_window_view(tones, FRAME)[::HOP].mean(axis=1)
    sounding = power > max(10 * float(np.sort(power)[len(power) // 20]), 10**-5.5)
    # Beside silence a frame at a tone's edge is the tone's; without silence it is shared.
    within = shares > (0.5 if bool(np.all(sounding)) else 0.0)
    return float(within[sounding].mean()) if bool(np.any(sounding)) else float(within.mean())


def _stuck(audio: Audio) -> float:
    """Share of the energy in stretches of 40 ms that return, to the last per cent, at a lag.

    Four in a row, at the same lag: a steady vowel repeats too, but not so exactly for so long.
    """
    size = 320
    whole = len(audio) // size
    total = float(np.square(audio).sum())
    if total <= 0 or whole < 8:
        return 0.0
    cut = audio[: whole * size]
    energy = np.square(cut).reshape(-1, size).sum(axis=1) + 1e-9
    stuck = np.zeros(whole, np.bool_)
    for lag in STUCK_LAGS:
        moved = np.concatenate([np.full(lag, 9.0, np.float32), cut[:-lag]])
        apart = np.square(cut - moved).reshape(-1, size).sum(axis=1)
        same = (apart < 0.01 * energy) & (energy > 1e-4 * energy.max())
        runs = np.lib.stride_tricks.sliding_window_view(same, 4).all(axis=1)
        for start in np.flatnonzero(runs).tolist():
            # What is repeated was heard once before: the lag before the first repeat counts too.
            stuck[max(start - 2, 0) : start + 4] = True
    return float(energy[stuck].sum() / energy.sum())
