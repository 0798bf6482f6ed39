"""The Retry-After header of HTTP (RFC 9110 §10.2.3): seconds, or a date."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

LONGEST_S: Final = 1e9
"""Thirty years; what is longer is taken for that, so that it stays a number."""


def retry_after_s(text: str | None, now: datetime) -> float | None:
    """Seconds to wait from `now`; 0 for a date that is past, None when there is none to use.

    A date without a zone is in UTC, as every date of HTTP is.
    """
    value = (text or "").strip()
    if value.isascii() and value.isdigit():
        return min(float(value), LONGEST_S)
    try:
        when = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError):
        return None
    aware = when if when.tzinfo else when.replace(tzinfo=UTC)
    return min(max((aware - now).total_seconds(), 0.0), LONGEST_S)
