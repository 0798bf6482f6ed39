"""Local names are favoured by the text so far."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ringdown.speech.adapters.moonshine_decoder import END
from ringdown.speech.adapters.moonshine_names import NameBias, NamePrefixes, fold
from ringdown.speech.model.names import NameBook

TEXTS = [b"", b"", b"", b" Gene", b"see", b"va", b" Street", b" gene", b".", b" Gen", b"es", b"ee"]
BOOK = NamePrefixes(NameBook("1", ("Genesee Street", "Saint Clair")))


def bias() -> NameBias:
    return NameBias(TEXTS, BOOK, 2.0)


def logits(**best: float) -> np.ndarray:
    made = np.full(len(TEXTS), -20.0, np.float32)
    for token, value in best.items():
        made[int(token[1:])] = value
    return made


def test_a_piece_that_leads_to_a_name_wins_a_close_call() -> None:
    """After "Gene", "see" is taken before "va" when it is nearly as likely."""
    one = bias()
    one.take(3)
    assert one.choose(logits(t4=4.0, t5=5.0)) == 4
    assert one.choose(logits(t4=2.0, t5=5.0)) == 5


def test_the_way_a_name_is_cut_into_pieces_does_not_matter() -> None:
    """The text counts, not the tokens."""
    one = bias()
    for token in (9, 10):
        one.take(token)
    assert one.choose(logits(t11=4.0, t5=5.0)) == 11


def test_a_name_goes_on_over_several_words() -> None:
    """The second word of a name is favoured too."""
    one = bias()
    for token in (3, 4):
        one.take(token)
    assert one.choose(logits(t6=4.0, t8=5.0)) == 6


def test_a_word_that_began_unfavoured_gets_nothing() -> None:
    """The recogniser writes names with a capital; other words are left alone."""
    one = bias()
    one.take(7)
    assert one.choose(logits(t4=4.0, t5=5.0)) == 5


def test_without_a_rival_within_reach_nothing_changes() -> None:
    """The end of the text, too, is only the best token."""
    assert bias().choose(logits(**{f"t{END}": 5.0, "t3": -9.0})) == END


@given(st.lists(st.text(max_size=12), max_size=20))
def test_every_beginning_of_every_name_is_found(names: list[str]) -> None:
    """Names of any script, and nothing that begins no name."""
    book = NamePrefixes(NameBook("1", tuple(names)))
    folded = {fold(name) for name in names} - {""}
    for name in folded:
        assert book.holds(name)
        assert all(book.begins(name[:end]) for end in range(1, len(name) + 1))
    assert not book.holds("zz zz")
    assert all(not book.begins(name + "~") for name in folded)
