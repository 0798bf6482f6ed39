"""How long another server asks us to wait, in either form, however odd the text is."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringdown.wire.retry_after import LONGEST_S, retry_after_s

NOW = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("7", 7.0),
        (" 7 ", 7.0),
        ("0000000000007", 7.0),
        ("0", 0.0),
        ("9" * 5_000, LONGEST_S),
        ("Sat, 21 Nov 2026 12:01:30 GMT", 90.0),
        ("Saturday, 21-Nov-26 12:01:30 GMT", 90.0),
        ("Sat Nov 21 12:01:30 2026", 90.0),
        ("Sat, 21 Nov 2026 12:01:30 -0000", 90.0),
        ("Sat, 21 Nov 2026 14:01:30 +0200", 90.0),
        ("Sat, 21 Nov 2026 11:00:00 GMT", 0.0),
        ("Sat, 01 Jan 0001 00:00:00 GMT", 0.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST_S),
    ],
)
def test_both_forms_are_read(text: str, seconds: float) -> None:
    """Seconds and the three forms of a date; a date without a zone is in UTC."""
    assert retry_after_s(text, NOW) == seconds


@pytest.mark.parametrize(
    "text",
    [None, "", " ", "soon", "-5", "1.5", "\u0667", "Sat, 41 Nov 2026 12:01:30 GMT",
     "Sat, 21 Nov 2026 12:01:30 +" + "9" * 30],
)  # fmt: skip
def test_what_says_nothing_is_nothing(text: str | None) -> None:
    """No header, a negative number, a fraction, other digits, no real date."""
    assert retry_after_s(text, NOW) is None


@given(st.text(max_size=60))
def test_no_text_breaks_it(text: str) -> None:
    """Whatever another server sends is a wait within bounds, or none."""
    found = retry_after_s(text, NOW)
    assert found is None or 0 <= found <= LONGEST_S
