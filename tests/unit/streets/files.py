"""The invented town as files of an agency."""

from tests.unit.streets.town import LANDMARKS, ROADS


def roads_file() -> dict[str, object]:
    """The roads of the town as an agency's GIS exports them."""
    features: list[object] = [
        {
            "type": "Feature",
            "properties": {
                "FullName": road.name,
                "FromAddr_L": road.left.first if road.left else None,
                "ToAddr_L": road.left.last if road.left else None,
                "FromAddr_R": road.right.first if road.right else None,
                "ToAddr_R": road.right.last if road.right else None,
                "IncMuni_L": road.city_left,
                "IncMuni_R": road.city_right,
                "RoadClass": "Primary" if road.major else "Local",
            },
            "geometry": {"type": "LineString", "coordinates": [[p.lon, p.lat] for p in road.path]},
        }
        for road in ROADS
    ]
    features.append({"type": "Feature", "properties": {"FullName": ""}, "geometry": None})
    return {"type": "FeatureCollection", "features": features}


LANDMARKS_CSV = "name,city,lat,lon\n" + "".join(
    f'"{each.name}",{each.city},{each.at.lat},{each.at.lon}\n' for each in LANDMARKS
)
