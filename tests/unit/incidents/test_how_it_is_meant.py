"""How a phrase is meant, by the words around it."""

import pytest

from ringdown.incidents.adapters.rules.context import DISCOUNTED, WEIGHTS, Stance
from ringdown.incidents.adapters.rules.phrases import Found, as_text
from ringdown.incidents.adapters.rules.tokens import Line, tokenise
from ringdown.testing.extractor import dialogue, spoken

SHOT = r"shot"
BREATHING = r"not breathing|isn't breathing"


def lines(script: str) -> list[Line]:
    return [tokenise(each) for each in dialogue(script)]


def found(script: str, pattern: str = SHOT, *, own_denial: bool = False) -> Found:
    """The first place where the pattern stands in the last line."""
    *before, line = lines(script)
    return next(iter(as_text(line, before).find(pattern, own_denial=own_denial)))


STANCES: list[tuple[str, Stance]] = [
    ("C: he was shot", "meant"),
    ("C: I can't believe he was shot", "meant"),
    ("C: no he was shot", "meant"),
    ("C: don't hang up he was shot", "meant"),
    ("C: we don't know who did it but he was shot", "meant"),
    ("C: nobody is here and he was shot", "meant"),
    ("C: last year we moved and now he was shot", "meant"),
    ("C: he was shot at the movie theater", "meant"),
    ("C: it's not a drill he was shot", "meant"),
    ("C: if you don't come he'll die he was shot", "meant"),
    ("C: my neighbor said he was shot", "reported"),
    ("C: maybe he was shot", "uncertain"),
    ("C: I don't know if he was shot", "uncertain"),
    ("C: yesterday he was shot", "recent"),
    ("C: he was shot last night", "recent"),
    ("C: he was not shot", "denied"),
    ("C: nobody in the house was shot", "denied"),
    ("C: I don't think he was shot", "denied"),
    ("C: was he shot? no he fell", "denied"),
    ("C: if somebody was shot what do I do", "supposed"),
    ("C: he could have been shot", "supposed"),
    ("C: did somebody get shot", "asked"),
    ("C: he was shot years ago", "past"),
    ("C: two years ago he was shot", "past"),
    ("C: when I was a kid he was shot", "past"),
    ("C: I saw on the news that he was shot", "told_in_media"),
    ("C: he was shot in the movie", "fiction"),
    ("C: it was just the TV he was shot", "fiction"),
    ("C: this is a drill he was shot", "drill"),
    ("C: this is a drill | T: go ahead | C: he was shot", "drill"),
    ("C: this is a drill | C: no this is real he was shot", "meant"),
    ("T: this is a drill | C: he was shot", "meant"),
    ("C: he shot me a text", "figure"),
]


@pytest.mark.parametrize(("script", "wanted"), STANCES)
def test_words_around_a_phrase_give_its_stance(script: str, wanted: Stance) -> None:
    """Each stance has its words."""
    assert found(script).stance == wanted


def test_every_stance_counts_or_does_not() -> None:
    """None is forgotten."""
    stances = {wanted for _, wanted in STANCES}
    assert stances == DISCOUNTED | WEIGHTS.keys()
    assert not DISCOUNTED & WEIGHTS.keys()


def test_a_phrase_that_denies_by_itself_is_not_denied_by_its_own_words() -> None:
    """ "Not breathing" is meant, unless the speaker says that nobody said so."""
    assert found("C: he is not breathing", BREATHING, own_denial=True).stance == "meant"
    said = "C: I didn't say he is not breathing"
    assert found(said, BREATHING, own_denial=True).stance == "denied"


@pytest.mark.parametrize(
    "said",
    [
        "he's not uh breathing",
        "he's he's not breathing",
        "he's not br- breathing",
        "he's not [crying] breathing",
        "he's not breathin'",
        "he's not breathin",
        "*sobbing* he's not *sobbing* breathing",
        "he's not [phone rings] breathing",
    ],
)
def test_stumbling_does_not_hide_a_phrase(said: str) -> None:
    """Fillers, words said twice or broken off, notes and dropped sounds are passed over."""
    line = tokenise(spoken(0, "caller", said))
    first = next(iter(as_text(line).find(BREATHING, own_denial=True)))
    assert line.evidence(first.first, first.last).quote.startswith("not")
    assert "breathin" in line.evidence(first.first, first.last).quote


def test_numbers_said_twice_are_kept() -> None:
    """Five five is not five."""
    line = tokenise(spoken(0, "caller", "five five five"))
    assert as_text(line).text == "five five five"


def test_a_phrase_does_not_run_over_the_end_of_a_sentence() -> None:
    """ "Not. Breathing." is two things."""
    assert list(as_text(tokenise(spoken(0, "caller", "not. breathing"))).find(BREATHING)) == []
