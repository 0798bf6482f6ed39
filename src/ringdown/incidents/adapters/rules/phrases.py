"""Finding phrases in a line, and how the speaker means them. Pure."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from ringdown.incidents.adapters.rules.context import DISCOUNTED, Stance, stance, words
from ringdown.incidents.adapters.rules.tokens import Line

_FILLERS: Final = words("uh um uhm er erm ah hm hmm mm")
_SAID_TWICE: Final = words(
    "i i'm he he's she she's they they're we we're you it it's there there's my the a an is "
    "not and please just no his her was have has can't won't"
)
_DROPPED_G: Final = words(
    "breathin chokin shootin drownin bleedin killin beatin hittin stabbin dyin tryin havin "
    "comin burnin fightin screamin bangin kickin breakin hurtin throwin talkin movin wakin "
    "respondin cuttin jumpin hangin pointin wavin holdin robbin stealin followin yellin"
)


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase at tokens `first` … `last`, and how it was meant."""

    first: int
    last: int
    denied: bool
    """Whether the speaker says that it is not so."""
    supposed: bool
    """Whether it stands in an "if", long ago, in a film, a drill or a question."""
    stance: Stance = "meant"


@lru_cache(maxsize=2048)
def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern over lower-case tokens joined by one space; it matches whole tokens only."""
    return re.compile(rf"(?<![\w'])(?:{pattern})(?![\w'])")


@dataclass(frozen=True, slots=True)
class Text:
    """A line as one string in which every character knows its token."""

    line: Line
    text: str
    starts: tuple[int, ...]
    tokens: tuple[int, ...]
    """Which token each start belongs to; fillers and words said twice have none."""
    before: tuple[Line, ...] = ()

    def find(self, pattern: str, *, own_denial: bool = False) -> Iterator[Found]:
        """Every place where the pattern stands within one sentence."""
        for match in compiled(pattern).finditer(self.text):
            if match.start() == match.end():
                continue
            first = self.tokens[bisect_right(self.starts, match.start()) - 1]
            last = self.tokens[bisect_right(self.starts, match.end() - 1) - 1]
            if any(token.ends_sentence for token in self.line.tokens[first:last]):
                continue
            meant = stance(self.line, first, last, self.before, own_denial=own_denial)
            no = meant == "denied"
            yield Found(first, last, no, meant in DISCOUNTED and not no, meant)


def as_text(line: Line, before: Sequence[Line] = ()) -> Text:
    """Join the tokens of a line for searching, as they would be said without stumbling.

    Fillers, stage directions such as "[crying]", words broken off and small words said twice are
    passed over, and "breathin'" is read as "breathing".
    """
    starts: list[int] = []
    kept: list[int] = []
    texts: list[str] = []
    length = 0
    aside = False
    for at, token in enumerate(line.tokens):
        raw = line.words[token.word]
        opened = raw.startswith(("[", "*", "<"))
        skipped = aside or opened
        aside = (aside or opened) and not raw.rstrip(".,;:!?").endswith(("]", "*", ">"))
        text = _plain(token.text)
        if skipped or text in _FILLERS or _broken(raw) or _again(text, texts):
            continue
        starts.append(length)
        kept.append(at)
        texts.append(text)
        length += len(text) + 1
    return Text(line, " ".join(texts), tuple(starts), tuple(kept), tuple(before))


def _plain(text: str) -> str:
    if text.endswith("in'"):
        return f"{text[:-1]}g"
    return f"{text}g" if text in _DROPPED_G else text


def _broken(raw: str) -> bool:
    return raw.endswith("-") and len(raw) > 1


def _again(text: str, texts: Sequence[str]) -> bool:
    return bool(texts) and texts[-1] == text and text in _SAID_TWICE
