"""From what is heard on a call to transcript events, under the documented replacement rule.

A partner holds a list of words. Of an event it takes `started_at` of the first word, drops every
held word of that speaker that starts then or later, and appends the event's words. So an event has
one speaker, its words start in strictly increasing order, and a correction sends everything of the
speaker again from the corrected word on. Words cannot be taken back without sending an earlier
one: the last that stays is then sent again.

Each word remembers the `offset` of the event that sent it last. What a partner that has read up
to an offset lacks is therefore the words with a higher one, in the order of their offsets: nothing
but the words is kept, and a partner may go on from any offset it ever had.
"""

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from ringdown.speech.api import NEUTRAL_CONFIDENCE, UtteranceView

SPEAKERS: Final = {"caller": "Caller", "call_taker": "CallTaker"}
"""The sides of a call as transcript events write them."""
MOST_WORDS: Final = 200
MOST_BYTES: Final = 56 * 1024
"""Of the words of an event; with everything around them it stays below 60 KiB."""
_FRAME: Final = '{"type":"transcript","words":['
_KEPT_ANSWERS: Final = 64


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it was heard. `number` is its place in its utterance."""

    start_ms: int
    utterance_id: str
    number: int
    end_ms: int
    text: str = field(repr=False)
    confidence: float = 0.0
    confidence_known: bool = False
    timing_estimated: bool = True
    final: bool = True

    @property
    def place(self) -> tuple[int, str, int]:
        """Where it stands among the words of its speaker."""
        return (self.start_ms, self.utterance_id, self.number)


@dataclass(frozen=True, slots=True)
class Shown:
    """A word as it was sent last: when it is said to start, and in which event it went out."""

    word: Word
    at_ms: int
    offset: int
    json: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Event:
    """A transcript event: `body` is the documented message as JSON."""

    offset: int
    side: str
    body: str = field(repr=False)


def words_of(utterance: UtteranceView, *, final: bool) -> list[Word]:
    """The words of an utterance; their starts never run backwards.

    A recogniser without confidences gives each word the neutral one: that is no score.
    """
    known = any(word.confidence != NEUTRAL_CONFIDENCE for word in utterance.words)
    words: list[Word] = []
    latest = 0
    for number, heard in enumerate(utterance.words):
        latest = max(latest, heard.start_ms)
        words.append(
            Word(
                start_ms=latest,
                utterance_id=utterance.utterance_id,
                number=number,
                end_ms=max(heard.end_ms, latest),
                text=heard.word,
                confidence=min(max(heard.confidence, 0.0), 1.0) if known else 0.0,
                confidence_known=known,
                timing_estimated=heard.timing_estimated or latest != heard.start_ms,
                final=final,
            )
        )
    return words


@dataclass(slots=True)
class _Side:
    """One speaker: words in order, as heard and as sent; both lists run side by side."""

    heard: list[Word] = field(default_factory=list[Word])
    shown: list[Shown] = field(default_factory=list[Shown])
    starts: dict[str, int] = field(default_factory=dict[str, int])
    """Where the first word of each utterance starts."""
    finals: set[str] = field(default_factory=set[str])
    overtaken: dict[str, int] = field(default_factory=dict[str, int])
    """Of each leg, up to where (ms) its words are final."""
    floor: tuple[int, str] | None = None
    """The earliest start ever sent, and of which utterance: nothing before it can be taken back."""


@dataclass(frozen=True, slots=True)
class _Open:
    """An utterance whose words may still change."""

    utterance_id: str
    side: str
    leg_id: str
    start_ms: int
    revision: int


class Transcript:
    """What partners hold of one call, and the events that brought it about.

    `began` is the instant of zero on the call's clock, from which positions of its audio count,
    too. Numbers in `seq` go on after `seq`.
    """

    def __init__(self, began: datetime, *, language: str = "en-US", seq: int = 0) -> None:
        self._began = began
        self._language = language
        self._seq = seq
        self._sides = {side: _Side() for side in SPEAKERS}
        self._open: dict[str, _Open] = {}
        self._answers: dict[int, tuple[Event, ...]] = {}
        self.offset = 0
        """Of the newest event; events count from 1."""

    def words(self, side: str) -> list[str]:
        """What partners hold of a side, word by word; for those who compare."""
        return [shown.word.text for shown in self._sides[side].shown if shown.word.text]

    def held(self, side: str) -> list[str]:
        """The same as JSON, in the form in which it was sent."""
        return [shown.json for shown in self._sides[side].shown]

    def hear(self, utterance: UtteranceView, *, final: bool) -> None:
        """Take in what was understood, in any order and any number of times."""
        side = self._sides.get(utterance.side)
        name = utterance.utterance_id
        if side is None or name in side.finals:
            return
        if final:
            self._settle(side, utterance)
            return
        known = self._open.get(name)
        if known is not None and known.revision >= utterance.revision:
            return
        if utterance.start_ms < side.overtaken.get(utterance.leg_id, -1):
            return
        self._open[name] = _Open(
            name, utterance.side, utterance.leg_id, utterance.start_ms, utterance.revision
        )
        self._replace(utterance.side, {name}, words_of(utterance, final=False))

    def _settle(self, side: _Side, utterance: UtteranceView) -> None:
        """Final words; what the same leg had shown before their end becomes nothing else."""
        side.finals.add(utterance.utterance_id)
        until = max(utterance.end_ms, side.overtaken.get(utterance.leg_id, 0))
        side.overtaken[utterance.leg_id] = until
        passed = {
            one.utterance_id
            for one in self._open.values()
            if one.leg_id == utterance.leg_id and one.start_ms < until
        }
        self._forget(passed | {utterance.utterance_id})
        gone = passed | {utterance.utterance_id}
        self._replace(utterance.side, gone, words_of(utterance, final=True))

    def end_leg(self, leg_id: str) -> None:
        """No more words come from a leg: what is not final there will never be."""
        left = [one for one in self._open.values() if one.leg_id == leg_id]
        gone = {one.utterance_id for one in left}
        self._forget(gone)
        for side in {one.side for one in left}:
            self._sides[side].overtaken[leg_id] = 1 << 62
            self._replace(side, gone, [])

    def _forget(self, gone: Iterable[str]) -> None:
        for name in gone:
            self._open.pop(name, None)

    def _replace(self, name: str, gone: set[str], new: Sequence[Word]) -> None:
        """Put `new` in the place of the words of the utterances `gone`, and send the difference."""
        side = self._sides[name]
        starts = [side.starts.pop(one) for one in gone if one in side.starts]
        if new:
            side.starts[new[0].utterance_id] = new[0].start_ms
            starts.append(new[0].start_ms)
        if not starts:
            return
        first = bisect_left(side.heard, min(starts), key=lambda word: word.start_ms)
        kept = [word for word in side.heard[first:] if word.utterance_id not in gone]
        tail = sorted([*kept, *new], key=lambda word: word.place)
        if first == 0:
            tail = _with_stub(side, tail)
        side.heard[first:] = tail
        self._show(name, side, first, _timed(side, first, tail))

    def _show(self, name: str, side: _Side, first: int, timed: list[tuple[Word, int]]) -> None:
        """Send from the first word on that differs from what partners hold."""
        old = side.shown[first:]
        same = 0
        for shown, (word, at_ms) in zip(old, timed, strict=False):
            if shown.word != word or shown.at_ms != at_ms:
                break
            same += 1
        if same == len(timed) == len(old):
            return
        # What is to vanish goes with what starts before it: with the last word that stays.
        ends = same == len(timed)
        later = not ends and same < len(old) and timed[same][1] > old[same].at_ms
        if (ends or later) and same == 0:
            first, timed = first - 1, [_as_timed(side.shown[first - 1]), *timed]
        elif ends or later:
            same -= 1
        self._send(name, first + same, timed[same:])

    def _send(self, name: str, first: int, timed: Sequence[tuple[Word, int]]) -> None:
        """Make events of everything from index `first` on."""
        if not timed:
            return
        side = self._sides[name]
        del side.shown[first:]
        count = size = 0
        self.offset += 1
        for word, at_ms in timed:
            self._seq += 1
            text = self._write(name, word, at_ms)
            length = len(text.encode()) + 1
            if count == MOST_WORDS or (count and size + length > MOST_BYTES):
                self.offset += 1
                count = size = 0
            side.shown.append(Shown(word, at_ms, self.offset, text))
            count, size = count + 1, size + length
        earliest = side.shown[0]
        if side.floor is None or earliest.at_ms < side.floor[0]:
            side.floor = (earliest.at_ms, earliest.word.utterance_id)
        self._answers.clear()

    def _write(self, side: str, word: Word, at_ms: int) -> str:
        """The word as documented; from `is_final` on, what we add."""
        end_ms = max(word.end_ms, at_ms)
        return json.dumps(
            {
                "word": word.text,
                "speaker": SPEAKERS[side],
                "confidence": word.confidence,
                "started_at": self._instant(at_ms),
                "ended_at": self._instant(end_ms),
                "duration": (end_ms - at_ms) / 1000,
                "start_offset": at_ms / 1000,
                "language_code": self._language,
                "is_final": word.final,
                "id": f"{word.utterance_id}.{word.number}",
                "seq": self._seq,
                "timing_estimated": word.timing_estimated or at_ms != word.start_ms,
                "confidence_known": word.confidence_known,
            },
            separators=(",", ":"),
        )

    def _instant(self, at_ms: int) -> str:
        instant = self._began + timedelta(milliseconds=at_ms)
        return instant.astimezone(UTC).isoformat(timespec="milliseconds")

    def since(self, offset: int) -> tuple[Event, ...]:
        """What a partner that has read up to `offset` lacks; everything, for 0.

        The same answer serves everybody who is equally far.
        """
        answer = self._answers.get(offset)
        if answer is None:
            if len(self._answers) >= _KEPT_ANSWERS:
                self._answers.clear()
            answer = self._answers[offset] = tuple(_packed(self._groups(offset)))
        return answer

    def _groups(self, offset: int) -> list[tuple[int, str, list[str]]]:
        """The words after `offset` by the event that sent them, in the order of the events."""
        groups: list[tuple[int, str, list[str]]] = []
        for name, side in self._sides.items():
            first = bisect_right(side.shown, offset, key=lambda shown: shown.offset)
            for shown in side.shown[first:]:
                if groups and groups[-1][0] == shown.offset:
                    groups[-1][2].append(shown.json)
                else:
                    groups.append((shown.offset, name, [shown.json]))
        return sorted(groups, key=lambda group: group[0])


def _as_timed(shown: Shown) -> tuple[Word, int]:
    return shown.word, shown.at_ms


def _with_stub(side: _Side, tail: list[Word]) -> list[Word]:
    """With an empty word first, where the rule could not take back the speaker's first words."""
    if side.floor is None:
        return tail
    at_ms, owner = side.floor
    if tail and (tail[0].start_ms <= at_ms or tail[0].utterance_id == owner):
        return tail
    return [Word(at_ms, f"{owner}.withdrawn", 0, at_ms, ""), *tail]


def _timed(side: _Side, first: int, tail: Sequence[Word]) -> list[tuple[Word, int]]:
    """When each word is said to start: as heard, but later than the word before it.

    The speaker's very first word starts no later than it ever did: a partner would keep the old.
    """
    timed: list[tuple[Word, int]] = []
    at_ms = side.shown[first - 1].at_ms if first else -1
    for index, word in enumerate(tail):
        at_ms = max(word.start_ms, at_ms + 1)
        if first + index == 0 and side.floor is not None:
            at_ms = min(at_ms, side.floor[0])
        timed.append((word, at_ms))
    return timed


def _packed(groups: Iterable[tuple[int, str, list[str]]]) -> Iterator[Event]:
    """As few events as the limits allow: neighbours of one speaker become one."""
    offset, side, words, size = 0, "", list[str](), 0
    for at, name, texts in groups:
        length = sum(len(text) + 1 for text in texts)
        full = len(words) + len(texts) > MOST_WORDS or size + length > MOST_BYTES
        if words and (name != side or full):
            yield Event(offset, side, f"{_FRAME}{','.join(words)}]}}")
            words, size = [], 0
        offset, side = at, name
        words = words + texts
        size += length
    if words:
        yield Event(offset, side, f"{_FRAME}{','.join(words)}]}}")
