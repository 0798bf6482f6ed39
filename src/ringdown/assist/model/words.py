"""A text as words, each with whether it is affirmed, denied, only supposed, or asked. Pure.

"He has no gun", "is he breathing? no", "I think she fell", "if he comes back": what counts is
not that a word was said but how.
"""
# ruff: noqa: E501 - word lists

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, Literal

from ringdown.assist.model.lexicon import PHRASES, TERMS, Term
from ringdown.spoken.vocabulary import word_set

Stance = Literal["affirmed", "denied", "supposed", "doubted", "asked"]
"""`doubted` is what is supposed not to be: "I don't think so"."""

_WORD: Final = re.compile(
    r"\[[A-Z_]+_[0-9]+\]|[0-9]+(?:[.,:/-][0-9]+)*[A-Za-z]*|[^\W\d_]+(?:['\u2019][^\W\d_]+)*"
)
_CLAUSE_END: Final = re.compile(r"[.?!;,\u2026\u2013\u2014]|--|\n")
_SENTENCE_END: Final = re.compile(r"[.?!\u2026\n]")

FUNCTION: Final = word_set("""a an the and or but nor so as at by for from in into of off on onto out over to up with about after
    before during since until than then that this these those there here it its it's i i'm i've me my
    mine myself we us our you your they them their theirs he him his himself she her hers herself is
    are was were be been being am do does did done has have had having will would can could shall
    should may might must not no who whom whose which what when where why how if whether while
    because very too also just now still again yes yeah okay ok oh um uh well like get got gets
    s d ll re ve m t one's some any all each every both either neither other another such same own only
    back down through under between against across near along around away
    """)
"""Words that say nothing by themselves."""

_NEGATORS: Final = word_set("""no not never none nobody nothing nowhere neither nor without cannot cant dont doesnt didnt isnt
    arent wasnt werent wont wouldnt couldnt shouldnt hasnt havent hadnt aint denies deny denied
    denying unable refuses refused refusing failed lacks lacking negative absent nope nah""")
_BEFORE_ING: Final = frozenset({"stopped", "stops", "quit", "quits"})
_BACKWARD: Final = frozenset({"denied", "absent", "negative"})
_HEDGES: Final = word_set("""maybe might may could possibly possible perhaps probably probable likely think thinks thought
    believe believes believed guess guesses unsure unclear unknown uncertain if whether seems seem
    seemed appears appear appeared apparently supposedly suspected barely hardly almost assume
    assumes assumed wonder wonders would sounds""")
_TWO_WORD_HEDGES: Final = frozenset(
    [("not", "sure"), ("don't", "know"), ("dont", "know"), ("not", "know"), ("doesn't", "know"),
     ("looks", "like"), ("look", "like"), ("can't", "tell"), ("cannot", "tell"), ("not", "certain"),
     ("no", "idea"), ("didn't", "see"), ("can't", "see"), ("cannot", "see")]
)  # fmt: skip
_SUBJECTS: Final = word_set("i he she it they we you that there that's he's she's it's")
_YES: Final = word_set("yes yeah yep yup correct right affirmative mhm sure")
_NO: Final = word_set("no nope nah negative not")
_ASKING: Final = word_set("""is are was were am do does did has have had can could will would should any what where when
    who which why how isn't aren't doesn't didn't""")
_HUMMED_NO: Final = re.compile(r"\bn?uh[- ]uh\b", re.IGNORECASE)
_HUMMED_YES: Final = re.compile(r"\b(?:uh[- ]huh|mm[- ]?hmm?)\b", re.IGNORECASE)
_SHORTENED: Final = {"can't": "can", "won't": "will", "shan't": "shall"}
AUXILIARIES: Final = word_set(
    "is are was were am do does did has have had can could will would should must"
)
"""Verbs that carry a "not" when nothing else in the sentence does: "she can't get up"."""
REACH: Final = 7
"""So many words after a "not" are still denied by it."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word where it stands."""

    text: str
    """In lower case, without what is joined to it ("he's" is "he")."""
    raw: str
    stem: str
    term: Term | None
    stance: Stance
    token: bool = False
    first: bool = False
    """Whether a sentence begins with it."""
    soft: bool = False
    """Denied by the reach of a "not" that stands farther away: it may be meant either way."""


def stem_of(word: str) -> str:
    """A word without its ending, so that "calling", "calls" and "called" are one."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    for ending in ("ing", "ed", "es", "s", "ly"):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            cut = word[: -len(ending)]
            if (
                ending in {"ing", "ed"}
                and len(cut) > 3
                and cut[-1] == cut[-2]
                and cut[-1] not in "ls"
            ):
                cut = cut[:-1]
            return cut.removesuffix("e")
    return word.removesuffix("e") if len(word) > 3 else word


def plain(raw: str) -> str:
    """A word in lower case with a straight apostrophe."""
    return raw.lower().replace("\u2019", "'")


def bare(text: str) -> str:
    """A word without "'s", "'re", "n't" and the like."""
    if text.endswith("n't"):
        return _SHORTENED.get(text, text[:-3])
    return text.partition("'")[0] if "'" in text else text


@dataclass(slots=True)
class _Clause:
    raws: list[str]
    asked: bool = False
    begins: bool = False


def read(text: str) -> list[Word]:
    """The words of a text by one speaker."""
    text = _spoken_out(text)
    found: list[Word] = []
    clauses = _clauses(text)
    stances = [_stances([plain(raw) for raw in clause.raws]) for clause in clauses]
    for at, clause in enumerate(clauses):
        words = [plain(raw) for raw in clause.raws]
        # "He has a gun, I think": a clause that only doubts is about the one before it.
        if at and not clause.begins and _only_doubts(words):
            stances[at - 1] = [_doubted(stance) for stance in stances[at - 1]]
    for clause, marks in zip(clauses, stances, strict=True):
        words = [plain(raw) for raw in clause.raws]
        terms = _terms(words)
        for index, (raw, word) in enumerate(zip(clause.raws, words, strict=True)):
            stance, soft = marks[index]
            if clause.asked:
                stance, soft = "asked", False
            inner = bare(word)
            token = raw.startswith("[")
            found.append(
                Word(
                    inner, raw, "" if token else stem_of(inner), terms[index], stance,
                    token=token, first=clause.begins and index == 0, soft=soft,
                )
            )  # fmt: skip
    return found


def answered(words: Sequence[Word], answer: str) -> list[Word] | None:
    """What was asked, as an answer makes it; None if it is no yes and no no."""
    said = [plain(raw) for raw in _WORD.findall(_spoken_out(answer))[:8]]
    if not said:
        return None
    stance: Stance
    if ("don't", "know") in pairwise(said) or ("not", "sure") in pairwise(said):
        stance = "supposed"
    elif said[0] in _NO or any(word.endswith("n't") for word in said[:3]):
        stance = "denied"
    elif said[0] in _YES:
        stance = "affirmed"
    else:
        return None
    return [replace(word, stance=stance, soft=False) for word in words if word.stance == "asked"]


def is_question(text: str) -> bool:
    """Whether a text asks."""
    words = [plain(raw) for raw in _WORD.findall(text)]
    return "?" in text or (bool(words) and words[0] in _ASKING)


def _spoken_out(text: str) -> str:
    return _HUMMED_YES.sub("yes", _HUMMED_NO.sub("no", text))


def _clauses(text: str) -> list[_Clause]:
    found: list[_Clause] = [_Clause([], begins=True)]
    at = 0
    sentence: list[_Clause] = [found[0]]
    for match in _WORD.finditer(text):
        gap = text[at : match.start()]
        at = match.end()
        word = plain(match.group())
        if _SENTENCE_END.search(gap) and found[-1].raws:
            _ask(sentence, gap)
            sentence = [_Clause([], begins=True)]
            found += sentence
        elif found[-1].raws and (
            _CLAUSE_END.search(gap) or word in {"but", "however", "though", "although", "because"}
        ):
            sentence.append(_Clause([]))
            found.append(sentence[-1])
        found[-1].raws.append(match.group())
    _ask(sentence, text[at:])
    return [clause for clause in found if clause.raws]


def _ask(sentence: Sequence[_Clause], gap: str) -> None:
    """Mark a sentence as a question: by its mark, or without one by how it begins."""
    words = [plain(raw) for clause in sentence for raw in clause.raws]
    marked = "?" in gap
    # Recognisers leave marks out; "is he breathing" without one still asks.
    begins = bool(words) and words[0] in _ASKING and "." not in gap and "!" not in gap
    if marked or begins:
        for clause in sentence:
            clause.asked = True


def _stances(words: Sequence[str]) -> list[tuple[Stance, bool]]:
    stances: list[tuple[Stance, bool]] = [("affirmed", False)] * len(words)
    supposed = False
    denied_until = -1
    told = 0
    for index, word in enumerate(words):
        before = words[index - 1] if index else ""
        after = words[index + 1] if index + 1 < len(words) else ""
        if word in {"and", "or"} and after in _SUBJECTS:
            supposed, denied_until = False, -1
        elif word == "and":
            denied_until = -1
        if (before, word) in _TWO_WORD_HEDGES:
            supposed, denied_until = True, -1
        elif word in _HEDGES:
            supposed = True
        if supposed:
            stances[index] = ("doubted" if index < denied_until else "supposed", False)
        elif index < denied_until:
            content = word not in FUNCTION
            stances[index] = ("denied", content and told > 0)
            told += content
        if word in AUXILIARIES and after in {"not", "never", "no"} and not supposed:
            stances[index] = ("denied", False)
        if _negates(words, index):
            denied_until, told = index + 1 + REACH, 0
            if not supposed:
                stances[index] = ("denied", False)
        elif word in _BEFORE_ING and after.endswith("ing"):
            denied_until, told = index + 2, 0
    if words and words[-1] in _BACKWARD and not supposed:
        stances = [("denied", False)] * len(words)
    return stances


def _negates(words: Sequence[str], index: int) -> bool:
    word = words[index]
    if word.endswith("n't"):
        return True
    if word not in _NEGATORS:
        return False
    after = words[index + 1] if index + 1 < len(words) else ""
    if word in {"no", "nope", "nah"} and index == 0 and after in _SUBJECTS:
        return False  # "no he has a gun" answers
    return not (word == "not" and after == "only")


def _only_doubts(words: Sequence[str]) -> bool:
    doubts = any(word in _HEDGES for word in words) or any(
        pair in _TWO_WORD_HEDGES for pair in pairwise(words)
    )
    known = FUNCTION | _HEDGES | {"know", "sure", "don't", "doesn't", "certain"}
    return doubts and all(word in known for word in words)


def _doubted(mark: tuple[Stance, bool]) -> tuple[Stance, bool]:
    doubted: dict[Stance, Stance] = {"affirmed": "supposed", "denied": "doubted"}
    return (doubted.get(mark[0], mark[0]), False)


def _terms(words: Sequence[str]) -> list[Term | None]:
    found: list[Term | None] = []
    taken = False
    for index, word in enumerate(words):
        if taken:
            taken = False
            found.append(None)
            continue
        after = bare(words[index + 1]) if index + 1 < len(words) else ""
        phrase = PHRASES.get((bare(word), after))
        taken = phrase is not None
        found.append(phrase or TERMS.get(bare(word)))
    return found
