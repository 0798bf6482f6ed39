"""What the speech measurements listen to: a data set of yours, or synthesised sentences.

`DATASET` names a folder as `ringdown speech evaluate` takes it. Without one, and always where times
must be known, sentences of our own are spoken by flite, or the packaged demo call is used.
`BENCH_SCALE` (0 to 1) shortens everything, to try a measurement out.
"""

import os
import shutil
import subprocess
import tempfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
import soundfile as sf

from ringdown.demo import load as load_demo
from ringdown.speech.audio_files import Rate, open_audio
from ringdown.speech.evaluate.align import align
from ringdown.speech.evaluate.dataset import Clip, load_dataset
from ringdown.speech.evaluate.normalise import normalise
from ringdown.wire.g711 import decode_ulaw, encode_ulaw

RATE = 8000
WIDE = 16000
Audio = np.ndarray

SENTENCES = (
    "There is a car upside down in the ditch by the old mill",
    "My grandmother fell in the bathroom and she cannot get up",
    "Please send somebody quickly, the smoke is getting thicker",
    "Two men are fighting outside the bakery on the corner",
    "He is breathing but he does not answer when I talk to him",
    "I think the water heater is leaking gas into the basement",
    "She has pain in her chest and her left arm feels numb",
    "A tree came down and it is lying across the power lines",
    "Somebody broke the window of the shop and ran toward the river",
    "The baby swallowed a coin and now she is coughing",
    "We are on the second floor and the stairs are full of smoke",
    "The truck hit the bridge and the driver is still inside",
    "My neighbor is shouting and I heard glass breaking",
    "No, I am not hurt, but my friend is bleeding from his head",
    "It is a white house with a red barn behind it",
    "The dog bit the mailman on the leg",
    "I can see flames coming out of the kitchen window",
    "Stay on the line with me and tell me what you see",
    "Is anybody else inside the building with you",
    "Help is already on the way to you",
    "He took some pills and now he is very sleepy",
    "There are three people in the boat and it is sinking",
    "The man is wearing a green jacket and a black hat",
    "Turn left after the gas station and drive to the end of the road",
    "I do not know the address but I can see the water tower",
    "She is having trouble breathing and her lips are turning blue",
    "Keep the door open so that they can find you",
    "The school bus slid off the road but nobody seems to be hurt",
    "Yes, he is awake now and he is talking",
    "Do not move him unless he is in danger",
)
NUMBERS = (
    "five five five oh one four two",
    "three one five five five five oh one nine nine",
    "four seven two two nine",
    "six oh eight five five five oh one six three",
    "seven K L nine two four",
    "B R two five eight one",
    "double two seven oh four",
    "M five one six T W",
)
VOICES = ("slt", "rms", "awb")


@dataclass(frozen=True)
class Spoken:
    """One utterance: 8 kHz telephone audio, trimmed to speech; words with times when known."""

    samples: Audio
    text: str = ""
    times: tuple[tuple[float, float], ...] = ()
    """Start and end of each word in seconds; empty when unknown."""

    @property
    def seconds(self) -> float:
        return len(self.samples) / RATE


@dataclass(frozen=True)
class Turn:
    """When somebody speaks on a leg, in seconds from its beginning."""

    start: float
    end: float


@dataclass
class Leg:
    """A whole leg: µ-law codes, and who speaks when."""

    codes: bytes = b""
    turns: list[Turn] = field(default_factory=list)


def scale() -> float:
    """How much of everything is measured."""
    return min(max(float(os.environ.get("BENCH_SCALE", "1")), 0.01), 1.0)


@cache
def narrowed_by() -> str:
    """What makes telephone audio, in words; sox where it is installed."""
    return "sox, sinc 300-3400" if shutil.which("sox") else "our own filter, 300 to 3400 Hz"


def telephone(samples: Audio, rate: int) -> Audio:
    """A recording as it comes over the telephone: 8 kHz µ-law, as everybody makes it with sox."""
    if shutil.which("sox") is None:
        return narrow(samples, rate)
    with tempfile.TemporaryDirectory() as folder:
        wide, slow = Path(folder) / "wide.wav", Path(folder) / "slow.wav"
        sf.write(wide, samples, rate, subtype="PCM_16")
        command = ["sox", "-R", "-G", str(wide), "-r", "8000", "-c", "1", "-e", "mu-law", str(slow)]
        subprocess.run(
            [*command, "sinc", "300-3400"], check=True, timeout=60, stderr=subprocess.DEVNULL
        )
        made, _ = sf.read(slow, dtype="float32")
    return np.asarray(made, np.float32)


def narrow(samples: Audio, rate: int) -> Audio:
    """The same with a filter of ours: 300 to 3400 Hz, 8 kHz, through µ-law."""
    size = 1 << (len(samples) + 4 * rate).bit_length()
    spectrum = np.fft.rfft(samples, size)
    hertz = np.fft.rfftfreq(size, 1 / rate)
    # Flat from 300 to 3400 Hz with slopes of 30 and 100 Hz: steep, yet it hardly rings.
    low = np.clip((hertz - 270) / 30, 0, 1)
    high = np.clip((3500 - hertz) / 100, 0, 1)
    passed = np.fft.irfft(spectrum * low * high, size)[: len(samples)].astype(np.float32)
    rates = Rate(rate, RATE)
    slow = np.concatenate([rates.push(passed), rates.flush()])
    slow /= max(1.0, float(np.abs(slow).max(initial=0.0)) * 1.01)
    return decode_ulaw(ulaw(slow)).astype(np.float32) / 32768


def ulaw(samples: Audio) -> bytes:
    """µ-law codes of 8 kHz samples."""
    return bytes(encode_ulaw(np.clip(np.round(samples * 32768), -32768, 32767).astype(np.int16)))


def noisy(name: str, clips: dict[str, tuple[Audio, int]], snr_db: float = 10.0) -> Audio:
    """A clip under six other voices and pink noise, seeded by its name."""
    samples, _ = clips[name]
    random = np.random.default_rng(zlib.crc32(f"{name}.wav".encode()))
    noise = np.zeros(len(samples))
    others = [other for other in sorted(clips) if other != name]
    for other in random.choice(others, min(6, len(others)), replace=False):
        voice = np.resize(clips[str(other)][0], len(samples))
        noise += voice / (np.sqrt(np.mean(voice**2)) + 1e-9)
    white = np.fft.rfft(random.standard_normal(len(samples)))
    pink = np.fft.irfft(white / np.sqrt(np.maximum(np.arange(len(white)), 1)), len(samples))
    noise = noise / (np.sqrt(np.mean(noise**2)) + 1e-9) + 0.7 * pink / np.sqrt(np.mean(pink**2))
    power = np.mean(samples**2) / np.mean(noise**2) / 10 ** (snr_db / 10)
    mixed = samples + np.sqrt(power) * noise
    return (mixed / max(1.0, np.abs(mixed).max() * 1.05)).astype(np.float32)


def dataset() -> tuple[str, list[Clip], dict[str, tuple[Audio, int]]]:
    """What it is in words, its clips, and their clean audio by clip id."""
    named = os.environ.get("DATASET")
    if named:
        every = load_dataset([Path(named)]).clips
        clips = [clip for clip in every if clip.condition == every[0].condition]
        clips = clips[: max(2, round(len(clips) * scale()))]
        return (
            f"{len(clips)} recordings of real speech",
            clips,
            {c.id: _read(c.path) for c in clips},
        )
    spoken = wide_sentences()
    count = max(2, round(len(spoken) * scale()))
    said = [(one, text, False) for one, text in spoken[:count]]
    if shutil.which("flite") is not None:
        numbers = NUMBERS[: max(2, round(len(NUMBERS) * scale()))]
        said += [(_flite(x, VOICES[n % len(VOICES)])[0], x, True) for n, x in enumerate(numbers)]
    clips = [
        Clip(f"s{n:02}", Path(), text, "digits" if digits else "speech", "clean", digits)
        for n, (_, text, digits) in enumerate(said)
    ]
    audio = {clip.id: (said[n][0], WIDE) for n, clip in enumerate(clips)}
    return f"{len(clips)} synthesised sentences", clips, audio


def _read(path: Path) -> tuple[Audio, int]:
    audio = open_audio(path)
    return np.concatenate([block[0] for block in audio.blocks(1)]), audio.rate


@cache
def wide_sentences() -> list[tuple[Audio, str]]:
    """The sentences at 16 kHz; the demo call's lines where flite is not installed."""
    if shutil.which("flite") is None:
        demo = load_demo()
        samples, rate = sf.read(demo.audio, dtype="float32", always_2d=True)
        rates = [Rate(rate, WIDE) for _ in demo.lines]
        mono = samples.sum(axis=1)
        cuts = [mono[x.start_ms * rate // 1000 : x.end_ms * rate // 1000] for x in demo.lines]
        return [
            (np.concatenate([one.push(cut), one.flush()]), line.text)
            for one, cut, line in zip(rates, cuts, demo.lines, strict=True)
        ]
    return [(_flite(text, VOICES[n % len(VOICES)])[0], text) for n, text in enumerate(SENTENCES)]


@cache
def sentences() -> list[Spoken]:
    """The sentences as telephone audio, trimmed to speech; with word times if flite made them."""
    if shutil.which("flite") is None:
        return [Spoken(_trimmed(narrow(audio, WIDE)), text) for audio, text in wide_sentences()]
    found: list[Spoken] = []
    for number, text in enumerate(SENTENCES):
        voice = VOICES[number % len(VOICES)]
        audio, phones = _flite(text, voice)
        times = _word_times(text, voice, phones)
        begin, end = times[0][0], times[-1][1]
        cut = narrow(audio, WIDE)[round(begin * RATE) : round(end * RATE)]
        found.append(Spoken(cut, text, tuple((a - begin, b - begin) for a, b in times)))
    return found


Phones = list[tuple[str, float, float]]


def _flite(text: str, voice: str) -> tuple[Audio, Phones]:
    """The audio at 16 kHz, and each phone with its start and end in seconds."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "said.wav"
        command = ["flite", "-voice", voice, "-psdur", "-t", text, "-o", str(path)]
        shown = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30)
        samples, rate = sf.read(path, dtype="float32")
    phones: Phones = []
    at = 0.0
    for part in shown.stdout.split():
        name, _, end = part.partition(":")
        phones.append((name, at, float(end)))
        at = float(end)
    rates = Rate(rate, WIDE)
    return np.concatenate([rates.push(np.asarray(samples, np.float32)), rates.flush()]), phones


def speak(text: str, voice: str) -> Audio:
    """A sentence at 16 kHz."""
    return _flite(text, voice)[0]


@cache
def _alone(word: str, voice: str) -> tuple[str, ...]:
    return tuple(name for name, _, _ in _flite(word, voice)[1] if name != "pau")


def _word_times(text: str, voice: str, phones: Phones) -> list[tuple[float, float]]:
    """Words on the sentence's phones: each word's own phones are matched with what was said."""
    words = normalise(text)
    spoken = [phone for phone in phones if phone[0] != "pau"]
    owners: list[int] = []
    expected: list[str] = []
    for index, word in enumerate(words):
        alone = _alone(word, voice)
        expected += alone
        owners += [index] * len(alone)
    steps = align(expected, [name for name, _, _ in spoken])
    owner = 0
    spans: dict[int, list[float]] = {}
    for step in steps:
        if step.said is not None:
            owner = owners[step.said]
        if step.heard is not None:
            _, start, end = spoken[step.heard]
            span = spans.setdefault(owner, [start, end])
            span[1] = end
    missing = [index for index in range(len(words)) if index not in spans]
    if missing:
        raise ValueError("a word of a sentence has no phones")
    return [(spans[index][0], spans[index][1]) for index in range(len(words))]


def _trimmed(samples: Audio) -> Audio:
    """Without the quiet before and after: 40 dB below the loudest tenth of a second."""
    frame = RATE // 100
    rows = samples[: len(samples) // frame * frame].reshape(-1, frame)
    levels = np.sqrt((rows**2).mean(axis=1))
    loud = np.flatnonzero(levels > levels.max(initial=0.0) * 0.01)
    return samples[loud[0] * frame : (loud[-1] + 1) * frame] if len(loud) else samples


def pool() -> tuple[str, list[Spoken]]:
    """Utterances for legs whose times must be known: synthesised sentences, as many a minute as
    one likes."""
    return "synthesised speech", sentences()


def real_pool() -> list[Spoken]:
    """The utterances of the data set that are 1 to 12 s long; none without enough of them."""
    if not os.environ.get("DATASET"):
        return []
    _, clips, audio = dataset()
    cut = [Spoken(_trimmed(narrow(*audio[clip.id]))) for clip in clips]
    found = [one for one in cut if 1 <= one.seconds <= 12]
    return found if len(found) >= 10 else []


def legs(count: int, seconds: float, said: Sequence[Spoken], seed: int = 11) -> list[Leg]:
    """Legs of the same length on which somebody speaks 45 % of the time, in turns of 1 to 12 s."""
    made: list[Leg] = []
    for number in range(count):
        random = np.random.default_rng([seed, number])
        size = round(seconds * RATE)
        audio = np.zeros(size, np.float32)
        leg = Leg()
        at = float(random.uniform(0.3, 7.0))
        while True:
            parts = _turn(random, said)
            length = sum(map(len, parts)) / RATE
            if at + length > seconds - 0.5:
                break
            joined = np.concatenate(parts)
            begin = round(at * RATE)
            audio[begin : begin + len(joined)] = joined
            leg.turns.append(Turn(begin / RATE, begin / RATE + length))
            at += length + max(2.0, length * 0.55 / 0.45 * float(random.uniform(0.6, 1.4)))
        leg.codes = ulaw(audio)
        made.append(leg)
    return made


def _turn(random: np.random.Generator, said: Sequence[Spoken]) -> list[Audio]:
    target = float(random.uniform(1, 12))
    parts: list[Audio] = []
    length = 0.0
    for index in random.permutation(len(said)):
        one = said[int(index)]
        if not parts or length + one.seconds + 0.2 <= target:
            if parts:
                parts.append(np.zeros(RATE // 5, np.float32))
                length += 0.2
            parts.append(one.samples)
            length += one.seconds
        if length > target - 1:
            break
    return parts


def talk_share(made: Sequence[Leg], seconds: float) -> float:
    """Which share of the time somebody speaks."""
    return sum(t.end - t.start for leg in made for t in leg.turns) / (seconds * len(made))
