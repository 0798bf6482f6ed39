"""The agency's map: how often a spoken address is found on it, and how often one that is not there.

Addresses of an invented county are spoken by flite, sent through a telephone channel and heard by
the bundled recogniser; what it wrote is asked of the map as it stands. Half of the streets said
are not on the map. Thresholds were chosen on the streets at even places; the figures are of those
at odd places.
"""

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass

from bench.names import heard, interval, narrow, say, share
from bench.names_book import book, spoken
from bench.report import Measured, percentile
from bench.speech_data import VOICES, scale
from ringdown.speech.engines import open_engine
from ringdown.speech.settings import SpeechSettings
from ringdown.spoken.places import fold, plain_words
from ringdown.spoken.say import say_house
from ringdown.streets.model.asked import readings
from ringdown.streets.model.features import Address, Point, Range, Road
from ringdown.streets.model.index import StreetIndex
from ringdown.streets.model.matching import Found, match

STREETS = 6_000
ADDRESSES = 100_000
SAID = 240
"""Streets that are said; every other one is taken off the map."""
SENTENCES = ("The address is {place}.", "I am at {place}.", "It is at {place}, please hurry.")


@dataclass(frozen=True)
class Asked:
    """An address that was said: what it is, what was heard, whether the map has it."""

    number: int
    name: str
    heard: str
    there: bool
    tuned: bool

    @property
    def right(self) -> bool:
        """Whether the name was heard as it is written."""
        wanted = fold(self.name).own
        words = plain_words(self.heard)
        return any(tuple(words[at : at + len(wanted)]) == wanted for at in range(len(words)))

    @property
    def numbered(self) -> bool:
        """Whether the number was heard as it is."""
        return any(each.number == str(self.number) for each in readings(self.heard)[0])

    def found(self, place: Found) -> bool:
        """Whether a place of the map is this address."""
        number, _, name = place.text.partition(" ")
        return place.kind == "address" and number == str(self.number) and (
            fold(name.partition(",")[0]).own == fold(self.name).own
        )  # fmt: skip


def run() -> Measured:
    """Say the addresses, and ask the map of the county what was heard."""
    said = spoken(max(8, round(SAID * scale())))
    missing = {word for at, (word, _) in enumerate(said) if at % 4 in (1, 2)}
    roads, numbers = county(missing)
    began = time.process_time()
    index = StreetIndex(roads, addresses(roads))
    built = time.process_time() - began
    asked = hear(said, missing, numbers)
    return measured(index, built, asked)


def county(missing: set[str]) -> tuple[list[Road], dict[str, int]]:
    """The roads of the county; and of each street a number that is on it."""
    chance = random.Random(9)
    roads: list[Road] = []
    numbers: dict[str, int] = {}
    names = [name for name in book(STREETS * 2).names if fold(name).kind in KINDS_OF_ROAD]
    for name in names[:STREETS]:
        if " ".join(name.split()[:-1]) in missing or name.split()[0] in missing:
            continue
        lat, lon = 40 + chance.random() / 2, -90 + chance.random() / 2
        first = chance.choice((100, 200, 400, 1000, 1200, 3100, 10_000))
        blocks = chance.randint(1, 8)
        for block in range(blocks):
            low = first + 100 * block
            path = (Point(lat, lon + block / 500), Point(lat, lon + (block + 1) / 500))
            sides = Range(low + 1, low + 99, "odd"), Range(low, low + 98, "even")
            roads.append(Road(name, path, *sides, "Fairhaven", "Fairhaven"))
        numbers[name] = first + chance.randint(1, 100 * blocks - 2)
    return roads, numbers


KINDS_OF_ROAD = {
    "street", "avenue", "road", "lane", "drive", "court", "boulevard", "way", "place",
}  # fmt: skip


def addresses(roads: Sequence[Road]) -> list[Address]:
    """Houses along the roads."""
    chance = random.Random(10)
    made: list[Address] = []
    while len(made) < ADDRESSES:
        road = chance.choice(roads)
        assert road.right is not None
        number = chance.randint(road.right.first, road.right.last)
        made.append(Address(str(number), road.name, road.path[0], "", "Fairhaven"))
    return made


def hear(
    said: Sequence[tuple[str, str]], missing: set[str], numbers: dict[str, int]
) -> list[Asked]:
    """Every address by one of the voices, and what the recogniser wrote of it."""
    chance = random.Random(11)
    made: list[Asked] = []
    with open_engine(SpeechSettings()) as engine:
        for at, (word, kind) in enumerate(said):
            name = f"{word} {kind}"
            number = numbers.get(name) or chance.randint(100, 2000)
            if word not in missing and name not in numbers:
                continue
            text = SENTENCES[at % len(SENTENCES)].format(place=f"{say_house(str(number))} {name}")
            words = heard(engine, narrow(*say(text, VOICES[at % len(VOICES)])))
            plain = " ".join(each.word for each in words)
            made.append(Asked(number, name, _place(plain), word not in missing, at // 4 % 2 == 0))
    return made


def _place(sentence: str) -> str:
    """What was heard of the place itself."""
    lower = sentence.lower()
    for before in ("address is", "i am at", "i'm at", "it is at", "it's at"):
        if before in lower:
            sentence = sentence[lower.index(before) + len(before) :]
            break
    cut = sentence.lower().find("please")
    return sentence[: cut if cut > 0 else None].strip(" ,.")


def measured(index: StreetIndex, built: float, asked: Sequence[Asked]) -> Measured:
    """The figures of the half that was not used to choose thresholds."""
    judged = [each for each in asked if not each.tuned]
    rows: dict[str, object] = {
        "map": f"{STREETS} streets, {ADDRESSES} address points",
        "addresses said": f"{len(judged)}, {sum(each.there for each in judged)} of them on the map",
    }
    rows |= figures(index, judged, "")
    rows |= figures(index, [each for each in asked if each.tuned], ", the other half")
    took: list[float] = []
    for each in asked:
        start = time.process_time()
        match(index, each.heard)
        took.append((time.process_time() - start) * 1e3)
    rows["one place, median and p95 (ms of CPU)"] = (
        f"{percentile(took, 0.5):.1f} / {percentile(took, 0.95):.1f}"
    )
    rows["building the index (s of CPU)"] = f"{built:.1f}"
    there = [each for each in judged if each.there and each.numbered and not each.right]
    among = sum(any(each.found(place) for place in match(index, each.heard)) for each in there)
    absent = [each for each in judged if not each.there]
    invented = sum(bool(match(index, each.heard)) for each in absent)
    return Measured(
        title="Places on the agency's map",
        asked="measured and published; a place well below 100 ms",
        got=(
            f"of {len(there)} addresses with a misheard name "
            f"{among / max(len(there), 1):.0%} found; of "
            f"{len(absent)} that are not on the map {invented / max(len(absent), 1):.0%} get one"
        ),
        met=percentile(took, 0.95) < 50,
        rows=rows,
        how=(
            "An invented county; addresses said by three flite voices, 8 kHz µ-law, the bundled "
            "recogniser, its words asked of the map as they stand. flite says a rare name as it "
            "is spelled, often so that a person would not know it either. Intervals are 95 % "
            "(Wilson)."
        ),
    )


def figures(index: StreetIndex, asked: Sequence[Asked], which: str) -> dict[str, object]:
    """Found first, among those offered, and offered though it is not there."""
    rows: dict[str, object] = {}
    there = [each for each in asked if each.there]
    parts = {
        "heard right": [each for each in there if each.right and each.numbered],
        "name misheard, number right": [each for each in there if each.numbered and not each.right],
        "number misheard": [each for each in there if not each.numbered],
    }
    for title, part in parts.items():
        found = [[each.found(place) for place in match(index, each.heard)] for each in part]
        rows[f"{title}, found first{which}"] = share(sum(f[:1] == [True] for f in found), len(part))
        rows[f"{title}, among those offered{which}"] = share(sum(any(f) for f in found), len(part))
    absent = [each for each in asked if not each.there]
    offered = [match(index, each.heard) for each in absent]
    rows[f"not on the map, anything offered{which}"] = share(
        sum(bool(f) for f in offered), len(absent)
    )
    sure = sum(bool(f) and f[0].score >= 0.85 for f in offered)
    rows[f"not on the map, offered with a score of 0.85 or more{which}"] = (
        f"{sure} of {len(absent)} ({interval(sure, len(absent))})"
    )
    return rows
