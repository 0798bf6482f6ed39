"""A WebM film (RFC 8794, RFC 9559) written as it comes: VP8 and Opus, cluster by cluster.

What is written up to any cluster's end is a film. Sans I/O.
"""

import struct
from datetime import UTC, datetime
from typing import BinaryIO, Final

CLUSTER_MS: Final = 1000
CLUSTER_BYTES: Final = 262_144
_EPOCH: Final = datetime(2001, 1, 1, tzinfo=UTC)
_SEGMENT: Final = b"\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff"
"""Its size is not known."""
_CLUSTER: Final = b"\x1f\x43\xb6\x75"
_BY: Final = b"Ringdown"
_PICTURE, _SOUND = b"\x81", b"\x82"
"""The numbers of the tracks."""
SOUND_HZ: Final = 48_000
_PREROLL_NS: Final = 80_000_000
"""Opus that is decoded before it can be heard, after a jump."""


class WebmWriter:
    """Gives the bytes of a film; `at_ms` is counted from its first picture."""

    def __init__(self) -> None:
        self._from_ms = 0
        self._blocks = bytearray()

    def picture(self, data: bytes, at_ms: int, *, key: bool) -> bytes | None:
        """Take a picture; the cluster before it if that is now full."""
        return self._take(_PICTURE, data, at_ms, key=key)

    def sound(self, data: bytes, at_ms: int) -> bytes | None:
        """Take a packet of sound; the cluster before it if that is now full."""
        return self._take(_SOUND, data, at_ms, key=True)

    def _take(self, track: bytes, data: bytes, at_ms: int, *, key: bool) -> bytes | None:
        full = at_ms - self._from_ms >= CLUSTER_MS or len(self._blocks) >= CLUSTER_BYTES
        done = self.flush() if self._blocks and full else None
        if not self._blocks:
            self._from_ms = at_ms
        since = (at_ms - self._from_ms).to_bytes(2, "big", signed=True)
        self._blocks += _element(b"\xa3", track + since + (b"\x80" if key else b"\0") + data)
        return done

    def flush(self) -> bytes | None:
        """The cluster that is not full yet."""
        if not self._blocks:
            return None
        body = _number(b"\xe7", self._from_ms) + bytes(self._blocks)
        self._blocks.clear()
        return _element(_CLUSTER, body)


def head(width: int, height: int, begun_at: datetime, sound: bytes | None = None) -> bytes:
    """How a film begins that goes on for who knows how long; with `sound`, its `OpusHead`."""
    header = (
        _number(b"\x42\x86", 1) + _number(b"\x42\xf7", 1) + _number(b"\x42\xf2", 4)
        + _number(b"\x42\xf3", 8) + _element(b"\x42\x82", b"webm")
        + _number(b"\x42\x87", 4) + _number(b"\x42\x85", 2)
    )  # fmt: skip
    passed = begun_at - _EPOCH
    nanoseconds = (passed.days * 86_400 + passed.seconds) * 10**9 + passed.microseconds * 1000
    info = (
        _number(b"\x2a\xd7\xb1", 1_000_000)
        + _element(b"\x44\x61", nanoseconds.to_bytes(8, "big", signed=True))
        + _element(b"\x4d\x80", _BY) + _element(b"\x57\x41", _BY)
    )  # fmt: skip
    size = _number(b"\xb0", width) + _number(b"\xba", height)
    tracks = _track(_PICTURE, 1, b"V_VP8", _element(b"\xe0", size))
    if sound is not None:
        skipped_ns = int.from_bytes(sound[10:12], "little") * 10**9 // SOUND_HZ
        heard = _element(b"\xb5", struct.pack(">f", SOUND_HZ)) + _number(b"\x9f", 1)
        tracks += _track(
            _SOUND, 2, b"A_OPUS",
            _element(b"\xe1", heard) + _element(b"\x63\xa2", sound)
            + _number(b"\x56\xaa", skipped_ns) + _number(b"\x56\xbb", _PREROLL_NS),
        )  # fmt: skip
    return (
        _element(b"\x1a\x45\xdf\xa3", header)
        + _SEGMENT
        + _element(b"\x15\x49\xa9\x66", info)
        + _element(b"\x16\x54\xae\x6b", tracks)
    )


def whole_until(file: BinaryIO, size: int) -> tuple[int, int]:
    """How many bytes of what was written are a film, where the last cluster may be torn.

    And at which millisecond of the film that last whole cluster begins.
    """
    at = file.read(256).find(_SEGMENT)
    if at < 0:
        return 0, 0
    at += len(_SEGMENT)
    last_ms, clusters = 0, 0
    while at + 8 <= size:
        file.seek(at)
        told = file.read(18)  # elements of ours have ids of four bytes here, and sizes of four
        end = at + 8 + (int.from_bytes(told[4:8], "big") & 0x0FFF_FFFF)
        if end > size:
            break
        if told[:4] == _CLUSTER:
            clusters += 1
            last_ms = int.from_bytes(told[13 : 13 + (told[12] & 0xF)], "big")
        at = end
    return (at, last_ms) if clusters else (0, 0)


def _track(number: bytes, kind: int, codec: bytes, more: bytes) -> bytes:
    told = int.from_bytes(number, "big") & 0x7F
    body = (
        _number(b"\xd7", told) + _number(b"\x73\xc5", told) + _number(b"\x83", kind)
        + _number(b"\x9c", 0) + _element(b"\x86", codec) + more
    )  # fmt: skip
    return _element(b"\xae", body)


def _element(number: bytes, body: bytes) -> bytes:
    return number + (len(body) | 0x1000_0000).to_bytes(4, "big") + body


def _number(number: bytes, value: int) -> bytes:
    return _element(number, value.to_bytes(max(1, (value.bit_length() + 7) // 8), "big"))
