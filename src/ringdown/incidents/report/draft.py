"""The draft of a written call: what is proposed for each field, with characters as evidence.

A field cites the words that it was heard in, or it is null. A place, a call-back number and a
count are given only if the words cited hold them; otherwise the field is null.
"""

from collections.abc import Sequence
from typing import Any, Final

from ringdown.incidents.adapters.rules.parts import parts_of
from ringdown.incidents.adapters.rules.tokens import tokenise
from ringdown.incidents.adapters.rules.triage import Triage, first_said, triage
from ringdown.incidents.model import FieldName
from ringdown.incidents.ports import Evidence, Extracted, Proposal
from ringdown.incidents.report.lines import TextUtterance, WrittenCall
from ringdown.incidents.report.support import digits_until, holds_count, holds_digits, holds_place

FIELDS: Final = (
    *("category", "incident_type", "emergency", "severity"),
    *("location", "victims", "callback"),
    *("persons", "vehicles", "weapons", "hazards", "relation"),
)
_AS_SAID: Final[tuple[FieldName, ...]] = ("persons", "vehicles", "weapons", "hazards", "relation")
"""Fields that are a line of text."""
Made = dict[str, Any]


def drafted(call: WrittenCall, said: Extracted) -> tuple[dict[str, Made | None], float]:
    """Every field of the draft, null where nothing is known, and the share of danger heard.

    The share is what the operating point cuts.
    """
    heard = call.utterances()
    proposals = said.proposals
    reader = _Reader(call, heard)
    best = {each.field: each for each in reversed(proposals)}
    needed = best.get("emergency")
    weighed = triage(proposals, first_said(map(tokenise, heard)))
    fields: dict[str, Made | None] = {
        "category": reader.field(found, found.value) if (found := best.get("category")) else None,
        "incident_type": reader.field(kind, kind.value, text=kind.text)
        if (kind := best.get("type"))
        else None,
        "emergency": reader.field(needed, needed.value == "yes")
        if needed
        else reader.assumed(weighed),
        "severity": reader.field(found, found.value) if (found := best.get("severity")) else None,
        "location": reader.location([each for each in proposals if each.field == "location"]),
        "victims": reader.victims(best.get("victims")),
        "callback": reader.callback(
            [each for each in proposals if each.field == "callback_number"]
        ),
    }
    for name in _AS_SAID:
        line = best.get(name)
        fields[name] = reader.field(line, line.value, text=line.text) if line else None
    return fields, weighed.danger if weighed else 1.0


def open_questions(call: WrittenCall, said: Extracted) -> list[Made]:
    """What the call-taker asked and nobody answered: the topic, and where it was asked."""
    reader = _Reader(call, call.utterances())
    return [
        {"topic": each.topic, "evidence": reader.cited(each.evidence)} for each in said.questions
    ]


class _Reader:
    """Turns proposals into fields of one call."""

    def __init__(self, call: WrittenCall, heard: Sequence[TextUtterance]) -> None:
        self._call = call
        self._at = {each.utterance_id: each for each in heard}

    def made(
        self, value: object, confidence: float, evidence: Sequence[Evidence], **more: object
    ) -> Made | None:
        """A field, or None when it cites nothing."""
        cited = [self._cited(each) for each in evidence]
        if not cited:
            return None
        return {"value": value, "confidence": confidence, "evidence": cited, **more}

    def cited(self, evidence: Sequence[Evidence]) -> list[dict[str, int]]:
        """The turns and characters of what was heard."""
        return [self._cited(each) for each in evidence]

    def field(self, proposal: Proposal, value: object, **more: object) -> Made | None:
        """A field as proposed."""
        return self.made(value, proposal.confidence, proposal.evidence, **more)

    def assumed(self, weighed: Triage | None) -> Made | None:
        """An emergency where nothing clear was heard; null while the caller has said nothing."""
        if weighed is None or not weighed.emergency:
            return None
        return self.made(True, weighed.confidence, weighed.evidence)

    def location(self, proposals: Sequence[Proposal]) -> Made | None:
        """The best place, if its words hold it; its parts stand in `value` and beside it."""
        if not proposals or not holds_place(proposals[0].text, self._words(proposals[0])):
            return None
        parts = {"text": proposals[0].text, **parts_of(proposals[0].text)}
        return self.field(proposals[0], parts, **parts)

    def callback(self, proposals: Sequence[Proposal]) -> Made | None:
        """The best number, if its words hold it. Digits corrected since are not cited."""
        if not proposals:
            return None
        best, words = proposals[0], self._words(proposals[0])
        made = self.field(best, best.value, text=best.text)
        if made is None or holds_digits(best.value, words):
            return made
        kept = digits_until(words[0], best.value, words[1]) if len(words) == 2 else None
        if kept is None:
            return None
        made["evidence"][0]["end"] = made["evidence"][0]["start"] + kept
        return made

    def victims(self, proposal: Proposal | None) -> Made | None:
        """The people. The value is a number only if one was said; else the words themselves.

        `count` is the number as far as it is known, also where persons were counted one by one.
        """
        if proposal is None:
            return None
        words = self._words(proposal)
        count = int(proposal.value) if proposal.value.isdecimal() else None
        stated = count is not None and holds_count(count, words)
        value = count if stated else " … ".join(words)
        return self.field(proposal, value, count=count, text=proposal.text)

    def _words(self, proposal: Proposal) -> list[str]:
        made: list[str] = []
        for each in proposal.evidence:
            cited = self._cited(each)
            made.append(self._call.turns[cited["turn"]][1][cited["start"] : cited["end"]])
        return made

    def _cited(self, evidence: Evidence) -> dict[str, int]:
        utterance = self._at[evidence.utterance_id]
        return {
            "turn": utterance.turn,
            "start": utterance.words[evidence.word_from].first,
            "end": utterance.words[evidence.word_to].after,
        }
