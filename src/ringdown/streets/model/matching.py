"""What a spoken place may mean on the agency's own map: ranked, each with a score and a point.

Two plausible places are two. What the map does not have is not made up: no likeness, no match, and
a house number that the street does not have leaves the street alone, well below any street that
has the number.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from math import sqrt
from typing import Final, NamedTuple

from ringdown.spoken.places import fold
from ringdown.spoken.sound import likeness, sounds
from ringdown.streets.model.asked import Asked, AskedKind, readings
from ringdown.streets.model.features import Address, Milepost, Point, Range, Road
from ringdown.streets.model.geometry import along, centre, crossing, distance_to, length, metres
from ringdown.streets.model.index import Likely, Street, StreetIndex, house
from ringdown.streets.model.routes import Route, route

OFFERED: Final = 5
LEAST: Final[dict[AskedKind, float]] = {
    "address": 0.62, "block": 0.64, "intersection": 0.62, "street": 0.72, "landmark": 0.72,
    "milepost": 0.6,
}  # fmt: skip
"""The least score that is offered. A number or a crossing that is there speaks for itself."""
NUMBERLESS: Final = 0.56
"""The least for a street that lacks the number that was said."""
BEHIND: Final = 0.15
"""Places this far behind the best one are left out; less if the best one is sure."""
SURE: Final = 0.95
BEHIND_SURE: Final = 0.06
ON_RANGE: Final = 0.97
OTHER_SIDE: Final = 0.85
NO_SUCH_NUMBER: Final = 0.6
OTHER_CITY: Final = 0.85
ASIDE: Final = 8.0
"""Metres from the centre line at which a house is drawn."""
INSET: Final = 0.02
"""The share of a stretch at either end where no house is drawn."""
TOGETHER: Final = 80.0
"""Metres within which crossings of the same two streets are one."""
ON_STREET: Final = 150.0
"""Metres within which a landmark is on a street."""
TOO_MANY: Final = 6
"""Equally likely places beyond which a name says too little."""
NEXT_POST: Final = 1.5
"""Miles between two posts between which a place is worked out."""
CROSSED: Final = 4_000
"""Pairs of stretches that are looked at for a crossing without a common point."""


class Found(NamedTuple):
    """A place of the map."""

    text: str
    score: float
    at: Point
    kind: AskedKind


def match(index: StreetIndex, text: str) -> tuple[Found, ...]:
    """What the text may mean, best first; empty where the map has nothing like it."""
    asked, beside = readings(text)
    found = ranked(place for each in asked for place in _answers(index, each))
    if not found:
        found = ranked(place for each in beside for place in _landmarks(index, each))
    return found


def ranked(found: Iterable[Found]) -> tuple[Found, ...]:
    """The best ones, each place once."""
    kept: list[Found] = []
    for place in sorted(found, key=lambda each: (-each.score, each.text, each.at)):
        if kept and place.score < kept[0].score - (
            BEHIND_SURE if kept[0].score >= SURE else BEHIND
        ):
            break
        if not any(_same(place, other) for other in kept):
            kept.append(place._replace(score=round(min(place.score, 1.0), 3)))
    if len(kept) > TOO_MANY and kept[TOO_MANY].score >= kept[0].score - 0.01:
        return ()
    return tuple(kept[:OFFERED])


def _same(one: Found, other: Found) -> bool:
    apart = metres(one.at, other.at)
    return apart < 15 or (one.text == other.text and apart < 150)


def _answers(index: StreetIndex, asked: Asked) -> Iterator[Found]:
    if asked.kind == "milepost":
        yield from _mileposts(index, asked)
    elif asked.kind == "landmark":
        yield from _landmarks(index, asked)
    elif asked.kind == "intersection":
        yield from _crossings(index, asked)
    else:
        for street, score in index.streets(asked.name):
            if asked.kind == "address":
                yield from _numbered(street, score, asked)
            elif asked.kind == "block":
                yield from _blocks(street, score, asked)
            else:
                yield from _whole(street, score, asked)


def _told(main: str, city: str) -> str:
    return f"{main}, {city}" if city else main


def _in_city(asked: str, city: str) -> float:
    """How well a city fits the one that was said."""
    if not asked or not city:
        return 1.0
    one, other = fold(asked).own, fold(city).own
    if one == other:
        return 1.0
    heard = max(likeness(a, b) for a in sounds(one) for b in sounds(other))
    return 0.97 if heard >= 0.75 else OTHER_CITY


def _numbered(street: Street, score: float, asked: Asked) -> Iterator[Found]:
    found = list(_points(street, asked))
    pointed = {city for *_, city in found}
    # The numbers of a range are worked out; a point that is there was surveyed.
    found += [
        each
        for each in _on_ranges(street, asked)
        if not pointed or not (each[3] in pointed or "" in {each[3], *pointed})
    ]
    for text, level, at, city in found:
        total = score * level * _in_city(asked.city, city)
        if total >= LEAST["address"]:
            yield Found(_told(text, city), total, at, "address")
    if not found and score * NO_SUCH_NUMBER >= NUMBERLESS:
        for place in _whole(street, score, asked):
            yield place._replace(score=place.score * NO_SUCH_NUMBER)


def _points(street: Street, asked: Asked) -> Iterator[tuple[str, float, Point, str]]:
    """Address points with the number; of several units the one that was said, else their middle."""
    for city, group in groupby(
        sorted(street.houses.get(house(asked.number), ()), key=lambda each: (each.city, each.at)),
        key=lambda each: each.city,
    ):
        points = list(group)
        text = f"{points[0].number} {street.name}"
        unit = [each for each in points if asked.unit and house(each.unit) == house(asked.unit)]
        if unit:
            yield f"{text}, Unit {unit[0].unit}", 1.0, unit[0].at, city
            continue
        for cluster in _clusters([each.at for each in points], 150):
            yield text, 1.0, centre(cluster), city


def _on_ranges(street: Street, asked: Asked) -> Iterator[tuple[str, float, Point, str]]:
    digits = "".join(c for c in asked.number.split()[0].split("-")[0] if c.isdigit())
    if not digits:
        return
    number = int(digits)
    right: list[tuple[str, float, Point, str]] = []
    other: list[tuple[str, float, Point, str]] = []
    text = f"{asked.number} {street.name}"
    for road in street.roads:
        for side, aside, city in _sides(road):
            if side.low <= number <= side.high:
                holds = side.holds(number)
                to = aside if holds else -aside
                level = ON_RANGE if holds else OTHER_SIDE
                (right if holds else other).append(
                    (text, level, _at_number(road, side, number, to), city or road.city)
                )
    yield from right or other


def _sides(road: Road) -> Iterator[tuple[Range, float, str]]:
    if road.left:
        yield road.left, -ASIDE, road.city_left
    if road.right:
        yield road.right, ASIDE, road.city_right


def _at_number(road: Road, side: Range, number: int, aside: float) -> Point:
    span = side.last - side.first
    share = (number - side.first) / span if span else 0.5
    return along(road.path, min(max(share, INSET), 1 - INSET), aside)


def _blocks(street: Street, score: float, asked: Asked) -> Iterator[Found]:
    first = int(asked.number) // 100 * 100
    numbers = range(first, first + 100)
    best: dict[str, tuple[int, float, Point]] = {}
    for road in street.roads:
        for side, _, city in _sides(road):
            low, high = max(side.low, numbers[0]), min(side.high, numbers[-1])
            if low <= high:
                centred = -abs((low + high) // 2 - (first + 50))
                middle = _at_number(road, side, (low + high) // 2, 0.0)
                here = (high - low, centred, middle)
                best[city] = max(best.get(city, here), here)
    if not best:
        houses: dict[str, list[Point]] = {}
        for each in (one for group in street.houses.values() for one in group):
            digits = "".join(c for c in each.number if c.isdigit())
            if digits and int(digits) in numbers:
                houses.setdefault(each.city, []).append(each.at)
        best = {city: (0, 0.0, centre(points)) for city, points in houses.items()}
    text = f"{first} block of {street.name}"
    for city, (_, _, at) in sorted(best.items()):
        total = score * ON_RANGE * _in_city(asked.city, city)
        if total >= LEAST["block"]:
            yield Found(_told(text, city), total, at, "block")
    if not best and score * NO_SUCH_NUMBER >= NUMBERLESS:
        for place in _whole(street, score, asked):
            yield place._replace(score=place.score * NO_SUCH_NUMBER)


def _whole(street: Street, score: float, asked: Asked) -> Iterator[Found]:
    """The street itself, once for each city, at the middle of its longest stretch."""
    cities: dict[str, list[Road]] = {}
    for road in street.roads:
        cities.setdefault(road.city, []).append(road)
    for city, roads in sorted(cities.items()):
        at = along(max(roads, key=lambda road: length(road.path)).path, 0.5)
        total = score * _in_city(asked.city, city)
        if total >= LEAST["street"]:
            yield Found(_told(street.name, city), total, at, "street")
    if not cities:
        points = [one for group in street.houses.values() for one in group]
        for city, group in groupby(sorted(points, key=_by_city), key=lambda each: each.city):
            total = score * _in_city(asked.city, city)
            if total >= LEAST["street"]:
                middle = [each.at for each in group]
                yield Found(_told(street.name, city), total, middle[len(middle) // 2], "street")


def _by_city(address: Address) -> tuple[str, Point]:
    return (address.city, address.at)


def _crossings(index: StreetIndex, asked: Asked) -> Iterator[Found]:
    others = index.streets(asked.cross)
    for one in index.streets(asked.name):
        for other in others:
            score = sqrt(one.score * other.score)
            if one.street is not other.street and score >= LEAST["intersection"]:
                yield from _crossing(one, other, score, asked)


def _crossing(one: Likely, other: Likely, score: float, asked: Asked) -> Iterator[Found]:
    ends = _ends(one.street)
    shared = {key: ends[key] for key in ends.keys() & _ends(other.street).keys()}
    level = 1.0
    if not shared:
        level = 0.97
        pairs = [(a, b) for a in one.street.roads for b in other.street.roads]
        for a, b in pairs if len(pairs) <= CROSSED else ():
            at = crossing(a.path, b.path)
            if at:
                shared[at] = (at, a.city)
    text = f"{one.street.name} and {other.street.name}"
    cities = dict(shared.values())
    for cluster in _clusters(sorted(cities), TOGETHER):
        city = cities[cluster[0]]
        total = score * level * _in_city(asked.city, city)
        if total >= LEAST["intersection"]:
            yield Found(_told(text, city), total, centre(cluster), "intersection")


def _ends(street: Street) -> dict[Point, tuple[Point, str]]:
    """The ends of its stretches, to a metre, with the city."""
    ends: dict[Point, tuple[Point, str]] = {}
    for road in street.roads:
        for point in (road.path[0], road.path[-1]):
            ends[Point(round(point.lat, 5), round(point.lon, 5))] = (point, road.city)
    return ends


def _clusters(points: Sequence[Point], within: float) -> list[list[Point]]:
    """Points in groups; each group lies within so many metres of its first."""
    groups: list[list[Point]] = []
    for point in points:
        group = next((each for each in groups if metres(each[0], point) <= within), None)
        if group is None:
            groups.append([point])
        else:
            group.append(point)
    return groups


def _landmarks(index: StreetIndex, asked: Asked) -> Iterator[Found]:
    named = [each for each in index.named(asked.name) if each.score >= LEAST["landmark"]]
    if not named:
        return
    if not asked.cross:
        for landmark, score in named:
            total = score * _in_city(asked.city, landmark.city if not _digit(landmark.city) else "")
            if total >= LEAST["landmark"]:
                text = _told(landmark.name, landmark.city)
                yield Found(text, total, landmark.at, "landmark")
        return
    for street, likely in index.streets(asked.cross):
        for landmark, score in named:
            total = sqrt(score * likely)
            near = (distance_to(landmark.at, road.path) <= ON_STREET for road in street.roads)
            if total >= LEAST["landmark"] and any(near):
                text = f"{landmark.name}, {landmark.city or street.name}"
                yield Found(text, total, landmark.at, "landmark")


def _digit(text: str) -> bool:
    return text[:1].isdigit()


def _mileposts(index: StreetIndex, asked: Asked) -> Iterator[Found]:
    assert asked.mile is not None, "a milepost has a mile"
    kind = "exit" if asked.exit else "mile marker"
    wanted = route(asked.name)
    if asked.name:
        key = wanted.number if wanted else " ".join(fold(asked.name).own)
        groups = [index.posts.get(key, [])]
        level = 1.0
    else:
        groups, level = list(index.posts.values()), 0.8
    for group in groups:
        roads: dict[str, tuple[float, list[Milepost]]] = {}
        for on, post in group:
            fits = _fits(wanted, on) if asked.name else 1.0
            if fits and post.kind == kind:
                roads.setdefault(post.road, (fits * level, []))[1].append(post)
        for name, (score, posts) in sorted(roads.items()):
            for at, sure in _at_mile(posts, asked.mile):
                if score * sure >= LEAST["milepost"]:
                    mile = f"{asked.mile:g}"
                    yield Found(f"{name}, {kind} {mile}", score * sure, at, "milepost")


def _fits(wanted: Route | None, on: Route | None) -> float:
    if wanted is None or on is None:
        return 1.0 if wanted is on else 0.0
    return wanted.may_be(on)


def _at_mile(posts: Sequence[Milepost], mile: float) -> Iterator[tuple[Point, float]]:
    exact = [post.at for post in posts if abs(post.mile - mile) < 0.005]
    if exact:
        for cluster in _clusters(exact, 150):
            yield centre(cluster), 1.0
        return
    before = max((post for post in posts if post.mile < mile), key=_mile, default=None)
    after = min((post for post in posts if post.mile > mile), key=_mile, default=None)
    if before and after and after.mile - before.mile <= NEXT_POST and before.kind != "exit":
        share = (mile - before.mile) / (after.mile - before.mile)
        yield along((before.at, after.at), share), 0.9


def _mile(post: Milepost) -> float:
    return post.mile
