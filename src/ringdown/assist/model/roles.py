"""Who did it to whom: "my husband stabbed me" does not bear out "caller stabbed her husband". Pure.

Only what is plain is read: an act, the nearest person before it and the nearest after it, turned
round where it "was" done "by" somebody. Where the lines do not say plainly who did it, nothing is
held against a sentence.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from ringdown.assist.model.lexicon import HE_OR_SHE, IMPLIED_BY
from ringdown.assist.model.words import Word
from ringdown.spoken.vocabulary import word_set

ACTS: Final = word_set(
    "shot stab cut hit punched kicked slapped beat attack strangle rape rob stole threat kidnapped"
)
"""Groups of acts that one does to another."""
_HOLD: Final = word_set("has have had got holding carrying holds carries pointed pointing points")
_HELD: Final = word_set(
    "weapon gun handgun rifle shotgun knife club bomb machete sword dagger screwdriver boxcutter "
    "scissors bat hammer crowbar pipe axe hatchet"
)
_PERSONS: Final = word_set(
    "man woman boy girl male female husband wife boyfriend girlfriend son daughter mother father "
    "brother sister grandmother grandfather uncle aunt neighbor friend roommate officer child baby "
    "teenager he she"
)
_SOMEBODY: Final = word_set(
    "someone somebody person people they them suspect subject individual who victim patient another"
)
_CALLER: Final = word_set("i we me us")
_WAS: Final = word_set("was were been being got is are be")
_BEFORE: Final = 5
_AFTER: Final = 4
CALLER: Final = "caller"
OTHER: Final = "other"


@dataclass(frozen=True, slots=True)
class Deed:
    """An act; "" for whom it is not said."""

    by: str
    act: str
    to: str


def deeds(words: Sequence[Word], *, told: bool) -> list[Deed]:
    """The acts of the caller's own words, or those of a sentence that is told of the caller."""
    found: list[Deed] = []
    for at, word in enumerate(words):
        group = word.term.group if word.term is not None else ""
        if group in ACTS:
            before = _nearest(words[max(0, at - _BEFORE) : at][::-1], told=told)
            after = _nearest(words[at + 1 : at + 1 + _AFTER], told=told)
            done = [each.text for each in words[max(0, at - 2) : at]]
            if any(text in _WAS for text in done):
                by = any(each.text == "by" for each in words[at + 1 : at + 1 + _AFTER])
                found.append(Deed(after if by else "", group, before))
            else:
                found.append(Deed(before, group, after))
        elif word.text in _HOLD and any(
            each.term is not None and each.term.group in _HELD
            for each in words[at + 1 : at + 1 + _AFTER]
        ):
            before = _nearest(words[max(0, at - _BEFORE) : at][::-1], told=told)
            found.append(Deed(before, "holds", ""))
    return found


def turned_round(sentence: Sequence[Word], evidence: Iterable[Sequence[Word]]) -> bool:
    """Whether a sentence has somebody do what the lines say plainly of somebody else."""
    known = [deed for line in evidence for deed in deeds(line, told=False)]
    for deed in deeds(sentence, told=True):
        same = [each for each in known if _same_act(deed.act, each.act) and (each.by or each.to)]
        if same and not any(_fits(deed, each) for each in same):
            return True
    return False


def _fits(deed: Deed, said: Deed) -> bool:
    return _may_be(deed.by, said.by) and _may_be(deed.to, said.to)


def _may_be(told: str, said: str) -> bool:
    if not told or not said or told == said:
        return True
    if CALLER in {told, said}:
        return False
    if OTHER in {told, said}:
        return True
    for pronoun, stands_for in HE_OR_SHE.items():
        both = stands_for | {pronoun, "male" if pronoun == "he" else "female"}
        if pronoun in {told, said}:
            return {told, said} <= both or not {told, said} & _sexed()
    return said in IMPLIED_BY.get(told, frozenset())


def _sexed() -> frozenset[str]:
    return HE_OR_SHE["he"] | HE_OR_SHE["she"] | {"male", "female"}


def _same_act(one: str, other: str) -> bool:
    return one == other or other in IMPLIED_BY.get(one, frozenset())


def _nearest(words: Iterable[Word], *, told: bool) -> str:
    for word in words:
        if word.text in _CALLER or (told and word.text == CALLER):
            return CALLER
        if word.term is not None and word.term.group in _PERSONS:
            # "My husband", "her son": whose it is stands before, and does nothing.
            if word.text in {"his", "her", "hers"}:
                continue
            return word.term.group
        if word.text in _SOMEBODY or word.token:
            return OTHER
    return ""
