"""What we hand out and must know again: signed media links and cursors of lists. Pure.

A link holds for one path, one centre, one partner and until one instant. Comparing a signature
takes the same time whatever is wrong with it.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar, Final, cast
from urllib.parse import urlencode

from ringdown.core.clock import iso, parse_iso
from ringdown.core.errors import Malformed, Refused

LINK: Final = b"ringdown media link\n"
CURSOR: Final = b"ringdown list cursor\n"


class LinkRefused(Refused):
    """The media link was changed, was made elsewhere, or is too old."""

    code: ClassVar[str] = "partners.media.link_refused"
    action: ClassVar[str] = "Read the incident again: it holds a fresh link."


class CursorUnknown(Malformed):
    """The cursor is none that this list gave."""

    code: ClassVar[str] = "partners.list.cursor_unknown"
    action: ClassVar[str] = "Begin the list again without a cursor."


@dataclass(frozen=True)
class Grant:
    """Whom a media link was made for, and until when (Unix seconds)."""

    centre_id: str
    client_id: str
    expires: int


@dataclass(frozen=True, repr=False)
class Links:
    """Makes and knows links and cursors by one secret key."""

    key: bytes = field(repr=False)

    def sign(self, path: str, grant: Grant) -> str:
        """The path with everything that proves the grant."""
        query = {
            "centre": grant.centre_id,
            "client": grant.client_id,
            "expires": str(grant.expires),
            "signature": self._signature(path, grant),
        }
        return f"{path}?{urlencode(query)}"

    def check(self, path: str, query: Mapping[str, str], now: datetime) -> Grant:
        """The grant in a link's query. Raises `LinkRefused`."""
        expires = query.get("expires", "")
        usable = expires.isascii() and expires.isdigit() and len(expires) < 13
        grant = Grant(
            query.get("centre", ""), query.get("client", ""), int(expires) if usable else 0
        )
        made = self._signature(path, grant).encode()
        given = query.get("signature", "").encode("utf-8", "replace")
        if not hmac.compare_digest(made, given) or not usable:
            raise LinkRefused("this link is not one of ours")
        if now.timestamp() >= grant.expires:
            raise LinkRefused("this link has expired")
        return grant

    def cursor(self, centre_id: str, updated_at: datetime, incident_id: str) -> str:
        """Where a list went on, as text that says nothing."""
        place = json.dumps([iso(updated_at), incident_id]).encode()
        mac = self._mac(CURSOR, centre_id.encode(), place)[:12]
        return base64.urlsafe_b64encode(mac + place).decode("ascii").rstrip("=")

    def read_cursor(self, centre_id: str, text: str) -> tuple[datetime, str]:
        """The place in the list. Raises `CursorUnknown`."""
        try:
            raw = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise CursorUnknown("this cursor is not known") from None
        mac, place = raw[:12], raw[12:]
        made = self._mac(CURSOR, centre_id.encode(), place)[:12]
        if not hmac.compare_digest(made, mac):
            raise CursorUnknown("this cursor is not known")
        updated_at, incident_id = cast("list[Any]", json.loads(place))
        return parse_iso(str(updated_at)), str(incident_id)

    def _signature(self, path: str, grant: Grant) -> str:
        parts = (path, grant.centre_id, grant.client_id, str(grant.expires))
        made = self._mac(LINK, *(part.encode("utf-8", "replace") for part in parts))
        return base64.urlsafe_b64encode(made).decode("ascii").rstrip("=")

    def _mac(self, purpose: bytes, *parts: bytes) -> bytes:
        """Each part with its length before it: no two lists of parts give the same text."""
        text = purpose + b"".join(len(part).to_bytes(4, "big") + part for part in parts)
        return hmac.new(self.key, text, hashlib.sha256).digest()


def expiry(grant: Grant) -> datetime:
    """When a grant ends."""
    return datetime.fromtimestamp(grant.expires, UTC)
