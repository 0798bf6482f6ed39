"""Real phones on the local network, for practice: HTTPS by an authority of our own, and a code."""

import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from rich.console import Console

from ringdown.core.errors import BadConfig
from ringdown.runtime.local_ca import LocalTls, local_tls

if TYPE_CHECKING:
    from starlette.types import ASGIApp


AUTO: Final = "auto"
PORT: Final = 8443
PRACTICE: Final = "/practice"
"""Where simulated phones show their texts, on the door of real ones."""
_SOMEWHERE: Final = ("192.0.2.1", 9)
"""An address that is nobody's (RFC 5737); nothing is sent to it."""


class NoLocalNetwork(BadConfig):
    """This machine has no address on a local network."""

    code: ClassVar[str] = "cli.no_local_network"
    action: ClassVar[str] = "Connect it, or name the address, as in --phone 192.168.1.20."


@dataclass(frozen=True)
class PhoneDoorAt:
    """Where phones come in."""

    address: str
    port: int
    tls: LocalTls

    @property
    def url(self) -> str:
        """The beginning of every link for a phone."""
        return f"https://{self.address}:{self.port}"


def local_address() -> str:
    """The address by which this machine would go out. Raises `NoLocalNetwork`."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_SOMEWHERE)
        except OSError:
            raise NoLocalNetwork("this machine has no way to a network") from None
        return str(probe.getsockname()[0])


def phone_door(wanted: str, port: int, folder: Path) -> PhoneDoorAt:
    """The door at an address of this machine, with its certificate.

    Raises `NoLocalNetwork`, `NotALocalAddress`.
    """
    from ringdown.runtime.clock import SystemClock  # noqa: PLC0415

    address = local_address() if wanted == AUTO else wanted
    tls = local_tls(folder / "secrets" / "phones", address, SystemClock().now())
    return PhoneDoorAt(address, port, tls)


@asynccontextmanager
async def letting_in(
    door: PhoneDoorAt, console_app: "ASGIApp", practice: "ASGIApp | None"
) -> AsyncGenerator[None, None]:
    """Phones are let in for as long as the block lasts. Raises `NotServing`."""
    from starlette.applications import Starlette  # noqa: PLC0415
    from starlette.routing import Mount  # noqa: PLC0415

    from ringdown.runtime.phone_door import PhoneDoor  # noqa: PLC0415
    from ringdown.runtime.serving import serving  # noqa: PLC0415

    inside: dict[str, ASGIApp] = {"/l": console_app, "/r": console_app}
    if practice is not None:
        inside[PRACTICE] = Starlette(routes=[Mount(PRACTICE, practice)])
    async with serving(
        "door for phones",
        PhoneDoor(inside, door.tls.authority),
        door.address,
        door.port,
        certificate=door.tls.certificate,
        key=door.tls.key,
    ):
        yield


def show(console: Console, door: PhoneDoorAt, *, practice: bool) -> None:
    """How to come in with a real phone: what to trust, and a code to scan."""
    import segno  # noqa: PLC0415 - only here, and only asked for

    first = f"{door.url}{PRACTICE}/" if practice else door.url
    print_code = segno.make_qr(first).terminal
    console.print(f"\nOn a phone in this network, scan or open [bold]{first}[/bold]")
    print_code(compact=True)
    console.print(
        "The phone warns of a certificate that it does not know. Go on for a look, or trust the\n"
        f"authority of this machine for good: open {door.url}/authority.pem on the phone, install\n"
        "it, and compare its SHA-256 with this one (docs/how-to/show-the-callers-camera.md):\n"
        f"  {door.tls.fingerprint}\n",
        soft_wrap=True,
    )
