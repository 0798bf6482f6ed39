"""What other features may ask of redaction."""

from typing import ClassVar, Protocol

from ringdown.core.errors import NotFound, RingdownError
from ringdown.core.principal import Principal
from ringdown.redaction.model.common import ordinary
from ringdown.redaction.model.pieces import LABELS, TOKEN, Label
from ringdown.redaction.model.tokens import Mark, Redacted

__all__ = [
    "LABELS", "TOKEN", "Label", "Mark", "Redacted", "Redaction", "TokenUnknown", "ValuesClosed",
    "ordinary",
]  # fmt: skip


class TokenUnknown(NotFound):
    """A text holds a token that stands for nothing in this call."""

    code: ClassVar[str] = "redaction.token_unknown"
    action: ClassVar[str] = (
        "Check that the text belongs to this call of this centre; a token may have been made up."
    )


class ValuesClosed(RingdownError):
    """What tokens stand for cannot be opened with the key that is there."""

    code: ClassVar[str] = "redaction.values_closed"
    action: ClassVar[str] = (
        "Restore secrets/redaction.key from a backup. Until then tokens stay tokens; the "
        "transcript and the recording are not touched."
    )


class Redaction(Protocol):
    """Tokens in place of personal values, and back."""

    async def redact(self, centre_id: str, call_id: str, text: str, before: str = "") -> Redacted:
        """A text of a call with tokens, the same all through the call; new values are kept."""
        ...

    async def restore(self, principal: Principal, call_id: str, text: str, purpose: str) -> str:
        """A text with the values its tokens stand for; written into the audit log."""
        ...
