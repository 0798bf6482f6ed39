"""Why a recogniser gave no words; each with a code, none quoting audio, words or keys.

EngineFailed
    EngineUnreachable   no connection, or it broke off
    EngineLate          no answer in time
    EngineRefused       the key is wrong or not allowed to do this
    EngineBusy          too much at once, or the quota is used up
    EngineAnswerBad     an answer that cannot be read
    EngineFault         it answered with an error of its own
"""

from collections.abc import Sequence
from typing import ClassVar

from ringdown.core.errors import Unavailable
from ringdown.speech.ports import Recognised


class EngineFailed(Unavailable):
    """A recogniser gave no words for what it was asked."""

    code: ClassVar[str] = "speech.engine.failed"
    action: ClassVar[str] = "The recogniser behind it listens; look at the one that fails."
    plainly: ClassVar[str] = "does not work"
    """For the lamp, after the name of the engine."""

    def __init__(self, message: str, *, status: int | None = None) -> None:
        super().__init__(message, details={} if status is None else {"status": status})
        self.retry_after_s: float | None = None
        """What the engine asked for, if it did."""
        self.heard: Sequence[Recognised | None] = ()
        """What was heard all the same, one for each piece asked, or nothing at all."""
        self.sent = True
        """Whether audio may have reached it."""


class EngineUnreachable(EngineFailed):
    """There is no connection to the recogniser, or it broke off."""

    code: ClassVar[str] = "speech.engine.unreachable"
    action: ClassVar[str] = "Check the address, the network, and that the server runs."
    plainly: ClassVar[str] = "cannot be reached"


class EngineLate(EngineFailed):
    """The recogniser did not answer in time."""

    code: ClassVar[str] = "speech.engine.late"
    action: ClassVar[str] = "Give it a smaller model or a faster machine, or allow more time."
    plainly: ClassVar[str] = "does not answer in time"


class EngineRefused(EngineFailed):
    """The recogniser does not accept the key."""

    code: ClassVar[str] = "speech.engine.refused"
    retryable: ClassVar[bool] = False
    action: ClassVar[str] = "Put a valid key into the file that key_file names."
    plainly: ClassVar[str] = "refuses the key"


class EngineBusy(EngineFailed):
    """The recogniser has too much to do, or the quota is used up."""

    code: ClassVar[str] = "speech.engine.busy"
    action: ClassVar[str] = "Raise the quota or the server's capacity."
    plainly: ClassVar[str] = "takes no more for now"


class EngineAnswerBad(EngineFailed):
    """The recogniser's answer cannot be read, is too long, or leads elsewhere."""

    code: ClassVar[str] = "speech.engine.answer_bad"
    action: ClassVar[str] = "Check that the address is that of a speech server of this kind."
    plainly: ClassVar[str] = "answers what cannot be read"


class EngineFault(EngineFailed):
    """The recogniser answered with an error of its own."""

    code: ClassVar[str] = "speech.engine.fault"
    action: ClassVar[str] = "Read the log of that server; check the name of the model."
    plainly: ClassVar[str] = "answers with an error"
