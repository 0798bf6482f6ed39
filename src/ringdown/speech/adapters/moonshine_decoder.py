"""Greedy decoding of several segments in step, each as if it were alone.

Segments that start together share every step of the decoder, whose cost is mostly that of its
weights; a finished one leaves the batch. A segment with earlier tokens has them verified in one
call of its own, for its place in the text is its own. Where the model says something else, it goes
on by itself until it is back in the earlier text, and the rest of that is verified in one call.
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from ringdown.speech.adapters.moonshine_folder import DecoderShape
from ringdown.speech.model.calibration import TokenScore
from ringdown.speech.ports import Pulse

START: Final = 1
END: Final = 2
FRAME: Final = 384
"""Samples of one frame of the encoder."""
PULSE_EVERY: Final = 8
BACK: Final = 2
"""So many equal tokens in a row mean that the text is back where it was before."""
ASTRAY: Final = 6
"""How much longer or shorter the way there may be, in tokens."""
WORTH: Final = 10
"""Fewer earlier tokens than this are written sooner than verified."""
MOST_RETURNS: Final = 4

Array = NDArray[Any]
Floats = NDArray[np.float32]


class Runs(Protocol):
    """A loaded model, or something that stands in for it."""

    def run(self, outputs: Sequence[str] | None, inputs: dict[str, Array]) -> list[Array]:
        """Named arrays in, the named outputs out."""
        ...


class Favours(Protocol):
    """Chooses a token in the light of what the text so far may become."""

    def choose(self, logits: Floats) -> int:
        """The token to write next."""
        ...

    def take(self, token: int) -> None:
        """This token was written."""
        ...


@dataclass
class Row:
    """One segment while it is decoded."""

    hidden: Floats
    """Encoded frames, [frames, width]."""
    samples: int
    """Samples of audio, padding included."""
    limit: int
    """Most tokens that may be speech; more is a loop."""
    previous: tuple[int, ...] = ()
    favours: Favours | None = None
    given: tuple[int, ...] = ()
    """Tokens that stand already, whatever the model thinks of them; the text goes on from there."""
    tokens: list[int] = field(default_factory=list[int])
    scores: list[TokenScore] = field(default_factory=list["TokenScore"])
    end_first: float = 0.0
    """The chance that there was nothing to say, at the first step."""
    overrun: bool = False
    """Whether the limit ended it."""

    @property
    def lowest(self) -> float:
        """The least likely of its tokens; 1 without any."""
        return min((score.chance for score in self.scores), default=1.0)

    @property
    def likelihood(self) -> float:
        """Mean logarithm of the tokens' probabilities; 0 without any."""
        return float(np.mean(np.log([max(one.chance, 1e-9) for one in self.scores] or [1.0])))

    def drop_given(self, marks: Container[int]) -> None:
        """Leave only what was decoded after the tokens given, without `marks` at its beginning."""
        first = len(self.given)
        while first < len(self.tokens) and self.tokens[first] in marks:
            first += 1
        del self.tokens[:first], self.scores[:first]

    def take(self, logits: Floats) -> bool:
        """Write the next token; False when the text is complete."""
        scores = np.exp(logits - logits.max())
        total = float(scores.sum())
        if not self.tokens:
            self.end_first = float(scores[END]) / total
        if len(self.tokens) < len(self.given):
            token = self.given[len(self.tokens)]
        else:
            token = int(logits.argmax()) if self.favours is None else self.favours.choose(logits)
        if token == END:
            return False
        if len(self.tokens) >= self.limit:
            self.overrun = True
            return False
        self.tokens.append(token)
        self.scores.append(_score(logits, scores, total, token))
        if self.favours is not None:
            self.favours.take(token)
        return True


def _score(logits: Floats, scores: Floats, total: float, token: int) -> TokenScore:
    chance = float(scores[token]) / total
    kept = scores[token]
    scores[token] = 0.0
    second = float(scores.max()) / total
    scores[token] = kept
    mean = float(scores @ (logits - logits.max())) / total
    return TokenScore(chance, second, float(np.log(total)) - mean)


def rejoin(tokens: Sequence[int], draft: Sequence[int]) -> Sequence[int]:
    """What `draft` goes on with where `tokens` has come back into it; empty where it has not."""
    here = len(tokens)
    ending = tuple(tokens[-BACK:])
    for off in sorted(range(-ASTRAY, ASTRAY + 1), key=abs):
        at = here + off
        if BACK <= at <= len(draft) - WORTH and tuple(draft[at - BACK : at]) == ending:
            return draft[at:]
    return ()


class Decoder:
    """The merged decoder of a model of any size."""

    def __init__(self, model: Runs, shape: DecoderShape, *, masked: bool) -> None:
        self._model = model
        self._masked = masked
        self._all = [f"present.{slot}" for slot in shape.slots]
        self._growing = [name for name in self._all if ".decoder." in name]
        self._past = {name: name.replace("present", "past_key_values") for name in self._all}
        self._heads, self._head_size = shape.heads, shape.head_size

    def decode(self, rows: Sequence[Row], pulse: Pulse | None = None) -> None:
        """Fill in the tokens of every row."""
        together = [row for row in rows if not row.previous]
        if together:
            self._run(together, pulse)
        for row in rows:
            if row.previous:
                self._run([row], pulse)

    def _run(self, rows: list[Row], pulse: Pulse | None) -> None:
        fixed = self._fixed(rows)
        draft = rows[0].previous[: rows[0].limit]
        active: list[Row]
        cache: dict[str, Array]
        active, cache = self._begin(rows, fixed, draft)
        steps = returns = 0
        while active:
            if len(active) < len(fixed["encoder_hidden_states"]):
                raise AssertionError("a finished row stayed in the batch")
            if draft and returns < MOST_RETURNS and (rest := rejoin(active[0].tokens, draft)):
                returns += 1
                active, cache = self._begin(active, fixed, rest)
                continue
            logits, *present = self._model.run(
                ["logits", *self._growing],
                {
                    "input_ids": np.array([[row.tokens[-1]] for row in active], np.int64),
                    "use_cache_branch": np.array([True]),
                    **fixed,
                    **cache,
                },
            )
            for name, value in zip(self._growing, present, strict=True):
                cache[self._past[name]] = value
            going = [at for at, row in enumerate(active) if row.take(logits[at, -1])]
            if len(going) < len(active):
                active = [active[at] for at in going]
                cache = {name: value[going] for name, value in cache.items()}
                fixed = {name: value[going] for name, value in fixed.items()}
            steps += 1
            if pulse and steps % PULSE_EVERY == 0:
                pulse()

    def _begin(
        self, rows: list[Row], fixed: dict[str, Array], draft: Sequence[int]
    ) -> tuple[list[Row], dict[str, Array]]:
        """Read what is written; of a single row also what may come next, kept while it agrees."""
        written = len(rows[0].tokens)
        empty = np.zeros((len(rows), self._heads, 0, self._head_size), np.float32)
        logits, *present = self._model.run(
            ["logits", *self._all],
            {
                "input_ids": np.array([[START, *row.tokens, *draft] for row in rows], np.int64),
                "use_cache_branch": np.array([False]),
                **fixed,
                **{self._past[name]: empty for name in self._all},
            },
        )
        agreed = 0
        active = [at for at, row in enumerate(rows) if row.take(logits[at, written])]
        while active and agreed < len(draft) and rows[0].tokens[-1] == draft[agreed]:
            agreed += 1
            active = [0] if rows[0].take(logits[0, written + agreed]) else []
        cache: dict[str, Array] = {}
        for name, value in zip(self._all, present, strict=True):
            kept = value[:, :, : written + agreed + 1] if ".decoder." in name else value
            kept = kept if len(active) == len(rows) else kept[active]
            cache[self._past[name]] = np.ascontiguousarray(kept)
        if len(active) < len(rows):
            for name, value in list(fixed.items()):
                fixed[name] = value[active]
        return [rows[at] for at in active], cache

    def _fixed(self, rows: Sequence[Row]) -> dict[str, Array]:
        """What stays the same at every step: the encoded audio, padded, and where it ends."""
        frames = max(len(row.hidden) for row in rows)
        hidden = np.zeros((len(rows), frames, rows[0].hidden.shape[1]), np.float32)
        mask = np.zeros((len(rows), max(row.samples for row in rows)), np.int64)
        for at, row in enumerate(rows):
            hidden[at, : len(row.hidden)] = row.hidden
            mask[at, : row.samples] = 1
        found: dict[str, Array] = {"encoder_hidden_states": hidden}
        if self._masked:
            found["encoder_attention_mask"] = mask
        return found
