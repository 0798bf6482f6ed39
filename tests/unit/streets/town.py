"""An invented town: a grid of streets, a second town beside it, a highway, and landmarks."""

from ringdown.streets.model.features import Address, Landmark, Milepost, Point, Range, Road
from ringdown.streets.model.index import StreetIndex

WEST, SOUTH, STEP = -90.0, 40.0, 0.002
"""Blocks of about 170 m by 220 m."""


def at(x: float, y: float) -> Point:
    """The place `x` blocks east and `y` blocks north of the corner of the town."""
    return Point(round(SOUTH + y * STEP, 7), round(WEST + x * STEP, 7))


def east_west(name: str, y: float, city: str = "Fairhaven", first: int = 0) -> list[Road]:
    """Six blocks numbered from the west, odd numbers on the left, which is north."""
    return [
        Road(
            name,
            (at(x, y), at(x + 1, y)),
            Range(first + 100 * x + 1, first + 100 * x + 99, "odd"),
            Range(first + 100 * x, first + 100 * x + 98, "even"),
            city,
            city,
        )
        for x in range(1, 7)
    ]


def north_south(name: str, x: float, city: str = "Fairhaven") -> list[Road]:
    """Six blocks numbered from the south."""
    return [
        Road(
            name,
            (at(x, y), at(x, y + 1)),
            Range(100 * y + 1, 100 * y + 99, "odd"),
            Range(100 * y, 100 * y + 98, "even"),
            city,
            city,
        )
        for y in range(1, 7)
    ]


ROADS = [
    *(road for y, name in enumerate(
        ["Genesee St", "Maple St", "Schuyler Ave", "Worcester Rd", "Kirkwood Ln", "N Phinney Ave"], 1
    ) for road in east_west(name, y)),
    *(road for x, name in enumerate(
        ["1st Ave", "2nd Ave", "3rd Ave", "Tchoupitoulas St", "Lincoln Blvd", "Avenue J"], 1
    ) for road in north_south(name, x)),
    # The same name once more: another kind of road, and another town.
    *east_west("Maple Ave", 8),
    *(Road(r.name, tuple(Point(p.lat + 0.3, p.lon) for p in r.path), r.left, r.right,
           "Brookside", "Brookside") for r in east_west("Maple St", 2)),
    Road("I-90", (at(-5, 9), at(12, 9)), also=("US 20", "Lakeshore Freeway"), major=True),
    Road("State Route 7", (at(4, -3), at(4, 12)), major=True),
    Road("County Road 12", (at(-5, -2), at(3, -2), at(3, -3))),
]  # fmt: skip
ADDRESSES = [
    Address("412", "Maple Street", at(4.1, 2.05), "1", "Fairhaven"),
    Address("412", "Maple Street", at(4.1, 2.05), "4B", "Fairhaven"),
    Address("415B", "Maple Street", at(4.2, 1.95), "", "Fairhaven"),
    Address("77", "Harbor View Court", at(9, 1), "", "Fairhaven", "Fairhaven Marina"),
]
LANDMARKS = [
    Landmark("Abraham Lincoln High School", at(2.5, 4.5), "Fairhaven"),
    Landmark("St. Mary's Hospital", at(5.5, 3.5), "Fairhaven", ("Saint Mary Medical Center",)),
    Landmark("Shell Station", at(3.0, 1.05), "Fairhaven"),
    Landmark("Shell Station", at(6.0, 6.02), "Fairhaven"),
    *(Landmark("Quick Stop", at(x, 20), "Fairhaven") for x in range(8)),
]
MILEPOSTS = [
    *(Milepost("I-90", mile, at(mile - 40, 9)) for mile in range(38, 48)),
    Milepost("I-90", 12, at(7, 9), "exit"),
    Milepost("SR 7", 42, at(4, 11)),
]
TOWN = StreetIndex(ROADS, ADDRESSES, LANDMARKS, MILEPOSTS)
