"""Local names: how often they are heard wrong, with and without a book, and the harm of a book."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bench.report import Measured
from bench.speech_data import RATE, VOICES, Audio, narrow, scale, sentences, speak
from ringdown.speech.engines import open_engine
from ringdown.speech.evaluate.figures import Errors, wilson
from ringdown.speech.evaluate.judge import judge
from ringdown.speech.evaluate.normalise import normalise
from ringdown.speech.listen import widen
from ringdown.speech.model.names import HeardWord, NameBook
from ringdown.speech.model.names_index import NameIndex
from ringdown.speech.ports import AsrEngine, Piece, RecognisedWord
from ringdown.speech.settings import SpeechSettings

BOOK = 5000
NAMES = (
    *("Maple Street", "Washington Avenue", "Church Road", "Lincoln Street", "River Road"),
    *("Cherry Lane", "Jefferson Street", "Sunset Drive", "Highland Avenue", "Mill Road"),
    *("Spring Street", "Franklin Street", "Forest Drive", "Meadow Lane", "Chestnut Street"),
    *("Prospect Avenue", "Walnut Street", "Hillcrest Drive", "Madison Avenue", "Orchard Place"),
    *("Tamarack Road", "Quillmore Street", "Bexhill Avenue", "Ottergate Lane", "Harrow Pike"),
    *("Sandusky Street", "Pellworth Drive", "Mauch Chunk Road", "Lindenhurst Boulevard"),
    *("Ravenna Street", "Schuyler Avenue", "Oskaloosa Street", "Wapakoneta Avenue"),
    *("Yarrow Lane", "Haverstraw Road", "Foxglove Court", "Calloway Street", "Vandalia Road"),
    *("Merriweather Lane", "Tuscarora Street"),
)
"""Half of them names that are everywhere, half names that few models have seen."""
FIRSTS = (
    *("Ash", "Barn", "Birch", "Black", "Brook", "Burn", "Cedar", "Cold", "Copper", "Crow", "Dun"),
    *("East", "Elder", "Fair", "Fern", "Glen", "Green", "Hazel", "High", "Kirk", "Lake", "Long"),
    *("Maple", "Marl", "Mill", "North", "Oak", "Pine", "Red", "Rock", "Silver", "South", "Stone"),
    *("Thorn", "Wal", "West", "White", "Wil", "Winter", "Wood"),
)
SECONDS = (
    *("berry", "bridge", "brook", "bury", "dale", "field", "ford", "gate", "ham", "haven", "hill"),
    *("hurst", "land", "ley", "mere", "mont", "more", "port", "side", "stead", "ton", "view"),
    *("ville", "wood", "worth"),
)
ROADS = ("Street", "Road", "Avenue", "Lane", "Drive", "Court", "Boulevard", "Place")
FRAMES = (
    "We are on {} near the bridge",
    "The fire is on {} behind the church",
    "Somebody was hit by a car on {}",
    "Please send an ambulance to {}",
)


@dataclass
class Found:
    """What came of the sentences that hold a name."""

    right: int = 0
    offered: int = 0
    """Heard wrong, with the name among the suggestions."""
    total: int = 0


def run() -> Measured:
    """Synthesised names, then sentences without any."""
    if shutil.which("flite") is None:
        raise RuntimeError("flite is needed: it speaks the names")
    book = _book()
    index = NameIndex(book)
    names = NAMES[:: round(1 / max(scale(), 0.15))]
    said = [
        (name, narrow(speak(FRAMES[n % len(FRAMES)].format(name), VOICES[n % len(VOICES)]), 16_000))
        for n, name in enumerate(names)
    ]
    other = sentences()[: max(4, round(len(sentences()) * scale()))]
    with open_engine(SpeechSettings()) as engine:
        favours = engine.capabilities.names
        name = engine.capabilities.name
        without = _names(engine, said, index, None)
        with_book = _names(engine, said, index, book) if favours else None
        plain = _harm(engine, [(one.text, one.samples) for one in other], index, None)
        booked = _harm(engine, [(one.text, one.samples) for one in other], index, book)
    best = with_book or without
    rows: dict[str, object] = {
        "names in the book": len(book.names),
        "names said": without.total,
        "heard right without the book": _share(without.right, without.total),
        "heard wrong and offered beside it": _share(without.offered, without.total - without.right),
        "sentences without a name: word errors, without the book": f"{plain[0].rate or 0:.1%}",
        "names offered there for nothing, in 100 words": (
            f"{100 * plain[1] / max(plain[0].words, 1):.1f}"
        ),
    }
    if with_book is not None:
        rows["heard right with the book"] = _share(with_book.right, with_book.total)
        rows["heard wrong and offered, with the book"] = _share(
            with_book.offered, with_book.total - with_book.right
        )
        rows["sentences without a name: word errors, with the book"] = f"{booked[0].rate or 0:.1%}"
    else:
        rows["favoured while decoding"] = "no: names are offered, never written"
    heard = with_book.right if with_book else without.right
    return Measured(
        title="Local names",
        asked="fewer lost with a book than without; no harm elsewhere",
        got=(
            f"right {without.right} of {without.total} without, {heard} with; "
            f"right or offered {best.right + best.offered}"
        ),
        met=best.right + best.offered > without.right
        and (not favours or booked[0].total <= plain[0].total),
        rows=rows,
        how=(
            f"Invented sentences with street names spoken by flite, telephone audio, {name}; a "
            f"book of {len(book.names)} names that holds those said. A name is right when all its "
            "words stand together; offered when it is among the suggestions of that line."
        ),
        peer="takes no names",
    )


def _book() -> NameBook:
    random = np.random.default_rng(5)
    names = dict.fromkeys(NAMES)
    while len(names) < BOOK:
        first = FIRSTS[int(random.integers(len(FIRSTS)))]
        second = SECONDS[int(random.integers(len(SECONDS)))]
        road = ROADS[int(random.integers(len(ROADS)))]
        names[f"{first}{second} {road}"] = None
    return NameBook("bench", tuple(names))


def _recognise(engine: AsrEngine, samples: Audio, book: NameBook | None) -> list[RecognisedWord]:
    (found,) = engine.transcribe([Piece(widen(samples, RATE), names=book)])
    return list(found.words)


def _suggested(index: NameIndex, words: Sequence[RecognisedWord]) -> list[str]:
    doubted = SpeechSettings().doubtful_below
    heard = [HeardWord(w.word, w.confidence, w.confidence < doubted) for w in words]
    return [match.name for view in index.suggest(heard) for match in view.names]


def _names(
    engine: AsrEngine, said: Sequence[tuple[str, Audio]], index: NameIndex, book: NameBook | None
) -> Found:
    found = Found()
    for name, samples in said:
        words = _recognise(engine, samples, book)
        heard = " ".join(normalise(" ".join(word.word for word in words)))
        found.total += 1
        if f" {' '.join(normalise(name))} " in f" {heard} ":
            found.right += 1
        elif name in _suggested(index, words):
            found.offered += 1
    return found


def _harm(
    engine: AsrEngine, said: Sequence[tuple[str, Audio]], index: NameIndex, book: NameBook | None
) -> tuple[Errors, int]:
    errors, offered = Errors(), 0
    for text, samples in said:
        words = _recognise(engine, samples, book)
        errors += judge(text, [(w.word, w.confidence) for w in words], digits=False)[0]
        offered += len(_suggested(index, words))
    return errors, offered


def _share(part: int, total: int) -> str:
    low, high = wilson(part, total)
    return f"{part} of {total} ({100 * low:.0f} to {100 * high:.0f} %)"
