"""Fit the confidence of words to speech whose words are known, and store it with its origin.

Needs the Debian package `flite` and this project's environment:
    uv run python tools/fit_calibration.py [--folder MODEL] [--clips 1200]
Writes src/ringdown/speech/models/calibration-<model>.json and prints how it does on clips that
were left out of the fit. The speech is synthetic, see `synthetic_speech.py`.
"""

import argparse
import random
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from synthetic_speech import VOICES, degrade, sentence, speak

from ringdown.speech.adapters.assets import package_file
from ringdown.speech.adapters.moonshine import Moonshine
from ringdown.speech.adapters.moonshine_calibration import digest
from ringdown.speech.adapters.moonshine_folder import find_files
from ringdown.speech.evaluate.align import align
from ringdown.speech.evaluate.normalise import digit_share, normalise
from ringdown.speech.model.calibration import (
    FEATURES,
    Calibration,
    CalibrationOrigin,
    ScoredWord,
    features,
)
from ringdown.speech.ports import Piece

MODELS = Path(__file__).resolve().parent.parent / "src" / "ringdown" / "speech" / "models"
SEED = 20261121
CONDITIONS = ("ulaw", "gsm", "noisy")
HELD_EVERY = 5
"""One clip in five is left out to judge the fit."""
RIDGE = 1.0
DESCRIPTION = (
    "Synthetic telephone speech: invented sentences in four flite voices at several speeds, "
    "under mu-law, an imitation of a coarse mobile codec, and babble with pink noise at 5-16 dB."
)


def judge(text: str, words: list[ScoredWord]) -> list[bool]:
    """Whether each word heard is right: all that it stands for was said there."""
    by_digit = digit_share(text) > 0.5
    heard: list[str] = []
    owner: list[int] = []
    for at, word in enumerate(words):
        parts = normalise(word.word, digits=by_digit)
        heard += parts
        owner += [at] * len(parts)
    right = [True] * len(words)
    for step in align(normalise(text, digits=by_digit), heard):
        if step.heard is not None and step.kind != "right":
            right[owner[step.heard]] = False
    return right


def gather(engine: Moonshine, clips: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Features, rightness and clip of every word heard in `clips` clips."""
    rng = random.Random(SEED)
    noise = np.random.default_rng(SEED)
    plain = [
        (text, speak(text, VOICES[at % len(VOICES)], rng.choice((0.85, 1.0, 1.15))))
        for at, text in enumerate(sentence(rng) for _ in range(clips // len(CONDITIONS)))
    ]
    others = [samples for _, samples in plain[:40]]
    rows: list[list[float]] = []
    right: list[bool] = []
    clip: list[int] = []
    for at, (text, samples) in enumerate(plain):
        for how in CONDITIONS:
            (row,) = engine.decode([Piece(degrade(samples, how, others, noise))])
            words = engine.scored(row)
            rows += features(words)
            right += judge(text, words)
            clip += [at] * len(words)
    return np.array(rows), np.array(right), np.array(clip)


def fit(rows: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """Logistic regression by Newton's method: mean, scale, weights, bias."""
    mean, scale = rows.mean(axis=0), np.maximum(rows.std(axis=0), 1e-6)
    known = np.hstack([(rows - mean) / scale, np.ones((len(rows), 1))])
    weights = np.zeros(known.shape[1])
    ridge = np.diag([RIDGE] * rows.shape[1] + [0.0])
    for _ in range(30):
        chance = 1 / (1 + np.exp(-known @ weights))
        slope = known.T @ (right - chance) - ridge @ weights
        curve = known.T @ (known * (chance * (1 - chance))[:, None]) + ridge
        weights = weights + np.linalg.solve(curve, slope)
    return mean, scale, weights[:-1], float(weights[-1])


def area(confidence: np.ndarray, right: np.ndarray) -> float:
    """Area under the ROC curve: how often a right word is surer than a wrong one."""
    yes, no = confidence[right], confidence[~right]
    above = (yes[:, None] > no[None, :]).mean() + 0.5 * (yes[:, None] == no[None, :]).mean()
    return float(above)


def gap(confidence: np.ndarray, right: np.ndarray, bins: int = 10) -> float:
    """Expected calibration error over equally wide bins."""
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    parts = [
        abs(confidence[place == at].mean() - right[place == at].mean()) * (place == at).mean()
        for at in range(bins)
        if (place == at).any()
    ]
    return float(sum(parts))


def main() -> None:
    """Speak, listen, fit, judge on what was left out, and write."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--folder", type=Path, default=None)
    options.add_argument("--clips", type=int, default=1200)
    options.add_argument("--out", type=Path, default=MODELS)
    options.add_argument("--keep", type=Path, default=None, help="keep the data of the fit here")
    given = options.parse_args()
    folder = given.folder or package_file("moonshine_voice", "assets", "tiny-en")
    rows, right, clip = gather(Moonshine(folder), given.clips)
    if given.keep:
        np.savez(given.keep, rows=rows, right=right, clip=clip)
    held = clip % HELD_EVERY == 0
    mean, scale, weights, bias = fit(rows[~held], right[~held])
    found = 1 / (1 + np.exp(-((rows[held] - mean) / scale @ weights + bias)))
    print(f"fitted on {(~held).sum()} words, {right[~held].mean():.3f} right")
    print(
        f"left out: {held.sum()} words, AUC {area(found, right[held]):.3f}, "
        f"calibration error {gap(found, right[held]):.3f}"
    )
    lowest = rows[held][:, 0]
    print(f"lowest probability alone: AUC {area(lowest, right[held]):.3f}")
    calibration = Calibration(
        model=digest(find_files(folder).decoder),
        origin=CalibrationOrigin(
            date=datetime.now(UTC).date().isoformat(),
            data=DESCRIPTION,
            clips=given.clips,
            words=int((~held).sum()),
            right=int(right[~held].sum()),
        ),
        features=FEATURES,
        mean=tuple(float(round(x, 6)) for x in mean),
        scale=tuple(float(round(x, 6)) for x in scale),
        weights=tuple(float(round(x, 6)) for x in weights),
        bias=round(bias, 6),
    )
    out = given.out / f"calibration-{folder.name}.json"
    out.write_text(calibration.model_dump_json(indent=1) + "\n", encoding="utf-8")
    print(out)


if __name__ == "__main__":
    main()
