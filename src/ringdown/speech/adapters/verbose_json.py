"""What servers answer to `/v1/audio/transcriptions`, read into words. Pure; trusts nothing.

Servers differ. OpenAI lists words without punctuation beside the text; faster-whisper servers list
them with it and with a probability; whisper.cpp lists tokens inside each segment; vLLM gives
segments only, with -1 where it has no figure; others give a text and nothing else.
"""

import json
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from ringdown.speech.engine_errors import EngineAnswerBad
from ringdown.speech.model.words import NEUTRAL_CONFIDENCE
from ringdown.speech.ports import RecognisedWord

LONGEST_TEXT: Final = 20_000
NO_SPEECH: Final = 0.6
"""Whisper's own threshold of `no_speech_prob`."""
LOOPING: Final = 2.4
"""Whisper's own threshold of `compression_ratio`."""
UNSURE: Final = -1.0
"""Whisper's own threshold of `avg_logprob`."""
SLACK_MS: Final = 1000
"""Servers may pad a piece; times beyond its end by less than this are brought back to the end."""

Record = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """The words of one piece. `timed`, `sure`: the server gave times, confidences for words."""

    words: tuple[RecognisedWord, ...]
    doubts: tuple[str, ...] = ()
    timed: bool = False
    sure: bool = False


@dataclass(frozen=True)
class _Word:
    text: str
    start_s: float | None = None
    end_s: float | None = None
    chance: float | None = None


def read_answer(body: bytes, content_type: str, piece_ms: int) -> Answer:
    """The words of an answer. Raises EngineAnswerBad, which quotes nothing of it."""
    kind = content_type.partition(";")[0].strip().lower()
    try:
        text = body.decode("utf-8")
        if kind == "text/plain" and not text.lstrip().startswith("{"):
            return _finish(text, [], [], piece_ms)
        told: object = json.loads(text)
    except (ValueError, RecursionError):
        raise EngineAnswerBad("the answer is neither JSON nor text") from None
    if not isinstance(told, dict):
        raise EngineAnswerBad("the answer is not an object")
    answer = cast("Record", told)
    segments = _records(answer.get("segments"))
    said = answer.get("text")
    if not isinstance(said, str):
        if "segments" not in answer:
            raise EngineAnswerBad("the answer has no text")
        said = "".join(str(segment.get("text") or "") for segment in segments)
    listed = _records(answer.get("words"))
    if listed:
        words = _whole_words(listed)
    elif answer.get("logprobs"):
        words = _joined(_records(answer.get("logprobs")), "token")
    else:
        words = [w for one in segments for w in _joined(_records(one.get("words")), "word")]
    return _finish(said, words, segments, piece_ms)


def _finish(said: str, words: list[_Word], segments: list[Record], piece_ms: int) -> Answer:
    if len(said) > LONGEST_TEXT:
        raise EngineAnswerBad("the answer is far longer than what can have been said")
    texts = said.split()
    matched = _matched(texts, words)
    if matched is None and words and not texts:
        return Answer(())
    if matched is None:
        matched = [_Word(text) for text in texts]
    if all(word.chance is None for word in matched):
        matched = _by_segment(matched, segments)
    if matched and all(word.chance == 1.0 for word in matched):
        # Some servers fill the field in without a figure to put there.
        matched = [_Word(word.text, word.start_s, word.end_s) for word in matched]
    times = _times(matched, piece_ms)
    found = tuple(
        RecognisedWord(
            word.text,
            NEUTRAL_CONFIDENCE if word.chance is None else round(word.chance, 3),
            *(times[at] if times else (None, None)),
        )
        for at, word in enumerate(matched)
    )
    sure = bool(matched) and all(word.chance is not None for word in matched)
    return Answer(found, _doubts(segments), timed=times is not None, sure=sure)


def _matched(texts: Sequence[str], words: Sequence[_Word]) -> list[_Word] | None:
    """The words as the text writes them, punctuation and all, if both say the same."""
    if [_plain(text) for text in texts if _plain(text)] != [
        _plain(word.text) for word in words if _plain(word.text)
    ]:
        return None
    found: list[_Word] = []
    left = iter([word for word in words if _plain(word.text)])
    for text in texts:
        if _plain(text):
            word = next(left)
            found.append(_Word(text, word.start_s, word.end_s, word.chance))
        elif found:  # a dash or dots that stand alone
            last = found[-1]
            found[-1] = _Word(f"{last.text}{text}", last.start_s, last.end_s, last.chance)
    return found


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def _whole_words(listed: Iterable[Record]) -> list[_Word]:
    """Words one by one; a text with spaces inside counts once for each of its words."""
    found: list[_Word] = []
    for record in listed:
        word = _word(record, record.get("word"))
        found += [_Word(text, word.start_s, word.end_s, word.chance) for text in word.text.split()]
    return found


def _joined(listed: Sequence[Record], key: str) -> list[_Word]:
    """Words out of tokens: one that begins with a space begins a word. The least sure counts."""
    found: list[_Word] = []
    for record in listed:
        word = _word(record, record.get(key))
        if word.text.startswith("[_") or not word.text:
            continue
        if not found or word.text[0].isspace():
            found.append(word)
            continue
        last = found[-1]
        chances = [c for c in (last.chance, word.chance) if c is not None]
        # A mark of punctuation says nothing about whether the word was heard right.
        chance = min(chances, default=None) if _plain(word.text) else last.chance
        found[-1] = _Word(last.text + word.text, last.start_s, word.end_s or last.end_s, chance)
    return [_Word(w.text.strip(), w.start_s, w.end_s, w.chance) for w in found if w.text.strip()]


def _word(record: Record, text: object) -> _Word:
    chance = _number(record, "probability")
    if chance is None:
        logprob = _number(record, "logprob")
        chance = None if logprob is None else math.exp(min(logprob, 0.0))
    if chance is not None and not 0.0 < chance <= 1.0:
        chance = None
    text = text if isinstance(text, str) else ""
    return _Word(text, _number(record, "start"), _number(record, "end"), chance)


def _by_segment(words: list[_Word], segments: list[Record]) -> list[_Word]:
    """Each word as sure as its segment is on average, if every segment says so."""
    spread: list[float] = []
    for segment in segments:
        count = len(str(segment.get("text") or "").split())
        logprob = _figure(segment, "avg_logprob")
        if count and (logprob is None or logprob >= 0.0):
            return words
        if logprob is not None:
            spread += [math.exp(logprob)] * count
    if len(spread) != len(words):
        return words
    return [
        _Word(word.text, word.start_s, word.end_s, chance)
        for word, chance in zip(words, spread, strict=True)
    ]


def _times(words: Sequence[_Word], piece_ms: int) -> list[tuple[int, int]] | None:
    """Start and end of each word in ms; None unless all are there, in order and in the piece."""
    found: list[tuple[int, int]] = []
    before = 0
    for word in words:
        if word.start_s is None or word.end_s is None:
            return None
        start, end = round(word.start_s * 1000), round(word.end_s * 1000)
        if not 0 <= start <= end <= piece_ms + SLACK_MS or start < before:
            return None
        found.append((min(start, piece_ms), min(end, piece_ms)))
        before = start
    return found or None


def _doubts(segments: Sequence[Record]) -> tuple[str, ...]:
    """Codes by Whisper's own thresholds; a field without a figure says nothing."""
    figures = [(_figure(one, "no_speech_prob"), _figure(one, "compression_ratio"),
                _figure(one, "avg_logprob")) for one in segments]  # fmt: skip
    doubts: list[str] = []
    if figures and all(silent is not None and silent > NO_SPEECH for silent, _, _ in figures):
        doubts.append("noise")
    if any(ratio is not None and ratio > LOOPING for _, ratio, _ in figures):
        doubts.append("loop")
    if any(logprob is not None and logprob < UNSURE for _, _, logprob in figures):
        doubts.append("unsure")
    return tuple(doubts)


def _figure(segment: Record, name: str) -> float | None:
    """A figure of a segment; a server without figures writes -1 into all of them."""
    if _number(segment, "compression_ratio") == -1.0:
        return None
    return _number(segment, name)


def _number(record: Record, name: str) -> float | None:
    value = record.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None


def _records(value: object) -> list[Record]:
    if not isinstance(value, list):
        return []
    return [cast("Record", one) for one in cast("list[object]", value) if isinstance(one, dict)]
