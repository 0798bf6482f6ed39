"""Opening the carrier that the settings name. For the composition root."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

from ringdown.texting.adapters.signed_http import open_signed_http
from ringdown.texting.adapters.twilio import open_twilio
from ringdown.texting.ports import Carrier
from ringdown.texting.settings import TextingSettings


@asynccontextmanager
async def open_carrier(
    settings: TextingSettings, address: Callable[[], str]
) -> AsyncGenerator[Carrier | None, None]:
    """The carrier named; None where people send by other means. Raises BadConfig.

    `address` is where others reach this server, if texting has no address of its own.
    """

    def ours() -> str:
        return (settings.public_url or address()).rstrip("/")

    match settings.carrier:
        case "manual":
            yield None
        case "twilio":
            async with open_twilio(settings.twilio, ours) as carrier:
                yield carrier
        case "http":
            async with open_signed_http(settings.http) as carrier:
                yield carrier
