"""Which addresses a webhook may be sent to: none of ours, unless an administrator says so. Pure.

A name may lead anywhere, and somewhere else a moment later, so what is judged is the address that
is then connected to. An address may hide another (an IPv4 address inside IPv6): both are judged.
"""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import ClassVar, Final

import httpx

from ringdown.core.errors import Invalid, RingdownError

Address = IPv4Address | IPv6Address

NEVER: Final = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8", "224.0.0.0/4", "240.0.0.0/4", "169.254.169.254/32", "169.254.170.2/32",
        "100.100.100.200/32", "192.0.0.192/32", "::/128", "ff00::/8", "fd00:ec2::/32",
    )
)  # fmt: skip
"""No host that takes webhooks: nothing, groups, and where clouds keep their machines' secrets."""

OWN: Final = tuple(
    ip_network(text)
    for text in (
        "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
        "192.0.0.0/24", "192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24",
        "203.0.113.0/24", "::1/128", "fc00::/7", "fe80::/10", "fec0::/10", "2001:db8::/32",
        "100::/64",
    )
)  # fmt: skip
"""This machine and networks of somebody's own: refused unless an administrator allows them."""

NAT64: Final = IPv6Network("64:ff9b::/96")


class UrlRefused(Invalid):
    """Webhooks and tokens go to HTTPS addresses, without a password or a fragment in them."""

    code: ClassVar[str] = "partners.endpoint.url_refused"
    action: ClassVar[str] = "Give an address that begins with https:// and holds no credential."


class AddressRefused(RingdownError):
    """The name leads to an address that nothing is sent to."""

    code: ClassVar[str] = "partners.address.refused"
    severity = "warning"
    action: ClassVar[str] = (
        "Give a public address, or allow this endpoint to be on a network of your own."
    )


def check_url(text: str, *, allow_private: bool) -> str:
    """The address as it is kept. Raises `UrlRefused`; a literal address is judged at once."""
    try:
        url = httpx.URL(text.strip())
    except (httpx.InvalidURL, ValueError):
        raise UrlRefused("this is not an address") from None
    if url.scheme != "https" or not url.host:
        raise UrlRefused("the address must begin with https://")
    if url.userinfo or url.fragment or len(text) > 2000:
        raise UrlRefused("the address holds a password or a fragment, or is too long")
    try:
        literal = ip_address(url.host.strip("[]"))
    except ValueError:
        return str(url)
    if not allowed(literal, allow_private=allow_private):
        raise UrlRefused("nothing is sent to this address unless it is allowed")
    return str(url)


def check_addresses(found: list[str], *, allow_private: bool) -> list[str]:
    """Every address a name leads to, if all of them may be used. Raises `AddressRefused`.

    One that is refused refuses them all: a name that leads here as well as there is a trick.
    """
    for text in found:
        # A zone (`fe80::1%eth0`) does not change what an address is.
        if not allowed(ip_address(text.partition("%")[0]), allow_private=allow_private):
            raise AddressRefused("the name leads to an address that is not allowed")
    return found


def allowed(address: Address, *, allow_private: bool) -> bool:
    """Whether webhooks may go there."""
    for one in _inside(address) or [address]:
        if any(one in network for network in NEVER if network.version == one.version):
            return False
        own = any(one in network for network in OWN if network.version == one.version)
        if (own or one.is_private or one.is_reserved) and not allow_private:
            return False
    return True


def _inside(address: Address) -> list[Address]:
    """The IPv4 addresses that an IPv6 address stands for (RFC 4291, 3056, 4380, 6052)."""
    if isinstance(address, IPv4Address):
        return []
    if address.ipv4_mapped is not None:
        return [address.ipv4_mapped]
    if address in NAT64 or (int(address) >> 32 == 0 and int(address) > 1):
        return [IPv4Address(int(address) & 0xFFFFFFFF)]
    if address.sixtofour is not None:
        return [address.sixtofour]
    return [] if address.teredo is None else list(address.teredo)
