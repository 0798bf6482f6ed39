"""The part of a map that is to be drawn, as GeoJSON."""

import json
from typing import Final

from ringdown.streets.model.index import Box, StreetIndex

MOST_ROADS: Final = 6_000
MOST_LANDMARKS: Final = 300


def drawn(index: StreetIndex, box: Box) -> bytes:
    """The roads and landmarks of a box. `complete` says whether all of them are there.

    Beyond the most that is drawn at once, major roads come first.
    """
    roads = index.within(box)
    landmarks = [
        each
        for each in index.landmarks
        if box.west <= each.at.lon <= box.east and box.south <= each.at.lat <= box.north
    ]
    features = [
        {
            "type": "Feature",
            "properties": {"layer": "roads", "name": road.name, "major": road.major},
            "geometry": {
                "type": "LineString",
                "coordinates": [[round(p.lon, 6), round(p.lat, 6)] for p in road.path],
            },
        }
        for road in roads[:MOST_ROADS]
    ]
    features += [
        {
            "type": "Feature",
            "properties": {"layer": "landmarks", "name": each.name},
            "geometry": {
                "type": "Point",
                "coordinates": [round(each.at.lon, 6), round(each.at.lat, 6)],
            },
        }
        for each in landmarks[:MOST_LANDMARKS]
    ]
    complete = len(roads) <= MOST_ROADS and len(landmarks) <= MOST_LANDMARKS
    found = {"type": "FeatureCollection", "features": features, "complete": complete}
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()
