"""All readers, in the order of precedence among readings of the same length. Pure."""

from collections.abc import Callable, Sequence
from typing import Final

from ringdown.spoken.amounts import read_amount, read_fraction
from ringdown.spoken.clock import read_time
from ringdown.spoken.dates import read_date
from ringdown.spoken.electronic import read_electronic
from ringdown.spoken.idioms import read_idiom
from ringdown.spoken.pieces import Piece
from ringdown.spoken.plain import read_figure, read_ordinal, read_run
from ringdown.spoken.reading import Reading
from ringdown.spoken.roads import read_road
from ringdown.spoken.spelling import read_spelling, read_unit
from ringdown.spoken.telephone import read_misheard_phone, read_phone

READERS: Final[tuple[Callable[[Sequence[Piece], int], Reading | None], ...]] = (
    read_idiom,
    read_date,
    read_time,
    read_road,
    read_phone,
    read_amount,
    read_fraction,
    read_ordinal,
    read_unit,
    read_spelling,
    read_electronic,
    read_run,
    read_figure,
    read_misheard_phone,
)
