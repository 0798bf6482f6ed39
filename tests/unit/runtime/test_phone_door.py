"""The door for phones: their pages and the authority's certificate, and no way to the console."""

from pathlib import Path

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from ringdown.runtime.phone_door import PhoneDoor


async def test_only_what_is_named_is_inside(tmp_path: Path) -> None:
    """However a path is written; what is inside sees it as it came."""

    async def where(request: Request) -> PlainTextResponse:
        return PlainTextResponse(request.url.path)

    inside = Starlette(routes=[Route("/{path:path}", where)])
    authority = tmp_path / "authority.pem"
    authority.write_text("-----BEGIN CERTIFICATE-----\n")
    door = PhoneDoor({"/l": inside, "/r": inside}, authority)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=door), base_url="https://192.168.1.20:8443"
    ) as phone:
        for path in ("/l", "/l/api/open", "/r/assets/x.js"):
            assert (await phone.get(path)).text == path
        for path in (
            "/",
            "/v1/calls",
            "/lab",
            "/L",
            "/%2e%2e/v1/setup",
            "/l%2f..%2fv1",
            "/metrics",
        ):
            assert (await phone.get(path)).status_code == 404, path
        given = await phone.get("/authority.pem")
        assert given.headers["content-type"] == "application/x-x509-ca-cert"
