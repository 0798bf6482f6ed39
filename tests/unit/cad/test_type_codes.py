"""What a CAD calls our types: its own codes by a table, and the common code beside them."""

import json

import pytest
from pydantic import ValidationError
from tests.unit.cad.world import DANA, World

from ringdown.cad.common_types import NO_CODE, common_type
from ringdown.cad.fakes import ScriptedCad
from ringdown.cad.settings import CadSettings
from ringdown.incidents.types import BY_CODE, INCIDENT_TYPES
from ringdown.wire.eido.registries import INCIDENT_TYPES as REGISTERED


async def sent(world: World, kind: str | None) -> dict:
    """The message of an incident whose type a person typed and confirmed."""
    call_id = await world.begin()
    draft = await world.incidents.draft(DANA, call_id)
    name, value = ("type", kind) if kind else ("location", "12 Elm St")
    version = draft.fields[name].version
    field = await world.incidents.edit(DANA, call_id, name, value, version)
    view = await world.incidents.confirm(DANA, call_id, {name: field.version})
    await world.hear()
    async with world.db.read() as tx:
        confirmation = await world.incidents.confirmation(tx, "a", view.confirmation_id)
        delivery = await world.store.of_confirmation(tx, "a", view.confirmation_id)
    assert delivery is not None
    return json.loads(world.deliveries._outgoing.of_delivery(confirmation, delivery).body)


async def test_the_cads_own_code_and_the_common_one_leave_beside_ours() -> None:
    """Ours stays the value of the field, so that nothing that reads it breaks."""
    world = World(cad=ScriptedCad(), type_codes={"structure_fire": "FIRE-S"})
    made = await sent(world, "structure_fire")
    assert made["fields"]["type"]["value"] == "structure_fire"
    assert made["centre"]["type_code"] == "FIRE-S"
    assert made["common_type"] == "FSTRU"


async def test_a_type_that_the_table_lacks_leaves_without_a_code_of_its_own() -> None:
    """No code is guessed."""
    made = await sent(World(cad=ScriptedCad(), type_codes={"fire": "F1"}), "theft")
    assert "type_code" not in made["centre"]
    assert made["common_type"] == "LARCENY"


async def test_an_incident_without_a_confirmed_type_has_no_code_at_all() -> None:
    """Nothing said, nothing sent."""
    made = await sent(World(cad=ScriptedCad(), type_codes={"fire": "F1"}), None)
    assert "type_code" not in made["centre"]
    assert "common_type" not in made


async def test_a_changed_table_does_not_change_what_was_queued() -> None:
    """Every attempt is equal, after a restart with other settings too."""
    world = World(cad=ScriptedCad(), type_codes={"fire": "OLD"})
    call_id = await world.begin()
    draft = await world.incidents.draft(DANA, call_id)
    version = draft.fields["type"].version
    field = await world.incidents.edit(DANA, call_id, "type", "fire", version)
    view = await world.incidents.confirm(DANA, call_id, {"type": field.version})
    await world.hear()
    later = World(world.db, cad=ScriptedCad(), clock=world.clock, ids=world.ids)
    later.store, later.incidents = world.store, world.incidents
    async with world.db.read() as tx:
        confirmation = await world.incidents.confirmation(tx, "a", view.confirmation_id)
        delivery = await world.store.of_confirmation(tx, "a", view.confirmation_id)
    assert delivery is not None
    body = json.loads(later.deliveries._outgoing.of_delivery(confirmation, delivery).body)
    assert body["centre"]["type_code"] == "OLD"


def test_the_table_names_types_that_there_are_with_codes_that_can_be_sent() -> None:
    """A slip in the settings is said at the start, not found in a dispatch."""
    good = {"structure_fire": "FIRE-S", "misdial": " 911 H "}
    made = CadSettings.model_validate({"types": good})
    assert made.types == {"structure_fire": "FIRE-S", "misdial": "911 H"}
    for wrong in ({"house_fire": "F"}, {"fire": ""}, {"fire": "x" * 41}, {"fire": "a\nb"}):
        with pytest.raises(ValidationError):
            CadSettings.model_validate({"types": wrong})


@pytest.mark.parametrize("kind", INCIDENT_TYPES, ids=lambda kind: kind.code)
def test_each_of_our_types_has_a_code_of_the_common_registry(kind) -> None:
    """And a code that we do not know has none."""
    assert kind.common in REGISTERED
    assert common_type(kind.code) == kind.common
    assert common_type("no_such_type") == common_type(None) == NO_CODE
    assert BY_CODE[kind.code] is kind
