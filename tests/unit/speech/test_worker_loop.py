"""The worker's loop: partials grow into finals, and a repeat from any cursor says the same."""

import json
from pathlib import Path

import numpy as np
import pytest

from ringdown.core.events import Value
from ringdown.speech.fakes import CountingAsr, LevelVad
from ringdown.speech.model.protocol import (
    Done,
    Drop,
    End,
    Final,
    Follow,
    Heartbeat,
    Partial,
    Progress,
    Ready,
    Trouble,
)
from ringdown.speech.model.segment import CutRules, Segment
from ringdown.speech.ports import Recognised
from ringdown.speech.worker.leg import MORE_SILENCE, Look
from ringdown.speech.worker.loop import LoopRules, WorkerLoop
from ringdown.testing.clock import ManualClock
from ringdown.wire.g711 import encode_ulaw

from .legs import header, ref, talk, write_leg

CONVERSATION = talk(
    (1, False), (2, True), (1.5, False), (0.7, True), (9, False), (17, True), (2, False)
)


class Desk:
    """A loop with its reports, and time that passes at each turn."""

    def __init__(self, engine: CountingAsr | None = None) -> None:
        self.clock = ManualClock()
        self.told: list[Value] = []
        rules = LoopRules(CutRules(), 0.8, 1.0)
        self.engine = engine or CountingAsr()
        self.loop = WorkerLoop(self.engine, LevelVad, self.told.append, self.clock, rules)

    def turn(self, times: int = 1) -> None:
        for _ in range(times):
            self.clock.advance(0.04)
            self.loop.turn()

    def until_done(self) -> None:
        for _ in range(2000):
            self.turn()
            if self.of(Done):
                return
        raise AssertionError("the leg was never done")

    def said(self) -> list[Final | Partial]:
        return [report for report in self.told if isinstance(report, Final | Partial)]

    def of(self, kind):
        return [report for report in self.told if isinstance(report, kind)]


def run_all(folder: Path, from_sample: int = 0) -> Desk:
    desk = Desk()
    desk.loop.obey(Follow(leg=ref(folder, start_ms=500), from_sample=from_sample))
    desk.loop.obey(End(leg_id="leg_1"))
    desk.until_done()
    return desk


def feed(desk: Desk, path: Path, audio: np.ndarray) -> None:
    """At the pace of a call: 40 ms of audio each turn."""
    data = encode_ulaw(audio)
    with path.open("ab", buffering=0) as file:
        for start in range(0, len(data), 320):
            file.write(data[start : start + 320])
            desk.turn()


def test_a_whole_leg_becomes_utterances_in_order(tmp_path: Path) -> None:
    """Every loud stretch is an utterance; a very long one becomes several."""
    write_leg(tmp_path, CONVERSATION)
    finals = run_all(tmp_path).of(Final)
    assert len(finals) == 4
    assert [f.utterance.start_ms for f in finals] == sorted(f.utterance.start_ms for f in finals)
    first = finals[0].utterance
    assert (first.call_id, first.leg_id, first.side) == ("call_1", "leg_1", "caller")
    assert 500 + 1000 - 480 <= first.start_ms <= 500 + 1000
    assert 500 + 3000 <= first.end_ms <= 500 + 3400
    assert first.text == "worda wordb wordc wordd"
    assert first.words[0].start_ms >= first.start_ms
    assert first.words[-1].end_ms <= first.end_ms


def test_a_repeat_from_any_cursor_tells_the_rest_once(tmp_path: Path) -> None:
    """After a crash no word is lost, none is doubled, and ids stay the same."""
    write_leg(tmp_path, CONVERSATION)
    whole = run_all(tmp_path)
    finals = [(f.utterance, f.through_sample) for f in whole.of(Final)]
    cursors = {f.through_sample for f in whole.of(Final) + whole.of(Progress)}
    for cursor in sorted(cursors):
        again = [(f.utterance, f.through_sample) for f in run_all(tmp_path, cursor).of(Final)]
        assert again == [one for one in finals if one[1] > cursor]


def test_live_and_afterwards_give_the_same_words(tmp_path: Path) -> None:
    """A leg heard as it grows is told as the same leg read at once."""
    path = tmp_path / "leg_1.leg"
    path.write_bytes(header())
    live = Desk()
    live.loop.obey(Follow(leg=ref(tmp_path, start_ms=500), from_sample=0))
    feed(live, path, CONVERSATION)
    live.loop.obey(End(leg_id="leg_1"))
    live.until_done()

    def words(desk: Desk):
        return [(f.utterance.utterance_id, f.utterance.text) for f in desk.of(Final)]

    assert words(live) == words(run_all(tmp_path))


def test_partials_carry_the_id_of_their_final_and_grow(tmp_path: Path) -> None:
    """The console can replace a line by its id, newest revision last."""
    path = tmp_path / "leg_1.leg"
    path.write_bytes(header())
    desk = Desk()
    desk.loop.obey(Follow(leg=ref(tmp_path), from_sample=0))
    feed(desk, path, talk((1, False), (4, True), (2, False)))
    (final,) = desk.of(Final)
    partials = [p.utterance for p in desk.of(Partial)]
    revisions = [p.revision for p in partials]
    assert {p.utterance_id for p in partials} == {final.utterance.utterance_id}
    assert revisions == sorted(set(revisions))
    assert final.utterance.revision > revisions[-1]
    assert 3 <= len(partials) <= 12


def test_the_final_costs_nothing_more_after_the_pause(tmp_path: Path) -> None:
    """What was recognised in the pause is told when the pause has ended the utterance."""
    path = tmp_path / "leg_1.leg"
    path.write_bytes(header())
    desk = Desk()
    desk.loop.obey(Follow(leg=ref(tmp_path), from_sample=0))
    feed(desk, path, talk((1, False), (2, True), (0.5, False)))
    assert not desk.of(Final)
    before = desk.engine.calls
    feed(desk, path, talk((0.5, False)))
    assert len(desk.of(Final)) == 1
    assert desk.engine.calls == before


def test_live_lines_do_not_wait_for_a_leg_that_catches_up(tmp_path: Path) -> None:
    """A leg taken up far behind gets the time that is left, and shows no partials itself."""
    write_leg(tmp_path, talk(*[(2, True), (1, False)] * 40))
    live = tmp_path / "leg_2.leg"
    live.write_bytes(header("leg_2"))
    desk = Desk()
    desk.loop.obey(Follow(leg=ref(tmp_path), from_sample=0))
    desk.loop.obey(Follow(leg=ref(tmp_path, "leg_2"), from_sample=0))
    feed(desk, live, talk((1.5, True), (1, False)))
    kinds = [(type(report).__name__, report.utterance.leg_id) for report in desk.said()]
    assert ("Final", "leg_1") in kinds
    assert ("Partial", "leg_2") in kinds
    assert ("Partial", "leg_1") not in kinds
    modes = {c.leg_id: c.mode for beat in desk.of(Heartbeat) for c in beat.channels}
    assert modes == {"leg_1": "catching_up", "leg_2": "live"}


def test_silence_is_told_as_progress_only(tmp_path: Path) -> None:
    """Nothing said, nothing written, and the cursor moves."""
    write_leg(tmp_path, talk((20, False)))
    desk = run_all(tmp_path)
    assert not desk.of(Final)
    assert not desk.of(Partial)
    through = [p.through_sample for p in desk.of(Progress)]
    assert through == sorted(through)
    assert through[-1] >= 20 * 8000


def test_a_beating_loop_says_so_three_times_a_second(tmp_path: Path) -> None:
    """Silence from a worker means that it hangs."""
    desk = Desk()
    desk.turn(50)
    assert len(desk.of(Ready)) == 1
    assert len(desk.of(Heartbeat)) >= 5


def test_a_dropped_leg_is_forgotten(tmp_path: Path) -> None:
    """Another worker has it now."""
    write_leg(tmp_path, CONVERSATION)
    desk = Desk()
    desk.loop.obey(Follow(leg=ref(tmp_path), from_sample=0))
    desk.loop.obey(Drop(leg_id="leg_1"))
    desk.turn(50)
    assert not desk.of(Final)


def test_following_again_begins_again_at_the_cursor(tmp_path: Path) -> None:
    """A repeated order replaces the first."""
    write_leg(tmp_path, CONVERSATION)
    desk = Desk()
    order = Follow(leg=ref(tmp_path), from_sample=0)
    desk.loop.obey(order)
    desk.loop.obey(order)
    desk.loop.obey(End(leg_id="leg_1"))
    desk.until_done()
    assert len(desk.of(Final)) == 4


class Failing(CountingAsr):
    """An engine that breaks on short segments."""

    def transcribe(self, pieces, pulse=None):
        if any(len(piece.samples) < 2 * 16000 for piece in pieces):
            raise RuntimeError("123 Elm Street")
        return super().transcribe(pieces, pulse)


def test_an_engine_that_breaks_loses_its_segment_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The trouble is told without a word of what was said, and the rest goes on."""
    write_leg(tmp_path, CONVERSATION)
    desk = Desk(Failing())
    desk.loop.obey(Follow(leg=ref(tmp_path), from_sample=0))
    desk.loop.obey(End(leg_id="leg_1"))
    desk.until_done()
    assert len(desk.of(Final)) == 3
    assert [t.code for t in desk.of(Trouble)] == ["speech.engine_failed"]
    everything = json.dumps([t.model_dump() for t in desk.of(Trouble)]) + capsys.readouterr().out
    assert "Elm" not in everything


def test_a_leg_without_any_file_is_told_as_trouble(tmp_path: Path) -> None:
    """It is done with, and somebody is told."""
    desk = run_all(tmp_path)
    assert [t.code for t in desk.of(Trouble)] == ["speech.leg_missing"]


def test_a_broken_archive_does_not_hold_up_another_leg(tmp_path: Path) -> None:
    """Trouble with one call never touches the others."""
    (tmp_path / "leg_2.flac").write_bytes(b"broken")
    write_leg(tmp_path, CONVERSATION)
    desk = Desk()
    desk.loop.obey(Follow(leg=ref(tmp_path, "leg_2"), from_sample=0))
    desk.loop.obey(Follow(leg=ref(tmp_path), from_sample=0))
    desk.loop.obey(End(leg_id="leg_1"))
    desk.until_done()
    assert len(desk.of(Final)) == 4
    assert desk.of(Trouble)


def look(start: int, end: int) -> Look:
    return Look(start, end, Recognised("", (), ()), 0)


def test_words_asked_for_in_a_pause_are_those_of_the_segment_it_ends() -> None:
    """If the look heard all of its voice, and no more than silence beyond it."""
    segment = Segment(100, 150, (True,) * 40 + (False,) * 10)
    assert look(100, 146).of(segment)
    assert look(100, 150 + MORE_SILENCE).of(segment)
    assert not look(100, 141).of(segment), "its last word may be cut off"
    assert not look(100, 156).of(segment), "it may have heard words of the next"
    assert not look(99, 150).of(segment)
