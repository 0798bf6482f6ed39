"""An incident as partners see it: ids, the two ways of writing time, and the documented bodies.

Pure. Field names, their order and the form of each value are those of the partner documentation;
what we add is new and optional, so that a client written for it alone goes on working.
"""

import json
import re
import uuid
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final, Literal

import phonenumbers

from ringdown.caller.api import FixView
from ringdown.calls.api import Ali, CallView
from ringdown.core.clock import parse_iso
from ringdown.uploads.api import UploadView

NAMESPACE: Final = uuid.UUID("49024a55-ee01-409f-8b07-d92a21b0a198")
"""Of all ids partners see; changing it would give every incident a new id."""

EventType = Literal["incident_metadata", "caller_location", "media"]
EVENT_TYPES: Final[tuple[EventType, ...]] = ("incident_metadata", "caller_location", "media")
AUDIO_TYPE: Final = "audio/wav"
PHOTO_TYPE: Final = "image/jpeg"
"""Photos leave made anew, whatever they came as."""
LIVESTREAM: Final = "livestream_recording"
"""What a caller's camera showed, recorded here."""
ANI_ALI: Final = "ani_ali"
CALLER_LINK: Final = "caller_link"


# ---- ids


def incident_uuid(call_id: str) -> str:
    """The id under which partners know a call: always the same one."""
    return str(uuid.uuid5(NAMESPACE, call_id))


def media_uuid(call_id: str) -> str:
    """The id of the recording of a call, as partners know it."""
    return str(uuid.uuid5(NAMESPACE, f"recording:{call_id}"))


def file_uuid(upload_id: str) -> str:
    """The id of a caller's file, as partners know it."""
    return str(uuid.uuid5(NAMESPACE, f"upload:{upload_id}"))


def location_uuid(call_id: str, told: str) -> str:
    """The id of one location of a call; `told` is whatever makes it differ from the one before."""
    return str(uuid.uuid5(NAMESPACE, f"location:{call_id}:{told}"))


def read_uuid(text: str) -> str | None:
    """An id as it is kept, however it was written; None if it cannot be one."""
    if len(text) not in {32, 36}:
        return None
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return None


# ---- times and numbers


def partner_time(instant: datetime) -> str:
    """The documented form of times in incident events: `2030-01-02 03:04:05 UTC`."""
    return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def added_time(instant: datetime) -> str:
    """The form of times in fields that we add: ISO 8601 with milliseconds and a numeric offset."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds")


def read_time(text: str) -> datetime:
    """Read either form. Raises ValueError."""
    found = re.fullmatch(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC", text.strip())
    # A plus sign in a query that nobody encoded arrives as a space.
    form = f"{found[1]}T{found[2]}" if found else re.sub(r" (?=\d\d:\d\d$)", "+", text.strip())
    return parse_iso(form)


def e164(number: str | None, region: str) -> str:
    """A caller's number with `+`, or an empty string: never one that was not told.

    `region` (ISO 3166) says how to read a number without a country. The stand-ins that networks
    give to telephones without a number (911…) belong to nobody and are left out.
    """
    if not number:
        return ""
    try:
        read = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return ""
    told = number.strip().startswith("+")
    known = phonenumbers.is_possible_number(read) if told else phonenumbers.is_valid_number(read)
    return phonenumbers.format_number(read, phonenumbers.PhoneNumberFormat.E164) if known else ""


# ---- incidents


@dataclass(frozen=True)
class Location:
    """Where the caller was, by one report."""

    location_id: str
    lat: float = field(repr=False)
    lng: float = field(repr=False)
    created_at: datetime
    source: str
    uncertainty_m: float | None = None
    address: str | None = field(default=None, repr=False)
    class_of_service: str | None = None
    altitude_m: float | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Media:
    """Something that belongs to an incident and can be fetched."""

    media_id: str
    kind: str
    content_type: str
    created_at: datetime
    duration_ms: int
    upload_id: str | None = None
    """The caller's file that it is; None for the recording of the call."""


@dataclass(frozen=True)
class Incident:
    """What partners are told of a call. `position` is that of the newest fact in it."""

    incident_id: str
    centre_id: str
    call_id: str
    demo: bool
    caller_phone_number: str = field(repr=False)
    is_audio_live: bool
    created_at: datetime
    updated_at: datetime
    audio_call_ended_at: datetime | None
    position: int
    location: Location | None = None
    """The newest of any source."""
    media: tuple[Media, ...] = ()
    ali_location: Location | None = None
    """The newest of the network, by which a repeat of it is known."""


def told(
    before: Incident | None,
    call: CallView,
    *,
    centre_id: str,
    position: int,
    event_id: str,
    at: datetime,
    region: str,
) -> tuple[Incident, list[EventType]]:
    """The incident after a fact of its call, and what there is to tell. Once for each fact."""
    ended_at = None if call.ended_at is None else parse_iso(call.ended_at)
    known = None if before is None else _by_network(before)
    ali = _location(known, call, event_id, at)
    now = Incident(
        incident_id=incident_uuid(call.call_id),
        centre_id=centre_id,
        call_id=call.call_id,
        demo=call.demo,
        caller_phone_number=e164(call.ani, region),
        is_audio_live=ended_at is None and any(leg.state == "recording" for leg in call.legs),
        created_at=parse_iso(call.started_at),
        updated_at=at if before is None else max(at, before.updated_at),
        audio_call_ended_at=ended_at,
        position=position,
        location=before.location if before and ali == known else ali,
        ali_location=ali,
        media=_with_recording(before.media if before else (), call, at),
    )
    if before is not None and position <= before.position:
        return before, []
    events: list[EventType] = []
    if before is None or _metadata(before) != _metadata(now):
        events.append("incident_metadata")
    if now.location is not None and (before is None or before.location != now.location):
        events.append("caller_location")
    if now.media and (before is None or before.media != now.media):
        events.append("media")
    if before is not None and not events:
        now = replace(now, updated_at=before.updated_at)
    return now, events


def _metadata(incident: Incident) -> tuple[object, ...]:
    return (
        incident.caller_phone_number,
        incident.is_audio_live,
        incident.audio_call_ended_at,
    )


def located(
    before: Incident, fix: FixView, *, position: int, at: datetime
) -> tuple[Incident, list[EventType]]:
    """The incident after a fix of the caller's phone, and what there is to tell."""
    place = before.location
    taken = parse_iso(fix.at)
    stale = place is not None and place.source == CALLER_LINK and taken < place.created_at
    if position <= before.position or stale:
        return before, []
    found = Location(
        location_id=location_uuid(fix.call_id, fix.fix_id),
        lat=fix.lat,
        lng=fix.lon,
        created_at=taken,
        source=CALLER_LINK,
        uncertainty_m=fix.accuracy_m,
        altitude_m=fix.altitude_m,
    )
    updated = max(at, before.updated_at)
    now = replace(before, location=found, position=position, updated_at=updated)
    return now, ["caller_location"]


def attached(
    before: Incident, upload: UploadView, *, position: int, at: datetime
) -> tuple[Incident, list[EventType]]:
    """The incident after news of a caller's file: told once looked at, gone once removed."""
    media_id = file_uuid(upload.upload_id)
    known = any(one.media_id == media_id for one in before.media)
    if position <= before.position:
        return before, []
    updated = max(at, before.updated_at)
    if upload.state == "removed" and known:
        left = tuple(one for one in before.media if one.media_id != media_id)
        return replace(before, media=left, position=position, updated_at=updated), []
    if upload.state != "viewed" or known or upload.kind is None or upload.content_type is None:
        return before, []
    kind = PHOTO_TYPE if upload.kind == "photo" else upload.content_type
    taken = parse_iso(upload.at)
    said = LIVESTREAM if upload.via == "recording" else upload.kind
    found = Media(media_id, said, kind, taken, 0, upload_id=upload.upload_id)
    media = (*before.media, found)
    return replace(before, media=media, position=position, updated_at=updated), ["media"]


def _by_network(incident: Incident) -> Location | None:
    """The newest place of the network; older rows have it under `location` alone."""
    place = incident.location
    if incident.ali_location is None and place is not None and place.source == ANI_ALI:
        return place
    return incident.ali_location


def _location(
    known: Location | None, call: CallView, event_id: str, at: datetime
) -> Location | None:
    """The newest location of the network; one without coordinates tells partners nothing."""
    ali = call.ali
    if ali is None or ali.lat is None or ali.lon is None:
        return known
    found = Location(
        location_id=location_uuid(call.call_id, event_id),
        lat=ali.lat,
        lng=ali.lon,
        created_at=_captured(ali, known, at),
        source=ANI_ALI,
        uncertainty_m=ali.uncertainty_m,
        address=ali.text,
        class_of_service=ali.class_of_service,
        altitude_m=ali.altitude_m,
    )
    same = known is not None and replace(found, location_id=known.location_id) == known
    return known if same else found


def _captured(ali: Ali, known: Location | None, at: datetime) -> datetime:
    """When the location was taken: as told, else when it came; a repeat came when it first did."""
    if ali.at is not None:
        try:
            return parse_iso(ali.at)
        except ValueError:
            pass  # some providers write what nobody can read; when it came is known
    repeated = known is not None and (known.lat, known.lng) == (ali.lat, ali.lon)
    return known.created_at if known is not None and repeated else at


def _with_recording(known: tuple[Media, ...], call: CallView, at: datetime) -> tuple[Media, ...]:
    """With the recording, once the call is over and all of it is sealed."""
    if any(one.kind == "recording" for one in known):
        return known
    lengths = [leg.start_ms + (leg.duration_ms or 0) for leg in call.legs if leg.duration_ms]
    complete = call.ended_at is not None and all(leg.state == "sealed" for leg in call.legs)
    if not complete or not lengths:
        return known
    return (*known, Media(media_uuid(call.call_id), "recording", AUDIO_TYPE, at, max(lengths)))


# ---- bodies


def metadata_body(incident: Incident, console: str) -> dict[str, Any]:
    """The documented `incident_metadata`; `console` is the address of our console."""
    ended = incident.audio_call_ended_at
    body: dict[str, Any] = {
        "type": "incident_metadata",
        "id": incident.incident_id,
        "caller_phone_number": incident.caller_phone_number,
        "is_audio_live": incident.is_audio_live,
        "created_at": partner_time(incident.created_at),
        "updated_at": partner_time(incident.updated_at),
        "audio_call_ended_at": None if ended is None else partner_time(ended),
        "chatroom_url": f"{console}/#/call/{incident.call_id}",
    }
    # Only on demo calls: every other body has the documented fields and no more.
    return {**body, "demo": True} if incident.demo else body


def location_body(incident_id: str, location: Location) -> dict[str, Any]:
    """The documented `caller_location`, with what we add where it is known."""
    optional = {
        "class_of_service": location.class_of_service,
        "uncertainty_m": location.uncertainty_m,
        "altitude_m": location.altitude_m,
        "address": location.address,
    }
    return {
        "type": "caller_location",
        "id": location.location_id,
        "incident_id": incident_id,
        "lat": location.lat,
        "lng": location.lng,
        "created_at": partner_time(location.created_at),
        "source": location.source,
        **{name: value for name, value in optional.items() if value is not None},
    }


def media_body(incident_id: str, media: Media, url: str, expires_at: datetime) -> dict[str, Any]:
    """A `media` object; `url` is a secret for as long as it lasts."""
    return {
        "type": "media",
        "id": media.media_id,
        "incident_id": incident_id,
        "kind": media.kind,
        "url": url,
        "url_expires_at": added_time(expires_at),
        "content_type": media.content_type,
        "created_at": added_time(media.created_at),
    }


def encode(body: dict[str, Any]) -> bytes:
    """A body as it is sent."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
