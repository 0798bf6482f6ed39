"""An EIDO holds known names only, every reference leads somewhere, and notes are only text."""

import copy
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ringdown.wire.eido import check, names, registries
from ringdown.wire.eido.check import EidoInvalid, decode, problems
from ringdown.wire.eido.write import (
    Agency,
    Agent,
    Call,
    Incident,
    Place,
    document,
    encode,
    note,
    telephone,
    urn,
)
from ringdown.wire.pidf_lo import Geo, Location, read

AT = "2026-11-21T10:00:00.000Z"
PLACE = Place(
    "incident",
    "CurrentIncident",
    "42 Oak Street",
    Location("pres:x@psap.example", civic={"HNO": "42", "RD": "Oak", "STS": "Street"}),
)
FULL = Incident(
    incident_id="inc_01HXYZ0123456789ABCDEFGHJK",
    status="Active",
    common_type="FSTRU",
    at=AT,
    agency=Agency("psap.example", "Example County"),
    agent=Agent("user_1", "Dana Reyes"),
    call=Call(
        "call_01HXYZ0123456789ABCDEFGHJK", "incoming", "callAnswered", AT, AT,
        number="+1 555 010 0100", given_number="+15550100111", roles=("Caller", "Witness"),
    ),
    element="ringdown.psap.example",
    internal_code="structure_fire",
    internal_text="Building fire",
    priority=10,
    priority_text="Critical",
    incident_place=PLACE,
    caller_place=Place(
        "caller", "Caller", "Network location",
        Location("pres:y@psap.example", Geo(42.5, -73.2, 50, 90), of_device=True),
    ),
    notes=("Victims: two",),
)  # fmt: skip
LEAST = Incident(
    incident_id="inc_1",
    status="Cancelled",
    common_type="NCRNONE",
    at=AT,
    agency=Agency("psap.example", "Example County"),
    agent=Agent("user_1", "Dana"),
    call=Call("call_1", "incoming", "callBegin", AT),
    element="ringdown.psap.example",
)

EASY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine fails nothing."""


def changed(change: Any) -> list[str]:
    """The problems of a full document after a change."""
    plain = copy.deepcopy(document(FULL))
    change(plain)
    return list(problems(plain))


@pytest.mark.parametrize("incident", [FULL, LEAST], ids=["full", "least"])
def test_what_is_written_is_good_and_comes_back(incident: Incident) -> None:
    """From little and from everything that is known."""
    plain = document(incident)
    assert list(problems(plain)) == []
    assert decode(encode(plain)) == plain
    assert encode(document(incident)) == encode(plain)


def test_the_document_says_what_it_was_told() -> None:
    """Each thing at its place."""
    plain = document(FULL)
    assert plain["eidoVersion"] == "1.0"
    assert plain["$id"] == "urn:emergency:uid:incidentid:01HXYZ0123456789ABCDEFGHJK:psap.example"
    incident, call = plain["incidentComponent"], plain["callComponent"][0]
    assert incident["incidentTypeCommonRegistryText"] == "FSTRU"
    assert incident["incidentStatusCommonRegistryText"] == ["Active"]
    assert call["$id"].startswith("urn:emergency:uid:callid:")
    assert plain["updatedByAgentReference"] == {"$ref": "user_1@psap.example"}
    by_id = {one["$id"]: one for one in plain["locationComponent"]}
    here = by_id[incident["locationReference"][0]["$ref"]]
    assert here["locationTypeDescriptionRegistryText"] == "CurrentIncident"
    assert read(here["locationByValue"]).civic == {"HNO": "42", "RD": "Oak", "STS": "Street"}
    caller = read(by_id[call["locationReference"][0]["$ref"]]["locationByValue"])
    assert caller.geo == Geo(42.5, -73.2, 50, 90)
    (callback,) = plain["callbackComponent"]
    assert callback["callBackInformationUri"] == ["tel:+15550100100"]
    assert callback["updatedCbn"]["updatedCbnIdentifierUri"] == "tel:+15550100111"
    (person,) = plain["personComponent"]
    assert person["personIncidentRoleRegistryText"] == ["Caller", "Witness"]


def test_a_caller_accompanies_every_call() -> None:
    """Even when nothing is known of them."""
    plain = document(LEAST)
    assert plain["personComponent"][0]["callIdentifier"] == [plain["callComponent"][0]["$id"]]
    assert "callbackComponent" not in plain
    assert "locationComponent" not in plain


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda d: d.update(severity=1), "severity: no such member"),
        (
            lambda d: d["callComponent"][0].update(callStarted=AT),
            "callComponent[0].callStarted: no such member",
        ),
        (
            lambda d: d["incidentComponent"].update({"12 Elm St": 1}),
            "incidentComponent.?: no such member",
        ),
        (lambda d: d.pop("agencyComponent"), "agencyComponent: missing"),
        (lambda d: d["agencyComponent"].clear(), "agencyComponent: not an object"),
        (
            lambda d: d["notesComponent"][0].pop("lastUpdateTimeStamp"),
            "notesComponent[0].lastUpdateTimeStamp: missing",
        ),
        (
            lambda d: d["incidentComponent"].update(incidentTypeCommonRegistryText="FIRE"),
            "incidentComponent.incidentTypeCommonRegistryText: not in the registry",
        ),
        (
            lambda d: d["incidentComponent"].update(incidentStatusCommonRegistryText=["Off"]),
            "incidentComponent.incidentStatusCommonRegistryText: not in the registry",
        ),
        (
            lambda d: d["agencyComponent"][0].update(
                agencyType=["urn:emergency:service:responder.psap"]
            ),
            "agencyComponent[0].agencyType: not in the registry",
        ),
        (
            lambda d: d["incidentComponent"]["personReference"].append({"$ref": "nobody"}),
            "incidentComponent.personReference[1]: leads nowhere",
        ),
        (
            lambda d: d["callComponent"][0].update(
                callBackReference={"$ref": d["notesComponent"][0]["$id"]}
            ),
            "callComponent[0].callBackReference: leads to another kind of component",
        ),
        (
            lambda d: d.update(updatedByAgencyReference="psap.example"),
            "updatedByAgencyReference: leads nowhere",
        ),
        (
            lambda d: d["locationComponent"][0].update(locationByReferenceUrl="https://x.example"),
            "locationComponent[0]: exactly one of locationByValue and locationByReferenceUrl",
        ),
        (
            lambda d: d["notesComponent"][0].update(notesActionComments="<script>x</script>"),
            "notesComponent[0].notesActionComments: not escaped",
        ),
        (
            lambda d: d["notesComponent"][0].update(notesActionComments='<p onclick="x">y</p>'),
            "notesComponent[0].notesActionComments: not escaped",
        ),
        (
            lambda d: d["notesComponent"][0].update(notesActionComments="<img src=x"),
            "notesComponent[0].notesActionComments: not escaped",
        ),
        (
            lambda d: d["callbackComponent"][0]["updatedCbn"].pop("updatedCbnIdentifierUri"),
            "callbackComponent[0].updatedCbn.updatedCbnIdentifierUri: missing",
        ),
        (lambda d: d.update(eidoVersion="2.0"), "eidoVersion: not 1.0"),
        (lambda d: d.update(lastUpdateTimeStamp="yesterday"), "lastUpdateTimeStamp: not a time"),
        (
            lambda d: d["notesComponent"].append(d["notesComponent"][0]),
            "notesComponent[1].$id: given twice",
        ),
    ],
)  # fmt: skip
def test_each_fault_is_found_and_named_without_its_value(change: Any, problem: str) -> None:
    """The open schema of the standard would let most of these pass."""
    assert problem in changed(change)


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b"[" * 100_000, b"{}"])
def test_what_is_no_document_is_refused(body: bytes) -> None:
    """Whatever arrives."""
    with pytest.raises(EidoInvalid):
        decode(body)


@EASY
@given(st.text())
def test_a_note_is_only_ever_text(text: str) -> None:
    """Whatever a caller says or a person types."""
    made = note(text)
    assert check._is_escaped(made)
    assert made.count("<") == 2


@EASY
@given(st.recursive(
    st.none() | st.booleans() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from([*names.COMPONENTS, "$id", "$ref", "notesReference", "updatedCbn"]),
        inner, max_size=4,
    ),
    max_leaves=12,
))  # fmt: skip
def test_no_shape_of_json_upsets_the_check(value: Any) -> None:
    """It finds problems; it does not fall over."""
    plain = value if isinstance(value, dict) else {"incidentComponent": value}
    assert all(isinstance(one, str) for one in problems(plain))


@EASY
@given(st.text(max_size=80))
def test_an_identifier_has_the_length_that_is_asked_for(own: str) -> None:
    """10 to 36 letters and digits."""
    local = urn("incidentid", own, "x.example").split(":")[4]
    assert 10 <= len(local) <= 36
    assert local.isascii()
    assert local.isalnum()


def test_only_telephone_numbers_become_telephone_uris() -> None:
    """Nothing else gets into an address that somebody may ring."""
    assert telephone("(555) 010-0100") == "tel:5550100100"
    for other in (None, "", "anonymous", "555 010 0100 ext 4", "1;x=y", "12"):
        assert telephone(other) is None


def test_markup_in_every_text_stays_text() -> None:
    """A location, a name or a note that tries to be markup."""
    evil = '</p><script>alert("1")</script>&'
    made = document(
        replace(
            FULL,
            agent=Agent("user_1", evil),
            notes=(evil,),
            incident_place=replace(
                PLACE, location=Location("pres:x@psap.example", civic={"LOC": evil})
            ),
        )
    )
    assert "<script" not in json.dumps(made["notesComponent"])
    assert "<script" not in made["locationComponent"][0]["locationByValue"]
    assert read(made["locationComponent"][0]["locationByValue"]).civic["LOC"] == evil


def test_the_registry_of_types_is_whole() -> None:
    """245 codes, as the standard prints them."""
    assert len(registries.INCIDENT_TYPES) == 245
