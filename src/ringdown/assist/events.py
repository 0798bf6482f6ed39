"""What others may hear about narratives: that one has changed, and never a word of it."""

from typing import ClassVar

from ringdown.assist.model.narrative import NarrativeMark
from ringdown.core.events import Fact


class NarrativeChanged(Fact):
    """A language model wrote something on a call, or somebody switched it off or on there."""

    kind: ClassVar[str] = "assist.narrative.changed.v1"
    narrative: NarrativeMark


FACTS: tuple[type[Fact], ...] = (NarrativeChanged,)
