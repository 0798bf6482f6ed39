"""What is believed of a phone's readings, when they were taken, and which of them are kept."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringdown.caller.trail import PhoneFix, Reading, believed, is_news
from ringdown.caller.views import FixView
from ringdown.core.clock import iso

NOW = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)
OPENED = NOW - timedelta(minutes=3)
OAK = {"lat": 40.5, "lon": -75.25, "accuracy_m": 12.0}


def sent(ago_s: float = 0, *, wrong: timedelta = timedelta(), **more) -> PhoneFix:
    at = NOW + wrong - timedelta(seconds=ago_s)
    return PhoneFix.model_validate({**OAK, "at": iso(at), **more})


def read(*fixes: PhoneFix, clock: str | None = None) -> list[Reading]:
    return believed(fixes, clock or iso(NOW), now=NOW, since=OPENED)


def kept(ago_s: float = 0, **more) -> FixView:
    at = iso(NOW - timedelta(seconds=ago_s))
    return FixView.model_validate(
        {"fix_id": "f", "call_id": "c", "link_id": "l", **OAK, "at": at, "received_at": at,
         "at_ms": 0, **more}
    )  # fmt: skip


@pytest.mark.parametrize(
    "wrong", [timedelta(days=1), timedelta(days=-1), timedelta(days=-9000), timedelta(seconds=40)]
)
def test_a_phone_whose_clock_is_wrong_is_believed_in_all_but_the_time(wrong: timedelta) -> None:
    """By a day, by years: its readings stand as far apart as they were, at our own time."""
    found = read(sent(20, wrong=wrong), sent(4, wrong=wrong), clock=iso(NOW + wrong))
    assert [(NOW - one.at).total_seconds() for one in found] == [20, 4]
    alone = believed([sent(20, wrong=wrong), sent(wrong=wrong)], None, now=NOW, since=OPENED)
    assert [(NOW - one.at).total_seconds() for one in alone] == [20, 0]


def test_nothing_is_from_the_future_or_from_before_the_page_was_opened() -> None:
    """A place that the phone remembered from earlier is nobody's business."""
    found = read(sent(-30), sent(100_000), sent(200), sent(250))
    assert [(NOW - one.at).total_seconds() for one in found] == [200, 0]
    assert read(sent(at="yesterday")) == []
    assert believed([], None, now=NOW, since=OPENED) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"lat": 91.0},
        {"lat": float("nan")},
        {"lon": -181.0},
        {"lon": float("inf")},
        {"lat": 0.0, "lon": 0.0},
        {"accuracy_m": -1.0},
        {"accuracy_m": float("nan")},
        {"accuracy_m": 2_000_000.0},
    ],
)
def test_a_place_that_cannot_be_is_left_out_and_the_others_are_not(wrong: dict) -> None:
    """One broken reading costs no good one."""
    assert [one.lat for one in read(sent(5, **wrong), sent())] == [40.5]


def test_figures_beside_the_place_are_left_out_where_they_cannot_be() -> None:
    """The place is still good; what is not known is unknown."""
    [odd] = read(
        sent(altitude_m=90_000, altitude_accuracy_m=3, heading_deg=float("nan"), speed_mps=-1,
             floor="x" * 40, accuracy_m=0.0)
    )  # fmt: skip
    assert (odd.altitude_m, odd.altitude_accuracy_m, odd.heading_deg) == (None, None, None)
    assert (odd.speed_mps, odd.floor) == (None, None)
    assert odd.accuracy_m == 1.0, "nobody is exact"
    [good] = read(
        sent(altitude_m=38.25, altitude_accuracy_m=4, heading_deg=360, speed_mps=1.4, floor="3")
    )
    assert (good.altitude_m, good.altitude_accuracy_m, good.floor) == (38.2, 4, "3")
    assert (good.heading_deg, good.speed_mps) == (0, 1.4)


def new(ago_s: float = 0, *, east_m: float = 0, **more) -> Reading:
    lon = OAK["lon"] + east_m / 84_500
    return read(sent(ago_s, lon=lon, **more))[0]


@pytest.mark.parametrize(
    ("before", "reading", "news"),
    [
        (None, new(), True),
        (kept(5), new(), False),
        (kept(29), new(east_m=1), False),
        (kept(31), new(east_m=1), True),
        (kept(5), new(east_m=4), False),
        (kept(5), new(east_m=7), True),
        (kept(5, accuracy_m=200.0), new(east_m=30, accuracy_m=200), False),
        (kept(5, accuracy_m=200.0), new(east_m=60, accuracy_m=200), True),
        (kept(5), new(accuracy_m=8), True),
        (kept(5), new(accuracy_m=80), False),
        (kept(2), new(east_m=50), False),
        (kept(2), new(accuracy_m=5), True),
        (kept(5), new(altitude_m=20), True),
        (kept(5, altitude_m=20.0), new(altitude_m=22), False),
        (kept(5, altitude_m=20.0), new(altitude_m=26), True),
        (kept(5, altitude_m=20.0), new(altitude_m=26, altitude_accuracy_m=30), False),
        (kept(5, floor="2"), new(floor="3"), True),
        (kept(0), new(20, east_m=40), True),
        (kept(0), new(1, east_m=40), False),
        (kept(90), new(), True),
        (kept(15), new(), False),
    ],
)
def test_a_trail_keeps_what_is_news(before: FixView | None, reading: Reading, news: bool) -> None:
    """Moved, knows better, another storey, or a sign that it is still there; and no repetition."""
    assert is_news([before] if before else [], reading, 5) == news


ANY = st.floats(allow_nan=True, allow_infinity=True)


@given(ANY, ANY, ANY, st.none() | ANY, st.none() | ANY, st.text(max_size=40), st.none() | st.text())
def test_whatever_is_sent_what_is_believed_can_be_true(
    lat, lon, accuracy_m, altitude_m, speed_mps, at, clock
) -> None:
    """No figure makes the reading fail, and none that is kept breaks a message as JSON."""
    fix = PhoneFix(
        lat=lat, lon=lon, accuracy_m=accuracy_m, altitude_m=altitude_m, speed_mps=speed_mps, at=at,
        altitude_accuracy_m=altitude_m, heading_deg=speed_mps,
    )  # fmt: skip
    for time in (at, iso(NOW)):
        one = fix.model_copy(update={"at": time})
        for found in believed([one], clock, now=NOW, since=OPENED):
            assert abs(found.lat) <= 90
            assert abs(found.lon) <= 180
            assert found.accuracy_m >= 1
            assert OPENED - timedelta(seconds=61) < found.at <= NOW
            told = (found.altitude_m, found.speed_mps, found.heading_deg)
            json.dumps(told, allow_nan=False)


def test_a_reading_shows_no_place_where_it_is_logged() -> None:
    """Neither whole nor in an error."""
    assert "40.5" not in repr(sent())
    assert "-75" not in repr(sent())
