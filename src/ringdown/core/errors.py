"""The errors of the product: each has a stable code, says what happened and what to do next.

RingdownError
    Invalid            the input is wrong; the sender corrects it
        Malformed      the request itself cannot be read (400, where Invalid is 422)
    Unauthenticated    nobody is signed in, or the credential is wrong
    Refused            signed in, but not allowed to do this
    NotFound           no such object in this centre
    Gone               known, but no longer held
    Conflict           somebody or something was there first
    Limited            too much, too fast
    Unavailable        a part that this needs is down; trying again later may work
    BadConfig          a setting is wrong; an administrator corrects it

Features subclass these in the module that raises. HTTP status and close codes are tables at
the edge (`runtime.http`), since many errors never meet HTTP.
"""

from collections.abc import Mapping
from typing import ClassVar, Literal

Severity = Literal["info", "warning", "error", "critical"]


class RingdownError(Exception):
    """The root. `details` hold only values that are safe to log: never personal data.

    `private` is shown to the one who asked and nowhere else; it may hold personal data.
    """

    code: ClassVar[str] = "ringdown.error"
    retryable: ClassVar[bool] = False
    severity: ClassVar[Severity] = "error"
    action: ClassVar[str] = "Report this with the time it happened."

    def __init__(self, message: str, *, details: Mapping[str, object] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.details: dict[str, object] = dict(details or {})
        self.private: dict[str, object] = {}


class Invalid(RingdownError):
    """The input is wrong; the sender corrects it."""

    code = "request.invalid"
    severity = "warning"
    action = "Correct the value named and send it again."


class Malformed(Invalid):
    """The request cannot be read: an interface with rules of its own answers 400 to it."""

    code = "request.malformed"


class Unauthenticated(RingdownError):
    """Nobody is signed in, or the credential is wrong."""

    code = "identity.unauthenticated"
    severity = "warning"
    action = "Sign in, or check the client id and secret."
    challenge: ClassVar[str] = 'Bearer realm="ringdown"'
    """`WWW-Authenticate` (RFC 6750 §3); never Basic, for which browsers open a dialog of theirs."""


class Refused(RingdownError):
    """Signed in, but not allowed to do this."""

    code = "identity.refused"
    severity = "warning"
    action = "Ask an administrator of your centre for the role that allows it."


class NotFound(RingdownError):
    """No such object in this centre. Another centre's object looks exactly like this."""

    code = "request.not_found"
    severity = "warning"
    action = "Check the id; it may belong to another centre or have been removed."


class Gone(RingdownError):
    """It was here, and is no longer held."""

    code = "request.gone"
    severity = "warning"
    action = "Ask the centre: what was asked for has been removed there."


class Conflict(RingdownError):
    """Somebody or something was there first."""

    code = "request.conflict"
    severity = "warning"
    action = "Look at the present state and decide again."


class Limited(RingdownError):
    """Too much, too fast. `retry_after_s` among the details says when to come back (seconds)."""

    code = "request.limited"
    retryable = True
    severity = "warning"
    action = "Wait a moment and send less at once."


class Unavailable(RingdownError):
    """A part that this needs is down; trying again later may work."""

    code = "runtime.unavailable"
    retryable = True
    action = "Look at the lamps; the rest goes on working."


class BadConfig(RingdownError):
    """A setting is wrong; an administrator corrects it."""

    code = "settings.invalid"
    action = "Correct the setting named; `ringdown config explain` lists them all."
