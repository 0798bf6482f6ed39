"""What the caller's own phone tells of the place: beside the others, replacing only itself."""

from datetime import timedelta

import pytest
from tests.unit.incidents.world import DANA, World, made

from ringdown.calls.model import Ali
from ringdown.core.clock import iso
from ringdown.incidents.places import FAR_APART, PlaceView
from ringdown.testing.clock import START


def phone(at_s: float = 0, *, north_m: float = 0, within_m: float = 10, **more) -> PlaceView:
    return PlaceView(
        source="caller_link", lat=40.0 + north_m / 111_195, lon=-75.0, uncertainty_m=within_m,
        confidence_percent=95, at=iso(START + timedelta(seconds=at_s)), **more,
    )  # fmt: skip


async def test_a_phone_stands_beside_the_network_and_what_is_said() -> None:
    """Each keeps its own place; those that cannot both be right are flagged; no field changes."""
    world = await made()
    ali = Ali(text="9 Elm St", lat=40.1, lon=-75.0, uncertainty_m=100, class_of_service="WPH2")
    call_id = await world.begin(ali=ali)
    await world.service.locate("centre_a", call_id)
    await world.service.point("centre_a", call_id, phone())
    before = await world.service.draft(DANA, call_id)
    await world.hear(call_id, "C: I'm at 40 Oak Street")
    await world.service.edit(DANA, call_id, "location", "12 Birch Road", 1)
    draft = await world.service.draft(DANA, call_id)
    assert [place.source for place in draft.places] == ["typed", "spoken", "network", "caller_link"]
    assert draft.places[3] == phone()
    flagged = [(one.one, one.other, one.reason) for one in before.disagreements]
    assert flagged == [("network", "caller_link", FAR_APART)]
    assert before.disagreements[0].distance_m == pytest.approx(11_120, rel=0.01)
    assert draft.fields["location"].text == "12 Birch Road"
    assert before.fields["location"].text is None


@pytest.mark.parametrize(
    ("now", "stands"),
    [
        (phone(5), False),
        (phone(-5, north_m=90), False),
        (phone(5, north_m=6), True),
        (phone(5, within_m=7), True),
        (phone(5, within_m=400, north_m=200), False),
        (phone(5, within_m=400, north_m=900), True),
        (phone(65, within_m=400, north_m=200), True),
        (phone(65), True),
        (phone(5, altitude_m=30.0), True),
        (phone(5, floor="3"), True),
    ],
)
async def test_the_draft_changes_only_for_what_says_more(now: PlaceView, stands: bool) -> None:
    """A phone tells its place every few seconds; a vague place does not displace a sharp one."""
    world = await made()
    call_id = await world.begin()
    await world.service.point("centre_a", call_id, phone())
    await world.service.point("centre_a", call_id, now)
    draft = await world.service.draft(DANA, call_id)
    assert draft.places == ((now,) if stands else (phone(),))
    assert draft.version == (2 if stands else 1)


async def test_only_a_source_that_tells_of_itself_is_put_there(world: World) -> None:
    """What the network says comes from the call alone; a call that is not there gets no draft."""
    call_id = await world.begin()
    other = phone().model_copy(update={"source": "network"})
    await world.service.point("centre_a", call_id, other)
    await world.service.point("centre_b", call_id, phone())
    assert (await world.service.draft(DANA, call_id)).places == ()
    assert await world.told("incidents.draft.revised") == []
