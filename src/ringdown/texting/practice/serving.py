"""The small carrier as a web application, and on a port of this machine."""

import base64
import binascii
import secrets
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Annotated, Any

import httpx
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from ringdown.core.clock import Clock
from ringdown.core.ids import IdSource
from ringdown.core.sensitive import Sensitive
from ringdown.runtime.serving import serving
from ringdown.runtime.tasks import Tasks
from ringdown.texting.adapters.twilio import HOOK, TwilioCarrier
from ringdown.texting.practice import page
from ringdown.texting.practice.simulator import ACCOUNT, SENDER, Script, Simulator
from ringdown.texting.settings import TwilioConfig
from ringdown.wire.twilio_sms import read_form

Number = Annotated[str, Field(pattern=r"^\+[0-9]{5,15}$")]


class Photo(BaseModel):
    """A picture that a tester attaches."""

    content_type: Annotated[str, Field(max_length=100)]
    base64: Annotated[str, Field(max_length=40_000_000)]


class Written(BaseModel):
    """What a tester writes on a phone."""

    number: Number
    text: Annotated[str, Field(max_length=1_600)] = ""
    photo: Photo | None = None


class Play(BaseModel):
    """How the carrier behaves from now on."""

    script: Script


def application(simulator: Simulator) -> FastAPI:
    """The carrier's interface, and the page of its phones."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    headers = {
        "content-security-policy": page.POLICY, "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer", "cache-control": "no-store",
    }  # fmt: skip

    @app.post("/2010-04-01/Accounts/{account}/Messages.json")
    async def message(request: Request, account: str) -> Response:  # pyright: ignore[reportUnusedFunction]
        if not simulator.knows(*_credentials(request)) or account != ACCOUNT:
            return JSONResponse({"code": 20003, "message": "Authenticate"}, 401)
        status, told = await simulator.take(dict(read_form(await request.body())))
        return JSONResponse(told, status)

    @app.get("/2010-04-01/Accounts/{account}/Media/{media_id}")
    async def media(request: Request, account: str, media_id: str) -> Response:  # pyright: ignore[reportUnusedFunction]
        found = simulator.media(media_id)
        if not simulator.knows(*_credentials(request)) or account != ACCOUNT:
            return JSONResponse({"code": 20003, "message": "Authenticate"}, 401)
        if found is None:
            return JSONResponse({"code": 20404, "message": "Not found"}, 404)
        return Response(found[1], media_type=found[0], headers=headers)

    @app.get("/")
    async def phone() -> Response:  # pyright: ignore[reportUnusedFunction]
        return Response(page.HTML, media_type="text/html", headers=headers)

    @app.get("/phone.css")
    async def style() -> Response:  # pyright: ignore[reportUnusedFunction]
        return Response(page.CSS, media_type="text/css", headers=headers)

    @app.get("/phone.js")
    async def script() -> Response:  # pyright: ignore[reportUnusedFunction]
        return Response(page.SCRIPT, media_type="text/javascript", headers=headers)

    @app.get("/phone/texts")
    async def texts(number: str = "") -> dict[str, Any]:  # pyright: ignore[reportUnusedFunction]
        shown = [one.shown() for one in simulator.phone(number)]
        return {"numbers": simulator.numbers(), "texts": shown, "script": simulator.script}

    @app.post("/phone/texts")
    async def write(body: Written) -> Response:  # pyright: ignore[reportUnusedFunction]
        kept: tuple[str, ...] = ()
        if body.photo is not None:
            try:
                content = base64.b64decode(body.photo.base64, validate=True)
            except binascii.Error:
                return JSONResponse({"error": "photo"}, 422)
            kept = (simulator.keep_media(body.photo.content_type, content),)
        one = await simulator.write(body.number, body.text, kept)
        return JSONResponse(one.shown(), 201)

    @app.put("/phone/script")
    async def play(body: Play) -> dict[str, str]:  # pyright: ignore[reportUnusedFunction]
        simulator.script = body.script
        return {"script": body.script}

    return app


def _credentials(request: Request) -> tuple[str, str]:
    kind, _, encoded = request.headers.get("authorization", "").partition(" ")
    try:
        account, _, token = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return (account, token) if kind.lower() == "basic" else ("", "")


@dataclass(frozen=True)
class PracticeCarrier:
    """The small carrier at work: texts go out by `carrier`; its phones are at `phones`."""

    simulator: Simulator
    carrier: TwilioCarrier
    phones: str


@asynccontextmanager
async def practice_carrier(
    clock: Clock,
    ids: IdSource,
    address: Callable[[], str],
    *,
    host: str = "127.0.0.1",
    port: int = 0,
) -> AsyncGenerator[PracticeCarrier, None]:
    """The small carrier on a port of this machine, and the way to it.

    `address` is where Ringdown answers; it is asked when something is posted, not before.
    """
    token = secrets.token_bytes(24).hex()
    async with AsyncExitStack() as stack:
        tasks = await stack.enter_async_context(Tasks())
        client = await stack.enter_async_context(httpx.AsyncClient(trust_env=False, timeout=10))
        simulator = Simulator(token, client=client, tasks=tasks, clock=clock, ids=ids)
        simulator.hook = lambda: f"{address()}{HOOK}"
        server = await stack.enter_async_context(
            serving("practice carrier", application(simulator), host, port)
        )
        base = f"http://{host}:{server.port}"
        simulator.base = base
        config = TwilioConfig(url=base, account_sid=ACCOUNT, sender=SENDER, allow_plain_http=True)
        carrier = TwilioCarrier(client, config, Sensitive(token, "texting.token"), address)
        yield PracticeCarrier(simulator, carrier, base)
