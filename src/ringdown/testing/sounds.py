"""What is on a telephone line and is no speech: generated, always the same, 8 kHz, after µ-law.

Every generator takes seconds and gives samples from -1 to 1. `non_speech` strings them together
for measuring how many words a recogniser invents.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ringdown.speech.model.baudot import MARK_HZ, SPACE_HZ, encode_text
from ringdown.wire.g711 import decode_ulaw, encode_ulaw

RATE: Final = 8000
KEY_ROWS: Final = ("123A", "456B", "789C", "*0#D")
KEY_LOW: Final = (697.0, 770.0, 852.0, 941.0)
KEY_HIGH: Final = (1209.0, 1336.0, 1477.0, 1633.0)
DBM0: Final = 3.17
"""Level of a full-scale sine on a µ-law line, in dBm0."""

Audio = NDArray[np.float32]
Curve = NDArray[np.float64]


@dataclass(frozen=True)
class Stretch:
    """Where one kind of sound lies in a mix (samples, `end` not included)."""

    label: str
    start: int
    end: int


def on_line(samples: NDArray[np.floating]) -> Audio:
    """The same after µ-law."""
    whole = np.clip(np.round(np.asarray(samples) * 32768), -32768, 32767).astype(np.int16)
    return (decode_ulaw(encode_ulaw(whole)) / np.float32(32768)).astype(np.float32)


def level(dbm0: float) -> float:
    """Amplitude of a sine of that level."""
    return float(10 ** ((dbm0 - DBM0) / 20))


def band(samples: NDArray[np.floating], low: float = 300, high: float = 3400) -> Curve:
    """Only what lies between two frequencies."""
    spectrum = np.fft.rfft(samples)
    hertz = np.fft.rfftfreq(len(samples), 1 / RATE)
    spectrum[(hertz < low) | (hertz > high)] = 0
    return np.fft.irfft(spectrum, len(samples))


def at_level(samples: NDArray[np.floating], db: float) -> Curve:
    """Brought to a level (RMS against full scale)."""
    now = float(np.sqrt(np.square(samples).mean())) + 1e-12
    return np.asarray(samples, np.float64) * (10 ** (db / 20) / now)


def sine(seconds: float, hz: float, amplitude: float, phase: float = 0.0) -> Curve:
    """A plain tone."""
    return amplitude * np.sin(2 * np.pi * hz * _clock(seconds) + phase)


def sweep(hz: NDArray[np.floating]) -> Curve:
    """A sine that follows a frequency, one value for each sample."""
    return np.sin(2 * np.pi * np.cumsum(hz) / RATE)


def cadence(seconds: float, frequencies: Sequence[float], on: float, off: float) -> Curve:
    """Tones together, on and off; `off` 0 is continuous."""
    time = _clock(seconds)
    made = sum((sine(seconds, hz, level(-13)) for hz in frequencies), np.zeros(len(time)))
    return made if off <= 0 else made * ((time % (on + off)) < on)


def dtmf(
    keys: str,
    *,
    on: float = 0.08,
    off: float = 0.08,
    dbm0: float = -7.0,
    twist: float = 0.0,
    off_by: float = 0.0,
) -> Curve:
    """Keys pressed; `twist` is how much stronger (dB) the high tone is, `off_by` a share."""
    parts: list[Curve] = []
    for key in keys:
        row = next(i for i, line in enumerate(KEY_ROWS) if key in line)
        column = KEY_ROWS[row].index(key)
        low = sine(on, KEY_LOW[row] * (1 + off_by), level(dbm0 - twist / 2))
        high = sine(on, KEY_HIGH[column] * (1 + off_by), level(dbm0 + twist / 2), 0.7)
        parts += [low + high, np.zeros(round(off * RATE))]
    return np.concatenate(parts) if parts else np.zeros(0)


def tty(text: str, *, baud: float = 45.45, dbm0: float = -13.0, stops: float = 1.5) -> Curve:
    """A text telephone typing: a carrier first, then characters, then a carrier."""
    bits: list[tuple[int, float]] = [(1, 0.15)]
    for code in encode_text(text):
        bits.append((0, 1 / baud))
        bits += [((code >> place) & 1, 1 / baud) for place in range(5)]
        bits.append((1, stops / baud))
    bits.append((1, 0.3))
    ends = np.round(np.cumsum([seconds for _, seconds in bits]) * RATE).astype(int)
    hertz = np.zeros(int(ends[-1]))
    start = 0
    for (bit, _), end in zip(bits, ends, strict=True):
        hertz[start:end] = MARK_HZ if bit else SPACE_HZ
        start = int(end)
    return level(dbm0) * sweep(hertz)


def hiss(seconds: float, db: float = -50.0, seed: int = 1) -> Curve:
    """White noise in the band of a telephone."""
    return at_level(band(_noise(seconds, seed)), db)


def pink(seconds: float, db: float = -35.0, seed: int = 2) -> Curve:
    """Pink noise."""
    spectrum = np.fft.rfft(_noise(seconds, seed))
    spectrum /= np.sqrt(np.maximum(np.arange(len(spectrum)), 1))
    return at_level(band(np.fft.irfft(spectrum, round(seconds * RATE))), db)


def hum(seconds: float, hz: float = 60.0, db: float = -35.0) -> Curve:
    """Mains hum with its harmonics."""
    made = sum(
        (sine(seconds, hz * n, 1 / n) for n in range(1, 12)), np.zeros(round(seconds * RATE))
    )
    return at_level(made + hiss(seconds, -60), db)


def babble(seconds: float, voices: NDArray[np.floating], db: float = -30.0, seed: int = 3) -> Curve:
    """Many voices, none of them saying anything: 80 ms grains of `voices`, shuffled, seven deep."""
    rng = np.random.default_rng(seed)
    grain, step = 640, 320
    loud = np.asarray(voices, np.float64)
    fade = np.hanning(grain)
    count = round(seconds * RATE) // step + 2
    made = np.zeros(count * step + grain)
    power = np.convolve(np.square(loud), np.ones(grain) / grain, "valid")[::step]
    places = np.flatnonzero(power > 0.3 * power.mean()) * step
    for _ in range(7):
        for index, place in enumerate(rng.choice(places, count)):
            at = index * step + int(rng.integers(0, step))
            made[at : at + grain] += loud[place : place + grain] * fade
    return at_level(made[: round(seconds * RATE)], db)


def wail(seconds: float, seed: int = 4) -> Curve:
    """A siren that rises and falls slowly."""
    period = 4 + np.random.default_rng(seed).random()
    hertz = 1000 + 400 * np.sin(2 * np.pi * _clock(seconds) / period)
    return _horn(hertz)


def yelp(seconds: float) -> Curve:
    """A siren that rises fast, three times a second."""
    return _horn(700 + 800 * ((_clock(seconds) * 3.2) % 1))


def hi_lo(seconds: float) -> Curve:
    """A siren of two tones."""
    return _horn(np.where((_clock(seconds) % 1.0) < 0.5, 660.0, 880.0))


def chords(seconds: float, seed: int = 5) -> Curve:
    """Held chords of an organ."""
    rng = np.random.default_rng(seed)
    made = np.zeros(round(seconds * RATE))
    for start in range(0, len(made), RATE):
        root = 220 * 2 ** (int(rng.choice([0, 3, 5, 7])) / 12)
        for third in (1.0, 1.26, 1.498):
            for harmonic in (1, 2, 3, 4):
                piece = sine(1.0, root * third * harmonic, 1 / harmonic**1.5)
                end = min(start + RATE, len(made))
                made[start:end] += (piece * _swell(RATE, 400))[: end - start]
    return at_level(band(made), -24)


def melody(seconds: float, seed: int = 6) -> Curve:
    """Notes as of a flute with vibrato: hold music."""
    rng = np.random.default_rng(seed)
    steps = [0, 2, 4, 5, 7, 9, 11, 12]
    made = np.zeros(round(seconds * RATE))
    at = 0
    while at < len(made):
        length = int(RATE * float(rng.choice([0.2, 0.3, 0.4, 0.6])))
        hertz = 392 * 2 ** (int(rng.choice(steps)) / 12)
        time = np.arange(length) / RATE
        note = sweep(hertz * (1 + 0.006 * np.sin(2 * np.pi * 5.5 * time)))
        note = (
            note + 0.3 * sweep(np.full(length, 2 * hertz)) + 0.1 * sweep(np.full(length, 3 * hertz))
        )
        end = min(at + length, len(made))
        made[at:end] += (note * _swell(length, 160))[: end - at]
        at = end
    return at_level(band(made), -22)


def beat(seconds: float, seed: int = 7) -> Curve:
    """Drums: a kick, a snare and a hi-hat at 120 a minute."""
    rng = np.random.default_rng(seed)
    made = np.zeros(round(seconds * RATE) + RATE)
    time = np.arange(RATE // 4) / RATE
    for index, at in enumerate(range(0, round(seconds * RATE), RATE // 4)):
        hat = rng.standard_normal(len(time)) * np.exp(-time * 90) * 0.3
        made[at : at + len(time)] += hat
        if index % 4 == 0:
            made[at : at + len(time)] += (
                2 * sweep(150 * np.exp(-time * 12) + 50) * np.exp(-time * 14)
            )
        if index % 4 == 2:
            made[at : at + len(time)] += rng.standard_normal(len(time)) * np.exp(-time * 22)
    return at_level(band(made[: round(seconds * RATE)], 100, 3400), -24)


def screams(seconds: float, seed: int = 8) -> Curve:
    """Screams without words: high harmonic sweeps with roughness at 30 to 150 Hz, and breaths."""
    rng = np.random.default_rng(seed)
    made = np.zeros(round(seconds * RATE))
    at = 0
    while at < len(made):
        length = int(RATE * rng.uniform(0.7, 1.8))
        time = np.arange(length) / RATE
        bow = np.sin(np.pi * time / time[-1])
        wobble = np.cumsum(rng.standard_normal(length)) / np.sqrt(length)
        hertz = rng.uniform(700, 1100) * (0.8 + 0.35 * bow + 0.03 * wobble)
        voice = sum((sweep(hertz * n) / n**0.7 for n in range(1, 5)), np.zeros(length))
        rough = 1 + 0.5 * np.sin(2 * np.pi * rng.uniform(30, 150) * time)
        sound = voice * rough * np.minimum(bow * 4, 1) + 0.2 * rng.standard_normal(length)
        end = min(at + length, len(made))
        made[at:end] += sound[: end - at]
        at = end + int(RATE * rng.uniform(0.3, 0.9))
    return at_level(band(made), -16)


def barks(seconds: float, seed: int = 9) -> Curve:
    """A dog: bursts of a falling pitch with noise."""
    rng = np.random.default_rng(seed)
    made = np.zeros(round(seconds * RATE) + RATE)
    at = int(RATE * 0.2)
    while at < len(made) - RATE:
        length = int(RATE * rng.uniform(0.12, 0.22))
        time = np.arange(length) / RATE
        hertz = rng.uniform(350, 520) * np.exp(-time * 3)
        voice = sum((sweep(hertz * n) / n for n in range(1, 7)), np.zeros(length))
        burst = (voice + 0.8 * rng.standard_normal(length)) * np.hanning(length) ** 0.5
        made[at : at + length] += burst
        at += length + int(RATE * float(rng.choice([0.18, 0.25, 0.9])))
    return at_level(band(made[: round(seconds * RATE)]), -22)


def bumps(seconds: float, seed: int = 10) -> Curve:
    """Wind in a microphone and a telephone that is handled."""
    rng = np.random.default_rng(seed)
    size = round(seconds * RATE)
    corners = np.arange(0, size + 2000, 2000)
    gusts = np.interp(np.arange(size), corners, rng.random(len(corners)))
    made = band(rng.standard_normal(size), 60, 500) * gusts**2
    for at in rng.integers(0, max(size - 800, 1), max(int(seconds * 1.5), 1)):
        made[at : at + 800] += 3 * rng.standard_normal(800) * np.exp(-np.arange(800) / 120)
    return at_level(band(made, 80, 3400), -26)


def clicks(seconds: float, seed: int = 11) -> Curve:
    """Clicks of a bad line over hiss."""
    rng = np.random.default_rng(seed)
    made = hiss(seconds, -55, seed)
    for at in rng.integers(0, len(made) - 8, int(seconds * 6)):
        made[at : at + 4] += rng.uniform(-0.6, 0.6)
    return made


def gsm_buzz(seconds: float) -> Curve:
    """A mobile telephone next to a loudspeaker: bursts at 217 Hz in a rhythm."""
    time = _clock(seconds)
    pulses = ((time * 216.7) % 1 < 0.125).astype(np.float64)
    rhythm = ((time % 0.5) < 0.06) | (((time % 0.5) > 0.12) & ((time % 0.5) < 0.18))
    return at_level(band(pulses * np.where(rhythm | ((time % 3) < 1.2), 1.0, 0.02), 150), -26)


def stutter(seconds: float, voices: NDArray[np.floating], seed: int = 12) -> Curve:
    """A packet's 20 to 60 ms of speech, repeated for a second or more, again and again."""
    rng = np.random.default_rng(seed)
    loud = np.flatnonzero(np.abs(voices) > 0.05)
    parts: list[Curve] = []
    total = 0
    while total < seconds * RATE:
        length = int(rng.choice([20, 30, 40, 60])) * 8
        start = int(rng.choice(loud[loud < len(voices) - length]))
        stuck = np.tile(np.asarray(voices[start : start + length], np.float64), RATE * 3 // length)
        parts += [stuck[: int(RATE * rng.uniform(0.8, 2.5))], np.zeros(RATE // 2)]
        total += len(parts[-1]) + len(parts[-2])
    return np.concatenate(parts)[: round(seconds * RATE)]


def smoke_alarm(seconds: float, hz: float = 3100.0) -> Curve:
    """Three long beeps and a pause (the temporal pattern of ISO 8201)."""
    time = _clock(seconds) % 4.0
    on = (time < 3.0) & ((time % 1.0) < 0.5)
    return sine(seconds, hz, level(-18)) * on


def kinds(
    voices: NDArray[np.floating] | None = None, *, seed: int = 0
) -> dict[str, Callable[[float], Curve]]:
    """Every generator of the mix by its label; babble and stutter need some `voices`."""
    found: dict[str, Callable[[float], Curve]] = {
        "silence": lambda s: np.zeros(round(s * RATE)),
        "hiss": lambda s: hiss(s, seed=seed + 1),
        "loud hiss": lambda s: hiss(s, -32, seed + 21),
        "pink": lambda s: pink(s, seed=seed + 2),
        "hum 60": hum,
        "hum 50": lambda s: hum(s, 50.0),
        "wail": lambda s: wail(s, seed=seed + 4),
        "yelp": yelp,
        "hi-lo": hi_lo,
        "chords": lambda s: chords(s, seed=seed + 5),
        "melody": lambda s: melody(s, seed=seed + 6),
        "beat": lambda s: beat(s, seed=seed + 7),
        "dial": lambda s: cadence(s, (350, 440), 1, 0),
        "busy": lambda s: cadence(s, (480, 620), 0.5, 0.5),
        "reorder": lambda s: cadence(s, (480, 620), 0.25, 0.25),
        "ringback": lambda s: cadence(s, (440, 480), 2, 4),
        "fax": lambda s: cadence(s, (1100,), 0.5, 3),
        "keys": lambda s: _fit(dtmf("5550142*7#9136880" * 9, on=0.1, off=0.2), s),
        "tty": lambda s: _fit(tty("NEED HELP SEND FIRE TO 12 OAK ST GA " * 12), s),
        "smoke alarm": smoke_alarm,
        "screams": lambda s: screams(s, seed=seed + 8),
        "barks": lambda s: barks(s, seed=seed + 9),
        "bumps": lambda s: bumps(s, seed=seed + 10),
        "clicks": lambda s: clicks(s, seed=seed + 11),
        "gsm buzz": gsm_buzz,
    }
    if voices is not None:
        found["babble"] = lambda s: babble(s, voices, seed=seed + 3)
        found["loud babble"] = lambda s: babble(s, voices, -22, seed + 31)
        found["stutter"] = lambda s: stutter(s, voices, seed + 12)
    return found


def non_speech(
    minutes: float, voices: NDArray[np.floating] | None = None, *, seed: int = 0
) -> tuple[Audio, tuple[Stretch, ...]]:
    """All kinds one after another, equally long, a second of faint hiss between them.

    Another `seed` gives other sounds of the same kinds.
    """
    makers = kinds(voices, seed=seed)
    share = minutes * 60 / len(makers)
    parts: list[Curve] = []
    labels: list[Stretch] = []
    at = 0
    for index, (label, make) in enumerate(makers.items()):
        made = make(share - 1)
        labels.append(Stretch(label, at, at + len(made)))
        pause = hiss(1.0, -58, 100 + index)
        parts += [made + hiss(share - 1, -64, 200 + index)[: len(made)], pause]
        at += len(made) + len(pause)
    return on_line(np.concatenate(parts)), tuple(labels)


def _clock(seconds: float) -> Curve:
    return np.arange(round(seconds * RATE)) / RATE


def _noise(seconds: float, seed: int) -> Curve:
    return np.random.default_rng(seed).standard_normal(round(seconds * RATE))


def _horn(hertz: NDArray[np.floating]) -> Curve:
    return at_level(band(np.tanh(3 * sweep(hertz))), -22)


def _swell(length: int, edge: int) -> Curve:
    ramp = np.minimum(np.arange(length), np.arange(length)[::-1]) / edge
    return np.minimum(ramp, 1.0)


def _fit(samples: Curve, seconds: float) -> Curve:
    wanted = round(seconds * RATE)
    return np.resize(samples, wanted) if len(samples) else np.zeros(wanted)
