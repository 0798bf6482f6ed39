"""The media server (LiveKit) beside us: built, started, watched and started again.

Nothing on a call waits for it. It listens on loopback alone and no address of a caller or of
this machine goes to anybody else's STUN server (`livekit_settings.server_config`).
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import httpx

from ringdown.core.clock import Clock
from ringdown.core.errors import BadConfig, RingdownError, Unavailable
from ringdown.core.ids import IdSource
from ringdown.media.adapters.livekit_build import Builder, BuildFailed
from ringdown.media.adapters.livekit_settings import (
    LOOPBACK,
    VERSION,
    MediaServerSettings,
    Notices,
    read_or_make_keys,
    write_config,
)
from ringdown.media.api import MediaServerAccess
from ringdown.runtime import parts
from ringdown.runtime.children import Child, ChildEnded, ChildSpec, keep_running
from ringdown.runtime.lamps import Lamps, LampState

LAMP = "media_server"
STILL_WORKS = (
    "Nobody can listen through it until it is back. Calls, recording, transcripts, drafts and "
    "CAD all go on; nothing waits for this."
)
_ATTEMPTS_UNTIL_UP = 100
_UP_EVERY_S = 0.1
_RESTART_S = (0.5, 1.0, 2.0, 5.0, 15.0)
_REBUILD_S = 600.0


class MediaServerUnhealthy(Unavailable):
    """The media server runs but does not answer; it is started again."""

    code = "media.server.unhealthy"
    action = "It is started again by itself; if this repeats, read logs/media-server.log."


class MediaPortTaken(Unavailable):
    """Another program has a port that the media server needs."""

    code = "media.server.port_taken"
    action = "Stop the other program, or set another port under [media_server]."


class MediaServerIncomplete(BadConfig):
    """An external media server needs its address, key and secret."""

    code = "media.server.incomplete"
    action = "Set url, api_key and api_secret under [media_server], or mode to build or off."


# What a quick second try does not heal.
LASTING = (BuildFailed, parts.ToolMissing, parts.ToolUnfit, MediaServerIncomplete)


@dataclass(frozen=True)
class Places:
    """The folders that the media server's files go to."""

    cache: Path
    secrets: Path
    run: Path
    logs: Path


class MediaServer:
    """Keeps a media server up, as the settings say, and its lamp true."""

    def __init__(
        self,
        settings: MediaServerSettings,
        *,
        places: Places,
        environment: Mapping[str, str],
        lamps: Lamps,
        clock: Clock,
        ids: IdSource,
        check_every_s: float = 5.0,
        on_up: Callable[[], None] = lambda: None,
        notices_to: Callable[[], Awaitable[str]] | None = None,
    ) -> None:
        """`on_up` is called each time the server has come up: its rooms are gone by then.

        `notices_to` gives the URL at which we hear what happens in the rooms, once it is known.
        """
        self._failures = 0
        """Since it was last up: one that ran well is started again at once."""
        self._told_up = on_up
        self._notices_to = notices_to
        self._settings = settings
        self._places = places
        self._lamps = lamps
        self._ids = ids
        self._check_every_s = check_every_s
        self._builder = Builder(
            settings, cache=places.cache, logs=places.logs, environment=environment, clock=clock
        )

    def access(self) -> MediaServerAccess:
        """Address and keys; makes the keys on the first start. Raises MediaServerIncomplete."""
        wanted = self._settings
        if wanted.mode == "external":
            if not (wanted.url and wanted.api_key and wanted.api_secret):
                raise MediaServerIncomplete("the external media server is not fully described")
            # The server's own tools take ws(s):// as well, so it is often written that way.
            url = f"http{wanted.url.removeprefix('ws')}" if wanted.url[:2] == "ws" else wanted.url
            return MediaServerAccess(url, wanted.api_key, wanted.api_secret.get_secret_value())
        key, secret = read_or_make_keys(
            self._key_file, self._ids.new("key").replace("_", ""), self._ids.secret()
        )
        return MediaServerAccess(f"http://{LOOPBACK}:{wanted.port}", key, secret)

    async def run(self) -> None:
        """Have a server up until cancelled. Returns only when the setting is `off`."""
        if self._settings.mode == "off":
            self._say("off", "Switched off in the settings.")
            return
        once = self._watch_external if self._settings.mode == "external" else self._run_own
        while True:
            try:
                await once()
            except LASTING as error:
                self._say("down", f"{error.message}. {error.action}")
                pause = _REBUILD_S
            except (RingdownError, httpx.HTTPError, OSError) as error:
                told = _typed(error)
                pause = _RESTART_S[min(self._failures, len(_RESTART_S) - 1)]
                self._failures += 1
                self._say("down", f"{told.message}; trying again. {told.action}")
            await asyncio.sleep(pause)

    async def _run_own(self) -> NoReturn:
        program = await self._builder.program(lambda text: self._say("working", text))
        self._say("working", "Starting the media server.")
        self._check_ports()
        access = self.access()
        config = self._places.run / "media-server.json"
        notices = None
        if self._notices_to is not None:
            notices = Notices(await self._notices_to(), access.api_key)
        write_config(self._settings, self._key_file, config, notices)
        spec = ChildSpec(
            name="media-server",
            command=(str(program), "--config", str(config)),
            log=self._places.logs / "media-server.log",
            pid_file=self._places.run / "media-server.pid",
        )

        async def healthy(child: Child) -> None:
            await self._until_up(child, access)
            self._say("ok", f"LiveKit {VERSION} runs on this machine, {self._reachable()}.")
            self._is_up()
            await self._stay_up(access)

        await keep_running(spec, while_up=healthy)

    async def _watch_external(self) -> NoReturn:
        access = self.access()
        async with httpx.AsyncClient(timeout=5.0) as client:
            await _ask(client, access)
        self._say("ok", "The external media server answers.")
        self._is_up()
        await self._stay_up(access)

    async def _until_up(self, child: Child, access: MediaServerAccess) -> None:
        async with httpx.AsyncClient(timeout=2.0) as client:
            for _ in range(_ATTEMPTS_UNTIL_UP):
                try:
                    return await _ask(client, access)
                except (httpx.HTTPError, MediaServerUnhealthy):
                    if not child.running:
                        raise ChildEnded("the media server ended while starting") from None
                    await asyncio.sleep(_UP_EVERY_S)
        raise MediaServerUnhealthy("the media server does not answer after its start")

    async def _stay_up(self, access: MediaServerAccess) -> NoReturn:
        async with httpx.AsyncClient(timeout=5.0) as client:
            while True:
                await asyncio.sleep(self._check_every_s)
                await _ask(client, access)

    def _check_ports(self) -> None:
        wanted = self._settings
        tcp, udp = socket.SOCK_STREAM, socket.SOCK_DGRAM
        own_turn = () if wanted.turn_servers else ((udp, wanted.turn_port),)
        for kind, port in (
            (tcp, wanted.port),
            (tcp, wanted.tcp_port),
            (udp, wanted.udp_port),
            *own_turn,
        ):
            with socket.socket(socket.AF_INET, kind) as probe:
                if kind == tcp:
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                where = LOOPBACK if port == wanted.port else str(wanted.address)
                try:
                    probe.bind((where, port))
                except OSError:
                    name = "TCP" if kind == tcp else "UDP"
                    raise MediaPortTaken(
                        f"{name} port {port} of the media server is taken", details={"port": port}
                    ) from None

    def _reachable(self) -> str:
        address = self._settings.address
        return "reachable from it alone" if address.is_loopback else f"its media at {address}"

    @property
    def _key_file(self) -> Path:
        return self._places.secrets / "livekit-keys.yaml"

    def _is_up(self) -> None:
        self._failures = 0
        self._told_up()

    def _say(self, state: LampState, text: str) -> None:
        works = "" if state == "ok" else STILL_WORKS
        self._lamps.set(LAMP, state, text, still_works=works)


def _typed(error: RingdownError | httpx.HTTPError | OSError) -> RingdownError:
    if isinstance(error, RingdownError):
        return error
    return MediaServerUnhealthy(f"the media server failed ({type(error).__name__})")


async def _ask(client: httpx.AsyncClient, access: MediaServerAccess) -> None:
    answer = await client.get(access.url)
    if answer.status_code != 200:
        raise MediaServerUnhealthy(
            "the media server answers with an error", details={"status": answer.status_code}
        )
