"""The vehicles of a call, put together from what was said of each. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from ringdown.incidents.ports import Evidence, Proposal

_SLOTS: Final = ("count", "colour", "year", "adjective", "make", "model", "body")

_MOST: Final = 5
_LONGEST: Final = 480
_FEATURES: Final = 6


@dataclass(frozen=True, slots=True)
class VehicleClaim:
    """One line's word on a vehicle: a description, a plate, a feature or a way."""

    sort: str
    """`seen`, `plate`, `feature`, `way` or `answer`."""
    slots: tuple[tuple[str, str], ...]
    opens: bool
    """Whether it may begin a new vehicle; else it belongs to the one spoken of before."""
    corrects: bool
    confidence: float
    evidence: tuple[Evidence, ...]
    order: tuple[int, int, str]
    at: int
    reason: str


@dataclass(slots=True)
class _Vehicle:
    slots: dict[str, str] = field(default_factory=dict[str, str])
    features: list[str] = field(default_factory=list[str])
    claims: list[VehicleClaim] = field(default_factory=list[VehicleClaim])

    def add(self, claim: VehicleClaim) -> None:
        """Take over what a claim says."""
        for slot, text in claim.slots:
            if slot == "feature":
                if text.lower() not in [each.lower() for each in self.features]:
                    self.features.append(text)
                continue
            key = _key(slot)
            if key == "body":
                self.slots = {k: v for k, v in self.slots.items() if _key(k) != "body" or k == slot}
            held = self.slots.get(slot)
            if held is None or claim.corrects or key in {"plate", "way"} or len(text) > len(held):
                self.slots[slot] = text
        if claim.sort == "plate":
            # A plate that was said anew or corrected is cited where it was said last.
            kept = self.slots.get("plate")
            self.claims = [
                c for c in self.claims if c.sort != "plate" or ("plate", kept) in c.slots
            ]
        self.claims.append(claim)

    def fits(self, claim: VehicleClaim) -> bool:
        """Whether nothing in the claim contradicts what is known."""
        for slot, text in claim.slots:
            key = _key(slot)
            for mine, held in self.slots.items():
                if _key(mine) != key or key in {"plate", "way", "adjective", "owner"}:
                    continue
                if key == "body" and not _same_body(mine, slot):
                    return False
                if key != "body" and not _same_words(text, held):
                    return False
        return True

    def shares(self, claim: VehicleClaim) -> bool:
        """Whether the claim names something that is known of this vehicle."""
        return any(
            _key(slot) in {"body", "make", "model", "colour"}
            and any(_key(k) == _key(slot) for k in self.slots)
            for slot, _ in claim.slots
        )


def _key(slot: str) -> str:
    return "body" if slot.startswith("body") else slot


def _same_body(one: str, other: str) -> bool:
    return one == other or "body " in (one, other) or {one, other} <= {"body car", "body suv"}


def _same_words(one: str, other: str) -> bool:
    a, b = one.lower(), other.lower()
    return (
        a in b or b in a or bool(set(a.split()) & set(b.split()) - {"or", "and", "dark", "light"})
    )


def resolve(claims: Sequence[VehicleClaim]) -> list[Proposal]:
    """All vehicles in one line, in the order in which they came up."""
    vehicles: list[_Vehicle] = []
    last: VehicleClaim | None = None
    for claim in sorted(claims, key=lambda claim: (claim.order, claim.at)):
        home = _home(claim, vehicles, last)
        if home is not None:
            home.add(claim)
        elif claim.sort in {"seen", "plate"} or len(claim.slots) > 1:
            vehicles.append(_Vehicle())
            vehicles[-1].add(claim)
        last = claim
    told = [
        each for each in vehicles if any(c.sort in {"seen", "plate", "answer"} for c in each.claims)
    ]
    if not told:
        return []
    shown: list[_Vehicle] = []
    for vehicle in told[-_MOST:]:
        if sum(len(_text(each)) + 2 for each in [*shown, vehicle]) <= _LONGEST:
            shown.append(vehicle)
    if not shown:
        return []
    text = "; ".join(_text(each) for each in shown)
    used = [claim for each in shown for claim in each.claims]
    evidence = tuple(dict.fromkeys(cited for claim in used for cited in claim.evidence))
    sure = round(min(claim.confidence for claim in used), 4)
    return [Proposal("vehicles", text, text[:1].upper() + text[1:], sure, evidence, used[0].reason)]


def _home(
    claim: VehicleClaim, vehicles: Sequence[_Vehicle], last: VehicleClaim | None
) -> _Vehicle | None:
    """The vehicle that a claim is about, or None for a new one."""
    if not vehicles:
        return None
    if claim.sort != "seen" or claim.corrects:
        return vehicles[-1]
    beside = last is not None and last.order == claim.order and claim.opens and last.sort == "seen"
    for vehicle in reversed(vehicles):
        if vehicle.fits(claim) and (
            vehicle.shares(claim) or (not claim.opens) or claim.reason.endswith("question")
        ):
            return None if beside and vehicle is vehicles[-1] else vehicle
    return None


def _text(vehicle: _Vehicle) -> str:
    slots = vehicle.slots
    body = next((text for slot, text in slots.items() if slot.startswith("body")), "")
    if "make" in slots and body.lower() in {"car", "vehicle"}:
        body = ""
    named = [slots[slot] for slot in _SLOTS[:-1] if slot in slots] + ([body] if body else [])
    parts = [" ".join(named)] if named else []
    parts += vehicle.features[:_FEATURES]
    parts += [slots[slot] for slot in ("plate", "way", "owner") if slot in slots]
    return ", ".join(parts)
