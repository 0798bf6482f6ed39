"""Laws of spoken numbers, for any words and for every style a number can be said in."""

import re

from hypothesis import given
from hypothesis import strategies as st

from ringdown.spoken import vocabulary
from ringdown.spoken.groups import with_ending
from ringdown.spoken.idioms import FIGURES_OF_SPEECH
from ringdown.spoken.numbers import find_numbers, may_continue
from ringdown.spoken.say import (
    say_cardinal,
    say_date,
    say_digits,
    say_house,
    say_letters,
    say_number,
    say_ordinal,
    say_phone,
    say_time,
)

NUMERALS = sorted(
    vocabulary.NUMBER_WORDS
    | frozenset(vocabulary.NATO)
    | frozenset(vocabulary.POLICE)
    | frozenset(vocabulary.MONTHS)
    | frozenset(vocabulary.HOMOPHONES)
    | vocabulary.LETTERS
)
AROUND = [
    "no",
    "sorry",
    "block",
    "degrees",
    "dollars",
    "cents",
    "percent",
    "point",
    "and",
    "a",
    "the",
    "of",
    "past",
    "to",
    "quarter",
    "half",
    "p",
    "m",
    "am",
    "pm",
    "hours",
    "old",
    "years",
    "exit",
    "mile",
    "marker",
    "apartment",
    "unit",
    "I",
    "US",
    "route",
    "county",
    "road",
    "555-0123",
    "10:05",
    "4B",
    "1st",
    "22",
    "2210",
    "$5",
    "3/14/99",
    "5%",
    "dot",
    "at",
    "com",
    "@",
    "-",
    "--",
    ",",
    ".",
    "plus",
    "minus",
    "area",
    "code",
    "extension",
    "as",
    "in",
    "plate",
    "is",
    "social",
    "1,000",
    "2.5",
    ".5",
    "1/2",
    "I-95",
    "5-year-old",
    "9-1-1",
    "twenty-two",
    "A-B-C",
    "U.S.",
    "p.m.",
    "(812)",
    "+18125550123",
]
word = st.tuples(st.sampled_from(NUMERALS + AROUND), st.sampled_from(["", "", "", ",", ".", "?"]))
spoken = st.lists(word.map("".join), max_size=12)
anything = st.lists(st.text(max_size=12), max_size=8)
LETTERS = "BCDFGHJKLMNPQRSTVWXYZ"


def phone(digits: str) -> str:
    """Ten digits that may be a telephone number of North America, as they are written."""
    area, exchange = f"2{digits[:2]}", f"5{digits[2:4]}"
    return f"{area}-{exchange}-{digits[4:8]}"


digits8 = st.from_regex(r"[0-9]{8}", fullmatch=True)
day = st.tuples(
    st.sampled_from(vocabulary.MONTH_NAMES),
    st.integers(1, 31),
    st.sampled_from(["", ", 1905", ", 1984", ", 1999", ", 2005", ", 2012", ", 2026"]),
).map(lambda parts: f"{parts[0]} {parts[1]}{parts[2]}")
clock = st.tuples(st.integers(1, 12), st.integers(0, 59), st.sampled_from(["AM", "PM"])).map(
    lambda parts: f"{parts[0]}:{parts[1]:02} {parts[2]}"
)
military = st.tuples(st.sampled_from([*range(10), *range(13, 24)]), st.integers(0, 59)).map(
    lambda parts: f"{parts[0]:02}:{parts[1]:02}"
)
plate = st.tuples(
    st.text(LETTERS, min_size=3, max_size=3), st.from_regex(r"[1-9]{3}", fullmatch=True)
).map("".join)
house = st.integers(1, 999_999).map(str)
styles = st.one_of(
    st.integers(0, 999_999).map(lambda n: (say_cardinal(n), str(n))),
    st.integers(1_000_000, 10**11).map(lambda n: (say_cardinal(n), f"{n:,}")),
    st.integers(1, 9_999).map(lambda n: (say_ordinal(n), with_ending(n))),
    house.map(lambda w: (say_house(w), w)),
    house.map(lambda w: (say_digits(w), w)),
    digits8.map(phone).map(lambda w: (say_phone(w), w)),
    digits8.map(phone).map(lambda w: (say_phone(w).replace(",", ""), w)),
    digits8.map(phone).map(lambda w: (say_phone(w[4:]), w[4:])),
    clock.map(lambda w: (say_time(w), w)),
    military.map(lambda w: (say_time(w), w)),
    day.map(lambda w: (say_date(w), w)),
    st.tuples(plate, st.sampled_from(["letters", "nato", "police"])).map(
        lambda pair: (say_letters(*pair), pair[0])
    ),
    st.from_regex(r"[1-9][0-9]{0,3}\.[0-9]{1,3}", fullmatch=True).map(lambda w: (say_number(w), w)),
    st.from_regex(r"\$[1-9][0-9]{0,4}(\.[1-9][0-9])?", fullmatch=True).map(
        lambda w: (say_number(w), w)
    ),
    st.from_regex(r"[1-9][0-9]?%", fullmatch=True).map(lambda w: (say_number(w), w)),
)


@given(spoken | anything)
def test_finds_are_in_order_apart_and_hold_the_heard_words(words: list[str]) -> None:
    """Any words at all: nothing raises, spans lie in range, what was heard is kept."""
    last = -1
    for found in find_numbers(words):
        assert last < found.first <= found.last < len(words)
        assert found.heard == " ".join(words[found.first : found.last + 1])
        assert found.written
        assert found.written not in found.alternatives
        assert len(set(found.alternatives)) == len(found.alternatives)
        last = found.last
    may_continue(words)


@given(spoken)
def test_the_same_words_give_the_same_finds(words: list[str]) -> None:
    """Twice, and from a tuple."""
    assert find_numbers(words) == find_numbers(words) == find_numbers(tuple(words))


@given(styles)
def test_what_is_said_in_any_style_is_read_back(pair: tuple[str, str]) -> None:
    """Written to words to written, the whole of the words being one find."""
    said, written = pair
    words = said.split()
    (found,) = find_numbers(words)
    assert (found.first, found.last, found.written) == (0, len(words) - 1, written)


@given(styles)
def test_every_beginning_of_a_number_may_continue(pair: tuple[str, str]) -> None:
    """Cut after any word but the last, a number is open; a name or a month that is a verb is not yet."""
    words = pair[0].split()
    for end in range(1 + (words[0] in {*vocabulary.POLICE, "may", "march"}), len(words)):
        assert may_continue(words[:end]), words[:end]


@given(styles)
def test_reading_what_was_written_changes_nothing(pair: tuple[str, str]) -> None:
    """The written form is found again as itself, or (a plate without a label) as nothing."""
    (found,) = find_numbers(pair[0].split())
    assert {again.written for again in find_numbers(found.written.split())} <= {found.written}


UNITS = (
    vocabulary.COUNTED
    | vocabulary.CORRECTING
    | vocabulary.TURNING
    | vocabulary.AFTER_TO
    | FIGURES_OF_SPEECH
    | frozenset(NUMERALS)
    | frozenset(word.lower() for word in AROUND)
)


@given(spoken, st.sampled_from(["maple", "house", "screaming", "upstairs", "quickly", "blue"]))
def test_a_strange_word_behind_changes_no_find(words: list[str], stranger: str) -> None:
    """Only units and other words the library knows can change an earlier find."""
    assert stranger not in UNITS
    assert find_numbers([*words, stranger]) == find_numbers(words)


@given(st.from_regex(r"[!-~]{1,20}", fullmatch=True))
def test_anything_can_be_said(written: str) -> None:
    """Whatever is written comes back as words; figures never stay figures of one digit."""
    said = say_number(written)
    assert said
    if re.fullmatch(r"[0-9]+", written):
        assert not re.search(r"[0-9]", said)


@given(st.integers(10, 999_999).map(str), st.integers(10, 999_999).map(str))
def test_a_correction_keeps_both_numbers(before: str, after: str) -> None:
    """The later number is written, the earlier stays beside it."""
    words = f"{say_digits(before)} no {say_digits(after)}".split()
    (found,) = find_numbers(words)
    assert found.kind == "corrected"
    assert found.written.replace("-", "") == after
    kept = {other.replace("-", "") for other in found.alternatives}
    assert before in kept or before == after


@given(st.integers(10, 99), st.integers(10, 99))
def test_the_groups_that_were_said_stay_an_alternative(first: int, second: int) -> None:
    """Two numbers joined can be parted again."""
    words = f"{say_cardinal(first)} {say_cardinal(second)}".split()
    (found,) = find_numbers(words)
    assert f"{first} {second}" in (found.written, *found.alternatives)
    assert f"{first}{second}" in (found.written.replace("/", ""), *found.alternatives)
