"""What speech tells the others: final words are facts, words still changing are signals."""

from typing import ClassVar

from ringdown.core.events import Fact, Signal
from ringdown.speech.model.utterance import UtteranceView


class UtteranceFinalised(Fact):
    """Somebody said this; the words will not change any more."""

    kind: ClassVar[str] = "speech.utterance.finalised.v1"
    utterance: UtteranceView


class UtterancePartial(Signal):
    """What somebody seems to be saying; carries the id that the final will have."""

    kind: ClassVar[str] = "speech.utterance.partial.v1"
    utterance: UtteranceView


FACTS: tuple[type[Fact], ...] = (UtteranceFinalised,)
SIGNALS: tuple[type[Signal], ...] = (UtterancePartial,)
