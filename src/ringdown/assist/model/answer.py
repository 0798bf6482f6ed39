"""What a language model answered: anything but the agreed shape is no answer. Pure."""

import json
from dataclasses import dataclass
from typing import Any, ClassVar, Final, NoReturn, cast

from ringdown.core.errors import RingdownError

LONGEST_ANSWER: Final = 40_000
MOST_SENTENCES: Final = 12
MOST_FIELDS: Final = 12
_FENCE: Final = "```"


class AnswerUnreadable(RingdownError):
    """A language model answered something else than it was asked for."""

    code: ClassVar[str] = "assist.answer.unreadable"
    severity = "warning"
    action: ClassVar[str] = (
        "Nothing on the call is touched. If it goes on, name a model that keeps to a JSON schema."
    )


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as it came; `replaces` is the note it corrects."""

    text: str
    cites: tuple[int, ...]
    replaces: int | None


@dataclass(frozen=True, slots=True)
class Idea:
    """A value for a field as it came."""

    field: str
    value: str
    cites: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """Everything of one answer."""

    sentences: tuple[Sentence, ...]
    ideas: tuple[Idea, ...]


def read_answer(text: str) -> Written:
    """The sentences and ideas of an answer. Raises AnswerUnreadable, which holds none of its words.

    Servers without structured output put a fence around the JSON; that alone is forgiven.
    """
    if len(text) > LONGEST_ANSWER:
        raise AnswerUnreadable("the answer is too long")
    body = text.strip()
    if body.startswith(_FENCE) and body.endswith(_FENCE) and "\n" in body:
        body = body[body.index("\n") : -len(_FENCE)]
    try:
        found: object = json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise AnswerUnreadable("the answer is no JSON") from None
    whole = _object(found)
    sentences = _list(whole.get("sentences"), MOST_SENTENCES)
    fields = _list(whole.get("fields", []), MOST_FIELDS)
    return Written(
        tuple(_sentence(_object(each)) for each in sentences),
        tuple(_idea(_object(each)) for each in fields),
    )


def _sentence(found: dict[str, Any]) -> Sentence:
    replaces = found.get("replaces")
    if replaces is not None and not _whole(replaces):
        raise AnswerUnreadable("`replaces` is no number")
    return Sentence(_text(found.get("text")), _cites(found.get("cites")), replaces)


def _idea(found: dict[str, Any]) -> Idea:
    return Idea(_text(found.get("field")), _text(found.get("value")), _cites(found.get("cites")))


def _object(found: object) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise AnswerUnreadable("the answer has another shape")
    return cast("dict[str, Any]", found)


def _list(found: object, most: int) -> list[object]:
    if not isinstance(found, list):
        raise AnswerUnreadable("the answer has another shape")
    items = cast("list[object]", found)
    if len(items) > most:
        raise AnswerUnreadable("the answer has too many parts")
    return items


def _text(found: object) -> str:
    if not isinstance(found, str):
        raise AnswerUnreadable("the answer has another shape")
    # Half a surrogate can be written in JSON, and stored nowhere.
    return found.encode("utf-8", "replace").decode("utf-8")


def _cites(found: object) -> tuple[int, ...]:
    if not isinstance(found, list):
        raise AnswerUnreadable("the answer has another shape")
    items = cast("list[object]", found)
    if len(items) > 100 or not all(_whole(item) for item in items):
        raise AnswerUnreadable("a citation is no number")
    return tuple(dict.fromkeys(cast("list[int]", items)))


def _whole(found: object) -> bool:
    return isinstance(found, int) and not isinstance(found, bool) and abs(found) < 2**31


def _no_constant(_name: str) -> NoReturn:
    raise ValueError("no such number")
