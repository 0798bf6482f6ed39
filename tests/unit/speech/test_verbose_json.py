"""Answers of speech servers: what is believed, what is left out, what is refused."""

import contextlib
import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringdown.speech.adapters.verbose_json import Answer, read_answer
from ringdown.speech.engine_errors import EngineAnswerBad
from ringdown.speech.model.words import NEUTRAL_CONFIDENCE


def read(answer: Any, kind: str = "application/json", piece_ms: int = 2000) -> Answer:
    return read_answer(json.dumps(answer).encode(), kind, piece_ms)


def word(text: str, start: float, end: float, **more: Any) -> dict[str, Any]:
    return {"word": text, "start": start, "end": end, **more}


def texts(answer: Answer) -> list[str]:
    return [one.word for one in answer.words]


def test_words_are_written_as_the_text_writes_them() -> None:
    """Some servers list words without the punctuation that the text has."""
    answer = read(
        {"text": " Fire — at Elm St.", "words": [
            word("fire", 0, 0.4), word("at", 0.4, 0.5), word("Elm", 0.5, 0.9), word("St", 0.9, 1.2),
        ]}
    )  # fmt: skip
    assert texts(answer) == ["Fire—", "at", "Elm", "St."]
    assert [w.start_ms for w in answer.words] == [0, 400, 500, 900]
    assert answer.timed


def test_words_that_differ_from_the_text_give_way_to_it() -> None:
    """The text is what the server says was said; times then are estimated."""
    answer = read({"text": "one two", "words": [word("one", 0, 1)]})
    assert (texts(answer), answer.timed) == (["one", "two"], False)


def test_tokens_are_joined_into_words_by_the_least_sure() -> None:
    """A word is as sure as its least sure part; a full stop says nothing about it."""
    tokens = [
        word("[_BEG_]", 0, 0, probability=0.9),
        word(" Had", 0, 0.2, probability=0.9),
        word("ley", 0.2, 0.4, probability=0.5),
        word(".", 0.4, 0.4, probability=0.1),
    ]
    answer = read({"text": " Hadley.", "segments": [{"text": " Hadley.", "words": tokens}]})
    (only,) = answer.words
    assert (only.word, only.confidence, only.start_ms, only.end_ms) == ("Hadley.", 0.5, 0, 400)


def test_token_logprobs_give_confidences() -> None:
    """As the newer models of OpenAI tell them."""
    logprobs = [{"token": "Fire", "logprob": -0.105}, {"token": " now", "logprob": -0.7}]
    answer = read({"text": "Fire now", "logprobs": logprobs})
    assert [w.confidence for w in answer.words] == [0.9, 0.497]
    assert (answer.sure, answer.timed) == (True, False)


def test_without_figures_for_words_the_segment_speaks_for_them() -> None:
    """The average of a segment, for each of its words."""
    segments = [{"text": " a b", "avg_logprob": -0.1}, {"text": " c", "avg_logprob": -0.7}]
    answer = read({"text": "a b c", "segments": segments})
    assert [w.confidence for w in answer.words] == [0.905, 0.905, 0.497]


@pytest.mark.parametrize(
    "answer",
    [
        {"text": "a b"},
        {"text": "a b", "segments": [{"text": "a b", "avg_logprob": 0.0}]},
        {"text": "a b", "segments": [{"text": "a b", "avg_logprob": None}]},
        {"text": "a b", "segments": [{"text": "a", "avg_logprob": -0.1}]},
        {
            "text": "a b",
            "segments": [{"text": "a b", "avg_logprob": -1.0, "compression_ratio": -1.0}],
        },
        {
            "text": "a b",
            "words": [word("a", 0, 1, probability=1.0), word("b", 1, 2, probability=1)],
        },
        {"text": "a b", "words": [word("a", 0, 1, probability=0), word("b", 1, 2, probability=7)]},
    ],
)
def test_a_certainty_is_never_made_up(answer: dict[str, Any]) -> None:
    """No figure, or one that is put in for lack of another: every word is as likely wrong."""
    found = read(answer)
    assert {w.confidence for w in found.words} == {NEUTRAL_CONFIDENCE}
    assert not found.sure


@pytest.mark.parametrize(
    "times",
    [
        [(0.0, 1.0), (0.5, 9.0)],
        [(1.0, 0.5), (1.0, 1.5)],
        [(1.0, 1.5), (0.5, 0.7)],
        [(-1.0, 0.5), (0.5, 0.7)],
        [(0.0, 1.0), (None, None)],
        [("0", "1"), ("1", "2")],
    ],
)
def test_times_that_cannot_be_are_no_times(times: list[Any]) -> None:
    """Beyond the piece, backwards, missing or no numbers."""
    words = [{"word": text, "start": s, "end": e} for text, (s, e) in zip("ab", times, strict=True)]
    answer = read({"text": "a b", "words": words})
    assert not answer.timed
    assert {w.start_ms for w in answer.words} == {None}


def test_times_a_little_beyond_the_end_are_brought_back() -> None:
    """Servers pad what they are given."""
    answer = read({"text": "a", "words": [word("a", 1.5, 2.4)]})
    assert (answer.words[0].start_ms, answer.words[0].end_ms) == (1500, 2000)


@pytest.mark.parametrize(
    ("figures", "doubts"),
    [
        ({"no_speech_prob": 0.9}, ("noise",)),
        ({"compression_ratio": 3.0}, ("loop",)),
        ({"avg_logprob": -1.5}, ("unsure",)),
        ({"no_speech_prob": 0.9, "compression_ratio": 3.0, "avg_logprob": -2},
         ("noise", "loop", "unsure")),
        ({"no_speech_prob": -1.0, "compression_ratio": -1.0, "avg_logprob": -1.0}, ()),
        ({"no_speech_prob": 0.01, "compression_ratio": 1.2, "avg_logprob": -0.2}, ()),
    ],
)  # fmt: skip
def test_doubts_by_the_figures_of_segments(figures: dict[str, float], doubts: Any) -> None:
    """The line is kept and shown as doubtful; nothing is dropped here."""
    answer = read({"text": "a", "segments": [{"text": "a", **figures}]})
    assert (texts(answer), answer.doubts) == (["a"], doubts)


def test_plain_text_is_taken_as_it_is() -> None:
    """Words without times or confidences."""
    answer = read_answer(b"There is a fire.\n", "text/plain; charset=utf-8", 2000)
    assert texts(answer) == ["There", "is", "a", "fire."]


def test_json_that_says_it_is_text_is_read_as_json() -> None:
    """Some servers put the wrong type on it."""
    assert texts(read({"text": "a b"}, "text/plain")) == ["a", "b"]


def test_segments_without_a_text_are_joined() -> None:
    """The text of the whole is the text of its parts."""
    assert texts(read({"segments": [{"text": " a"}, {"text": " b"}]})) == ["a", "b"]


@pytest.mark.parametrize("text", ["", "   ", None])
def test_nothing_said_is_no_error(text: str | None) -> None:
    """Silence has no words."""
    assert read({"text": text, "segments": [], "words": []}).words == ()


@pytest.mark.parametrize(
    "body", [b"", b"\xff", b"[]", b"{}", b'"a"', b"[" * 100_000, b'{"text": 1}', b"<html>"]
)
def test_what_is_no_answer_is_refused(body: bytes) -> None:
    """With a code, and without a word of it."""
    with pytest.raises(EngineAnswerBad) as told:
        read_answer(body, "application/json", 2000)
    assert "html" not in str(told.value)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(
            ["text", "words", "word", "segments", "start", "end", "probability", "avg_logprob",
             "compression_ratio", "no_speech_prob", "logprobs", "token", "logprob"]
        ), inner, max_size=6,
    ),
    max_leaves=30,
)  # fmt: skip


@given(JSON, st.integers(0, 30_000))
def test_any_answer_is_read_or_refused(answer: Any, piece_ms: int) -> None:
    """Whatever comes: words with sane figures, or a documented error."""
    with contextlib.suppress(EngineAnswerBad):
        found = read_answer(json.dumps(answer).encode(), "application/json", piece_ms)
        for one in found.words:
            assert one.word == one.word.strip() != ""
            assert math.isfinite(one.confidence)
            assert 0.0 <= one.confidence <= 1.0
            assert one.start_ms is None or 0 <= one.start_ms <= (one.end_ms or 0) <= piece_ms


@given(st.binary(max_size=200), st.sampled_from(["application/json", "text/plain", ""]))
def test_any_bytes_are_read_or_refused(body: bytes, kind: str) -> None:
    """Nothing but the documented error comes out."""
    with contextlib.suppress(EngineAnswerBad):
        read_answer(body, kind, 1000)
