"""What the `cad` lamp says, in the words of somebody at 3 a.m. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo

from ringdown.cad.model import Delivery
from ringdown.runtime.lamps import LampState

STILL_WORKS = "Drafts can be printed."
HEADLINES = {
    "cad.certificate_wrong": "The certificate of the CAD is not trusted",
    "cad.tls": "No secure connection to the CAD",
    "cad.redirected": "The CAD's address leads elsewhere",
    "cad.status": "The CAD answers with an error",
    "cad.busy": "The CAD is too busy",
    "cad.adapter_failed": "The CAD adapter fails",
}


@dataclass(frozen=True)
class Light:
    """A lamp's state and words."""

    state: LampState
    text: str
    still_works: str = ""


def light(
    *,
    set_up: bool,
    waiting: Sequence[Delivery],
    dead: Sequence[Delivery],
    zone: tzinfo,
    practice: bool = False,
) -> Light:
    """The lamp for what waits and what was given up. A practice CAD never looks like a real one."""
    incidents = {(one.centre_id, one.incident_id) for one in waiting}
    if not set_up:
        return Light("off", " ".join(["No CAD is set up.", *_waiting(len(incidents))]), STILL_WORKS)
    failing = [one for one in waiting if one.failing_since is not None]
    words: list[str] = []
    if failing:
        worst = min(failing, key=lambda one: one.failing_since or one.queued_at)
        code = worst.last_error.code if worst.last_error else ""
        since = (worst.failing_since or worst.queued_at).astimezone(zone)
        clock = f"{since:%H:%M}" + (" UTC" if zone is UTC else "")
        words.append(f"{HEADLINES.get(code, 'CAD not answering')} since {clock}.")
        words += _waiting(len(incidents))
    if dead:
        given_up = len({(one.centre_id, one.incident_id) for one in dead})
        what = "1 incident is" if given_up == 1 else f"{given_up} incidents are"
        # A correction or a cancellation may be what was given up: the CAD then has the old one.
        words.append(
            f"{what} missing or outdated in the CAD: print, tell dispatch, then try again."
        )
    if words:
        return Light("down", " ".join(words), STILL_WORKS)
    if practice:
        return Light("warn", "Practice CAD: what is sent reaches no dispatcher.", STILL_WORKS)
    return Light("ok", "The CAD takes what is confirmed.")


def _waiting(count: int) -> list[str]:
    if not count:
        return []
    return ["1 incident waiting." if count == 1 else f"{count} incidents waiting."]
