"""What an agency's map is made of: roads, addresses, landmarks and mileposts."""

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, get_args

Layer = Literal["roads", "addresses", "landmarks", "mileposts"]
LAYERS: Final[tuple[Layer, ...]] = get_args(Layer)
Parity = Literal["odd", "even", "both"]

MOST: Final[dict[Layer, int]] = {
    "roads": 200_000, "addresses": 500_000, "landmarks": 50_000, "mileposts": 50_000,
}  # fmt: skip
"""As many of each as one centre may have."""
MOST_POINTS: Final = 2_000
"""Points of one road line."""


class Point(NamedTuple):
    """A place in WGS84 degrees."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Range:
    """The house numbers of one side, in the direction of the line: `first` may be the higher."""

    first: int
    last: int
    parity: Parity = "both"

    @property
    def low(self) -> int:
        """The lowest number."""
        return min(self.first, self.last)

    @property
    def high(self) -> int:
        """The highest number."""
        return max(self.first, self.last)

    def holds(self, number: int) -> bool:
        """Whether the number lies between the ends and on this side."""
        if not self.low <= number <= self.high:
            return False
        return self.parity == "both" or (self.parity == "odd") == bool(number % 2)


@dataclass(frozen=True, slots=True)
class Road:
    """A stretch of a road's centre line, left and right as one follows its points."""

    name: str
    path: tuple[Point, ...]
    left: Range | None = None
    right: Range | None = None
    city_left: str = ""
    city_right: str = ""
    also: tuple[str, ...] = ()
    """Other names of the same stretch, such as the number of a highway."""
    major: bool = False

    @property
    def city(self) -> str:
        """Where it is; of two, the one on the left."""
        return self.city_left or self.city_right


@dataclass(frozen=True, slots=True)
class Address:
    """An address point."""

    number: str
    street: str
    at: Point
    unit: str = ""
    city: str = ""
    landmark: str = ""
    """What the place there is called."""


@dataclass(frozen=True, slots=True)
class Landmark:
    """A place that people know by its name."""

    name: str
    at: Point
    city: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Milepost:
    """A mile marker, or the exit of that number, on a road."""

    road: str
    mile: float
    at: Point
    kind: Literal["mile marker", "exit"] = "mile marker"


Feature = Road | Address | Landmark | Milepost
