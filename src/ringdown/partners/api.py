"""What other parts may ask of partners' incidents."""

from typing import Protocol

__all__ = ["PartnerIncidents"]


class PartnerIncidents(Protocol):
    """Which call stands behind the id that a partner knows."""

    async def call_of(self, centre_id: str, incident_id: str) -> str | None:
        """The call of this centre; None for an unknown id and for another centre's alike."""
        ...
