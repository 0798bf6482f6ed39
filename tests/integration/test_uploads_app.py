"""A caller's photo through a whole installation on a real socket, cut off in the middle."""

import asyncio
import contextlib
import io
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from PIL import Image
from tests.live import until
from tests.upload_files import SECRET, film, picture
from tests.upload_stage import BODY, TUS

from ringdown.app import World, build
from ringdown.runtime.serving import Server
from ringdown.runtime.tasks import Tasks
from ringdown.settings import load

CHEAP = {"argon2": {"time_cost": 1, "memory_kib": 8, "parallelism": 1}}


@contextlib.asynccontextmanager
async def serving(folder: Path) -> AsyncIterator[tuple[str, str]]:
    """An installation on a port of its own: its address, and the token of the first person."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        overrides = {
            "data": folder, "media_server": {"mode": "off"}, "identity": CHEAP,
            "http": {"public_url": address}, "uploads": {"keep_free_mb": 0},
        }  # fmt: skip
        async with build(load(None, environ={}, overrides=overrides), World.real()) as app:
            config = uvicorn.Config(app.asgi, lifespan="off", log_level="critical", log_config=None)
            server = Server(config)
            async with Tasks() as tasks:
                served = tasks.spawn("http", server.serve(sockets=[taken]))
                while not server.started:
                    await asyncio.sleep(0.01)
                try:
                    yield address, await app.setup.issue_token()
                finally:
                    server.should_exit = True
                    await served


async def first_person(http: httpx.AsyncClient, token: str) -> None:
    person = {"username": "dana", "display_name": "Dana Reyes", "password": "tangerine otter kiln"}
    answer = await http.post(
        "/v1/setup", json={"token": token, "centre_name": "Spruce County 911", **person}
    )
    http.headers["x-csrf-token"] = answer.json()["csrf_token"]


async def linked(console: httpx.AsyncClient, phone: httpx.AsyncClient) -> tuple[str, str]:
    """A call whose caller agreed to send photos, and has opened the link."""
    call = {"external_id": "CA-1", "ani": "+12025550142"}
    path = f"/v1/calls/{(await console.post('/v1/calls', json=call)).json()['call_id']}"
    asked = {"shares": ["upload"], "outcome": "agreed", "language": "en"}
    consent = (await console.post(f"{path}/caller/consents", json=asked)).json()
    link = {"consent_id": consent["consent_id"]}
    made = (await console.post(f"{path}/caller/links", json=link)).json()
    token = made["message"]["text"].rpartition("/l#")[2]
    await phone.post("/l/api/open", json={"token": token, "shares": ["upload"]})
    return path, made["link"]["link_id"]


async def begin(phone: httpx.AsyncClient, size: int) -> str:
    made = await phone.post("/l/api/uploads", headers={**TUS, "Upload-Length": str(size)})
    assert made.status_code == 201, made.text
    return made.headers["location"]


async def held(phone: httpx.AsyncClient, place: str) -> int:
    return int((await phone.head(place, headers=TUS)).headers["upload-offset"])


async def cut_off(phone: httpx.AsyncClient, place: str, data: bytes) -> None:
    """All of a request's head, and half of the bytes that it announces; then the line is dead."""
    base = phone.base_url
    reader, writer = await asyncio.open_connection(base.host, base.port)
    cookie = phone.cookies["ringdown_caller"]
    head = {
        "Host": f"{base.host}:{base.port}", "Cookie": f"ringdown_caller={cookie}",
        "Origin": str(base).rstrip("/"), "Content-Length": str(len(data)), "Upload-Offset": "0",
        **BODY,
    }  # fmt: skip
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    writer.write(f"PATCH {place} HTTP/1.1\r\n{lines}\r\n".encode() + data[: len(data) // 2])
    await writer.drain()
    await until(lambda: held(phone, place), lambda offset: offset > 0)
    writer.transport.abort()
    with contextlib.suppress(ConnectionError):
        await reader.read()


async def test_a_photo_over_a_dying_line_reaches_a_person(tmp_path: Path) -> None:
    """Cut off, resumed, made anew by the real process, viewed as exposure; the log tells of it."""
    photo = picture(size=(1200, 900), quality=100) + bytes(900_000)

    async with (
        serving(tmp_path) as (address, token),
        httpx.AsyncClient(base_url=address, headers={"origin": address}, timeout=60) as console,
        httpx.AsyncClient(base_url=address, headers={"origin": address}, timeout=60) as phone,
    ):
        await first_person(console, token)
        path, link_id = await linked(console, phone)
        place = await begin(phone, len(photo))
        upload = f"{path}/uploads/{place.rpartition('/')[2]}"
        await cut_off(phone, place, photo)

        async def resumed() -> tuple[int, httpx.Response]:
            at = await held(phone, place)
            headers = {**BODY, "Upload-Offset": str(at)}
            return at, await phone.patch(place, headers=headers, content=photo[at:])

        # What the dead line brought last may still be written: then the phone asks again.
        at, done = await until(resumed, lambda tried: tried[1].status_code != 409)
        assert 0 < at <= len(photo) // 2
        assert (done.status_code, done.headers["upload-offset"]) == (204, str(len(photo)))

        async def told() -> Any:
            return (await phone.get(place)).json()["state"]

        await until(told, lambda state: state not in {"receiving", "checking"})
        assert await told() == "arrived"
        shown = await console.get(f"{upload}/picture")
        with Image.open(io.BytesIO(shown.content)) as image:
            assert (image.format, image.size) == ("JPEG", (900, 1200))
        assert SECRET not in shown.content
        (viewing,) = (await console.get("/v1/exposure")).json()["viewings"]
        assert (viewing["subject"], viewing["by"]["name"]) == ("upload", "Dana Reyes")
        stored = b"".join(each.read_bytes() for each in (tmp_path / "uploads").rglob("*.*"))
        assert SECRET not in stored

        # What began before the link is revoked does not go on after it.
        left = await begin(phone, len(film()))
        first = await phone.patch(left, headers={**BODY, "Upload-Offset": "0"}, content=film()[:99])
        assert first.status_code == 204
        await console.delete(f"{path}/caller/links/{link_id}")
        late = await phone.patch(left, headers={**BODY, "Upload-Offset": "99"}, content=b"x")
        assert (late.status_code, late.json()["code"]) == (410, "caller.link.over")
        assert (await phone.head(left, headers=TUS)).status_code == 410

        async def states() -> Any:
            return [
                one["state"] for one in (await console.get(f"{path}/uploads")).json()["uploads"]
            ]

        await until(states, lambda known: known == ["viewed", "refused"])
        gone = await console.request("DELETE", upload, json={"reason": "Somebody else's papers"})
        assert gone.status_code == 403, "a telecommunicator removes nothing"
        rows = (await console.get("/v1/audit")).json()["rows"]
        story = [row["tag"] for row in rows if row["tag"].startswith(("uploads:", "video:"))]
        # Nobody says that the picture is still open, so its viewing ends by itself, some time.
        assert [tag for tag in story if tag != "video:viewing:closed"] == [
            "uploads:file:received", "video:viewing:opened", "uploads:file:viewed",
            "uploads:file:refused",
        ]  # fmt: skip
        assert "5550142" not in str(rows)
