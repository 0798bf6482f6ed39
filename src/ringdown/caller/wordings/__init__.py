"""What callers are asked and sent, in their languages: a file for each, read when needed."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from ringdown.caller.views import LANGUAGES, SHARES, Language, Share

KEYS = frozenset({"name", "begin", *SHARES, "end", "sms", "sms_unasked"})
FULLWIDTH: frozenset[Language] = frozenset({"zh"})
"""Languages whose lists have no space between their parts."""

RIGHT_TO_LEFT: frozenset[Language] = frozenset({"ar"})
RIGHT_TO_LEFT_MARK = "\u200f"


@cache
def wording(language: Language) -> Mapping[str, str]:
    """The words of a language. Raises ValueError for a file that lacks some."""
    text = files("ringdown.caller.wordings").joinpath(f"{language}.toml").read_text("utf-8")
    found: dict[str, str] = tomllib.loads(text)
    if found.keys() != KEYS:
        raise ValueError(f"{language}.toml does not hold exactly {sorted(KEYS)}")
    return found


def script(language: Language, shares: tuple[Share, ...]) -> str:
    """What the caller is asked on the call before a link may be sent."""
    words = wording(language)
    comma = {"zh": "、", "ar": "، "}.get(language, ", ")
    asked = comma.join(words[share] for share in SHARES if share in shares)
    stop = "。" if language in FULLWIDTH else ". "
    space = "" if language in FULLWIDTH else " "
    return f"{words['begin']}{space}{asked}{stop}{words['end']}"


def sms(language: Language, *, agency: str, link: str, minutes: int, unasked: bool = False) -> str:
    """The text that carries the link; `unasked`: the caller could not be asked for their location.

    A mark at the beginning has telephones lay out Arabic from the right, though the agency's name
    comes first.
    """
    text = wording(language)["sms_unasked" if unasked else "sms"]
    mark = RIGHT_TO_LEFT_MARK if language in RIGHT_TO_LEFT else ""
    return mark + text.format(agency=agency, link=link, minutes=minutes)


def every() -> dict[Language, str]:
    """The languages there are, each by its own name."""
    return {language: wording(language)["name"] for language in LANGUAGES}
