"""Laws of the rules, whatever is said."""

import itertools
from dataclasses import replace

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from ringdown.incidents.adapters.rules import RuleExtractor, cues, questions
from ringdown.incidents.adapters.rules.session import KEPT, WINDOW
from ringdown.testing.extractor import Utterance, dialogue, hear_all, spoken

WORDS = st.sampled_from(
    [
        "2210",
        "Genesee",
        "Street",
        "street",
        "no",
        "yes",
        "not",
        "forty",
        "two",
        "twenty-two",
        "oh",
        "double",
        "hundred",
        "block",
        "of",
        "the",
        "corner",
        "and",
        "at",
        "behind",
        "school",
        "Highway",
        "6",
        "I-90",
        "exit",
        "12",
        "mile",
        "marker",
        "apartment",
        "4",
        "B,",
        "fire",
        "house",
        "is",
        "on",
        "shot",
        "my",
        "mom",
        "sister",
        "people",
        "are",
        "hurt",
        "nobody",
        "breathing",
        "phone",
        "number",
        "585-555-0142",
        "555",
        "0142",
        "five",
        "eight",
        "I'm",
        "in",
        "Fairview.",
        "sorry,",
        "3",
        "911",
        "what's",
        "where",
        "address",
        "hurt?",
        "1",
        "second",
        "dog",
        "hundred",
        "and",
        "—",
        "...",
        "12,000",
        "#4",
        "\u2019",
        "st.",
        "ninety",
        "ninth",
        "first",
        "thousand",
    ]
) | st.text(max_size=6).filter(lambda word: word.split() == [word])
LINES = st.lists(
    st.tuples(
        st.sampled_from(["caller", "call_taker"]),
        st.lists(WORDS, max_size=14).map(" ".join),
        st.floats(0, 1),
    ),
    max_size=10,
)


def said(lines: list[tuple[str, str, float]]) -> list[Utterance]:
    return [
        spoken(at, side, words, confidence=sure) for at, (side, words, sure) in enumerate(lines)
    ]


@given(LINES)
@settings(max_examples=100, deadline=None)
def test_evidence_quotes_words_that_were_said(lines) -> None:
    """Each proposal cites words at their indexes, and is no surer than the least sure of them."""
    utterances = said(lines)
    by_id = {utterance.utterance_id: utterance for utterance in utterances}
    for proposal in hear_all(RuleExtractor().open(), utterances):
        assert proposal.evidence
        assert proposal.value
        assert proposal.text
        for cited in proposal.evidence:
            utterance = by_id[cited.utterance_id]
            words = utterance.words[cited.word_from : cited.word_to + 1]
            assert words
            assert cited.quote == " ".join(word.word for word in words)
            assert (cited.start_ms, cited.end_ms) == (words[0].start_ms, words[-1].end_ms)
            assert proposal.confidence <= min(word.confidence for word in words) + 1e-4


QUIET = st.lists(
    st.tuples(
        st.sampled_from(["caller", "call_taker"]),
        st.lists(
            st.sampled_from(
                [
                    "Genesee",
                    "Street",
                    "street",
                    "no",
                    "yes",
                    "not",
                    "block",
                    "of",
                    "the",
                    "corner",
                    "and",
                    "at",
                    "behind",
                    "school",
                    "Highway",
                    "exit",
                    "mile",
                    "marker",
                    "apartment",
                    "B,",
                    "fire",
                    "house",
                    "is",
                    "on",
                    "my",
                    "mom",
                    "people",
                    "are",
                    "hurt",
                    "phone",
                    "number",
                    "I'm",
                    "in",
                    "Fairview.",
                    "sorry,",
                    "what's",
                    "where",
                    "address",
                    "hurt?",
                    "dog",
                    "st.",
                    "Oak",
                    "Avenue",
                    "to",
                    "for",
                ]
            ),
            max_size=14,
        ).map(" ".join),
        st.just(0.9),
    ),
    max_size=10,
)


@given(QUIET)
@settings(max_examples=100, deadline=None)
def test_no_digit_is_invented(lines) -> None:
    """With no number in the call there is none in a location, and no call-back number."""
    proposals = hear_all(RuleExtractor().open(), said(lines))
    assert not any(each.field == "callback_number" for each in proposals)
    places = [each.text for each in proposals if each.field == "location"]
    assert not any(letter.isdigit() for place in places for letter in place)


@given(LINES)
@settings(max_examples=100, deadline=None)
def test_the_same_input_gives_the_same_output(lines) -> None:
    """Two sessions agree."""
    first = hear_all(RuleExtractor().open(), said(lines))
    assert hear_all(RuleExtractor().open(), said(lines)) == first


@given(LINES, st.randoms())
@settings(max_examples=100, deadline=None)
def test_the_order_of_arrival_does_not_matter(lines, chance) -> None:
    """Lines stand where they were spoken; so a session rebuilt from a transcript agrees."""
    utterances = said(lines)
    expected = hear_all(RuleExtractor().open(), utterances)
    shuffled = list(utterances)
    chance.shuffle(shuffled)
    session = RuleExtractor().open()
    hear_all(session, shuffled)
    last = session.hear(shuffled[-1]).proposals if shuffled else ()
    assert last == expected


@given(LINES, st.integers(0, 9), st.lists(WORDS, max_size=8).map(" ".join))
@settings(max_examples=100, deadline=None)
def test_a_revision_counts_as_if_it_had_been_said_at_first(lines, at, words) -> None:
    """The earlier text leaves no trace."""
    utterances = said(lines)
    if at >= len(utterances):
        return
    revised = replace(spoken(at, utterances[at].side, words), revision=2)
    session = RuleExtractor().open()
    hear_all(session, utterances)
    fresh = [*utterances[:at], revised, *utterances[at + 1 :]]
    assert session.hear(revised).proposals == hear_all(RuleExtractor().open(), fresh)


def test_only_the_call_taker_speaking_gives_nothing() -> None:
    """What the caller never said or affirmed is not proposed."""
    script = dialogue(
        "T: 15 Elm Street there is a fire two people are hurt | T: call back on 585-555-0142 | "
        "T: he was shot at the corner of Elm and Maple"
    )
    assert hear_all(RuleExtractor().open(), script) == ()


def test_a_three_hour_call_keeps_memory_bounded() -> None:
    """However many lines, the session keeps a window of them and a fixed number of claims."""
    session = RuleExtractor().open()
    script = [
        "my house is on fire at 2210 Genesee Street",
        "two people are hurt and he is not breathing",
        "my number is 585-555-0142",
        "no 2212 Genesee Street not 2210",
    ]
    for number, text in zip(range(1200), itertools.cycle(script), strict=False):
        session.hear(spoken(number, "caller", text))
    *fields, dangers, asked = session._old
    assert len(session._window) == len(session._claims) == len(session._at) == WINDOW
    assert max(map(len, fields)) <= KEPT
    kinds = {(claim.of, claim.over) for claim in dangers}
    assert 0 < len(dangers) <= (cues.KEPT + 1) * len(kinds)
    assert len(asked) <= questions.KEPT


def test_what_was_said_three_hours_ago_is_still_proposed() -> None:
    """The surest claims outlive the window."""
    session = RuleExtractor().open()
    session.hear(spoken(0, "caller", "I'm at 2210 Genesee Street"))
    for number in range(1, 300):
        proposals = session.hear(spoken(number, "caller", "please hurry I can hear them")).proposals
    assert [each.value for each in proposals if each.field == "location"] == ["2210 Genesee Street"]


@pytest.mark.parametrize("words", ["", "...", "—", "'", "((("])
def test_a_line_without_words_says_nothing(words: str) -> None:
    """Punctuation alone is silence."""
    assert RuleExtractor().open().hear(spoken(0, "caller", words)).proposals == ()
