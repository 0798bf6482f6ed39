"""Which passwords are refused (CJIS IA-5(1), NIST SP 800-63B §3.1.1.2). Pure.

No rules of composition: length counts, and passwords that guessers try first are refused. A
password is compared in a bare form: lower case, digits read as the letters they replace, and
whatever surrounds the word cut off; so `P@ssw0rd2026!` is seen for what it is.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from ringdown.core.errors import Invalid
from ringdown.core.sensitive import Sensitive

MOST = 256

COMMON = frozenset(
    """
    abc access admin administrator alexander amanda america andrea andrew angel anthony
    apple april asdf asdfgh asdfghjkl ashley august austin autumn baseball basketball batman
    benjamin biteme blink bubbles buster butterfly callcenter callcentre camaro chance
    changeit changeme charlie cheese chelsea chicken chocolate chris christian computer
    cookie correcthorsebatterystaple corvette cowboy cowboys daniel december default diamond
    dispatch dispatcher donald dragon eagles elephant elizabeth emergency february ferrari
    fire firefighter flower football forever freedom friday friends fuckyou gateway george
    ginger girls gizmo golfer guest hannah harley hello helpdesk hockey hunter iloveyou
    internet january jasmine jennifer jessica jesus jordan joshua july june justin killer
    ladder letmein liberty liverpool login london lovely loveme madison maggie march marina
    martin master matrix matthew maverick melissa mercedes merlin michael michelle monday
    monkey monster mustang nicole ninja nothing november october operator orange pass
    passcode passphrase password passwords passwort patrick peanut pepper phoenix pokemon
    police princess public purple qazwsx qwer qwert qwerty qwertyuiop rainbow ranger richard
    ringdown robert root samantha sample samsung saturday scooter secret security september
    shadow sheriff silver snoopy soccer softball sparky spring starwars steelers summer
    sunday sunshine superman supervisor taylor telecommunicator temp temporary tennis test
    tester testing thomas thunder thursday tiger tigger trustno tuesday wednesday welcome
    whatever william winner winter yankees yellow zaq zxcv zxcvbn zxcvbnm
    """.split()  # noqa: SIM905 - two hundred quoted words would be harder to read
)
RUNS = tuple(
    text * 3
    for text in (
        "0123456789", "1234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl",
        "zxcvbnm", "qwertyuiopasdfghjklzxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
        "q1w2e3r4t5y6u7i8o9p0", "qazwsxedcrfvtgbyhnujmikolp", "azertyuiop", "qwertzuiop",
    )
)  # fmt: skip
LEET = str.maketrans("@4830!157$2", "aaeeoiistsz")


class PasswordRefused(Invalid):
    """The new password is too short, too long, or one that guessers try first."""

    code: ClassVar[str] = "identity.password.refused"
    action: ClassVar[str] = "Choose a longer one; four or more unrelated words do well."


@dataclass(frozen=True)
class PasswordRules:
    """The length asked for, and a centre's own list of refused passwords."""

    shortest: int = 12
    blocked: frozenset[str] = frozenset()

    def check(self, password: Sensitive[str], *, names: Iterable[str] = ()) -> None:
        """Refuse a bad new password. `names` are those of the user and the centre.

        Raises `PasswordRefused` with a `reason`: too_short, too_long, unprintable, common,
        predictable or name.
        """
        text = normal(password.reveal("the rules for passwords are applied"))
        reason = self._fault(text, names)
        if reason is not None:
            raise PasswordRefused(
                _WORDS[reason].format(shortest=self.shortest, most=MOST),
                details={"reason": reason, "shortest": self.shortest},
            )

    def _fault(self, text: str, names: Iterable[str]) -> str | None:
        if len(text) < self.shortest:
            return "too_short"
        if len(text) > MOST:
            return "too_long"
        if not text.isprintable():
            return "unprintable"
        folded = text.casefold()
        bare = _bare(folded)
        if folded in self.blocked or _unit(bare) in COMMON or bare in self.blocked:
            return "common"
        if len(set(folded)) < 5 or any(_unit(folded) in run for run in (*RUNS, *_BACKWARDS)):
            return "predictable"
        return "name" if _made_of_names(folded, bare, names) else None


_BACKWARDS = tuple(run[::-1] for run in RUNS)
_WORDS = {
    "too_short": "the password needs at least {shortest} characters",
    "too_long": "the password has more than {most} characters",
    "unprintable": "the password holds characters that cannot be typed",
    "common": "this password is one that guessers try first",
    "predictable": "this password follows a simple pattern",
    "name": "this password is made of the name of the user, the centre or the product",
}


def normal(password: str) -> str:
    """The form in which passwords are hashed, whatever keyboard they come from (NFKC)."""
    return unicodedata.normalize("NFKC", password)


def _bare(folded: str) -> str:
    core = re.sub(r"^[^a-z]+|[\d\W_]+$", "", folded)
    letters = re.sub(r"[\W_]+", "", core.translate(LEET))
    plain = re.sub(r"[\d\W_]+", "", core)
    return plain if _unit(plain) in COMMON else letters


def _unit(text: str) -> str:
    """The shortest piece that, repeated, gives the text: `abab` is `ab` twice."""
    for size in range(1, len(text) // 2 + 1):
        if len(text) % size == 0 and text[:size] * (len(text) // size) == text:
            return text[:size]
    return text


def _made_of_names(folded: str, bare: str, names: Iterable[str]) -> bool:
    words = {"ringdown", "911"}
    for name in names:
        whole = normal(name).casefold()
        words |= {whole, *re.split(r"[\W_]+", whole)}
    left, left_bare = folded, bare
    for word in sorted(words, key=len, reverse=True):
        if len(word) >= 3:
            left = left.replace(word, "")
            left_bare = left_bare.replace(word, "")
    cut = left != folded or left_bare != bare
    return cut and len(set(re.sub(r"[\d\W_]+", "", min(left, left_bare, key=len)))) < 4
