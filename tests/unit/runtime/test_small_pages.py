"""A page for phones: the smallest form is sent, under its own policy, and nothing else is."""

import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from ringdown.runtime.http import install
from ringdown.runtime.small_pages import Policy, small_page

SCRIPT = b"say('hello');" * 20


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    built = tmp_path / "static"
    (built / "assets").mkdir(parents=True)
    (built / "index.html").write_text("<h1>911</h1>")
    (built / "assets" / "a-1.js").write_bytes(SCRIPT)
    (built / "assets" / "a-1.js.gz").write_bytes(gzip.compress(SCRIPT))
    (tmp_path / "secret.txt").write_text("not ours to give")
    return built


@pytest.fixture
async def phone(folder: Path) -> AsyncIterator[httpx.AsyncClient]:
    async def nobody(_connection: object) -> None:
        return None

    app = FastAPI()
    policy = Policy(may_use=("camera", "geolocation"))
    app.routes.clear()
    install(app, nobody, [small_page("page", folder, "/l", policy)])
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="https://psap.example") as http:
        yield http


async def test_the_page_has_its_own_policy(phone: httpx.AsyncClient) -> None:
    """Nothing may be loaded from elsewhere; only the named features of the phone are usable."""
    answer = await phone.get("/l")
    assert answer.text == "<h1>911</h1>"
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; ")
    assert "connect-src 'self' ws://psap.example wss://psap.example;" in policy
    assert "unsafe" not in policy
    assert answer.headers["permissions-policy"] == (
        "camera=(self), microphone=(), geolocation=(self), screen-wake-lock=()"
    )
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-robots-tag"] == "noindex, nofollow"
    assert "set-cookie" not in answer.headers


async def test_a_strange_host_does_not_get_into_the_policy(phone: httpx.AsyncClient) -> None:
    """What the phone calls this server is repeated only if it can be a host."""
    answer = await phone.get("/l", headers={"host": "a; script-src *"})
    assert "connect-src 'self';" in answer.headers["content-security-policy"]


async def test_the_page_is_asked_for_anew_and_its_assets_never(phone: httpx.AsyncClient) -> None:
    """An unchanged page costs no second transfer; an asset is named by its content."""
    page = await phone.get("/l")
    assert page.headers["cache-control"] == "no-cache"
    again = await phone.get("/l", headers={"if-none-match": page.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    asset = await phone.get("/l/assets/a-1.js")
    assert "immutable" in asset.headers["cache-control"]


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [("gzip, br", "gzip"), ("identity", None), ("gzip;q=0", None), ("gzip;q=0.8, *;q=0", "gzip")],
)
async def test_the_smallest_form_that_the_phone_takes_is_sent(
    phone: httpx.AsyncClient, accepted: str, coding: str | None
) -> None:
    """Compressed ahead of time; whoever cannot read that gets it plain."""
    answer = await phone.get("/l/assets/a-1.js", headers={"accept-encoding": accepted})
    assert answer.headers.get("content-encoding") == coding
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.content == SCRIPT


@pytest.mark.parametrize("name", ["..%2f..%2fsecret.txt", "..%2findex.html", "none.js", "%2e%2e"])
async def test_nothing_outside_the_assets_is_sent(phone: httpx.AsyncClient, name: str) -> None:
    """Neither by a path that climbs nor by a name that is not there."""
    assert (await phone.get(f"/l/assets/{name}")).status_code == 404


async def test_a_page_that_is_not_built_says_what_to_do(
    phone: httpx.AsyncClient, folder: Path
) -> None:
    """A copy without its pages answers with an action, not with an empty page."""
    (folder / "index.html").unlink()
    answer = await phone.get("/l")
    assert (answer.status_code, answer.json()["code"]) == (503, "page.not_built")
