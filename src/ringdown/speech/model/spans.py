"""Who heard which second of a leg, in as few words as possible. Pure."""

from collections.abc import Sequence
from typing import Final

from ringdown.speech.model.protocol import Listened
from ringdown.speech.model.utterance import UtteranceView

MOST: Final = 200
"""Spans of one leg that are written down one by one; what is beyond them is told together."""


def spans_of(listened: Sequence[Listened], stored: Sequence[UtteranceView]) -> list[Listened]:
    """In order of time; neighbours of the same engine and the same `sent_to` are one span.

    `stored` utterances fill in what `listened` does not know, from before a server started again.
    """
    known = {span.from_ms for span in listened}
    rest = [
        Listened(engine=one.engine, from_ms=one.start_ms, to_ms=one.end_ms, words=len(one.words))
        for one in stored
        if one.start_ms not in known
    ]
    spans: list[Listened] = []
    for span in sorted([*listened, *rest], key=lambda one: (one.from_ms, one.to_ms)):
        last = spans[-1] if spans else None
        alike = last is not None and (last.engine, last.sent_to) == (span.engine, span.sent_to)
        if last is not None and (alike or len(spans) >= MOST):
            spans[-1] = _joined(last, span)
        else:
            spans.append(span)
    return spans


def _joined(one: Listened, other: Listened) -> Listened:
    """One span over both; of different engines, the second counts as one it was sent to."""
    others = {*one.sent_to, *other.sent_to, other.engine} - {one.engine}
    return Listened(
        engine=one.engine,
        from_ms=min(one.from_ms, other.from_ms),
        to_ms=max(one.to_ms, other.to_ms),
        words=one.words + other.words,
        sent_to=tuple(sorted(others)),
    )
