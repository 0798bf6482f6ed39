"""What one core can carry: telephone legs listened to in virtual time that work uses up.

The legs are the packaged demo call's own lines, spoken for 45 % of the time. The worker's real
loop listens; while it works, audio keeps coming, as on a core of its own. CPU time is counted, so
other programs on the machine hardly change the figure.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import soundfile as sf  # pyright: ignore[reportMissingTypeStubs]

from ringdown.core.events import Value
from ringdown.demo import DemoCall
from ringdown.speech.model.protocol import Final as FinalWords
from ringdown.speech.model.utterance import sample_ms
from ringdown.speech.ports import VAD_RATE, AsrEngine, Samples, VoiceActivity
from ringdown.speech.virtual import VirtualWorker
from ringdown.speech.worker.loop import LoopRules

TALK: Final = 0.45
"""Share of the time in which one side of a call speaks."""
LEGS: Final = 12
FULL: Final = 0.8
"""How much of a core may be used before words begin to be late."""
CHUNK_S: Final = 0.2


@dataclass(frozen=True)
class Measured:
    """What was measured: so much CPU time for so much time of so many legs."""

    legs: int
    audio_s: float
    cpu_s: float
    finals: int
    talk: float = TALK
    """Share of the time in which somebody spoke on a leg."""

    @property
    def core_share(self) -> float:
        """Share of one core that a leg needs, on which somebody speaks 45 % of the time."""
        if not self.audio_s:
            return float("inf")
        return self.cpu_s / self.audio_s / self.legs * TALK / max(self.talk, 0.1)

    @property
    def channels(self) -> int:
        """How many legs one core carries."""
        return int(FULL / self.core_share) if self.core_share > 0 else 0


def measure(
    engine: AsrEngine,
    new_vad: Callable[[], VoiceActivity],
    rules: LoopRules,
    demo: DemoCall,
    *,
    within_s: float,
    legs: int = LEGS,
) -> Measured:
    """Listen for `within_s` seconds of real time, or a minute of audio."""
    audio = [talk(demo, number) for number in range(legs)]
    size = min(map(len, audio))
    finals = 0

    def tell(report: Value, _: float) -> None:
        nonlocal finals
        finals += isinstance(report, FinalWords)

    began = time.perf_counter()
    step = round(CHUNK_S * VAD_RATE)
    at = 0
    with VirtualWorker(engine, new_vad, tell, rules, cost=time.process_time) as worker:
        for _ in range(legs):
            worker.follow()
        cpu = time.process_time()
        while at + step <= size and time.perf_counter() - began < within_s:
            worker.hear([leg[at : at + step] for leg in audio])
            at += step
        cpu = time.process_time() - cpu
    return Measured(legs, sample_ms(at) / 1000, cpu, finals, _talking(audio, at))


def _talking(legs: list[Samples], samples: int) -> float:
    """Pauses between lines are digital silence; nothing else is for a hundredth of a second."""
    frame = VAD_RATE // 100
    size = samples // frame * frame
    if not size:
        return TALK
    loud = [np.abs(leg[:size].reshape(-1, frame)).max(axis=1) > 0 for leg in legs]
    return float(np.mean(loud))


def talk(demo: DemoCall, turn: int, seconds: int = 60) -> Samples:
    """One leg at 8 kHz: the lines of the call from number `turn` on, with pauses after each."""
    samples, rate = sf.read(demo.audio, dtype="float32", always_2d=True)
    if rate != VAD_RATE:
        raise ValueError("the demo call is telephone audio")
    mono = np.asarray(samples, np.float32).sum(axis=1)
    parts: list[Samples] = []
    length = 0
    # Legs do not begin to speak all at once.
    parts.append(np.zeros(VAD_RATE * (turn * 7 % 16) // 8, np.float32))
    while length < seconds * VAD_RATE:
        line = demo.lines[turn % len(demo.lines)]
        said = mono[line.start_ms * VAD_RATE // 1000 : line.end_ms * VAD_RATE // 1000]
        pause = np.zeros(round(len(said) * (1 - TALK) / TALK), np.float32)
        parts += [said, pause]
        length += len(said) + len(pause)
        turn += 1
    return np.concatenate(parts)[: seconds * VAD_RATE]
