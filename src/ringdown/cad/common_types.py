"""Our kinds of incident in the common codes of public safety (APCO 2.103.2-2019). Pure."""

from typing import Final

from ringdown.incidents.api import INCIDENT_TYPES

NO_CODE: Final = "NCRNONE"
"""No type is confirmed, or one that this version does not know."""
_COMMON: Final = {kind.code: kind.common for kind in INCIDENT_TYPES}


def common_type(code: str | None) -> str:
    """The common code of one of our types; a code is never guessed."""
    return _COMMON.get(code or "", NO_CODE)
