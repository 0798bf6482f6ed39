"""A preferred recogniser hangs in mid-call: the next one's words come within two seconds."""

from collections.abc import Callable

import numpy as np
import pytest

from ringdown.core.events import Value
from ringdown.speech.adapters.compose import Fallback
from ringdown.speech.fakes import LevelVad
from ringdown.speech.model.protocol import Final, Trouble
from ringdown.speech.model.segment import CutRules
from ringdown.speech.virtual import VirtualWorker
from ringdown.speech.worker.loop import LoopRules
from ringdown.testing.asr_fakes import ScriptedAsr, ScriptedRemote
from ringdown.testing.clock import ManualClock

from .legs import talk

TURNS = 5
TURN_S = 4.0
CALL = talk(*[(1.5, True), (2.5, False)] * TURNS).astype(np.float32) / np.float32(32768)
RULES = LoopRules(CutRules(), 0.8, 1.0)
TAKES_OVER_S = 2.0


class WaitingClock(ManualClock):
    """Whoever looks at it while waiting finds that some time has passed."""

    def monotonic(self) -> float:
        self.advance(0.05)
        return super().monotonic()


def finals(
    dies_at_s: float | None, how: Callable[[ScriptedRemote], None]
) -> list[tuple[str, str, float]]:
    """Of each final its id, its text and when it came, in seconds of audio."""
    clock = WaitingClock()
    remote, local = ScriptedRemote(), ScriptedAsr("local", partials=True)
    engine = Fallback([remote, local], clock)
    told: list[tuple[str, str, float]] = []

    def tell(report: Value, at: float) -> None:
        assert not isinstance(report, Trouble)
        if isinstance(report, Final):
            told.append((report.utterance.utterance_id, report.utterance.text, at))

    try:
        with VirtualWorker(
            engine, LevelVad, tell, RULES, cost=lambda: clock.now().timestamp()
        ) as worker:
            worker.follow()
            for at in range(0, len(CALL), 800):
                if dies_at_s is not None and at == round(dies_at_s * 8000):
                    how(remote)
                worker.hear([CALL[at : at + 800]])
            remote.gate.set()
            worker.end()
    finally:
        remote.gate.set()
        engine.close()
    return told


@pytest.mark.parametrize("how", [lambda remote: remote.gate.clear(), ScriptedRemote.die])
def test_words_come_from_the_next_engine_within_two_seconds_of_audio(how) -> None:
    """None is lost or doubled, and none comes two seconds later than it would have."""
    well, ill = finals(None, how), finals(TURN_S + 0.4, how)
    assert len(well) == TURNS
    assert [one[0] for one in ill] == [one[0] for one in well]
    assert {word for _, text, _ in well for word in text.split()} == {"remote"}
    assert set(ill[0][1].split()) == {"remote"}
    assert {word for _, text, _ in ill[1:] for word in text.split()} == {"local"}
    for (_, _, before), (_, _, after) in zip(well, ill, strict=True):
        assert after - before <= TAKES_OVER_S
