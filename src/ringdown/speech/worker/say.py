"""From what a recogniser heard to an utterance as everybody sees it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from ringdown.core.errors import RingdownError
from ringdown.speech.listen import numbers_in, word_views
from ringdown.speech.model.gate import HeardText, Sound, doubts_of, hopeless
from ringdown.speech.model.names import HeardWord, NameBook
from ringdown.speech.model.names_index import NameIndex
from ringdown.speech.model.protocol import Counted
from ringdown.speech.model.segment import WINDOW_MS, Answer, Segment
from ringdown.speech.model.utterance import (
    LegRef,
    SuggestionView,
    ToneView,
    UtteranceView,
    sample_ms,
    utterance_id,
)
from ringdown.speech.model.words import FirstHeard, WordView, plain, spread
from ringdown.speech.names_file import read_book
from ringdown.speech.ports import VAD_WINDOW, EngineState, Recognised
from ringdown.speech.worker.leg import FollowedLeg
from ringdown.spoken.numbers import find_numbers, may_continue

UNFINISHED = frozenset(
    word
    for line in (
        "a an the and or but so because of to at from for is are was my your his our their its",
        "i'm he's she's it's um uh er if when",
    )
    for word in line.split()
)
"""A sentence does not end with one of these, whatever stop the recogniser wrote after it."""
NUMBER_MARGIN = 6
"""Windows around an estimated number in which no long segment is cut."""


NAME_BOOKS = 8
"""Books kept open, about 10 MB each at most: two versions of four centres, since calls that began
before names were loaded anew go on with the version before."""


@dataclass(frozen=True)
class Names:
    """One centre's names, ready to be used."""

    book: NameBook
    index: NameIndex


@lru_cache(maxsize=NAME_BOOKS)
def _open_names(path: str) -> Names | None:
    """None when the book cannot be read: suggestions are missing then, never words."""
    try:
        book = read_book(path)
    except RingdownError:
        return None
    return Names(book, NameIndex(book))


def names_of(leg: FollowedLeg) -> Names | None:
    """The local names of the leg's centre, if there are any; each file is read once."""
    return None if leg.names_file is None else _open_names(leg.names_file)


def judged(recognised: Recognised, sound: Sound, segment: Segment) -> Recognised:
    """With what the sound says against the words; a hopeless one loses them."""
    again = recognised.again
    heard = HeardText(
        tuple(word.word for word in recognised.words),
        tuple(word.confidence for word in recognised.words),
        sum(segment.voiced) * WINDOW_MS / 1000,
        None if again is None else tuple(word.word for word in again),
        () if again is None else tuple(word.confidence for word in again),
    )
    if hopeless(sound, heard):
        return replace(recognised, text="", words=())
    found = (*recognised.doubts, *doubts_of(sound, heard))
    return replace(recognised, doubts=tuple(dict.fromkeys(found)))


def verdict(recognised: Recognised) -> Answer:
    """What these words say about the pause that follows them."""
    words = [word.word for word in recognised.words]
    if not words:
        return "open"
    if may_continue(words):
        return "inside"
    whole = words[-1].rstrip("\"'").endswith((".", "?", "!"))
    return "complete" if whole and plain(words[-1]) not in UNFINISHED else "open"


def number_windows(recognised: Recognised, segment: Segment) -> list[tuple[int, int]]:
    """Where, by estimate, numbers are spoken: windows of the leg in which it must not be cut."""
    words = [word.word for word in recognised.words]
    times = spread(words, segment.voiced, ())
    return [
        (
            segment.start + times[found.first][0] // WINDOW_MS - NUMBER_MARGIN,
            segment.start + times[found.last][1] // WINDOW_MS + NUMBER_MARGIN,
        )
        for found in find_numbers(words)
    ]


def utterance(
    ref: LegRef,
    segment: Segment,
    recognised: Recognised,
    *,
    engine: str,
    first_heard: FirstHeard,
    revision: int,
    doubtful_below: float,
    names: Names | None = None,
    shown: int | None = None,
) -> UtteranceView:
    """The utterance, or the first `shown` words of it; with `names`, also what they suggest."""
    words, doubtful = word_views(
        recognised,
        segment,
        origin_ms=ref.start_ms,
        first_heard=first_heard,
        doubtful_below=doubtful_below,
    )
    words = words[:shown]
    first, last = segment.start * VAD_WINDOW, segment.end * VAD_WINDOW
    return UtteranceView(
        utterance_id=utterance_id(ref.leg_id, first),
        call_id=ref.call_id,
        leg_id=ref.leg_id,
        side=ref.side,
        start_ms=ref.start_ms + sample_ms(first),
        end_ms=ref.start_ms + sample_ms(last),
        text=" ".join(word.word for word in words),
        revision=revision,
        engine=recognised.engine or engine,
        doubtful=doubtful,
        words=words,
        doubts=recognised.doubts,
        numbers=numbers_in(words),
        suggestions=() if names is None else _suggestions(names, words),
    )


def _suggestions(names: Names, words: Sequence[WordView]) -> tuple[SuggestionView, ...]:
    return names.index.suggest([HeardWord(w.word, w.confidence, w.doubtful) for w in words])


def tones(leg: FollowedLeg, before: int) -> tuple[ToneView, ...]:
    """The tones of the leg that ended before this sample and have not been told."""
    return tuple(
        ToneView(
            leg_id=leg.ref.leg_id,
            side=leg.ref.side,
            tone=tone.kind,
            digits=tone.digits,
            start_ms=leg.ref.start_ms + sample_ms(tone.start_sample),
            end_ms=leg.ref.start_ms + sample_ms(tone.end_sample),
        )
        for tone in leg.tones_before(before)
    )


def counted(state: EngineState) -> tuple[Counted, ...]:
    """What each engine has done, for the server."""
    return tuple(
        Counted(
            engine=one.name,
            pieces=one.pieces,
            failures=one.failures,
            audio_s=round(one.audio_s, 3),
            busy_s=round(one.busy_s, 3),
        )
        for one in state.counts
    )
