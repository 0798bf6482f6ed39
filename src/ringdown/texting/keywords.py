"""Words that the law and carriers give a meaning to: STOP, START and HELP. Pure.

Only a text that is nothing but such a word counts: somebody in danger who writes "please help" is
no subscriber asking for terms. The word is shown to people like any other text.
"""

import unicodedata
from typing import Final, Literal

Keyword = Literal["stop", "start", "help"]
STOP: Final = frozenset(
    {"stop", "stopall", "stop all", "unsubscribe", "cancel", "end", "quit", "revoke", "optout",
     "opt out", "arret"}
)  # fmt: skip
START: Final = frozenset({"start", "unstop"})
START_AGAIN: Final = START | {"yes"}
"""A plain "yes" counts only from a number that is stopped; elsewhere it answers a question."""
HELP: Final = frozenset({"help", "info", "aide"})
ANSWERS: Final[dict[Keyword, str]] = {
    "stop": "{agency}: you will get no more texts from us. Text START to get them again. "
    "In an emergency call 911.",
    "start": "{agency}: you will get texts from us again. In an emergency call 911.",
    "help": "{agency}: answer this text or call 911. Text STOP for no more texts.",
}
"""What is answered at once, by law and without a person."""


def read(text: str, *, stopped: bool) -> Keyword | None:
    """The word that a text is, if it is nothing else."""
    bare = "".join(
        one
        for one in unicodedata.normalize("NFD", text).casefold()
        if not unicodedata.combining(one)
    ).strip(" \n.!\"'")
    if bare in STOP:
        return "stop"
    if bare in (START_AGAIN if stopped else START):
        return "start"
    return "help" if bare in HELP else None


def answer(word: Keyword, agency: str) -> str:
    """What is answered to a keyword."""
    return ANSWERS[word].replace("{agency}", agency)
