"""`ringdown user`: the people who may sign in, by whoever may run commands on this server."""

import asyncio
from contextlib import AbstractAsyncContextManager
from getpass import getuser
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from ringdown.cli.config import Data, File, settings_of
from ringdown.core.clock import iso
from ringdown.core.principal import Principal
from ringdown.core.sensitive import Sensitive
from ringdown.identity.model import Centre, Role, User
from ringdown.identity.service.setup import CentreNotFound
from ringdown.identity.service.users import UserChange
from ringdown.settings import Settings

if TYPE_CHECKING:
    from ringdown.composition.commands import Administration

app = typer.Typer()

CentreId = Annotated[
    str | None, typer.Option("--centre", help="Id of the centre, if there are several.")
]


@app.command("list")
def list_users(data: Data = None, config: File = None) -> None:
    """Show every centre with its users, and who is locked."""
    centres = asyncio.run(_everybody(settings_of(data, config)))
    console = Console(highlight=False)
    for centre, users in centres:
        console.print(f"{centre.name}  ({centre.centre_id})", markup=False, soft_wrap=True)
        table = Table("user name", "name", "roles", "state", "last log-on", box=None)
        for user in users:
            table.add_row(
                user.username,
                user.display_name,
                ", ".join(sorted(user.roles)),
                "disabled" if user.disabled else "locked" if user.locked else "",
                "never" if user.last_log_on_at is None else iso(user.last_log_on_at),
            )
        console.print(table)
    if not centres:
        console.print("There is no centre yet: `ringdown run` prints the link that makes one.")


@app.command("add")
def add_user(
    username: Annotated[str, typer.Argument(help="What the person signs in with.")],
    name: Annotated[str, typer.Option(help="The person's name, as colleagues see it.")],
    role: Annotated[list[Role], typer.Option(help="Give this once for each role.")],
    centre: CentreId = None,
    data: Data = None,
    config: File = None,
) -> None:
    """Add a user. Asks for a first password, which the person changes at the first log-on.

    Example: `ringdown user add dana --name "Dana Reyes" --role telecommunicator`
    """
    password = typer.prompt("First password", hide_input=True, confirmation_prompt=True)
    secret = Sensitive(str(password), "user.password")

    async def work() -> None:
        async with administration(settings_of(data, config)) as found:
            where = one_centre(await found.installation.centres(), centre)
            await found.users.add(
                operator(where.centre_id),
                username=username,
                display_name=name,
                roles=role,
                password=secret,
            )

    asyncio.run(work())
    typer.echo(f"{username} may sign in now.")


@app.command()
def unlock(
    username: Annotated[str, typer.Argument(help="What the person signs in with.")],
    data: Data = None,
    config: File = None,
) -> None:
    """Release a user who is locked after too many failed log-ons."""

    async def work() -> None:
        async with administration(settings_of(data, config)) as found:
            user = await found.installation.user(username)
            actor = operator(user.centre_id)
            await found.users.change(actor, user.user_id, UserChange(unlock=True))

    asyncio.run(work())
    typer.echo(f"{username} may sign in again.")


@app.command("setup-link")
def setup_link(
    centre: CentreId = None,
    new_centre: Annotated[
        bool, typer.Option("--new-centre", help="Make a further centre with this link.")
    ] = False,
    data: Data = None,
    config: File = None,
) -> None:
    """Print a link that makes an administrator when none can sign in. Works once, for a day."""
    settings = settings_of(data, config)

    async def work() -> str:
        async with administration(settings) as found:
            return await found.setup.issue_token(centre_id=centre, new_centre=new_centre)

    token = asyncio.run(work())
    scheme = "https" if settings.http.tls_certificate else "http"
    own = f"{scheme}://{settings.http.host}:{settings.http.port}"
    typer.echo(f"{(settings.http.public_url or own).rstrip('/')}/setup#{token}")


def administration(settings: Settings) -> "AbstractAsyncContextManager[Administration]":
    """The database with audit log and accounts, beside a running server or without one."""
    # Imported here: it takes half a second, which the help of other commands need not wait for.
    from ringdown.composition.commands import administration as opened  # noqa: PLC0415

    return opened(settings)


def operator(centre_id: str) -> Principal:
    """Who runs a command on this server, as the audit log names them."""
    return Principal(
        "system", "system:command_line", f"command line ({getuser()})", centre_id, frozenset()
    )


async def _everybody(settings: Settings) -> list[tuple[Centre, list[User]]]:
    async with administration(settings) as found:
        everything = found.installation
        centres = await everything.centres()
        return [(each, await everything.users(each.centre_id)) for each in centres]


def one_centre(centres: list[Centre], centre_id: str | None) -> Centre:
    """The centre that is meant: the one named, or the only one. Raises `CentreNotFound`."""
    fitting = [each for each in centres if centre_id in (None, each.centre_id)]
    if len(fitting) != 1:
        raise CentreNotFound("name one of the centres", details={"centres": len(centres)})
    return fitting[0]
