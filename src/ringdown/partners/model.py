"""An incident as partners see it: ids, the two ways of writing time, and the documented bodies.

Pure. Field names, their order and the form of each value are those of the partner documentation;
what we add is new and optional, so that a client written for it alone goes on working.
"""

import uuid
from typing import Final

NAMESPACE: Final = uuid.UUID("49024a55-ee01-409f-8b07-d92a21b0a198")
"""Of all ids partners see; changing it would give every incident a new id."""


def incident_uuid(call_id: str) -> str:
    """The id under which partners know a call: always the same one."""
    return str(uuid.uuid5(NAMESPACE, call_id))


def media_uuid(call_id: str) -> str:
    """The id of the recording of a call, as partners know it."""
    return str(uuid.uuid5(NAMESPACE, f"recording:{call_id}"))


def location_uuid(call_id: str, told: str) -> str:
    """The id of one location of a call; `told` is whatever makes it differ from the one before."""
    return str(uuid.uuid5(NAMESPACE, f"location:{call_id}:{told}"))


def read_uuid(text: str) -> str | None:
    """An id as it is kept, however it was written; None if it cannot be one."""
    if len(text) not in {32, 36}:
        return None
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return None
