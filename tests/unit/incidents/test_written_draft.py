"""The draft of a written call: fields that cite characters, and hold what they say."""

import json
import string
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings
from typer.testing import CliRunner

from ringdown.cli.main import build
from ringdown.incidents.adapters.rules import RuleExtractor
from ringdown.incidents.adapters.rules.parts import parts_of
from ringdown.incidents.report.draft import FIELDS, drafted, open_questions
from ringdown.incidents.report.lines import LineUnusable, WrittenCall, extracted, read_calls
from ringdown.incidents.report.support import holds_place


def call(*turns: str) -> WrittenCall:
    """Turns such as `T: where are you` and `C: at the school`."""
    made = [(turn[0], turn[2:].strip()) for turn in turns]
    sides = {"T": "call_taker", "C": "caller", "O": "other"}
    return WrittenCall("a", tuple((sides[who], text) for who, text in made))


def draft_of(written: WrittenCall) -> dict[str, dict[str, Any] | None]:
    return drafted(written, extracted(written, RuleExtractor()))[0]


def cited(field: dict[str, Any] | None, *turns: str) -> list[str]:
    assert field is not None
    texts = [text for _, text in call(*turns).turns]
    return [texts[each["turn"]][each["start"] : each["end"]] for each in field["evidence"]]


FIRE = (
    "T: nine one one what is the address",
    "C:   it's forty one twenty   Juniper Street, apartment four",
    "T: what's going on there",
    "C: the house is on fire and two people are trapped",
    "T: your phone number",
    "C: five eight five five five five oh one four two",
)


def test_every_field_of_a_plain_call_is_found() -> None:
    """Values are plain, the place is in parts."""
    fields = draft_of(call(*FIRE))
    assert tuple(fields) == FIELDS
    values = {name: field and field["value"] for name, field in fields.items()}
    assert values == {
        "category": "fire",
        "incident_type": "structure_fire",
        "emergency": True,
        "severity": "critical",
        "location": {
            "text": "4120 Juniper Street, Apt 4",
            "number": "4120",
            "street": "Juniper Street",
            "unit": "4",
            "unit_kind": "Apt",
        },
        "victims": 2,
        "callback": "5855550142",
        **dict.fromkeys(["persons", "vehicles", "weapons", "hazards", "relation"]),
    }


def test_evidence_is_the_characters_of_the_turn() -> None:
    """Spaces at the beginning and between words count as they stand in the text."""
    fields = draft_of(call(*FIRE))
    assert cited(fields["location"], *FIRE) == ["forty one twenty   Juniper Street, apartment four"]
    assert cited(fields["callback"], *FIRE) == ["five eight five five five five oh one four two"]


def test_silence_leaves_everything_unknown() -> None:
    """No words, no fields."""
    assert set(draft_of(call("T: 911", "C:  ")).values()) == {None}


def test_a_call_that_says_nothing_clear_goes_to_a_person() -> None:
    """An emergency until something makes it none; its evidence is what the caller said first."""
    said = ("T: 911", "C: um hello are you there")
    fields = draft_of(call(*said))
    assert fields["emergency"] is not None
    assert fields["emergency"]["value"] is True
    assert fields["emergency"]["confidence"] <= 0.5
    assert cited(fields["emergency"], *said) == ["um hello are you there"]
    assert fields["category"] is None


def test_a_number_of_people_is_given_only_if_it_was_said() -> None:
    """Persons counted one by one are words as the value, and a count beside it."""
    said = ("C: my brother and my father got hurt",)
    victims = draft_of(call(*said))["victims"]
    assert victims is not None
    assert victims["value"] == " … ".join(cited(victims, *said))
    assert victims["count"] == 2


def test_digits_that_were_corrected_are_not_cited() -> None:
    """The last four said anew stand for the last four said before."""
    said = ("T: what's your phone number", "C: 585-555-0142", "C: no, 0143")
    callback = draft_of(call(*said))["callback"]
    assert callback is not None
    assert callback["value"] == "5855550143"
    assert cited(callback, *said) == ["585-555", "0143"]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("2210 Genesee Street", {"number": "2210", "street": "Genesee Street"}),
        ("900 block of Oak Street", {"number": "900", "street": "Oak Street", "block": "900"}),
        (
            "12 Oak Lane, Apt 4B",
            {"number": "12", "street": "Oak Lane", "unit": "4B", "unit_kind": "Apt"},
        ),
        ("12 Oak Lane, Floor 3", {"number": "12", "street": "Oak Lane", "floor": "3"}),
        (
            "Miller Library, Cedar Park",
            {"landmark": "Miller Library", "street": "Miller Library", "area": "Cedar Park"},
        ),
        ("Elm and Maple", {"street": "Elm", "cross_street": "Maple"}),
        (
            "I-90 eastbound, mile marker 42",
            {"street": "I-90", "highway": "I-90", "direction": "eastbound", "mile": "42"},
        ),
        ("Route 7, exit 12", {"street": "Route 7", "highway": "Route 7", "exit": "12"}),
        ("behind the school", {"landmark": "school", "street": "school", "relation": "behind"}),
        ("Cedar Park", {"landmark": "Cedar Park", "street": "Cedar Park"}),
        ("Alder Street", {"street": "Alder Street"}),
        ("mile marker 42", {"mile": "42"}),
        ("81 southbound", {"street": "81", "highway": "81", "direction": "southbound"}),
        (
            "Oak Street, behind the school",
            {"street": "Oak Street", "landmark": "school", "relation": "behind"},
        ),
        (
            "Wendy's, on Ashby, near Harmon Parkway",
            {"landmark": "Wendy's", "street": "Ashby", "near": "Harmon Parkway"},
        ),
        (
            "next door to 40 Oak Street",
            {"number": "40", "street": "Oak Street", "relation": "next door to"},
        ),
    ],
)
def test_a_place_has_its_parts(text: str, parts: dict[str, str]) -> None:
    """What was not said is absent."""
    assert parts_of(text) == parts


def test_a_place_that_was_not_said_is_not_held() -> None:
    """Neither another number nor another name."""
    assert holds_place("2210 Oak Street", ["twenty two ten Oak Street"])
    assert not holds_place("2212 Oak Street", ["twenty two ten Oak Street"])
    assert not holds_place("2210 Elm Street", ["twenty two ten Oak Street"])


@pytest.mark.parametrize("line", ["{", "[]", '{"id": 1}', '{"id": "a", "turns": [{"speaker": 1}]}'])
def test_a_line_that_is_no_call_is_told_by_its_number(line: str) -> None:
    """Nothing of its text is in the message."""
    with pytest.raises(LineUnusable, match="Line 2"):
        list(read_calls(["\n", line]))


def test_without_a_named_caller_whoever_is_not_the_call_taker_is_heard() -> None:
    """A transcript whose sides were not told apart still gives a draft."""
    row = {"id": 7, "turns": [{"speaker": "speaker 1", "text": "my house is on fire"}]}
    (found,) = read_calls([json.dumps(row)])
    assert found.id == "7"
    category = draft_of(found)["category"]
    assert category is not None
    assert category["value"] == "fire"


WORDS = st.sampled_from(
    [
        *("2210", "Genesee", "Street", "no,", "forty", "two", "people", "are", "hurt", "trapped"),
        *("corner", "of", "and", "apartment", "4", "B", "mile", "marker", "I-90", "exit", "yes"),
        *("585-555-0142", "0143", "five", "five", "oh", "my", "number", "is", "fire", "house"),
        *("dog", "loud", "music", "shot", "mom", "sister", "Elm", "Avenue", "to", "ten", "not"),
    ]
) | st.text(string.printable, max_size=5)
TURNS = st.lists(
    st.tuples(
        st.sampled_from(["caller", "call_taker", "other"]),
        st.lists(WORDS, max_size=12).map(" ".join),
    ),
    max_size=8,
)


@given(TURNS)
@settings(max_examples=100, deadline=None)
def test_whatever_is_said_each_field_cites_characters_that_are_there(
    turns: list[tuple[str, str]],
) -> None:
    """Never empty, never outside its turn, and the words of a count hold it."""
    for name, field in draft_of(WrittenCall("a", tuple(turns))).items():
        if field is None:
            continue
        evidence: list[dict[str, int]] = field["evidence"]
        words = [turns[each["turn"]][1][each["start"] : each["end"]] for each in evidence]
        assert words
        assert all(word and word == word.strip() for word in words)
        assert 0 < field["confidence"] <= 1
        if name == "location":
            assert holds_place(field["text"], words)


def test_the_command_writes_one_line_for_each_call(tmp_path: Path) -> None:
    """In the order of the file."""
    file = tmp_path / "calls.jsonl"
    turns = [{"speaker": "caller", "text": "there's a fire at 12 Oak Street"}]
    file.write_text("".join(json.dumps({"id": name, "turns": turns}) + "\n" for name in "ab"))
    words = ["incident", "draft", "--json", str(file)]
    done = CliRunner().invoke(build(words), words)
    assert done.exit_code == 0, done.output
    rows = [json.loads(line) for line in done.output.splitlines()]
    assert [row["id"] for row in rows] == ["a", "b"]
    assert rows[0]["fields"]["location"]["value"]["number"] == "12"
    plain = ["incident", "draft", str(file)]
    shown = CliRunner().invoke(build(plain), plain)
    assert "12 Oak Street" in shown.output
    assert "unknown" in shown.output


def test_who_and_what_else_was_told_stands_beside() -> None:
    """Lines of text in the words that were said, and what nobody answered."""
    said = (
        "T: any weapons",
        "C: my husband has a pistol he's a white male in a red hoodie driving a blue Honda Civic",
        "C: I smell gas too",
        "T: what is the address",
    )
    fields = draft_of(call(*said))
    values = {name: field["value"] for name, field in fields.items() if field}
    assert values["weapons"] == "handgun, carried"
    assert values["persons"] == "white male, in a red hoodie"
    assert values["vehicles"] == "blue Honda Civic"
    assert values["hazards"] == "gas smell"
    assert cited(fields["persons"], *said) == ["white male", "in a red hoodie"]
    written = call(*said)
    (asked,) = open_questions(written, extracted(written, RuleExtractor()))
    assert asked == {"topic": "location", "evidence": [{"turn": 3, "start": 0, "end": 19}]}
