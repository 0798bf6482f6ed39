"""When a webhook is tried again, what ends it, and what stays the same."""

from datetime import timedelta

import pytest

from ringdown.partners.ledger import (
    SCHEDULE,
    Delivered,
    Delivery,
    Failed,
    Gone,
    attempted,
    event_name,
    redelivery,
    wait_s,
)
from ringdown.testing.clock import START

ONE = Delivery(
    "dlv_1", "a", "whk_1", "evt_1_media", "media", "i", "{}", START, next_attempt_at=START
)
NO = Failed("partners.receiver.status", "The receiver answered 500.", 500)


def test_the_attempts_come_when_the_documentation_says() -> None:
    """Twelve of them; the waits are lengthened by up to a fifth and never shortened."""
    since, elapsed = [0.0], 0.0
    for made in range(1, 12):
        wait = wait_s(made, 0.0, SCHEDULE)
        assert wait is not None
        assert wait_s(made, 0.999, SCHEDULE) == pytest.approx(wait * 1.2, rel=1e-3)
        elapsed += wait
        since.append(elapsed)
    hours = ["0:00:00", "0:00:05", "0:00:35", "0:02:35", "0:12:35", "0:42:35", "2:42:35",
             "7:42:35", "17:42:35", "31:42:35", "51:42:35", "75:42:35"]  # fmt: skip
    seconds = [sum(int(n) * 60**i for i, n in enumerate(reversed(t.split(":")))) for t in hours]
    assert since == seconds
    assert wait_s(12, 0.0, SCHEDULE) is None


def test_a_delivery_that_always_fails_is_a_dead_letter_after_twelve_attempts() -> None:
    """Its body is untouched, and the last reason is kept."""
    one = ONE
    for made in range(1, 13):
        one = attempted(one, NO, START, 0.0)
        assert (one.attempts, one.body) == (made, "{}")
        assert one.state == ("dead" if made == 12 else "retrying")
    assert (one.next_attempt_at, one.last_status) == (None, 500)
    assert one.last_error is not None
    assert one.last_error.code == "partners.receiver.status"


def test_success_and_410_settle_at_once() -> None:
    """Nothing is tried again."""
    done = attempted(ONE, Delivered(204), START, 0.0)
    assert (done.state, done.delivered_at, done.last_status) == ("delivered", START, 204)
    gone = attempted(ONE, Gone(), START, 0.0)
    assert (gone.state, gone.next_attempt_at, gone.last_status) == ("dead", None, 410)


@pytest.mark.parametrize(
    ("asked", "wait"), [(None, 5), (2, 5), (3_600, 3_600), (86_400, 86_400), (86_401, 5)]
)
def test_a_receiver_may_ask_for_more_time_but_not_for_ever(asked: float | None, wait: int) -> None:
    """The longer of its wish and the schedule; more than a day is ignored."""
    after = attempted(ONE, Failed("x", "y", 503, asked), START, 0.0)
    assert after.next_attempt_at == START + timedelta(seconds=wait)


def test_a_redelivery_is_new_but_the_event_is_the_same() -> None:
    """Receivers know the event by its id and take it once."""
    again = redelivery(ONE, "dlv_2", START)
    assert (again.event_id, again.body) == (ONE.event_id, ONE.body)
    assert (again.delivery_id, again.redelivery_of, again.attempts) == ("dlv_2", "dlv_1", 0)


def test_the_name_of_an_event_can_be_signed() -> None:
    """A full stop separates what is signed, so there is none in it."""
    assert event_name("evt_01", "caller_location") == "evt_01_caller_location"
