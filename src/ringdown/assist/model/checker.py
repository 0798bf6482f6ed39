"""The leash: a sentence shows only if what it cites was said, and says it. Pure.

Every check asks the same: is this borne out by the cited lines, and by nothing else? A line that
was not cited does not count, a question without its answer does not, and neither does a line that
speaks to the machine. What is in doubt is withheld: a missing sentence costs little.
"""
# ruff: noqa: E501 - word lists

import re
import unicodedata
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from ringdown.assist.model.lexicon import CENTRE_ACTS, HE_OR_SHE, IMPLIED_BY, PRONOUNS, Term
from ringdown.assist.model.orders import is_order, talks_of_itself
from ringdown.assist.model.quantities import (
    Quantity,
    borne_out,
    quantities,
    vague_unsupported,
    words_of,
)
from ringdown.assist.model.roles import turned_round
from ringdown.assist.model.words import (
    AUXILIARIES,
    FUNCTION,
    Stance,
    Word,
    answered,
    is_question,
    read,
)
from ringdown.redaction.api import TOKEN, ordinary
from ringdown.spoken.vocabulary import word_set

Reason = Literal[
    "form", "no_citation", "unknown_citation", "instruction", "token", "number", "quantity", "name",
    "word", "negation", "certainty", "role", "act", "unsupported", "value",
]  # fmt: skip
"""Why a sentence is withheld; `value` is for a proposal that the field cannot take."""

LONGEST: Final = 280
MOST_CITES: Final = 8
ENOUGH: Final = 0.6
"""So much of what a sentence says must be in the cited lines in the same or a like word."""
ANSWER_WITHIN: Final = 2
"""An answer is one of so many lines after its question."""

GLUE: Final = word_set("""caller callers call-taker taker calltaker dispatcher says say said reports report reported
    reporting states state stated stating advises advised advise asks ask asked asking confirms
    confirmed denies denied describes described mentions mentioned gives gave given provides provided
    requests requested tells told located location address name named phone number callback call calls
    called calling line incident scene currently patient patients victim victims person persons people individual individuals subject
    suspect someone somebody unknown believes believed thinks thought possibly possible maybe may might
    adds added repeats repeated corrects corrected clarifies clarified according regarding
    additionally details information also further present happening happened occurred
    not no never without unable cannot""")
"""Words of reporting: they claim nothing about what happened."""
OPPOSITE: Final[Mapping[Stance, Stance]] = {
    "affirmed": "denied", "denied": "affirmed", "supposed": "doubted", "doubted": "supposed",
}  # fmt: skip
_MAY: Final = frozenset({"affirmed", "supposed", "asked"})
_MAY_NOT: Final = frozenset({"denied", "doubted"})
_ASKS: Final = frozenset({"asks", "ask", "asked", "asking", "wonders"})
_BRACKETED: Final = re.compile(r"\[[^\]]*\]?|\]")
_FOREIGN: Final = re.compile(r"[<>{}`|\\^~_*#=]|https?:|www\.|//", re.IGNORECASE)
_MARKS: Final = frozenset("\u2019\u2018\u201c\u201d\u2013\u2014\u2026\u00b0")


@dataclass(frozen=True, slots=True)
class Line:
    """What was said, with tokens in place of values."""

    side: str
    text: str


@dataclass(slots=True)
class Evidence:
    """What the cited lines say."""

    text: str = ""
    words: list[Word] = field(default_factory=list[Word])
    by_call_taker: list[Word] = field(default_factory=list[Word])
    by_caller: list[list[Word]] = field(default_factory=list[list[Word]])
    """The lines of others than the call-taker, whose "I" is the caller."""
    numbers: list[Quantity] = field(default_factory=list[Quantity])

    @property
    def plain(self) -> frozenset[str]:
        """The words, as they are."""
        return frozenset(word.text for word in self.words)


def check(text: str, cites: Sequence[int], lines: Mapping[int, Line]) -> tuple[Reason, ...]:
    """Why a sentence must not show; empty if it may."""
    text = cleaned(text)
    if not well_formed(text):
        return ("form",)
    if not cites:
        return ("no_citation",)
    if len(cites) > MOST_CITES or any(cite not in lines for cite in cites):
        return ("unknown_citation",)
    if talks_of_itself(text):
        return ("instruction",)
    evidence = evidence_of(cites, lines)
    if not evidence.words:
        return ("instruction",)
    found: dict[Reason, None] = {}
    words = read(text)
    for reason in (
        *_tokens(text, evidence),
        *_numbers(text, evidence),
        *_names(words, evidence),
        *_claims(words, evidence),
        *_acts(words, text, evidence),
        *_roles(words, evidence),
        *_support(words, text, evidence),
    ):
        found[reason] = None
    return tuple(found)


def cleaned(text: str) -> str:
    """A text as it is checked and shown: letters in one form, single spaces."""
    return re.sub(r" +", " ", unicodedata.normalize("NFKC", text)).strip()


def well_formed(text: str) -> bool:
    """Whether a text is one short line of plain words."""
    return (
        0 < len(text.strip()) <= LONGEST
        and not _FOREIGN.search(TOKEN.sub("", text))
        and any(character.isalpha() for character in text)
        and all(_plain_character(character) for character in text)
    )


def evidence_of(cites: Iterable[int], lines: Mapping[int, Line]) -> Evidence:
    """What the cited lines say; an answer says what was asked before it, if that is cited too."""
    cited = set(cites)
    order = sorted(lines)
    place = {number: at for at, number in enumerate(order)}
    found = Evidence()
    for number in sorted(cited):
        line = lines[number]
        if is_order(line.text):
            continue
        words = read(line.text)
        if is_question(line.text):
            for next_number in order[place[number] + 1 : place[number] + 1 + ANSWER_WITHIN]:
                reply = lines[next_number]
                if reply.side == line.side:
                    break
                made = answered(words, reply.text) if next_number in cited else None
                if made is not None:
                    found.words += made
                    break
        found.words += words
        if line.side == "call_taker":
            found.by_call_taker += words
        else:
            found.by_caller.append(words)
        found.numbers += quantities(line.text)
        found.text += f"{line.text}\n"
    return found


def _plain_character(character: str) -> bool:
    if character.isascii():
        return character.isprintable()
    if character in _MARKS:
        return True
    return character.isalpha() and unicodedata.name(character, "").startswith("LATIN")


def _tokens(text: str, evidence: Evidence) -> Iterable[Reason]:
    there = {match.group() for match in TOKEN.finditer(evidence.text)}
    if any(match.group() not in there for match in _BRACKETED.finditer(text)):
        yield "token"


def _numbers(text: str, evidence: Evidence) -> Iterable[Reason]:
    words = words_of(text)
    plain = evidence.plain
    covered: set[int] = set()
    for number in quantities(text):
        covered |= set(range(number.first, number.last + 1))
        reason = borne_out(number, evidence.numbers, plain)
        if reason is not None:
            yield "quantity" if reason == "quantity" else "number"
    heard = {word.lower().strip(".,!?;:'\"") for word in words_of(evidence.text)}
    for at, word in enumerate(words):
        bare = word.lower().strip(".,!?;:'\"()")
        if at not in covered and any(c.isdigit() for c in bare) and bare not in heard:
            yield "number"
        if at not in covered and vague_unsupported(bare, plain, evidence.numbers):
            yield "quantity"


def _names(words: Sequence[Word], evidence: Evidence) -> Iterable[Reason]:
    said = {word.text for word in evidence.words} | {word.stem for word in evidence.words}
    for word in words:
        if word.token or word.text in FUNCTION or word.text in GLUE or word.text[0].isdigit():
            continue
        if word.text in said or word.stem in said:
            continue
        capital = word.raw[0].isupper() and not word.first
        if (capital and len(word.raw) > 1) or not ordinary(word.text):
            yield "name"


def _claims(words: Sequence[Word], evidence: Evidence) -> Iterable[Reason]:
    """Words that must have been said, and said in the same way: denied, supposed or not."""
    asks = False
    denials = any(word.stance in _MAY_NOT or _denies(word) for word in evidence.words)
    for at, word in enumerate(words):
        asks = asks or word.text in _ASKS
        if word.text in AUXILIARIES and not asks and _alone(words, at):
            yield from _like(word, evidence, asks=asks)
        if word.token or word.text in PRONOUNS:
            continue
        if word.term is not None:
            yield from _term(word, word.term, evidence, asks=asks)
        elif word.text not in FUNCTION and word.text not in GLUE:
            yield from _like(word, evidence, asks=asks)
        if word.stance in {"denied", "doubted"} and not denials:
            yield "negation"


def _term(word: Word, term: Term, evidence: Evidence, *, asks: bool) -> Iterable[Reason]:
    stance = _turned(word.stance, denied=term.denied)
    groups = {term.group}
    if stance == "denied":
        groups |= {whole for whole, parts in IMPLIED_BY.items() if term.group in parts}
    else:
        groups |= IMPLIED_BY.get(term.group, frozenset())
    told = {each.term.group for each in evidence.words if each.term is not None}
    for pronoun, stands_for in HE_OR_SHE.items():
        # "She" is the girl who was named, and makes no woman of her.
        if told & stands_for:
            groups.discard(pronoun)
    stances = {
        _turned(each.stance, denied=each.term.denied)
        for each in evidence.words
        if each.term is not None and each.term.group in groups
    }
    if not stances:
        yield "word"
    elif not asks and stance not in stances:
        yield _mismatch(stance, stances)


def _like(word: Word, evidence: Evidence, *, asks: bool) -> Iterable[Reason]:
    like = [each for each in evidence.words if each.stem == word.stem and not each.token]
    stances = {each.stance for each in like}
    if not like or asks or word.soft or word.stance == "asked":
        return
    if word.stance in {"supposed", "doubted"}:
        # What was said may be told with more doubt, but not the other way round.
        wanted = _MAY if word.stance == "supposed" else _MAY_NOT
        if not stances & wanted and not any(each.soft for each in like):
            yield "negation"
    elif word.stance not in stances and not any(each.soft for each in like):
        yield _mismatch(word.stance, stances)


def _alone(words: Sequence[Word], at: int) -> bool:
    """Whether an auxiliary has no word after it that could carry its "not"."""
    after = [word.text for word in words[at + 1 : at + 4] if not word.first]
    telling = [text for text in after if text not in FUNCTION]
    return not telling or telling[0] in GLUE


def _mismatch(stance: Stance, stances: Container[str]) -> Reason:
    return "negation" if OPPOSITE.get(stance, "") in stances else "certainty"


def _turned(stance: Stance, *, denied: bool) -> Stance:
    opposite = OPPOSITE.get(stance) if denied else None
    return opposite or stance


def _denies(word: Word) -> bool:
    return word.raw.lower() in {"no", "not", "none", "never", "nope", "without"} or (
        word.term is not None and word.term.denied
    )


def _roles(words: Sequence[Word], evidence: Evidence) -> Iterable[Reason]:
    if turned_round(words, evidence.by_caller):
        yield "role"


def _acts(words: Sequence[Word], text: str, evidence: Evidence) -> Iterable[Reason]:
    acts = {word.text for word in words if word.text in CENTRE_ACTS}
    said = {word.text for word in evidence.by_call_taker if word.stance == "affirmed"}
    if acts - said:
        yield "act"
    if re.search(
        r"\b(?:en route|on (?:the|their|its) way|was sent|were sent|been sent)\b",
        text,
        re.IGNORECASE,
    ):
        told = {word.text for word in evidence.by_call_taker}
        if not told & {"route", "way", "sending", "sent", "coming"}:
            yield "act"


def _support(words: Sequence[Word], text: str, evidence: Evidence) -> Iterable[Reason]:
    stems = {word.stem for word in evidence.words if not word.token}
    groups = {word.term.group for word in evidence.words if word.term is not None}
    total = there = 0
    numbers = {
        bare for number in quantities(text) for bare in re.findall(r"\w+", number.heard.lower())
    }
    anchored = bool(numbers) or TOKEN.search(text) is not None
    for word in words:
        if word.token or word.text in FUNCTION or word.text in GLUE or word.text in numbers:
            continue
        if word.text[0].isdigit():
            continue
        total += 1
        group = word.term.group if word.term is not None else ""
        implied = IMPLIED_BY.get(group, frozenset[str]())
        there += word.stem in stems or group in groups or bool(implied & groups)
    if (total and there < ENOUGH * total) or (not total and not anchored):
        yield "unsupported"
