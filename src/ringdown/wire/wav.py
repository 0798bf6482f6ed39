"""RIFF/WAVE headers for what the player is sent (linear PCM) and for µ-law files."""

import struct
from typing import Final

import numpy as np
from numpy.typing import NDArray

PCM: Final = 1
MULAW: Final = 7
"""`wFormatTag` of ITU-T G.711 µ-law (RFC 2361 §A.8)."""


def pcm16_header(*, frames: int, rate: int, channels: int) -> bytes:
    """The 44 bytes before `frames` frames of 16-bit PCM."""
    return _header(PCM, 16, frames=frames, rate=rate, channels=channels)


def mulaw_header(*, frames: int, rate: int, channels: int) -> bytes:
    """The 58 bytes before `frames` frames of µ-law: with `cbSize` and a `fact` chunk."""
    return _header(MULAW, 8, frames=frames, rate=rate, channels=channels)


def _header(tag: int, bits: int, *, frames: int, rate: int, channels: int) -> bytes:
    block = channels * bits // 8
    size = frames * block
    if size > 0xFFFF_FFC0:
        raise ValueError("a WAVE file holds at most 4 GB")
    form = struct.pack("<HHIIHH", tag, channels, rate, rate * block, block, bits)
    fact = b""
    if tag != PCM:
        form += struct.pack("<H", 0)
        fact = struct.pack("<4sII", b"fact", 4, frames)
    chunks = struct.pack("<4sI", b"fmt ", len(form)) + form + fact
    data = struct.pack("<4sI", b"data", size)
    riff = 4 + len(chunks) + len(data) + size + (size & 1)
    return struct.pack("<4sI4s", b"RIFF", riff, b"WAVE") + chunks + data


def pcm16_wav(channels: list[NDArray[np.int16]], *, rate: int) -> bytes:
    """A whole WAVE file out of one array for each channel, all equally long."""
    frames = len(channels[0])
    if any(len(channel) != frames for channel in channels):
        raise ValueError("the channels are not equally long")
    body = np.stack(channels, axis=1).astype("<i2").tobytes()
    return pcm16_header(frames=frames, rate=rate, channels=len(channels)) + body
