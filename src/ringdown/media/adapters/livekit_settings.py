"""Settings of the media server, and the configuration file made from them."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from ringdown.runtime.secret_files import read_or_make_secret, write_private

VERSION = "v1.13.5"
LOOPBACK = "127.0.0.1"


class MediaServerSettings(BaseModel):
    """The LiveKit server: built and run by us on loopback, run by somebody else, or none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mode: Literal["build", "external", "off"] = Field(
        default="build",
        description="build: we build and run it on loopback. external: use the one at `url`, set "
        "up as docs/how-to/external-media-server.md says.",
    )
    url: str | None = Field(
        default=None, description="external only: its address, http(s) or ws(s)"
    )
    api_key: str | None = Field(default=None, description="external only: the API key")
    api_secret: SecretStr | None = Field(default=None, description="external only: its secret")
    port: int = Field(default=7880, description="HTTP and WebSocket port", ge=1, le=65535)
    tcp_port: int = Field(default=7881, description="media over TCP", ge=1, le=65535)
    udp_port: int = Field(default=7882, description="media over UDP", ge=1, le=65535)
    turn_port: int = Field(default=3478, description="embedded TURN over UDP", ge=1, le=65535)
    relay_ports: tuple[int, int] = Field(
        default=(40000, 40100), description="first and last UDP port that TURN relays through"
    )
    go: Path | None = Field(default=None, description="path of the Go toolchain; found if absent")
    binary: Path | None = Field(default=None, description="path of a livekit-server already built")


@dataclass(frozen=True)
class Notices:
    """Where the server tells what happens in its rooms, signed with which key."""

    url: str
    api_key: str


def server_config(
    settings: MediaServerSettings, key_file: Path, notices: Notices | None = None
) -> dict[str, object]:
    """The server's configuration: loopback only, embedded TURN, nobody else's STUN.

    Without STUN servers, TURN servers or embedded TURN the server tells every client to ask
    public STUN servers, which learn a caller's address; with no `node_ip` it asks them itself.
    All three doors are shut here: our own TURN port answers STUN, and the address is fixed.

    No room is made by joining it (`auto_create`): who has a token for a room that we have
    deleted finds nothing.
    """
    telling = (
        {} if notices is None else {"webhook": {"api_key": notices.api_key, "urls": [notices.url]}}
    )
    return {
        **telling,
        "port": settings.port,
        "bind_addresses": [LOOPBACK],
        "key_file": str(key_file),
        "room": {"auto_create": False},
        "logging": {"level": "info", "json": True},
        "rtc": {
            "node_ip": LOOPBACK,
            "use_external_ip": False,
            "enable_loopback_candidate": True,
            "interfaces": {"includes": loopback_interfaces()},
            "tcp_port": settings.tcp_port,
            "udp_port": settings.udp_port,
            "stun_servers": [f"{LOOPBACK}:{settings.turn_port}"],
        },
        "turn": {
            "enabled": True,
            "domain": "localhost",
            "udp_port": settings.turn_port,
            "bind_addresses": [LOOPBACK],
            "relay_range_start": settings.relay_ports[0],
            "relay_range_end": settings.relay_ports[1],
            "allow_restricted_peer_cidrs": ["127.0.0.0/8"],
        },
    }


def loopback_interfaces() -> list[str]:
    """The name of the loopback interface: `lo` on Linux, `lo0` on macOS."""
    return ["lo0"] if os.uname().sysname == "Darwin" else ["lo"]


def write_config(
    settings: MediaServerSettings, key_file: Path, path: Path, notices: Notices | None = None
) -> None:
    """Write the configuration as JSON, which every YAML reader reads."""
    write_private(path, json.dumps(server_config(settings, key_file, notices), indent=2))


def read_or_make_keys(path: Path, key: str, secret: str) -> tuple[str, str]:
    """The API key and secret kept in `path`, made from the two given on the first start."""
    # Private too: the server refuses a key file that others can read.
    kept = read_or_make_secret(path, lambda: f"{key}: {secret}")
    kept_key, _, kept_secret = kept.partition(": ")
    return kept_key, kept_secret
