"""A rehearsal: the patterns are made before the first caller needs them, not while they speak."""

from dataclasses import dataclass
from typing import Final

from ringdown.incidents.ports import ExtractionSession

_LINES: Final = (
    ("call_taker", "911 what is the address of your emergency? what is your phone number?"),
    ("caller", "my house is on fire at 12 Oak Street and my number is 555 0142"),
    ("call_taker", "is he breathing? is he awake? how many people are hurt?"),
    ("caller", "no he's not breathing and two people are trapped"),
    ("call_taker", "any weapons? is he still there? any dogs? any hazards? where is the gun?"),
    ("caller", "yes he has a gun in the house and I smell gas"),
    (
        "call_taker",
        "what does he look like? how tall is he? what color is his hair? what's his name?",
    ),
    ("caller", "a tall white man about thirty in a red shirt he ran north on Main Street"),
    ("call_taker", "what kind of car? what color is the car? what year? what is the plate?"),
    ("caller", "it's a blue Ford truck with Ohio plates A B C 1 2 3"),
    ("call_taker", "do you know him? which way did he go? are you safe?"),
    ("caller", "yes I'm his wife"),
)


@dataclass(frozen=True, slots=True)
class _Word:
    word: str
    start_ms: int
    end_ms: int
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class _Said:
    utterance_id: str
    side: str
    start_ms: int
    end_ms: int
    words: tuple[_Word, ...]
    revision: int = 1


def rehearse(session: ExtractionSession) -> None:
    """Let a session hear a call of our own making; what it makes of it is thrown away."""
    for number, (side, text) in enumerate(_LINES):
        words = tuple(_Word(word, number * 1000, number * 1000 + 1) for word in text.split())
        session.hear(_Said(f"{number:03}", side, number * 1000, number * 1000 + 1, words))
