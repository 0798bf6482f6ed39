"""What the words before a number say that it is. Pure."""
# ruff: noqa: E501 - word lists

from collections.abc import Sequence
from typing import Final

from ringdown.redaction.model.pieces import Label, Piece
from ringdown.spoken.vocabulary import COUNTED, word_set

_WORDS: Final[dict[Label, str]] = {
    "PHONE": "phone cell cellphone callback telephone reach dial landline mobile text",
    "SSN": "social ssn",
    "CARD": "card credit debit visa mastercard amex cvv",
    "ACCOUNT": "account routing iban checking savings pin passcode",
    "POLICY": "policy insurance insurer claim",
    "MEDICAL_RECORD": "mrn medicare medicaid chart record member",
    "PLATE": "plate plates tag tags registration vin",
    "DATE_OF_BIRTH": "born birth birthday birthdate dob birthdays",
    "ADDRESS_FRAGMENT": "address location apartment apt unit suite lot trailer street house zip block",
}
CUES: Final[dict[str, Label]] = {
    word: label for label, words in _WORDS.items() for word in words.split()
}
REACH: Final[dict[Label, int]] = {
    "PHONE": 16, "SSN": 12, "CARD": 12, "ACCOUNT": 10, "POLICY": 10, "MEDICAL_RECORD": 10,
    "PLATE": 10, "DATE_OF_BIRTH": 16, "ADDRESS_FRAGMENT": 8,
}  # fmt: skip
"""So many words a cue reaches."""

COUNTED_AFTER: Final = COUNTED | word_set(
    "pounds lbs dollars bucks percent degrees milligrams mg ml grams milliliters caliber calibre gauge grand k mm cm stories story floors compressions breaths beats bpm caller callers calls dogs dog cats times officers bullets round inch kilos miles of more different hundred thousand million billion o'clock am pm a.m p.m cc's car months' ft foot lb oz kg units ambulances pill tablets drinks bottles steps yard acres horses cows students kids' minutes' block blocks"
)
"""After these a number counted something."""


def cue_before(pieces: Sequence[Piece], at: int) -> Label | None:
    """The nearest cue before piece `at` that reaches it."""
    for back in range(1, 17):
        index = at - back
        if index < 0:
            return None
        piece = pieces[index]
        if piece.sort == "token":
            continue
        label = CUES.get(piece.text)
        if label is None and piece.text == "number" and _callers_number(pieces, index):
            label = "PHONE"
        if label == "MEDICAL_RECORD" and piece.text in {"record", "member", "chart"}:
            near = {other.text for other in pieces[max(0, index - 2) : index + 3]}
            label = label if near & {"medical", "patient", "id", "number"} else None
        if label is not None and back <= REACH[label]:
            return label
    return None


def _callers_number(pieces: Sequence[Piece], at: int) -> bool:
    before = {piece.text for piece in pieces[max(0, at - 3) : at]}
    if any(CUES.get(word, "PHONE") != "PHONE" for word in before):
        return False
    after = {piece.text for piece in pieces[at + 1 : at + 5]}
    return bool(
        before & {"your", "my", "good", "best", "call", "his", "her", "contact", "back", "their"}
        or after & {"calling", "call", "reach"}
    ) and not before & {"badge", "case", "social", "account", "unit", "house", "apartment"}
