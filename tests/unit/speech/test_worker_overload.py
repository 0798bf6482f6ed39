"""The worker's loop under load, in virtual time: an engine that takes its time, legs that grow."""

from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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
)
from ringdown.speech.model.segment import CutRules
from ringdown.speech.ports import ASR_RATE
from ringdown.speech.worker.loop import LoopRules, WorkerLoop
from ringdown.testing.clock import ManualClock
from ringdown.wire.g711 import encode_ulaw

from .legs import header, ref, talk

TURN_S = 0.04


class CostlyAsr(CountingAsr):
    """Takes a share of the length of what it hears; looks cost as much as finals."""

    def __init__(self, clock: ManualClock, share: float) -> None:
        super().__init__()
        self._clock = clock
        self.share = share

    def transcribe(self, pieces, pulse=None):
        seconds = sum(len(piece.samples) for piece in pieces) / ASR_RATE
        self._clock.advance(0.01 + self.share * seconds)
        return super().transcribe(pieces, pulse)


@dataclass
class Centre:
    """Legs that grow at the pace of calls, and the one worker that listens to all of them."""

    folder: Path
    share: float
    told: list[tuple[float, Value]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.clock = ManualClock()
        self.began = self.clock.monotonic()
        self.engine = CostlyAsr(self.clock, self.share)
        self.loop = WorkerLoop(
            self.engine, LevelVad, self._tell, self.clock, LoopRules(CutRules(), 0.8, 1.0)
        )
        self.audio: dict[str, bytes] = {}
        self.written: dict[str, int] = {}

    def _tell(self, report: Value) -> None:
        self.told.append((self.now(), report))

    def now(self) -> float:
        return self.clock.monotonic() - self.began

    def begin(self, leg_id: str, audio: np.ndarray) -> None:
        (self.folder / f"{leg_id}.leg").write_bytes(header(leg_id))
        self.audio[leg_id], self.written[leg_id] = encode_ulaw(audio), 0
        self.loop.obey(Follow(leg=ref(self.folder, leg_id), from_sample=0))

    def turn(self) -> None:
        self.clock.advance(TURN_S)
        for leg_id, data in self.audio.items():
            due = min(round(self.now() * 8000), len(data))
            with (self.folder / f"{leg_id}.leg").open("ab") as file:
                file.write(data[self.written[leg_id] : due])
            if self.written[leg_id] < len(data) == due:
                self.loop.obey(End(leg_id=leg_id))
            self.written[leg_id] = due
        self.loop.turn()

    def run(self) -> None:
        for _ in range(20_000):
            self.turn()
            if len(self.of(Done)) == len(self.audio):
                return
        raise AssertionError("the legs were never done")

    def of(self, kind):
        return [report for _, report in self.told if isinstance(report, kind)]

    def words(self, leg_id: str) -> list[str]:
        return [f.utterance.text for f in self.of(Final) if f.utterance.leg_id == leg_id]


def rounds(number: int, count: int) -> np.ndarray:
    """Somebody speaks three of every five seconds, each leg at a time of its own."""
    return talk((0.3 * number, False), *[(3.0, True), (2.0, False)] * count, (3.0, False))


def test_overload_costs_partials_and_time_but_no_word(tmp_path: Path) -> None:
    """Twice as much as one worker can do: lag rises, lines are left out, and then it drains."""
    busy = Centre(tmp_path, share=0.27)
    for number in range(12):
        busy.begin(f"leg_{number}", rounds(number, 4))
    busy.run()
    for number in range(12):
        assert len(busy.words(f"leg_{number}")) == 4
    beats = busy.of(Heartbeat)
    assert max(beat.lag_ms for beat in beats) > 2000
    modes = [channel.mode for beat in beats for channel in beat.channels]
    assert "no_partials" in modes
    assert sum(beat.shed for beat in beats) > 0
    assert beats[-1].lag_ms < max(beat.lag_ms for beat in beats)


def test_a_load_that_falls_brings_the_lines_back(tmp_path: Path) -> None:
    """After the rush a caller is shown live again."""
    busy = Centre(tmp_path, share=0.3)
    for number in range(8):
        busy.begin(f"leg_{number}", rounds(number, 2))
    busy.begin("leg_long", rounds(0, 12))
    busy.run()
    beats = [(at, report) for at, report in busy.told if isinstance(report, Heartbeat)]
    modes = [(at, c.mode) for at, beat in beats for c in beat.channels if c.leg_id == "leg_long"]
    rush = [at for at, mode in modes if mode == "no_partials"]
    assert rush
    assert modes[-1][1] == "live"
    later = [at for at, report in busy.told if isinstance(report, Partial) and at > rush[-1]]
    assert later


def test_a_light_load_sheds_nothing(tmp_path: Path) -> None:
    """Four channels that cost a tenth each: first words come soon, finals soon after the end."""
    light = Centre(tmp_path, share=0.04)
    for number in range(4):
        light.begin(f"leg_{number}", rounds(number, 4))
    light.run()
    beats = light.of(Heartbeat)
    assert {channel.mode for beat in beats for channel in beat.channels} == {"live"}
    assert sum(beat.shed for beat in beats) == 0


def test_segments_of_several_legs_share_a_call(tmp_path: Path) -> None:
    """Where the engine says that it pays."""
    centre = Centre(tmp_path, share=0.1)
    sizes: list[int] = []

    class Batching(CostlyAsr):
        def transcribe(self, pieces, pulse=None):
            sizes.append(len(pieces))
            lengths = [len(piece.samples) for piece in pieces]
            assert max(lengths) <= max(1.25 * min(lengths), min(lengths) + 20 * 512)
            return super().transcribe(pieces, pulse)

    engine = Batching(centre.clock, 0.1)
    object.__setattr__(engine.capabilities, "batch", 4)
    centre.loop._engine = engine  # built with the engine of the centre
    for number in range(6):
        centre.begin(f"leg_{number}", rounds(0, 2))
    centre.run()
    assert max(sizes) == 4
    for number in range(6):
        assert len(centre.words(f"leg_{number}")) == 2


RUNS = st.lists(st.tuples(st.floats(0.1, 3), st.booleans()), min_size=1, max_size=5)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(RUNS, min_size=1, max_size=3),
    st.floats(0, 0.5),
    st.lists(st.integers(1, 60), max_size=3),
)
def test_under_any_schedule_everything_is_told_once_and_in_order(
    tmp_path_factory: pytest.TempPathFactory, legs, share, restarts
) -> None:
    """Whatever the load and however often a leg is taken up again at its cursor."""
    centre = Centre(tmp_path_factory.mktemp("legs"), share=share)
    for number, runs in enumerate(legs):
        centre.begin(f"leg_{number}", talk(*runs))
    for turns in restarts:  # as after the death of a worker: forgotten, and taken up again
        for _ in range(turns):
            centre.turn()
        if any(done.leg_id == "leg_0" for done in centre.of(Done)):
            break
        at = max((through for _, through in told(centre, "leg_0")), default=0)
        centre.loop.obey(Drop(leg_id="leg_0"))
        centre.loop.obey(Follow(leg=ref(centre.folder, "leg_0"), from_sample=at))
        if centre.written["leg_0"] == len(centre.audio["leg_0"]):
            centre.loop.obey(End(leg_id="leg_0"))
    centre.run()
    for number, runs in enumerate(legs):
        seen = told(centre, f"leg_{number}")
        through = [at for _, at in seen]
        assert through == sorted(through)
        assert through[-1] >= sum(round(seconds * 8000) for seconds, _ in runs)
        spans = [span for span, _ in seen if span is not None]
        assert all(one[1] <= other[0] for one, other in pairwise(spans))
        alone = Centre(tmp_path_factory.mktemp("alone"), share=0.0)
        alone.begin(f"leg_{number}", talk(*runs))
        alone.run()
        assert centre.words(f"leg_{number}") == alone.words(f"leg_{number}")


def told(centre: Centre, leg_id: str) -> list[tuple[tuple[int, int] | None, int]]:
    """What was told of a leg: the stretch of each final, and up to where all was done with."""
    found: list[tuple[tuple[int, int] | None, int]] = []
    for report in centre.of((Final, Progress)):
        if isinstance(report, Final) and report.utterance.leg_id == leg_id:
            line = report.utterance
            found.append(((line.start_ms, line.end_ms), report.through_sample))
        elif isinstance(report, Progress) and report.leg_id == leg_id:
            found.append((None, report.through_sample))
    return found
