"""A throw-away installation: its own process, its own data folder, reached like any other."""

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from ringdown.core.errors import RingdownError

START_S = 300.0
STOP_S = 10.0


class InstanceFailed(RingdownError):
    """The installation did not start, or answered with an error."""

    code = "testing.instance_failed"
    action = "Read the log in its data folder."


@dataclass
class Running:
    """A server process and how to reach it."""

    process: asyncio.subprocess.Process
    address: str
    setup_link: str | None
    data: Path

    @property
    def media_url(self) -> str:
        """Its media socket."""
        return f"{self.address.replace('http', 'ws', 1)}/v1/media/twilio"

    async def kill(self) -> None:
        """End it as a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        await self.process.wait()

    async def stop(self) -> None:
        """End it as Ctrl-C would; killed if it takes too long."""
        if self.process.returncode is not None:
            return
        self.process.send_signal(signal.SIGINT)
        try:
            async with asyncio.timeout(STOP_S):
                await self.process.wait()
        except TimeoutError:
            await self.kill()


async def start(data: Path, *, port: int = 0, settings: Mapping[str, str] | None = None) -> Running:
    """Start `ringdown run` on a data folder. `settings` are environment variables of ours."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("RINGDOWN_")}
    environment |= {"RINGDOWN_MEDIA_SERVER__MODE": "off", **(settings or {})}
    said = data.with_name(f"{data.name}.stderr")
    with said.open("wb") as stderr:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "ringdown.cli", "run", "--announce-json", "--no-practice-cad"),
            "--no-practice-carrier",
            *("--data", str(data), "--port", str(port)),
            stdout=asyncio.subprocess.PIPE,
            stderr=stderr,
            env=environment,
        )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(START_S):
            line = await process.stdout.readline()
    except TimeoutError:
        process.kill()
        raise InstanceFailed("the server did not start in time") from None
    if not line:
        last = said.read_text(errors="replace").strip().splitlines()[-3:]
        raise InstanceFailed(f"the server did not start: {' / '.join(last)}")
    told = json.loads(line)
    return Running(process, told["address"], told["setup_link"], data)


@asynccontextmanager
async def running(
    data: Path, *, settings: Mapping[str, str] | None = None
) -> AsyncGenerator[Running, None]:
    """A server for as long as the block lasts."""
    server = await start(data, settings=settings)
    try:
        yield server
    finally:
        await server.stop()


class Person:
    """Somebody signed in, using the interface that the console uses."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.http = httpx.AsyncClient(base_url=address, timeout=30, trust_env=False)
        self._csrf = ""

    async def close(self) -> None:
        """Leave without signing out."""
        await self.http.aclose()

    async def ask(self, method: str, path: str, body: Any = None, **options: Any) -> Any:
        """One request; its JSON, or None. Raises `InstanceFailed` with the server's code."""
        answer = await self.http.request(
            method, path, json=body, headers={"X-CSRF-Token": self._csrf}, **options
        )
        if answer.is_error:
            code = "unknown"
            with contextlib.suppress(ValueError):
                code = answer.json().get("code", code)
            raise InstanceFailed(
                f"{method} {path}: {answer.status_code} {code}",
                details={"status": answer.status_code, "code": code},
            )
        if not answer.content:
            return None
        kind = answer.headers.get("content-type", "")
        return answer.json() if kind.startswith("application/json") else answer.content

    async def set_up(self, link: str, *, username: str, password: str) -> None:
        """Use the one-time link."""
        form = {
            "token": link.partition("#")[2],
            "centre_name": "Demo centre",
            "username": username,
            "display_name": "Dana Demo",
            "password": password,
        }
        self._csrf = (await self.ask("POST", "/v1/setup", form))["csrf_token"]

    async def sign_in(self, username: str, password: str) -> None:
        """Open a session."""
        form = {"username": username, "password": password}
        self._csrf = (await self.ask("POST", "/v1/session", form))["csrf_token"]

    async def feed(self, after: int = 0) -> AsyncGenerator[dict[str, Any], None]:
        """The live feed from a position on, resumed after every drop, without an end."""
        position = after
        url = f"{self.address.replace('http', 'ws', 1)}/v1/console/feed"
        while True:
            cookies = "; ".join(f"{k}={v}" for k, v in self.http.cookies.items())
            try:
                async with connect(
                    f"{url}?after={position}",
                    additional_headers={"Cookie": cookies, "Origin": self.address},
                    proxy=None,
                    max_size=None,
                ) as socket:
                    async for text in socket:
                        message = json.loads(text)
                        if message["type"] == "fact":
                            position = message["position"]
                        yield message
            except (ConnectionClosed, OSError):
                await asyncio.sleep(0.1)
