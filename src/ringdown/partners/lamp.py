"""What the `partners` lamp says, in the words of somebody at 3 a.m. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ringdown.core.clock import iso
from ringdown.partners.ledger import Endpoint
from ringdown.partners.ports import Counts
from ringdown.runtime.lamps import LampState

STILL_WORKS = "Calls, recording and the console are not touched by this."


@dataclass(frozen=True)
class Light:
    """A lamp's state and words."""

    state: LampState
    text: str
    still_works: str = ""


def light(endpoints: Sequence[Endpoint], counts: Mapping[str, Counts]) -> Light:
    """The lamp for every endpoint there is and what waits for it."""
    if not endpoints:
        return Light("off", "No partner has a webhook endpoint.")
    gone = [one for one in endpoints if one.disabled_because == "gone"]
    known = {one.endpoint_id for one in endpoints}
    dead = sum(count.dead for endpoint_id, count in counts.items() if endpoint_id in known)
    words: list[str] = []
    if gone:
        names = ", ".join(sorted(one.name for one in gone)[:3])
        what = "has" if len(gone) == 1 else "have"
        words.append(f"{names} {what} gone (410) and {what} been switched off: ask the partner.")
    if dead:
        what = "1 webhook was" if dead == 1 else f"{dead} webhooks were"
        words.append(f"{what} given up: look at the deliveries and send them again.")
    if words:
        return Light("down", " ".join(words), STILL_WORKS)
    failing = [one for one in endpoints if one.enabled and _failing(one)]
    if failing:
        names = ", ".join(sorted(one.name for one in failing)[:3])
        return Light("warn", f"Not answering, tried again: {names}.", STILL_WORKS)
    return Light("ok", "Partners take what they are sent.")


def _failing(endpoint: Endpoint) -> bool:
    """Whether the newest attempt failed."""
    error, success = endpoint.last_error, endpoint.last_success_at
    if error is None:
        return False
    return success is None or error.at > iso(success)
