"""What a yes or a no to the call-taker's question says of a danger to life. Pure."""
# ruff: noqa: E501 - a pattern reads best on one line

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ringdown.incidents.adapters.rules.cue_phrases import SIGNS, Half
from ringdown.incidents.adapters.rules.dialogue import affirms, denies
from ringdown.incidents.adapters.rules.phrases import Found, Text, as_text
from ringdown.incidents.adapters.rules.tokens import Line
from ringdown.incidents.cues import CueKind
from ringdown.incidents.evidence import Evidence


@dataclass(frozen=True)
class _Asked:
    """A question, and what yes, no or a doubtful answer to it says."""

    pattern: str
    yes: tuple[tuple[CueKind | Half, float], ...] = ()
    no: tuple[tuple[CueKind | Half, float], ...] = ()
    doubt: tuple[tuple[CueKind | Half, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What an answer says, with the words of the question and of the answer."""

    of: CueKind | Half
    strength: float
    sureness: float
    evidence: tuple[Evidence, Evidence]
    at: int


_BABY: Final = r"(?:baby|newborn|infant)"
_QUESTIONS: Final = (
    _Asked(
        rf"(?:is|are|'s) (?:the |your |that |this )?{_BABY} (?:\w+ )?(?:breathing|crying|moving)",
        no=(("not_breathing", 0.85), ("birth_trouble", 0.8)),
        doubt=(("not_breathing", 0.7), ("birth_trouble", 0.75)),
    ),
    _Asked(
        r"(?:not|isn't|stopped|aren't) breathing",
        yes=(("not_breathing", 0.9),),
    ),
    _Asked(
        r"(?:is|are|was|does|did|do you (?:think|know if)|can you tell if|still|he's|she's|awake (?:and|or)|conscious (?:and|or)|and)(?: \w+){0,4} (?:breathing|breathe)(?! (?:problems?|trouble|treatment|machine))|any breathing|(?:see|feel|is)(?: \w+){0,2} chest (?:rise|rising|move|moving|going)|(?:have|feel|find|got|is there) a pulse|breathing (?:at all|normally|okay)",
        no=(("not_breathing", 0.88),),
        doubt=(("not_breathing", 0.72),),
    ),
    _Asked(
        r"(?:is|are|does|did|will|can)(?: \w+){0,3} (?:awake|conscious|responsive|respond|responding|alert|wake up|talking to you|with it|answer you)",
        no=(("out_cold", 0.8),),
        doubt=(("out_cold", 0.7),),
    ),
    _Asked(
        r"(?:anyone|anybody|someone|somebody|everyone|any people|any kids|any children|are you|is he|is she|are they|people|kids|children)(?: \w+){0,3} (?:trapped|stuck|inside|in there|in the (?:house|building|apartment|vehicle|car)|unable to get out)",
        yes=(("inside", 0.8), ("held", 0.75)),
    ),
    _Asked(
        r"(?:is|did|has|did everyone|is everyone|is everybody|everybody|everyone)(?: \w+){0,3} (?:get out|out of the (?:house|building|apartment)|made it out|gotten out|got out|outside|accounted for)",
        no=(("inside", 0.8),),
        doubt=(("inside", 0.75),),
    ),
    _Asked(
        r"(?:hurt|harm|kill|injure|hurting|harming|killing|injuring) (?:your ?self|himself|herself|themselves)|suicid\w+|(?:end|ending|take|taking) (?:your|his|her) (?:own )?life|(?:want|wanting|wants) to die|thoughts of (?:suicide|dying)",
        yes=(("self_harm", 0.92),),
        doubt=(("self_harm", 0.75),),
    ),
    _Asked(
        r"overdos\w+|(?:took|take|taken|swallow|swallowed|drink|drank) (?:too (?:much|many)|the whole|all of|any poison|something)|on purpose",
        yes=(("overdose", 0.85),),
        doubt=(("overdose", 0.6),),
    ),
    _Asked(
        r"(?:did|does|has|any|been|do you know if)(?: \w+){0,4} (?:drugs?|pills?|heroin|fentanyl|opioids?|narcotics|take anything|taken anything|using|drinking|alcohol|medications?)",
        yes=(("drug", 0.75),),
        doubt=(("drug", 0.7),),
    ),
    _Asked(
        r"(?:chok(?:e|ed|ing)|strangl(?:e|ed|ing)) (?:you|her|him|your)|(?:hands?|arm) (?:on|around) (?:your|her|his) (?:neck|throat)|by the (?:neck|throat)",
        yes=(("strangulation", 0.92),),
    ),
    _Asked(
        r"(?:is|are|was|were)(?: \w+){0,3} (?:shooting|firing|pointing|stabbing|being shot|attacking)|(?:been|anyone|anybody|somebody|someone|he|she|were you|was) (?:\w+ )?(?:shot|stabbed)",
        yes=(("weapon_in_use", 0.88),),
    ),
    _Asked(
        r"(?:any|a|the|have|has|with|see)(?: \w+){0,2} (?:weapons?|guns?|knife|knives|firearms?)|(?:is|are) (?:he|she|they) armed",
        yes=(("armed", 0.75),),
    ),
    _Asked(
        r"(?:cord|foot|feet|arm|hand|bottom|butt)(?: \w+){0,4} (?:around|out|first|coming|showing|see)|(?:see|feel)(?: \w+){0,3} (?:cord|foot|feet|arm|hand|bottom)",
        yes=(("labour_complication", 0.85),),
    ),
    _Asked(
        r"(?:serious|heavy|a lot of|any|much|vaginal) bleeding|is (?:she|there) (?:\w+ )?bleeding",
        yes=(("birth_trouble", 0.75),),
    ),
    _Asked(
        r"(?:is|are) (?:she|you|the patient) (?:\w+ )?pregnant|how far along|how many (?:weeks|months)|(?:contractions|in labor)",
        yes=(("birth", 0.8),),
    ),
)
_DOUBT: Final = r"^(?:(?:um|uh|well|oh|no|i|god|like|not|yeah|so) )*(?:i don't (?:know|think so|believe so)|don't know|not sure|i'm not sure|can't tell|i can't tell|not really|barely|hardly|maybe|kind of|sort of|a little|sometimes|i guess|i think so|probably|might be|possibly|i'm not|not that i can (?:tell|see)|just gasping|very (?:slowly|shallow|faint)|only every|doesn't look like it|doesn't seem like it)"
_MORE: Final = r"^(?:(?:um|uh|well|oh|no|i|god) )*(?:he's|she's|they're|it's|he is|she is|they are|there's|nobody|no one)?(?: )?(?:not|isn't|ain't|aren't|doesn't)(?: (?:breathing|awake|moving|responding|out|crying|at all))?$"
_SURE: Final = r"^(?:(?:um|uh|well|oh|god|and|so) )*(?:he|she|they|i|it|there|we|you|somebody|someone|my \w+)(?:'ve)? (?:does|do|did|is|are|am|has|have|was|were|might|bet|could)(?: (?:he|she|have|been))?$"


_AGREED: Final = r"^(?:(?:um|uh|well|oh|and) )*(?:right|that's right|that is right|that's correct|correct|exactly|definitely|absolutely|sure is|sure does|mm-hmm|uh-huh|mhm|yes|yeah|yep)"


def answered(line: Line, taker: Line) -> Iterator[Answer]:
    """What the caller's answer to the call-taker's last question says."""
    meant = _meant(line)
    if meant is None or not taker.tokens:
        return
    sense, first, last = meant
    text = as_text(taker)
    if sense == "yes":
        yield from _agreed(text, line, first, last)
    for question in _QUESTIONS:
        asked: Found | None = next(iter(text.find(question.pattern)), None)
        if asked is None:
            continue
        says = {"yes": question.yes, "no": question.no, "doubt": question.doubt}[sense]
        for of, strength in says:
            yield Answer(
                of,
                strength,
                min(line.sureness(first, last), taker.sureness(asked.first, asked.last)),
                (taker.evidence(asked.first, asked.last), line.evidence(first, last)),
                first,
            )
        if question.no:
            return


_SUMMED: Final = 0.85


def _agreed(text: Text, line: Line, first: int, last: int) -> Iterator[Answer]:
    """What the call-taker sums up and the caller agrees to: "so she took pills", "yes"."""
    taker = text.line
    for sign in SIGNS:
        for found in text.find(sign.pattern, own_denial=sign.own_denial):
            if found.stance in {"meant", "reported", "uncertain", "asked"}:
                yield Answer(
                    sign.of,
                    sign.strength * _SUMMED,
                    min(line.sureness(first, last), taker.sureness(found.first, found.last)),
                    (taker.evidence(found.first, found.last), line.evidence(first, last)),
                    first,
                )


def _meant(line: Line) -> tuple[str, int, int] | None:
    """Yes, no or in doubt, and the words that say so."""
    text = as_text(line)
    for sense, pattern in (("doubt", _DOUBT), ("no", _MORE), ("yes", _SURE), ("yes", _AGREED)):
        found = next(iter(text.find(pattern)), None)
        if found is not None:
            return sense, found.first, found.last
    if affirms(line):
        return "yes", 0, min(1, len(line.tokens) - 1)
    if denies(line):
        return "no", 0, min(1, len(line.tokens) - 1)
    return None
