"""What partners subscribe to: `PartnerEventsChannel` with the id of an incident. Pure."""

import json
from typing import Any, Final, cast

from ringdown.partners.model import read_uuid

CHANNEL: Final = "PartnerEventsChannel"
PARAMETERS: Final = ("incident_id", "incidentId", "id")
"""The documentation does not show the parameter's name; any of these is taken."""


def incident_of(identifier: str) -> str | None:
    """The incident that an identifier names; None for another channel, no id, or several."""
    try:
        read = json.loads(identifier)
    except (ValueError, RecursionError):
        return None
    if not isinstance(read, dict):
        return None
    fields = cast("dict[str, Any]", read)
    if fields.get("channel") != CHANNEL:
        return None
    given = [fields[name] for name in PARAMETERS if name in fields]
    ids = {read_uuid(one) if isinstance(one, str) else None for one in given}
    return ids.pop() if len(ids) == 1 else None
