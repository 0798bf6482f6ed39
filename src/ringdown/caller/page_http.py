"""Serves the page that a caller's link opens. It holds nothing of any call."""

from pathlib import Path
from typing import Final

from ringdown.runtime.http import Routes
from ringdown.runtime.small_pages import Policy, small_page

PATH: Final = "/l"
"""What follows the `#` of a link never reaches a server, so it is in no log."""


def caller_page(folder: Path, *, microphone: bool, connect_to: tuple[str, ...] = ()) -> Routes:
    """The page at `/l`. It speaks to this server, also for its camera, and to `connect_to`."""
    sound = ("microphone",) if microphone else ()
    may_use = ("camera", "geolocation", "screen-wake-lock", *sound)
    return small_page("caller page", folder, PATH, Policy(connect_to, may_use))
