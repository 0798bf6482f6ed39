"""One clip judged, and many clips together: the figures of a report. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ringdown.speech.evaluate.align import align
from ringdown.speech.evaluate.figures import (
    Errors,
    Interval,
    Judged,
    auc,
    bootstrap,
    calibration_error,
    count,
    rate_interval,
    reliability,
    wilson,
)
from ringdown.speech.evaluate.normalise import normalise

SPEECH, DIGITS = "all speech", "all digits"


@dataclass(frozen=True)
class Result:
    """What was made of one clip. `error` is a code when it could not be heard at all."""

    clip: str
    group: str
    condition: str
    digits: bool
    audio_s: float
    cpu_s: float
    errors: Errors
    judged: tuple[Judged, ...]
    silent: bool
    """Whether nothing is said in it."""
    heard_words: int
    reference: str
    hypothesis: str
    error: str = ""


@dataclass(frozen=True)
class Row:
    """The errors of one group under one condition."""

    condition: str
    group: str
    clips: int
    errors: Errors
    interval: Interval | None


def judge(
    reference: str, words: Sequence[tuple[str, float]], *, digits: bool
) -> tuple[Errors, tuple[Judged, ...]]:
    """The errors of heard words, and of each word its confidence and whether it is right.

    A heard word that stands for several ("42") is right if all of them are.
    """
    said = normalise(reference, digits=digits)
    whole = normalise(" ".join(word for word, _ in words), digits=digits)
    errors = count(align(said, whole))
    parts = [normalise(word, digits=digits) for word, _ in words]
    single = [part for word in parts for part in word]
    right = {step.heard for step in align(said, single) if step.kind == "right"}
    judged: list[Judged] = []
    at = 0
    for (_, confidence), part in zip(words, parts, strict=True):
        if part:
            judged.append((confidence, all(at + n in right for n in range(len(part)))))
        at += len(part)
    return errors, tuple(judged)


def rows(results: Sequence[Result]) -> list[Row]:
    """By condition: each group, then all speech and all digits."""
    found: list[Row] = []
    for condition in unique(one.condition for one in results):
        here = [one for one in results if one.condition == condition and not one.error]
        spoken = [one for one in here if not one.silent]
        groups = unique(one.group for one in spoken)
        found += [
            _row(condition, group, [one for one in spoken if one.group == group])
            for group in (groups if len(groups) > 1 else [])
        ]
        for name, digits in ((SPEECH, False), (DIGITS, True)):
            some = [one for one in spoken if one.digits == digits]
            if some:
                found.append(_row(condition, name, some))
    return found


def _row(condition: str, group: str, results: Sequence[Result]) -> Row:
    errors = [one.errors for one in results]
    return Row(condition, group, len(results), sum(errors, Errors()), rate_interval(errors))


def confidence(results: Sequence[Result]) -> dict[str, Any]:
    """How honest the words' confidence is, all conditions together."""
    clips = [one.judged for one in results if one.judged and not one.silent]
    every = [word for clip in clips for word in clip]

    def over(at: NDArray[np.intp]) -> list[Judged]:
        return [word for index in at for word in clips[int(index)]]

    bins = [
        {
            **asdict(one),
            "share_right": one.right / one.words if one.words else None,
            "interval": wilson(one.right, one.words) if one.words else None,
        }
        for one in reliability(every)
    ]
    return {
        "words": len(every),
        "right": sum(good for _, good in every),
        "auc": auc(every),
        "auc_interval": bootstrap(len(clips), lambda at: auc(over(at)), rounds=200),
        "calibration_error": calibration_error(every),
        "calibration_interval": bootstrap(
            len(clips), lambda at: calibration_error(over(at)), rounds=200
        ),
        "bins": bins,
    }


def invented(results: Sequence[Result]) -> dict[str, Any] | None:
    """Words written where nobody spoke, a minute; None without such clips."""
    silent = [one for one in results if one.silent and not one.error]
    if not silent:
        return None
    seconds = np.array([one.audio_s for one in silent])
    words = np.array([one.heard_words for one in silent])

    def rate(at: NDArray[np.intp]) -> float | None:
        total = float(seconds[at].sum())
        return float(words[at].sum()) / total * 60 if total else None

    return {
        "clips": len(silent),
        "minutes": float(seconds.sum()) / 60,
        "words": int(words.sum()),
        "per_minute": rate(np.arange(len(silent))),
        "interval": bootstrap(len(silent), rate),
    }


def report(results: Sequence[Result], about: dict[str, Any], *, show_words: bool) -> dict[str, Any]:
    """Everything as plain values. Names of files and words appear only with `show_words`."""
    audio = sum(one.audio_s for one in results)
    cpu = sum(one.cpu_s for one in results)
    return {
        **about,
        "clips": len(results),
        "audio_s": round(audio, 3),
        "core_s_per_audio_s": cpu / audio if audio else None,
        "rates": [
            {
                "condition": row.condition,
                "group": row.group,
                "clips": row.clips,
                **asdict(row.errors),
                "wer": row.errors.rate,
                "interval": row.interval,
            }
            for row in rows(results)
        ],
        "confidence": confidence(results),
        "invented": invented(results),
        "failed": [
            {"number": number, "code": one.error}
            for number, one in enumerate(results, start=1)
            if one.error
        ],
        "by_clip": [
            _by_clip(number, one, show_words=show_words)
            for number, one in enumerate(results, start=1)
        ],
    }


def _by_clip(number: int, one: Result, *, show_words: bool) -> dict[str, Any]:
    told: dict[str, Any] = {
        "number": number,
        "condition": one.condition,
        "group": one.group,
        "audio_s": round(one.audio_s, 3),
        **asdict(one.errors),
        "wer": one.errors.rate,
        "heard_words": one.heard_words,
    }
    if show_words:
        told |= {"clip": one.clip, "reference": one.reference, "hypothesis": one.hypothesis}
    return told


def unique(values: Iterable[str]) -> list[str]:
    """Each value once, in the order of its first appearance."""
    return list(dict.fromkeys(values))
