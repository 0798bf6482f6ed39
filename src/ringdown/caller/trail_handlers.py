"""From the bus to the draft: where the caller's phone is stands beside the other places."""

from typing import Final

from ringdown.caller.events import CallerLocated
from ringdown.caller.views import FixView
from ringdown.core.events import FactRecord
from ringdown.incidents.api import PlaceView, Pointing
from ringdown.runtime.bus import Bus

NAME: Final = "caller trail"
CONFIDENCE_PERCENT: Final = 95.0
"""What a browser's accuracy means (W3C Geolocation, `accuracy`)."""


def subscribe(bus: Bus, incidents: Pointing) -> None:
    """Have incidents told of every fix that is kept."""

    async def located(record: FactRecord) -> None:
        fact = record.fact
        assert isinstance(fact, CallerLocated)
        await incidents.point(fact.centre_id, fact.fix.call_id, place_of(fact.fix))

    bus.subscribe(CallerLocated, located, name=NAME)


def place_of(fix: FixView) -> PlaceView:
    """A fix as a place beside the others."""
    return PlaceView(
        source="caller_link",
        lat=fix.lat,
        lon=fix.lon,
        uncertainty_m=fix.accuracy_m,
        confidence_percent=CONFIDENCE_PERCENT,
        at=fix.at,
        altitude_m=fix.altitude_m,
        altitude_uncertainty_m=fix.altitude_accuracy_m,
        floor=fix.floor,
    )
