"""What media needs from outside: a store, and word from whoever listens to the legs."""

from typing import Protocol

from ringdown.media.model import LegGap, MediaLeg
from ringdown.runtime.db import Tx


class MediaStore(Protocol):
    """Where it is kept which legs there are and how far their recordings have come."""

    async def save_leg(self, tx: Tx, leg: MediaLeg) -> None:
        """Keep a new leg, or the new state of one."""
        ...

    async def leg(self, tx: Tx, centre_id: str, leg_id: str) -> MediaLeg | None:
        """One leg of this centre; another centre's looks missing."""
        ...

    async def legs_of(self, tx: Tx, centre_id: str, call_id: str) -> list[MediaLeg]:
        """The legs of a call in the order they began."""
        ...

    async def unfinished(self, tx: Tx) -> list[MediaLeg]:
        """Every leg of every centre that is not archived: what is to be gone on with at start."""
        ...

    async def sealed(self, tx: Tx, after: str, limit: int) -> list[MediaLeg]:
        """Legs of every centre that have a seal, by id, after the id `after`: to be verified."""
        ...

    async def add_gap(self, tx: Tx, centre_id: str, call_id: str, gap: LegGap) -> None:
        """Keep a gap; one that is kept already is not kept twice."""
        ...

    async def gaps_of(self, tx: Tx, centre_id: str, call_id: str) -> list[LegGap]:
        """The gaps of a call's legs, by leg and time."""
        ...


class SpeechProgress(Protocol):
    """Whoever turns legs into words: the raw file is kept until it is done with it."""

    async def done_with(self, centre_id: str, leg_id: str) -> bool:
        """Whether everything in the leg has been heard."""
        ...
