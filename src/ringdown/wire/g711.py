"""G.711 µ-law and A-law to and from 16-bit linear PCM (ITU-T G.711), by table.

The tables agree with Python's former `audioop` on all 256 codes in both directions. µ-law has two
codes for zero: 0xFF and 0x7F. Encoding yields 0xFF, as `audioop` does.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Pcm16 = NDArray[np.int16]
Codes = NDArray[np.uint8]

ULAW_SILENCE: Final = 0xFF
"""The µ-law code of plus zero."""

ULAW_MINUS_ZERO: Final = 0x7F
"""The µ-law code of minus zero: decodes to the same sample as `ULAW_SILENCE`."""

ALAW_SILENCE: Final = 0xD5


def _ulaw_table() -> Pcm16:
    code = (~np.arange(256, dtype=np.uint8)).astype(np.int32)
    magnitude = ((((code & 0x0F) << 3) + 0x84) << ((code & 0x70) >> 4)) - 0x84
    return np.where(code & 0x80, -magnitude, magnitude).astype(np.int16)


def _alaw_table() -> Pcm16:
    code = np.arange(256, dtype=np.int32) ^ 0x55
    exponent, mantissa = (code & 0x70) >> 4, (code & 0x0F) << 4
    magnitude = np.where(
        exponent == 0, mantissa + 8, (mantissa + 0x108) << np.maximum(exponent - 1, 0)
    )
    return np.where(code & 0x80, magnitude, -magnitude).astype(np.int16)


def _ulaw_encoder() -> Codes:
    """The code of each of the 65 536 samples, indexed by the sample's unsigned 16 bits."""
    linear = np.arange(65536, dtype=np.uint16).view(np.int16).astype(np.int32) >> 2
    mask = np.where(linear < 0, 0x7F, 0xFF)
    magnitude = np.minimum(np.abs(linear) + (0x84 >> 2), 0x1FFF)
    segment = np.searchsorted(np.array([0x3F, 0x7F, 0xFF, 0x1FF, 0x3FF, 0x7FF, 0xFFF]), magnitude)
    code = (segment << 4) | ((magnitude >> (segment + 1)) & 0x0F)
    return (code ^ mask).astype(np.uint8)


def _alaw_encoder() -> Codes:
    """The code of each of the 65 536 samples, indexed by the sample's unsigned 16 bits."""
    linear = np.arange(65536, dtype=np.uint16).view(np.int16).astype(np.int32) >> 3
    mask = np.where(linear < 0, 0x55, 0xD5)
    magnitude = np.where(linear < 0, -linear - 1, linear)
    segment = np.searchsorted(np.array([0x1F, 0x3F, 0x7F, 0xFF, 0x1FF, 0x3FF, 0x7FF]), magnitude)
    code = (segment << 4) | ((magnitude >> np.maximum(segment, 1)) & 0x0F)
    return (code ^ mask).astype(np.uint8)


_FROM_ULAW: Final = _ulaw_table()
_FROM_ALAW: Final = _alaw_table()
_TO_ULAW: Final = _ulaw_encoder()
_TO_ALAW: Final = _alaw_encoder()


def decode_ulaw(payload: bytes | bytearray | memoryview) -> Pcm16:
    """Decode µ-law bytes to samples, one each."""
    return _FROM_ULAW[np.frombuffer(payload, dtype=np.uint8)]


def encode_ulaw(samples: Pcm16) -> bytes:
    """Encode samples to µ-law bytes, one each."""
    return _TO_ULAW[np.ascontiguousarray(samples, dtype=np.int16).view(np.uint16)].tobytes()


def decode_alaw(payload: bytes | bytearray | memoryview) -> Pcm16:
    """Decode A-law bytes to samples, one each."""
    return _FROM_ALAW[np.frombuffer(payload, dtype=np.uint8)]


def encode_alaw(samples: Pcm16) -> bytes:
    """Encode samples to A-law bytes, one each."""
    return _TO_ALAW[np.ascontiguousarray(samples, dtype=np.int16).view(np.uint16)].tobytes()


_ONE_ZERO: Final = bytes(ULAW_SILENCE if code == ULAW_MINUS_ZERO else code for code in range(256))


def fold_minus_zero(payload: bytes) -> bytes:
    """Replace µ-law minus zero by plus zero, so that decoding and encoding give the bytes back."""
    return payload.translate(_ONE_ZERO)
