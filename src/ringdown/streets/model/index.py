"""The map of a centre in memory, ready to be asked: streets by name, nodes, landmarks, cells."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import floor
from typing import Final, NamedTuple

from ringdown.spoken.near import SoundIndex
from ringdown.spoken.places import Place, fold, plain_words
from ringdown.spoken.sound import likeness, sounds
from ringdown.spoken.vocabulary import word_set
from ringdown.streets.model.features import Address, Landmark, Milepost, Point, Road
from ringdown.streets.model.routes import Route, route

CELL: Final = 0.01
"""Degrees of a side of the cells in which roads are looked up."""
LEAST: Final = 0.5
"""Names less alike than this are not looked at."""
OTHER_KIND: Final = 0.12
"""What a street loses when another kind of road was said."""
NO_KIND: Final = 0.02
OTHER_WAY: Final = 0.15
"""What it loses when it runs another way: north for south."""
NO_WAY: Final = 0.02
OTHER_NUMBER: Final = 0.15
"""What it loses when both are numbers or letters, and not the same."""
LIGHT: Final = 4.0
STRICTER: Final = 0.02
"""A name with less sound than LIGHT, if it is not the same, loses this for each unit it lacks."""
STREETS: Final = 12


@dataclass(slots=True)
class Street:
    """A street: every stretch and address with the same name, whatever the city."""

    name: str
    place: Place
    route: Route | None
    roads: list[Road] = field(default_factory=list[Road])
    houses: dict[str, list[Address]] = field(default_factory=dict[str, list[Address]])


class Likely(NamedTuple):
    """A street and how likely it is the one that was said."""

    street: Street
    score: float


_NONE: Final = Likely(Street("", Place(()), None), 0.0)


class Named(NamedTuple):
    """A landmark and how likely it is the one that was said."""

    landmark: Landmark
    score: float


class Box(NamedTuple):
    """A part of the map, in degrees."""

    west: float
    south: float
    east: float
    north: float


class StreetIndex:
    """Everything of one centre's map. It does not change; a new map is a new index."""

    def __init__(
        self,
        roads: Iterable[Road] = (),
        addresses: Iterable[Address] = (),
        landmarks: Iterable[Landmark] = (),
        mileposts: Iterable[Milepost] = (),
    ) -> None:
        self._streets: dict[tuple[tuple[str, ...], str, tuple[str, ...]], Street] = {}
        self._known: dict[str, Street] = {}
        self._cells: dict[tuple[int, int], list[Road]] = {}
        self.landmarks = list(landmarks)
        self.posts: dict[str, list[tuple[Route | None, Milepost]]] = {}
        for road in roads:
            self._add_road(road)
        for address in addresses:
            street = self._street(address.street)
            street.houses.setdefault(house(address.number), []).append(address)
            if address.landmark:
                self.landmarks.append(
                    Landmark(address.landmark, address.at, f"{address.number} {address.street}")
                )
        for post in mileposts:
            on = route(post.road)
            key = on.number if on else " ".join(fold(post.road).own)
            self.posts.setdefault(key, []).append((on, post))
        own: dict[str, list[Street]] = {}
        self._routes: dict[str, list[Street]] = {}
        for street in self._streets.values():
            own.setdefault(" ".join(street.place.own), []).append(street)
            if street.route:
                self._routes.setdefault(street.route.number, []).append(street)
        self._own = list(own.values())
        self._sounds = SoundIndex(tuple(own))
        names: dict[str, list[Landmark]] = {}
        for landmark in self.landmarks:
            for name in (landmark.name, *landmark.also):
                names.setdefault(landmark_words(name), []).append(landmark)
        self._named = list(names.values())
        self._names = tuple(names)
        self._landmark_sounds = SoundIndex(self._names)

    def streets(self, text: str) -> list[Likely]:
        """The streets that a text may name, the likeliest first."""
        wanted = route(text)
        if wanted:
            likely = [
                Likely(street, wanted.may_be(street.route))
                for street in self._routes.get(wanted.number, ())
                if street.route
            ]
            found = [each for each in likely if each.score]
            if found:
                return sorted(found, key=lambda each: (-each.score, each.street.name))[:STREETS]
        place = fold(text)
        best: dict[int, Likely] = {}
        # "Harbor View" may be all of a name, and its last word no kind of road.
        whole = Place((*place.own, place.kind), "", place.directions)
        for asked in (place, whole) if place.kind else (place,):
            for number, alike, weight in self._sounds.nearest(asked.own):
                for street in self._own[number]:
                    score = min(alike - _loss(asked, street.place, weight), 1.0)
                    if score >= LEAST and score > best.get(id(street), _NONE).score:
                        best[id(street)] = Likely(street, score)
        return sorted(best.values(), key=lambda each: (-each.score, each.street.name))[:STREETS]

    def named(self, text: str) -> list[Named]:
        """The landmarks that a text may name, the likeliest first."""
        asked = landmark_words(text)
        words = asked.split()
        if not words or all(word in GENERIC for word in words):
            return []
        best: dict[int, Named] = {}
        for number, alike, weight in self._landmark_sounds.nearest(words):
            name = self._names[number]
            score = 1.0 if name == asked else _distinct(words, name.split(), alike)
            score -= STRICTER * max(0.0, LIGHT - weight) if name != asked else 0.0
            if len(words) > 1 and set(words) < set(name.split()):
                score = max(score, 0.8)
            for landmark in self._named[number]:
                if id(landmark) not in best or best[id(landmark)].score < score:
                    best[id(landmark)] = Named(landmark, score)
        return sorted(best.values(), key=lambda each: (-each.score, each.landmark.name))

    def within(self, box: Box) -> list[Road]:
        """The roads of the cells that a box touches, each once, major ones first."""
        found: dict[int, Road] = {}
        if (box.east - box.west) * (box.north - box.south) > len(self._cells) * CELL * CELL:
            for (x, y), roads in self._cells.items():
                if (
                    box.west < (x + 1) * CELL and x * CELL <= box.east
                    and box.south < (y + 1) * CELL and y * CELL <= box.north
                ):  # fmt: skip
                    found.update((id(road), road) for road in roads)
        else:
            for x in range(floor(box.west / CELL), floor(box.east / CELL) + 1):
                for y in range(floor(box.south / CELL), floor(box.north / CELL) + 1):
                    found.update((id(road), road) for road in self._cells.get((x, y), ()))
        return sorted(found.values(), key=lambda road: not road.major)

    def bounds(self) -> Box | None:
        """The smallest box around all roads, or around all landmarks where there is no road."""
        cells = self._cells
        if cells:
            xs, ys = [x for x, _ in cells], [y for _, y in cells]
            return Box(
                round(min(xs) * CELL, 6), round(min(ys) * CELL, 6),
                round((max(xs) + 1) * CELL, 6), round((max(ys) + 1) * CELL, 6),
            )  # fmt: skip
        points = [landmark.at for landmark in self.landmarks]
        points += [
            address.at
            for street in self._streets.values()
            for addresses in street.houses.values()
            for address in addresses
        ]
        if not points:
            return None
        lats, lons = [point.lat for point in points], [point.lon for point in points]
        return Box(min(lons), min(lats), max(lons), max(lats))

    def _add_road(self, road: Road) -> None:
        for name in (road.name, *road.also):
            self._street(name).roads.append(road)
        lons, lats = [point.lon for point in road.path], [point.lat for point in road.path]
        for x in range(floor(min(lons) / CELL), floor(max(lons) / CELL) + 1):
            for y in range(floor(min(lats) / CELL), floor(max(lats) / CELL) + 1):
                self._cells.setdefault((x, y), []).append(road)

    def _street(self, name: str) -> Street:
        known = self._known.get(name)
        if known is None:
            place = fold(name)
            key = (place.own, place.kind, place.directions)
            known = self._streets.get(key)
            if known is None:
                known = self._streets[key] = Street(name, place, route(name))
            self._known[name] = known
        return known


GENERIC: Final = word_set(
    "school church park store shop station gas house home hospital mall bank bridge building "
    "apartment apartments library restaurant motel hotel office parking lot garage field road "
    "street highway freeway corner intersection river lake beach cemetery airport court mart "
    "center plaza bar pool playground yard garden market pharmacy clinic trail path woods the a "
    "my our your his her their and of at in on"
)
"""Words that by themselves name no landmark."""
_NUMBERS: Final = word_set(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety "
    "hundred oh first second third fourth fifth sixth seventh eighth ninth tenth eleventh "
    "twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth "
    "twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth hundredth"
)


def landmark_words(name: str) -> str:
    """A landmark's name as it is compared."""
    words = plain_words(name)
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    return " ".join(["saint", *words[1:]] if words[:1] == ["st"] else words)


def _distinct(asked: list[str], name: list[str], alike: float) -> float:
    """How alike two landmarks are by what tells them apart: most hospitals are called Hospital."""
    own = [word for word in asked if word not in GENERIC]
    other = [word for word in name if word not in GENERIC]
    if not own or not other or (own == asked and other == name):
        return alike
    heard = max(likeness(one, two) for one in sounds(own) for two in sounds(other))
    return min(alike, 0.25 * alike + 0.75 * heard)


def house(number: str) -> str:
    """A house number as it is compared."""
    return "".join(number.upper().split())


def _loss(asked: Place, there: Place, weight: float) -> float:
    loss = 0.0
    if asked.own != there.own:
        loss += STRICTER * max(0.0, LIGHT - weight)
        if _counted(asked.own) and _counted(there.own):
            loss += OTHER_NUMBER
    if asked.kind != there.kind:
        loss += OTHER_KIND if asked.kind and there.kind else NO_KIND
    if asked.directions != there.directions:
        loss += OTHER_WAY if asked.directions and there.directions else NO_WAY
    return loss


def _counted(own: Sequence[str]) -> bool:
    """Whether a name is a number or ends in a letter: 52nd, Avenue J."""
    return all(word in _NUMBERS for word in own) or len(own[-1]) == 1


def middle(road: Road) -> Point:
    """A point of the road that is not an end of it."""
    return road.path[len(road.path) // 2]
