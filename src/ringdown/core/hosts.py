"""Whether a host is this machine or one of a private network, as its address is written. Pure."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

PRIVATE: Final = tuple(
    ip_network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
)
"""RFC 1918 §3 and RFC 4193 §3.1."""


def is_loopback(host: str) -> bool:
    """Whether the host is this machine."""
    address = _address(host)
    return host == "localhost" if address is None else address.is_loopback


def is_private(host: str) -> bool:
    """Whether the host is this machine or written as an address of a private network.

    A name is not: what it leads to is decided elsewhere, and may change.
    """
    address = _address(host)
    if address is None:
        return is_loopback(host)
    return address.is_loopback or any(address in network for network in PRIVATE)


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
