"""What a line says of one person, and whom it is about. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ringdown.incidents.adapters.rules.tokens import Line
from ringdown.incidents.ports import Evidence

HE: Final = {"he": "m", "he's": "m", "his": "m", "him": "m", "she": "f", "she's": "f", "her": "f"}

_THEY: Final = frozenset(["they", "they're", "them", "their"])


@dataclass(frozen=True, slots=True)
class PersonClaim:
    """One line's word on a person: a noun that opens one, or something said of one."""

    sort: str
    """`person`, or which detail: see `_ORDER`."""
    text: str
    who: str
    """The noun, or he, she, they, caller, or "" for whoever was spoken of last."""
    sex: str
    opens: bool
    shown: bool
    """Whether this alone is worth listing."""
    confidence: float
    evidence: tuple[Evidence, ...]
    order: tuple[int, int, str]
    at: int
    reason: str


def claim(
    line: Line,
    sort: str,
    text: str,
    span: tuple[int, int],
    strength: float,
    reason: str,
    **more: object,
) -> PersonClaim:
    first, last = span
    return PersonClaim(
        sort,
        text,
        who=str(more.get("who", "")),
        sex=str(more.get("sex", "")),
        opens=bool(more.get("opens", False)),
        shown=bool(more.get("shown", True)),
        confidence=strength * line.sureness(first, last),
        evidence=(line.evidence(first, last),),
        order=line.order,
        at=first,
        reason=reason,
    )


def _lower(word: str) -> str:
    """A word that only begins a sentence needs no capital; a name in the middle keeps its own."""
    return word if word.isupper() and len(word) > 1 else word.lower()


def said_at(line: Line, first: int, last: int) -> str:
    words = [token.raw for token in line.tokens[first : last + 1]]
    return " ".join([_lower(words[0]), *words[1:]])


def whose(line: Line, at: int, persons: Sequence[PersonClaim], last: int) -> tuple[str, str]:
    """Whom a detail at token `at` is about: the nearest person or pronoun before it."""
    for back in range(min(last, len(line.tokens) - 1), -1, -1):
        word = line.tokens[back].text
        for person in persons:
            if person.at <= back <= person.at + person.text.count(" ") and person.at < max(at, 1):
                return person.who, person.sex
        if back > at:
            continue
        if word in HE:
            return ("he" if HE[word] == "m" else "she"), HE[word]
        if word in {"i'm", "i"}:
            return "caller", ""
        if word in _THEY:
            return "they", ""
    return "", ""
