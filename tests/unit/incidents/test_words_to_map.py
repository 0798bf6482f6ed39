"""From a caller's words to a place of the agency's own map, through the whole of both features."""

import json

import pytest
from tests.unit.incidents.world import DANA, World, made
from tests.unit.streets.files import LANDMARKS_CSV, roads_file
from tests.unit.streets.town import ADDRESSES, MILEPOSTS

from ringdown.audit.fakes import MemoryAuditStore
from ringdown.audit.service import AuditLog
from ringdown.core.principal import Principal
from ringdown.incidents.adapters.gazetteer import MapGazetteer
from ringdown.streets.fakes import MemoryStreetStore
from ringdown.streets.service import StreetsService

ADMIN = Principal("user", "user_admin", "Ada Min", "centre_a", frozenset())


async def town(world: World) -> StreetsService:
    """The service with the map of the invented town."""
    audit = AuditLog(MemoryAuditStore(), world.clock)
    streets = StreetsService(world.db, MemoryStreetStore(), audit, world.clock)
    roads = json.dumps(roads_file()).encode()
    await streets.load(ADMIN, roads, source="roads.geojson")
    await streets.load(ADMIN, LANDMARKS_CSV.encode(), source="landmarks.csv")
    posts = "route,mile,type,lat,lon\n" + "".join(
        f"{each.road},{each.mile},{each.kind},{each.at.lat},{each.at.lon}\n" for each in MILEPOSTS
    )
    await streets.load(ADMIN, posts.encode(), source="posts.csv")
    houses = "number,street,unit,city,lat,lon\n" + "".join(
        f"{each.number},{each.street},{each.unit},{each.city},{each.at.lat},{each.at.lon}\n"
        for each in ADDRESSES
    )
    await streets.load(ADMIN, houses.encode(), source="houses.csv")
    return streets


SAID = [
    ("C: I'm at three ten Jennasee Street", "310 Genesee St, Fairhaven"),
    ("C: my house is on fire, it's 350 Skyler Avenue", "350 Schuyler Ave, Fairhaven"),
    ("T: what's the address? | C: 214 Wooster Road", "214 Worcester Rd, Fairhaven"),
    ("C: it's four twelve Maple Street, apartment four B", "412 Maple St, Unit 4B, Fairhaven"),
    ("C: we're at 412 Maple Street in Brookside", "412 Maple St, Brookside"),
    ("C: there's a crash at the corner of Genesee and Third", "Genesee St and 3rd Ave, Fairhaven"),
    ("C: there's a wreck on I-90 eastbound at mile marker 42", "I-90, mile marker 42"),
    ("C: a shooting on the 300 block of Genesee Street", "300 block of Genesee St, Fairhaven"),
    ("C: I'm at Lincoln High School", "Abraham Lincoln High School, Fairhaven"),
]


@pytest.mark.parametrize(("script", "text"), SAID)
async def test_what_a_caller_says_is_found_on_the_map(script: str, text: str) -> None:
    """Best of what is offered; the field itself keeps what was said."""
    world = await made()
    world.gazetteer = MapGazetteer(await town(world))
    world.restart()
    call_id = await world.begin()
    await world.hear(call_id, script)
    matches = (await world.service.draft(DANA, call_id)).fields["location"].matches
    assert [each.text for each in matches][:1] == [text]


async def test_what_is_not_on_the_map_gets_no_place() -> None:
    """And another centre's map is not asked."""
    world = await made()
    streets = await town(world)
    world.gazetteer = MapGazetteer(streets)
    world.restart()
    call_id = await world.begin()
    await world.hear(call_id, "C: I'm at 12 Baker Street")
    draft = await world.service.draft(DANA, call_id)
    assert draft.fields["location"].value is not None
    assert draft.fields["location"].matches == ()
    assert await streets.match("centre_b", "310 Genesee Street") == ()


async def test_a_map_that_was_loaded_elsewhere_is_seen() -> None:
    """Two servers on one database; the second one looks again, and finds what the first loaded."""
    world = await made()
    streets = await town(world)
    other = StreetsService(
        world.db, MemoryStreetStore(), AuditLog(MemoryAuditStore(), world.clock), world.clock
    )
    assert (await other.match("centre_a", "310 Genesee Street"))[0].text.startswith("310 Genesee")
    await streets.remove(ADMIN, "roads")
    await other.refresh()
    assert await other.match("centre_a", "310 Genesee Street") == ()
