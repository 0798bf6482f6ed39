"""Laws of what is read of people, danger and questions, whatever is said."""

import random

import hypothesis.strategies as st
from hypothesis import given, settings

from ringdown.incidents.adapters.rules import RuleExtractor
from ringdown.incidents.model import LONGEST_VALUE
from ringdown.incidents.ports import Extracted
from ringdown.testing.extractor import Utterance, extract_all, spoken

WORDS = [
    "he",
    "she",
    "they",
    "he's",
    "she's",
    "i",
    "i'm",
    "my",
    "the",
    "a",
    "another",
    "one",
    "two",
    "three",
    "six",
    "about",
    "thirty",
    "45",
    "years",
    "old",
    "foot",
    "tall",
    "white",
    "black",
    "hispanic",
    "male",
    "female",
    "man",
    "woman",
    "guy",
    "boy",
    "girl",
    "husband",
    "mom",
    "people",
    "wearing",
    "red",
    "blue",
    "hoodie",
    "jacket",
    "jeans",
    "hat",
    "in",
    "with",
    "beard",
    "hair",
    "tattoo",
    "named",
    "name",
    "is",
    "Marcus",
    "Webb",
    "running",
    "ran",
    "north",
    "on",
    "Main",
    "Street",
    "towards",
    "park",
    "car",
    "truck",
    "van",
    "Ford",
    "Honda",
    "Civic",
    "Camry",
    "silver",
    "dark",
    "2012",
    "plate",
    "tag",
    "A",
    "B",
    "C",
    "K",
    "7",
    "1",
    "2",
    "3",
    "alpha",
    "bravo",
    "Texas",
    "plates",
    "gun",
    "knife",
    "pistol",
    "weapon",
    "weapons",
    "bat",
    "shot",
    "stabbed",
    "fired",
    "holding",
    "has",
    "had",
    "any",
    "no",
    "not",
    "none",
    "don't",
    "know",
    "if",
    "wire",
    "wires",
    "down",
    "power",
    "line",
    "gas",
    "leaking",
    "smell",
    "dog",
    "dogs",
    "biting",
    "still",
    "here",
    "left",
    "gone",
    "drunk",
    "violent",
    "safe",
    "hazards",
    "what",
    "what's",
    "where",
    "which",
    "way",
    "color",
    "kind",
    "of",
    "does",
    "did",
    "look",
    "like",
    "breathing?",
    "awake?",
    "hurt?",
    "weapons?",
    "old?",
    "wearing?",
    "address?",
    "number?",
    "yes",
    "yeah",
    "no,",
    "okay?",
    "sorry",
    "wait",
    "maroon",
    "was",
    "it's",
    "it",
    "and",
    "the",
    "other",
    "movie",
    "drill",
    "said",
    "he'd",
    "shoot",
    "coming",
    "back",
]
LINES = st.lists(
    st.tuples(
        st.sampled_from(["caller", "call_taker", "other"]),
        st.lists(st.sampled_from(WORDS), max_size=16).map(" ".join),
        st.sampled_from([0.3, 0.6, 0.9]),
    ),
    max_size=9,
)
Lines = list[tuple[str, str, float]]


def said(lines: Lines) -> list[Utterance]:
    return [
        spoken(number, side, text, confidence=sure)
        for number, (side, text, sure) in enumerate(lines)
    ]


def heard(utterances: list[Utterance]) -> Extracted:
    return extract_all(RuleExtractor().open(), utterances)


@given(LINES)
@settings(max_examples=150, deadline=None)
def test_everything_cites_words_that_were_said(lines: Lines) -> None:
    """Of its line, with its side, and never surer than the least sure word."""
    utterances = said(lines)
    by_id = {each.utterance_id: each for each in utterances}
    extracted = heard(utterances)
    for proposal in extracted.proposals:
        assert proposal.evidence, proposal
        assert 0 < len(proposal.value) <= LONGEST_VALUE
        least = 1.0
        for cited in proposal.evidence:
            words = by_id[cited.utterance_id].words[cited.word_from : cited.word_to + 1]
            assert cited.quote == " ".join(word.word for word in words)
            assert cited.side == by_id[cited.utterance_id].side
            least = min(least, *(word.confidence for word in words))
        assert 0 < proposal.confidence <= least + 1e-4, proposal
    for question in extracted.questions:
        assert all(cited.side == "call_taker" for cited in question.evidence)


@given(LINES)
@settings(max_examples=100, deadline=None)
def test_one_question_a_topic_and_one_value_a_field(lines: Lines) -> None:
    """Nothing is listed twice."""
    extracted = heard(said(lines))
    topics = [each.topic for each in extracted.questions]
    assert len(topics) == len(set(topics))
    values = [(each.field, each.value) for each in extracted.proposals]
    assert len(values) == len(set(values))


@given(LINES, st.integers(0, 1000))
@settings(max_examples=100, deadline=None)
def test_the_order_of_arrival_does_not_matter(lines: Lines, seed: int) -> None:
    """Lines stand where they were spoken, for questions too."""
    utterances = said(lines)
    shuffled = list(utterances)
    random.Random(seed).shuffle(shuffled)
    assert heard(shuffled) == heard(utterances)


@given(LINES)
@settings(max_examples=100, deadline=None)
def test_the_call_taker_alone_describes_nobody(lines: Lines) -> None:
    """What only the call-taker says is asked, not told."""
    fields = {"persons", "vehicles", "weapons", "hazards", "relation"}
    alone = [("call_taker", text, sure) for _, text, sure in lines]
    assert not [each for each in heard(said(alone)).proposals if each.field in fields]


def test_a_long_call_stays_within_what_a_field_holds() -> None:
    """However much is said of each, a value is no longer than a field may be."""
    chance = random.Random(7)
    utterances = [
        spoken(number, "caller", " ".join(chance.choices(WORDS, k=30))) for number in range(150)
    ]
    assert all(len(each.value) <= LONGEST_VALUE for each in heard(utterances).proposals)
