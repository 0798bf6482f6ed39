"""What the speech lamp says, in plain words, as a function of how the lane stands."""

from collections.abc import Sequence
from dataclasses import dataclass

from ringdown.runtime.lamps import LampState

STILL = "Recording goes on; the words will be filled in from the recording."


@dataclass(frozen=True)
class Standing:
    """The lane at one moment."""

    workers: int
    ready: int
    starting_first: bool
    """No worker has been ready yet since the server started."""
    lost: Sequence[tuple[str, int]]
    """(call_id, ms on the call's clock up to which it has words) of each leg without a worker."""
    lag_ms: int
    behind_after_ms: int
    late: int
    """On how many calls words are late."""
    no_partials: bool
    """Lines are not shown while they are spoken: there is too much to do."""
    troubled: bool
    """A stretch of a leg could not be read or recognised lately."""
    store_down: bool
    """Final words wait for the database."""
    stand_in: str = ""
    """Why another recogniser listens than the preferred one, if so."""
    goes_to: Sequence[str] = ()
    """Hosts off this machine that get the audio, as the settings say."""


def clock_text(ms: int) -> str:
    """A moment on a call's clock: 0:03, 12:40, 1:02:03."""
    minutes, seconds = divmod(max(ms, 0) // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}:{minutes:02d}:{seconds:02d}"
    return f"{minutes}:{seconds:02d}"


def lamp_for(standing: Standing) -> tuple[LampState, str, str]:
    """State, text, and what still works."""
    calls = {call_id for call_id, _ in standing.lost}
    if len(calls) == 1:
        since = clock_text(min(ms for _, ms in standing.lost))
        return "down", f"No transcript since {since}. Keep taking notes.", STILL
    if calls:
        return "down", f"No transcript on {len(calls)} calls. Keep taking notes.", STILL
    if not standing.ready:
        if standing.starting_first:
            return "working", "Speech recognition is starting.", STILL
        return "down", "Speech recognition is starting again. Keep taking notes.", STILL
    if standing.store_down:
        return "down", "New words cannot be stored at present. Keep taking notes.", STILL
    if standing.lag_ms >= standing.behind_after_ms or (standing.no_partials and standing.late):
        calls_text = "1 call" if standing.late == 1 else f"{standing.late} calls"
        where = f" on {calls_text}" if standing.late else ""
        off = "; partials are off" if standing.no_partials else ""
        return "warn", f"Words are {standing.lag_ms // 1000} s late{where}{off}.", STILL
    if standing.ready < standing.workers:
        return "warn", "Part of speech recognition is starting again.", "All calls have words."
    if standing.troubled:
        return "warn", "Part of a call could not be turned into words. Listen to it again.", STILL
    if standing.stand_in:
        return "warn", standing.stand_in, "All calls have words."
    if standing.goes_to:
        hosts = ", ".join(standing.goes_to)
        return "ok", f"Calls are turned into words as people speak; audio goes to {hosts}.", ""
    return "ok", "Calls are turned into words as people speak.", ""
