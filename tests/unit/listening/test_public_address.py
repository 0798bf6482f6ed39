"""Where listeners are sent, and where the console may connect to so that people can listen too."""

import pytest

from ringdown.composition.web import connect_sources
from ringdown.listening.adapters.livekit_rooms import LiveKitRooms
from ringdown.media.api import MediaServerAccess


def rooms(public_url: str | None) -> LiveKitRooms:
    inside = MediaServerAccess("http://10.0.0.7:7880", "key", "secret")
    return LiveKitRooms(lambda: inside, public_url=public_url)


@pytest.mark.parametrize(
    ("public_url", "told", "allowed"),
    [
        (None, "ws://10.0.0.7:7880", ("ws://10.0.0.7:7880", "http://10.0.0.7:7880")),
        ("wss://m.example.org", "wss://m.example.org", ("wss://m.example.org", "https://m.example.org")),
        ("https://m.example.org", "wss://m.example.org", ("wss://m.example.org", "https://m.example.org")),
        (
            "wss://example.org:8443/media/",
            "wss://example.org:8443/media/",
            ("wss://example.org:8443", "https://example.org:8443"),
        ),
    ],
)  # fmt: skip
def test_listeners_are_told_the_public_address_and_the_console_may_reach_it(
    public_url: str | None, told: str, allowed: tuple[str, ...]
) -> None:
    """Workers use the address inside, whatever listeners are told; a policy names no paths."""
    made = rooms(public_url)
    assert made.public_url == told
    assert made.worker_url == "ws://10.0.0.7:7880"
    assert connect_sources(made) == allowed
