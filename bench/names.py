"""Local names: how often a misheard one is among the names offered, and how often none is due.

Sentences with invented street names are spoken by flite, sent through a telephone channel and heard
by the recogniser of the settings. Thresholds were chosen on the names at even places of the list;
the figures are of those at odd places. `DATASET` names recordings without local names in which
false offers are counted as well.
"""

import os
import subprocess
import tempfile
import time
import tracemalloc
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile as sf

from bench.names_book import book, spoken
from bench.report import Measured, percentile
from bench.speech_data import RATE, SENTENCES, VOICES, Audio, dataset, narrow, scale
from ringdown.speech.engines import open_engine
from ringdown.speech.evaluate.figures import wilson
from ringdown.speech.listen import widen
from ringdown.speech.model.names import HeardWord, NameBook
from ringdown.speech.model.names_index import NameIndex
from ringdown.speech.model.words import number_like
from ringdown.speech.ports import AsrEngine, Piece
from ringdown.speech.settings import SpeechSettings
from ringdown.spoken.places import fold, plain_words

NAMES = 120
SIZES = (20_000, 100_000)
WITH_KIND = (
    "There is a fire at fourteen {word} {kind}",
    "We need an ambulance on {word} {kind}",
    "He is running down {word} {kind} toward the river",
    "It happened at the corner by {word} {kind}, please hurry",
)
WITHOUT_KIND = (
    "I am on {word} near the gas station",
    "There was a crash at {word} and the car is burning",
)
"""People leave the kind of road out."""


@dataclass(frozen=True)
class Said:
    """One sentence as it was heard; `word` is the name's own word, empty when there is none."""

    word: str
    kind: str
    bare: bool
    tuned: bool
    words: tuple[HeardWord, ...]

    @property
    def right(self) -> bool:
        """Whether the name was heard as it is written."""
        heard = [part for each in self.words for part in plain_words(each.word)]
        wanted = plain_words(self.word)
        return any(
            heard[at : at + len(wanted)] == wanted for at in range(len(heard) - len(wanted) + 1)
        )


@dataclass
class Counted:
    """What became of the names that were not heard as they are written."""

    said: int = 0
    right: int = 0
    first: int = 0
    among: int = 0
    offered: int = 0
    spoilt: int = 0
    """Names heard right for which something else was offered all the same."""

    @property
    def wrong(self) -> int:
        return self.said - self.right


def run() -> list[Measured]:
    """Hear everything once; look it up in a small and in a large book."""
    with open_engine(SpeechSettings()) as engine:
        said = hear_names(engine)
        plain = hear_plain(engine)
        real = hear_dataset(engine)
    results: list[Measured] = []
    for size in SIZES:
        names = book(size)
        costs, index = build(names)
        results.append(measured(names, index, said, plain, real, costs))
    return results


def hear_names(engine: AsrEngine) -> list[Said]:
    """Every name by every voice; two of three times with its kind of road."""
    found: list[Said] = []
    for number, (word, kind) in enumerate(spoken(max(8, round(NAMES * scale())))):
        for turn, voice in enumerate(VOICES):
            bare = (number + turn) % 3 == 0
            frames = WITHOUT_KIND if bare else WITH_KIND
            text = frames[(number + turn) % len(frames)].format(word=word, kind=kind)
            words = heard(engine, narrow(*say(text, voice)))
            found.append(Said(word, kind, bare, number % 2 == 0, words))
    return found


def hear_plain(engine: AsrEngine) -> list[tuple[HeardWord, ...]]:
    """Sentences of a call in which nobody names a place."""
    texts = SENTENCES[: max(3, round(len(SENTENCES) * scale()))]
    return [heard(engine, narrow(*say(text, voice))) for text in texts for voice in VOICES]


def hear_dataset(engine: AsrEngine) -> list[tuple[HeardWord, ...]]:
    """The recordings of `DATASET`, if there is one."""
    if not os.environ.get("DATASET"):
        return []
    _, clips, audio = dataset()
    return [heard(engine, narrow(*audio[clip.id])) for clip in clips if not clip.digits]


def say(text: str, voice: str) -> tuple[Audio, int]:
    """A sentence spoken by flite, with its rate."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "said.wav"
        subprocess.run(["flite", "-voice", voice, "-t", text, "-o", str(path)], check=True)
        samples, rate = sf.read(path, dtype="float32")
    return np.asarray(samples, np.float32), rate


def heard(engine: AsrEngine, samples: Audio) -> tuple[HeardWord, ...]:
    """Words as the worker gives them to the index."""
    below = SpeechSettings().doubtful_below
    (found,) = engine.transcribe([Piece(widen(samples, RATE))])
    return tuple(
        HeardWord(w.word, w.confidence, w.confidence < below or number_like(w.word))
        for w in found.words
    )


def build(names: NameBook) -> tuple[dict[str, object], NameIndex]:
    """The index and what building it costs."""
    began = time.process_time()
    index = NameIndex(names)
    took = time.process_time() - began
    tracemalloc.start()
    traced = NameIndex(names)
    grown, peak = (size / 1e6 for size in tracemalloc.get_traced_memory())
    tracemalloc.stop()
    del traced
    costs: dict[str, object] = {
        "building (s)": f"{took:.2f}",
        "memory of the index, and at most while building (MB)": f"{grown:.0f} / {peak:.0f}",
    }
    return costs, index


def count(index: NameIndex, said: Sequence[Said]) -> Counted:
    """Look every sentence up."""
    total = Counted()
    for one in said:
        total.said += 1
        offers = [[match.name for match in view.names] for view in index.suggest(one.words)]
        own = [[" ".join(fold(name).own) for name in names] for names in offers]
        wanted = " ".join(plain_words(one.word))
        if one.right:
            total.right += 1
            total.spoilt += bool(offers)
            continue
        total.offered += bool(offers)
        total.first += any(names[0] == wanted for names in own)
        total.among += any(wanted in names for names in own)
    return total


def measured(
    names: NameBook,
    index: NameIndex,
    said: Sequence[Said],
    plain: Sequence[Sequence[HeardWord]],
    real: Sequence[Sequence[HeardWord]],
    costs: dict[str, object],
) -> Measured:
    """One book's figures."""
    judged = [one for one in said if not one.tuned]
    total = count(index, judged)
    rows: dict[str, object] = {
        "names in the book": len(names.names),
        "sentences with a name": f"{total.said} ({total.right} heard as written)",
        "misheard name offered first": share(total.first, total.wrong),
        "misheard name among the three": share(total.among, total.wrong),
        "misheard name, anything offered": share(total.offered, total.wrong),
        "something offered though the name was heard right": share(total.spoilt, total.right),
    }
    for title, bare in (("with its kind of road", False), ("without", True)):
        part = count(index, [one for one in judged if one.bare == bare])
        rows[f"misheard name {title}, among the three"] = share(part.among, part.wrong)
    tuned = count(index, [one for one in said if one.tuned])
    rows["the half used to choose thresholds, among the three"] = share(tuned.among, tuned.wrong)
    false = 0
    for title, lines in (("synthesised", plain), ("recorded", real)):
        if lines:
            false = sum(bool(index.suggest(words)) for words in lines)
            rows[f"offers in {title} speech without a name"] = (
                f"{100 * false / len(lines):.1f} of 100 utterances ({false} of {len(lines)}, "
                f"{interval(false, len(lines))})"
            )
    rows |= costs
    rows["one utterance, median and p95 (ms)"] = times(index, [one.words for one in said])
    rows["one look-up (ms)"] = f"{lookup(index):.1f}"
    return Measured(
        title=f"Local names, a book of {len(names.names)}",
        asked="ship what measurably helps; build ≤ 2 s, a look-up ≤ 10 ms, ≤ 60 MB",
        got=(
            f"of {total.wrong} misheard names {total.among / max(total.wrong, 1):.0%} among the "
            f"three offered, {total.first / max(total.wrong, 1):.0%} first"
        ),
        met=float(str(costs["building (s)"])) <= 2 and lookup(index) <= 10,
        rows=rows,
        how=(
            "An invented town; street names said by three flite voices in sentences of a call, "
            "two of three times with the kind of road, 8 kHz µ-law, the bundled recogniser. A "
            "name counts as misheard when its own words are not in the transcript. Thresholds were "
            "chosen on the other half of the names and on the number of offers in the speech "
            "without names; intervals are 95 % (Wilson). flite says a rare name as it is "
            "spelled, often so that a person would not know it either."
        ),
    )


def times(index: NameIndex, lines: Sequence[Sequence[HeardWord]]) -> str:
    """How long the suggestions of one utterance take."""
    took: list[float] = []
    for words in lines:
        began = time.perf_counter()
        index.suggest(words)
        took.append((time.perf_counter() - began) * 1e3)
    return f"{percentile(took, 0.5):.1f} / {percentile(took, 0.95):.1f}"


def lookup(index: NameIndex) -> float:
    """How long one stretch of words takes (ms of CPU)."""
    began = time.process_time()
    for _ in range(30):
        index.nearest(("jenna", "see"), "street")
    return (time.process_time() - began) / 30 * 1e3


def share(part: int, whole: int) -> str:
    """A share with its interval."""
    return f"{part / max(whole, 1):.0%} ({part} of {whole}, {interval(part, whole)})"


def interval(part: int, whole: int) -> str:
    """The 95 % interval in words."""
    low, high = wilson(part, whole)
    return f"{low:.0%} to {high:.0%}"
