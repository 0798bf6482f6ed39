"""`python -m ringdown.listening.worker`: orders on stdin, reports on stdout, logs on stderr.

It ends when stdin ends, so it never outlives its server.
"""

import argparse
import asyncio
import contextlib
import json
import logging
import os
import signal
import sys
import time

from ringdown.core.events import Value
from ringdown.listening.adapters.livekit_publisher import LiveKitPublisher
from ringdown.listening.model.protocol import (
    PlayoutLineError,
    State,
    decode_order,
    encode,
)
from ringdown.listening.model.rules import PlayoutRules
from ringdown.listening.settings import ListeningSettings
from ringdown.listening.worker.loop import Worker
from ringdown.runtime.clock import SystemClock
from ringdown.runtime.tasks import Tasks
from ringdown.runtime.telemetry import configure_logs, get_logger
from ringdown.runtime.workers import LONGEST_LINE

CLOSE_S = 1.0


class Reports:
    """Lines to stdout that never hold up the loop; a server that does not read loses states."""

    def __init__(self, transport: asyncio.WriteTransport) -> None:
        self._transport = transport

    def __call__(self, report: Value) -> None:
        """Send one."""
        full = self._transport.get_write_buffer_size() > LONGEST_LINE
        if not (full and isinstance(report, State)) and not self._transport.is_closing():
            self._transport.write(encode(report))


async def run(settings: ListeningSettings) -> None:
    """Work until stdin ends."""
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=LONGEST_LINE)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin.buffer)
    transport, _ = await loop.connect_write_pipe(asyncio.BaseProtocol, sys.stdout.buffer)
    rules = PlayoutRules(
        min_gain_db=settings.min_gain_db,
        max_gain_db=settings.max_gain_db,
        commands_per_s=settings.commands_per_s,
        at_end_ms=settings.at_end_within_ms,
    )
    async with Tasks() as tasks:
        worker = Worker(
            LiveKitPublisher(tasks),
            Reports(transport),
            clock=SystemClock(),
            tasks=tasks,
            rules=rules,
            cpu_s=time.process_time,
        )
        tasks.supervise("worker", worker.run)
        log = get_logger("listening.worker")
        while line := await reader.readline():
            try:
                worker.obey(decode_order(line))
            except PlayoutLineError as error:
                log.warning("order refused", code=error.code)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_S):
                await worker.stop()


def main() -> int:
    """Read the settings from the command line and work."""
    parser = argparse.ArgumentParser(prog="ringdown.listening.worker")
    parser.add_argument("--settings", default="{}", help="the listening settings as JSON")
    options = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends us
    configure_logs(level="info")
    # The media client's own log names rooms and network addresses.
    logging.getLogger("livekit").setLevel(logging.CRITICAL)
    asyncio.run(run(ListeningSettings.model_validate(json.loads(options.settings))))
    return 0


if __name__ == "__main__":
    code = main()
    with contextlib.suppress(ValueError):  # closed with the pipe to the server
        sys.stdout.flush()
    # The media client's threads may still be at work on rooms that are gone.
    os._exit(code)
