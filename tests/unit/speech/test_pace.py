"""The pace of looks: sooner at the beginning of a line, later under load, then not at all."""

from hypothesis import given
from hypothesis import strategies as st

from ringdown.speech.model.pace import Pace

LOADS = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 6)), max_size=200)


def run(pace: Pace, seconds: float, *, busy: float, lag_s: float, start: float = 0.0) -> float:
    now = start
    while now < start + seconds:
        now += 0.1
        pace.note(now, 0.1 * busy, lag_s)
    return now


def test_a_short_line_is_looked_at_sooner_than_a_long_one() -> None:
    """The first words shall come soon; a long line costs more to look at."""
    pace = Pace(1.0)
    periods = [pace.period(seconds) or 0.0 for seconds in (0.3, 2, 5, 9, 13)]
    assert periods == sorted(periods)
    assert periods[0] < 0.35
    assert periods[-1] > 1.0


def test_a_busy_worker_looks_less_often() -> None:
    """Before anything is late."""
    idle, busy = Pace(1.0), Pace(1.0)
    run(idle, 10, busy=0.2, lag_s=0)
    run(busy, 10, busy=0.8, lag_s=0)
    assert (busy.period(2) or 0) > 1.3 * (idle.period(2) or 9)


def test_overload_sheds_lines_then_leaves_them_out_and_goes_back_in_steps() -> None:
    """Each way with patience: a short calm brings nothing back."""
    pace = Pace(1.0)
    now = run(pace, 1, busy=1.0, lag_s=1.0)
    assert pace.mode == "partials_shed"
    now = run(pace, 1, busy=1.0, lag_s=3.0, start=now)
    assert pace.mode == "no_partials"
    assert pace.period(1) is None
    now = run(pace, 1, busy=1.0, lag_s=0.1, start=now)
    assert pace.mode == "no_partials"
    now = run(pace, 1, busy=0.3, lag_s=0.1, start=now)
    assert pace.mode == "partials_shed"
    run(pace, 6, busy=0.3, lag_s=0.1, start=now)
    assert pace.mode == "live"


@given(LOADS)
def test_calm_always_ends_overload(loads) -> None:
    """Whatever happened before."""
    pace = Pace(1.0)
    now = 0.0
    for busy, lag_s in loads:
        now += 0.1
        pace.note(now, 0.1 * busy, lag_s)
    run(pace, 15, busy=0.1, lag_s=0.0, start=now)
    assert pace.mode == "live"
