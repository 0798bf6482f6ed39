"""An EIDO says what a person confirmed, under that person's name, and nothing that is a draft."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.cad.world import DANA, PHONES, World

from ringdown.cad.civic import civic_of
from ringdown.cad.common_types import NO_CODE, common_type
from ringdown.cad.eido import PRACTICE, Sender, eido_of
from ringdown.cad.schema import CadCall, CadCentre, CadConfirmation, CadField, CadIncident
from ringdown.calls.api import Ali
from ringdown.core.errors import NotFound
from ringdown.core.principal import Person
from ringdown.incidents.api import INCIDENT_TYPES, FieldName
from ringdown.wire.eido.check import decode
from ringdown.wire.eido.registries import INCIDENT_TYPES as REGISTERED
from ringdown.wire.pidf_lo import Geo, read

SENDER = Sender("psap.example", "police.sheriff")


async def documents(world: World, call_id: str) -> list[dict[str, Any]]:
    """What a CAD gets, one for each version."""
    await world.hear()
    await world.deliveries.run_once()
    return [decode(message.eido) for message in world.cad.sent]


def place(document: dict[str, Any], kind: str) -> dict[str, Any]:
    (found,) = [
        one
        for one in document["locationComponent"]
        if one["locationTypeDescriptionRegistryText"] == kind
    ]
    return found


async def test_a_confirmed_incident_is_a_good_document_under_the_persons_name() -> None:
    """Type unknown: no code is invented."""
    world = World(sender=SENDER)
    call_id = await world.begin()
    await world.confirm(call_id, "12 Elm Street, Apt 4B")
    (made,) = await documents(world, call_id)
    assert made["updatedByAgentReference"] == {"$ref": "user_1@psap.example"}
    assert made["issuingElementIdentification"] == "ringdown.psap.example"
    (agency,) = made["agencyComponent"]
    assert (agency["$id"], agency["agencyType"]) == ("psap.example", ["police.sheriff"])
    assert json.loads(made["agentComponent"][0]["agentJcard"])[1][1][3] == "Dana"
    incident = made["incidentComponent"]
    assert incident["incidentTypeCommonRegistryText"] == NO_CODE
    assert incident["incidentStatusCommonRegistryText"] == ["Active"]
    assert "incidentCommonPriorityNumber" not in incident
    here = place(made, "CurrentIncident")
    assert here["locationDescriptionText"] == "12 Elm Street, Apt 4B"
    assert read(here["locationByValue"]).civic == {
        "country": "US", "RD": "Elm", "STS": "Street", "HNO": "12", "UNIT": "4B",
        "LOC": "12 Elm Street, Apt 4B",
    }  # fmt: skip
    assert made["callbackComponent"][0]["callBackInformationUri"] == ["tel:+15550100"]
    assert "notesComponent" not in made


async def test_the_versions_of_an_incident_keep_its_name_and_tell_its_state() -> None:
    """Active, cancelled with the reason, opened again; the same ids all the way."""
    world = World(sender=SENDER)
    call_id = await world.begin()
    await world.confirm(call_id, "12 Elm Street")
    await world.cancel(call_id, 1, "Test <b>of</b> alarm")
    await world.incidents.confirm(DANA, call_id, {})
    await world.confirm(call_id, "14 Elm Street")
    made = await documents(world, call_id)
    states = [one["incidentComponent"]["incidentStatusCommonRegistryText"] for one in made]
    assert states == [["Active"], ["Cancelled"], ["ReOpened"], ["Active"]]
    assert len({one["$id"] for one in made}) == 1
    assert len({one["locationComponent"][0]["$id"] for one in made}) == 1
    (note,) = made[1]["notesComponent"]
    assert note["notesActionComments"] == "<p>Cancelled: Test &lt;b&gt;of&lt;/b&gt; alarm</p>"
    kinds = [message.payload.kind for message in world.cad.sent]
    assert kinds == [
        "incident.created", "incident.cancelled", "incident.reopened", "incident.updated",
    ]  # fmt: skip
    reasons = [message.payload.reason for message in world.cad.sent]
    assert reasons == [None, "Test <b>of</b> alarm", None, None]
    assert world.cad.sent[1].payload.fields == world.cad.sent[0].payload.fields


@pytest.mark.parametrize(
    ("codes", "internal"), [({"structure_fire": "FIRE-S"}, "FIRE-S"), ({}, "structure_fire")]
)
async def test_a_type_goes_out_under_the_agencys_code_and_the_common_one(
    codes: dict[str, str], internal: str
) -> None:
    """Its own where it has a table, ours otherwise; severity as a priority of ten."""
    world = World(sender=SENDER, type_codes=codes)
    call_id = await world.begin()
    versions: dict[FieldName, int] = {}
    typed: dict[FieldName, str] = {"type": "structure_fire", "severity": "high"}
    for name, value in typed.items():
        versions[name] = (await world.incidents.edit(DANA, call_id, name, value, 0)).version
    await world.incidents.confirm(DANA, call_id, versions)
    (made,) = await documents(world, call_id)
    incident = made["incidentComponent"]
    assert incident["incidentTypeInternalCode"] == internal
    assert incident["incidentTypeInternalText"] == "Building fire"
    assert incident["incidentTypeCommonRegistryText"] == "FSTRU"
    assert incident["incidentCommonPriorityNumber"] == 7
    assert "locationComponent" not in made


async def test_a_practice_call_says_so_wherever_somebody_looks() -> None:
    """On the call, on the type and in a note."""
    world = World(sender=SENDER)
    call_id = await world.begin(demo=True)
    await world.confirm(call_id)
    (made,) = await documents(world, call_id)
    assert made["callComponent"][0]["localCallType"] == PRACTICE
    assert made["incidentComponent"]["incidentTypeInternalText"].startswith(PRACTICE)
    assert made["notesComponent"][0]["notesActionComments"] == f"<p>{PRACTICE}</p>"


@pytest.mark.parametrize(
    ("ali", "geo"),
    [
        (Ali(lat=42.5, lon=-73.2), Geo(42.5, -73.2)),
        (Ali(lat=42.5, lon=-73.2, uncertainty_m=49.94), Geo(42.5, -73.2, 50)),
        (
            Ali(lat=42.5, lon=-73.2, uncertainty_m=50, class_of_service="WPH2"),
            Geo(42.5, -73.2, 50, 90),
        ),
    ],
)
async def test_where_the_network_believes_the_caller_to_be_keeps_its_uncertainty(
    ali: Ali, geo: Geo
) -> None:
    """A bare point claims nothing; a circle whose confidence nobody told says unknown."""
    world = World(sender=SENDER)
    call_id = await world.begin(ali=ali)
    await world.confirm(call_id)
    (made,) = await documents(world, call_id)
    told = place(made, "Caller")
    assert read(told["locationByValue"]).geo == geo
    assert "updatedByAgentReference" not in told
    assert made["callComponent"][0]["locationReference"] == [{"$ref": told["$id"]}]
    assert made["incidentComponent"]["locationReference"] != [{"$ref": told["$id"]}]


async def test_an_impossible_place_of_the_network_is_left_out() -> None:
    """The incident still goes out."""
    world = World(sender=SENDER)
    call_id = await world.begin(ali=Ali(lat=420.5, lon=-73.2))
    await world.confirm(call_id)
    (made,) = await documents(world, call_id)
    assert len(made["locationComponent"]) == 1


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("42 Oak Street", {"HNO": "42", "RD": "Oak", "STS": "Street"}),
        ("42B N Oak St", {"HNO": "42", "HNS": "B", "PRD": "N", "RD": "Oak", "STS": "St"}),
        ("42 Martin Luther King Blvd, Floor 3",
         {"HNO": "42", "RD": "Martin Luther King", "STS": "Blvd", "FLR": "3"}),
        ("Oak Street", {"RD": "Oak", "STS": "Street"}),
        ("42 Oak", {}),
        ("behind the school", {}),
        ("near 42 Oak Street", {}),
        ("I-84 mile marker 12", {}),
        ("42 Oak Street and Elm Avenue", {}),
        ("the corner of Oak Street", {}),
        ("Oak Street and the river", {}),
    ],
)  # fmt: skip
def test_only_what_is_plainly_said_is_taken_apart(text: str, parts: dict[str, str]) -> None:
    """The whole text always goes along; a part that is not sure does not."""
    made = civic_of(text, "US")
    assert made.parts == {"country": "US", "LOC": text, **parts}
    assert made.crossing == ()


def test_an_intersection_is_two_streets() -> None:
    """As the standard wants it: one place, and the street that crosses."""
    made = civic_of("Oak Street and N Fifth Avenue", "US")
    assert (made.parts["RD"], made.parts["STS"]) == ("Oak", "Street")
    assert made.crossing == ({"country": "US", "PRD": "N", "RD": "Fifth", "STS": "Avenue"},)
    assert "HNO" not in made.parts


def test_every_kind_of_incident_has_a_registered_code() -> None:
    """And one that is new has none rather than a wrong one."""
    assert {common_type(kind.code) for kind in INCIDENT_TYPES} <= REGISTERED - {NO_CODE}
    assert common_type(None) == common_type("new_kind") == NO_CODE
    assert {NO_CODE} <= REGISTERED


TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)
NAMES: list[FieldName] = [
    "emergency", "category", "type", "location", "victims", "severity", "callback_number",
    "persons", "vehicles", "weapons", "hazards", "relation",
]  # fmt: skip


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(st.sampled_from(NAMES), TEXT),
    st.sampled_from(["incident.created", "incident.cancelled"]),
    TEXT,
    st.one_of(st.none(), TEXT),
)
def test_whatever_is_confirmed_makes_a_good_document(
    fields: dict[FieldName, str], kind: Any, name: str, ani: str | None
) -> None:
    """No text can break it, get markup into it or lead a reference astray."""
    at = "2026-11-21T10:00:00.000Z"
    payload = CadIncident(
        schema="urn:ringdown:cad-incident:1",
        delivery_id="dlv_1",
        incident_id="inc_1",
        sequence=1,
        kind=kind,
        centre=CadCentre(centre_id="a", name=name),
        call=CadCall(call_id="call_1", external_id=name, ani=ani, started_at=at, demo=False),
        fields={
            field: CadField(value=text, text=text, origin="typed", evidence=())
            for field, text in fields.items()
        },
        unknown=(),
        confirmation=CadConfirmation(
            confirmation_id="conf_1",
            confirmed_by=Person(user_id="user_1", name=name),
            confirmed_at=at,
            draft_version=1,
            digest="0" * 64,
        ),
    )
    assert decode(eido_of(payload, SENDER)) == decode(eido_of(payload, SENDER))


async def test_a_document_is_handed_out_for_confirmed_versions_only() -> None:
    """The newest, or the one that is asked for; nothing while nobody has confirmed."""
    world = World(sender=SENDER)
    call_id = await world.begin()
    with pytest.raises(NotFound) as refused:
        await world.deliveries.eido(DANA, call_id)
    assert refused.value.code == "cad.eido.nothing_confirmed"
    await world.confirm(call_id, "12 Elm Street")
    early = await world.deliveries.eido(DANA, call_id)
    await world.hear()
    assert await world.deliveries.eido(DANA, call_id) == early
    await world.deliveries.run_once()
    assert world.cad.sent[0].eido == early
    await world.cancel(call_id)
    newest = decode(await world.deliveries.eido(PHONES, call_id))
    assert newest["incidentComponent"]["incidentStatusCommonRegistryText"] == ["Cancelled"]
    assert await world.deliveries.eido(DANA, call_id, 1) == early
    with pytest.raises(NotFound):
        await world.deliveries.eido(DANA, call_id, 3)
    assert "cad:eido:read" in await world.tags()
