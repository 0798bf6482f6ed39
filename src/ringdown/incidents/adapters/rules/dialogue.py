"""What a line does in the conversation: asks, affirms, denies, corrects. Pure."""

from collections.abc import Sequence
from typing import Final

from ringdown.incidents.adapters.rules.lexicon import STOP
from ringdown.incidents.adapters.rules.tokens import CALL_TAKER, Line, Token

_YES: Final = frozenset(
    [
        "yes",
        "yeah",
        "yep",
        "yup",
        "yea",
        "ya",
        "correct",
        "exactly",
        "affirmative",
        "uh-huh",
        "mm-hmm",
        "mhm",
        "uhhuh",
        "yes'm",
        "absolutely",
    ]
)
_NO: Final = frozenset(["no", "nope", "nah", "negative", "wrong", "incorrect", "uh-uh"])
_FILLER: Final = frozenset(
    [
        "um",
        "uh",
        "oh",
        "okay",
        "ok",
        "well",
        "er",
        "ah",
        "so",
        "and",
        "i",
        "sir",
        "ma'am",
        "just",
        "please",
        "hey",
    ]
)
_MARKERS: Final = frozenset(
    ["no", "nope", "not", "sorry", "wait", "actually", "correction", "wrong", "mean", "rather"]
)
_PAST: Final = frozenset(
    ("yesterday", "last", "ago", "used", "once", "previously", "formerly", "remember")
)
_NEGATORS: Final = frozenset(
    [
        "no",
        "not",
        "never",
        "nobody",
        "none",
        "without",
        "isn't",
        "aren't",
        "wasn't",
        "weren't",
        "don't",
        "doesn't",
        "didn't",
        "haven't",
        "hasn't",
        "ain't",
        "can't",
        "won't",
        "nothing",
        "neither",
        "nor",
        "cannot",
    ]
)
_IF: Final = frozenset(
    ["if", "whether", "unless", "suppose", "imagine", "pretend", "wonder", "wondering"]
)


def _has(line: Line, *phrases: str) -> bool:
    said = f" {' '.join(token.text for token in line.tokens)} "
    return any(f" {phrase} " in said for phrase in phrases)


def asks_location(line: Line) -> bool:
    """Whether the call-taker asks where."""
    return line.side == CALL_TAKER and _has(
        line,
        "address",
        "location",
        "where",
        "where's",
        "where're",
        "what street",
        "which street",
        "cross street",
        "house number",
        "street number",
        "what road",
        "apartment number",
        "located",
    )


def asks_phone(line: Line) -> bool:
    """Whether the call-taker asks for a number to call back."""
    return line.side == CALL_TAKER and _has(
        line,
        "phone",
        "callback",
        "call back",
        "call-back",
        "telephone",
        "calling from",
        "reach you",
        "cell number",
        "number you're",
        "area code",
        "contact number",
        "your number",
    )


def asks_hurt(line: Line) -> bool:
    """Whether the call-taker asks if somebody is hurt."""
    return (
        line.side == CALL_TAKER
        and _has(
            line, "hurt", "injured", "injuries", "injury", "need an ambulance", "medical attention"
        )
        and _has(
            line, "anyone", "anybody", "someone", "somebody", "any", "is", "are", "you", "everybody"
        )
    )


def asks_breathing(line: Line) -> bool:
    """Whether the call-taker asks if somebody is breathing."""
    return line.side == CALL_TAKER and _has(line, "breathing") and not _has(line, "not breathing")


def asks_awake(line: Line) -> bool:
    """Whether the call-taker asks if somebody is conscious."""
    return line.side == CALL_TAKER and _has(
        line, "awake", "conscious", "responding", "responsive", "alert"
    )


def asks_count(line: Line) -> bool:
    """Whether the call-taker asks how many people are hurt, inside or trapped."""
    return (
        line.side == CALL_TAKER
        and _has(line, "how many")
        and _has(
            line,
            *("hurt", "injured", "people are in", "trapped", "victims", "patients", "inside"),
            *("with you", "on board", "in the car", "in the vehicle", "in the boat", "of you"),
        )
    )


def asks_weapons(line: Line) -> bool:
    """Whether the call-taker asks about weapons, all of them or one kind."""
    return line.side == CALL_TAKER and _has(
        line,
        *("weapon", "weapons", "armed", "gun", "guns", "knife", "knives", "firearm", "firearms"),
    )


def asks_any_weapon(line: Line) -> bool:
    """Whether the question is about weapons of every kind, so that a no denies them all."""
    return line.side == CALL_TAKER and _has(line, "weapon", "weapons", "armed")


def asks_danger(line: Line) -> bool:
    """Whether the call-taker asks if anything at all is dangerous there."""
    return line.side == CALL_TAKER and (
        _has(line, "hazard", "hazards", "hazardous", "anything dangerous", "any danger")
        or _has(line, "any dangers", "safety concerns", "scene safe", "anything we should know")
        or _has(line, "anything they should know", "anything officers should know")
    )


def asks_animals(line: Line) -> bool:
    """Whether the call-taker asks about dogs or other animals."""
    return (
        line.side == CALL_TAKER
        and _has(line, "dog", "dogs", "animals", "pets")
        and _has(line, "any", "are there", "is there", "have", "do you", "loose", "put away")
    )


def asks_still_there(line: Line) -> bool:
    """Whether the call-taker asks if the one who did it is still there."""
    return (
        line.side == CALL_TAKER
        and (_has(line, "still") or _has(line, "there now", "there right now", "here now"))
        and _has(line, "there", "here", "scene", "inside", "in the house", "around")
        and _has(line, "he", "she", "they", "him", "person", "suspect", "suspects", "anyone", "guy")
    )


def asks_safe(line: Line) -> bool:
    """Whether the call-taker asks if the caller is safe."""
    return line.side == CALL_TAKER and _has(
        line, "you safe", "safe place", "safe right now", "in danger", "safe where", "safe distance"
    )


def asks_plate(line: Line) -> bool:
    """Whether the call-taker asks for a licence plate."""
    return line.side == CALL_TAKER and _has(
        line, "plate", "plates", "license number", "licence number", "tag", "tag number"
    )


def asks_vehicle(line: Line) -> bool:
    """Whether the call-taker asks what vehicle it is."""
    return line.side == CALL_TAKER and (
        _has(line, "vehicle", "make and model", "make or model", "make", "model", "year")
        or (
            _has(line, "what kind", "what type", "what color", "what colour", "describe", "which")
            and _has(line, "car", "truck", "van", "suv", "vehicles", "motorcycle", "bike")
        )
        or _has(line, "what are they driving", "what is he driving", "what's he driving")
        or _has(line, "what is she driving", "what were they driving", "what was he driving")
    )


def asks_direction(line: Line) -> bool:
    """Whether the call-taker asks which way somebody went."""
    return line.side == CALL_TAKER and (
        _has(line, "which way", "what direction", "which direction", "direction of travel")
        or _has(line, "where did he go", "where did they go", "where did she go")
        or _has(line, "where are they headed", "where is he headed", "where'd he go")
    )


def asks_age(line: Line) -> bool:
    """Whether the call-taker asks how old somebody is."""
    return line.side == CALL_TAKER and (
        _has(line, "how old", "his age", "her age", "your age", "the age", "age", "ages")
        or _has(line, "date of birth", "what year was")
    )


def asks_looks(line: Line) -> bool:
    """Whether the call-taker asks what somebody looks like, or one part of that."""
    return line.side == CALL_TAKER and (
        _has(line, "look like", "looked like", "looks like", "describe", "description", "race")
        or _has(line, "wearing", "clothing", "clothes", "dressed", "how tall", "height", "weight")
        or _has(line, "hair", "male or female", "man or woman", "male or a female", "build")
        or _has(line, "white black", "black white", "hispanic", "skinny", "heavy", "tattoos")
        or _has(
            line,
            "shirt",
            "jacket",
            "pants",
            "hat",
            "what color shirt",
            "what kind of shirt",
            "eyes",
            "facial hair",
        )
    )


def asks_name(line: Line) -> bool:
    """Whether the call-taker asks for a name, the caller's or somebody else's."""
    return line.side == CALL_TAKER and (
        _has(
            line, "name", "names", "name's", "who am i speaking", "who am i talking", "who is this"
        )
        and not _has(line, "my name is", "my name's", "name of the street", "street name")
    )


def asks_relation(line: Line) -> bool:
    """Whether the call-taker asks how the caller stands to it all."""
    return line.side == CALL_TAKER and (
        _has(line, "relation", "relationship", "do you know him", "do you know her", "related")
        or _has(line, "do you know them", "do you know the person", "how do you know")
        or _has(line, "who is he to you", "who is she to you", "are you family", "your relation")
        or _has(line, "are you with the patient", "are you the patient", "are you with him")
        or _has(line, "are you with her", "are you the one", "did you see it", "did you witness")
        or _has(line, "are you the victim", "were you involved", "are you involved")
        or _has(line, "do you work there", "are you an employee", "are you the owner")
        or _has(line, "are you driving by", "are you passing by", "is this your house")
    )


def asked_before(before: Sequence[Line], *, reach: int = 3) -> Line | None:
    """The last thing that the call-taker said, if it is not long ago."""
    return next((line for line in reversed(before[-reach:]) if line.side == CALL_TAKER), None)


def unsure(line: Line) -> bool:
    """Whether the speaker says not to know."""
    return _has(
        line,
        *("don't know", "dont know", "do not know", "not sure", "no idea", "dunno", "can't tell"),
        *("couldn't tell", "couldn't see", "can't see", "didn't see", "i can't say", "not that i"),
    )


def opening(line: Line) -> str:
    """The first word that says something."""
    for token in line.tokens:
        if token.text not in _FILLER:
            return token.text
    return ""


def affirms(line: Line) -> bool:
    """Whether a line begins by saying yes. "Okay" alone affirms nothing."""
    if opening(line) in _YES:
        return not _has(line, "but not", "yeah no", "yes no")
    return _has(line, "that's right", "that's correct", "that is correct", "that is right")


def denies(line: Line) -> bool:
    """Whether a line begins by saying no."""
    return opening(line) in _NO


def marker_before(tokens: tuple[Token, ...], at: int) -> int | None:
    """The index of a correcting word ("no", "I mean", "sorry") shortly before token `at`.

    "No Oak Street" in the middle of a sentence is a correction too; "I don't know" is not.
    """
    for back in range(at - 1, max(-1, at - 6), -1):
        token = tokens[back]
        if token.text in _MARKERS and not (token.text == "mean" and tokens[back - 1].text != "i"):
            return back
        if token.text not in STOP and not token.text.isdecimal():
            return None
    return None


def negated(tokens: tuple[Token, ...], at: int, *, reach: int = 4) -> bool:
    """Whether a denying word stands shortly before token `at` in the same clause."""
    for back in range(at - 1, max(-1, at - 1 - reach), -1):
        token = tokens[back]
        if token.ends_clause:
            return False
        if token.text in _NO and _answers(tokens, back):
            return False
        if token.text in _NEGATORS:
            # "no, there's a fire" ends its clause at the comma; "I don't know, fire" likewise.
            return True
        if token.text in {"but", "and", "because"}:
            return False
    return False


def _answers(tokens: tuple[Token, ...], at: int) -> bool:
    """Whether a "no" answers a question and denies nothing after it: "no he's been shot"."""
    before = all(token.text in _FILLER or token.text in _NO for token in tokens[:at])
    return before and at + 1 < len(tokens) and tokens[at + 1].text in _SUBJECTS | _CORRECTING


_CORRECTING: Final = frozenset(["wait", "sorry", "actually"])
_SUBJECTS: Final = frozenset(
    [
        *("he", "he's", "she", "she's", "they", "they're", "it", "it's", "there", "there's"),
        *("we", "we're", "i", "i'm", "i've", "my", "the", "someone", "somebody", "this", "that's"),
    ]
)


def supposed(tokens: tuple[Token, ...], at: int) -> bool:
    """Whether token `at` stands in an "if" or in the past ("last year", "used to")."""
    start, end = sentence(tokens, at)
    before = {token.text for token in tokens[start:at]}
    if before & _IF:
        return True
    inside = {token.text for token in tokens[start : end + 1]}
    return bool(inside & _PAST) and not inside & {"now", "still", "tonight", "hours", "minutes"}


def sentence(tokens: tuple[Token, ...], at: int) -> tuple[int, int]:
    """The first and last token of the sentence that token `at` stands in."""
    start = at
    while start > 0 and not tokens[start - 1].ends_sentence:
        start -= 1
    end = at
    while end < len(tokens) - 1 and not tokens[end].ends_sentence:
        end += 1
    return start, end
