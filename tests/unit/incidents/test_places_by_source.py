"""Where the words, the network, a device and a person say it is: side by side, never merged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.incidents.test_incident_handlers import StraightBus
from tests.unit.incidents.world import DANA, PHONES, World, made

from ringdown.calls.events import CallChanged
from ringdown.calls.model import Ali
from ringdown.incidents.handlers import subscribe
from ringdown.incidents.places import (
    FAR_APART,
    NUMBERS_DIFFER,
    STREETS_DIFFER,
    TOWER,
    PlaceMatch,
    PlaceView,
    differing,
    distance_m,
    settled,
)

OAK = PlaceMatch(text="40 Oak Street", score=0.97, lat=40.0, lon=-75.0, kind="address")
ELM = PlaceMatch(text="40 Elm Street", score=0.93, lat=40.1, lon=-75.0, kind="address")


class Map:
    """A map of the given places; it remembers what it was asked."""

    def __init__(self, *matches: PlaceMatch) -> None:
        self.matches, self.asked = matches, []

    async def match(self, centre_id: str, text: str) -> tuple[PlaceMatch, ...]:
        self.asked.append((centre_id, text))
        return self.matches


def said(text: str | None, **more) -> PlaceView:
    return PlaceView(source="spoken", text=text, **more)


def told(text: str | None, **more) -> PlaceView:
    return PlaceView(source="network", text=text, **more)


@pytest.mark.parametrize(
    ("spoken", "network", "reason"),
    [
        ("40 Oak Street", "40 OAK ST, FAIRVIEW", None),
        ("40 Oak Street, Apt 4", "40 Oak St Apt 4", None),
        ("40 Oak Street", "42 Oak St", NUMBERS_DIFFER),
        ("40 Oak Street", "40 Elm St", STREETS_DIFFER),
        ("40 Oak Court", "40 Oak Circle", STREETS_DIFFER),
        ("40 North Oak Street", "40 S Oak St", STREETS_DIFFER),
        ("40 North Oak Street", "40 Oak St", None),
        ("40 Oak", "40 Oak St", None),
        ("40 Genesee Street", "40 Genessee St", None),
        ("7 5th Avenue", "7 FIFTH AVE", None),
        ("007 Oak Street", "7 Oak St", None),
        ("Cedar Park", "40 Oak St", None),
        ("across the street from 40 Oak Street", "42 Oak St", None),
        (None, "40 Oak St", None),
        ("40 Oak Street", "", None),
    ],
)
def test_words_that_contradict_each_other_are_flagged(
    spoken: str | None, network: str, reason: str | None
) -> None:
    """The same address written in two ways is no disagreement; what cannot be compared is none."""
    found = differing([said(spoken), told(network)])
    assert [each.reason for each in found] == ([reason] if reason else [])


@pytest.mark.parametrize(
    ("north_m", "uncertainty_m", "percent", "method", "flagged"),
    [
        (90, 50.0, None, None, False),
        (250, 50.0, None, None, True),
        (157, 50.0, 90.0, None, False),
        (158, 50.0, 90.0, None, True),
        (157, 50.0, 95.0, None, True),
        (350, None, None, None, False),
        (500, None, None, None, True),
        (20_000, 50.0, None, TOWER, False),
        (40_000, 50.0, None, TOWER, True),
    ],
)
def test_points_farther_apart_than_both_uncertainties_are_flagged(
    north_m: float, uncertainty_m: float | None, percent: float | None, method: str | None, flagged
) -> None:
    """Unknown is not exact; a tower is not the caller; 90 % is widened to 95 %."""
    here = said("40 Oak Street", lat=40.0, lon=-75.0)
    there = told(
        None,
        lat=40.0 + north_m / 111_195,
        lon=-75.0,
        uncertainty_m=uncertainty_m,
        confidence_percent=percent,
        method=method,
    )
    found = differing([here, there])
    assert [each.reason for each in found] == ([FAR_APART] if flagged else [])
    assert all(each.distance_m == pytest.approx(north_m, rel=0.01) for each in found)


LAT, LON = st.floats(-90, 90), st.floats(-180, 180)


@given(LAT, LON, LAT, LON)
def test_a_distance_is_the_same_both_ways(a: float, b: float, c: float, d: float) -> None:
    """And never more than half around the earth."""
    one, other = said(None, lat=a, lon=b), told(None, lat=c, lon=d)
    there, back = distance_m(one, other), distance_m(other, one)
    assert there is not None
    assert there == back
    assert 0 <= there < 20_020_000


def test_two_plausible_matches_are_two() -> None:
    """Neither becomes the point of the place."""
    assert settled([OAK, ELM]) is None
    assert settled([OAK, ELM.model_copy(update={"score": 0.7})]) == OAK
    assert settled([OAK.model_copy(update={"score": 0.5})]) is None
    assert settled([]) is None


async def test_words_and_network_stand_side_by_side() -> None:
    """Each with its time, its words and its uncertainty; the contradiction is flagged."""
    world = await made()
    place = Ali(
        text="42 OAK ST", lat=40.0, lon=-75.0, uncertainty_m=30, class_of_service="WPH2", at="then"
    )
    call_id = await world.begin(ali=place)
    await world.hear(call_id, "C: I'm at 40 Oak Street")
    draft = await world.service.draft(DANA, call_id)
    spoken, network = draft.places
    assert (spoken.source, spoken.text, spoken.lat) == ("spoken", "40 Oak Street", None)
    assert spoken.evidence == draft.fields["location"].evidence
    assert spoken.at is not None
    assert (network.source, network.at, network.uncertainty_m) == ("network", "then", 30)
    assert network.confidence_percent == 90
    (apart,) = draft.disagreements
    assert (apart.one, apart.other, apart.reason) == ("spoken", "network", NUMBERS_DIFFER)
    assert draft.fields["location"].value == "40 Oak Street"


async def test_a_location_from_the_network_comes_before_and_after_the_words(world: World) -> None:
    """Each change is told once; the same again is no news."""
    bus = StraightBus()
    subscribe(bus, world.service)
    call_id = await world.begin()

    async def network(text: str) -> None:
        call = await world.calls.get(PHONES_READER, call_id)
        moved = await world.calls.start(
            PHONES, external_id=call.external_id, source="phones", ali=Ali(text=text)
        )
        await bus.tell(CallChanged(centre_id="centre_a", call_id=call_id, call=moved))

    await network("42 Oak St")
    first = await world.service.draft(DANA, call_id)
    assert [place.source for place in first.places] == ["network"]
    await network("42 Oak St")
    assert len(await world.told()) == 1
    await world.hear(call_id, "C: I'm at 40 Oak Street")
    assert (await world.service.draft(DANA, call_id)).disagreements != ()
    await network("40 Oak St")
    last = await world.service.draft(DANA, call_id)
    assert [place.text for place in last.places] == ["40 Oak Street", "40 Oak St"]
    assert last.disagreements == ()
    assert last.version > first.version


PHONES_READER = DANA


async def test_a_place_on_the_map_has_a_point_and_keeps_the_field(world: World) -> None:
    """The field keeps what was said; asking the map again needs other words."""
    found = Map(OAK)
    world.gazetteer = found
    world.restart()
    call_id = await world.begin()
    await world.hear(call_id, "C: I'm at 40 Oak Street")
    draft = await world.service.draft(DANA, call_id)
    assert draft.fields["location"].matches == (OAK,)
    assert (draft.places[0].lat, draft.places[0].match) == (40.0, OAK)
    version = draft.fields["location"].version
    await world.hear(call_id, "C: please hurry | C: there's smoke everywhere")
    draft = await world.service.draft(DANA, call_id)
    assert draft.fields["location"].version == version
    assert draft.fields["location"].matches == (OAK,)
    assert found.asked == [("centre_a", "40 Oak Street")]


async def test_two_places_on_the_map_are_shown_as_two(world: World) -> None:
    """And the spoken place has no point."""
    world.gazetteer = Map(OAK, ELM)
    world.restart()
    call_id = await world.begin()
    await world.hear(call_id, "C: I'm at 40 Oak Street")
    draft = await world.service.draft(DANA, call_id)
    assert draft.fields["location"].matches == (OAK, ELM)
    assert (draft.places[0].lat, draft.places[0].match) == (None, None)


async def test_what_a_person_types_stands_beside_what_was_said(world: World) -> None:
    """The words keep their place, and where the two contradict each other it is flagged."""
    world.gazetteer = Map(ELM)
    world.restart()
    call_id = await world.begin()
    await world.hear(call_id, "C: I'm at 40 Oak Street")
    version = (await world.service.draft(DANA, call_id)).fields["location"].version
    field = await world.service.edit(DANA, call_id, "location", "40 Elm Street", version)
    draft = await world.service.draft(DANA, call_id)
    typed, spoken = draft.places
    assert (typed.source, typed.text, typed.match) == ("typed", "40 Elm Street", ELM)
    assert (spoken.source, spoken.text, spoken.lat) == ("spoken", "40 Oak Street", None)
    assert [each.reason for each in draft.disagreements] == [STREETS_DIFFER]
    assert draft.fields["location"].version == field.version
    rejected = await world.service.reject(DANA, call_id, "location", field.version)
    assert rejected.value is None
    assert (await world.service.draft(DANA, call_id)).places == ()


@pytest.mark.parametrize("act", ["confirm_field", "confirm_fields", "confirm"])
async def test_a_confirmed_place_is_no_longer_beside_what_it_was_confirmed_against(
    world: World, act: str
) -> None:
    """Alone, together with others or on sending: the draft told of it has the places of now."""
    call_id = await world.begin()
    await world.service.edit(DANA, call_id, "location", "40 Elm Street", 0)
    await world.hear(call_id, "C: I'm at 40 Oak Street | C: my house is on fire")
    draft = await world.service.draft(DANA, call_id)
    assert [place.source for place in draft.places] == ["typed", "spoken"]
    version = draft.fields["location"].version
    if act == "confirm_field":
        await world.service.confirm_field(DANA, call_id, "location", version)
    else:
        versions = {"location": version, "type": draft.fields["type"].version}
        await getattr(world.service, act)(DANA, call_id, versions)
    told = (await world.told("incidents.draft.revised"))[-1].record.fact
    decided = await world.service.draft(DANA, call_id)
    assert told.draft == decided
    assert [place.source for place in decided.places] == ["typed"]
    assert decided.disagreements == ()


@pytest.mark.parametrize(
    ("ali", "source", "method"),
    [
        (Ali(text="x", class_of_service="RESD"), "network", "residence line"),
        (Ali(lat=1.0, lon=2.0, class_of_service="WPH1"), "network", TOWER),
        (Ali(lat=1.0, lon=2.0, provider="DBH_HELO"), "device", "DBH_HELO"),
        (Ali(lat=1.0, lon=2.0, class_of_service="ZZ9"), "network", "ZZ9"),
    ],
)
async def test_where_a_place_comes_from_is_said_in_words(
    world: World, ali: Ali, source: str, method: str
) -> None:
    """A tower is called a tower."""
    call_id = await world.begin(ali=ali)
    await world.service.locate("centre_a", call_id)
    (place,) = (await world.service.draft(DANA, call_id)).places
    assert (place.source, place.method) == (source, method)


async def test_an_impossible_point_is_no_point(world: World) -> None:
    """Its words stay."""
    call_id = await world.begin(ali=Ali(text="12 Oak St", lat=420.5, lon=-73.0))
    await world.service.locate("centre_a", call_id)
    (place,) = (await world.service.draft(DANA, call_id)).places
    assert (place.text, place.lat, place.lon) == ("12 Oak St", None, None)
