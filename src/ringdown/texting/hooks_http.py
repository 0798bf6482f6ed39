"""Routes of the carrier. Each checks the carrier's signature itself before it believes a word."""

from typing import Final

from fastapi import Request, Response

from ringdown.core.clock import Clock
from ringdown.core.errors import RingdownError
from ringdown.runtime.http import PUBLIC, Routes
from ringdown.texting.ports import Arrived, Carrier, HookUnknown, Reported
from ringdown.texting.service import TextingService

LIMIT: Final = 65_536
NOTHING_TO_SAY: Final = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'
"""TwiML: whatever is answered is sent by people, through the queue."""


def hook_routes(service: TextingService, carrier: Carrier | None, clock: Clock) -> Routes:
    """The addresses that a carrier calls; only those of the one set up are there."""
    routes = Routes("texting hooks")

    async def take(request: Request, name: str, *, report: bool) -> None:
        if carrier is None or carrier.name != name:
            raise HookUnknown("no such carrier is set up")
        body = await request.body()
        try:
            told = carrier.read(
                request.url.query, request.headers, body, report=report, now=clock.now()
            )
        except RingdownError as error:
            await service.hook_refused(name, error.code)
            raise
        if isinstance(told, Arrived):
            await service.incoming.take(told)
        elif isinstance(told, Reported):
            await service.incoming.reported(told)

    @routes.post("/hooks/texting/twilio", permission=PUBLIC, max_body=LIMIT)
    async def twilio_message(request: Request) -> Response:
        """A text came in (form, `X-Twilio-Signature`)."""
        await take(request, "twilio", report=False)
        return Response(NOTHING_TO_SAY, media_type="text/xml")

    @routes.post("/hooks/texting/twilio/status", permission=PUBLIC, max_body=LIMIT, status_code=204)
    async def twilio_status(request: Request) -> Response:
        """What became of a text (form, `X-Twilio-Signature`)."""
        await take(request, "twilio", report=True)
        return Response(status_code=204)

    @routes.post("/hooks/texting/http", permission=PUBLIC, max_body=LIMIT, status_code=204)
    async def signed_http(request: Request) -> Response:
        """A text came in, or what became of one (JSON, Standard Webhooks)."""
        await take(request, "http", report=False)
        return Response(status_code=204)

    return routes
