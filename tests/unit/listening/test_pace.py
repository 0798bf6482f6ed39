"""Pace, live edge, rate and what was heard: the small laws of playing."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ringdown.listening.model.edge import RESERVE_MS, EdgeFollower
from ringdown.listening.model.pace import CHUNK_MS, LOW_MS, Pace
from ringdown.listening.model.rate import CommandRate
from ringdown.listening.model.stretches import HeardLog, merged


@given(st.lists(st.sampled_from([0.005, 0.02, 0.021, 0.04, 0.5]), max_size=300))
def test_pace_keeps_up_without_bursts_or_drift(pauses: list[float]) -> None:
    """At most one piece above the low mark waits; what was pushed is time passed, less stalls."""
    pace, now, pushed, dry = Pace(), 0.0, 0, 0.0
    empty_at = 0.0
    for pause in pauses:
        if pace.due(now):
            dry += max(0.0, now - empty_at)
            empty_at = max(empty_at, now) + CHUNK_MS / 1000
            pace.pushed(now, CHUNK_MS)
            pushed += CHUNK_MS
        assert pace.waiting_ms(now) <= LOW_MS + CHUNK_MS + 1
        now += pause
    assert abs(pushed / 1000 + dry - empty_at) < 0.001


def test_a_minute_of_ticks_plays_a_minute() -> None:
    """Ticks a little late never add up."""
    pace, pushed = Pace(), 0
    for tick in range(3000):
        now = tick * 0.02 + (tick % 7) * 0.001
        if pace.due(now):
            pace.pushed(now, CHUNK_MS)
            pushed += CHUNK_MS
    assert 60_000 <= pushed <= 60_000 + LOW_MS + CHUNK_MS
    assert pace.dry == 0


def test_running_dry_is_counted_only_while_audio_is_wanted() -> None:
    """A pause is no gap; a stall is."""
    pace = Pace()
    pace.pushed(0.0, CHUNK_MS)
    pace.rest()
    pace.pushed(5.0, CHUNK_MS)
    assert pace.dry == 0
    pace.pushed(6.0, CHUNK_MS)
    assert pace.dry == 1


def test_the_follower_stays_close_behind_a_recording_that_grows_in_fits() -> None:
    """A file that grows 40 ms at a time is played without a gap, 250 ms behind at most."""
    follower, pace, late = EdgeFollower(), Pace(), 0
    for tick in range(3000):
        now = tick * 20
        edge = 10_000 + now // 40 * 40
        if pace.due(now / 1000):
            place = follower.next(edge)
            if place is not None:
                pace.pushed(now / 1000, CHUNK_MS)
                follower.played()
        if tick > 50:
            assert follower.position is not None
            heard = follower.position - pace.waiting_ms(now / 1000)
            late = max(late, edge - heard)
    assert pace.dry <= 1
    assert late <= 250


def test_a_recording_that_stalls_is_waited_for() -> None:
    """The place waits at the edge, then goes on with the next sample."""
    follower = EdgeFollower()
    places = []
    for edge in [1000, 1000, 1000, 1059, 1060]:
        place = follower.next(edge)
        if place is not None:
            places.append(place)
            follower.played()
    assert places == [820, 900, 980]


def test_a_recording_that_bursts_is_caught_up_with() -> None:
    """Too far behind, the listener is taken close to the edge again."""
    follower = EdgeFollower()
    follower.next(1000)
    follower.next(3000)
    assert follower.position is not None
    assert 3000 - follower.position <= RESERVE_MS
    assert follower.jumps == 1


@given(st.lists(st.floats(0, 0.2), max_size=400))
def test_no_second_has_more_than_twice_the_rate(pauses: list[float]) -> None:
    """A full bucket and a second's refill is the most, and then the rate itself."""
    rate, now, allowed = CommandRate(20), 0.0, []
    for pause in pauses:
        now += pause
        if rate.allow(now):
            allowed.append(now)
    for start in allowed:
        assert len([at for at in allowed if start <= at < start + 1]) <= 40


def test_a_flood_is_cut_to_the_rate() -> None:
    """A thousand in one second: the bucket's twenty, and twenty more."""
    rate = CommandRate(20)
    assert 20 <= sum(rate.allow(n / 1000) for n in range(1000)) <= 40


STRETCHES = st.lists(
    st.tuples(st.integers(0, 200), st.integers(0, 50)).map(lambda s: (s[0], s[0] + s[1]))
)


@given(STRETCHES)
def test_merging_keeps_every_millisecond_once(stretches: list[tuple[int, int]]) -> None:
    """The union is the same; the result is in order and apart."""
    found = merged(stretches)
    assert {ms for s, e in found for ms in range(s, e)} == {
        ms for s, e in stretches for ms in range(s, e)
    }
    assert all(a[1] < b[0] for a, b in pairwise(found))
    assert all(start < end for start, end in found)


def test_what_was_taken_back_was_not_heard() -> None:
    """A scrub throws away what waits; the rest is told once, and what waits is told later."""
    log = HeardLog()
    log.pushed(0, 60)
    log.pushed(60, 120)
    log.taken_back(80)
    log.pushed(5000, 5060)
    assert log.take(waiting_ms=20) == [(0, 40), (5000, 5040)]
    log.pushed(5060, 5120)
    assert log.take() == [(5040, 5120)]
    assert log.take() == []
