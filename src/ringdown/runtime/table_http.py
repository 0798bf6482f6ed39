"""What routes share that take a centre's table as a CSV or GeoJSON file."""

from typing import Annotated, Any, Final

from fastapi import Query

LARGEST: Final = 32_000_000
"""Bytes of a file that may be sent; the command line takes larger ones."""

_TEXT: Final = {"schema": {"type": "string"}}
TABLE_FILE: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "description": "The file itself. What it is is seen by what it begins with.",
        "content": {"text/csv": _TEXT, "application/geo+json": {"schema": {"type": "object"}}},
    }
}
"""The body of such a request, for the description of the interface."""
Source = Annotated[str, Query(max_length=200, description="The name of the file, for the record.")]
