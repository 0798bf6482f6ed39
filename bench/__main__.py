"""`make bench`, or `python -m bench NAME…` for some of them."""

import importlib
import sys

from bench.report import Measured, write
from ringdown.core.clock import iso
from ringdown.runtime.clock import SystemClock

ALL = ("latency", "recorder", "feed", "endurance")


def main(names: list[str]) -> None:
    """Run the measurements named, or all; only a whole run writes the page."""
    results: list[Measured] = []
    for name in names or ALL:
        print(f"{name} …", flush=True)
        for measured in _several(importlib.import_module(f"bench.{name}").run()):
            results.append(measured)
            print(f"  {measured.title}: {measured.got} ({'met' if measured.met else 'NOT met'})")
            for row, value in measured.rows.items():
                print(f"    {row}: {value}")
    if not names:
        write(results, iso(SystemClock().now())[:10])


def _several(made: Measured | list[Measured]) -> list[Measured]:
    return made if isinstance(made, list) else [made]


if __name__ == "__main__":
    main(sys.argv[1:])
