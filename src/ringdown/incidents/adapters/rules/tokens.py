"""Utterances as rows of tokens: lower-case, punctuation noted, each knowing its word. Pure."""

import re
from dataclasses import dataclass, replace
from typing import Final

from ringdown.incidents.adapters.rules.lexicon import NUMBER_WORDS
from ringdown.incidents.ports import Evidence, HeardUtterance

FILLERS: Final = frozenset(["uh", "um", "er", "ah", "erm", "hmm", "mm"])
"""Sounds that say nothing."""
CALLER: Final = "caller"
CALL_TAKER: Final = "call_taker"

_EDGE: Final = re.compile(r"^[^\w#'\u2019+(]+|[^\w'\u2019)]+$")
_SHORT_FORMS: Final = frozenset(
    [
        "st",
        "ave",
        "rd",
        "dr",
        "ln",
        "blvd",
        "ct",
        "cir",
        "pl",
        "hwy",
        "apt",
        "n",
        "s",
        "e",
        "w",
        "ne",
        "nw",
        "se",
        "sw",
        "mr",
        "mrs",
        "ms",
        "no",
        "mt",
        "ft",
        "rt",
    ]
)


@dataclass(frozen=True, slots=True)
class Token:
    """One unit the rules look at; `word` is the index of the spoken word it belongs to."""

    text: str
    raw: str
    word: int
    capital: bool
    ends_clause: bool
    ends_sentence: bool
    question: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One utterance ready for the rules; keeps what evidence needs and no more."""

    utterance_id: str
    side: str
    start_ms: int
    end_ms: int
    revision: int
    tokens: tuple[Token, ...]
    words: tuple[str, ...]
    times: tuple[tuple[int, int], ...]
    confidences: tuple[float, ...]
    cased: bool
    """Whether the recogniser wrote capitals here beyond the first word and the word I."""

    @property
    def order(self) -> tuple[int, int, str]:
        """Where the line stands in the call."""
        return (self.start_ms, self.end_ms, self.utterance_id)

    def evidence(self, first: int, last: int) -> Evidence:
        """Cite tokens `first` … `last`, the last one included."""
        word_from, word_to = self.tokens[first].word, self.tokens[last].word
        return Evidence(
            self.utterance_id,
            self.side,
            word_from,
            word_to,
            self.times[word_from][0],
            self.times[word_to][1],
            " ".join(self.words[word_from : word_to + 1]),
        )

    def sureness(self, first: int, last: int) -> float:
        """The confidence of the least sure word among tokens `first` … `last`."""
        word_from, word_to = self.tokens[first].word, self.tokens[last].word
        return min(self.confidences[word_from : word_to + 1])


def tokenise(utterance: HeardUtterance) -> Line:
    """Cut an utterance into tokens. `twenty-two` becomes two; `555-0142` stays one."""
    tokens: list[Token] = []
    for index, heard in enumerate(utterance.words):
        tokens.extend(_split(heard.word, index))
    capitals = sum(
        token.capital and token.text not in {"i", "i'm", "i've", "i'll", "i'd"}
        for token in tokens
        if token.word > 0
    )
    return Line(
        utterance.utterance_id,
        utterance.side,
        utterance.start_ms,
        utterance.end_ms,
        utterance.revision,
        tuple(tokens),
        tuple(heard.word for heard in utterance.words),
        tuple((heard.start_ms, heard.end_ms) for heard in utterance.words),
        tuple(min(1.0, max(0.0, heard.confidence)) for heard in utterance.words),
        capitals > 0,
    )


def without_fillers(line: Line) -> Line:
    """The line without "uh" and "um"; a pause around them parts no clause.

    Between two numbers it does: "715, um, 715" says one number twice.
    """
    if not any(token.text in FILLERS for token in line.tokens):
        return line
    kept: list[Token] = []
    for at, token in enumerate(line.tokens):
        if token.text in FILLERS:
            continue
        after = next((each for each in line.tokens[at + 1 :] if each.text not in FILLERS), None)
        paused = at + 1 < len(line.tokens) and line.tokens[at + 1].text in FILLERS
        counts = after is not None and (after.text.isdecimal() or after.text in NUMBER_WORDS)
        if paused and not token.ends_sentence and not counts and after is not None:
            token = replace(token, ends_clause=False)  # noqa: PLW2901 - the same word without its pause
        kept.append(token)
    return replace(line, tokens=tuple(kept))


def _split(raw: str, index: int) -> list[Token]:
    stripped = raw.rstrip("\"')\u201d\u2019")
    bare = _EDGE.sub("", raw.strip()).replace("\u2019", "'").strip("()")
    if not bare:
        return []
    lower = bare.lower()
    full_stop = stripped.endswith(".") and lower not in _SHORT_FORMS
    question = stripped.endswith("?")
    ends_sentence = question or full_stop or stripped.endswith("!")
    ends_clause = ends_sentence or stripped.endswith((",", ";", ":", "...", "—"))
    parts = _parts(bare)
    return [
        Token(
            part.lower(),
            part,
            index,
            part[:1].isupper(),
            ends_clause and at == len(parts) - 1,
            ends_sentence and at == len(parts) - 1,
            question and at == len(parts) - 1,
        )
        for at, part in enumerate(parts)
    ]


def _parts(bare: str) -> list[str]:
    """Split at hyphens where number words are joined, and drop thousands separators."""
    if re.fullmatch(r"\d{1,3}(,\d{3})+", bare):
        return [bare.replace(",", "")]
    if re.fullmatch(r"9[-.]1[-.]1", bare):
        return ["911"]
    if "-" in bare:
        pieces = [piece for piece in bare.split("-") if piece]
        if any(piece.lower() in NUMBER_WORDS for piece in pieces):
            return pieces
    return [bare]
