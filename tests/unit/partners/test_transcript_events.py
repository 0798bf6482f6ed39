"""Transcript events: whoever applies the documented rule to them holds what was understood."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringdown.core.clock import parse_iso
from ringdown.partners import words as module
from ringdown.partners.words import SPEAKERS, Transcript
from ringdown.speech.api import NEUTRAL_CONFIDENCE, UtteranceView, WordView
from ringdown.testing.clock import START

LEGS = {"leg_a": "caller", "leg_b": "caller", "leg_x": "call_taker"}


def utterance(
    name: str,
    start_ms: int,
    words: list[tuple[int, str]],
    *,
    leg: str = "leg_a",
    end_ms: int | None = None,
    revision: int = 1,
    confidence: float = 0.9,
) -> UtteranceView:
    views = tuple(
        WordView(
            word=text, start_ms=at, end_ms=at + 100, confidence=confidence,
            timing_estimated=True, doubtful=False,
        )
        for at, text in words
    )  # fmt: skip
    return UtteranceView(
        utterance_id=name,
        call_id="call_1",
        leg_id=leg,
        side=LEGS[leg],
        start_ms=start_ms,
        end_ms=end_ms if end_ms is not None else max([start_ms, *(at for at, _ in words)]) + 100,
        text=" ".join(text for _, text in words),
        revision=revision,
        engine="test",
        doubtful=False,
        words=views,
    )


@dataclass
class Partner:
    """The replacement rule as the documentation's sample applies it, and how far it has read."""

    held: list[dict[str, Any]] = field(default_factory=list)
    offset: int = 0

    def take(self, body: str, offset: int) -> None:
        event = json.loads(body)
        assert event["type"] == "transcript"
        first = event["words"][0]
        since = parse_iso(first["started_at"])
        assert {word["speaker"] for word in event["words"]} == {first["speaker"]}
        self.held = [
            word
            for word in self.held
            if not (word["speaker"] == first["speaker"] and parse_iso(word["started_at"]) >= since)
        ]
        self.held += event["words"]
        self.offset = offset

    def catch_up(self, transcript: Transcript, most: int | None = None) -> None:
        for event in transcript.since(self.offset)[:most]:
            assert event.offset > self.offset
            self.take(event.body, event.offset)

    def of(self, side: str) -> list[dict[str, Any]]:
        return [word for word in self.held if word["speaker"] == SPEAKERS[side]]

    def says(self, side: str) -> str:
        return " ".join(word["word"] for word in self.of(side) if word["word"])


def agrees(partner: Partner, transcript: Transcript) -> None:
    """Exactly our words, each with its times, its number and its id, in our order."""
    for side in SPEAKERS:
        assert partner.of(side) == [json.loads(text) for text in transcript.held(side)]
        starts = [word["started_at"] for word in partner.of(side)]
        assert starts == sorted(set(starts)), "starts are strictly increasing"


@dataclass
class Model:
    """What should be held, worked out the slow way."""

    finals: dict[str, UtteranceView] = field(default_factory=dict)
    open: dict[str, UtteranceView] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)

    def hear(self, told: UtteranceView, *, final: bool) -> None:
        if told.utterance_id in self.finals:
            return
        if final:
            self.finals[told.utterance_id] = told
            self.open = {
                name: one
                for name, one in self.open.items()
                if name != told.utterance_id
                and not (one.leg_id == told.leg_id and one.start_ms < self.until(told.leg_id))
            }
            return
        known = self.open.get(told.utterance_id)
        newer = known is None or told.revision > known.revision
        closed = told.leg_id in self.closed
        if newer and not closed and told.start_ms >= self.until(told.leg_id):
            self.open[told.utterance_id] = told

    def until(self, leg: str) -> int:
        return max((one.end_ms for one in self.finals.values() if one.leg_id == leg), default=-1)

    def end(self, leg: str) -> None:
        left = {name for name, one in self.open.items() if one.leg_id == leg}
        if left:
            self.closed.add(leg)
        self.open = {name: one for name, one in self.open.items() if name not in left}

    def says(self, side: str) -> str:
        placed: list[tuple[int, str, int, str]] = []
        for one in [*self.finals.values(), *self.open.values()]:
            latest = 0
            for number, word in enumerate(one.words):
                latest = max(latest, word.start_ms)
                if one.side == side:
                    placed.append((latest, one.utterance_id, number, word.word))
        return " ".join(text for *_, text in sorted(placed))


TEXTS = st.sampled_from(["send", "help", "now", "Main", "and", "fifth"])
TOLD = st.builds(
    lambda number, leg, start, gaps, revision, length: utterance(
        f"utt_{leg}_{number}",
        start,
        [(start + sum(gap for gap, _ in gaps[: n + 1]), text) for n, (_, text) in enumerate(gaps)],
        leg=leg,
        end_ms=start + length,
        revision=revision,
    ),
    st.integers(0, 3),
    st.sampled_from(list(LEGS)),
    st.integers(0, 6).map(lambda n: n * 10),
    st.lists(st.tuples(st.sampled_from([0, 0, 1, 10, 30, -5]), TEXTS), max_size=5),
    st.integers(1, 3),
    st.integers(0, 60),
)
STEPS = st.lists(
    st.tuples(st.sampled_from(["partial", "partial", "final"]), TOLD)
    | st.tuples(st.just("end"), st.sampled_from(list(LEGS))),
    max_size=14,
)


def act(step: tuple[str, Any], transcript: Transcript, model: Model) -> None:
    kind, what = step
    if kind == "end":
        transcript.end_leg(what)
        model.end(what)
    else:
        transcript.hear(what, final=kind == "final")
        model.hear(what, final=kind == "final")


@given(STEPS)
@settings(max_examples=120, deadline=None)
def test_held_words_are_ours_after_every_event(steps):
    """Shrinking partials, other finals, both sides at once, overlaps in time, equal starts."""
    transcript, model, partner = Transcript(START), Model(), Partner()
    for step in steps:
        act(step, transcript, model)
        partner.catch_up(transcript)
        assert partner.offset == transcript.offset
        agrees(partner, transcript)
        assert [partner.says(side) for side in SPEAKERS] == [model.says(side) for side in SPEAKERS]


@given(STEPS, st.integers(1, 3), st.data())
@settings(max_examples=80, deadline=None)
def test_any_offset_is_a_place_to_go_on_from(steps, most_words, data):
    """Late, cut off in the middle, starting over on top of anything: all end with our words."""
    before = module.MOST_WORDS
    module.MOST_WORDS = most_words
    try:
        transcript, partners = Transcript(START), [Partner(), Partner(), Partner()]
        for step in steps:
            act(step, transcript, Model())
            for partner in partners:
                if data.draw(st.booleans()):
                    partner.catch_up(transcript, data.draw(st.integers(0, 3)))
        partners[1].offset = 0  # the same again, from the beginning, on top of what it has
        for partner in [*partners, Partner()]:
            partner.catch_up(transcript)
            if transcript.offset:
                agrees(partner, transcript)
    finally:
        module.MOST_WORDS = before


def test_documented_examples_of_the_rule():
    """A correction in the middle, a deletion of the end, and words that only follow."""
    transcript, partner = Transcript(START), Partner()
    transcript.hear(utterance("x", 2500, [(2500, "X")], leg="leg_x"), final=False)
    transcript.hear(utterance("u", 1000, [(1000, "A"), (2000, "B"), (3000, "C")]), final=False)
    partner.catch_up(transcript)
    better = utterance("u", 1000, [(1000, "A"), (2000, "B'"), (3400, "D")], revision=2)
    transcript.hear(better, final=False)
    (event,) = transcript.since(partner.offset)
    assert [word["word"] for word in json.loads(event.body)["words"]] == ["B'", "D"]
    partner.catch_up(transcript)
    assert (partner.says("caller"), partner.says("call_taker")) == ("A B' D", "X")

    transcript.hear(utterance("u", 1000, [(1000, "A")], revision=3), final=False)
    (event,) = transcript.since(partner.offset)
    assert [word["word"] for word in json.loads(event.body)["words"]] == ["A"]
    partner.catch_up(transcript)
    assert partner.says("caller") == "A"

    transcript.hear(utterance("v", 4000, [(4000, "E")]), final=False)
    (event,) = transcript.since(partner.offset)
    assert [word["word"] for word in json.loads(event.body)["words"]] == ["E"]


def test_a_corrected_word_that_starts_later_takes_the_one_before_it_along():
    """Else the word that it replaces would stay."""
    transcript, partner = Transcript(START), Partner()
    transcript.hear(utterance("u", 1000, [(1000, "A"), (2000, "B")]), final=False)
    partner.catch_up(transcript)
    transcript.hear(utterance("u", 1000, [(1000, "A"), (2600, "C")], revision=2), final=False)
    partner.catch_up(transcript)
    assert partner.says("caller") == "A C"


def test_first_words_that_turn_out_to_be_nothing_leave_an_empty_word():
    """The rule cannot take back all of a speaker's words; the next ones keep their true time."""
    transcript, partner = Transcript(START), Partner()
    transcript.hear(utterance("u", 1000, [(1000, "Thank"), (1200, "you.")]), final=False)
    partner.catch_up(transcript)
    transcript.end_leg("leg_a")
    partner.catch_up(transcript)
    assert [word["word"] for word in partner.of("caller")] == [""]
    transcript.hear(utterance("v", 60_000, [(60_000, "Help!")], leg="leg_b"), final=True)
    partner.catch_up(transcript)
    assert [word["word"] for word in partner.of("caller")] == ["", "Help!"]
    assert partner.of("caller")[1]["start_offset"] == 60.0


def test_a_word_is_as_documented_and_says_what_is_not_known():
    """Field names, units and forms; a confidence that nobody measured is 0 and marked."""
    transcript, partner = Transcript(START, seq=40), Partner()
    transcript.hear(utterance("u", 1000, [(1000, "Send")], confidence=0.91), final=False)
    partner.catch_up(transcript)
    assert partner.held == [
        {
            "word": "Send", "speaker": "Caller", "confidence": 0.91,
            "started_at": "2026-03-01T03:00:01.000+00:00",
            "ended_at": "2026-03-01T03:00:01.100+00:00",
            "duration": 0.1, "start_offset": 1.0, "language_code": "en-US", "is_final": False,
            "id": "u.0", "seq": 41, "timing_estimated": True, "confidence_known": True,
        }
    ]  # fmt: skip
    unsure = utterance("v", 2000, [(2000, "now")], confidence=NEUTRAL_CONFIDENCE)
    transcript.hear(unsure, final=True)
    partner.catch_up(transcript)
    assert [(w["confidence"], w["confidence_known"]) for w in partner.held[1:]] == [(0.0, False)]


def test_events_stay_within_their_limits():
    """At most 200 words and 60 KiB, live and when everything is told again."""
    transcript, partner = Transcript(START), Partner()
    long = [(n, "supercalifragilistic" * 4) for n in range(900)]
    transcript.hear(utterance("u", 0, long), final=True)
    transcript.hear(utterance("v", 9_000, [(9_000 + n, "a") for n in range(450)]), final=True)
    partner.catch_up(transcript)
    agrees(partner, transcript)
    for event in transcript.since(0):
        assert len(json.loads(event.body)["words"]) <= 200
        assert len(event.body.encode()) < 60 * 1024
    assert len(transcript.since(0)) > 6


def test_turns_of_one_speaker_become_one_event_when_told_again():
    """Whoever joins late gets few events, in the order of time."""
    transcript = Transcript(START)
    for n in range(30):
        leg = "leg_x" if n in {10, 20} else "leg_a"
        for revision in (1, 2, 3):
            words = [(n * 1000 + k, f"{n}.{k}") for k in range(revision)]
            transcript.hear(
                utterance(f"u{n}", n * 1000, words, leg=leg, revision=revision), final=revision == 3
            )
    assert [event.side for event in transcript.since(0)] == [
        "caller", "call_taker", "caller", "call_taker", "caller",
    ]  # fmt: skip
    assert transcript.since(0) is transcript.since(0), "written once for everybody"


@pytest.mark.parametrize("again", [False, True])
def test_the_same_words_again_are_told_to_nobody(again):
    """Neither a repeated final nor a late partial of it changes anything."""
    transcript = Transcript(START)
    said = utterance("u", 1000, [(1000, "A")])
    transcript.hear(said, final=True)
    before = transcript.offset
    transcript.hear(said, final=again)
    transcript.hear(utterance("u", 1000, [(1000, "B")], revision=9), final=again)
    assert transcript.offset == before
    assert transcript.words("caller") == ["A"]
