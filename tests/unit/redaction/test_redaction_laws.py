"""Laws of redaction, for any text and for every way a value can be said."""

import re
from collections.abc import Callable
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from ringdown.redaction.model.calm import calm
from ringdown.redaction.model.common import COMMON, PROPER
from ringdown.redaction.model.finder import find, found_in
from ringdown.redaction.model.pieces import LABELS, TOKEN
from ringdown.redaction.model.tokens import Tokens, sameness

unhurried = settings(deadline=None)

WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
TEENS = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen",
         "eighteen", "nineteen"]  # fmt: skip
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
NAMES = ["Samantha Whitlock", "Priya", "Marcus Dellarosa", "Gwendolyn", "Tyrone Bexley"]
STREETS = ["Maple Street", "North Genesee Avenue", "Quail Hollow Road", "Birchwood Lane"]
CHAT = ["there is smoke", "please hurry", "okay", "he is on the floor", "um", "My God.",
        "Is he breathing?", "I can't see", "the door is locked", "help is on the way."]  # fmt: skip
LOOSE = [*WORDS, *TEENS, *TENS, "hundred", "thousand", "oh", "o", "double", "no", "sorry", "and",
         "name", "is", "what's", "your", "my", "phone", "number", "address", "street", "Street",
         "Maple", "apartment", "B", "C", "a", "i", "I", "as", "in", "boy", "plate", "social",
         "security", "born", "July", "fourth", "of", "dot", "at", "com", "Mr.", "Samantha",
         "samantha's", "Lake", "on", "911", "555", "0143", "12", "1985", "?", ".", ",", "-",
         "[NAME_1]", "[PHONE_2]", "[", "]", "_1", "NAME", "é", "İ", "ß", "\n", "@",
         "x@y.org"]  # fmt: skip

digits = st.text("0123456789", min_size=7, max_size=7).filter(
    lambda text: text[0] in "23456789" and len(set(text)) > 2
)
houses = st.integers(100, 9899).map(str).filter(lambda text: not re.match("19|20|91|98", text))
speech = st.lists(st.sampled_from(LOOSE), max_size=24).map(" ".join)
texts = speech | st.text(max_size=60)


def pairs(figures: str) -> str:
    """ "Fifty five fifty one two": groups of two, as house numbers are said."""
    said: list[str] = []
    at = 0
    while at < len(figures):
        group = figures[at : at + 2]
        if len(group) == 2 and group[0] == "1":
            said.append(TEENS[int(group[1])])
        elif len(group) == 2 and group[0] != "0" and group[1] != "0":
            said.append(f"{TENS[int(group[0]) - 2]} {WORDS[int(group[1])]}")
        else:
            said.extend(WORDS[int(digit)] for digit in group)
        at += 2
    return " ".join(said)


def one_by_one(figures: str) -> str:
    """Digit by digit."""
    return " ".join(WORDS[int(digit)] for digit in figures)


def with_oh(figures: str) -> str:
    """ "Oh" for zero, which a number does not begin with."""
    said = [("oh" if digit == "0" else WORDS[int(digit)]) for digit in figures]
    return ", ".join(said)


def in_parts(figures: str) -> str:
    """With a pause after the third."""
    return f"{one_by_one(figures[:3])}, um, {one_by_one(figures[3:])}"


def written(figures: str) -> str:
    """As people write it."""
    return f"{figures[:3]}-{figures[3:]}" if len(figures) > 4 else figures


def dashed(figures: str) -> str:
    """Figures with dashes, as recognisers write digits said one by one."""
    return "-".join(figures)


def spaced(figures: str) -> str:
    """Figures apart."""
    return " ".join(figures)


def loud(figures: str) -> str:
    """In capitals."""
    return one_by_one(figures).upper()


Form = Callable[[str], str]
FORMS: list[Form] = [one_by_one, with_oh, pairs, str, spaced, dashed, written, loud, in_parts]


def figures_left(text: str) -> str:
    """Every digit that a reader of the text could still find, however it is written."""
    left: list[str] = []
    for word in re.findall(r"[0-9]|[a-z]+", TOKEN.sub(" | ", text).lower()):
        if word.isdigit():
            left.append(word)
        elif word in WORDS:
            left.append(str(WORDS.index(word)))
        elif word in TEENS:
            left.append(str(10 + TEENS.index(word)))
        elif word in TENS:
            left.append(str(2 + TENS.index(word)))
        elif word in {"oh", "o"}:
            left.append("0")
    return "".join(left)


def letters_left(text: str) -> str:
    """Every letter outside the tokens."""
    return re.sub(r"[^a-z]", "", TOKEN.sub(" ", text).lower())


@unhurried
@given(texts, texts)
def test_applying_twice_changes_nothing(text: str, before: str) -> None:
    tokens = Tokens()
    once = tokens.redact(text, before).text
    assert tokens.redact(once, before).text == once
    assert find(once, before=before) == []


@unhurried
@given(st.lists(texts, max_size=4))
def test_restoring_gives_back_every_original_exactly(heard: list[str]) -> None:
    tokens = Tokens()
    for text in heard:
        redacted = tokens.redact(text)
        assert redacted.restored() == text
        for mark in redacted.marks:
            assert text[mark.start : mark.end] == mark.said.reveal("test")
            assert mark.label in LABELS


@unhurried
@given(speech)
def test_places_are_in_order_and_apart(text: str) -> None:
    found = find(text)
    assert all(span.start < span.end for span in found)
    assert all(a.end <= b.start for a, b in pairwise(found))


@unhurried
@given(digits, st.sampled_from(FORMS), st.sampled_from(FORMS), st.lists(st.sampled_from(CHAT)))
def test_no_telephone_number_survives_in_any_form(
    number: str, first: Form, again: Form, chat: list[str]
) -> None:
    asked = "What's the phone number you're calling from?"
    text = " ".join([asked, f"It's {first(number)}.", *chat, f"So that's {again(number)}?"])
    redacted = Tokens().redact(text)
    assert number not in figures_left(redacted.text)
    assert len(figures_left(redacted.text)) == 0
    assert redacted.restored() == text


@unhurried
@given(digits, st.sampled_from(FORMS), st.sampled_from(FORMS))
def test_the_same_number_in_another_form_has_the_same_token(
    number: str, first: Form, again: Form
) -> None:
    tokens = Tokens()
    one = tokens.redact(f"My phone number is {first(number)}.")
    two = tokens.redact(f"Your phone number is {again(number)}?")
    assert [mark.token for mark in one.marks] == ["[PHONE_1]"]
    assert [mark.token for mark in two.marks] == ["[PHONE_1]"]


@unhurried
@given(houses, st.sampled_from(STREETS), st.sampled_from(FORMS), st.sampled_from(FORMS))
def test_no_address_survives_in_any_form(house: str, street: str, first: Form, again: Form) -> None:
    first_word = street.split(maxsplit=1)[0]
    tokens = Tokens()
    text = f"I'm at {first(house)} {street}. Please hurry."
    redacted = tokens.redact(text)
    read_back = tokens.redact(f"Is that {again(house)}?")
    later = tokens.redact(f"yes {first_word.lower()} {street.upper()}")
    assert house not in figures_left(redacted.text + read_back.text)
    own = next(word for word in street.split() if word not in {"North", "Quail"})
    assert own.lower() not in letters_left(redacted.text)
    assert own.lower() not in letters_left(later.text) or own in {"Maple", "Hollow"}
    assert redacted.restored() == text


@unhurried
@given(st.sampled_from(NAMES), st.sampled_from(["{}", "{}'s", "-", " ", ", ", "upper", "lower"]))
def test_no_name_survives_in_any_form(name: str, form: str) -> None:
    tokens = Tokens()
    said = tokens.redact(f"What's your name? My name is {name}. Okay.")
    part = name.rsplit(maxsplit=1)[-1]
    again = {
        "upper": name.upper(),
        "lower": name.lower(),
        "{}": part,
        "{}'s": f"{part}'s",
    }.get(form, form.join(part.upper()))
    later = tokens.redact(f"did you say {again} or not")
    for word in name.lower().split():
        assert word not in letters_left(said.text)
        assert word not in letters_left(later.text)


@unhurried
@given(digits, st.integers(1, 6))
def test_a_number_spread_over_two_utterances_does_not_survive(number: str, cut: int) -> None:
    first = f"my number is {one_by_one(number[:cut])}"
    second = one_by_one(number[cut:])
    tokens = Tokens()
    one = tokens.redact(first, "What's your phone number?")
    two = tokens.redact(second, f"What's your phone number?\n{first}\nokay")
    assert len(figures_left(one.text) + figures_left(two.text)) <= 2
    assert number not in figures_left(one.text) + figures_left(two.text)


@unhurried
@given(st.lists(st.sampled_from([*NAMES, *STREETS]), min_size=1))
def test_sameness_does_not_hear_case_or_punctuation(parts: list[str]) -> None:
    text = " ".join(parts)
    assert sameness(text.upper()) == sameness(text.replace(" ", ", "))


@unhurried
@given(st.lists(st.sampled_from(sorted(COMMON | PROPER) + LOOSE), max_size=12).map(" ".join), texts)
def test_what_is_calm_at_a_glance_is_calm_on_a_second_look(text: str, before: str) -> None:
    """The glance saves time and hides nothing, in small letters, with capitals, in capitals."""
    for form in (text, text.title(), text.upper(), ". ".join(text.split()).capitalize()):
        if calm(form):
            assert found_in(form, before) == []
