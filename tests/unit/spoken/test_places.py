"""Written names are folded to the same words, however an agency writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringdown.spoken.places import Place, fold, plain_words


@pytest.mark.parametrize(
    ("written", "own", "kind"),
    [
        ("Genesee St", "genesee", "street"),
        ("N. Gênesee STREET", "genesee", "street"),
        ("Genesee Ave NW", "genesee", "avenue"),
        ("West St", "west", "street"),
        ("North Ave W", "north", "avenue"),
        ("5th Ave", "fifth", "avenue"),
        ("221st Pl NE", "two twenty first", "place"),
        ("30th Street", "thirtieth", "street"),
        ("US Hwy 395", "us highway three ninety five", ""),
        ("I-5", "interstate five", ""),
        ("SR 104", "state route one oh four", ""),
        ("County Road 1200", "county road twelve hundred", ""),
        ("St. Mary's Church", "saint marys church", ""),
        ("O'Malley Dr", "omalley", "drive"),
        ("Avenue of the Oaks", "avenue of the oaks", ""),
        ("Broadway", "broadway", ""),
        ("The Way", "the", "way"),
    ],
)
def test_a_name_is_folded(written: str, own: str, kind: str) -> None:
    """Case, accents, abbreviations, directions and numbers make no difference."""
    place = fold(written)
    assert " ".join(place.own) == own
    assert place.kind == kind


def test_directions_stand_apart() -> None:
    """Where they stand makes no difference to the name itself."""
    assert fold("N Oak St").directions == fold("Oak Street North").directions == ("north",)


@given(st.text(max_size=40))
def test_any_text_folds_to_plain_words(text: str) -> None:
    """Whatever an agency's file holds, folding gives plain words and never fails."""
    assert all(word.isascii() and word == word.lower() for word in plain_words(text))
    assert isinstance(fold(text), Place)
