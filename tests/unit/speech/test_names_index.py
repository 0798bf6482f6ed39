"""Local names are offered beside what was heard, and only where that may help."""

from hypothesis import given, settings
from hypothesis import strategies as st

from ringdown.speech.model.names import HeardWord, NameBook
from ringdown.speech.model.names_index import NameIndex
from ringdown.speech.model.utterance import SuggestionView

BOOK = NameBook(
    "1",
    ("Genesee Street", "Genesee Avenue", "Schuyler Avenue", "N Phinney Ave", "Worcester Road",
     "Clearwater Avenue", "Gough Street", "Main Street", "Kirkwood Lane", "Fairhaven Hospital"),
)  # fmt: skip
INDEX = NameIndex(BOOK)


def heard(text: str) -> list[HeardWord]:
    """Words of a sentence; a star marks a doubtful one."""
    return [
        HeardWord(word.lstrip("*"), 0.4 if word.startswith("*") else 0.99, word.startswith("*"))
        for word in text.split()
    ]


def offered(text: str) -> list[tuple[int, int, str]]:
    return [(s.first_word, s.last_word, s.names[0].name) for s in INDEX.suggest(heard(text))]


def test_a_misheard_street_gets_the_name_that_sounds_like_it() -> None:
    """The span covers the heard words, the kind of road decides between equal names."""
    assert offered("There is a fire at Jenna see Street near here") == [(5, 7, "Genesee Street")]
    assert offered("It is on Jenna see Avenue.") == [(3, 5, "Genesee Avenue")]
    assert offered("Skyler Avenue and *wooster Road") == [
        (0, 1, "Schuyler Avenue"),
        (3, 4, "Worcester Road"),
    ]


def test_a_doubtful_stretch_needs_no_kind_of_road() -> None:
    """People leave it out."""
    assert offered("we are on *finney by the school") == [(3, 3, "N Phinney Ave")]


def test_a_name_heard_as_it_is_written_gets_nothing() -> None:
    """Neither the name nor any part of it, doubtful or not."""
    for text in ("at Genesee Street", "on *Clearwater *Avenue", "by Fairhaven Hospital"):
        assert offered(text) == []


def test_ordinary_speech_gets_nothing() -> None:
    """Words of every call are not taken for names."""
    for text in (
        "He ran down the street and the car is parked across the road.",
        "My husband is not breathing, please hurry.",
        "It is a dirt road behind the house.",
    ):
        assert offered(text) == []


def test_an_empty_book_offers_nothing() -> None:
    """A centre without names."""
    assert NameIndex(NameBook("0", ())).suggest(heard("on *Jenna *see *Street")) == ()


words = st.lists(
    st.builds(
        HeardWord,
        st.one_of(
            st.sampled_from(["Jenna", "see", "Street", "the", "Skyler", "Avenue.", "and", "5th"]),
            st.text(max_size=12),
        ),
        st.floats(0, 1),
        st.booleans(),
    ),
    max_size=20,
)


@settings(max_examples=60, deadline=None)
@given(words)
def test_suggestions_stand_apart_and_in_order(said: list[HeardWord]) -> None:
    """Inside the words, not overlapping, best first, three at the most, the same every time."""
    found = INDEX.suggest(said)
    assert found == INDEX.suggest(said)
    last = -1
    for view in found:
        assert isinstance(view, SuggestionView)
        assert last < view.first_word <= view.last_word < len(said)
        last = view.last_word
        scores = [match.score for match in view.names]
        assert 1 <= len(scores) <= 3
        assert scores == sorted(scores, reverse=True)
        assert all(0 <= score <= 1 for score in scores)
        assert {match.name for match in view.names} <= set(BOOK.names)
