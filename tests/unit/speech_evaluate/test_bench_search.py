"""The search for the number of channels that a core carries."""

import pytest
from bench.speech_channels import MOST, _search


@pytest.mark.parametrize("best", range(0, MOST + 1, 4))
def test_the_highest_count_is_found(best: int) -> None:
    """From any starting point, without asking for any count twice."""
    asked: list[int] = []

    def ok(count: int) -> bool:
        asked.append(count)
        return count <= best

    assert _search(ok, 16, 4) == best
    assert len(asked) == len(set(asked))
