"""What others may hear about texting."""

from typing import ClassVar

from ringdown.core.events import Fact
from ringdown.texting.model import MessageView, TextBackView


class MessageChanged(Fact):
    """A message was written or received, or the carrier told what became of it."""

    kind: ClassVar[str] = "texting.message.changed.v1"
    message: MessageView


class TextBackChanged(Fact):
    """An unanswered call joined the queue of those to text back, moved on in it, or left it."""

    kind: ClassVar[str] = "texting.text_back.changed.v1"
    text_back: TextBackView


FACTS: tuple[type[Fact], ...] = (MessageChanged, TextBackChanged)
