"""Settings of the media server, and the configuration file made from them."""

import json
import os
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from ringdown.runtime.secret_files import read_or_make_secret, write_private
from ringdown.runtime.settings import read_secret

VERSION = "v1.13.5"
LOOPBACK = "127.0.0.1"


class TurnServerSettings(BaseModel):
    """A TURN server of the agency, such as coturn with `use-auth-secret`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = Field(description="Name or address at which phones reach it.", min_length=1)
    port: int = Field(default=3478, ge=1, le=65535, description="The port, at that address.")
    protocol: Literal["udp", "tcp", "tls"] = Field(
        default="udp", description="How phones speak to it."
    )
    secret: SecretStr | None = Field(
        default=None, description="Its shared secret (coturn: static-auth-secret)."
    )
    secret_file: Path | None = Field(
        default=None, description="File that holds the secret, to keep it out of here."
    )
    ttl_s: int = Field(
        default=600, ge=60, le=86_400, description="How long credentials made from it are good."
    )

    @model_validator(mode="after")
    def _one_secret(self) -> "TurnServerSettings":
        if (self.secret is None) == (self.secret_file is None):
            raise ValueError("name either secret or secret_file")
        return self

    def configured(self) -> dict[str, object]:
        """Its entry in the media server's configuration, which only its owner can read."""
        file = self.secret_file
        secret = self.secret.get_secret_value() if self.secret is not None else ""
        return {
            "host": self.host,
            "port": self.port,
            "protocol": self.protocol,
            "secret": secret if file is None else read_secret(file),
            "ttl": self.ttl_s,
        }


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
    address: IPv4Address = Field(
        default=IPv4Address(LOOPBACK),
        description="Address of this machine at which callers' phones reach the media server's "
        "TURN port, and a TURN server elsewhere reaches its media port. Its HTTP port stays on "
        "loopback: phones and consoles come to it through Ringdown.",
    )
    turn_servers: tuple[TurnServerSettings, ...] = Field(
        default=(),
        description="TURN servers of your own, such as a coturn or a cluster; none: the embedded "
        "one. For an external media server set them there.",
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
    """The server's configuration: one address, a TURN of ours, nobody else's STUN.

    Without STUN servers, TURN servers or embedded TURN the server tells every client to ask
    public STUN servers, which learn a caller's address; with no `node_ip` it asks them itself.
    All three doors are shut here: our own TURN port answers STUN, or the agency's TURN servers
    do, and the address is fixed.

    No room is made by joining it (`auto_create`): who has a token for a room that we have
    deleted finds nothing.
    """
    telling = (
        {} if notices is None else {"webhook": {"api_key": notices.api_key, "urls": [notices.url]}}
    )
    address = str(settings.address)
    own_turn = not settings.turn_servers
    return {
        **telling,
        "port": settings.port,
        "bind_addresses": [LOOPBACK],
        "key_file": str(key_file),
        "room": {"auto_create": False},
        "logging": {"level": "info", "json": True},
        "rtc": {
            "node_ip": address,
            "use_external_ip": False,
            **_listening_on(settings.address),
            "tcp_port": settings.tcp_port,
            "udp_port": settings.udp_port,
            **(
                {"stun_servers": [f"{address}:{settings.turn_port}"]}
                if own_turn
                else {"turn_servers": [one.configured() for one in settings.turn_servers]}
            ),
        },
        "turn": _own_turn(settings) if own_turn else {"enabled": False},
    }


def _listening_on(address: IPv4Address) -> dict[str, object]:
    """Which candidates the server has: of this one address, whatever else the machine has."""
    if address.is_loopback:
        return {
            "enable_loopback_candidate": True,
            "interfaces": {"includes": loopback_interfaces()},
        }
    return {"ips": {"includes": [f"{address}/32"]}}


def _own_turn(settings: MediaServerSettings) -> dict[str, object]:
    """The embedded TURN server: it relays to the media server on this machine and nowhere else."""
    own = _own_network(settings.address)
    others = [str(net) for net in IPv4Network("0.0.0.0/0").address_exclude(own)]
    return {
        "enabled": True,
        "domain": "localhost",
        "udp_port": settings.turn_port,
        "bind_addresses": [str(settings.address)],
        "relay_range_start": settings.relay_ports[0],
        "relay_range_end": settings.relay_ports[1],
        "allow_restricted_peer_cidrs": [str(own)],
        "deny_peer_cidrs": [*others, "::/0"],
    }


def _own_network(address: IPv4Address) -> IPv4Network:
    return IPv4Network("127.0.0.0/8") if address.is_loopback else IPv4Network(f"{address}/32")


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
