"""The bundled recogniser: Moonshine tiny-en, decoded greedily with plain onnxruntime.

Only the model files of the `moonshine-voice` package are used; its engine is never imported.
"""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from ringdown.core.plugins import Plugin
from ringdown.speech.adapters.assets import open_model, package_file
from ringdown.speech.adapters.moonshine_calibration import read_calibration
from ringdown.speech.adapters.moonshine_decoder import Decoder, Row
from ringdown.speech.adapters.moonshine_folder import find_files, read_shape
from ringdown.speech.adapters.moonshine_names import NameBias, NamePrefixes
from ringdown.speech.adapters.pieces import join_words, piece_text, read_pieces
from ringdown.speech.model.calibration import ScoredWord, uncalibrated
from ringdown.speech.model.calibration_doubts import doubts
from ringdown.speech.model.names import NameBook
from ringdown.speech.ports import (
    AsrCapabilities,
    AsrEngine,
    Piece,
    Pulse,
    Recognised,
    RecognisedWord,
)

RATE: Final = 16000
TAIL: Final = RATE // 2
"""Half a second of silence after each segment: without it the last word suffers."""
TOKENS_PER_SECOND: Final = 6.5
"""More tokens than this are a repetition loop, not speech."""
SHORTEST: Final = 1600
"""The encoder needs more samples than this to yield even one frame."""
BATCH: Final = 4
"""Segments decoded in step: four cost three fifths of what they cost alone, eight hardly less."""
LOOK_AGAIN_BELOW: Final = 0.5
"""A token less likely than this has the piece heard a second time."""
SHIFT: Final = RATE * 3 // 20
"""Silence before the second time: where the frames of the encoder fall decides close calls."""
TOGETHER: Final = RATE * 8
"""A piece and what was said before it are heard together up to this length."""
MARKS: Final = frozenset([b".", b"?", b"!", b",", b"..."])
NAMES: Final = True
"""Whether local names are favoured while decoding."""
SPREAD: Final = 1.5
"""The longest segment of a batch may be this much longer than the shortest."""


class MoonshineConfig(BaseModel):
    """Settings of the bundled recogniser."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    folder: Path | None = Field(
        default=None, description="Folder with the model's files; empty means the bundled tiny-en."
    )


class Moonshine:
    """Greedy decoding of whole segments, one thread, deterministic."""

    def __init__(self, folder: Path) -> None:
        files = find_files(folder)
        self.calibration = read_calibration(files.decoder)
        self.capabilities = AsrCapabilities(
            name=f"moonshine-{folder.name}",
            languages=("en",),
            partials=True,
            word_confidence=True,
            word_times="estimated",
            batch=BATCH,
            names=NAMES,
            calibrated=self.calibration is not None,
        )
        self._encoder = open_model(files.encoder)
        model = open_model(files.decoder)
        inputs = model.inputs()
        masked = "encoder_attention_mask" in inputs
        self._decoder = Decoder(model, read_shape(inputs, files.decoder), masked=masked)
        self._masked = "attention_mask" in self._encoder.inputs()
        self._names: NamePrefixes | None = None
        self._texts = [piece_text(piece) for piece in read_pieces(files.tokenizer)]
        self._marks = frozenset(
            token for token, text in enumerate(self._texts) if text.strip() in MARKS
        )

    def transcribe(self, pieces: Sequence[Piece], pulse: Pulse | None = None) -> list[Recognised]:
        """Recognise each piece; its earlier tokens are verified in a single call.

        Several pieces share the steps of the decoder. The model is quantised as it runs, so the
        company a piece is in may turn a close call the other way; equal pieces stay equal.
        """
        found = [Recognised("", (), ())] * len(pieces)
        long = [at for at, piece in enumerate(pieces) if len(piece.samples) >= SHORTEST]
        for group in _groups(long, [len(piece.samples) for piece in pieces]):
            rows = self.decode([pieces[at] for at in group], pulse)
            others = self._look_again([pieces[at] for at in group], rows, pulse)
            for at, row, other in zip(group, rows, others, strict=True):
                heard = self._read(row)
                found[at] = replace(heard, again=self._read(other).words) if other else heard
        return found

    def _look_again(
        self, pieces: Sequence[Piece], rows: list[Row], pulse: Pulse | None
    ) -> list[Row | None]:
        """Where the model was unsure it listens once more; the likelier stays.

        Gives what did not stay.
        """
        unsure = [
            at
            for at, (piece, row) in enumerate(zip(pieces, rows, strict=True))
            if not (piece.partial or piece.hurried) and row.lowest < LOOK_AGAIN_BELOW
        ]
        again = [self._other_row(pieces[at], rows[at], pulse) for at in unsure]
        self._decoder.decode(again, pulse)
        others: list[Row | None] = [None] * len(rows)
        for at, other in zip(unsure, again, strict=True):
            if other.given:
                other.drop_given(self._marks)
                other.end_first = rows[at].end_first
            lost = bool(other.given) and not other.tokens  # what is gone may be in the wrong text
            if not lost and _rank(other) > _rank(rows[at]):
                others[at], rows[at] = rows[at], other
            else:
                others[at] = other
        return others

    def _other_row(self, piece: Piece, row: Row, pulse: Pulse | None) -> Row:
        """The same piece together with what was said before it, or else a little shifted."""
        before = piece.before
        if before is None or len(before.samples) + len(piece.samples) > TOGETHER:
            moved = np.pad(piece.samples, (SHIFT, 0))
            return self._encode(replace(piece, samples=moved, previous=tuple(row.tokens)), pulse)
        given = list(before.tokens)
        while given and given[-1] in self._marks:
            given.pop()  # the sentence may go on
        joined = np.concatenate([before.samples, piece.samples])
        other = self._encode(replace(piece, samples=joined, previous=tuple(given)), pulse)
        other.given = tuple(given)
        return other

    def decode(self, pieces: Sequence[Piece], pulse: Pulse | None = None) -> list[Row]:
        """The tokens of each piece and what was thought of them."""
        rows = [self._encode(piece, pulse) for piece in pieces]
        self._decoder.decode(rows, pulse)
        return rows

    def _encode(self, piece: Piece, pulse: Pulse | None) -> Row:
        """Each piece alone: together they would cost the same and disturb one another."""
        padded = np.concatenate([piece.samples, np.zeros(TAIL, np.float32)])[None, :]
        inputs: dict[str, NDArray[Any]] = {"input_values": padded}
        if self._masked:
            inputs["attention_mask"] = np.ones(padded.shape, np.int64)
        (hidden,) = self._encoder.run(None, inputs)
        if pulse:
            pulse()
        samples = padded.shape[1]
        limit = int(samples / RATE * TOKENS_PER_SECOND)
        return Row(hidden[0], samples, limit, tuple(piece.previous), self._favours(piece.names))

    def _favours(self, book: NameBook | None) -> NameBias | None:
        if book is None or not book.names or not self.capabilities.names:
            return None
        if self._names is None or self._names.version != book.version:
            self._names = NamePrefixes(book)
        return NameBias(self._texts, self._names)

    def scored(self, row: Row) -> list[ScoredWord]:
        """The words of a decoded segment and what the decoder thought of each."""
        return join_words(self._texts, row.tokens, row.scores)

    def _read(self, row: Row) -> Recognised:
        scored = self.scored(row)
        calibration = self.calibration
        sure = calibration.confidences(scored) if calibration else uncalibrated(scored)
        words = tuple(
            RecognisedWord(one.word, round(confidence, 3))
            for one, confidence in zip(scored, sure, strict=True)
        )
        return Recognised(
            " ".join(w.word for w in words),
            words,
            tuple(row.tokens),
            doubts=doubts(
                row.tokens, row.scores, sure, end_first=row.end_first, overrun=row.overrun
            ),
        )


def _rank(row: Row) -> tuple[bool, float]:
    return not row.overrun, row.likelihood


def _groups(indexes: Sequence[int], lengths: Sequence[int]) -> list[list[int]]:
    """Pieces of about the same length, the short ones first."""
    groups: list[list[int]] = []
    for at in sorted(indexes, key=lambda index: lengths[index]):
        last = groups[-1] if groups else []
        if last and len(last) < BATCH and lengths[at] <= SPREAD * lengths[last[0]]:
            last.append(at)
        else:
            groups.append([at])
    return groups


@asynccontextmanager
async def open_moonshine(config: MoonshineConfig) -> AsyncGenerator[AsrEngine, None]:
    """Load the model; about half a second. Raises ModelMissing."""
    folder = config.folder or package_file("moonshine_voice", "assets", "tiny-en")
    yield Moonshine(folder)


plugin: Final = Plugin("moonshine", MoonshineConfig, open_moonshine)
