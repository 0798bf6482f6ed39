"""Listeners as a process of their own: `python -m bench.playout_listeners URL SECONDS TOKEN…`.

Prints `ready` once all of them are in their rooms, then, at the end, one JSON object: the longest
silence (ms) that every fifth of them heard after the first seconds of sound.
"""

import asyncio
import contextlib
import json
import sys

import numpy as np
from livekit import rtc

SETTLE_MS = 2000
EVERY = 5
"""All are in their rooms and are sent everything; so many of them also look at what they hear."""
QUIET = 40


async def _silences(track: rtc.Track, found: list[int]) -> None:
    stream = rtc.AudioStream(track, sample_rate=16_000, num_channels=1)
    heard = quiet = 0
    async for event in stream:
        samples = np.abs(np.frombuffer(event.frame.data, np.int16).astype(np.int32))
        heard += len(samples) // 16 if heard or samples.max() >= QUIET else 0
        for block in samples.reshape(-1, 160):
            quiet = quiet + 10 if int(block.max()) < QUIET else 0
            if quiet and heard > SETTLE_MS:
                found.append(quiet)


async def main(url: str, seconds: float, tokens: list[str]) -> None:
    """Be there for so long."""
    found: list[int] = []
    tasks: list[asyncio.Task[None]] = []
    rooms: list[rtc.Room] = []
    for number, token in enumerate(tokens):
        room = rtc.Room()
        if number % EVERY == 0:
            room.on(
                "track_subscribed",
                lambda track, *_: tasks.append(asyncio.ensure_future(_silences(track, found))),
            )
        await room.connect(url, token)
        rooms.append(room)
    print("ready", flush=True)
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.sleep(seconds)
    print(json.dumps({"longest_silence_ms": max(found, default=0)}), flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], float(sys.argv[2]), sys.argv[3:]))
