"""The numbers that playing to listeners goes by; an operator can change them."""

from ringdown.core.events import Value


class PlayoutRules(Value):
    """Limits of commands and gains, and what counts as the end of a live call."""

    min_gain_db: float = -60.0
    max_gain_db: float = 20.0
    commands_per_s: int = 20
    at_end_ms: int = 1000
    """A listener of a live call this close to its end is told to be at the end."""
