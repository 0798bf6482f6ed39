"""The agency's own map, asked what a place that was said may be."""

from collections.abc import Sequence

from ringdown.incidents.places import PlaceMatch
from ringdown.streets.api import Streets


class MapGazetteer:
    """Answers from the centre's map, whatever version of it is in use."""

    def __init__(self, streets: Streets) -> None:
        self._streets = streets

    async def match(self, centre_id: str, text: str) -> Sequence[PlaceMatch]:
        """What the text may mean, best first; nothing without a map or a likeness."""
        return tuple(
            PlaceMatch(
                text=found.text, score=found.score, lat=found.lat, lon=found.lon, kind=found.kind
            )
            for found in await self._streets.match(centre_id, text)
        )
