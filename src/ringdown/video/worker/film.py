"""Pictures and sound into a film: VP8 and Opus in WebM, a cluster for each second."""

from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import av
import numpy as np

from ringdown.video.worker.sound import Packets, Sound
from ringdown.wire.webm_writer import WebmWriter, head

if TYPE_CHECKING:
    from numpy.typing import NDArray

FPS: Final = 15
KEY_EVERY: Final = 30
"""Pictures from one that stands by itself to the next, so that seeking is quick."""
OPTIONS: Final = {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0"}
LEAST_SIDE: Final = 16


class FilmWriter:
    """Gives the bytes of one camera's film as pictures come; their size may change on the way."""

    def __init__(self, kbps: int, *, sound: bool) -> None:
        self._kbps = kbps
        self._sound = Sound() if sound else None
        self._codec: Any = None
        self._size = (0, 0)
        self._writer = WebmWriter()
        self._last_ms: int | None = None

    def picture(self, i420: bytes, size: tuple[int, int], at_ms: int, now: datetime) -> bytes:
        """Take a picture of these pixels; whatever bytes are whole now."""
        width, height = size[0] & ~1, size[1] & ~1
        too_soon = self._last_ms is not None and at_ms - self._last_ms < 1000 // FPS - 8
        if too_soon or min(width, height) < LEAST_SIDE:
            return b""
        out = b""
        if self._last_ms is None:
            out = head(width, height, now, None if self._sound is None else self._sound.head)
        self._last_ms = at_ms
        if self._sound is not None:
            out += self._written(self._sound.shown(at_ms))
        if self._size != (width, height):
            out += self._drain(None)
            self._codec, self._size = self._encoder(width, height), (width, height)
        return out + self._drain(_frame(i420, size, at_ms))

    def heard(self, pcm: bytes, at_ms: int, *, first: bool) -> bytes:
        """Take a piece of sound; whatever bytes are whole now. The film begins with a picture."""
        if self._sound is None or self._last_ms is None:
            return b""
        return self._written(self._sound.heard(pcm, at_ms, first=first))

    def end(self) -> bytes:
        """What is left."""
        return self._drain(None) + (self._writer.flush() or b"")

    def _drain(self, frame: Any) -> bytes:
        if self._codec is None:
            return b""
        done = b""
        for packet in self._codec.encode(frame):
            done += self._writer.picture(bytes(packet), packet.pts, key=packet.is_keyframe) or b""
        return done

    def _written(self, packets: Packets) -> bytes:
        return b"".join(self._writer.sound(*packet) or b"" for packet in packets)

    def _encoder(self, width: int, height: int) -> Any:
        codec: Any = av.CodecContext.create("libvpx", "w")
        codec.width, codec.height, codec.pix_fmt = width, height, "yuv420p"
        codec.time_base, codec.framerate = Fraction(1, 1000), Fraction(FPS)
        codec.bit_rate, codec.gop_size = self._kbps * 1000, KEY_EVERY
        codec.thread_count, codec.options = 1, OPTIONS
        return codec


def _frame(i420: bytes, size: tuple[int, int], at_ms: int) -> Any:
    wide, high = size
    half = ((high + 1) // 2, (wide + 1) // 2)
    pixels: NDArray[np.uint8] = np.frombuffer(i420, np.uint8)
    luma, rest = pixels[: wide * high].reshape(high, wide), pixels[wide * high :]
    many = half[0] * half[1]
    width, height = wide & ~1, high & ~1
    planes = [luma[:height, :width]]
    for start in (0, many):
        plane = rest[start : start + many].reshape(half)
        planes.append(plane[: height // 2, : width // 2])
    tight = np.concatenate([np.ascontiguousarray(plane).reshape(-1) for plane in planes])
    frame = av.VideoFrame.from_ndarray(tight.reshape(height * 3 // 2, width), format="yuv420p")
    frame.pts, frame.time_base = at_ms, Fraction(1, 1000)
    return frame
