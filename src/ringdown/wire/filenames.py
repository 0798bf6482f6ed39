"""The name of a file as a record keeps it. Pure."""

from typing import Final

LONGEST: Final = 200


def last_part(source: str) -> str:
    """The last part of a path, printable: where it lay on somebody's machine is of no concern."""
    name = source.replace("\\", "/").rstrip("/").rpartition("/")[2]
    kept = "".join(c for c in name if c.isprintable()).strip()
    return kept[:LONGEST] or "unnamed"
