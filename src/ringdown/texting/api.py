"""What other features may ask of messages with callers."""

from ringdown.texting.model import (
    Channel,
    MessageKind,
    MessageState,
    MessageView,
    TextBackState,
    TextBackView,
)

__all__ = [
    "Channel",
    "MessageKind",
    "MessageState",
    "MessageView",
    "TextBackState",
    "TextBackView",
]
