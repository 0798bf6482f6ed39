"""What the console's page may talk to."""

import pytest

from ringdown.console.http import page_policy


def connections(policy: str) -> list[str]:
    (found,) = [part for part in policy.split("; ") if part.startswith("connect-src")]
    return found.split()[1:]


def test_without_a_media_server_the_page_talks_to_us_alone() -> None:
    """No address, no opening."""
    assert connections(page_policy(None)) == ["'self'"]


@pytest.mark.parametrize(
    ("url", "opened"),
    [
        ("http://127.0.0.1:7880", ["ws://127.0.0.1:7880", "http://127.0.0.1:7880"]),
        ("wss://media.example.org/lk", ["wss://media.example.org", "https://media.example.org"]),
    ],
)
def test_the_media_server_and_nothing_beside_it(url: str, opened: list[str]) -> None:
    """Its origin is opened for the socket and for its questions, in the scheme that it has."""
    assert connections(page_policy(url)) == ["'self'", *opened]


def test_an_address_that_would_say_more_opens_nothing() -> None:
    """A setting cannot smuggle in another rule."""
    for url in ("ws://a;script-src *", "ws://a b", "ws://u:p@a", "nonsense"):
        assert page_policy(url) == page_policy(None)
