"""A call that is opened with the trail of its phone: written down first, or shown without it."""

from typing import Any

import pytest

from ringdown.caller.api import FixView, LinkView
from ringdown.console.model import OpenCallView
from ringdown.console.service import ConsoleService
from ringdown.core.principal import Principal
from ringdown.runtime.db import DatabaseUnavailable

DANA = Principal("user", "user_1", "Dana", "a", frozenset(), "ses_1")
FIX = FixView.model_construct(fix_id="fix_1")
SHARED = LinkView.model_construct(agreed=("location", "chat"))
CHAT = LinkView.model_construct(agreed=("chat",))


class Trail:
    """What is written down of it."""

    def __init__(self, *, away: bool = False) -> None:
        self.away, self.told = away, list[tuple[str, int]]()

    async def shown(self, principal: Principal, call_id: str, *, fixes: int) -> None:
        if self.away:
            raise DatabaseUnavailable("the database does not answer")
        self.told.append((call_id, fixes))


class Console(ConsoleService):
    """One that knows one call."""

    def __init__(self, trail: Trail, fixes: list[FixView], links: list[LinkView]) -> None:
        self._trail = trail
        self._view = OpenCallView.model_construct(fixes=fixes, links=links)

    async def call(self, centre_id: str, call_id: str) -> OpenCallView:
        return self._view


@pytest.mark.parametrize(
    ("fixes", "link", "told"),
    [
        ([FIX], CHAT, [("call_1", 1)]),
        ([], SHARED, [("call_1", 0)]),
        ([], CHAT, []),
    ],
)
async def test_a_call_with_a_trail_is_written_down_and_another_is_not(
    fixes: list[Any], link: LinkView, told: list[Any]
) -> None:
    """A place that is being shared counts before its first fix came in."""
    trail = Trail()
    shown = await Console(trail, fixes, [link]).opened(DANA, "call_1")
    assert (trail.told, shown.fixes) == (told, fixes)


async def test_what_cannot_be_written_down_is_not_shown() -> None:
    """The call itself is: a database in trouble hides the trail and nothing else."""
    shown = await Console(Trail(away=True), [FIX], [SHARED]).opened(DANA, "call_1")
    assert (shown.fixes, shown.links) == ([], [SHARED])
