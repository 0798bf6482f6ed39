"""What other features may ask of the audit log: write down an act, in their own transaction."""

from collections.abc import Mapping
from typing import Protocol

from ringdown.audit.model import INSTALLATION, Head
from ringdown.core.principal import Principal
from ringdown.runtime.db import Tx

__all__ = ["INSTALLATION", "Audit", "Head"]


class Audit(Protocol):
    """The audit log as its writers see it."""

    async def append(
        self,
        tx: Tx,
        *,
        centre_id: str,
        tag: str,
        actor: Principal,
        subject: str,
        details: Mapping[str, object] | None = None,
    ) -> None:
        """Write down an act in the caller's transaction: both are kept, or neither.

        `subject` is the id of what was acted upon. `details` are plain JSON and hold no
        telephone number, address or words of a caller (CJIS AU-3(3)), with one exception: what a
        person decided about a field of an incident is told with the text before and after, since
        that text is the act. Raises `UnknownAuditTag` and `AuditDetailsInvalid`.
        """
        ...
