"""Serves the page that a link for the field opens. It holds nothing of any call."""

from pathlib import Path
from typing import Final

from ringdown.runtime.http import Routes
from ringdown.runtime.small_pages import Policy, small_page

PATH: Final = "/r"


def responder_page(folder: Path, *, connect_to: tuple[str, ...]) -> Routes:
    """The page at `/r`; `connect_to` is where the media server answers."""
    return small_page("responder page", folder, PATH, Policy(connect_to))
