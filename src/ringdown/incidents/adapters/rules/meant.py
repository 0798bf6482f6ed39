"""Whether a claim is of here and now: not of a film, a drill, a figure of speech. Pure."""

from collections.abc import Sequence
from typing import Final, Protocol, TypeVar

from ringdown.incidents.adapters.rules.context import Stance, stance
from ringdown.incidents.adapters.rules.tokens import Line
from ringdown.incidents.ports import Evidence

PLAYED: Final[frozenset[Stance]] = frozenset(["fiction", "told_in_media", "drill"])
"""Ways of speaking in which nobody is described."""
IDLE: Final[frozenset[Stance]] = frozenset([*PLAYED, "figure", "past"])
"""Ways of speaking in which nothing is dangerous now."""


class _Claim(Protocol):
    @property
    def at(self) -> int: ...
    @property
    def evidence(self) -> tuple[Evidence, ...]: ...


C = TypeVar("C", bound=_Claim)


def meant(
    claims: Sequence[C], line: Line, before: Sequence[Line], idle: frozenset[Stance]
) -> list[C]:
    """The claims of `line` that are not meant in one of the `idle` ways."""
    return [claim for claim in claims if _stance(claim, line, before) not in idle]


def _stance(claim: _Claim, line: Line, before: Sequence[Line]) -> Stance:
    words = claim.evidence[-1]
    inside = [
        at for at, token in enumerate(line.tokens) if words.word_from <= token.word <= words.word_to
    ]
    return stance(line, inside[0], inside[-1], before) if inside else "meant"
