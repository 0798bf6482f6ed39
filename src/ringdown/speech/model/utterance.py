"""Utterances: what one side said without a long pause, and the leg it was heard on."""

from typing import Literal

from ringdown.core.events import Value
from ringdown.speech.model.words import WordView

LEG_RATE = 8000
Side = Literal["caller", "call_taker"]


class UtteranceView(Value):
    """One utterance; times are milliseconds on the call's clock. A higher revision is newer."""

    utterance_id: str
    call_id: str
    leg_id: str
    side: str
    start_ms: int
    end_ms: int
    text: str
    revision: int
    engine: str
    doubtful: bool
    words: tuple[WordView, ...]


class LegRef(Value):
    """One leg to be listened to: whose it is, where its files lie, where it begins.

    `folders` are the folders of its call below each recordings folder, the preferred one first;
    in them lie `<leg_id>.leg`, its later parts and, once sealed, `<leg_id>.flac`. `start_ms` is
    where the leg's first sample lies on the call's clock.
    """

    centre_id: str
    call_id: str
    leg_id: str
    side: str
    start_ms: int
    folders: tuple[str, ...]


def utterance_id(leg_id: str, first_sample: int) -> str:
    """The same stretch of the same leg always has the same id, so a repeat is no double."""
    return f"utt_{leg_id.removeprefix('leg_')}_{first_sample}"


def sample_ms(sample: int) -> int:
    """Milliseconds from the first sample of a leg."""
    return sample * 1000 // LEG_RATE
