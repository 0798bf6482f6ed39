"""Which passwords are refused, and why (CJIS IA-5(1))."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringdown.core.sensitive import Sensitive
from ringdown.identity.passwords import PasswordRefused, PasswordRules

RULES = PasswordRules(blocked=frozenset({"a phrase from our list"}))
NAMES = ("anna.oersted", "Anna Ørsted", "Fictional County 911")


def reason(password: str, rules: PasswordRules = RULES) -> str | None:
    try:
        rules.check(Sensitive(password, "password"), names=NAMES)
    except PasswordRefused as error:
        return str(error.details["reason"])
    return None


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        ("short", "too_short"),
        ("elevenchars", "too_short"),
        ("x" * 257, "too_long"),
        ("nul\x00 inside this one", "unprintable"),
        ("password1234", "common"),
        ("P@ssw0rd2026!", "common"),
        ("passwordpassword", "common"),
        ("Dispatch911911", "common"),
        ("!!!Welcome2026!!!", "common"),
        ("correcthorsebatterystaple", "common"),
        ("A Phrase From Our List", "common"),
        ("aaaaaaaaaaaaaa", "predictable"),
        ("121212121212", "predictable"),
        ("123456789012", "predictable"),
        ("098765432109", "predictable"),
        ("qwertyuiopasdf", "predictable"),
        ("abcabcabcabcabc", "common"),
        ("anna.oersted911", "name"),
        ("FictionalCounty911", "name"),
        ("ringdown-ringdown", "common"),
        ("ringdown-anna-911", "name"),
    ],
)
def test_bad_passwords_are_refused(password: str, expected: str) -> None:
    """Each with its reason."""
    assert reason(password) == expected


@pytest.mark.parametrize(
    "password",
    [
        "four unrelated words here",
        "tangerine-otter-kiln",
        "Grünkohl mit Äpfeln 7",
        "пять слонов летят домой",
        "x7#Qm2!vLp9z",
        "annabel likes wet tram stops",
        "🦊 jumps over 🐶 twice daily",
    ],
)
def test_good_passwords_pass(password: str) -> None:
    """No rule of composition; spaces and every script are welcome."""
    assert reason(password) is None


def test_the_length_is_a_setting() -> None:
    """Eight is the least that CJIS allows."""
    assert reason("kiln#o7r", PasswordRules(shortest=8)) is None


@given(st.text(max_size=300))
def test_any_text_is_judged(password: str) -> None:
    """A verdict for every text, never another error."""
    assert reason(password) in {
        None,
        "too_short",
        "too_long",
        "unprintable",
        "common",
        "predictable",
        "name",
    }


@given(st.text(min_size=1, max_size=40))
def test_the_refusal_does_not_repeat_the_password(password: str) -> None:
    """Neither message nor details quote it."""
    with pytest.raises(PasswordRefused) as caught:
        RULES.check(Sensitive("Ж" + password[:6], "password"))
    assert "Ж" not in f"{caught.value} {caught.value.details}"
