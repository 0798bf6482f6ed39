"""What the columns of map files are called: NENA NG9-1-1 GIS data model, TIGER and plain names.

Columns are compared without case, blanks and underscores: `St_PreDir` is `stpredir`.
"""

from collections.abc import Mapping, Sequence
from typing import Final

Columns = Mapping[str, object]

WHOLE: Final = ("fullname", "fullstreet", "fullstreetname", "streetname", "street", "roadname",
                "road", "name", "stname", "label", "addrstreet")  # fmt: skip
"""A street's name in one column. `stname` alone is one; with parts around it it is a part."""
PARTS: Final = (
    ("stpremod",), ("stpredir", "predir", "prefixdirection", "lstpredir"),
    ("stpretyp", "pretype"), ("stpresep",), ("stname", "streetname", "lstname", "name", "street"),
    ("stpostyp", "sttype", "streettype", "suffix", "posttype", "lsttype"),
    ("stposdir", "postdir", "sufdir", "suffixdirection", "lstposdir"), ("stposmod",),
)  # fmt: skip
ALIASES: Final = ("alias", "aliases", "altname", "alternatename", "alsoknownas", "othername",
                  "routename", "route", "ref")  # fmt: skip
LEFT: Final = (("fromaddrl", "lfromadd", "fromleft", "leftfrom", "lfrom", "lfadd",
                "fromaddressleft"),
               ("toaddrl", "ltoadd", "toleft", "leftto", "lto", "ltadd", "toaddressleft"),
               ("parityl", "leftparity", "parityleft"))  # fmt: skip
RIGHT: Final = (("fromaddrr", "rfromadd", "fromright", "rightfrom", "rfrom", "rfadd",
                 "fromaddressright"),
                ("toaddrr", "rtoadd", "toright", "rightto", "rto", "rtadd", "toaddressright"),
                ("parityr", "rightparity", "parityright"))  # fmt: skip
CITY: Final = ("incmuni", "municipality", "city", "addrcity", "town", "place", "uninccom",
               "uninccomm", "msagcomm", "postcomm", "postalcity", "community")  # fmt: skip
CLASS: Final = ("roadclass", "mtfcc", "class", "highway", "fclass", "functionalclass")
NUMBER: Final = ("addnumber", "number", "housenumber", "houseno", "streetnumber", "stno",
                 "addrhousenumber", "addressnumber", "hsenum")  # fmt: skip
BEFORE_NUMBER: Final = ("addnumpre",)
AFTER_NUMBER: Final = ("addnumsuf", "numbersuffix")
UNIT: Final = ("unit", "apartment", "apt", "suite", "addrunit", "unitnumber")
LANDMARK: Final = ("landmkname", "landmarkname", "landmark", "lmname", "poi", "business",
                   "businessname", "placename", "sitename", "name", "fullname",
                   "label")  # fmt: skip
NAMED: Final = LANDMARK[:-3]
"""Columns that hold the name of a landmark and never that of a street."""
MILE: Final = ("milemvalue", "mile", "milepost", "milemarker", "mp", "marker", "milepostvalue",
               "measure", "exit", "exitnumber", "exitno")  # fmt: skip
MILE_ROAD: Final = ("milemrte", "route", "routename", "road", "roadname", "highway", "rte",
                    "street", "fullname", "name")  # fmt: skip
MILE_KIND: Final = ("milemtype", "kind", "type")
LAT: Final = ("lat", "latitude", "y", "pointy", "latdd", "ycoord")
LON: Final = ("lon", "lng", "long", "longitude", "x", "pointx", "londd", "xcoord")
SHAPE: Final = ("wkt", "geometry", "geom", "thegeom", "shape")

_MAJOR: Final = frozenset(["primary", "secondary", "interstate", "freeway", "highway", "ramp",
                           "motorway", "trunk", "arterial", "s1100", "s1200"])  # fmt: skip


def column(name: str) -> str:
    """A column's name as it is compared."""
    return "".join(c for c in name.lower() if c.isalnum())


def text(row: Columns, names: Sequence[str]) -> str:
    """The first of these columns that says something, its blanks made single."""
    for name in names:
        value = row.get(name)
        if value is None or isinstance(value, bool | list | dict):
            continue
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        found = " ".join(str(value).split())
        if found and found.lower() not in {"null", "none", "<null>", "n/a", "unincorporated"}:
            return found
    return ""


def street(row: Columns) -> str:
    """A street's name: put together from its parts, or as it stands in one column."""
    parts = [text(row, names) for names in PARTS]
    around = [part for at, part in enumerate(parts) if at != 4]
    whole = text(row, ("fullname", "fullstreet", "fullstreetname"))
    if whole and not (row.get("stname") and any(around)):
        return readable(whole)
    if parts[4] and any(around):
        return readable(" ".join(filter(None, parts)))
    return readable(text(row, WHOLE))


def city(row: Columns, side: str = "") -> str:
    """The city, on one side (`l` or `r`) where the file tells them apart."""
    sided = [name + side for name in CITY] if side else []
    return readable(text(row, [*sided, *CITY]))


def aliases(row: Columns, name: str) -> tuple[str, ...]:
    """Other names, several with a semicolon between them."""
    found: list[str] = []
    for key in ALIASES:
        for each in text(row, (key,)).split(";"):
            other = readable(each.strip())
            if other and other != name and other not in found:
                found.append(other)
    return tuple(found[:8])


def major(row: Columns) -> bool:
    """Whether the map shows it from afar."""
    words = text(row, CLASS).lower().replace("/", " ").split()
    return any(word in _MAJOR for word in words)


def readable(name: str) -> str:
    """A name that is all in capitals as people write it; others as they are."""
    if not name.isupper() or not any(len(word) > 3 for word in name.split()):
        return name
    small = {"US", "NE", "NW", "SE", "SW", "FM", "SR", "CR"}
    return " ".join(word if word in small else word.capitalize() for word in name.split())
