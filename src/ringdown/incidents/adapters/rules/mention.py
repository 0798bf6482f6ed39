"""A place as one line says it. Pure."""

from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["address", "block", "street", "intersection", "highway", "landmark", "area"]


NOT_IN: Final = frozenset(
    ["across from", "across the street from", "next door to", "next to", "behind", "down from"]
)
"""Relations to an address that say that the place is another one."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A place as said in one line, tokens `first` … `last`, with the strength of its rule."""

    kind: Kind
    first: int
    last: int
    strength: float
    number: str = ""
    street: str = ""
    detail: str = ""
    """The cross street; or units, floor, mile marker and exit, a comma between them."""
    city: str = ""
    """The city or neighbourhood, the state after a comma."""
    near: str = ""
    """A landmark beside it: "behind the school"."""
    relation: str = ""
    """How a street lies to the place, as in "near Elm Street": "near"."""
    lead: int = 0
    """Tokens before the first that say this relation."""
    spot: bool = False
    """It says where within another place, and nothing by itself: "in the woods"."""
    also: str = ""
    """Another house number that the same words may mean: "217 to" is perhaps 2172."""

    @property
    def text(self) -> str:
        """The place as a person reads it."""
        text = ", ".join(filter(None, (self._plain, self.city, self.near)))
        return f"{self.beside} {text}" if self.beside else text

    @property
    def _plain(self) -> str:
        if self.kind == "block":
            return f"{self.number} block of {self.street}"
        if self.kind == "intersection":
            return f"{self.street} and {self.detail}"
        main = f"{self.number} {self.street}".strip()
        return f"{main}, {self.detail}" if self.detail else main

    @property
    def beside(self) -> str:
        """How another place lies to this address, which is not the place itself."""
        return self.relation if self.kind == "address" and self.relation in NOT_IN else ""

    @property
    def key(self) -> str:
        """What two mentions of the same place have in common."""
        if self.kind == "intersection":
            return " & ".join(sorted((self.street.lower(), self.detail.lower())))
        if self.beside:
            return f"{self.beside} {self._plain.lower()}"
        return self._plain.lower().removeprefix("near ").replace(" block of", "")
