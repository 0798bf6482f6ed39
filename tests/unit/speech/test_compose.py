"""Recognisers in a row: who hears what, what a failure costs, and when the first is used again."""

import threading
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from ringdown.core.clock import Clock
from ringdown.speech.adapters.compose import Fallback, Measured
from ringdown.speech.engine_errors import (
    EngineBusy,
    EngineFailed,
    EngineFault,
    EngineLate,
    EngineRefused,
    EngineUnreachable,
)
from ringdown.speech.fakes import CountingAsr
from ringdown.speech.ports import AsrEngine, EngineCount, Piece, Recognised, RecognisedWord, Samples
from ringdown.testing.asr import AsrContract, FallbackContract, hear, noise
from ringdown.testing.asr_fakes import ScriptedAsr, ScriptedRemote
from ringdown.testing.clock import ManualClock

SECOND = np.zeros(16_000, np.float32)


class Desk:
    """A remote engine before a local one, on a clock that we move."""

    def __init__(self, clock: Clock | None = None, deadline_s: float = 60) -> None:
        self.clock = ManualClock()
        self.remote, self.local = ScriptedRemote(), ScriptedAsr("local", partials=True)
        engines = [Measured(self.remote, self.clock), Measured(self.local, self.clock)]
        self.engine = Fallback(engines, clock or self.clock, deadlines_s=[deadline_s])

    def say(self) -> Recognised:
        """One second of final speech."""
        return hear(self.engine, SECOND)

    def settle(self, met: Callable[[], object]) -> None:
        """Wait for what happens in the background."""
        for _ in range(500):
            if met():
                return
            threading.Event().wait(0.01)
        raise AssertionError("it never happened")

    def set_aside(self) -> None:
        self.remote.die()
        self.say()
        self.say()
        assert self.engine.state().fallback


@pytest.fixture
def desk() -> Iterator[Desk]:
    made = Desk()
    yield made
    made.remote.gate.set()
    made.engine.close()


def test_finals_go_to_the_first_and_name_it(desk: Desk) -> None:
    """Nobody else hears what the first has heard."""
    found = desk.say()
    assert (found.text, found.engine, found.sent_to) == ("remote remote", "remote", ())
    assert desk.local.given == []
    assert desk.engine.state().fallback is False


def test_what_is_only_shown_never_goes_to_an_engine_without_partials(desk: Desk) -> None:
    """The line lives by the bundled engine; the remote hears what is kept, once."""
    (found,) = desk.engine.transcribe([Piece(SECOND, partial=True)])
    assert (found.engine, desk.remote.given) == ("local", [])


def test_a_final_that_brings_earlier_tokens_is_a_final(desk: Desk) -> None:
    """The tokens are the other engine's, and stay away from the one that hears it."""
    shown = desk.engine.transcribe([Piece(SECOND, partial=True)])[0]
    (found,) = desk.engine.transcribe([Piece(SECOND, shown.tokens)])
    assert (found.engine, desk.remote.given[0].previous) == ("remote", ())


def test_finals_and_partials_in_one_call_are_kept_apart(desk: Desk) -> None:
    """Each goes where it belongs and comes back in its place."""
    pieces = [Piece(SECOND, partial=True), Piece(SECOND), Piece(SECOND, partial=True)]
    found = desk.engine.transcribe(pieces)
    assert [one.engine for one in found] == ["local", "remote", "local"]


def test_tokens_go_back_to_the_engine_that_made_them_only(desk: Desk) -> None:
    """Tokens of one model mean something else, or nothing, to another."""
    final = desk.say()
    shown = desk.engine.transcribe([Piece(SECOND, partial=True)])[0]
    desk.engine.transcribe([Piece(SECOND, shown.tokens, partial=True)])
    assert desk.local.given[-1].previous == (0, 1)
    desk.engine.transcribe([Piece(SECOND, final.tokens, partial=True)])
    assert desk.local.given[-1].previous == ()


def test_a_failure_is_made_up_for_at_once(desk: Desk) -> None:
    """The other engine hears the same samples; the audit learns who had them."""
    desk.remote.failure = EngineFault("on purpose")
    found = desk.say()
    assert (found.text, found.engine, found.sent_to) == ("local local", "local", ("remote",))
    assert desk.local.given[0].samples is SECOND


def test_what_did_not_leave_is_not_told_as_sent(desk: Desk) -> None:
    """Without a connection no audio goes anywhere."""
    error = EngineUnreachable("no connection")
    error.sent = False
    desk.remote.failure = error
    assert desk.say().sent_to == ()


def test_the_part_that_was_heard_is_kept(desk: Desk) -> None:
    """Only what the first did not answer is heard again."""
    error = EngineLate("one was late")
    error.heard = [None, Recognised("kept", (RecognisedWord("kept", 0.9),), ())]
    desk.remote.failure = error
    found = desk.engine.transcribe([Piece(SECOND), Piece(SECOND)])
    assert [(one.text, one.engine) for one in found] == [
        ("local local", "local"),
        ("kept", "remote"),
    ]
    assert [one.sent_to for one in found] == [("remote",), ()]


def test_any_error_of_a_plugin_is_a_failure_not_an_end(desk: Desk) -> None:
    """Somebody else's code may raise anything, or answer for too few pieces."""
    desk.remote.failure = ZeroDivisionError()
    assert desk.say().engine == "local"
    desk.remote.failure = None
    desk.remote.transcribe = lambda pieces, pulse=None: []  # type: ignore[method-assign]
    assert desk.say().engine == "local"


def test_a_late_answer_is_thrown_away() -> None:
    """The words of the other stand; what comes later changes nothing and doubles nothing."""
    from ringdown.runtime.clock import SystemClock

    desk = Desk(SystemClock(), deadline_s=0.1)
    beats: list[int] = []
    desk.remote.gate.clear()
    (found,) = desk.engine.transcribe([Piece(SECOND)], lambda: beats.append(1))
    assert (found.engine, found.sent_to) == ("local", ("remote",))
    assert len(beats) > 1, "whoever watches sees us waiting"
    again = desk.say()
    assert (again.engine, again.sent_to) == ("local", ()), "it is not asked while it hangs"
    desk.remote.gate.set()
    desk.settle(lambda: desk.remote.answered)
    desk.settle(lambda: desk.say().engine == "remote")
    assert desk.remote.answered == 2, "the late answer and the one that counts"
    desk.engine.close()


def test_after_two_failures_nothing_waits_for_it_any_more(desk: Desk) -> None:
    """One failure may be chance. While it rests it is given nothing."""
    desk.remote.die()
    desk.say()
    assert desk.engine.state().fallback is False
    desk.say()
    told = desk.engine.state()
    assert (told.name, told.fallback) == ("local", True)
    assert told.text == "The engine remote cannot be reached; the bundled one listens."
    given = len(desk.remote.given)
    assert desk.say().sent_to == ()
    assert len(desk.remote.given) == given


@pytest.mark.parametrize(
    ("failure", "words"),
    [(EngineRefused("no"), "refuses the key"), (EngineBusy("full"), "takes no more for now")],
)
def test_a_refusal_or_a_quota_counts_at_once(desk: Desk, failure: EngineFailed, words: str) -> None:
    """Asking again at once would not help."""
    desk.remote.failure = failure
    desk.say()
    assert desk.engine.state().text == f"The engine remote {words}; the bundled one listens."


def test_a_quota_rests_as_long_as_the_server_says(desk: Desk) -> None:
    """Retry-After is honoured, also by the check that sends no audio."""
    busy = EngineBusy("full")
    busy.retry_after_s = 30
    desk.remote.failure = busy
    desk.say()
    desk.clock.advance(29)
    desk.say()
    desk.engine.state()
    assert (len(desk.remote.given), desk.remote.checks) == (1, 0)
    desk.clock.advance(2)
    desk.engine.state()
    desk.settle(lambda: desk.remote.checks)


def test_it_comes_back_by_a_copy_that_nobody_waits_for(desk: Desk) -> None:
    """The words of the piece it is tried with come from the other; then it is used again."""
    desk.set_aside()
    desk.remote.come_back()
    desk.clock.advance(3)
    tried = desk.say()
    assert (tried.engine, tried.sent_to) == ("local", ("remote",))
    desk.settle(lambda: not desk.engine.state().fallback)
    assert desk.say().engine == "remote"


def test_the_lamp_goes_out_without_a_call(desk: Desk) -> None:
    """A check without audio says that it is there; the next words show whether it hears."""
    desk.set_aside()
    desk.remote.come_back()
    desk.clock.advance(3)
    given = len(desk.remote.given)
    desk.settle(lambda: not desk.engine.state().fallback)
    assert len(desk.remote.given) == given
    assert desk.say().sent_to == ("remote",)
    desk.settle(lambda: desk.say().engine == "remote")


def test_one_that_stays_away_is_asked_less_and_less_often(desk: Desk) -> None:
    """Two seconds, four, eight … a minute."""
    desk.set_aside()
    asked: list[int] = []
    for seconds in range(300):
        desk.clock.advance(1)
        before = desk.remote.checks
        desk.engine.state()
        threading.Event().wait(0.002)
        if desk.remote.checks > before:
            asked.append(seconds)
    gaps = np.diff(asked)
    assert len(asked) <= 12
    assert gaps[-1] >= 59


def test_a_trial_that_hangs_sets_it_aside_again(desk: Desk) -> None:
    """It is given nothing more until it has let go."""
    desk.set_aside()
    desk.remote.come_back()
    desk.clock.advance(3)
    desk.remote.gate.clear()
    desk.say()
    given = len(desk.remote.given)
    desk.clock.advance(1000)
    desk.say()
    assert desk.engine.state().text.startswith("The engine remote does not answer in time")
    assert len(desk.remote.given) == given


def test_what_the_last_engine_raises_is_told() -> None:
    """With nobody left, the trouble is the caller's."""
    desk = Desk()
    desk.remote.die()
    desk.local.failure = EngineFault("too")
    with pytest.raises(EngineFault):
        desk.say()
    desk.engine.close()


def test_three_in_a_row() -> None:
    """The second takes over from the first, and the third from both."""
    first, second, third = ScriptedRemote("a"), ScriptedRemote("b"), ScriptedAsr("c")
    engine = Fallback([first, second, third], ManualClock(), deadlines_s=[60, 60])
    first.die()
    assert [hear(engine, SECOND).engine for _ in range(2)] == ["b", "b"]
    assert engine.state().name == "b"
    assert engine.state().text == "The engine a cannot be reached; b listens."
    second.die()
    assert hear(engine, SECOND).engine == "c"
    engine.close()


def test_capabilities_are_what_can_be_relied_upon(desk: Desk) -> None:
    """Audio may leave; a line lives; the name is that of the first."""
    can = desk.engine.capabilities
    assert (can.name, can.local, can.partials, can.batch) == ("remote", False, True, 4)


def test_work_is_counted() -> None:
    """Pieces, seconds of audio, failures."""
    inner = ScriptedAsr("one")
    engine = Measured(inner, ManualClock())
    engine.transcribe([Piece(SECOND), Piece(SECOND[:8000])])
    inner.failure = EngineFault("no")
    with pytest.raises(EngineFault):
        hear(engine, SECOND)
    assert engine.count == EngineCount("one", 3, 1, 2.5, 0.0)
    assert engine.state().counts == (engine.count,)


class TestMeasured(AsrContract):
    def make(self) -> AsrEngine:
        return Measured(CountingAsr(), ManualClock())

    def speech(self) -> Samples:
        return noise(2.0, 0.2)


class TestFallback(FallbackContract):
    def make(self) -> AsrEngine:
        self.desk = Desk()
        return self.desk.engine

    def alone(self) -> AsrEngine:
        return ScriptedAsr("local", partials=True)

    def break_first(self) -> None:
        self.desk.remote.die()

    def speech(self) -> Samples:
        return noise(2.0, 0.2)
