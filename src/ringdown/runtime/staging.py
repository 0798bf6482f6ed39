"""A centre's table loaded in portions: staged under a version first, put into use as a whole."""

import hashlib
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Final, TypeVar

from ringdown.runtime.db import Database, Tx

PORTION: Final = 2_000
"""Rows written in one transaction: others who write wait no longer than that takes."""

Progress = Callable[[int, int], None]
"""Told how many rows are written, and of how many."""
_R = TypeVar("_R")


async def stage_all(
    db: Database,
    rows: Sequence[_R],
    stage: Callable[[Tx, int, Sequence[_R]], Awaitable[None]],
    progress: Progress,
) -> None:
    """Write the rows in their order, each portion by itself; `stage` gets the first one's place."""
    for start in range(0, len(rows), PORTION):
        portion = rows[start : start + PORTION]
        async with db.write() as tx:
            await stage(tx, start, portion)
        progress(start + len(portion), len(rows))


def version_of(lines: Iterable[str]) -> str:
    """The same lines in the same order have the same version."""
    content = hashlib.sha256()
    for line in lines:
        content.update(f"{line}\n".encode())
    return content.hexdigest()[:16]
