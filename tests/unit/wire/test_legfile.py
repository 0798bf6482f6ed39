"""The header of a raw leg file."""

from datetime import UTC, datetime

import pytest

from ringdown.wire.legfile import LegHeader, LegHeaderError, decode_header, encode_header

HEADER = LegHeader(
    "centre_1", "call_1", "leg_1", "caller", datetime(2026, 3, 1, 3, 0, 0, 250_000, tzinfo=UTC)
)


@pytest.mark.parametrize(
    "header",
    [HEADER, LegHeader(**{**HEADER.__dict__, "part": 2, "from_sample": 8000})],
    ids=["first part", "later part"],
)
def test_a_header_round_trips_in_512_bytes(header):
    """The header is 512 bytes that begin with the magic, end a line, and say the same again."""
    block = encode_header(header)
    assert (len(block), block[:7], block[-1:]) == (512, b"RDLEG1\n", b"\n")
    assert decode_header(block) == header


@pytest.mark.parametrize(
    "block",
    [
        b"",
        b"\xff" * 512,
        encode_header(HEADER)[:-1],
        b"RDLEG1\n" + b" " * 504 + b"\n",
        b"RDLEG1\n" + b"[]".ljust(504) + b"\n",
        encode_header(HEADER).replace(b"8000", b'"xx"'),
        encode_header(HEADER).replace(b"2026-", b"20x6-"),
    ],
)
def test_anything_else_is_refused(block):
    """What is no header is refused with the documented error."""
    with pytest.raises(LegHeaderError):
        decode_header(block)


def test_a_header_that_does_not_fit_is_refused():
    """Ids too long for the header are refused rather than cut."""
    with pytest.raises(LegHeaderError):
        encode_header(LegHeader("c" * 600, "call", "leg", "caller", HEADER.first_instant))
