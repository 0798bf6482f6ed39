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


def has(line: Line, *phrases: str) -> bool:
    said = f" {' '.join(token.text for token in line.tokens)} "
    return any(f" {phrase} " in said for phrase in phrases)


def asks_location(line: Line) -> bool:
    """Whether the call-taker asks where."""
    return line.side == CALL_TAKER and has(
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
    return line.side == CALL_TAKER and has(
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
        and has(
            line, "hurt", "injured", "injuries", "injury", "need an ambulance", "medical attention"
        )
        and has(
            line, "anyone", "anybody", "someone", "somebody", "any", "is", "are", "you", "everybody"
        )
    )


def asks_breathing(line: Line) -> bool:
    """Whether the call-taker asks if somebody is breathing."""
    return line.side == CALL_TAKER and has(line, "breathing") and not has(line, "not breathing")


def asks_awake(line: Line) -> bool:
    """Whether the call-taker asks if somebody is conscious."""
    return line.side == CALL_TAKER and has(
        line, "awake", "conscious", "responding", "responsive", "alert"
    )


def asks_count(line: Line) -> bool:
    """Whether the call-taker asks how many people are hurt, inside or trapped."""
    return (
        line.side == CALL_TAKER
        and has(line, "how many")
        and has(
            line,
            *("hurt", "injured", "people are in", "trapped", "victims", "patients", "inside"),
            *("with you", "on board", "in the car", "in the vehicle", "in the boat", "of you"),
        )
    )


def asked_before(before: Sequence[Line], *, reach: int = 3) -> Line | None:
    """The last thing that the call-taker said, if it is not long ago."""
    return next((line for line in reversed(before[-reach:]) if line.side == CALL_TAKER), None)


def unsure(line: Line) -> bool:
    """Whether the speaker says not to know."""
    return has(
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
        return not has(line, "but not", "yeah no", "yes no")
    return has(line, "that's right", "that's correct", "that is correct", "that is right")


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
