"""What an administrator says of a server outside, whatever it is for."""

from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field

from ringdown.core.hosts import is_loopback
from ringdown.runtime.settings import Section


class OutsideServer(Section):
    """Where a server is, the key for it, and whom to trust on the way."""

    url: str = Field(default="", description="Where it is.")
    key_file: Path | None = Field(
        default=None, description="File that holds the key, sent as a bearer token."
    )
    allow_plain_http: bool = Field(
        default=False,
        description="Allow http:// to this machine or to a private network's address.",
    )
    ca_file: Path | None = Field(
        default=None, description="PEM file of the authority that its certificate is from."
    )
    proxy: str | None = Field(
        default=None,
        description="http://host:port of a proxy to go through; the environment's are not used.",
    )

    @property
    def goes_to(self) -> str | None:
        """The host that gets what is sent; None while it stays on this machine."""
        host = urlsplit(self.url).hostname or ""
        return None if is_loopback(host) and self.proxy is None else host
