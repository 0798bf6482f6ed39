"""Signs of danger to life, as pure data: raised with evidence, dismissed by a person.

A cue says what was said, never what somebody suffers from. Laws: no cue without evidence; a cue
that a person dismissed comes back only with evidence from an utterance that it had not cited yet;
a cue whose words were withdrawn by a better transcript is shown as withdrawn, not erased.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, Literal, get_args

from ringdown.core.errors import NotFound
from ringdown.core.events import Value
from ringdown.core.principal import Person
from ringdown.incidents.evidence import Evidence, EvidenceView, cited

CueKind = Literal[
    "not_breathing", "trapped_fire", "trapped_water", "weapon_in_use", "strangulation",
    "active_assailant", "overdose", "self_harm", "labour_complication",
]  # fmt: skip
CUE_KINDS: Final[tuple[CueKind, ...]] = get_args(CueKind)
CueState = Literal["open", "dismissed", "withdrawn"]

CUE_TEXTS: Final[dict[CueKind, str]] = {
    "not_breathing": "Not breathing, or not as usual",
    "trapped_fire": "Trapped near fire or smoke",
    "trapped_water": "In or under water",
    "weapon_in_use": "Weapon in use",
    "strangulation": "Choked or strangled by somebody",
    "active_assailant": "Somebody is attacking people",
    "overdose": "Overdose or poison",
    "self_harm": "Wants to hurt or kill themselves",
    "labour_complication": "Birth with a complication",
}


class CueNotFound(NotFound):
    """The draft has no such cue."""

    code: ClassVar[str] = "incidents.cue.not_found"
    action: ClassVar[str] = "Look at the call again; the cue may belong to another call."


@dataclass(frozen=True)
class Cue:
    """What an extractor now hears of one danger."""

    kind: CueKind
    confidence: float
    evidence: tuple[Evidence, ...]
    reason: str


class CueView(Value):
    """A cue as everybody sees it. `raised` counts how often it came up."""

    cue_id: str
    kind: CueKind
    text: str
    state: CueState
    confidence: float
    evidence: tuple[EvidenceView, ...]
    reason: str
    raised: int = 1
    by: Person | None = None
    at: str | None = None


class KeptCue(Value):
    """A cue as kept: the view, and the utterances that a person has already judged."""

    view: CueView
    judged: tuple[str, ...] = ()


def understood(kept: Sequence[KeptCue], cues: Sequence[Cue]) -> tuple[KeptCue, ...]:
    """Fold in what is now heard; the order in which cues came up stays."""
    now = {cue.kind: cue for cue in cues if cue.evidence}
    folded = [_folded(each, now.pop(each.view.kind, None)) for each in kept]
    return (*folded, *(_raised(cue) for cue in now.values()))


def dismissed(kept: Sequence[KeptCue], cue_id: str, *, by: Person, at: str) -> tuple[KeptCue, ...]:
    """A person has seen it and puts it aside; doing so twice changes nothing.

    Raises CueNotFound.
    """
    if all(each.view.cue_id != cue_id for each in kept):
        raise CueNotFound("there is no such cue on this call", details={"cue_id": cue_id})
    return tuple(_dismissed(each, by, at) if each.view.cue_id == cue_id else each for each in kept)


def _raised(cue: Cue) -> KeptCue:
    return KeptCue(
        view=CueView(
            cue_id=cue.kind,
            kind=cue.kind,
            text=CUE_TEXTS[cue.kind],
            state="open",
            confidence=cue.confidence,
            evidence=cited(cue.evidence),
            reason=cue.reason,
        )
    )


def _folded(kept: KeptCue, cue: Cue | None) -> KeptCue:
    view = kept.view
    if cue is None:
        if view.state != "open":
            return kept
        return kept.model_copy(update={"view": view.model_copy(update={"state": "withdrawn"})})
    heard = {each.utterance_id for each in cue.evidence}
    if view.state == "dismissed" and heard <= set(kept.judged):
        return kept
    again = view.state == "dismissed"
    fresh = {
        "state": "open",
        "confidence": cue.confidence,
        "evidence": cited(cue.evidence),
        "reason": cue.reason,
        "raised": view.raised + again,
        "by": None,
        "at": None,
    }
    return kept.model_copy(update={"view": view.model_copy(update=fresh)})


def _dismissed(kept: KeptCue, by: Person, at: str) -> KeptCue:
    view = kept.view
    if view.state == "dismissed":
        return kept
    judged = {*kept.judged, *(each.utterance_id for each in view.evidence)}
    return KeptCue(
        view=view.model_copy(update={"state": "dismissed", "by": by, "at": at}),
        judged=tuple(sorted(judged)),
    )
