"""What other features may ask of language models: how far a narrative has come."""

from typing import Protocol

from ringdown.assist.model.narrative import NarrativeMark
from ringdown.runtime.db import Tx

__all__ = ["NarrativeMark", "Narratives"]


class Narratives(Protocol):
    """The narratives of calls as later features see them: counted, never read."""

    async def read_mark(self, tx: Tx, centre_id: str, call_id: str) -> NarrativeMark:
        """How far the narrative of a call has come; version 0 if there is none."""
        ...
