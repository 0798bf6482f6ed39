"""Serves the page that a caller's link opens. It holds nothing of any call."""

from pathlib import Path
from typing import Final

from ringdown.runtime.http import Routes
from ringdown.runtime.small_pages import Policy, small_page

PATH: Final = "/l"
"""What follows the `#` of a link never reaches a server, so it is in no log."""


def caller_page(folder: Path, *, microphone: bool) -> Routes:
    """The page at `/l`. It speaks to this server alone, also for its camera."""
    sound = ("microphone",) if microphone else ()
    may_use = ("camera", "geolocation", "screen-wake-lock", *sound)
    return small_page("caller page", folder, PATH, Policy(may_use=may_use))
