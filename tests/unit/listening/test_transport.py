"""One listener's transport: how it begins, what each command does, what is told."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringdown.listening.model.commands import (
    Command,
    Pause,
    Refusal,
    Resume,
    Scrub,
    ScrubToEnd,
    SetGain,
)
from ringdown.listening.model.protocol import Gains, Restore
from ringdown.listening.model.rules import PlayoutRules
from ringdown.listening.model.transport import Transport

RULES = PlayoutRules()


def transport(
    duration: int = 60_000, *, over: bool = False, autoplay: bool | None = None
) -> Transport:
    made = Transport(RULES)
    made.call_is(duration, over=over)
    made.begin(autoplay=autoplay)
    return made


@pytest.mark.parametrize(
    ("over", "autoplay", "position", "paused"),
    [
        (False, None, 60_000, False),
        (False, True, 60_000, False),
        (False, False, 0, True),
        (True, None, 0, True),
        (True, True, 0, True),
        (True, False, 0, True),
    ],
)
def test_the_call_at_joining_decides_how_one_begins(
    over: bool, autoplay: bool | None, position: int, paused: bool
) -> None:
    """All rows of the table: live edge and playing, or the start and paused."""
    status = transport(over=over, autoplay=autoplay).status()
    assert (status.position, status.paused, status.call_over) == (position, paused, over)


def test_status_has_exactly_the_documented_keys() -> None:
    """Six keys, whole numbers and booleans."""
    told = json.loads(transport().status().encode())
    assert told == {
        "kind": "status",
        "position": 60_000,
        "duration": 60_000,
        "paused": False,
        "atEnd": True,
        "callOver": False,
    }


@pytest.mark.parametrize(
    ("asked", "got"),
    [(-5, 0), (0, 0), (30_000.4, 30_000), (1e300, 60_000), (-1e300, 0), (59_999.6, 60_000)],
)
def test_a_scrub_is_rounded_and_clamped(asked: float, got: int) -> None:
    """Whole ms within the call; a paused listener stays paused."""
    one = transport(autoplay=False)
    assert one.obey(Scrub(asked)) is None
    assert (one.position, one.paused) == (got, True)


def test_a_scrub_back_plays_on_behind_live() -> None:
    """Playing stays playing, but no longer with the edge."""
    one = transport()
    one.obey(Scrub(10_000))
    assert (one.position, one.paused, one.following) == (10_000, False, False)
    assert not one.status().at_end


def test_a_scrub_close_to_the_edge_follows_it() -> None:
    """Whoever scrubs beyond what there is wants to hear what comes."""
    one = transport()
    one.obey(Scrub(99_000))
    assert one.following


def test_pause_and_resume_keep_the_place() -> None:
    """Resuming goes on from the cursor, behind live if that is where it stands."""
    one = transport()
    one.obey(Pause())
    one.call_is(90_000, over=False)
    one.obey(Pause())
    assert (one.position, one.paused, one.following) == (60_000, True, False)
    one.obey(Resume())
    assert (one.position, one.paused, one.following) == (60_000, False, False)


def test_to_the_end_of_a_live_call_also_resumes() -> None:
    """The live position, playing, with the edge."""
    one = transport(autoplay=False)
    one.obey(ScrubToEnd())
    assert (one.position, one.paused, one.following) == (60_000, False, True)


def test_to_the_end_of_a_finished_call_pauses() -> None:
    """The cursor is the duration; there resume has no effect, and a scrub back keeps the pause."""
    one = transport(over=True)
    one.obey(Resume())
    one.obey(ScrubToEnd())
    one.obey(Resume())
    status = one.status()
    assert (status.position, status.paused, status.at_end) == (60_000, True, True)
    one.obey(Scrub(1000))
    assert one.paused


def test_playing_to_the_end_of_a_finished_call_pauses() -> None:
    """As media elements of a browser do."""
    one = transport(over=True)
    one.obey(Resume())
    one.played_to(59_999)
    assert not one.status().paused
    assert not one.status().at_end
    one.played_to(60_000)
    assert one.status().paused
    assert one.status().at_end


def test_the_end_of_a_live_call_is_a_second_wide() -> None:
    """A second behind is at the end, a little more is not."""
    one = transport()
    one.obey(Pause())
    one.call_is(61_000, over=False)
    assert one.status().at_end
    one.call_is(61_001, over=False)
    assert not one.status().at_end


def test_a_call_that_ends_lets_the_listener_hear_the_rest() -> None:
    """Whoever followed the edge plays on to the end, and is paused there."""
    one = transport()
    one.call_is(60_300, over=True)
    assert (one.paused, one.following, one.position) == (False, False, 60_000)
    one.played_to(60_300)
    assert one.paused


def test_duration_never_shrinks() -> None:
    """A shorter report changes nothing."""
    one = transport()
    one.call_is(10, over=False)
    assert one.status().duration == 60_000


@pytest.mark.parametrize(
    ("command", "gains"),
    [
        (SetGain(11.2, "caller"), Gains(caller=11.2)),
        (SetGain(-70, "call_taker"), Gains(call_taker=-60)),
        (SetGain(1e300, None), Gains(caller=20, call_taker=20)),
    ],
)
def test_gains_are_clamped_and_kept_apart(command: SetGain, gains: Gains) -> None:
    """One side, the other, or both; never beyond the limits."""
    one = transport()
    one.obey(command)
    assert one.gains == gains
    assert one.following


def test_one_channel_has_no_sides() -> None:
    """Turning the call-taker down must not silence the caller; both together can be turned."""
    one = transport()
    one.separable = False
    refused = one.obey(SetGain(-60, "call_taker"))
    assert isinstance(refused, Refusal)
    assert refused.code == "sides_not_separable"
    assert one.gains == Gains()
    assert one.obey(SetGain(-6, None)) is None


@pytest.mark.parametrize("over", [False, True])
@pytest.mark.parametrize("position", [None, 12_345])
@pytest.mark.parametrize("paused", [False, True])
def test_a_session_is_restored_as_it_was(over: bool, position: int | None, paused: bool) -> None:
    """Place, pause and gains; at the end of a finished call one is paused."""
    one = Transport(RULES)
    one.call_is(60_000, over=over)
    gains = Gains(caller=-6)
    one.restore(Restore(position=position, paused=paused, gains=gains))
    at_end = position is None
    assert one.position == (60_000 if at_end else 12_345)
    assert one.paused == (paused or (over and at_end))
    assert one.following == (at_end and not paused and not over)
    assert one.gains == gains


COMMANDS: st.SearchStrategy[Command] = st.one_of(
    st.just(Pause()),
    st.just(Resume()),
    st.just(ScrubToEnd()),
    st.builds(Scrub, st.floats(allow_nan=False, allow_infinity=False)),
    st.builds(
        SetGain,
        st.floats(allow_nan=False, allow_infinity=False),
        st.sampled_from([None, "caller", "call_taker"]),
    ),
)
STEPS = st.lists(
    st.one_of(
        COMMANDS,
        st.tuples(st.integers(0, 100_000), st.booleans()),
        st.integers(0, 100_000),
    ),
    max_size=30,
)


@given(STEPS, st.sampled_from([None, True, False]))
def test_whatever_happens_the_snapshot_is_sound(
    steps: list[Command | tuple[int, bool] | int], autoplay: bool | None
) -> None:
    """The cursor is within the call, the call never shrinks, its end is told truly and paused."""
    one = transport(1000, autoplay=autoplay)
    longest = 1000
    for step in steps:
        if isinstance(step, tuple):
            one.call_is(step[0], over=step[1])
        elif isinstance(step, int):
            if not one.paused:
                one.played_to(step)
        else:
            one.obey(step)
        status = one.status()
        assert 0 <= status.position <= status.duration
        assert status.duration >= longest
        longest = status.duration
        if status.call_over:
            assert status.at_end == (status.position == status.duration)
            assert status.paused or not status.at_end
            assert not one.following
        assert not (one.following and one.paused)
        assert -60 <= one.gains.caller <= 20
        assert -60 <= one.gains.call_taker <= 20
