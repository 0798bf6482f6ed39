"""What the call-taker asks about people and danger. Pure."""

from ringdown.incidents.adapters.rules.dialogue import has
from ringdown.incidents.adapters.rules.tokens import CALL_TAKER, Line


def asks_weapons(line: Line) -> bool:
    """Whether the call-taker asks about weapons, all of them or one kind."""
    return line.side == CALL_TAKER and has(
        line,
        *("weapon", "weapons", "armed", "gun", "guns", "knife", "knives", "firearm", "firearms"),
    )


def asks_any_weapon(line: Line) -> bool:
    """Whether the question is about weapons of every kind, so that a no denies them all."""
    return line.side == CALL_TAKER and has(line, "weapon", "weapons", "armed")


def asks_danger(line: Line) -> bool:
    """Whether the call-taker asks if anything at all is dangerous there."""
    return line.side == CALL_TAKER and (
        has(line, "hazard", "hazards", "hazardous", "anything dangerous", "any danger")
        or has(line, "any dangers", "safety concerns", "scene safe", "anything we should know")
        or has(line, "anything they should know", "anything officers should know")
    )


def asks_animals(line: Line) -> bool:
    """Whether the call-taker asks about dogs or other animals."""
    return (
        line.side == CALL_TAKER
        and has(line, "dog", "dogs", "animals", "pets")
        and has(line, "any", "are there", "is there", "have", "do you", "loose", "put away")
    )


def asks_still_there(line: Line) -> bool:
    """Whether the call-taker asks if the one who did it is still there."""
    return (
        line.side == CALL_TAKER
        and (has(line, "still") or has(line, "there now", "there right now", "here now"))
        and has(line, "there", "here", "scene", "inside", "in the house", "around")
        and has(line, "he", "she", "they", "him", "person", "suspect", "suspects", "anyone", "guy")
    )


def asks_safe(line: Line) -> bool:
    """Whether the call-taker asks if the caller is safe."""
    return line.side == CALL_TAKER and has(
        line, "you safe", "safe place", "safe right now", "in danger", "safe where", "safe distance"
    )


def asks_plate(line: Line) -> bool:
    """Whether the call-taker asks for a licence plate."""
    return line.side == CALL_TAKER and has(
        line, "plate", "plates", "license number", "licence number", "tag", "tag number"
    )


def asks_vehicle(line: Line) -> bool:
    """Whether the call-taker asks what vehicle it is."""
    return line.side == CALL_TAKER and (
        has(line, "vehicle", "make and model", "make or model", "make", "model", "year")
        or (
            has(line, "what kind", "what type", "what color", "what colour", "describe", "which")
            and has(line, "car", "truck", "van", "suv", "vehicles", "motorcycle", "bike")
        )
        or has(line, "what are they driving", "what is he driving", "what's he driving")
        or has(line, "what is she driving", "what were they driving", "what was he driving")
    )


def asks_direction(line: Line) -> bool:
    """Whether the call-taker asks which way somebody went."""
    return line.side == CALL_TAKER and (
        has(line, "which way", "what direction", "which direction", "direction of travel")
        or has(line, "where did he go", "where did they go", "where did she go")
        or has(line, "where are they headed", "where is he headed", "where'd he go")
    )


def asks_age(line: Line) -> bool:
    """Whether the call-taker asks how old somebody is."""
    return line.side == CALL_TAKER and (
        has(line, "how old", "his age", "her age", "your age", "the age", "age", "ages")
        or has(line, "date of birth", "what year was")
    )


def asks_looks(line: Line) -> bool:
    """Whether the call-taker asks what somebody looks like, or one part of that."""
    return line.side == CALL_TAKER and (
        has(line, "look like", "looked like", "looks like", "describe", "description", "race")
        or has(line, "wearing", "clothing", "clothes", "dressed", "how tall", "height", "weight")
        or has(line, "hair", "male or female", "man or woman", "male or a female", "build")
        or has(line, "white black", "black white", "hispanic", "skinny", "heavy", "tattoos")
        or has(
            line,
            "shirt",
            "jacket",
            "pants",
            "hat",
            "what color shirt",
            "what kind of shirt",
            "eyes",
            "facial hair",
        )
    )


def asks_name(line: Line) -> bool:
    """Whether the call-taker asks for a name, the caller's or somebody else's."""
    return line.side == CALL_TAKER and (
        has(line, "name", "names", "name's", "who am i speaking", "who am i talking", "who is this")
        and not has(line, "my name is", "my name's", "name of the street", "street name")
    )


def asks_relation(line: Line) -> bool:
    """Whether the call-taker asks how the caller stands to it all."""
    return line.side == CALL_TAKER and (
        has(line, "relation", "relationship", "do you know him", "do you know her", "related")
        or has(line, "do you know them", "do you know the person", "how do you know")
        or has(line, "who is he to you", "who is she to you", "are you family", "your relation")
        or has(line, "are you with the patient", "are you the patient", "are you with him")
        or has(line, "are you with her", "are you the one", "did you see it", "did you witness")
        or has(line, "are you the victim", "were you involved", "are you involved")
        or has(line, "do you work there", "are you an employee", "are you the owner")
        or has(line, "are you driving by", "are you passing by", "is this your house")
    )


def asks_drunk(line: Line) -> bool:
    """Whether the call-taker asks if somebody drank or took something."""
    return line.side == CALL_TAKER and has(
        line,
        *("been drinking", "he drunk", "she drunk", "they drunk", "intoxicated", "on drugs"),
        *("on anything", "alcohol or drugs", "drugs or alcohol", "any alcohol", "any drugs"),
    )
