"""Utterances: what one side said without a long pause, and the leg it was heard on."""

from typing import Literal

from ringdown.core.events import Value
from ringdown.speech.model.words import WordView

LEG_RATE = 8000
Side = Literal["caller", "call_taker"]


class NumberView(Value):
    """A number, date, time, plate or the like among the words `first_word`…`last_word` (inclusive).

    `written` is the likeliest reading; `alternatives` are the others that the same words allow.
    """

    first_word: int
    last_word: int
    kind: str
    written: str
    alternatives: tuple[str, ...] = ()


class NameMatch(Value):
    """A local name that sounds or looks like what was heard; `score` is from 0 to 1."""

    name: str
    score: float


class SuggestionView(Value):
    """Local names beside the words `first_word`…`last_word` (inclusive), the nearest first."""

    first_word: int
    last_word: int
    names: tuple[NameMatch, ...]


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
    doubts: tuple[str, ...] = ()
    """Why the whole is doubtful, as codes."""
    numbers: tuple[NumberView, ...] = ()
    suggestions: tuple[SuggestionView, ...] = ()


class ToneView(Value):
    """A tone on one side of a call: keys, machines, an alarm, or what a telephone exchange plays.

    `tone` is a code: `dtmf`, `tty` (a text telephone), `fax`, `alarm` (a smoke alarm), and of the
    exchange `dial`, `busy`, `reorder`, `ringback` and `sit` (before an announcement). `digits` are
    the keys pressed, for `dtmf` only. Times are milliseconds on the call's clock.
    """

    leg_id: str
    side: str
    tone: str
    digits: str | None = None
    start_ms: int
    end_ms: int


ChannelMode = Literal["live", "partials_shed", "no_partials", "catching_up"]
"""How closely a leg is followed: revisions come at once, late, not at all, or all is late."""


class ChannelView(Value):
    """How one leg is listened to at the moment; `lag_ms` is audio that has no words yet."""

    leg_id: str
    side: str
    lag_ms: int
    engine: str
    mode: ChannelMode


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
