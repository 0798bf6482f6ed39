"""The bundled recogniser: Moonshine tiny-en, decoded greedily with plain onnxruntime.

Only the model files of the `moonshine-voice` package are used; its engine is never imported.
"""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from ringdown.core.plugins import Plugin
from ringdown.speech.adapters.assets import open_model, package_file
from ringdown.speech.adapters.pieces import join_words, piece_text, read_pieces
from ringdown.speech.ports import (
    AsrCapabilities,
    AsrEngine,
    Piece,
    Pulse,
    Recognised,
    RecognisedWord,
    Samples,
)

START: Final = 1
END: Final = 2
LAYERS: Final = 6
HEADS: Final = 8
HEAD_SIZE: Final = 36
RATE: Final = 16000
TAIL: Final = RATE // 2
"""Half a second of silence after each segment: without it the last word suffers."""
TOKENS_PER_SECOND: Final = 6.5
"""More tokens than this are a repetition loop, not speech."""
SHORTEST: Final = 1600
"""The encoder needs more samples than this to yield even one frame."""

CALIBRATION: Final = (
    (0.0, 0.4, 0.6, 0.8, 0.94, 0.99, 1.0),
    (0.38, 0.57, 0.76, 0.85, 0.96, 0.995, 1.0),
)
"""Lowest token probability of a word → how often such a word was right (2 880 telephone words)."""

Cache = dict[str, NDArray[Any]]


class MoonshineConfig(BaseModel):
    """Settings of the bundled recogniser."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    folder: Path | None = Field(
        default=None, description="Folder with the model's files; empty means the bundled tiny-en."
    )


class Moonshine:
    """Greedy decoding of whole segments, one thread, deterministic."""

    def __init__(self, folder: Path) -> None:
        self.capabilities = AsrCapabilities(
            name=f"moonshine-{folder.name}",
            languages=("en",),
            partials=True,
            word_confidence=True,
            word_times="estimated",
        )
        self._encoder = open_model(folder / "encoder_model.ort")
        self._decoder = open_model(folder / "decoder_model_merged.ort")
        self._texts = [piece_text(piece) for piece in read_pieces(folder / "tokenizer.bin")]
        slots = [f"{i}.{side}" for i in range(LAYERS) for side in ("decoder", "encoder")]
        names = [f"{slot}.{part}" for slot in slots for part in ("key", "value")]
        self._all = [f"present.{name}" for name in names]
        self._growing = [name for name in self._all if ".decoder." in name]
        empty = np.zeros((1, HEADS, 0, HEAD_SIZE), np.float32)
        self._empty: Cache = {f"past_key_values.{name}": empty for name in names}

    def transcribe(self, pieces: Sequence[Piece], pulse: Pulse | None = None) -> list[Recognised]:
        """Recognise each piece; its earlier tokens are verified in a single call."""
        return [self._one(piece.samples, piece.previous, pulse) for piece in pieces]

    def _one(self, samples: Samples, previous: Sequence[int], pulse: Pulse | None) -> Recognised:
        if len(samples) < SHORTEST:
            return Recognised("", (), ())
        padded = np.concatenate([samples, np.zeros(TAIL, np.float32)])[None, :]
        mask = np.ones(padded.shape, np.int64)
        (hidden,) = self._encoder.run(None, {"input_values": padded, "attention_mask": mask})
        if pulse:
            pulse()
        limit = int(padded.shape[1] / RATE * TOKENS_PER_SECOND)
        fixed = {"encoder_hidden_states": hidden, "encoder_attention_mask": mask}
        tokens, confidences = self._decode(fixed, list(previous)[:limit], limit, pulse)
        words = tuple(
            RecognisedWord(word, calibrated(confidence))
            for word, confidence in join_words(self._texts, tokens, confidences)
        )
        return Recognised(" ".join(w.word for w in words), words, tuple(tokens))

    def _decode(
        self, fixed: Cache, previous: list[int], limit: int, pulse: Pulse | None
    ) -> tuple[list[int], list[float]]:
        """Verify `previous` in one call, keep what the model agrees with, then go on by one."""
        ids = np.array([[START, *previous]], np.int64)
        logits, *present = self._decoder.run(
            ["logits", *self._all],
            {
                "input_ids": ids,
                "use_cache_branch": np.array([False]),
                **fixed,
                **self._empty,
            },
        )
        chosen, chances = _choose(logits[0])
        agreed = 0
        while agreed < len(previous) and chosen[agreed] == previous[agreed]:
            agreed += 1
        tokens = previous[:agreed]
        confidences = chances[:agreed]
        following, chance = chosen[agreed], chances[agreed]
        cache: Cache = {}
        for name, value in zip(self._all, present, strict=True):
            kept = value[:, :, : agreed + 1] if ".decoder." in name else value
            cache[name.replace("present", "past_key_values")] = np.ascontiguousarray(kept)
        while following != END and len(tokens) < limit:
            tokens.append(following)
            confidences.append(chance)
            if len(tokens) == limit:
                break
            logits, *present = self._decoder.run(
                ["logits", *self._growing],
                {
                    "input_ids": np.array([[following]], np.int64),
                    "use_cache_branch": np.array([True]),
                    **fixed,
                    **cache,
                },
            )
            for name, value in zip(self._growing, present, strict=True):
                cache[name.replace("present", "past_key_values")] = value
            (following,), (chance,) = _choose(logits[0])
            if pulse and len(tokens) % 8 == 0:
                pulse()
        return tokens, confidences


def _choose(logits: NDArray[np.float32]) -> tuple[list[int], list[float]]:
    """The likeliest token at each position and its probability."""
    best = logits.argmax(axis=-1)
    top = logits[np.arange(len(best)), best]
    chances = 1.0 / np.exp(logits - top[:, None]).sum(axis=-1)
    return [int(token) for token in best], [float(chance) for chance in chances]


def calibrated(lowest: float) -> float:
    """The share of words right among those whose lowest token probability is like this one."""
    return round(float(np.interp(lowest, *CALIBRATION)), 3)


@asynccontextmanager
async def open_moonshine(config: MoonshineConfig) -> AsyncGenerator[AsrEngine, None]:
    """Load the model; about half a second. Raises ModelMissing."""
    folder = config.folder or package_file("moonshine_voice", "assets", "tiny-en")
    yield Moonshine(folder)


plugin: Final = Plugin("moonshine", MoonshineConfig, open_moonshine)
