"""Word lists that several rules share. Pure."""
# ruff: noqa: E501 - word lists

from typing import Final

from ringdown.spoken.vocabulary import ORDINALS, TEENS, TENS, UNITS


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NUMBER_WORDS: Final = frozenset({**UNITS, **TEENS, **TENS, **ORDINALS}) | _words(
    "hundred thousand zero"
)

STRONG_SUFFIXES: Final = {
    "street": "Street",
    "st": "Street",
    "avenue": "Avenue",
    "ave": "Avenue",
    "road": "Road",
    "rd": "Road",
    "boulevard": "Boulevard",
    "blvd": "Boulevard",
    "lane": "Lane",
    "ln": "Lane",
    "parkway": "Parkway",
    "pkwy": "Parkway",
    "turnpike": "Turnpike",
    "expressway": "Expressway",
    "freeway": "Freeway",
    "drive": "Drive",
    "dr": "Drive",
    "court": "Court",
    "ct": "Court",
    "circle": "Circle",
    "cir": "Circle",
    "terrace": "Terrace",
    "highway": "Highway",
    "hwy": "Highway",
}
WEAK_SUFFIXES: Final = {
    "way": "Way",
    "place": "Place",
    "pl": "Place",
    "trail": "Trail",
    "loop": "Loop",
    "alley": "Alley",
    "square": "Square",
    "plaza": "Plaza",
    "crossing": "Crossing",
    "pike": "Pike",
    "cove": "Cove",
    "ridge": "Ridge",
    "run": "Run",
    "row": "Row",
    "path": "Path",
    "point": "Point",
    "walk": "Walk",
    "bend": "Bend",
    "hollow": "Hollow",
    "hill": "Hill",
}
SUFFIXES: Final = STRONG_SUFFIXES | WEAK_SUFFIXES

DIRECTIONS: Final = {
    "north": "North",
    "south": "South",
    "east": "East",
    "west": "West",
    "northeast": "Northeast",
    "northwest": "Northwest",
    "southeast": "Southeast",
    "southwest": "Southwest",
    "n": "North",
    "s": "South",
    "e": "East",
    "w": "West",
    "ne": "Northeast",
    "nw": "Northwest",
    "se": "Southeast",
    "sw": "Southwest",
}
BOUND: Final = {f"{way}bound": f"{way}bound" for way in ("north", "south", "east", "west")}

UNIT_WORDS: Final = {
    "apartment": "Apt",
    "apt": "Apt",
    "unit": "Unit",
    "suite": "Suite",
    "room": "Room",
    "lot": "Lot",
    "space": "Space",
    "trailer": "Trailer",
    "building": "Building",
    "floor": "Floor",
}

# Words that cannot stand inside the name of a street or a place.
STOP: Final = _words(
    "a an the this that these those my your his her their our its i i'm i've i'll i'd you you're he "
    "he's she she's it it's its we we're we've they they're there there's here here's what what's "
    "where where's when who who's why how which is are was were be been being am do does did don't "
    "doesn't didn't can can't could couldn't will won't would wouldn't shall should may might must "
    "have has had having haven't hasn't get gets got getting go goes going gone went come comes "
    "coming came in on at by to from for with without of off out up down over under into onto near "
    "behind around about between through across after before since until against toward towards and "
    "or but nor so yet if because as than then too also just like only even very really yeah yes yep "
    "no not nope okay ok um uh uhm er ah oh well please sir ma'am maam hello hi hey thanks thank "
    "sorry wait hold say said says saying tell told see saw seen know knows think thought need needs "
    "needed want wants send sent help someone somebody something anyone anybody everyone everybody "
    "people person man men woman women guy guys kid kids child children car cars truck trucks "
    "vehicle vehicles house houses home homes minutes minute hours hour years year old days day "
    "weeks week months month feet foot miles mile yards dollars bucks times time people's shots "
    "shot police cops cop officer ambulance fire smoke call calling called now right left still "
    "again ago more less all both each any some many much other another me him them us fell "
    "block blocks phone number address emergency looks look sounds lives live living driving drove "
    "walking running parked trying blood hurt dead street's not's him's percent degrees pounds "
    "dogs dog cats cat inches bullets rounds stories story"
)
# Words that describe a road without naming it.
GENERIC_NAMES: Final = _words(
    "dirt gravel back side busy same other whole next wrong private long dead main open service "
    "access country county city state local major first cross one-way two-way paved little big "
    "narrow nearest public new old straight test hard long whole middle different nice quiet "
    "rough single basketball tennis food traffic supreme district federal any every interstate"
)
CALENDAR: Final = _words(
    "monday tuesday wednesday thursday friday saturday sunday january february march april june "
    "july august september october november december christmas today tomorrow tonight yesterday"
)
