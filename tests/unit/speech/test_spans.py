"""Who heard which second of a leg."""

from ringdown.speech.model.protocol import Listened
from ringdown.speech.model.spans import MOST, spans_of

from .test_transcript_service import said


def span(start: int, engine: str = "own", *sent_to: str) -> Listened:
    return Listened(engine=engine, from_ms=start, to_ms=start + 500, words=2, sent_to=sent_to)


def test_neighbours_of_one_engine_are_one_span() -> None:
    """And the words are added up."""
    (one,) = spans_of([span(1000), span(0), span(2000)], [])
    assert one == Listened(engine="own", from_ms=0, to_ms=2500, words=6)


def test_another_engine_is_a_span_of_its_own() -> None:
    """So is a stretch that was sent to another one as well."""
    found = spans_of([span(0), span(1000, "far"), span(2000), span(3000, "own", "far")], [])
    assert [(one.engine, one.sent_to) for one in found] == [
        ("own", ()), ("far", ()), ("own", ()), ("own", ("far",)),
    ]  # fmt: skip


def test_what_was_heard_before_a_restart_is_read_from_the_transcript() -> None:
    """And nothing is counted twice."""
    (stored, own) = spans_of([span(5000)], [said(1), said(5)])
    assert (stored.engine, stored.from_ms) == ("counting", 1000)
    assert own.words == 2


def test_a_leg_of_endless_changes_stays_one_row() -> None:
    """The rest is told together, with every engine in it."""
    found = spans_of([span(at * 1000, "own" if at % 2 else "far") for at in range(500)], [])
    assert len(found) == MOST
    assert found[-1].to_ms == 499_500
