"""`ringdown client`: credentials of machines, by whoever may run commands on this server."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from ringdown.cli.config import Data, File, settings_of
from ringdown.cli.user import CentreId, administration, one_centre, operator
from ringdown.core.clock import iso
from ringdown.core.principal import Principal
from ringdown.identity.model import Client, Permission
from ringdown.identity.service.clients import ClientNotFound, NewSecret
from ringdown.settings import Settings

if TYPE_CHECKING:
    from ringdown.composition.commands import Administration

app = typer.Typer()

ClientId = Annotated[str, typer.Argument(help="As `ringdown client list` shows it.")]


@app.command("list")
def list_clients(data: Data = None, config: File = None) -> None:
    """Show every credential: what it may, when it was made, rotated and last used."""
    clients = asyncio.run(_everything(settings_of(data, config)))
    for client in clients:
        # Lines and no table: an id that a narrow window cuts off is of no use.
        used = "never used" if client.last_used_at is None else f"used {iso(client.last_used_at)}"
        typer.echo(f"{client.client_id}  {client.name}{'  DISABLED' if client.disabled else ''}")
        typer.echo(
            f"    {', '.join(sorted(client.scopes))}; made {iso(client.created_at)}, "
            f"secret of {iso(client.rotated_at)}, {used}"
        )
    if not clients:
        typer.echo("There is no credential yet.")


@app.command("add")
def add_client(
    name: Annotated[str, typer.Argument(help="Whose credential it is, as the list shows it.")],
    scope: Annotated[
        list[Permission],
        typer.Option(help="Give this once for each scope; incident_events stands alone."),
    ],
    centre: CentreId = None,
    data: Data = None,
    config: File = None,
) -> None:
    """Add a credential and print its secret, this once.

    Example: `ringdown client add "Responder app" --scope incident_events`
    """

    async def work() -> NewSecret:
        async with administration(settings_of(data, config)) as found:
            where = one_centre(await found.installation.centres(), centre)
            return await found.clients.add(operator(where.centre_id), name=name, scopes=scope)

    _show(asyncio.run(work()))


@app.command()
def rotate(client_id: ClientId, data: Data = None, config: File = None) -> None:
    """Give a credential a new secret and print it, this once; the old one is void."""

    async def work() -> NewSecret:
        async with administration(settings_of(data, config)) as found:
            return await found.clients.rotate(await _owner(found, client_id), client_id)

    _show(asyncio.run(work()))


@app.command()
def disable(client_id: ClientId, data: Data = None, config: File = None) -> None:
    """Disable a credential for good; a running server ends what it has open within seconds."""

    async def work() -> None:
        async with administration(settings_of(data, config)) as found:
            await found.clients.disable(await _owner(found, client_id), client_id)

    asyncio.run(work())
    typer.echo(f"{client_id} is disabled.")


def _show(made: NewSecret) -> None:
    """On standard output, one line each, so that a script can read them."""
    typer.echo(f"client_id     {made.client.client_id}")
    typer.echo(f"client_secret {made.secret.reveal('it is shown once to who asked for it')}")
    typer.echo("The secret is shown this once.", err=True)


async def _everything(settings: Settings) -> list[Client]:
    async with administration(settings) as found:
        centres = await found.installation.centres()
        return [
            client
            for each in centres
            for client in await found.clients.list(operator(each.centre_id))
        ]


async def _owner(found: "Administration", client_id: str) -> Principal:
    """The command line, acting in the centre that has this credential. Raises ClientNotFound."""
    for centre in await found.installation.centres():
        actor = operator(centre.centre_id)
        if any(client.client_id == client_id for client in await found.clients.list(actor)):
            return actor
    raise ClientNotFound("there is no such API client")
