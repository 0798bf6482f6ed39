"""The media server: found or built, started, watched; and nobody else's STUN server, ever."""

import asyncio
import fcntl
import json
import os
import re
import socket
import stat
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

import pytest
from tests.services import free_ports

from ringdown.media.adapters.livekit import MediaServer, MediaServerIncomplete, Places
from ringdown.media.adapters.livekit_build import Builder, BuildFailed, progress
from ringdown.media.adapters.livekit_settings import (
    MediaServerSettings,
    server_config,
    write_config,
)
from ringdown.runtime.clock import SystemClock
from ringdown.runtime.ids import SystemIds
from ringdown.runtime.lamps import Lamps
from ringdown.runtime.parts import ToolUnfit, cache_folder

# Answers health checks until a file called "sick" appears; ends when one called "die" does.
FAKE_SERVER = """#!/usr/bin/env python3
import http.server, json, os, pathlib, sys, threading, time
config = json.load(open(sys.argv[2]))
here = pathlib.Path(__file__).parent
(here / "starts").open("a").write("x")
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(500 if (here / "sick").exists() else 200)
        self.end_headers()
    def log_message(self, *words): pass
def watch():
    while not (here / "die").exists(): time.sleep(0.02)
    (here / "die").unlink()
    os._exit(3)
threading.Thread(target=watch, daemon=True).start()
http.server.ThreadingHTTPServer(("127.0.0.1", config["port"]), Handler).serve_forever()
"""

FAKE_GO = """#!/bin/sh
if [ "$1" = version ]; then echo "go version go1.26.1 test/test"; exit 0; fi
echo "$@" >> "{folder}/go-called"
env > "{folder}/go-environment"
nice > "{folder}/go-nice"
for n in 1 2 3; do echo "package $n"; done
{end}
"""


class Deaf:
    """A listener for signals that does not care."""

    def signal(self, signal: object) -> None:
        del signal


@pytest.fixture
def lamps() -> Lamps:
    return Lamps(SystemClock(), Deaf())


def settings(**changes: object) -> MediaServerSettings:
    port, tcp = free_ports(socket.SOCK_STREAM, 2)
    udp, turn = free_ports(socket.SOCK_DGRAM, 2)
    return MediaServerSettings(port=port, tcp_port=tcp, udp_port=udp, turn_port=turn, **changes)  # type: ignore[arg-type]


def places(tmp_path: Path) -> Places:
    return Places(tmp_path / "cache", tmp_path / "secrets", tmp_path / "run", tmp_path / "logs")


def server(tmp_path: Path, wanted: MediaServerSettings, lamps: Lamps) -> MediaServer:
    clock = SystemClock()
    return MediaServer(
        wanted,
        places=places(tmp_path),
        environment=os.environ,
        lamps=lamps,
        clock=clock,
        ids=SystemIds(clock),
        check_every_s=0.05,
    )


def program(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text)
    path.chmod(0o755)
    return path


async def lamp_says(lamps: Lamps, state: str, words: str = "") -> str:
    async with asyncio.timeout(20):
        while True:
            lamp = lamps.get("media_server")
            if lamp is not None and lamp.state == state and words in lamp.text:
                return lamp.still_works
            await asyncio.sleep(0.01)


def all_texts(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for inner in value.values() for text in all_texts(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in all_texts(inner)]
    return [value] if isinstance(value, str) else []


def test_no_third_party_stun_server_can_be_asked() -> None:
    """All three ways to the public STUN servers are shut: STUN and TURN are our own, the address is fixed."""
    config = server_config(MediaServerSettings(), Path("/keys"))
    rtc, turn = config["rtc"], config["turn"]
    assert isinstance(rtc, dict)
    assert isinstance(turn, dict)
    assert rtc["stun_servers"] == ["127.0.0.1:3478"]
    assert rtc["node_ip"] == "127.0.0.1"
    assert rtc["use_external_ip"] is False
    assert "turn_servers" not in rtc
    assert turn["enabled"]
    assert turn["udp_port"] == 3478


def test_every_address_in_the_configuration_is_this_machine() -> None:
    """No host name and no address but loopback appears anywhere in the file."""
    config = server_config(MediaServerSettings(), Path("/keys"))
    turn = config["turn"]
    assert isinstance(turn, dict)
    denied = [IPv4Network(net) for net in turn.pop("deny_peer_cidrs") if net != "::/0"]
    assert sum(net.num_addresses for net in denied) == 2**32 - 2**24  # all but 127.0.0.0/8
    texts = all_texts(config)
    addresses = [
        text for text in texts if re.search(r"\d+\.\d+|\.(com|org|net|io)\b|^localhost", text)
    ]
    assert addresses
    assert all(re.match(r"^(127\.0\.0\.|localhost$)", text) for text in addresses)


def test_phones_reach_one_address_and_the_relay_leads_to_it_alone() -> None:
    """The HTTP port stays on loopback; TURN is bound to the address and relays to it only."""
    wanted = MediaServerSettings(address=IPv4Address("192.168.7.9"))
    config = server_config(wanted, Path("/keys"))
    rtc, turn = config["rtc"], config["turn"]
    assert isinstance(rtc, dict)
    assert isinstance(turn, dict)
    assert config["bind_addresses"] == ["127.0.0.1"]
    assert (rtc["node_ip"], rtc["ips"]) == ("192.168.7.9", {"includes": ["192.168.7.9/32"]})
    assert rtc["stun_servers"] == ["192.168.7.9:3478"]
    assert turn["bind_addresses"] == ["192.168.7.9"]
    assert turn["allow_restricted_peer_cidrs"] == ["192.168.7.9/32"]
    denied = [IPv4Network(net) for net in turn["deny_peer_cidrs"] if net != "::/0"]
    assert sum(net.num_addresses for net in denied) == 2**32 - 1
    assert not any(wanted.address in net for net in denied)


def test_a_turn_server_of_the_agency_takes_the_place_of_the_embedded_one(tmp_path: Path) -> None:
    """It is the only one named, with a secret from its file; nothing of ours and no other STUN."""
    secret = tmp_path / "turn.secret"
    secret.write_text("a-secret-shared-with-coturn\n")
    own = {"host": "turn.agency.example", "port": 5349, "protocol": "tls", "secret_file": secret}
    config = server_config(MediaServerSettings.model_validate({"turn_servers": [own]}), Path("/k"))
    rtc = config["rtc"]
    assert isinstance(rtc, dict)
    assert config["turn"] == {"enabled": False}
    assert "stun_servers" not in rtc
    (named,) = rtc["turn_servers"]
    assert named == {
        "host": "turn.agency.example", "port": 5349, "protocol": "tls",
        "secret": "a-secret-shared-with-coturn", "ttl": 600,
    }  # fmt: skip
    with pytest.raises(ValueError, match="either secret or secret_file"):
        MediaServerSettings.model_validate({"turn_servers": [{"host": "turn.agency.example"}]})


def test_configuration_and_keys_are_for_their_owner_alone(tmp_path: Path, lamps: Lamps) -> None:
    """0600 for both; the secret is made once, is long enough and stays out of the configuration."""
    wanted = settings()
    access = server(tmp_path, wanted, lamps).access()
    again = server(tmp_path, wanted, lamps).access()
    keys, config = tmp_path / "secrets" / "livekit-keys.yaml", tmp_path / "run" / "c.json"
    write_config(wanted, keys, config)
    assert access == again
    assert len(access.api_secret) >= 32
    assert access.api_secret not in config.read_text()
    assert access.api_secret not in repr(access)
    assert {stat.S_IMODE(path.stat().st_mode) for path in (keys, config)} == {0o600}


async def test_a_server_that_is_named_is_run_and_the_lamp_turns_ok(
    tmp_path: Path, lamps: Lamps
) -> None:
    """The setting wins; no build is tried; cancelling stops the server."""
    wanted = settings(binary=program(tmp_path, "livekit", FAKE_SERVER))
    running = asyncio.ensure_future(server(tmp_path, wanted, lamps).run())
    await lamp_says(lamps, "ok", "LiveKit v1.13.5 runs")
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", wanted.port)) != 0


@pytest.mark.parametrize("sign", ["sick", "die"])
async def test_a_server_that_fails_is_told_and_started_again(
    tmp_path: Path, lamps: Lamps, sign: str
) -> None:
    """A hung or dead server darkens its lamp, which says what still works, and comes back."""
    wanted = settings(binary=program(tmp_path, "livekit", FAKE_SERVER))
    running = asyncio.ensure_future(server(tmp_path, wanted, lamps).run())
    await lamp_says(lamps, "ok")
    (tmp_path / sign).touch()
    assert "recording" in await lamp_says(lamps, "down", "trying again")
    (tmp_path / sign).unlink(missing_ok=True)
    await lamp_says(lamps, "ok")
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert len((tmp_path / "starts").read_text()) >= 2


async def test_a_taken_port_is_told_with_its_number(tmp_path: Path, lamps: Lamps) -> None:
    """The lamp names the port and what to do; nothing else stops."""
    wanted = settings(binary=program(tmp_path, "livekit", FAKE_SERVER))
    with socket.socket() as other:
        other.bind(("127.0.0.1", wanted.port))
        other.listen()
        running = asyncio.ensure_future(server(tmp_path, wanted, lamps).run())
        await lamp_says(lamps, "down", f"port {wanted.port}")
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_switched_off_is_a_state_of_its_own(tmp_path: Path, lamps: Lamps) -> None:
    """Off returns at once and lights `off`, not `down`."""
    await server(tmp_path, settings(mode="off"), lamps).run()
    await lamp_says(lamps, "off", "Switched off")


def test_an_external_server_needs_all_of_its_settings(tmp_path: Path, lamps: Lamps) -> None:
    """A half described external server is a mistake in the settings."""
    with pytest.raises(MediaServerIncomplete):
        server(tmp_path, settings(mode="external", url="http://127.0.0.1:1"), lamps).access()


def builder(tmp_path: Path, end: str, **changes: object) -> Builder:
    go = program(tmp_path, "go", FAKE_GO.format(folder=tmp_path, end=end))
    return Builder(
        settings(go=go, **changes),
        cache=tmp_path / "cache",
        logs=tmp_path / "logs",
        environment={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
        clock=SystemClock(),
    )


MAKES_IT = 'echo "#!/bin/sh" > "$GOBIN/server" || { mkdir -p "$GOBIN"; echo "#!/bin/sh" > "$GOBIN/server"; }; chmod +x "$GOBIN/server"'


async def test_the_build_is_pinned_static_and_polite(tmp_path: Path) -> None:
    """One fixed version, no C compiler, no toolchain download, the lowest priority."""
    built = builder(tmp_path, MAKES_IT)
    told: list[str] = []
    path = await built.program(told.append)
    environment = (tmp_path / "go-environment").read_text().splitlines()
    assert path == built.binary
    assert os.access(path, os.X_OK)
    assert "cmd/server@v1.13.5" in (tmp_path / "go-called").read_text()
    assert {"CGO_ENABLED=0", "GOTOOLCHAIN=local"} <= set(environment)
    assert (tmp_path / "go-nice").read_text().strip() == "19"
    assert any(text.startswith("Building the media server") for text in told)


async def test_what_was_built_is_not_built_again(tmp_path: Path) -> None:
    """The second start takes the cached program without asking Go for anything."""
    built = builder(tmp_path, MAKES_IT)
    await built.program(lambda _: None)
    await built.program(lambda _: None)
    assert (tmp_path / "go-called").read_text().count("install") == 1


async def test_only_one_build_runs_at_a_time(tmp_path: Path) -> None:
    """A second copy waits for the first, then takes what it made."""
    built = builder(tmp_path, MAKES_IT)
    told: list[str] = []
    built.binary.parent.mkdir(parents=True)
    with (built.binary.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        waiting = asyncio.ensure_future(built.program(told.append))
        async with asyncio.timeout(10):
            while not told:
                await asyncio.sleep(0.01)
        program(built.binary.parent, "livekit-server", "#!/bin/sh")
    assert await waiting == built.binary
    assert told[0].startswith("Waiting: another copy")
    assert not (tmp_path / "go-called").exists()


async def test_a_failed_build_says_what_the_compiler_said(tmp_path: Path) -> None:
    """The last line of the log is in the message, its place in the details."""
    built = builder(tmp_path, 'echo "no space left on device"; exit 1')
    with pytest.raises(BuildFailed, match="no space left on device") as told:
        await built.program(lambda _: None)
    assert told.value.details["log"] == str(tmp_path / "logs" / "media-server-build.log")
    assert not built.binary.exists()


async def test_a_wrong_go_setting_is_not_passed_over(tmp_path: Path) -> None:
    """A setting that names no working tool is refused, not silently replaced."""
    old = program(tmp_path, "old-go", '#!/bin/sh\necho "go version go1.20.3 x/y"\n')
    built = Builder(
        settings(go=old),
        cache=tmp_path / "cache",
        logs=tmp_path / "logs",
        environment={"PATH": "/usr/bin:/bin"},
        clock=SystemClock(),
    )
    with pytest.raises(ToolUnfit, match=r"1\.20\.3.*1\.26"):
        await built.program(lambda _: None)


def test_progress_speaks_in_minutes() -> None:
    """People read how long it has taken; the share never claims to be complete."""
    assert progress(10, 0).startswith("Building the media server: just begun")
    assert "2 min so far" in progress(140, 400)
    assert "100 %" not in progress(9999, 99999)


REAL = Path(cache_folder(os.environ)) / "livekit-server" / "v1.13.5" / "livekit-server"


@pytest.mark.skipif(
    not REAL.exists(), reason="the real server is built by `make run`; not on this machine yet"
)
async def test_the_real_server_accepts_the_configuration(tmp_path: Path, lamps: Lamps) -> None:
    """LiveKit refuses unknown keys, so its answer proves the file; its log names no STUN host but ours."""
    wanted = settings(binary=REAL)
    running = asyncio.ensure_future(server(tmp_path, wanted, lamps).run())
    await lamp_says(lamps, "ok")
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    log = (tmp_path / "logs" / "media-server.log").read_text()
    assert "google" not in log
    assert "twilio" not in log
    assert (
        json.loads((tmp_path / "run" / "media-server.json").read_text())["rtc"]["node_ip"]
        == "127.0.0.1"
    )
