"""What partners are told of a call, in the documented form and no other."""

from datetime import UTC, datetime, timedelta

import pytest

from ringdown.caller.api import FixView
from ringdown.calls.api import Ali, CallView, LegView
from ringdown.partners import model
from ringdown.partners.model import Incident, located, told

START = datetime(2030, 1, 2, 3, 4, 5, 120_000, tzinfo=UTC)
ALI = Ali(text="14 Elm St", lat=40.1, lon=-75.2, uncertainty_m=30)


def leg(state: str, duration_ms: int | None = None) -> LegView:
    return LegView(
        leg_id="leg_1", side="caller", started_at="x", start_ms=20, codec="pcmu", rate=8000,
        state=state, duration_ms=duration_ms,
    )  # fmt: skip


def call(**more: object) -> CallView:
    base = {
        "call_id": "call_1", "external_id": "x", "source": "x", "direction": "inbound",
        "state": "active", "started_at": "2030-01-02T03:04:05.120Z", "answered_at": None,
        "ended_at": None, "end_reason": None, "ani": "(202) 555-0143", "ali": None, "demo": False,
        "assigned_to": None, "attention": None, "legs": [],
    }  # fmt: skip
    return CallView.model_validate({**base, **more})


def tell(before: Incident | None, view: CallView, position: int) -> tuple[Incident, list[str]]:
    at = START + timedelta(seconds=position)
    return told(
        before, view, centre_id="a", position=position, event_id=f"evt_{position}", at=at,
        region="US",
    )  # fmt: skip


def test_the_id_of_an_incident_never_changes() -> None:
    """A partner that kept it finds the incident in a later version of ours too."""
    assert model.incident_uuid("call_1") == "ebef886f-e17c-5cc4-ba8c-b118a5e5c518"


def test_a_call_is_told_when_it_comes_and_when_it_changes_for_partners() -> None:
    """Being taken by somebody is none of their business; audio, number and end are."""
    first, events = tell(None, call(), 1)
    assert events == ["incident_metadata"]
    same, nothing = tell(first, call(assigned_to={"user_id": "u", "name": "n"}), 2)
    assert (nothing, same.updated_at) == ([], first.updated_at)
    live, events = tell(first, call(legs=[leg("recording")]), 3)
    assert (events, live.is_audio_live) == (["incident_metadata"], True)
    over = call(legs=[leg("ended")], ended_at="2030-01-02T03:05:00Z", state="ended")
    ended, events = tell(live, over, 4)
    assert (events, ended.is_audio_live) == (["incident_metadata"], False)
    done, events = tell(ended, over.model_copy(update={"legs": [leg("sealed", 54_000)]}), 5)
    assert (events, done.media[0].duration_ms) == (["media"], 54_020)
    again, events = tell(done, call(legs=[leg("recording")]), 3)
    assert (again, events) == (done, [])


def test_each_new_place_is_told_once() -> None:
    """With coordinates alone; repeated, it is no news."""
    plain, _ = tell(None, call(ali=Ali(text="somewhere")), 1)
    assert plain.location is None
    first, events = tell(plain, call(ali=ALI), 2)
    assert events == ["caller_location"]
    assert tell(first, call(ali=ALI), 3)[1] == []
    moved, events = tell(first, call(ali=ALI.model_copy(update={"lat": 40.2})), 4)
    assert events == ["caller_location"]
    assert moved.location is not None
    assert first.location is not None
    assert moved.location.location_id != first.location.location_id


def fix(number: int, lat: float, **more: object) -> FixView:
    taken = (START + timedelta(seconds=number)).isoformat()
    return FixView.model_validate(
        {"fix_id": f"fix_{number}", "call_id": "call_1", "link_id": "l", "lat": lat, "lon": -75.2,
         "accuracy_m": 9.0, "at": taken, "received_at": taken, "at_ms": 0, **more}
    )  # fmt: skip


def test_the_callers_phone_is_a_source_of_its_own() -> None:
    """Each of its fixes is told; the network's place is news only when it says something else."""
    first, _ = tell(None, call(ali=ALI), 1)
    at = START + timedelta(seconds=9)
    moved, events = located(first, fix(8, 40.3, altitude_m=12.5), position=2, at=at)
    assert events == ["caller_location"]
    assert moved.location is not None
    assert model.location_body(moved.incident_id, moved.location) == {
        "type": "caller_location", "id": moved.location.location_id,
        "incident_id": moved.incident_id, "lat": 40.3, "lng": -75.2,
        "created_at": "2030-01-02 03:04:13 UTC", "source": "caller_link", "uncertainty_m": 9.0,
        "altitude_m": 12.5,
    }  # fmt: skip
    same, nothing = tell(moved, call(ali=ALI), 3)
    assert nothing == []
    assert same.location == moved.location
    assert located(moved, fix(7, 40.4), position=4, at=at) == (moved, []), "an older one came late"
    assert located(moved, fix(9, 40.4), position=2, at=at) == (moved, []), "heard before"
    again, events = tell(moved, call(ali=ALI.model_copy(update={"lat": 40.5})), 5)
    assert events == ["caller_location"]
    assert again.location is not None
    assert (again.location.source, again.location.lat) == ("ani_ali", 40.5)
    alone, _ = tell(None, call(), 1)
    found, _ = located(alone, fix(2, 40.3), position=2, at=at)
    assert tell(found, call(), 3)[0].location == found.location


def test_bodies_have_the_documented_fields_in_the_documented_form() -> None:
    """Every one of them and, on a real call, none besides what is documented as added."""
    incident, _ = tell(None, call(ali=ALI, ended_at="2030-01-02T03:05:00Z"), 1)
    assert model.metadata_body(incident, "https://x.test") == {
        "type": "incident_metadata",
        "id": incident.incident_id,
        "caller_phone_number": "+12025550143",
        "is_audio_live": False,
        "created_at": "2030-01-02 03:04:05 UTC",
        "updated_at": "2030-01-02 03:04:06 UTC",
        "audio_call_ended_at": "2030-01-02 03:05:00 UTC",
        "chatroom_url": "https://x.test/#/call/call_1",
    }
    assert incident.location is not None
    assert model.location_body(incident.incident_id, incident.location) == {
        "type": "caller_location",
        "id": incident.location.location_id,
        "incident_id": incident.incident_id,
        "lat": 40.1,
        "lng": -75.2,
        "created_at": "2030-01-02 03:04:06 UTC",
        "source": "ani_ali",
        "uncertainty_m": 30,
        "address": "14 Elm St",
    }
    known = ALI.model_copy(update={"class_of_service": "WPH2", "altitude_m": 12.5})
    better, events = tell(incident, call(ali=known), 2)
    assert events[-1] == "caller_location"
    assert better.location is not None
    told = model.location_body(better.incident_id, better.location)
    assert (told["class_of_service"], told["altitude_m"]) == ("WPH2", 12.5)
    media = model.Media("m", "recording", "audio/wav", START, 5)
    assert model.media_body("i", media, "https://x.test/m", START) == {
        "type": "media", "id": "m", "incident_id": "i", "kind": "recording",
        "url": "https://x.test/m", "url_expires_at": "2030-01-02T03:04:05.120+00:00",
        "content_type": "audio/wav", "created_at": "2030-01-02T03:04:05.120+00:00",
    }  # fmt: skip
    demo, _ = tell(None, call(demo=True), 1)
    assert model.metadata_body(demo, "")["demo"] is True


@pytest.mark.parametrize(
    ("ani", "told"),
    [
        ("+12025550143", "+12025550143"),
        ("2025550143", "+12025550143"),
        ("+49 30 901820", "+4930901820"),
        (None, ""),
        ("", ""),
        ("anonymous", ""),
        ("9115550100", ""),
        ("4711", ""),
    ],
)
def test_a_number_is_e164_or_empty_and_never_invented(ani: str | None, told: str) -> None:
    """A stand-in that a network gave is nobody's number."""
    assert model.e164(ani, "US") == told


@pytest.mark.parametrize(
    "text",
    [
        "2030-01-02 03:04:05 UTC",
        "2030-01-02T03:04:05Z",
        "2030-01-02T03:04:05.000+00:00",
        "2030-01-02T03:04:05.000 00:00",
        "2030-01-02T05:04:05+02:00",
    ],
)
def test_both_forms_of_time_are_read(text: str) -> None:
    """Also with the plus sign that a query lost."""
    assert model.read_time(text) == START.replace(microsecond=0)


def test_an_id_is_read_however_it_is_written() -> None:
    """And what is no id is none."""
    made = model.incident_uuid("call_1")
    assert model.read_uuid(made.upper()) == model.read_uuid(made.replace("-", "")) == made
    assert model.read_uuid("call_1") is None
    assert model.read_uuid("z" * 36) is None
