"""Speech of our own making: invented sentences, flite voices, telephone lines made in numpy.

Everything follows from a seed. No recording of a person is used.
"""

# ruff: noqa: SIM905 - lists of words read best as text

import random
import re
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile

from ringdown.speech.model.resample import Resampler

RATE = 16000
LINE = 8000
VOICES = ("rms", "slt", "awb", "kal16")

FIRST = (
    "Maria James Aisha Robert Linda Chen Tomas Priya Samuel Nora Kevin Fatima Gloria Dennis Yusuf "
    "Helen Marcus Olga Pedro Janet Ruth Victor Wanda Arthur Beth Carlos Diane Edward Frances"
).split()
LAST = (
    "Hollister Okafor Brennan Castillo Nguyen Abernathy Kowalski Patel Whitcomb Delgado Rourke "
    "Fenton Sandoval Mbeki Larkin Pruitt Schaefer Yamada Quigley Tolbert Ashworth Bianchi Crowley"
).split()
STREETS = (
    "Maple|Genesee|Harrison|Willow Creek|Juniper Hill|Old Mill|Prospect|Lincoln|Chestnut|Delaware|"
    "Saint Clair|Mulberry|Fairview|Stonebridge|Hawthorne|Cascade|Monroe|Lakeshore|Ridgeway|Sunset|"
    "Bayview|Orchard|Kingsley|Fulton|Magnolia|Sycamore|Tamarack|Wellington|Brookside|Cherokee"
).split("|")
KIND = "street avenue road drive lane court boulevard".split()
THINGS = (
    "kitchen|garage|basement|stairwell|parking lot|front yard|back porch|hallway|attic|barn"
).split("|")
ILLS = (
    "is not breathing|has chest pain|fell down the stairs|is having a seizure|passed out|cut his "
    "hand badly|can't move her left arm|is choking on something|has a high fever|hit his head|is "
    "bleeding from the nose|swallowed some cleaning fluid|says his back hurts|is very confused"
).split("|")
WHO = (
    "my husband|my mother|my neighbor|a man|a woman|the old lady upstairs|my little boy|the "
    "driver|my sister|somebody|a customer|my friend|the babysitter|an elderly man"
).split("|")
CARS = (
    "a red pickup truck|a white van|a blue sedan|a black motorcycle|a silver minivan|a school bus"
)
TALK = (
    "Please hurry, I don't know what to do.|Stay on the line with me, sir.|Is anybody else hurt?|"
    "I can hear them shouting in the next room.|No, he left about ten minutes ago.|"
    "The smoke is coming from under the door.|What is the address of your emergency?|"
    "Okay, the ambulance is already on its way.|I think they broke the window to get in.|"
    "Can you tell me exactly what happened?|There is water everywhere and the lights went out.|"
    "I smelled gas when I opened the cupboard.|We are waiting outside by the mailbox.|"
    "She takes something for her heart but I forget the name.|Do not hang up until help arrives.|"
    "He was wearing a gray jacket and a baseball cap.|They drove off toward the highway.|"
    "The dog has bitten two people on our block.|I locked myself in the bathroom upstairs.|"
    "Turn left at the church and follow the gravel road.|A tree came down across both lanes.|"
    "It happened right in front of the bakery.|Nobody is inside as far as I know.|"
    "The alarm has been ringing since this morning.|I need you to push hard and fast on his chest.|"
    "Tell me if anything changes, all right?|We were just sitting down to eat supper.|"
    "He is breathing but he won't wake up.|The fence along the canal is broken.|"
    "You have to come around to the side entrance."
).split("|")
DIGITS = "zero one two three four five six seven eight nine".split()
ALPHABET = (
    "Adam Boy Charles David Edward Frank George Henry Ida John King Lincoln Mary Nora".split()
)


def digits(rng: random.Random, count: int) -> str:
    """A row of digits as spoken."""
    said = [rng.choice([*DIGITS, "oh"]) for _ in range(count)]
    return " ".join(said)


def address(rng: random.Random) -> str:
    """A street address."""
    number = rng.choice([str(rng.randint(2, 99)), str(rng.randint(100, 9899)), digits(rng, 3)])
    return f"{number} {rng.choice(STREETS)} {rng.choice(KIND)}"


def sentence(rng: random.Random) -> str:
    """One thing somebody may say on the phone."""
    made: list[Callable[[], str]] = [
        lambda: rng.choice(TALK),
        lambda: rng.choice(TALK),
        lambda: f"{rng.choice(TALK)} {rng.choice(TALK)}",
        lambda: f"{rng.choice(WHO)} {rng.choice(ILLS)}.",
        lambda: f"{rng.choice(WHO)} {rng.choice(ILLS)} at {address(rng)}.",
        lambda: f"There is a fire in the {rng.choice(THINGS)} at {address(rng)}.",
        lambda: f"My name is {rng.choice(FIRST)} {rng.choice(LAST)}.",
        lambda: f"This is {rng.choice(FIRST)} {rng.choice(LAST)}, I live at {address(rng)}.",
        lambda: f"My number is {digits(rng, 3)}, {digits(rng, 3)}, {digits(rng, 4)}.",
        lambda: f"The plate is {rng.choice(ALPHABET)} {rng.choice(ALPHABET)} {digits(rng, 4)}.",
        lambda: f"{rng.choice(CARS.split('|'))} hit {rng.choice(WHO)} at {address(rng)}.",
        lambda: f"It is near the corner of {rng.choice(STREETS)} and {rng.choice(STREETS)}.",
        lambda: (
            f"We need an ambulance, apartment {rng.randint(1, 40)}, {rng.choice(WHO)} "
            f"{rng.choice(ILLS)}."
        ),
        lambda: f"I am on highway {rng.randint(2, 99)} near mile marker {rng.randint(1, 300)}.",
    ]
    text = rng.choice(made)()
    return text[0].upper() + text[1:]


def speak(text: str, voice: str, stretch: float = 1.0) -> np.ndarray:
    """A sentence in a flite voice, 16 kHz."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "line.wav"
        how = ["-voice", voice, "--setf", f"duration_stretch={stretch}"]
        subprocess.run(["flite", *how, "-t", re.sub(r"\boh\b", "o", text), "-o", file], check=True)
        samples, rate = soundfile.read(file, dtype="float32")
    return between(samples, rate, RATE)


def between(samples: np.ndarray, rate: int, wanted: int) -> np.ndarray:
    """The same sound at another rate."""
    if rate == wanted:
        return np.asarray(samples, np.float32)
    filters = Resampler(rate, wanted)
    return np.concatenate([filters.push(np.asarray(samples, np.float32)), filters.flush()])


def band(samples: np.ndarray, low: float = 300, high: float = 3400) -> np.ndarray:
    """What a telephone lets through, 8 kHz."""
    narrow = between(samples, RATE, LINE)
    spectrum = np.fft.rfft(narrow)
    hertz = np.fft.rfftfreq(len(narrow), 1 / LINE)
    spectrum *= np.clip((hertz - low + 60) / 60, 0, 1) * np.clip((high + 150 - hertz) / 150, 0, 1)
    return np.fft.irfft(spectrum, len(narrow))


def ulaw(samples: np.ndarray) -> np.ndarray:
    """G.711: 255 logarithmic steps."""
    held = np.clip(samples, -1, 1)
    steps = np.round(np.sign(held) * np.log1p(255 * np.abs(held)) / np.log(256) * 127) / 127
    return np.sign(steps) * (np.power(256.0, np.abs(steps)) - 1) / 255


def coarse(samples: np.ndarray, rng: np.random.Generator, depth: float = 9.0) -> np.ndarray:
    """Like an old mobile codec: noise under each band of each 20 ms, `depth` dB below it."""
    size = 160
    padded = np.concatenate([samples, np.zeros(-len(samples) % size + size)])
    out = np.zeros(len(padded))
    window = np.hanning(2 * size + 1)[:-1]
    for start in range(0, len(padded) - 2 * size + 1, size):
        spectrum = np.fft.rfft(padded[start : start + 2 * size] * window)
        power = np.convolve(np.abs(spectrum), np.ones(7) / 7, "same") * 10 ** (-depth / 20)
        turn = np.exp(2j * np.pi * rng.random(len(spectrum)))
        out[start : start + 2 * size] += np.fft.irfft(spectrum + power * turn, 2 * size)
    return out[: len(samples)]


def pink(size: int, rng: np.random.Generator) -> np.ndarray:
    """Noise with equal power in each octave."""
    spectrum = np.fft.rfft(rng.standard_normal(size))
    return np.fft.irfft(spectrum / np.sqrt(np.maximum(np.arange(len(spectrum)), 1)), size)


def noisy(
    samples: np.ndarray, others: list[np.ndarray], rng: np.random.Generator, db: float
) -> np.ndarray:
    """Six other people talking and pink noise, `db` below the speech."""
    size = len(samples)
    noise = 0.7 * _even(pink(size, rng)) * 6**0.5
    for at in rng.choice(len(others), 6, replace=False):
        noise = noise + _even(np.roll(np.resize(others[at], size), int(rng.integers(size))))
    mixed = samples + noise * np.sqrt(np.mean(samples**2) / np.mean(noise**2)) * 10 ** (-db / 20)
    return mixed / max(1.0, np.abs(mixed).max() * 1.05)


def _even(samples: np.ndarray) -> np.ndarray:
    return samples / (np.sqrt(np.mean(samples**2)) + 1e-9)


def degrade(
    samples: np.ndarray, how: str, others: list[np.ndarray], rng: np.random.Generator
) -> np.ndarray:
    """The speech after a telephone line: `ulaw`, `gsm` or `noisy`; 16 kHz again."""
    level = rng.uniform(0.15, 0.9) / max(np.abs(samples).max(), 1e-6)
    heard = samples * level
    if how == "noisy":
        heard = noisy(heard, others, rng, float(rng.uniform(5, 16)))
    heard = band(heard)
    heard = coarse(heard, rng, float(rng.uniform(6, 12))) if how == "gsm" else ulaw(heard)
    return between(heard, LINE, RATE)
