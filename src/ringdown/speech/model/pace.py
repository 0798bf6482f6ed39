"""How often a line that is being spoken is looked at, and when that is given up. Pure.

Audio is never left out. When there is too much to do, lines are revised later first, and then not
at all until the finals have caught up; the way back takes longer than the way there, so that a
load at the limit does not switch to and fro.
"""

from dataclasses import dataclass
from typing import Final

from ringdown.speech.model.utterance import ChannelMode

SHORT: Final = 0.25
PER_SECOND: Final = 0.1
LONG: Final = 1.3
"""The share of the usual time between two looks: at the beginning of a line, what each second that
has been spoken adds, and at most."""

SHED_AT_S: Final = 0.7
STOP_AT_S: Final = 2.0
CALM_BELOW_S: Final = 0.35
CALM_FOR_S: Final = 1.5
SPARE: Final = 0.6
"""Below this share of busy time there is no reason to look less often."""
FULL: Final = 0.9
"""Above this share of busy time lines count as revised late."""
SLOWEST: Final = 3.0
MEMORY_S: Final = 2.0
"""Over about what time the share of busy time is taken."""


@dataclass
class Pace:
    """The pace of one worker. `every_s` is the usual time between two looks at a long line."""

    every_s: float
    mode: ChannelMode = "live"
    busy: float = 0.0
    """The share of time that was spent on work lately."""
    _at: float | None = None
    _calm_since: float | None = None

    def note(self, now: float, worked_s: float, lag_s: float) -> None:
        """Since the last note the loop has worked so long; the live leg latest is so late."""
        passed = 0.0 if self._at is None else max(now - self._at, 0.0)
        self._at = now
        if passed > 0:
            weight = min(passed / MEMORY_S, 1.0)
            self.busy += (min(worked_s / passed, 1.0) - self.busy) * weight
        if lag_s >= STOP_AT_S:
            self.mode = "no_partials"
        elif self.mode == "live" and (lag_s >= SHED_AT_S or self.busy >= FULL):
            self.mode = "partials_shed"
        self._calm(now, lag_s)

    def _calm(self, now: float, lag_s: float) -> None:
        """One step back once it has been calm for a while."""
        limit = CALM_BELOW_S if self.mode == "no_partials" or self.busy < FULL - 0.1 else -1.0
        if self.mode == "live" or lag_s > limit:
            self._calm_since = None
        elif self._calm_since is None:
            self._calm_since = now
        elif now - self._calm_since >= CALM_FOR_S:
            self.mode = "partials_shed" if self.mode == "no_partials" else "live"
            self._calm_since = None

    def period(self, spoken_s: float) -> float | None:
        """Seconds between two looks at a line of this length; None while there are none."""
        if self.mode == "no_partials":
            return None
        share = min(SHORT + PER_SECOND * spoken_s, LONG)
        over = max(self.busy - SPARE, 0.0) / (1.0 - SPARE)
        slower = 1.0 + over * (SLOWEST - 1.0)
        if self.mode == "partials_shed":
            slower = max(slower, 2.0)
        return self.every_s * share * slower
