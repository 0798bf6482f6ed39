"""`ringdown streets`: the agency's own map, beside a server or without."""

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
from ringdown.streets.api import StreetsReport
from ringdown.streets.model.features import Layer

if TYPE_CHECKING:
    from ringdown.composition.commands import Maps

app = typer.Typer()


@app.command("import")
def import_streets(
    file: Annotated[Path, typer.Argument(help="GeoJSON or CSV of one layer.")],
    layer: Annotated[
        Layer | None, typer.Option("--layer", help="Unsaid: seen by what the file holds.")
    ] = None,
    centre: CentreId = None,
    data: Data = None,
    config: File = None,
) -> None:
    """Load roads, addresses, landmarks or mileposts in place of those there are.

    Example: `ringdown streets import centerlines.geojson`
    """
    content = content_of(file)
    settings = settings_of(data, config)

    async def work(tell: Tell) -> StreetsReport:
        async with mapping(settings) as found:
            where = one_centre(await found.installation.centres(), centre)
            return await found.streets.load(
                operator(where.centre_id), content, source=file.name, layer=layer, progress=tell
            )

    report = with_progress("Writing the map", work)
    print_lines(told(report))


@app.command()
def show(centre: CentreId = None, data: Data = None, config: File = None) -> None:
    """Say which layers each centre has, from which file, since when."""

    async def work() -> list[str]:
        async with mapping(settings_of(data, config)) as found:
            layers = await found.streets.layers()
            lines: list[str] = []
            for each in await found.installation.centres():
                if centre not in (None, each.centre_id):
                    continue
                own = [one for one in layers if one.centre_id == each.centre_id]
                lines.append(f"{each.name}  ({each.centre_id}){'' if own else ': no map'}")
                lines += [
                    f"  {one.total} {one.layer} from {one.source}, "
                    f"{one.loaded_at:%Y-%m-%d %H:%M} UTC, by {one.loaded_by}"
                    for one in own
                ]
            return lines

    print_lines(asyncio.run(work()))


@app.command()
def find(
    text: Annotated[str, typer.Argument(help='A place as said: "412 jenna see street".')],
    centre: CentreId = None,
    data: Data = None,
    config: File = None,
) -> None:
    """Show what a place as said may mean on the map, best first.

    Example: `ringdown streets find "412 jenna see street"`
    """

    async def work() -> list[str]:
        async with mapping(settings_of(data, config)) as found:
            where = one_centre(await found.installation.centres(), centre)
            places = await found.streets.match(where.centre_id, text)
        return [
            f"{each.score:4.2f}  {each.text}  ({each.kind}, {each.lat:.6f}, {each.lon:.6f})"
            for each in places
        ] or ["Nothing on the map is like it."]

    print_lines(asyncio.run(work()))


@app.command()
def remove(
    layer: Annotated[Layer, typer.Argument(help="Which layer.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    centre: CentreId = None,
    data: Data = None,
    config: File = None,
) -> None:
    """Remove a layer of a centre's map."""
    if not yes:
        typer.confirm(f"Remove the {layer} of the centre?", abort=True)

    async def work() -> None:
        async with mapping(settings_of(data, config)) as found:
            where = one_centre(await found.installation.centres(), centre)
            await found.streets.remove(operator(where.centre_id), layer)

    asyncio.run(work())
    typer.echo(f"The centre's map has no {layer} now.")


def told(report: StreetsReport) -> list[str]:
    """A report in lines for a person."""
    taken = report.rows - report.refused
    lines = [f"{report.rows} rows: {taken} taken as {report.layer}, {report.refused} refused."]
    lines += refused_lines(report.refused, report.first_refused)
    state = "The map has" if report.changed else "Nothing changed: the map has"
    return [*lines, f"{state} {report.count} {report.layer} (version {report.version})."]


def mapping(settings: Settings) -> "AbstractAsyncContextManager[Maps]":
    """Maps, beside a running server or without one."""
    # Imported here: it takes half a second, which the help of other commands need not wait for.
    from ringdown.composition.commands import mapping as opened  # noqa: PLC0415

    return opened(settings)
