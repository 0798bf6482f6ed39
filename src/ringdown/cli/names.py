"""`ringdown names`: the streets, places and businesses of a centre, beside a server or without."""

import asyncio
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ringdown.cli.config import Data, File, settings_of
from ringdown.cli.loading import (
    Tell,
    content_of,
    print_lines,
    refused_lines,
    with_progress,
)
from ringdown.cli.user import CentreId, one_centre, operator
from ringdown.settings import Settings
from ringdown.speech.model.names_index import NameIndex
from ringdown.speech.names_api import NamesReport
from ringdown.spoken.places import fold_words, plain_words

if TYPE_CHECKING:
    from ringdown.composition.commands import Naming

app = typer.Typer()


@app.command("load")
def load_names(
    file: Annotated[Path, typer.Argument(help="CSV or GeoJSON with the names.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Leave only these names; else they are added.")
    ] = False,
    centre: CentreId = None,
    data: Data = None,
    config: File = None,
) -> None:
    """Load streets, places and businesses. A running server uses them from its next call on.

    Example: `ringdown names load streets.csv --replace`
    """
    content = content_of(file)
    settings = settings_of(data, config)

    async def work(tell: Tell) -> NamesReport:
        async with naming(settings) as found:
            where = one_centre(await found.installation.centres(), centre)
            return await found.names.load(
                operator(where.centre_id),
                content,
                source=file.name,
                replace=replace,
                progress=tell,
            )

    report = with_progress("Writing names", work)
    print_lines(told(report))


@app.command()
def show(centre: CentreId = None, data: Data = None, config: File = None) -> None:
    """Say how many names each centre has, from which file, since when."""

    async def work() -> list[tuple[str, str]]:
        async with naming(settings_of(data, config)) as found:
            books = {book.centre_id: book for book in await found.names.books()}
            lines: list[tuple[str, str]] = []
            for each in await found.installation.centres():
                book = books.get(each.centre_id)
                text = (
                    "no names"
                    if book is None
                    else (
                        f"{book.total} names from {book.source}, "
                        f"{book.loaded_at:%Y-%m-%d %H:%M} UTC, by {book.loaded_by}"
                    )
                )
                if centre in (None, each.centre_id):
                    lines.append((f"{each.name}  ({each.centre_id})", text))
            return lines

    print_lines(f"{name}: {text}" for name, text in asyncio.run(work()))


@app.command()
def find(
    text: Annotated[str, typer.Argument(help='What was heard, such as "jenna see street".')],
    centre: CentreId = None,
    data: Data = None,
    config: File = None,
) -> None:
    """Show the names that sound or look most like a text, with how near they are.

    Example: `ringdown names find "jenna see street"`
    """

    async def work() -> list[str]:
        async with naming(settings_of(data, config)) as found:
            where = one_centre(await found.installation.centres(), centre)
            book = await found.names.book(where.centre_id)
        if book is None:
            return ["No names are loaded: `ringdown names load FILE` does it."]
        place = fold_words(plain_words(text))
        nearest = NameIndex(book).nearest(place.own, place.kind)
        near = [match for match in nearest if match.score >= 0.3][:10]
        return [f"{match.score:4.2f}  {match.name}" for match in near] or ["Nothing is like it."]

    print_lines(asyncio.run(work()))


@app.command()
def remove(
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    centre: CentreId = None,
    data: Data = None,
    config: File = None,
) -> None:
    """Remove every name of a centre."""
    if not yes:
        typer.confirm("Remove every local name of the centre?", abort=True)

    async def work() -> None:
        async with naming(settings_of(data, config)) as found:
            where = one_centre(await found.installation.centres(), centre)
            await found.names.remove(operator(where.centre_id))

    asyncio.run(work())
    typer.echo("The centre has no local names now.")


def told(report: NamesReport) -> list[str]:
    """A report in lines for a person."""
    counts = f"{report.rows} rows: {report.taken} taken, {report.merged} merged"
    lines = [f"{counts}, {report.refused} refused."]
    lines += refused_lines(report.refused, report.first_refused)
    state = "The centre has" if report.changed else "Nothing changed: the centre has"
    return [*lines, f"{state} {report.count} names (version {report.version})."]


def naming(settings: Settings) -> "AbstractAsyncContextManager[Naming]":
    """Local names, beside a running server or without one."""
    # Imported here: it takes half a second, which the help of other commands need not wait for.
    from ringdown.composition.commands import naming as opened  # noqa: PLC0415

    return opened(settings)
