"""What commands share that load a centre's file: reading it, showing how far it is, telling."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from pathlib import Path
from typing import Final, Protocol, TypeVar

from rich.console import Console
from rich.progress import Progress

from ringdown.core.errors import BadConfig

LARGEST: Final = 512_000_000
"""Bytes of a file that is read into memory."""

Tell = Callable[[int, int], None]
"""Told how much is written, and of how much."""
_Report = TypeVar("_Report")


def content_of(file: Path) -> bytes:
    """A whole file. Raises `BadConfig`."""
    try:
        if file.stat().st_size > LARGEST:
            raise BadConfig("the file is too large", details={"most_bytes": LARGEST})
        return file.read_bytes()
    except OSError:
        raise BadConfig("the file cannot be read", details={"file": file.name}) from None


def with_progress(title: str, work: Callable[[Tell], Awaitable[_Report]]) -> _Report:
    """Do the work, a bar on standard error saying how far it is."""

    async def done(tell: Tell) -> _Report:
        return await work(tell)

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(title, total=None)
        return asyncio.run(done(lambda at, of: progress.update(task, completed=at, total=of)))


class RefusedRow(Protocol):
    """A row of a file that was not taken, and why."""

    @property
    def row(self) -> int:
        """Its line, or the place of its feature."""
        ...

    @property
    def reason(self) -> str:
        """Why, for a person."""
        ...


def refused_lines(refused: int, first: Sequence[RefusedRow]) -> list[str]:
    """The first rows that were not taken, and how many more there are."""
    lines = [f"  row {row.row}: {row.reason}" for row in first]
    more = refused - len(first)
    return [*lines, f"  and {more} more"] if more > 0 else lines


def print_lines(lines: Iterable[str]) -> None:
    """Lines as they are, not folded."""
    console = Console(highlight=False)
    for line in lines:
        console.print(line, markup=False, soft_wrap=True)
