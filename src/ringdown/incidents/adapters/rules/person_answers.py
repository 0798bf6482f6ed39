"""What a line says of persons only because of the question before it, and names. Pure."""
# ruff: noqa: E501 - a pattern reads best on one line

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from ringdown.incidents.adapters.rules.asking import asks_age, asks_direction, asks_looks, asks_name
from ringdown.incidents.adapters.rules.lexicon import STOP
from ringdown.incidents.adapters.rules.person_claims import HE, PersonClaim, claim, said_at, whose
from ringdown.incidents.adapters.rules.person_words import (
    ABOUT,
    BARE_HEIGHT,
    BUILD,
    GARMENT,
    NUMBER,
    RACE,
)
from ringdown.incidents.adapters.rules.phrases import Text, as_text, compiled
from ringdown.incidents.adapters.rules.tokens import Line
from ringdown.incidents.adapters.rules.vehicle_words import COLOURS
from ringdown.spoken.vocabulary import word_set

_NAME: Final = r"(?:his|her) (?:first |last |full |whole )?name(?:'s| is| was) (?:is )?((?:[\w'-]+)(?: [\w'-]+){0,2})|(?:named|called) ((?:[\w'-]+)(?: [\w'-]+)?)"

_THINGS: Final = word_set(
    "car truck van suv vehicle vehicles motorcycle bike house building color colour shirt jacket pants hat shoes "
    "dog animal package"
)

_PERSONAL: Final = word_set(
    "he she him her they them person suspect suspects guy man woman male female race description describe "
    "subject subjects hispanic white black tall height build hair"
)


def coloured(line: Line, text: Text, asked: Line) -> list[PersonClaim]:
    """As in "white" to "what colour is his shirt?"."""
    if not any(token.text in {"color", "colour"} for token in asked.tokens):
        return []
    garment = next(iter(as_text(asked).find(GARMENT)), None)
    colour = next(iter(text.find("|".join(sorted(COLOURS)))), None)
    if garment is None or colour is None or colour.denied:
        return []
    said = (
        f"{said_at(line, colour.first, colour.last)} {said_at(asked, garment.first, garment.last)}"
    )
    made = claim(
        *(line, "clothes", said, (colour.first, colour.last), 0.7, "in answer to a question")
    )
    question = asked.evidence(garment.first, garment.last)
    sure = min(made.confidence, 0.7 * asked.sureness(garment.first, garment.last))
    return [replace(made, evidence=(question, *made.evidence), confidence=sure)]


def answers(asked: Line | None) -> list[tuple[str, str]]:
    """What counts as an answer only after its question."""
    if asked is None:
        return []
    made: list[tuple[str, str]] = []
    said = {token.text for token in asked.tokens}
    if asks_age(asked) and "birth" not in said:
        made.append(
            (
                "age",
                rf"{ABOUT}{NUMBER}(?: or {NUMBER}| to {NUMBER})?(?: (?:years?|months?|weeks?|days?)(?: old)?)?",
            )
        )
    if asks_looks(asked) and not said & _THINGS and said & _PERSONAL:
        made += [("race", RACE), ("build", BUILD), ("looks", r"bald|naked|shirtless|male|female")]
        made.append(("age", rf"{ABOUT}{NUMBER}(?: or {NUMBER}| to {NUMBER})"))
        if said & {"tall", "height", "describe", "description", "look"}:
            made.append(("height", BARE_HEIGHT))
    if said & {"hair"}:
        made.append(
            (
                "hair",
                rf"(?:{'|'.join(sorted(COLOURS))}|blond|blonde|long|short|curly)(?: (?:and|or) (?:\w+))?",
            )
        )
    if asks_direction(asked):
        made.append(
            (
                "way",
                r"(?:north|south|east|west)(?:bound)?(?: (?:on|down|up) [\w'-]+)?|(?:toward|towards|into|down|behind|through) (?:the )?[\w'-]+(?: \w+)?",
            )
        )
    return made


def asked_of(asked: Line) -> tuple[str, str]:
    """Whom a question is about: as in "how old are you?", "how old is she?"."""
    words = [token.text for token in asked.tokens]
    for word in words:
        if word in HE:
            return ("he" if HE[word] == "m" else "she"), HE[word]
    asks_caller = any(
        words[at : at + 2] in (["are", "you"], ["your", "age"], ["you", "wearing"])
        for at in range(len(words))
    )
    return ("caller", "") if asks_caller else ("", "")


def names_in(
    line: Line, text: Text, asked: Line | None, persons: Sequence[PersonClaim]
) -> list[PersonClaim]:
    claims: list[PersonClaim] = []
    for match in compiled(_NAME).finditer(text.text):
        group = 1 if match.group(1) else 2
        first = text.text.count(" ", 0, match.start(group))
        last = first
        while (
            last < len(line.tokens) - 1
            and last - first < 2
            and not line.tokens[last].ends_clause
            and _is_name(line, last + 1)
        ):
            last += 1
        if not _is_name(line, first):
            continue
        who, sex = whose(line, first, persons, first)
        claims.append(
            claim(
                line,
                "name",
                f"named {_as_named(line, first, last)}",
                (first, last),
                0.7,
                "said by name",
                who=who,
                sex=sex,
            )
        )
    if claims or asked is None or not asks_name(asked):
        return claims
    words = [token.text for token in asked.tokens]
    if not {"his", "her", "their"} & set(words) or len(line.tokens) > 5:
        return []
    start = 2 if [t.text for t in line.tokens[:2]] in (["it's", "uh"], ["his", "name"]) else 0
    start = next((at for at in range(start, len(line.tokens)) if _is_name(line, at)), None) or 0
    if not line.tokens or not _is_name(line, start):
        return []
    last = start
    while (
        last < len(line.tokens) - 1
        and last - start < 2
        and not line.tokens[last].ends_clause
        and _is_name(line, last + 1)
    ):
        last += 1
    who, sex = ("she", "f") if "her" in words else ("he", "m") if "his" in words else ("", "")
    return [
        claim(
            line,
            "name",
            f"named {_as_named(line, start, last)}",
            (start, last),
            0.6,
            "a name in answer to a question",
            who=who,
            sex=sex,
        )
    ]


def _as_named(line: Line, first: int, last: int) -> str:
    return " ".join(token.raw for token in line.tokens[first : last + 1])


def _is_name(line: Line, at: int) -> bool:
    token = line.tokens[at]
    plain = token.text.replace("'", "").replace("-", "").isalpha()
    return (
        plain
        and len(token.text) > 1
        and token.text not in STOP | {"unknown", "name", "first", "last", "didn't", "is", "calling"}
        and (token.capital or not line.cased)
    )
