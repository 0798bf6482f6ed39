"""The peer: one process that publishes one track, as the SDK's examples do, 20 ms at a time.

`python -m bench.playout_peer URL TOKEN`, until it is ended.
"""

import asyncio
import sys
import time

import numpy as np
from livekit import rtc


async def main(url: str, token: str) -> None:
    """Publish noise for ever."""
    room = rtc.Room()
    await room.connect(url, token)
    source = rtc.AudioSource(16_000, 1, queue_size_ms=60)
    track = rtc.LocalAudioTrack.create_audio_track("call", source)
    options = rtc.TrackPublishOptions(dtx=True, source=rtc.TrackSource.SOURCE_MICROPHONE)
    options.audio_encoding.max_bitrate = 20_000
    await room.local_participant.publish_track(track, options)
    noise = np.random.default_rng(1).normal(0, 3000, (50, 320)).astype(np.int16)
    began = time.monotonic()
    for number in range(1 << 30):
        frame = rtc.AudioFrame(noise[number % 50].tobytes(), 16_000, 1, 320)
        await source.capture_frame(frame)
        await asyncio.sleep(max(0.0, began + number * 0.02 - time.monotonic()))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2]))
