"""What partners send is read strictly where a guess could harm."""

import pytest

from ringdown.core.principal import Principal
from ringdown.partners import reading
from ringdown.partners.limits import RequestLimit, TooManyRequests
from ringdown.partners.reading import RequestUnreadable, Wish
from ringdown.runtime.http import status_of
from ringdown.testing.clock import ManualClock


@pytest.mark.parametrize(
    ("body", "query", "found"),
    [
        (b"", [], None),
        (b"  ", [], None),
        (b"{}", [], None),
        (b'{"autoplay": false}', [], False),
        (b'{"autoplay": true}', ["false"], True),
        (b'{"autoplay": "false"}', ["true"], False),
        (b'{"autoplay": "true"}', [], True),
        (b"", ["false"], False),
        (b'{"other": 1}', ["true", "true"], True),
    ],
)
def test_autoplay_is_read_from_the_body_then_from_the_query(body, query, found) -> None:
    """The body wins; nothing said is nothing said."""
    assert reading.wish(body, query) == Wish(found)


@pytest.mark.parametrize(
    ("body", "query"),
    [
        (b'{"autoplay": null}', []),
        (b'{"autoplay": 0}', []),
        (b'{"autoplay": "no"}', []),
        (b'{"autoplay": "False"}', []),
        (b'{"autoplay": []}', []),
        (b"[]", []),
        (b"autoplay=false", []),
        (b"\xff", []),
        (b"", ["no"]),
        (b"", [""]),
        (b"", ["true", "false"]),
        (b'{"participant_id": 7}', []),
        (b'{"participant_id": "' + b"x" * 201 + b'"}', []),
    ],
)
def test_anything_else_is_400_and_never_guessed(body: bytes, query: list[str]) -> None:
    """To guess true could make a listener miss the start of a call."""
    with pytest.raises(RequestUnreadable) as refused:
        reading.wish(body, query)
    assert status_of(refused.value) == 400


def test_who_listens_is_kept() -> None:
    """For the audit log."""
    assert reading.wish(b'{"participant_id": "unit-12"}', []).participant == "unit-12"


@pytest.mark.parametrize(
    "who", ["\\ud800", "\\u0000", "unit\\n12", "\\u001b[2J", "unit\\u202e21", "x" * 201]
)
def test_a_participant_is_named_in_text_that_can_be_kept(who: str) -> None:
    """Half a surrogate pair, control characters and more than 200 characters are refused as 400."""
    with pytest.raises(RequestUnreadable) as refused:
        reading.wish(b'{"participant_id":"%s"}' % who.encode(), [])
    assert status_of(refused.value) == 400
    assert refused.value.details["name"] == "participant_id"
    assert reading.wish('{"participant_id":"Señor Nº 7 \U0001f692"}'.encode(), []) == Wish(
        None, "Señor Nº 7 \U0001f692"
    )


@pytest.mark.parametrize("text", ["0", "101", "-1", "x", "", "1e1", "٣"])
def test_a_limit_is_1_to_100(text: str) -> None:
    """Fifty unless said."""
    assert (reading.limit(None), reading.limit("100")) == (50, 100)
    with pytest.raises(RequestUnreadable):
        reading.limit(text)


def test_a_time_is_read_or_refused() -> None:
    """Either form."""
    assert reading.instant("updated_since", None) is None
    assert reading.instant("updated_since", "2030-01-02 03:04:05 UTC") is not None
    for text in ("yesterday", "", "2030-13-01T00:00:00Z"):
        with pytest.raises(RequestUnreadable):
            reading.instant("updated_since", text)


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (None, None), ("bytes=0-", (0, 100)), ("bytes=0-0", (0, 1)), ("bytes=90-200", (90, 100)),
        ("bytes=-10", (90, 100)), ("bytes=-200", (0, 100)), ("bytes=0-1,5-6", None),
        ("lines=0-1", None), ("bytes=5-2", None), ("bytes=x-", None), ("bytes=-", None),
    ],
)  # fmt: skip
def test_a_range_is_read_as_the_standard_says(header: str | None, found: object) -> None:
    """What is not understood is the whole."""
    assert reading.byte_range(header, 100) == found


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=500-600", "bytes=-0"])
def test_a_range_outside_is_refused(header: str) -> None:
    """416 at the edge."""
    with pytest.raises(ValueError, match=r"range|outside"):
        reading.byte_range(header, 100)


def test_each_credential_has_its_own_limit_and_is_told_when_to_come_back() -> None:
    """One partner in a loop takes nothing from another."""
    clock = ManualClock()
    limit = RequestLimit(2, clock)
    one, other = (Principal("client", key, key, "a", frozenset()) for key in ("c1", "c2"))
    limit.take(one)
    limit.take(one)
    with pytest.raises(TooManyRequests) as refused:
        limit.take(one)
    assert (status_of(refused.value), refused.value.details) == (429, {"retry_after_s": 30})
    limit.take(other)
    clock.advance(30)
    limit.take(one)
