"""Servers outside that an administrator names: where they may be, with what key, and whom to trust.

Each check raises the error class it is given, with the name of the setting and never its content.
"""

import ssl
from pathlib import Path

import httpx

from ringdown.core.errors import BadConfig, RingdownError
from ringdown.core.hosts import is_private
from ringdown.runtime.settings import read_secret


def check_address(
    url: str, proxy: str | None, *, allow_plain_http: bool, section: str, error: type[BadConfig]
) -> None:
    """Whether anything may be sent there: over TLS, or plainly within a private network if allowed.

    `section` is where the settings stand, for example `speech.openai_compatible`.
    """
    for name, text in (("url", url), ("proxy", proxy)):
        if text is None:
            continue
        try:
            parsed = httpx.URL(text)
        except httpx.InvalidURL:
            raise error(f"{section}.{name} is no address") from None
        if not parsed.host or parsed.userinfo or parsed.fragment or parsed.query:
            raise error(f"{section}.{name} needs a host, and no password, query or fragment")
        if parsed.scheme not in {"http", "https"}:
            raise error(f"{section}.{name} must begin with https://")
    parsed = httpx.URL(url)
    if parsed.scheme == "http" and not (allow_plain_http and is_private(parsed.host)):
        raise error(
            f"{section}.url must begin with https://; http:// needs allow_plain_http, and is for "
            "this machine or an address of a private network"
        )


def read_key(key_file: Path | None, *, section: str, error: type[BadConfig]) -> str | None:
    """The key, if there is to be one; wrap it before it goes anywhere."""
    if key_file is None:
        return None
    try:
        key = read_secret(key_file)
    except (RingdownError, UnicodeDecodeError):
        raise error(f"{section}.key_file cannot be read") from None
    if not key or not key.isascii() or not key.isprintable() or " " in key:
        raise error(f"{section}.key_file holds no key")
    return key


def trust(ca_file: Path | None, *, section: str, error: type[BadConfig]) -> ssl.SSLContext:
    """Whom to believe: the machine's authorities, or those in a file; TLS 1.2 at least."""
    try:
        context = ssl.create_default_context(cafile=ca_file)
    except OSError:  # ssl.SSLError is one
        raise error(f"{section}.ca_file cannot be used") from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
