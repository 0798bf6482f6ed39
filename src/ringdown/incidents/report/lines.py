"""Calls written down as text: JSON Lines in, utterances for an extractor out.

One call a line: `{"id": "a-17", "turns": [{"speaker": "caller", "text": "There's a fire"}]}`.
`speaker` is `caller`, `call_taker` or anything else, which is read as neither; where nobody is
named a caller, whoever is not the call-taker is taken for one. Text has no word times: words get
estimated ones, so that the order of what was said is kept. A turn that a recogniser heard may say
in `sure` how sure it is of each word, from 0 to 1; words without are taken as certain.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Final, cast
from zlib import crc32

from ringdown.core.errors import Invalid
from ringdown.incidents.ports import Extracted, Extractor

SPEAKERS: Final = {
    "caller": "caller",
    "citizen": "caller",
    "call_taker": "call_taker",
    "calltaker": "call_taker",
    "call-taker": "call_taker",
    "call taker": "call_taker",
    "dispatcher": "call_taker",
    "operator": "call_taker",
    "telecommunicator": "call_taker",
    "agent": "call_taker",
}
EACH_MS: Final = 400
"""How long a word is taken to last."""
_WORD: Final = re.compile(r"\S+")


class LineUnusable(Invalid):
    """A line of the file is not a call."""

    code: ClassVar[str] = "incidents.line_unusable"
    action: ClassVar[str] = (
        'Write each line as {"id": "…", "turns": [{"speaker": "caller", "text": "…"}]}.'
    )


@dataclass(frozen=True, slots=True)
class TextWord:
    """A word of a text with estimated times and its characters in the turn."""

    word: str
    start_ms: int
    end_ms: int
    first: int
    after: int
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class TextUtterance:
    """One turn as an extractor hears it; `turn` is its place in the call."""

    turn: int
    side: str
    start_ms: int
    end_ms: int
    words: tuple[TextWord, ...]
    revision: int = 1

    @property
    def utterance_id(self) -> str:
        """A name that sorts as the turns do."""
        return f"turn-{self.turn:06}"


@dataclass(frozen=True)
class WrittenCall:
    """A call as one line of a file has it; `labels` is what people say is true of it."""

    id: str
    turns: tuple[tuple[str, str], ...] = field(repr=False)
    labels: Mapping[str, Any] = field(default_factory=dict[str, Any], repr=False)
    condition: str = "as given"
    sure: tuple[tuple[float, ...], ...] = field(default=(), repr=False)
    """Of each turn, how sure the recogniser is of each word; empty where nobody says."""

    def cited(self, evidence: Mapping[str, int]) -> str:
        """The words at some characters of a turn."""
        return self.turns[evidence["turn"]][1][evidence["start"] : evidence["end"]]

    def losing(self, share: float) -> "WrittenCall":
        """The same call with a share of its words lost, always the same ones."""
        turns = tuple(
            (side, " ".join(word for at, word in enumerate(text.split()) if _kept(at, word, share)))
            for side, text in self.turns
        )
        return replace(self, turns=turns, sure=(), condition=f"{100 * share:.0f} % of words lost")

    def utterances(self) -> list[TextUtterance]:
        """The turns as utterances, one after another."""
        named = any(side == "caller" for side, _ in self.turns)
        made: list[TextUtterance] = []
        clock = 0
        for turn, (side, text) in enumerate(self.turns):
            sure = self.sure[turn] if turn < len(self.sure) else ()
            words = tuple(
                TextWord(
                    found.group(),
                    clock + at * EACH_MS,
                    clock + (at + 1) * EACH_MS,
                    found.start(),
                    found.end(),
                    sure[at] if at < len(sure) else 1.0,
                )
                for at, found in enumerate(_WORD.finditer(text))
            )
            who = side if named or side == "call_taker" else "caller"
            end = clock + len(words) * EACH_MS
            made.append(TextUtterance(turn, who, clock, end, words))
            clock = end + EACH_MS
        return made


def extracted(call: WrittenCall, extractor: Extractor) -> Extracted:
    """What one hearing of the whole call makes of it; nothing where nobody spoke."""
    session, said = extractor.open(), Extracted()
    for utterance in call.utterances():
        said = session.hear(utterance)
    return said


def _kept(at: int, word: str, share: float) -> bool:
    return crc32(f"{at} {word}".encode()) % 1000 >= share * 1000


def read_calls(lines: Iterable[str]) -> Iterator[WrittenCall]:
    """The calls of a file, one a line; empty lines are passed over. Raises LineUnusable."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _call(line, number)


def _call(line: str, number: int) -> WrittenCall:
    try:
        found: object = json.loads(line)
    except ValueError:
        message = f"Line {number} is not JSON"
        raise LineUnusable(message) from None
    if not isinstance(found, dict):
        message = f"Line {number} is not an object"
        raise LineUnusable(message)
    row = cast("dict[str, Any]", found)
    name, turns, labels = row.get("id"), row.get("turns"), row.get("labels")
    if not isinstance(name, str | int) or not isinstance(turns, list):
        message = f"Line {number} lacks id or turns"
        raise LineUnusable(message)
    return WrittenCall(
        str(name),
        tuple(_turn(turn, number) for turn in cast("list[object]", turns)),
        cast("dict[str, Any]", labels) if isinstance(labels, dict) else {},
        str(row.get("condition") or "as given"),
        tuple(_sure(turn) for turn in cast("list[object]", turns)),
    )


def _sure(found: object) -> tuple[float, ...]:
    """What a turn says of its words; anything else than numbers from 0 to 1 says nothing."""
    turn = cast("dict[str, object]", found) if isinstance(found, dict) else {}
    said = turn.get("sure")
    numbers = cast("list[object]", said) if isinstance(said, list) else []
    if not all(isinstance(each, int | float) and 0 <= each <= 1 for each in numbers):
        return ()
    return tuple(float(each) for each in cast("list[float]", numbers))


def _turn(found: object, number: int) -> tuple[str, str]:
    if isinstance(found, dict):
        turn = cast("dict[str, object]", found)
        speaker, text = turn.get("speaker"), turn.get("text")
        if isinstance(text, str):
            return SPEAKERS.get(str(speaker).strip().lower(), "other"), text
    message = f"Line {number} has a turn without text"
    raise LineUnusable(message)
