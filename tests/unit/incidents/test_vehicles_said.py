"""Vehicles as described: one row each, with the reason it is there."""

import pytest
from tests.unit.incidents.scene import contradicts, proposed, value

ROWS = [
    (
        "C: he's driving a white Ford F-150 with tinted windows",
        "white Ford F-150, with tinted windows",
        "colour, make, model, feature",
    ),
    (
        "C: a blue Honda Civic plate 7 alpha bravo charlie 1 2 3",
        "blue Honda Civic, plate 7ABC123, unconfirmed",
        "a plate by the alphabet",
    ),
    (
        "C: a white van just took off heading north on Main Street",
        "white van, heading north on Main Street",
        "its way",
    ),
    (
        (
            "C: they stole my car | T: what kind of car | C: it's a 2012 silver Toyota Camry | "
            "T: license plate? | C: it's A B C 1 2 3 4"
        ),
        "silver 2012 Toyota Camry, plate ABC1234, unconfirmed",
        "put together from answers",
    ),
    (
        "C: it's a truck, blue | T: make and model? | C: a Chevy Silverado",
        "blue Chevy Silverado truck",
        "colour after the noun",
    ),
    ("C: two cars crashed at the light", "two cars", "a count"),
    ("C: a white van and a black SUV", "white van; black SUV", "two of them"),
    (
        "C: he's in the white truck and she's in a red Honda",
        "white truck; red Honda",
        "two by their drivers",
    ),
    ("C: it's not a truck it's a van", "van", "one denied"),
    ("C: it's a red car | C: no sorry it's maroon", "maroon car", "a correction"),
    ("C: a blue pickup | C: it was dark blue", "dark blue pickup", "said more exactly"),
    ("C: I'm in a red Jeep", "red Jeep, the caller's", "the caller's own"),
    ("C: a kid got hit by a pickup truck", "pickup truck", "a kind that says enough"),
    (
        "C: black and white Dodge Charger no plates",
        "black and white Dodge Charger, no plates",
        "two colours",
    ),
    (
        "C: he's in a gray four door sedan with Texas plates",
        "gray four door sedan, Texas plates",
        "plates of a state",
    ),
    (
        "C: white pickup | C: the truck has Ohio plates",
        "white pickup, Ohio plates",
        "the same truck later",
    ),
    (
        "C: it's a dark colored SUV maybe a Tahoe",
        "dark colored Tahoe SUV",
        "a guess at the model",
    ),
    ("C: the car is black", "black car", "a copula"),
    ("T: what color is the car | C: dark green", "dark green car", "a colour in answer"),
    ("T: what's he driving? | C: Old green Zephyr.", "green old Zephyr", "a name no list has"),
    (
        "T: what did the vehicle look like | C: it was like a older Honda, tan",
        "tan older Honda",
        "words on both sides",
    ),
    ("C: there's an eighteen wheeler jackknifed", "eighteen wheeler", "a number in its name"),
    (
        "C: somebody in a truck is following me | T: what kind of truck | C: white Ford F one fifty",
        "white Ford F one fifty",
        "a model in words",
    ),
    (
        "T: did you get the plate | C: partial, it starts with K L M",
        "part of plate KLM, unconfirmed",
        "part of a plate",
    ),
    (
        "T: what's the plate | C: K J R | T: okay | C: four four two one",
        "plate KJR4421, unconfirmed",
        "a plate in two parts",
    ),
    (
        "C: the plate is K J R 4 4 2 1 | T: K J R 4 4 2 1? | C: yes",
        "plate KJR4421, unconfirmed",
        "read back",
    ),
    (
        "C: plate is K J R 4421 | C: no, K J R 4427",
        "plate KJR4427, unconfirmed",
        "a plate corrected",
    ),
    # Nothing
    ("C: a car hit me", None, "a car alone tells nothing apart"),
    ("C: there's a car with its lights on", None, "lights alone neither"),
    ("C: the police car is here", None, "not the police's"),
    ("C: I live on Lincoln Avenue near the Ford dealership", None, "a street and a shop"),
    ("C: my phone charger is dead and my focus is off", None, "words that are models too"),
    ("C: in the video game he drives a red Ferrari", None, "a game"),
    ("C: dodge the bullets", None, "a verb"),
    ("T: what color | C: red", None, "of what?"),
    ("T: did you get a plate number? | C: no", None, "no plate"),
    ("T: is it a white van?", None, "a question tells nothing"),
    ("C: if it was a red truck I would tell you", None, "supposed"),
    ("C: he took off running north on Oak", None, "on foot"),
    ("C: my number is 585 555 0142", None, "a telephone number is no plate"),
]


@pytest.mark.parametrize(("script", "expected", "reason"), ROWS)
def test_vehicles(script: str, expected: str | None, reason: str) -> None:
    """The line of vehicles, and its evidence stands where it says."""
    assert value("vehicles", script) == expected, reason
    assert contradicts("vehicles", script) == []


def test_a_plate_corrected_is_cited_where_it_was_said_last() -> None:
    """The wrong one is no evidence."""
    (found,) = proposed("vehicles", "C: plate is K J R 4421 | C: no, K J R 4427")
    assert [each.quote for each in found.evidence] == ["K J R 4427"]
