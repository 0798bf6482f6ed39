"""Listening sessions in virtual time with scripted workers: lifetimes, moves, restarts, ends."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.listening_world import (
    DANA,
    PARTNER,
    STRANGER,
    SUPERVISOR,
    Theatre,
    call_view,
    leg,
)

from ringdown.core.errors import NotFound, Unavailable
from ringdown.core.principal import Principal, TokenMark
from ringdown.listening.api import NoAudio
from ringdown.listening.fakes import MemoryListeningStore
from ringdown.listening.model.protocol import Failed, Gains, Heard, Here, Left, Ready, Restore
from ringdown.listening.model.session import merged, without
from ringdown.listening.service import SessionNotFound, TooManySessions
from ringdown.runtime.tasks import Tasks
from ringdown.testing.clock import START
from ringdown.testing.loop import VirtualLoop

Scene = Callable[[Tasks], Coroutine[Any, Any, None]]


def play(scene: Scene) -> None:
    async def whole() -> None:
        async with Tasks() as tasks:
            await scene(tasks)

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(whole())


def test_a_session_has_a_room_a_token_and_a_worker(tmp_path: Path) -> None:
    """Names are opaque; the worker is told everything it needs; the act is in the audit log."""

    async def scene(tasks: Tasks) -> None:
        theatre = Theatre(tasks, tmp_path)
        await asyncio.sleep(0.1)
        grant = await theatre.listening.open(PARTNER, "call_1", participant="Unit 7")
        await asyncio.sleep(0.1)
        (order,) = theatre.started[0].opened()
        (room,) = theatre.rooms.rooms
        assert (order.session_id, order.listener) == (grant.session_id, grant.identity)
        assert (order.call_over, order.autoplay, order.restore) == (False, None, None)
        assert [(one.leg_id, one.open) for one in order.legs] == [("leg_caller", True)]
        assert order.legs[0].folders == (str(tmp_path),)
        assert grant.autoplay
        assert grant.url == "wss://media.test"
        for name in (room, grant.identity):
            assert not {"call", "Responders", "client", "Unit"} & set(
                name.replace("_", " ").split()
            )
        tag, subject, details = (await theatre.audited())[0]
        assert (tag, subject) == ("listening:session:opened", grant.session_id)
        assert details["call_id"] == "call_1"
        assert details["participant"] == "Unit 7"
        assert "listener-of" not in repr(grant)

    play(scene)


@pytest.mark.parametrize(
    "failure", [ZeroDivisionError(), asyncio.CancelledError(), Unavailable("down")]
)
@pytest.mark.parametrize("reachable", [True, False])
def test_a_session_that_cannot_be_kept_leaves_no_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: BaseException, reachable: bool
) -> None:
    """Whatever the store fails of, its own error is told; the room goes, if need be later."""

    async def scene(tasks: Tasks) -> None:
        theatre = Theatre(tasks, tmp_path)
        await asyncio.sleep(0.1)

        async def fail(*_given: object) -> None:
            assert len(theatre.rooms.rooms) == 1
            theatre.rooms.down = not reachable
            raise failure

        monkeypatch.setattr(MemoryListeningStore, "add", fail)
        with pytest.raises(type(failure)):
            await theatre.listening.open(PARTNER, "call_1")
        assert len(theatre.rooms.rooms) == (0 if reachable else 1)
        theatre.rooms.down = False
        await asyncio.sleep(5)
        assert theatre.rooms.rooms == {}
        assert await theatre.states() == []

    play(scene)


def test_a_token_that_nobody_used_in_time_opens_nothing_any_more(tmp_path: Path) -> None:
    """At its expiry the room is deleted, the worker forgets the session, the row says why."""

    async def scene(tasks: Tasks) -> None:
        theatre = Theatre(tasks, tmp_path)
        grant = await theatre.listening.open(PARTNER, "call_1")
        await asyncio.sleep(598)
        assert await theatre.states() == [("issued", None)]
        await asyncio.sleep(3)
        assert await theatre.states() == [("closed", "never_joined")]
        assert theatre.rooms.rooms == {}
        assert theatre.started[0].closed() == [grant.session_id]

    play(scene)


def test_a_session_outlives_its_token_and_a_short_absence(tmp_path: Path) -> None:
    """The lifetime bounds the first joining; who is back within a minute goes on; later is over."""

    async def scene(tasks: Tasks) -> None:
        theatre = Theatre(tasks, tmp_path)
        grant = await theatre.listening.open(PARTNER, "call_1")
        await asyncio.sleep(0.1)
        worker = theatre.started[0]
        worker.joined(grant.session_id)
        await asyncio.sleep(3600)
        assert await theatre.states() == [("live", None)]
        worker.tell(Left(session_id=grant.session_id))
        await asyncio.sleep(58)
        assert await theatre.states() == [("away", None)]
        worker.joined(grant.session_id)
        await asyncio.sleep(120)
        assert await theatre.states() == [("live", None)]
        worker.tell(Left(session_id=grant.session_id))
        await asyncio.sleep(62)
        assert await theatre.states() == [("closed", "stayed_away")]
        assert theatre.rooms.rooms == {}
        tags = [(tag, details.get("again")) for tag, _, details in await theatre.audited()]
        assert ("listening:session:joined", False) in tags
        assert ("listening:session:joined", True) in tags

    play(scene)


@pytest.mark.parametrize("end", ["dies", "hangs"])
def test_a_worker_that_is_lost_costs_nobody_their_place(tmp_path: Path, end: str) -> None:
    """Another worker takes the session up where it stood: position, pause and gains."""

    async def scene(tasks: Tasks) -> None:
        theatre = Theatre(tasks, tmp_path, workers=2)
        await asyncio.sleep(0.1)
        first = await theatre.listening.open(PARTNER, "call_1")
        second = await theatre.listening.open(DANA, "call_1")
        await asyncio.sleep(0.1)
        one, other = theatre.started
        assert (len(one.opened()), len(other.opened())) == (1, 1)
        one.joined(first.session_id)
        one.stands(first.session_id, 61_000, paused=True, gains=Gains(caller=-12, call_taker=3))
        await asyncio.sleep(1)
        if end == "dies":
            one.kill()
        else:
            one.hangs = True
        await asyncio.sleep(5)
        assert one.killed
        again = next(o for o in other.opened() if o.session_id == first.session_id)
        gains = Gains(caller=-12, call_taker=3)
        assert again.restore == Restore(position=61_000, paused=True, gains=gains)
        assert len([o for o in other.opened() if o.session_id == second.session_id]) == 1
        assert len(theatre.started) == 3

    play(scene)


def test_one_worker_that_dies_is_replaced_and_goes_on(tmp_path: Path) -> None:
    """Sessions wait for the new one; its room and identity there stay the same."""

    async def scene(tasks: Tasks) -> None:
        theatre = Theatre(tasks, tmp_path)
        grant = await theatre.listening.open(PARTNER, "call_1")
        await asyncio.sleep(0.1)
        before = theatre.started[0].opened()[0]
        theatre.started[0].joined(grant.session_id)
        theatre.started[0].stands(grant.session_id, 5000, at_edge=True)
        await asyncio.sleep(0.1)
        theatre.ready = False
        theatre.started[0].kill()
        await asyncio.sleep(0.3)
        theatre.started[1].tell(Ready())
        await asyncio.sleep(0.1)
        (after,) = theatre.started[1].opened()
        assert (after.token, after.url, after.listener) == (
            before.token,
            before.url,
            before.listener,
        )
        assert after.restore == Restore(position=None, paused=False)

    play(scene)


def test_a_restart_goes_on_with_everybody_where_they_were(tmp_path: Path) -> None:
    """Rooms are made again under their names; listeners have the full time to come back."""

    async def scene(tasks: Tasks) -> None:
        before = Theatre(tasks, tmp_path)
        heard = await before.listening.open(PARTNER, "call_1")
        waiting = await before.listening.open(DANA, "call_1")
        over = await before.listening.open(DANA, "call_1")
        await before.listening.close(DANA, over.session_id)
        await asyncio.sleep(0.1)
        before.started[0].joined(heard.session_id)
        before.started[0].stands(heard.session_id, 42_000, gains=Gains(caller=6))
        await asyncio.sleep(2)
        before.running.cancel()
        await asyncio.gather(before.running, return_exceptions=True)
        rooms = set(before.rooms.rooms)
        before.rooms.rooms.clear()  # the media server went down with us
        after = Theatre(tasks, tmp_path, before=before)
        await asyncio.sleep(50)
        orders = {order.session_id: order for order in after.started[0].opened()}
        assert orders.keys() == {heard.session_id, waiting.session_id}
        restored = orders[heard.session_id].restore
        assert restored == Restore(position=42_000, paused=False, gains=Gains(caller=6))
        assert orders[waiting.session_id].restore is None
        assert set(after.rooms.rooms) == rooms
        after.started[0].joined(heard.session_id)
        await asyncio.sleep(120)
        states = {(s.session_id, s.state) for s in await after.listening.sessions(SUPERVISOR)}
        assert (heard.session_id, "live") in states

    play(scene)


def test_rooms_are_made_again_when_the_media_server_has_come_up(tmp_path: Path) -> None:
    """At once, for everybody; each worker joins its rooms anew and keeps the place."""

    async def scene(tasks: Tasks) -> None:
        theatre = Theatre(tasks, tmp_path)
        grants = [await theatre.listening.open(PARTNER, "call_1") for _ in range(3)]
        await asyncio.sleep(0.1)
        worker = theatre.started[0]
        for grant in grants:
            worker.joined(grant.session_id)
            worker.stands(grant.session_id, 7000)
        await asyncio.sleep(1)
        names = set(theatre.rooms.rooms)
        theatre.rooms.rooms.clear()
        theatre.listening.media_server_up()
        await asyncio.sleep(0.01)
        assert set(theatre.rooms.rooms) == names
        assert len(worker.opened()) == 6
        assert all(order.restore.position == 7000 for order in worker.opened()[3:])
        assert {state for state, _ in await theatre.states()} == {"away"}
        for grant in grants:
            worker.joined(grant.session_id)
        await asyncio.sleep(100)
        assert {state for state, _ in await theatre.states()} == {"live"}

    play(scene)


def test_nobody_is_away_too_long_while_the_media_server_is_down(tmp_path: Path) -> None:
    """They could not come back; once it answers they have the full time again."""

    async def scene(tasks: Tasks) -> None:
        theatre = Theatre(tasks, tmp_path)
        grant = await theatre.listening.open(PARTNER, "call_1")
        await asyncio.sleep(0.1)
        theatre.started[0].joined(grant.session_id)
        await asyncio.sleep(0.1)
        theatre.rooms.down = True
        theatre.started[0].tell(Left(session_id=grant.session_id))
        await asyncio.sleep(300)
        assert await theatre.states() == [("away", None)]
        theatre.rooms.down = False
        await asyncio.sleep(50)
        assert await theatre.states() == [("away", None)]
        await asyncio.sleep(20)
        assert await theatre.states() == [("closed", "stayed_away")]

    play(scene)


def test_who_is_there_has_not_stayed_away_though_no_worker_can_tell(tmp_path: Path) -> None:
    """No worker takes them for minutes: they wait in the room and hear on; who is gone is gone."""

    async def scene(tasks: Tasks) -> None:
        theatre = Theatre(tasks, tmp_path)
        there = await theatre.listening.open(PARTNER, "call_1")
        gone = await theatre.listening.open(PARTNER, "call_1")
        await asyncio.sleep(0.1)
        for grant in (there, gone):
            theatre.started[0].joined(grant.session_id)
            theatre.started[0].stands(grant.session_id, 5000, paused=True)
        room = there.token.reveal("its room").removeprefix("listener-of-")
        theatre.rooms.rooms[room].add(there.identity)
        await asyncio.sleep(0.1)
        theatre.ready = False
        theatre.started[0].kill()
        # The first new worker is asked to take them up and dies at once; none is ready after it.
        await asyncio.sleep(0.3)
        theatre.started[1].tell(Ready())
        await asyncio.sleep(0.1)
        theatre.started[1].kill()
        await asyncio.sleep(55)
        assert await theatre.states() == [("away", None)] * 2
        await asyncio.sleep(200)
        assert await theatre.states() == [("away", None), ("closed", "stayed_away")]
        theatre.ready = True
        await asyncio.sleep(60)
        (order,) = theatre.started[-1].opened()
        assert order.restore == Restore(position=5000, paused=True)
        theatre.started[-1].joined(there.session_id)
        await asyncio.sleep(1800)
        assert await theatre.states() == [("live", None), ("closed", "stayed_away")]
        theatre.rooms.rooms[room].clear()
        theatre.started[-1].tell(Left(session_id=there.session_id))
        await asyncio.sleep(62)
        assert {state for state, _ in await theatre.states()} == {"closed"}

    play(scene)


def test_a_room_that_vanished_is_found_out_and_made_again(tmp_path: Path) -> None:
    """Also when nobody told: an external server that was restarted, or somebody's mistake."""

    async def scene(tasks: Tasks) -> None:
        theatre = Theatre(tasks, tmp_path)
        await theatre.listening.open(PARTNER, "call_1")
        await asyncio.sleep(0.1)
        names = set(theatre.rooms.rooms)
        theatre.rooms.rooms.clear()
        await asyncio.sleep(3)
        assert set(theatre.rooms.rooms) == names
        assert len(theatre.started[0].opened()) == 2

    play(scene)


def test_a_session_that_failed_is_opened_again_with_growing_pauses(tmp_path: Path) -> None:
    """Not as fast as it can fail, and never given up while its time lasts."""

    async def scene(tasks: Tasks) -> None:
        theatre = Theatre(tasks, tmp_path)
        grant = await theatre.listening.open(PARTNER, "call_1")
        await asyncio.sleep(0.1)
        worker = theatre.started[0]
        theatre.rooms.down = True
        worker.tell(Failed(session_id=grant.session_id, code="listening.room.unreachable"))
        await asyncio.sleep(60)
        assert len(worker.opened()) == 1
        theatre.rooms.down = False
        await asyncio.sleep(6)
        assert 2 <= len(worker.opened()) <= 3

    play(scene)


def test_closing_is_for_good_and_for_ones_own(tmp_path: Path) -> None:
    """Twice changes nothing; another's, another centre's and unknown ones look the same."""

    async def scene(tasks: Tasks) -> None:
        theatre = Theatre(tasks, tmp_path)
        grant = await theatre.listening.open(PARTNER, "call_1")
        for somebody in (DANA, STRANGER):
            with pytest.raises(SessionNotFound):
                await theatre.listening.close(somebody, grant.session_id)
        await theatre.listening.close(PARTNER, grant.session_id)
        await theatre.listening.close(PARTNER, grant.session_id)
        assert theatre.rooms.rooms == {}
        await asyncio.sleep(10)
        closed = [row for row in await theatre.audited() if row[0] == "listening:session:closed"]
        assert [details["because"] for _, _, details in closed] == ["asked"]
        assert theatre.rooms.rooms == {}

    play(scene)


def test_a_room_that_cannot_be_deleted_now_is_deleted_later(tmp_path: Path) -> None:
    """Also after a restart: a closed session's token must not open anything."""

    async def scene(tasks: Tasks) -> None:
        theatre = Theatre(tasks, tmp_path)
        first = await theatre.listening.open(PARTNER, "call_1")
        second = await theatre.listening.open(PARTNER, "call_1")
        theatre.rooms.down = True
        await theatre.listening.close(PARTNER, first.session_id)
        assert len(theatre.rooms.rooms) == 2
        await asyncio.sleep(20)
        theatre.running.cancel()
        await asyncio.gather(theatre.running, return_exceptions=True)
        after = Theatre(tasks, tmp_path, before=theatre)
        after.rooms.down = False
        await asyncio.sleep(5)
        assert len(after.rooms.rooms) == 1
        await after.listening.close(PARTNER, second.session_id)
        assert after.rooms.rooms == {}

    play(scene)


def test_a_stopped_client_and_a_closed_sign_in_hear_no_more(tmp_path: Path) -> None:
    """Everything of theirs ends, and nothing of anybody else's."""

    async def scene(tasks: Tasks) -> None:
        theatre = Theatre(tasks, tmp_path)
        for who in (PARTNER, PARTNER, DANA):
            await theatre.listening.open(who, "call_1")
        assert await theatre.listening.close_all_of("b", PARTNER.id, "client_disabled") == 0
        assert await theatre.listening.close_all_of("a", PARTNER.id, "client_disabled") == 2
        assert len(theatre.rooms.rooms) == 1
        assert await theatre.listening.close_signed_out(["ses_9"]) == 0
        assert await theatre.listening.close_signed_out(["ses_1"]) == 1
        assert theatre.rooms.rooms == {}
        assert [why for _, why in await theatre.states()] == [
            "client_disabled",
            "client_disabled",
            "signed_out",
        ]

    play(scene)


def test_a_credential_that_ended_while_nobody_could_tell_us_hears_no_more(tmp_path: Path) -> None:
    """It is looked for now and then, and right after a restart."""

    async def scene(tasks: Tasks) -> None:
        before = Theatre(tasks, tmp_path)
        await before.listening.open(PARTNER, "call_1")
        await before.listening.open(DANA, "call_1")
        before.running.cancel()
        await asyncio.gather(before.running, return_exceptions=True)
        after = Theatre(tasks, tmp_path, before=before)
        after.gone.add(PARTNER.id)
        await asyncio.sleep(1)
        assert await after.states() == [("closed", "credential_over"), ("issued", None)]
        after.gone.add(DANA.id)
        await asyncio.sleep(6)
        assert [why for _, why in await after.states()] == ["credential_over"] * 2
        assert after.rooms.rooms == {}

    play(scene)


def test_a_session_got_with_an_old_secret_is_not_taken_up_after_a_restart(tmp_path: Path) -> None:
    """The client is still enabled; who came by its new secret goes on. No worker ever plays."""

    def with_secret(mark: str) -> Principal:
        return replace(PARTNER, token=TokenMark(f"token_{mark}", mark, START))

    async def scene(tasks: Tasks) -> None:
        before = Theatre(tasks, tmp_path)
        old = await before.listening.open(with_secret("old"), "call_1")
        new = await before.listening.open(with_secret("new"), "call_1")
        await asyncio.sleep(0.1)
        before.started[0].joined(old.session_id)
        await asyncio.sleep(2)
        before.running.cancel()
        await asyncio.gather(before.running, return_exceptions=True)
        after = Theatre(tasks, tmp_path, before=before)
        after.gone.add("old")
        await asyncio.sleep(10)
        assert await after.states() == [("closed", "credential_over"), ("issued", None)]
        assert [order.session_id for order in after.started[0].opened()] == [new.session_id]
        assert len(after.rooms.rooms) == 1
        told = [row for row in await after.audited() if row[1] == old.session_id]
        assert ("listening:session:closed", old.session_id,
                {"call_id": "call_1", "because": "credential_over"}) in told  # fmt: skip

    play(scene)


def test_the_worker_hears_of_legs_and_of_the_end_of_the_call(tmp_path: Path) -> None:
    """Once for each change; a leg is closed when all of it is durable, with its length."""

    async def scene(tasks: Tasks) -> None:
        theatre = Theatre(tasks, tmp_path)
        await theatre.listening.open(PARTNER, "call_1")
        await asyncio.sleep(0.1)
        worker = theatre.started[0]
        await theatre.listening.call_changed("a", "call_1")
        assert worker.legs() == []
        theatre.calls.view = call_view(legs=(leg(), leg("call_taker")))
        await theatre.listening.call_changed("a", "call_1")
        await theatre.listening.call_changed("a", "call_1")
        assert [len(told.legs) for told in worker.legs()] == [2]
        ended = (leg(state="ended"), leg("call_taker", "ended"))
        theatre.calls.view = call_view("ended", ended)
        await theatre.listening.call_changed("a", "call_1")
        assert worker.legs()[-1].call_over
        assert all(one.open for one in worker.legs()[-1].legs)
        await theatre.listening.leg_complete("a", "call_1", "leg_caller", 90_000)
        told = worker.legs()[-1].legs
        assert [(one.open, one.duration_ms) for one in told] == [(False, 90_000), (True, None)]

    play(scene)


def test_who_heard_which_seconds_is_in_the_audit_log(tmp_path: Path) -> None:
    """The first seconds at once, then a row a minute, the last ones when it is over; none twice."""

    async def scene(tasks: Tasks) -> None:
        theatre = Theatre(tasks, tmp_path)
        grant = await theatre.listening.open(PARTNER, "call_1", participant="Unit 7")
        await asyncio.sleep(0.1)
        worker = theatre.started[0]
        worker.joined(grant.session_id)
        for second in range(100):
            stretch = (second * 1000, second * 1000 + 1000)
            worker.tell(Heard(session_id=grant.session_id, stretches=(stretch,)))
            await asyncio.sleep(1)
        worker.last_heard = ((200_000, 200_500),)
        await theatre.listening.close(PARTNER, grant.session_id)
        await asyncio.sleep(5)
        rows = [row for row in await theatre.audited() if row[0] == "listening:call:heard"]
        assert {subject for _, subject, _ in rows} == {"call_1"}
        assert {details["participant"] for _, _, details in rows} == {"Unit 7"}
        assert len(rows) <= 4
        stretches = [tuple(s) for _, _, details in rows for s in details["seconds"]]
        assert stretches[-1] == (200.0, 200.5)
        assert sum(end - start for start, end in stretches) == pytest.approx(100.5)

    play(scene)


def test_what_was_heard_before_a_crash_is_written_down_after_it(tmp_path: Path) -> None:
    """Seconds that wait for their row are kept with the session."""

    async def scene(tasks: Tasks) -> None:
        theatre = Theatre(tasks, tmp_path)
        grant = await theatre.listening.open(PARTNER, "call_1")
        await asyncio.sleep(0.1)
        worker = theatre.started[0]
        worker.joined(grant.session_id)
        for second in (0, 10):
            stretch = (second * 1000, second * 1000 + 1000)
            worker.tell(Heard(session_id=grant.session_id, stretches=(stretch,)))
            await asyncio.sleep(3)
        theatre.running.cancel()
        await asyncio.gather(theatre.running, return_exceptions=True)
        after = Theatre(tasks, tmp_path, before=theatre)
        await asyncio.sleep(70)
        rows = [row for row in await after.audited() if row[0] == "listening:call:heard"]
        assert [details["seconds"] for _, _, details in rows] == [[[0, 1]], [[10, 11]]]

    play(scene)


def test_who_may_not_listen_is_told_why_and_written_down(tmp_path: Path) -> None:
    """Another centre's call looks missing; a call without audio has none; too many are too many."""

    async def scene(tasks: Tasks) -> None:
        theatre = Theatre(tasks, tmp_path, most_sessions=1)
        with pytest.raises(NotFound):
            await theatre.listening.open(STRANGER, "call_1")
        theatre.calls.view = call_view(legs=())
        with pytest.raises(NoAudio):
            await theatre.listening.open(PARTNER, "call_1")
        theatre.calls.view = call_view()
        theatre.rooms.down = True
        with pytest.raises(Unavailable):
            await theatre.listening.open(PARTNER, "call_1")
        theatre.rooms.down = False
        await theatre.listening.open(PARTNER, "call_1")
        with pytest.raises(TooManySessions):
            await theatre.listening.open(PARTNER, "call_1")
        refused = [d["code"] for tag, _, d in await theatre.audited() if tag.endswith("refused")]
        assert refused == ["no_audio", "listening.rooms.unreachable", "listening.sessions.too_many"]
        assert await theatre.listening.sessions(STRANGER) == []

    play(scene)


def test_people_see_their_own_sessions_and_supervisors_all(tmp_path: Path) -> None:
    """And nobody another centre's."""

    async def scene(tasks: Tasks) -> None:
        theatre = Theatre(tasks, tmp_path)
        await theatre.listening.open(PARTNER, "call_1")
        await theatre.listening.open(DANA, "call_1")
        seen = {who.id: await theatre.listening.sessions(who) for who in (DANA, SUPERVISOR)}
        assert [one.listener for one in seen[DANA.id]] == ["Dana"]
        assert [one.listener for one in seen[SUPERVISOR.id]] == ["Responders", "Dana"]

    play(scene)


def test_notices_of_the_media_server_count_as_the_workers_words_do(tmp_path: Path) -> None:
    """Joined and left by the listener's identity alone; one replaced by another is still there."""

    async def scene(tasks: Tasks) -> None:
        theatre = Theatre(tasks, tmp_path)
        grant = await theatre.listening.open(PARTNER, "call_1")
        await asyncio.sleep(0.1)
        (room,) = theatre.rooms.rooms

        async def notice(kind: str, identity: str) -> str:
            event = theatre.listening.event(f"{kind} {room} {identity}".encode(), "right")
            await theatre.listening.on_room_event(event)
            return (await theatre.states())[0][0]

        assert await notice("joined", "wrk_x") == "issued"
        assert await notice("joined", grant.identity) == "issued"  # and gone again meanwhile
        theatre.rooms.rooms[room].add(grant.identity)
        assert await notice("joined", grant.identity) == "live"
        assert await notice("left", grant.identity) == "live"
        theatre.rooms.rooms[room].clear()
        assert await notice("left", grant.identity) == "away"
        here = [order.present for order in theatre.started[0].orders if isinstance(order, Here)]
        assert here == [False, True, True, False]

    play(scene)


@given(
    st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99))),
    st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99))),
)
def test_stretches_are_sets_of_milliseconds(
    some: list[tuple[int, int]], others: list[tuple[int, int]]
) -> None:
    """Joined and taken away as sets are: nothing is heard twice, nothing is lost."""

    def points(stretches: Iterable[tuple[int, int]]) -> set[int]:
        return {ms for start, end in stretches for ms in range(start, end)}

    both = merged(tuple(some), tuple(others))
    assert points(both) == points(some) | points(others)
    assert sum(end - start for start, end in both) == len(points(both))
    left = without(both, tuple(one for one in others if one[0] < one[1]))
    assert points(left) == points(both) - points(others)
