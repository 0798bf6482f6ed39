"""Build the media server now, so that nothing waits for it later; nothing to do if it is there."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from pathlib import Path

from ringdown.core.errors import RingdownError
from ringdown.media.adapters.livekit_build import Builder
from ringdown.media.adapters.livekit_settings import MediaServerSettings
from ringdown.runtime.clock import SystemClock
from ringdown.runtime.parts import cache_folder


async def build() -> Path:
    """The program, from wherever it comes. Raises BuildFailed, ToolMissing."""
    logs = Path(tempfile.gettempdir()) / "ringdown-media-server"
    builder = Builder(
        MediaServerSettings(),
        cache=cache_folder(os.environ),
        logs=logs,
        environment=os.environ,
        clock=SystemClock(),
    )
    return await builder.program(lambda text: print(text, flush=True))


def main() -> int:
    """Say where it is; 1 when it cannot be built."""
    try:
        print(asyncio.run(build()))
    except RingdownError as error:
        print(f"{error.message}. {error.action} {error.details}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
