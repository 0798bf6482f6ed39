"""What each word of a description says of a vehicle. Pure."""

from collections.abc import Sequence

from ringdown.incidents.adapters.rules.phrases import compiled
from ringdown.incidents.adapters.rules.vehicle_words import (
    ADJECTIVES,
    BARE,
    BODIES,
    COLOURS,
    COUNT,
    DOUBTFUL_MAKES,
    MAKES,
    MODELS,
    SHADES,
    SURE_MODELS,
    YEAR,
)


def slots_of(tokens: Sequence[object]) -> list[tuple[str, str]]:
    """The words of a description by what each says; the nouns are read first."""
    words = [str(getattr(token, "text", "")) for token in tokens]
    raw = [str(getattr(token, "raw", "")) for token in tokens]
    taken: dict[int, str] = {}
    for slot, pattern in (
        ("make", MAKES),
        ("model", MODELS),
        *((f"body {name}", body) for name, body in BODIES.items()),
        ("year", YEAR),
    ):
        for first, after in _spans(words, pattern, taken):
            for at in range(first, after):
                taken[at] = slot
            break
    if words and compiled(COUNT).fullmatch(words[0]) and 0 not in taken:
        taken[0] = "count"
    for at, word in enumerate(words):
        if at in taken:
            continue
        leads = word in SHADES or word in {"and", "or", "over"}
        if word in COLOURS or (leads and _next_colour(words, at)):
            taken[at] = "colour"
        elif word in ADJECTIVES | SHADES:
            taken[at] = "adjective"
    made: dict[str, list[str]] = {}
    for at in sorted(taken):
        plain = taken[at] in {"colour", "adjective", "count"}
        made.setdefault(taken[at], []).append(raw[at].lower() if plain else raw[at])
    return [(slot, " ".join(parts)) for slot, parts in made.items()]


def _next_colour(words: Sequence[str], at: int) -> bool:
    rest = [word for word in words[at + 1 : at + 4] if word not in SHADES]
    return bool(rest) and rest[0] in COLOURS


def _spans(words: Sequence[str], pattern: str, taken: dict[int, str]) -> list[tuple[int, int]]:
    text = " ".join(words)
    starts: list[int] = []
    length = 0
    for word in words:
        starts.append(length)
        length += len(word) + 1
    found: list[tuple[int, int]] = []
    for match in compiled(pattern).finditer(text):
        first = starts.index(match.start()) if match.start() in starts else None
        if first is None:
            continue
        after = first + match.group().count(" ") + 1
        if not any(at in taken for at in range(first, after)):
            found.append((first, after))
    return found


def _sure(words: Sequence[str]) -> bool:
    return compiled(SURE_MODELS).fullmatch(" ".join(words)) is not None


def says_enough(slots: dict[str, str], *, asked: bool) -> bool:
    """Whether the words tell one vehicle from others; "a car" does not, "a van" does."""
    bodies = [text for slot, text in slots.items() if slot.startswith("body")]
    details = {slot for slot in slots if not slot.startswith("body")}
    if details == {"adjective"} and bodies and bodies[0].lower() in BARE:
        return slots["adjective"].lower() not in {"big", "little", "new", "old", "other", "up"}
    if details == {"count"}:
        return bool(bodies)
    if "make" in slots and not bodies and details == {"make"}:
        return asked or slots["make"].lower() not in DOUBTFUL_MAKES
    if "model" in slots and not bodies and details == {"model"}:
        return asked or _sure(slots["model"].lower().split())
    if details in ({"model", "adjective"}, {"make", "adjective"}):
        name = slots.get("model", slots.get("make", "")).lower()
        return bool(bodies) or asked or (name not in DOUBTFUL_MAKES and _sure(name.split()))
    if details:
        return True
    return bool(bodies) and (
        bodies[0].lower() not in BARE or (asked and bodies[0].lower() != "car")
    )
