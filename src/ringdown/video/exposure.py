"""How much people have seen of what callers show. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from ringdown.core.clock import iso
from ringdown.core.principal import Person
from ringdown.video.views import PersonExposure, ViewingView

TODAY: Final = timedelta(hours=24)


def by_person(viewings: Iterable[ViewingView], now: datetime) -> list[PersonExposure]:
    """One row a person, whoever has seen most first."""
    day = iso(now - TODAY)
    rows: dict[str, PersonExposure] = {}
    for one in viewings:
        before = rows.get(one.by.user_id) or _nothing(one.by)
        rows[one.by.user_id] = PersonExposure(
            person=before.person,
            viewings=before.viewings + 1,
            shown_ms=before.shown_ms + one.shown_ms,
            today_ms=before.today_ms + (one.shown_ms if one.started_at >= day else 0),
            longest_ms=max(before.longest_ms, one.shown_ms),
        )
    return sorted(rows.values(), key=lambda row: (-row.shown_ms, row.person.user_id))


def _nothing(person: Person) -> PersonExposure:
    return PersonExposure(person=person, viewings=0, shown_ms=0, today_ms=0, longest_ms=0)
