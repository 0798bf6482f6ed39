"""`make bench`, `make bench-speech`, or `python -m bench NAME…` for some of them."""

import importlib
import sys
import traceback

from bench.report import (
    CALLER_MEASURED,
    MEASURED,
    SPEECH_MEASURED,
    Measured,
    Page,
    keep,
    keep_failure,
    write_page,
)
from ringdown.core.clock import iso
from ringdown.runtime.clock import SystemClock

ALL = (
    *("latency", "recorder", "feed", "transcript_socket", "playout", "first_audio"),
    *("webhooks", "draft_call", "redaction", "endurance"),
)
SPEECH = (
    *("speech_accuracy", "speech_nonspeech", "speech_times", "speech_names"),
    *("names", "streets", "speech_latency", "speech_channels", "speech_memory"),
)
CALLER = ("caller_link", "caller_narrow", "caller_crowd")


def main(names: list[str]) -> int:
    """Run the measurements named, or all of `make bench`; one that fails loses no other."""
    when = iso(SystemClock().now())[:10]
    failed: list[str] = []
    for name in [part for named in names or ALL for part in _parts(named)]:
        print(f"{name} …", flush=True)
        try:
            results = _several(importlib.import_module(f"bench.{name}").run())
        except Exception as error:  # noqa: BLE001 - told, kept with the results, and the next goes on
            traceback.print_exc()
            keep_failure(name, type(error).__name__, when)
            failed.append(name)
        else:
            for measured in results:
                _tell(measured)
            keep(name, results, when)
        write_page(*_page_of(name))
    if failed:
        print(f"failed: {', '.join(failed)}")
    return 1 if failed else 0


def _page_of(name: str) -> tuple[tuple[str, ...], Page]:
    """What stands on the page that a measurement is written to, and the page."""
    if name in CALLER:
        return CALLER, CALLER_MEASURED
    return (SPEECH, SPEECH_MEASURED) if name in SPEECH else (ALL, MEASURED)


def _parts(name: str) -> tuple[str, ...]:
    return SPEECH if name == "speech" else (name,)


def _tell(measured: Measured) -> None:
    print(f"  {measured.title}: {measured.got} ({'met' if measured.met else 'NOT met'})")
    if measured.peer:
        print(f"    the moonshine-voice library: {measured.peer}")
    for row, value in measured.rows.items():
        print(f"    {row}: {value}")


def _several(made: Measured | list[Measured]) -> list[Measured]:
    return made if isinstance(made, list) else [made]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
