"""Persons as described: one row each, with the reason it is there."""

import pytest
from tests.unit.incidents.scene import contradicts, proposed, value

ROWS = [
    (
        "C: he's a white male about thirty wearing a red hoodie and blue jeans",
        "white male, about thirty, wearing a red hoodie and blue jeans",
        "race, age, clothes",
    ),
    (
        (
            "C: a guy with a gun | T: what does he look like | "
            "C: he's black, tall, skinny, like six two, wearing all black"
        ),
        "guy, black, like six two, tall, skinny, wearing all black",
        "an answer with many parts",
    ),
    ("C: my husband is 54 years old", "husband, 54 years old", "a patient's age"),
    ("C: my mom fell | T: how old is she | C: 72", "mom, 72", "an age in answer"),
    ("C: two men broke into my house", "two men", "a count"),
    (
        "C: there's a man in a red shirt and a woman in a blue dress",
        "man, in a red shirt; woman, in a blue dress",
        "each with their own clothes",
    ),
    (
        (
            "C: a little girl is missing | T: how old | C: six | T: what was she wearing | "
            "C: pink jacket and white shoes | T: what's her name | C: Emily Carter"
        ),
        "little girl, six, pink jacket and white shoes, named Emily Carter",
        "put together from answers",
    ),
    (
        "C: my husband's chest hurts | T: how old is he | C: sixty-one",
        "husband, sixty one",
        "an owner is a person too",
    ),
    ("C: my chest hurts | T: how old are you? | C: fifty-eight", "caller, fifty eight", "you"),
    ("C: an elderly lady collapsed", "elderly lady", "an adjective"),
    (
        "C: he's hispanic in his twenties with a beard and a black backpack",
        "he, hispanic, twenties, beard, black backpack",
        "a pronoun alone",
    ),
    (
        "C: I'm 24 years old and I'm seven months pregnant",
        "caller, 24 years old, seven months pregnant",
        "the caller",
    ),
    (
        "C: he took off running north on Oak Street",
        "he, running north on Oak Street",
        "the way on foot",
    ),
    (
        "C: one guy has a gray hoodie and the other guy has a green jacket",
        "guy, gray hoodie; the other guy, green jacket",
        "the other one",
    ),
    (
        "C: he's five foot ten about 180 pounds with long brown hair",
        "he, five foot ten, about 180 pounds, long brown hair",
        "height, weight, hair",
    ),
    (
        "C: heavyset black female in a purple coat",
        "heavyset black female, in a purple coat",
        "as heard on the radio",
    ),
    ("C: his name is Marcus Webb", "he, named Marcus Webb", "a name"),
    ("C: a six year old boy fell in the pool", "six year old boy", "an age before the noun"),
    ("C: an intruder in a ski mask", "intruder, in a ski mask", "a mask"),
    ("C: they're two teenagers in hoodies", "two teenagers, in hoodies", "clothes of several"),
    (
        "C: my brother was shot by a black male in a white hoodie about twenty five",
        "black male, about twenty five, in a white hoodie",
        "the one described, not the brother",
    ),
    (
        "C: I'm wearing a yellow jacket I'm near the trail",
        "caller, wearing a yellow jacket",
        "how to find the caller",
    ),
    (
        "C: a guy is running | T: what color is his shirt | C: white",
        "guy, white shirt",
        "a colour in answer is no race",
    ),
    # Nothing
    ("C: a man stabbed another man", None, "a man alone tells nobody apart"),
    ("C: someone stole my car", None, "somebody"),
    ("C: he's 10 feet away from me", None, "a distance is no age"),
    ("C: a man went through the ice", None, "no way that anybody goes"),
    ("C: he went into cardiac arrest", None, "the same"),
    ("C: two people are trapped", None, "how many are hurt stands elsewhere"),
    ("C: in the movie there was a tall man in a red coat", None, "a film"),
    ("C: the house is white", None, "a house has no race"),
    ("C: he's turning blue", None, "a colour is no race"),
    ("T: is he a white male?", None, "a question tells nothing"),
    ("C: if you see a tall man call me", None, "supposed"),
    ("C: everybody is fine", None, "everybody"),
    ("T: how old is he | C: I don't know", None, "not known"),
    ("T: what's your name | C: Dana Reyes", None, "the caller's name is asked for elsewhere"),
]


@pytest.mark.parametrize(("script", "expected", "reason"), ROWS)
def test_persons(script: str, expected: str | None, reason: str) -> None:
    """The line of persons, and its evidence stands where it says."""
    assert value("persons", script) == expected, reason
    assert contradicts("persons", script) == []


def test_a_long_list_stays_within_what_a_field_holds() -> None:
    """Whatever is said, the line is no longer than a field may be."""
    script = " | ".join(
        f"C: another {size} man in a {colour} jacket with a long gray beard and a big black backpack"
        for size in ("tall", "short", "heavyset", "skinny")
        for colour in ("red", "blue", "green", "white", "brown")
    )
    (found,) = proposed("persons", script)
    assert len(found.value) <= 500
