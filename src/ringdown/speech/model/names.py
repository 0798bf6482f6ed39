"""Local names: the streets, places and businesses of one agency."""

from dataclasses import dataclass


@dataclass(frozen=True)
class NameBook:
    """The names an agency has loaded, as written; `version` tells one book from another."""

    version: str
    names: tuple[str, ...]
