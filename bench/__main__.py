"""`make bench`, or `python -m bench NAME…` for some of them."""

import importlib
import sys

from bench.report import Measured, keep, write_page
from ringdown.core.clock import iso
from ringdown.runtime.clock import SystemClock

ALL = ("latency", "recorder", "feed", "endurance")


def main(names: list[str]) -> None:
    """Run the measurements named, or all, and write the page anew."""
    when = iso(SystemClock().now())[:10]
    for name in names or ALL:
        print(f"{name} …", flush=True)
        results = _several(importlib.import_module(f"bench.{name}").run())
        for measured in results:
            print(f"  {measured.title}: {measured.got} ({'met' if measured.met else 'NOT met'})")
            for row, value in measured.rows.items():
                print(f"    {row}: {value}")
        keep(name, results, when)
        write_page(ALL)


def _several(made: Measured | list[Measured]) -> list[Measured]:
    return made if isinstance(made, list) else [made]


if __name__ == "__main__":
    main(sys.argv[1:])
