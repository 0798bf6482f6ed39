"""Where webhooks may go, and every way to hide where they would."""

import pytest

from ringdown.partners.addresses import AddressRefused, UrlRefused, check_addresses, check_url

OWN = [
    "127.0.0.1", "127.8.8.8", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1",
    "169.254.1.1", "100.64.0.1", "198.18.0.1", "::1", "fe80::1", "fe80::1%eth0", "fc00::1",
    "fd12::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "::7f00:1",
]  # fmt: skip
NEVER = [
    "0.0.0.0", "0.1.2.3", "224.0.0.1", "239.1.1.1", "255.255.255.255", "240.0.0.1", "::", "ff02::1",
    "169.254.169.254", "::ffff:169.254.169.254", "::ffff:0.0.0.0", "fd00:ec2::254",
    "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::",
]  # fmt: skip
PUBLIC = ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::5db8:d70e"]


@pytest.mark.parametrize("address", OWN)
def test_a_network_of_ones_own_needs_an_administrator(address: str) -> None:
    """Also when an IPv4 address hides in an IPv6 one."""
    with pytest.raises(AddressRefused):
        check_addresses([address], allow_private=False)
    assert check_addresses([address], allow_private=True) == [address]


@pytest.mark.parametrize("address", NEVER)
@pytest.mark.parametrize("allow", [False, True])
def test_some_addresses_are_never_sent_to(address: str, *, allow: bool) -> None:
    """Groups, nothing, and where clouds keep the secrets of a machine."""
    with pytest.raises(AddressRefused):
        check_addresses([address], allow_private=allow)


def test_public_addresses_may_be_sent_to_and_one_bad_one_spoils_all() -> None:
    """A name that leads outside and inside is a trick."""
    assert check_addresses(PUBLIC, allow_private=False) == PUBLIC
    with pytest.raises(AddressRefused):
        check_addresses([*PUBLIC, "127.0.0.1"], allow_private=False)


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.org/", "ftp://x.example/", "https://", "https://u:p@x.example/",
        "https://x.example/#f", "javascript:alert(1)", "", "https://127.0.0.1/", "https://[::1]/",
        "https://169.254.169.254/", "https://[::ffff:10.0.0.1]/", "https://x.example/" + "a" * 2000,
    ],
)  # fmt: skip
def test_what_is_no_safe_https_address_is_refused_at_once(url: str) -> None:
    """No password, no fragment, no address of ours."""
    with pytest.raises(UrlRefused):
        check_url(url, allow_private=False)


def test_a_private_address_is_taken_when_allowed() -> None:
    """Many receivers are on the local network; still only by HTTPS."""
    assert check_url("https://10.0.0.5:8443/in", allow_private=True) == "https://10.0.0.5:8443/in"
    with pytest.raises(UrlRefused):
        check_url("http://10.0.0.5/in", allow_private=True)
