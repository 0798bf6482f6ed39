"""Listening through a media server that Ringdown is only told of: its address and its keys."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest
from livekit import api, rtc
from pydantic import SecretStr
from tests.listening_stage import Stage, staged, token_of
from tests.playout_stage import (
    KEY,
    RATE,
    SECRET,
    Listener,
    OwnServer,
    caller_hz,
    own_server,
    soon,
    tones,
)
from tests.services import free_ports
from tests.tool import ROOT

from ringdown.listening.http import EVENTS_PATH
from ringdown.media.adapters.livekit_settings import MediaServerSettings

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
PATIENCE_S = 240.0
SECONDS = 120


def told_of(server: OwnServer) -> MediaServerSettings:
    """What an operator writes into the settings; its own tools' `ws://` is understood too."""
    return MediaServerSettings(
        mode="external", url=server.url, api_key=KEY, api_secret=SecretStr(SECRET)
    )


@pytest.fixture
def port() -> int:
    return free_ports(socket.SOCK_STREAM, 1)[0]


@pytest.fixture(params=["with notices", "without notices"])
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, port: int
) -> Iterator[OwnServer]:
    notices = f"http://127.0.0.1:{port}{EVENTS_PATH}" if request.param == "with notices" else None
    with own_server(tmp_path_factory.mktemp("own"), notices) as made:
        yield made


async def joined(stage: Stage) -> tuple[Listener, str]:
    """A listener of the call, which tells by its tones where one is; and who they are."""
    stage.call.record("caller", tones(0, SECONDS, caller_hz))
    grant = await stage.grant()
    mine = Listener()
    await mine.join(grant.url, token_of(grant))
    return mine, grant.identity


async def hears_from(mine: Listener, second: int) -> None:
    """What is heard after a scrub is the place scrubbed to, and then what follows it."""
    await mine.ask(cmd="scrub", position=second * 1000)
    since = len(mine.audio)
    at = await mine.hears(caller_hz(second), since)
    await mine.hears(caller_hz(second + 1), at)


async def hears_where_it_is(mine: Listener) -> None:
    """The next second's tone is heard soon: it comes again 13 seconds later only."""
    second, since = mine.status["position"] // 1000 + 1, len(mine.audio)
    assert await mine.hears(caller_hz(second), since) - since < 6 * RATE


async def test_a_call_is_heard_and_goes_on_after_the_server_was_restarted(
    tmp_path: Path, server: OwnServer, port: int
) -> None:
    """With notices or without: heard by content, and after a crash heard again at the place."""
    async with staged(tmp_path, told_of(server), port=port) as stage:
        mine, identity = await joined(stage)
        try:
            if server.notices_to is not None:
                # It is known at once who has come, so that the very first command counts.
                await mine.send(cmd="scrub", position=31_000)
                await soon(lambda: mine.told, PATIENCE_S)
                await soon(lambda: mine.status["position"] == 31_000, PATIENCE_S)
            await soon(lambda: mine.told, PATIENCE_S)
            await mine.ask(cmd="resume")
            await hears_from(mine, 61)
            await asyncio.to_thread(server.stop)
            known = len(mine.told)
            await asyncio.to_thread(server.start)
            told = len(mine.told)
            await soon(lambda: len(mine.told) >= told + 2, PATIENCE_S)
            await hears_where_it_is(mine)
            # A second lies between two statuses. Nothing moves while the server is away, so it is
            # little more over the restart.
            places = [status["position"] for status in mine.told[known - 1 :]]
            assert all(-2000 <= b - a <= 3000 for a, b in pairwise(places)), places
            assert mine.status["paused"] is False
            await hears_from(mine, 83)
            noticed = ("joined", identity) in stage.notices
            assert noticed == (server.notices_to is not None)
            if not noticed:
                assert stage.notices == []
        finally:
            await mine.leave()


@asynccontextmanager
async def door(port: int, to: int) -> AsyncIterator[list[str]]:
    """A way to a port by another; what those who came through it asked for first."""
    asked: list[str] = []
    piping: set[asyncio.Task[Any]] = set()

    async def pipe(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(65_536):
                sink.write(data)
                await sink.drain()
        except ConnectionError:
            pass
        finally:
            sink.close()

    async def come(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner, outer = await asyncio.open_connection("127.0.0.1", to)
        first = await reader.read(65_536)
        asked.append(first.decode(errors="replace").partition("?")[0])
        outer.write(first)
        for work in (pipe(reader, outer), pipe(inner, writer)):
            task = asyncio.ensure_future(work)
            piping.add(task)
            task.add_done_callback(piping.discard)

    async with await asyncio.start_server(come, "127.0.0.1", port):
        yield asked
        for task in list(piping):
            task.cancel()


@pytest.mark.parametrize("server", ["with notices"], indirect=True)
async def test_listeners_are_sent_to_the_public_address_and_workers_are_not(
    tmp_path: Path, server: OwnServer, port: int
) -> None:
    """Only the listener comes in by the public door; an address written with http is told as ws."""
    (front,) = free_ports(socket.SOCK_STREAM, 1)
    back = httpx.URL(server.url).port
    assert back is not None
    async with (
        door(front, back) as asked,
        staged(
            tmp_path, told_of(server), port=port, public_url=f"http://127.0.0.1:{front}"
        ) as stage,
    ):
        grant = await stage.grant()
        assert grant.url == f"ws://127.0.0.1:{front}"
        session = stage.listening._open[grant.session_id]
        async with asyncio.timeout(PATIENCE_S):
            while not await stage.rooms.has(session.room, session.worker):
                await asyncio.sleep(0.05)
        assert asked == []
        mine, _ = await joined(stage)
        try:
            await soon(lambda: mine.told, PATIENCE_S)
            await mine.ask(cmd="resume")
            await hears_from(mine, 7)
            assert asked
            assert all(one.startswith("GET /rtc") for one in asked)
        finally:
            await mine.leave()


async def test_the_configuration_of_the_how_to_starts_and_makes_no_room_by_itself(
    tmp_path: Path, port: int
) -> None:
    """Each key is one that the server knows, since it refuses others; tokens alone open no room."""
    page = (ROOT / "docs" / "how-to" / "external-media-server.md").read_text(encoding="utf-8")
    (config,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    server = OwnServer(tmp_path)
    wanted = server.settings
    ours = {
        '"a secret of at least 32 characters"': f'"{SECRET}"',
        "https://ringdown.example.org": f"http://127.0.0.1:{port}",
        "203.0.113.7": "127.0.0.1",
        "port: 7880": f"port: {wanted.port}\nbind_addresses: [127.0.0.1]",
        "tcp_port: 7881": f"tcp_port: {wanted.tcp_port}",
        "udp_port: 7882": f"udp_port: {wanted.udp_port}",
        "udp_port: 3478": f"udp_port: {wanted.turn_port}\n  bind_addresses: [127.0.0.1]",
        ":3478": f":{wanted.turn_port}",
    }
    for theirs, mine in ours.items():
        assert theirs in config
        config = config.replace(theirs, mine)
    try:
        await asyncio.to_thread(server.start, config)
        token = api.AccessToken("ringdown", SECRET).with_identity("lst_x")
        grants = api.VideoGrants(room_join=True, room="ls_nobody_made_it")
        room = rtc.Room()
        with pytest.raises(rtc.ConnectError, match="not exist"):
            await room.connect(server.url, token.with_grants(grants).to_jwt())
    finally:
        server.stop()
