"""Words invented in what is no speech: a mix of it through the real cutting and decoding."""

from collections import Counter
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import numpy as np
import soundfile as sf  # pyright: ignore[reportMissingTypeStubs]

from bench.report import Measured
from ringdown import demo
from ringdown.speech.adapters.moonshine import MoonshineConfig, open_moonshine
from ringdown.speech.adapters.silero import SileroModel
from ringdown.speech.listen import Ear, widen
from ringdown.speech.model.gate import HeardText, Sound, doubts_of, hopeless, measure
from ringdown.speech.model.segment import CutRules, voiced_ms
from ringdown.speech.model.words import Heard, collapse_repeats
from ringdown.speech.ports import VAD_RATE, VAD_WINDOW, AsrEngine, Piece, Samples, VoiceActivity
from ringdown.testing.sounds import non_speech

MINUTES = 10
BAR = 2


@dataclass(frozen=True)
class Line:
    """One segment that was cut out: where, what was heard in it, and what was thought of it."""

    label: str
    at_s: float
    samples: Samples = field(repr=False)
    sound: Sound
    heard: HeardText
    doubts: tuple[str, ...]
    dropped: bool


@dataclass(frozen=True)
class Invented:
    """What was written of a mix without speech."""

    minutes: float
    lines: tuple[Line, ...] = field(repr=False)

    @property
    def without_gate(self) -> int:
        """Words that would be written if nothing were dropped."""
        return sum(len(line.heard.words) for line in self.lines)

    @property
    def words(self) -> int:
        """Words written."""
        return sum(len(line.heard.words) for line in self.lines if not line.dropped)

    @property
    def unmarked(self) -> int:
        """Words written in a line that carries no doubt."""
        kept = (line for line in self.lines if not line.dropped and not line.doubts)
        return sum(len(line.heard.words) for line in kept)

    def by_label(self, *, gate: bool) -> Counter[str]:
        """Words by the kind of sound."""
        found: Counter[str] = Counter()
        for line in self.lines:
            if not (gate and line.dropped):
                found[line.label] += len(line.heard.words)
        return +found


def voices() -> Samples:
    """The two voices of the demo call, one after the other: what babble is cut from."""
    audio, _ = sf.read(demo.load().audio, dtype="float32")
    return np.concatenate([audio[:, 0], audio[:, 1]]).astype(np.float32)


def invented(
    engine: AsrEngine,
    vad: VoiceActivity,
    minutes: float = MINUTES,
    pulse: Callable[[], None] | None = None,
    *,
    seed: int = 0,
) -> Invented:
    """Listen to the mix as to a leg, segment by segment."""
    audio, stretches = non_speech(minutes, voices(), seed=seed)
    ear = Ear(vad, CutRules(), rate=VAD_RATE)
    lines: list[Line] = []
    for spoken in [*ear.push(audio), *ear.finish()]:
        if spoken.segment is None:
            continue
        (recognised,) = engine.transcribe([Piece(widen(spoken.samples, VAD_RATE))], pulse)
        kept, _ = collapse_repeats([Heard(w.word, w.confidence) for w in recognised.words])
        heard = HeardText(
            tuple(word.word for word in kept),
            tuple(word.confidence for word in kept),
            voiced_ms(spoken.segment.voiced) / 1000,
        )
        sound = measure(spoken.samples)
        middle = (spoken.segment.start + spoken.segment.end) // 2 * VAD_WINDOW
        label = next((s.label for s in stretches if middle < s.end + VAD_RATE), "")
        doubts = (*recognised.doubts, *doubts_of(sound, heard))
        at_s = spoken.segment.start * VAD_WINDOW / VAD_RATE
        lines.append(
            Line(label, at_s, spoken.samples, sound, heard, doubts, hopeless(sound, heard))
        )
    return Invented(len(audio) / VAD_RATE / 60, tuple(lines))


async def measured(minutes: float = MINUTES) -> Measured:
    """The figure for the page, with the bundled recogniser."""
    async with AsyncExitStack() as stack:
        engine = await stack.enter_async_context(open_moonshine(MoonshineConfig()))
        found = invented(engine, SileroModel().new(), minutes)
    return Measured(
        title=f"Words invented in {minutes:g} minutes of what is no speech",
        asked=f"≤ {BAR}",
        got=str(found.words),
        met=found.words <= BAR,
        rows={
            "segments that voice activity took for speech": len(found.lines),
            "words without the gate": _listed(found.without_gate, found.by_label(gate=False)),
            "words written": _listed(found.words, found.by_label(gate=True)),
            "of them in a line without a doubt": found.unmarked,
        },
    )


def _listed(total: int, parts: Counter[str]) -> str:
    if not parts:
        return str(total)
    return f"{total} ({', '.join(f'{label} {count}' for label, count in parts.most_common())})"
