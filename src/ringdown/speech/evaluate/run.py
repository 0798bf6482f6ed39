"""Listening to a data set, clip by clip."""

import time
from collections.abc import Callable, Iterator

from ringdown.core.errors import RingdownError
from ringdown.speech.evaluate.dataset import Clip, Dataset
from ringdown.speech.evaluate.figures import Errors
from ringdown.speech.evaluate.judge import Result, judge
from ringdown.speech.evaluate.normalise import normalise
from ringdown.speech.transcribe import Heard, Listener

Hearing = Callable[[Clip], Heard]


def listen_to(dataset: Dataset, listener: Listener, *, live: bool) -> Iterator[Result]:
    """One result for each clip; a clip that cannot be heard gives one with its error's code."""
    return hear(dataset, lambda clip: listener.file(clip.path, live=live))


def hear(dataset: Dataset, hearing: Hearing) -> Iterator[Result]:
    """The same with any way of listening; its CPU time in this process is counted."""
    for clip in dataset.clips:
        began = time.process_time()
        try:
            heard = hearing(clip)
        except RingdownError as error:
            yield _result(clip, Heard(0.0, 1, ()), 0.0, error.code)
        else:
            yield _result(clip, heard, time.process_time() - began)


def _result(clip: Clip, heard: Heard, cpu_s: float, error: str = "") -> Result:
    words = [(word.word, word.confidence) for word in heard.words]
    errors, judged = judge(clip.reference, words, digits=clip.digits)
    return Result(
        clip=clip.id,
        group=clip.group,
        condition=clip.condition,
        digits=clip.digits,
        audio_s=heard.duration_s,
        cpu_s=cpu_s,
        errors=Errors() if error else errors,
        judged=judged,
        silent=not normalise(clip.reference, digits=clip.digits),
        heard_words=len(words),
        reference=clip.reference,
        hypothesis=heard.text,
        error=error,
    )
