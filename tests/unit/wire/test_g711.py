"""G.711 tables agree with audioop on every code and every sample, on every Python."""

import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringdown.wire import g711

ALL_CODES = bytes(range(256))
ALL_SAMPLES = np.arange(65536, dtype=np.uint16).view(np.int16)


@pytest.mark.parametrize(
    ("output", "digest"),
    [
        (
            g711.decode_ulaw(ALL_CODES).astype("<i2").tobytes(),
            "3dab54339e520bb2c924826e3b72a917a2b612e9fd12fc867500f1d983a75827",
        ),
        (
            g711.decode_alaw(ALL_CODES).astype("<i2").tobytes(),
            "e04788d110e58ff8c70c93b8480190d973e3b67876b6119abbaec766cc75c174",
        ),
        (
            g711.encode_ulaw(ALL_SAMPLES),
            "617fa4850d68d3906597e949f7625fb2fc46db479e29707f33159b3d131721cb",
        ),
        (
            g711.encode_alaw(ALL_SAMPLES),
            "f77c76aa923ee25617453f87514828a12896227f82ff383bf3bb53d6ac7c2a0f",
        ),
    ],
    ids=["decode_ulaw", "decode_alaw", "encode_ulaw", "encode_alaw"],
)
def test_table_equals_audioop(output, digest):
    """The whole table equals what audioop of Python 3.11 gives (its digest is recorded here)."""
    assert hashlib.sha256(output).hexdigest() == digest


@given(st.binary())
def test_ulaw_round_trips_after_folding_minus_zero(payload):
    """Decoding and encoding give the stored bytes back exactly, which the archive relies on."""
    folded = g711.fold_minus_zero(payload)
    assert g711.encode_ulaw(g711.decode_ulaw(folded)) == folded


@given(st.binary())
def test_folding_minus_zero_changes_no_sample(payload):
    """Storing 0xFF for 0x7F is inaudible: every sample stays the same."""
    np.testing.assert_array_equal(
        g711.decode_ulaw(g711.fold_minus_zero(payload)), g711.decode_ulaw(payload)
    )


@given(st.binary())
def test_alaw_round_trips(payload):
    """A-law has no double code: any bytes come back."""
    assert g711.encode_alaw(g711.decode_alaw(payload)) == payload
