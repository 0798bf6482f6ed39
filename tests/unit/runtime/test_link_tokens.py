"""Tokens in links: known again whole, and in no other form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringdown.core.sensitive import Sensitive
from ringdown.runtime.link_tokens import LinkTokens, LinkUnknown

KEY = bytes(range(32))


def tokens(
    key: bytes = KEY, purpose: str = "caller", chance: bytes = b"0123456789abcdef"
) -> LinkTokens:
    return LinkTokens(key, purpose, lambda count: chance[:count])


def told(text: str) -> Sensitive[str]:
    return Sensitive(text, "token")


@given(st.binary(min_size=16, max_size=16), st.integers(0, 31), st.characters(codec="ascii"))
def test_one_other_character_makes_it_unknown(chance: bytes, at: int, other: str) -> None:
    """Whatever is changed, cut off or added, it is nobody's link."""
    ours = tokens(chance=chance)
    text = ours.make().reveal("the test changes it")
    assert len(text) == 32
    assert ours.digest(told(text)) == ours.digest(ours.make())
    changed = [
        text[:at] + other + text[at + 1 :],
        text[:at],
        text + other,
        other + text,
        f"{text}==",
    ]
    for wrong in changed:
        if wrong != text:
            with pytest.raises(LinkUnknown):
                ours.digest(told(wrong))


def test_another_key_or_another_purpose_does_not_know_it() -> None:
    """A responder's link opens nothing of a caller's, though both are made in one house."""
    made = tokens().make()
    for other in (tokens(key=bytes(32)), tokens(purpose="responder")):
        with pytest.raises(LinkUnknown):
            other.digest(made)
    assert "0123" not in repr(made)
