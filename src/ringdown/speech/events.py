"""What speech tells the others: final words are facts, words still changing are signals."""

from typing import ClassVar

from ringdown.core.events import Fact, Signal
from ringdown.speech.model.utterance import ChannelView, UtteranceView


class UtteranceFinalised(Fact):
    """Somebody said this; the words will not change any more."""

    kind: ClassVar[str] = "speech.utterance.finalised.v1"
    utterance: UtteranceView


class UtterancePartial(Signal):
    """What somebody seems to be saying; carries the id that the final will have."""

    kind: ClassVar[str] = "speech.utterance.partial.v1"
    utterance: UtteranceView


class ToneHeard(Fact):
    """A tone was heard on a leg; see `ToneView` for what the fields mean."""

    kind: ClassVar[str] = "speech.tone.heard.v1"
    leg_id: str
    side: str
    tone: str
    digits: str | None
    start_ms: int
    end_ms: int


class ChannelChanged(Signal):
    """How closely a leg is followed has changed: its lag, its recogniser or its mode."""

    kind: ClassVar[str] = "speech.channel.changed.v1"
    channel: ChannelView


FACTS: tuple[type[Fact], ...] = (UtteranceFinalised, ToneHeard)
SIGNALS: tuple[type[Signal], ...] = (UtterancePartial, ChannelChanged)
