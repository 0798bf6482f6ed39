"""Which heard words are to be checked with the caller, however sure the recogniser was.

Numbers, plates and spelled names; names of persons; streets and places. Simple cues on purpose:
a word marked for nothing costs a glance, a wrong house number unmarked may cost a life. Pure.
"""

from collections.abc import Sequence
from typing import Final

from ringdown.speech.model.words import number_like, plain
from ringdown.spoken.numbers import SpokenNumber


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SUFFIXES: Final = _words(
    "street st avenue ave road rd lane ln drive dr boulevard blvd court ct circle place pl way "
    "terrace parkway pkwy highway hwy route interstate freeway turnpike trail alley square loop "
    "crescent bridge pike plaza apartment apt suite unit floor building block"
)
"""Words that stand beside the name of a street or the number of a home."""
SURELY: Final = _words("street avenue boulevard highway route interstate turnpike")
"""Those that hardly mean anything else."""
NOT_NAMES: Final = _words(
    "i i'm i've i'd i'll okay ok yes no oh god the a an and or but at on in of to is it my your "
    "his her our their this that there he she we they you near by from with for please"
)
NAMED_BY: Final = (
    ("name", "is"),
    ("name's",),
    ("named",),
    ("called",),
    ("this", "is"),
    ("i", "am"),
    ("i'm",),
)
AFTER_CUE: Final = 2


def unconfirmed(words: Sequence[str], numbers: Sequence[SpokenNumber]) -> list[bool]:
    """One for each word."""
    marks = [number_like(word) for word in words]
    for number in numbers:
        for at in range(number.first, min(number.last + 1, len(marks))):
            marks[at] = True
    bare = [plain(word) for word in words]
    for at in range(len(words)):
        if _inner_capital(words, at) or _spelled_out(words[at]):
            marks[at] = True
        if bare[at] in SUFFIXES:
            _mark_street(marks, words, bare, at)
        _mark_named(marks, words, bare, at)
    return marks


def _ends_sentence(word: str) -> bool:
    return word.rstrip("\"')").endswith((".", "?", "!"))


def _inner_capital(words: Sequence[str], at: int) -> bool:
    """A capital that no beginning of a sentence asks for."""
    if at == 0 or _ends_sentence(words[at - 1]):
        return False
    return words[at][:1].isupper() and plain(words[at]) not in NOT_NAMES


def _spelled_out(word: str) -> bool:
    """S-M-I-T-H."""
    parts = word.strip(".,?!").split("-")
    return len(parts) > 1 and all(len(part) == 1 for part in parts)


def _mark_street(marks: list[bool], words: Sequence[str], bare: Sequence[str], at: int) -> None:
    """The suffix and the name before it, when there seems to be one."""
    before = at - 1
    named = before >= 0 and not _ends_sentence(words[before]) and bare[before] not in NOT_NAMES
    begins = named and (marks[before] or words[before][:1].isupper() or bare[at] in SURELY)
    if not begins and not marks[at] and not _number_after(marks, words, at):
        return
    marks[at] = True
    for back in range(before, max(before - 3, -1), -1):
        if _ends_sentence(words[back]) or bare[back] in NOT_NAMES:
            break
        marks[back] = True


def _number_after(marks: Sequence[bool], words: Sequence[str], at: int) -> bool:
    """Apartment four, Highway nine: the number follows."""
    return at + 1 < len(words) and (marks[at + 1] or number_like(words[at + 1]))


def _mark_named(marks: list[bool], words: Sequence[str], bare: Sequence[str], at: int) -> None:
    """Words after "my name is" and the like, as far as they look like a name."""
    for cue in NAMED_BY:
        if tuple(bare[at : at + len(cue)]) != cue:
            continue
        sure = cue[0].startswith("name")
        for follow in range(at + len(cue), min(at + len(cue) + AFTER_CUE, len(words))):
            capital = words[follow][:1].isupper()
            if not (capital or sure) or bare[follow] in NOT_NAMES:
                break
            marks[follow] = True
            if not words[follow][-1:].isalnum():
                break
