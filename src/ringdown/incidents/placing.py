"""What a draft knows of the place from each source: words, network, device, person, phone.

The sources stand side by side. Nothing here changes what a field says.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from ringdown.calls.api import Ali, CallView
from ringdown.core.clock import iso, parse_iso
from ringdown.incidents.model import Draft, FieldView, Reading
from ringdown.incidents.places import (
    TOWER,
    PlaceMatch,
    PlaceSource,
    PlaceView,
    differing,
    distance_m,
    settled,
)

_CLASSES: Final = {
    "RESD": "residence line",
    "BUSN": "business line",
    "RPBX": "residence exchange",
    "BPBX": "business exchange",
    "CNTX": "Centrex line",
    "COIN": "pay telephone",
    "COCT": "pay telephone",
    "MOBL": "mobile",
    "WRLS": "wireless",
    "WPH1": TOWER,
    "WPH2": "wireless, caller's own position",
    "VOIP": "internet telephone",
    "VRES": "internet telephone, residence",
    "VBUS": "internet telephone, business",
    "VMBL": "internet telephone, mobile",
    "VNOM": "internet telephone, nomadic",
    "VENT": "internet telephone, enterprise",
    "TELEM": "telematics",
}
"""Classes of service in words. An unlisted one is shown as it came."""
_WIRELESS: Final = frozenset(["WPH1", "WPH2", "WRLS", "MOBL"])
_WIRELESS_PERCENT: Final = 90.0
"""Confidence that figures for mobile telephones in the US are given at."""
_NORTH: Final = 90.0
_DEVICE: Final = frozenset(["dbh", "els", "aml", "hels", "device", "gps", "gnss", "a-gps"])
"""What providers of a device's own position call themselves or their method."""
_POINTED: Final[frozenset[PlaceSource]] = frozenset(["caller_link"])
"""Sources that tell of themselves; all others are read from the call and from what is said."""
_SAME_M: Final = 5.0
_STOREY_M: Final = 3.0
_STALE: Final = timedelta(seconds=60)


@dataclass(frozen=True)
class Matched:
    """What a text may be on the agency's map."""

    text: str | None
    matches: tuple[PlaceMatch, ...]

    def of(self, draft: Draft) -> tuple[PlaceMatch, ...]:
        """The matches, if the location still says this."""
        return self.matches if draft.fields["location"].view.text == self.text else ()


def located(draft: Draft, call: CallView | None, matches: Sequence[PlaceMatch]) -> Draft:
    """The draft with its places as they are known now, and where they disagree."""
    field = draft.fields["location"]
    view = field.view.model_copy(update={"matches": tuple(matches)})
    places = (*_places(view, call), *(p for p in draft.places if p.source in _POINTED))
    apart = differing(places)
    if (places, apart, view) == (draft.places, draft.disagreements, field.view):
        return draft
    kept = field.model_copy(update={"view": view})
    return draft.model_copy(
        update={
            "version": draft.version + 1,
            "places": places,
            "disagreements": apart,
            "fields": {**draft.fields, "location": kept},
        }
    )


def pointed(draft: Draft, place: PlaceView) -> Draft:
    """The draft with what a source tells of itself, beside the others and in place of its own."""
    before = next((one for one in draft.places if one.source == place.source), None)
    if place.source not in _POINTED or (before is not None and not _news(before, place)):
        return draft
    others = tuple(one for one in draft.places if one.source != place.source)
    places = (*others, place)
    return draft.model_copy(
        update={
            "version": draft.version + 1,
            "places": places,
            "disagreements": differing(places),
        }
    )


def _news(before: PlaceView, now: PlaceView) -> bool:
    """Whether a source's newer place says more than the one that stands.

    A source that sends its place every few seconds changes the draft only when it moved, knows
    better, or the old one has become stale; a vague place does not displace a sharp one within it.
    """
    apart = distance_m(before, now)
    if apart is None or before.at is None or now.at is None:
        return before != now
    passed = parse_iso(now.at) - parse_iso(before.at)
    if passed < timedelta():
        return False
    old, new = before.uncertainty_m, now.uncertainty_m
    if passed >= _STALE or old is None or new is None:
        return before != now
    vague = new > 2 * old and apart <= new
    moved = apart > max(_SAME_M, old / 2) or new < 0.8 * old
    return (moved or _lifted(before, now)) and not vague


def _lifted(before: PlaceView, now: PlaceView) -> bool:
    """Whether it is another storey, or first known which."""
    if now.floor not in {None, before.floor}:
        return True
    if now.altitude_m is None or before.altitude_m is None:
        return now.altitude_m is not None
    return abs(now.altitude_m - before.altitude_m) > _STOREY_M


def _places(view: FieldView, call: CallView | None) -> tuple[PlaceView, ...]:
    typed = view.origin == "typed"
    said = _said(view)
    found = [
        _typed(view) if typed and view.text else None,
        None if said is None else _spoken(said, () if typed else view.matches, call),
        None if call is None or call.ali is None else _told(call.ali),
    ]
    return tuple(place for place in found if place is not None)


def _said(view: FieldView) -> Reading | None:
    """What was heard, also where a person has typed something else since."""
    if view.state == "rejected":
        return view.suggestion
    if view.origin != "typed":
        if view.text is None or view.value is None:
            return None
        return Reading(
            value=view.value, text=view.text, confidence=view.confidence or 0.0,
            evidence=view.evidence,
        )  # fmt: skip
    heard = next((each for each in view.alternatives if each.evidence), None)
    return view.suggestion or heard


def _typed(view: FieldView) -> PlaceView:
    match = settled(view.matches)
    return PlaceView(
        source="typed",
        text=view.text,
        lat=match.lat if match else None,
        lon=match.lon if match else None,
        method="map" if match else None,
        at=view.at,
        match=match,
    )


def _spoken(said: Reading, matches: Sequence[PlaceMatch], call: CallView | None) -> PlaceView:
    match = settled(matches)
    return PlaceView(
        source="spoken",
        text=said.text,
        lat=match.lat if match else None,
        lon=match.lon if match else None,
        method="map" if match else None,
        at=_when(said, call),
        evidence=said.evidence,
        match=match,
    )


def _when(said: Reading, call: CallView | None) -> str | None:
    """When the last of the words was said."""
    if call is None or not said.evidence:
        return None
    last = max(cited.end_ms for cited in said.evidence)
    return iso(parse_iso(call.started_at) + timedelta(milliseconds=last))


def _told(ali: Ali) -> PlaceView | None:
    """What the network or the device says. A tower's place is called that."""
    if ali.text is None and (ali.lat is None or ali.lon is None):
        return None
    service = (ali.class_of_service or "").strip().upper()
    words = (ali.provider or "").lower().replace("_", " ").split()
    device = not _DEVICE.isdisjoint(words)
    known = ali.uncertainty_m is not None and ali.uncertainty_m >= 0
    real = ali.lat is not None and ali.lon is not None
    real = real and abs(ali.lat or 0.0) <= _NORTH and abs(ali.lon or 0.0) <= 2 * _NORTH
    return PlaceView(
        source="device" if device else "network",
        text=ali.text,
        lat=ali.lat if real else None,
        lon=ali.lon if real else None,
        uncertainty_m=ali.uncertainty_m if known else None,
        confidence_percent=_WIRELESS_PERCENT if known and service in _WIRELESS else None,
        method=_CLASSES.get(service, ali.class_of_service) or ali.provider,
        at=ali.at,
    )
