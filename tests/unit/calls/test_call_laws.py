"""The laws of a call hold under every sequence of commands."""

from datetime import timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from ringdown.calls import model
from ringdown.core.errors import Conflict
from ringdown.core.principal import Person
from ringdown.testing.clock import START

SIDES = st.sampled_from(["caller", "call_taker"])
WHO = Person(user_id="user_1", name="Dana")


def ringing() -> model.Call:
    return model.Call("call_1", "centre_1", "client_1", "x", "test", START)


class CallLaws(RuleBasedStateMachine):
    """Commands in any order, with clocks that jump; `self.call` is what the call became."""

    def __init__(self) -> None:
        super().__init__()
        self.call = ringing()
        self.under = "ringing"
        self.legs = 0
        self.person_closed = False

    def at(self, seconds: int):
        return START + timedelta(seconds=seconds)

    def attempt(self, change) -> bool:
        before = self.call
        try:
            self.call = change(before)
        except Conflict:
            return False
        assert before.phase != "ended" or self.call.phase == "ended", "ended is terminal"
        return True

    @rule(seconds=st.integers(-100, 100))
    def answers(self, seconds: int) -> None:
        if (
            self.attempt(lambda call: model.answer(call, self.at(seconds)))
            and self.under == "ringing"
        ):
            self.under = "active"

    @rule()
    def holds(self) -> None:
        if self.attempt(model.hold):
            self.under = "held"

    @rule()
    def unholds(self) -> None:
        if self.attempt(model.unhold):
            self.under = "active"

    @rule(seconds=st.integers(-100, 100))
    def is_interrupted(self, seconds: int) -> None:
        if self.attempt(lambda call: model.interrupt(call, self.at(seconds))):
            assert self.call.state == "interrupted"

    @rule()
    def resumes(self) -> None:
        if self.attempt(model.resume):
            assert self.call.state == self.under, "an interrupted call resumes into what it was"
            assert self.call.attention is None

    @rule()
    def is_lost(self) -> None:
        if self.attempt(model.lose):
            assert self.call.attention == "source_lost"

    @rule(side=SIDES, seconds=st.integers(-100, 100))
    def opens_a_leg(self, side, seconds: int) -> None:
        self.legs += 1
        leg_id = f"leg_{self.legs}"
        added = self.attempt(lambda call: model.add_leg(call, leg_id, side, self.at(seconds)))
        if added and side == "call_taker" and self.under == "ringing":
            self.under = "active"

    @precondition(lambda self: self.call.legs)
    @rule(data=st.data(), seconds=st.integers(-100, 100))
    def ends_a_leg(self, data, seconds: int) -> None:
        leg = data.draw(st.sampled_from(self.call.legs))
        self.attempt(lambda call: model.end_leg(call, leg.leg_id, self.at(seconds)))
        assert self.call.leg(leg.leg_id).state != "recording"

    @precondition(lambda self: self.call.legs)
    @rule(data=st.data())
    def seals_a_leg(self, data) -> None:
        leg = data.draw(st.sampled_from(self.call.legs))
        self.attempt(lambda call: model.seal_leg(call, leg.leg_id, 1000, self.at(0)))
        assert self.call.leg(leg.leg_id).state == "sealed"

    @rule(seconds=st.integers(-100, 200))
    def ends(self, seconds: int) -> None:
        answered, was_open = self.under != "ringing", self.call.open
        self.attempt(lambda call: model.end(call, "hangup", self.at(seconds)))
        assert self.call.state == "ended"
        if was_open and not answered:
            assert (self.call.end_reason, self.call.attention) == ("abandoned", "abandoned")
        self.under = "ended"

    @rule()
    def a_person_closes(self) -> None:
        waiting = self.call.attention is not None
        if self.attempt(lambda call: model.close(call, "called back, all well", WHO, self.at(300))):
            self.under = "ended"
            self.person_closed |= waiting
            assert not self.call.on_the_board

    @invariant()
    def times_never_run_backwards(self) -> None:
        call = self.call
        line = [call.started_at, call.answered_at, call.ended_at, call.closed_at]
        present = [instant for instant in line if instant is not None]
        assert present == sorted(present)
        for leg in call.legs:
            assert call.started_at <= leg.started_at <= (leg.ended_at or leg.started_at)
            assert call.ended_at is None or leg.started_at <= call.ended_at

    @invariant()
    def at_most_one_leg_per_side_is_open(self) -> None:
        sides = [leg.side for leg in self.call.legs if leg.state == "recording"]
        assert len(sides) == len(set(sides))

    @invariant()
    def an_ended_call_has_no_open_leg(self) -> None:
        assert self.call.open or all(leg.state != "recording" for leg in self.call.legs)

    @invariant()
    def a_leg_never_disappears(self) -> None:
        view = model.view(self.call)
        assert [leg.leg_id for leg in view.legs] == [leg.leg_id for leg in self.call.legs]
        assert all(leg.start_ms >= 0 for leg in view.legs)

    @invariant()
    def it_leaves_the_board_only_when_answered_and_over_or_closed_by_a_person(self) -> None:
        if not self.call.on_the_board:
            assert not self.call.open
            assert self.call.answered_at is not None or self.person_closed


TestCallLaws = CallLaws.TestCase


def test_a_hang_up_before_an_answer_waits_for_a_person_with_a_reason() -> None:
    """Nobody is forgotten: only a person's words take an abandoned call off the board."""
    call = model.end(ringing(), "hangup", START)
    with pytest.raises(model.ReasonMissing):
        model.close(call, "  ", WHO, START)
    closed = model.close(call, " called back ", WHO, START)
    assert (call.on_the_board, closed.on_the_board) == (True, False)
    assert (closed.close_reason, closed.closed_by) == ("called back", WHO)


def test_a_lost_call_that_hangs_up_stays_in_attention() -> None:
    """Nobody knows what was said while the source was away."""
    call = model.answer(ringing(), START)
    call = model.end(model.lose(model.interrupt(call, START)), "hangup", START)
    assert (call.state, call.attention) == ("ended", "source_lost")


def test_closing_a_lost_call_that_is_open_ends_it() -> None:
    """A person's word suffices when the source never says anything again."""
    call = model.lose(model.interrupt(model.answer(ringing(), START), START))
    closed = model.close(call, "unit on scene", WHO, START)
    assert (closed.state, closed.end_reason) == ("ended", "closed_by_person")


def test_a_call_that_goes_on_cannot_be_closed() -> None:
    """Closing is for what is over or lost."""
    with pytest.raises(model.StillGoing):
        model.close(model.answer(ringing(), START), "done", WHO, START)


@pytest.mark.parametrize("change", [model.hold, model.unhold, model.lose])
def test_what_makes_no_sense_before_an_answer_is_refused(change) -> None:
    """A telephone system that reports nonsense is told so."""
    with pytest.raises(model.WrongState):
        change(ringing())


def test_a_side_that_comes_back_continues_its_leg() -> None:
    """A source that reconnects fills the same leg; the gap is silence."""
    call = model.add_leg(ringing(), "leg_1", "caller", START)
    assert model.add_leg(call, "leg_2", "caller", START) == call


def test_the_call_takers_side_answers_and_the_callers_does_not() -> None:
    """Somebody on our side of the line is what an answer is."""
    caller = model.add_leg(ringing(), "leg_1", "caller", START)
    both = model.add_leg(caller, "leg_2", "call_taker", START + timedelta(seconds=4))
    assert (caller.state, both.state) == ("ringing", "active")
    assert both.answered_at == START + timedelta(seconds=4)
    assert model.view(both).legs[1].start_ms == 4000


def test_an_unknown_leg_is_not_found() -> None:
    """A wrong id gives the documented error."""
    with pytest.raises(model.LegNotFound):
        model.end_leg(ringing(), "leg_9", START)
