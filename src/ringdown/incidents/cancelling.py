"""Taking back an incident that was sent: who may, why, and what comes after. Pure.

A cancellation is a confirmation of its own, with a person, a time and a digest: it holds what was
sent last and the reason. Sending again after it opens the incident anew.
"""

from typing import ClassVar, Final

from ringdown.core.errors import Conflict, Invalid
from ringdown.incidents.model import ConfirmationState, ConfirmationView

LONGEST_REASON: Final = 300


class NothingToCancel(Conflict):
    """Nothing of this incident was sent yet, so that there is nothing to take back."""

    code: ClassVar[str] = "incidents.incident.nothing_to_cancel"
    action: ClassVar[str] = "Nothing: a draft that was never sent reaches nobody."


class SentMeanwhile(Conflict):
    """Another version was confirmed since the one that the person was looking at."""

    code: ClassVar[str] = "incidents.incident.sent_meanwhile"
    action: ClassVar[str] = "Look at what was sent last, then decide again."


class CancelReasonMissing(Invalid):
    """An incident is cancelled by a person, with a reason."""

    code: ClassVar[str] = "incidents.cancel.reason_missing"
    action: ClassVar[str] = "Say in a few words why it is cancelled; the CAD is told."


def reason_of(text: str) -> str:
    """The reason, tidied. Raises CancelReasonMissing."""
    tidy = " ".join(text.split())
    if not tidy or len(tidy) > LONGEST_REASON or not tidy.isprintable():
        raise CancelReasonMissing(
            "the reason is missing, too long or not plain text", details={"most": LONGEST_REASON}
        )
    return tidy


def to_cancel(last: ConfirmationView | None, sequence: int) -> ConfirmationView | None:
    """What is taken back: the version looked at. None if it is cancelled already.

    Raises NothingToCancel, SentMeanwhile.
    """
    if last is None:
        raise NothingToCancel("nothing was sent yet")
    if last.state == "cancelled" and sequence in {last.sequence, last.sequence - 1}:
        return None
    if last.sequence != sequence:
        raise SentMeanwhile(
            "another version was sent meanwhile", details={"sequence": last.sequence}
        )
    return last


def state_after(last: ConfirmationView | None) -> ConfirmationState:
    """What an incident is that is sent now."""
    return "reopened" if last is not None and last.state == "cancelled" else "active"
