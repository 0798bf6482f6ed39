"""The shapes of a caller's photos and videos as everybody sees them."""

from typing import Literal

from pydantic import Field

from ringdown.core.events import Value

UploadKind = Literal["photo", "video"]
UploadState = Literal["receiving", "checking", "quarantined", "viewed", "refused", "removed"]
"""`quarantined`: checked and whole, and nobody has looked at it yet."""


class UploadView(Value):
    """One file from a caller. Its own name is not kept."""

    upload_id: str
    call_id: str
    link_id: str | None
    via: Literal["page", "mms", "recording"]
    """`recording`: what their camera showed, recorded here."""
    state: UploadState
    kind: UploadKind | None = None
    content_type: str | None = None
    size: int
    """Bytes of the whole file."""
    received: int
    sha256: str | None = None
    metadata: dict[str, str] = Field(default_factory=dict)
    """What the file says of itself, such as when and where; stripped from what leaves."""
    reason: str | None = None
    """Why it was refused or removed."""
    at: str
    changed_at: str
