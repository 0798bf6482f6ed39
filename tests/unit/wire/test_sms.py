"""A text's alphabet and segments are those that 3GPP TS 23.038 and 23.040 describe."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringdown.wire import sms


def test_the_table_is_the_standards() -> None:
    """128 places; letters and digits stand where ASCII has them, the rest where the table says."""
    assert len(sms.BASIC) == 128
    codes = {"@": 0, "$": 2, "\n": 10, "Δ": 16, " ": 32, "¤": 36, "A": 65, "Ä": 91, "§": 95}
    codes |= {"¿": 96, "a": 97, "ä": 123, "à": 127, "0": 48}
    assert {one: sms.CODES[one] for one in codes} == codes
    assert sms.encode("{€}") == b"\x1b\x28\x1b\x65\x1b\x29"


@pytest.mark.parametrize(
    ("text", "encoding", "segments", "left"),
    [
        ("", "gsm7", 1, 160),
        ("a" * 160, "gsm7", 1, 0),
        ("a" * 161, "gsm7", 2, 145),
        ("a" * 306, "gsm7", 2, 0),
        ("a" * 307, "gsm7", 3, 152),
        ("€" * 80, "gsm7", 1, 0),
        ("a" * 159 + "€", "gsm7", 2, 145),
        ("a" * 152 + "€" + "a" * 10, "gsm7", 2, 141),
        ("ñ" * 160, "gsm7", 1, 0),
        ("á" * 70, "ucs2", 1, 0),
        ("á" * 71, "ucs2", 2, 63),
        ("🚒" * 35, "ucs2", 1, 0),
        ("🚒" * 36, "ucs2", 2, 61),
        ("`", "ucs2", 1, 69),
    ],
)
def test_a_text_costs_what_carriers_charge(
    text: str, encoding: str, segments: int, left: int
) -> None:
    """An escape or a surrogate pair never straddles two segments."""
    measured = sms.measure(text)
    assert (measured.encoding, measured.segments, measured.left) == (encoding, segments, left)


def test_typographic_marks_alone_never_make_a_text_longer() -> None:
    """They become plain ones where that is enough, and stay where it is not."""
    written = "Don\u2019t move \u2013 \u201cstay\u201d there\u2026"
    assert sms.plain(written) == 'Don\'t move - "stay" there...'
    assert sms.plain(f"Não: {written}") == f"Não: {written}"


@given(st.text(alphabet=sorted(sms.CODES | sms.EXTENSION), max_size=600))
def test_the_alphabet_comes_back_and_segments_fit(text: str) -> None:
    """Whatever is in the alphabet is read as it was written; each segment has room for its part."""
    assert sms.decode(sms.encode(text)) == text
    parts = sms.split(text)
    assert "".join(parts) == text
    assert all(len(sms.encode(part)) <= (160 if len(parts) == 1 else 153) for part in parts)


@given(st.text(max_size=400))
def test_any_text_is_split_without_loss(text: str) -> None:
    """In either alphabet, each part within its room."""
    parts = sms.split(text)
    assert "".join(parts) == text
    if sms.encoding_of(text) == "ucs2":
        room = 140 if len(parts) == 1 else 134
        assert all(len(part.encode("utf-16-be", "surrogatepass")) <= room for part in parts)
