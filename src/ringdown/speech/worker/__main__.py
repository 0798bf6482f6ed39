"""`python -m ringdown.speech.worker`: orders on stdin, reports on stdout, logs on stderr.

It ends when stdin ends, so it never outlives its server.
"""

import argparse
import json
import os
import select
import signal
import sys
from contextlib import ExitStack

from ringdown.core.errors import BadConfig
from ringdown.core.events import Value
from ringdown.runtime.clock import SystemClock
from ringdown.runtime.memory import Tidy
from ringdown.runtime.telemetry import configure_logs, get_logger
from ringdown.speech.adapters.silero import SileroModel
from ringdown.speech.engines import open_engine
from ringdown.speech.model.protocol import WorkerLineError, decode_order, encode
from ringdown.speech.model.segment import CutRules
from ringdown.speech.settings import SpeechSettings
from ringdown.speech.worker.loop import LoopRules, WorkerLoop

POLL_S = 0.04
NICE = 5
"""Recording and the console go before words."""


class Orders:
    """Lines from stdin, taken without waiting longer than allowed."""

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self._rest = b""
        self.ended = False
        os.set_blocking(handle, False)

    def take(self, wait_s: float) -> list[bytes]:
        """The lines that have come, waiting at most `wait_s` for the first."""
        if not select.select([self._handle], [], [], wait_s)[0]:
            return []
        try:
            chunk = os.read(self._handle, 1 << 16)
        except BlockingIOError:
            return []
        self.ended = not chunk
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        return [line for line in lines if line]


def _tell(report: Value) -> None:
    sys.stdout.buffer.write(encode(report))
    sys.stdout.buffer.flush()


def run(settings: SpeechSettings) -> None:
    """Work until stdin ends."""
    log = get_logger("speech.worker")
    rules = LoopRules(CutRules(), settings.doubtful_below, settings.partial_every_ms / 1000)
    orders = Orders(sys.stdin.fileno())
    with ExitStack() as stack:
        engine = stack.enter_context(open_engine(settings))
        clock, tidy = SystemClock(), Tidy()
        loop = WorkerLoop(engine, SileroModel().new, _tell, clock, rules)
        stack.callback(loop.close)
        busy = False
        while not orders.ended:
            for line in orders.take(0 if busy else POLL_S):
                try:
                    loop.obey(decode_order(line))
                except WorkerLineError as error:
                    log.warning("order refused", code=error.code)
            busy = loop.turn()
            tidy(clock.monotonic())


def main() -> int:
    """Read the settings from the command line and work; 2 when a setting is wrong."""
    parser = argparse.ArgumentParser(prog="ringdown.speech.worker")
    parser.add_argument("--settings", default="{}", help="the speech settings as JSON")
    options = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends us
    configure_logs(level="info")
    os.nice(NICE)
    try:
        run(SpeechSettings.model_validate(json.loads(options.settings)))
    except BadConfig as error:
        get_logger("speech.worker").error("cannot work", code=error.code, details=error.details)
        return 2
    except BrokenPipeError:  # the server is gone
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
