"""The mix of both sides: cut anywhere it is the same, it never clips and never clicks."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringdown.listening.model.mix import (
    CEILING,
    PER_MS,
    Audio,
    Pcm16,
    Sides,
    Span,
    Voice,
    joined,
    widen,
)
from ringdown.listening.model.protocol import Gains

SECOND = 8000


def tone(hz: float, level: float, seconds: float = 1.0) -> Audio:
    at = np.arange(int(seconds * SECOND)) / SECOND
    return (level * np.sin(2 * np.pi * hz * at)).astype(np.float32)


def piece(call: dict[str, Audio], position: int, ms: int) -> Sides:
    span = Span(position, ms)
    found: Sides = {}
    for side, samples in call.items():
        padded = np.zeros(span.end - span.first, np.float32)
        first, end = max(span.first, 0), min(span.end, len(samples))
        if end > first:
            padded[first - span.first : end - span.first] = samples[first:end]
        found[side] = widen(padded)
    return found


def play(
    call: dict[str, Audio], voice: Voice, start: int = 0, end: int = 900, step: int = 60
) -> Pcm16:
    return np.concatenate([voice.play(piece(call, at, step)) for at in range(start, end, step)])


def level(samples: Pcm16, hz: float) -> float:
    """The amplitude of one tone."""
    at = np.arange(len(samples)) / 16_000
    return float(2 * np.abs(np.mean(samples * np.exp(-2j * np.pi * hz * at))))


@pytest.mark.parametrize("hz", [300, 1000, 2000, 3400])
def test_the_telephone_band_passes_and_has_no_image(hz: float) -> None:
    """Tones keep their level within half a dB; their mirror above 4 kHz is 60 dB lower."""
    made = play({"caller": tone(hz, 8000)}, Voice(Gains()))[1600:12_800]
    assert level(made, hz) == pytest.approx(8000, rel=0.06)
    assert level(made, 8000 - hz) < 8


def test_sample_times_are_kept() -> None:
    """An impulse at 500 ms is at 500 ms."""
    call = {"caller": np.zeros(SECOND, np.float32)}
    call["caller"][4000] = 20_000
    made = play(call, Voice(Gains()))
    assert int(np.argmax(np.abs(made))) == 500 * PER_MS


@given(st.lists(st.sampled_from([1, 7, 20, 60]), min_size=1, max_size=12), st.booleans())
@settings(deadline=None)
def test_a_piece_does_not_depend_on_how_it_was_cut(steps: list[int], loud: bool) -> None:
    """Any cutting gives the same samples, the limiter's work included."""
    generator = np.random.default_rng(1)
    call = {
        "caller": generator.normal(0, 9000, SECOND).astype(np.float32),
        "call_taker": generator.normal(0, 9000, SECOND).astype(np.float32),
    }
    gains = Gains(caller=6 if loud else -12, call_taker=3 if loud else -12)
    whole = Voice(gains).play(piece(call, 0, sum(steps)))
    voice, at, made = Voice(gains), 0, []
    for step in steps:
        made.append(voice.play(piece(call, at, step)))
        at += step
    np.testing.assert_allclose(np.concatenate(made), whole, atol=2)


@given(
    st.integers(0, 2**32 - 1),
    st.lists(
        st.tuples(st.floats(-60, 20), st.floats(-60, 20)),
        min_size=1,
        max_size=6,
    ),
)
@settings(deadline=None, max_examples=40)
def test_nothing_clips_whatever_is_asked(seed: int, gains: list[tuple[float, float]]) -> None:
    """Full-scale noise on both sides, at any gains and through any change of them."""
    generator = np.random.default_rng(seed)
    call = {
        side: (generator.choice([-32124, 0, 32124], SECOND)).astype(np.float32)
        for side in ("caller", "call_taker")
    }
    voice = Voice(Gains())
    for number, (caller, call_taker) in enumerate(gains):
        voice.gains = Gains(caller=caller, call_taker=call_taker)
        made = voice.play(piece(call, number * 60, 60)).astype(np.int32)
        assert int(np.abs(made).max()) <= CEILING + 1


def test_the_callers_gain_moves_only_the_caller() -> None:
    """12 dB down is a quarter, and the other side stays as it was."""
    call = {"caller": tone(600, 8000), "call_taker": tone(1500, 8000)}
    plain = play(call, Voice(Gains()))[1600:12_800]
    made = play(call, Voice(Gains(caller=-12)))[1600:12_800]
    assert level(made, 600) == pytest.approx(level(plain, 600) * 0.251, rel=0.02)
    assert level(made, 1500) == pytest.approx(level(plain, 1500), rel=0.01)


def largest_step(samples: Pcm16) -> int:
    return int(np.abs(np.diff(samples.astype(np.int32))).max())


def test_a_change_of_gain_does_not_click() -> None:
    """From -60 dB to 0 and back the signal steps no further than the tone itself does."""
    call = {"caller": tone(200, 16_000)}
    voice, made = Voice(Gains()), []
    for at in range(0, 900, 60):
        voice.gains = Gains(caller=-60 if (at // 60) % 2 else 0)
        made.append(voice.play(piece(call, at, 60)))
    assert largest_step(np.concatenate(made)) <= 1.2 * largest_step(play(call, Voice(Gains())))


def test_a_jump_is_joined_without_a_step() -> None:
    """At a scrub the old place goes down while the new one comes up."""
    call = {"caller": tone(200, 16_000)}
    before = play(call, Voice(Gains()), 0, 60)
    would_have_been = play(call, Voice(Gains()), 60, 120)
    elsewhere = play(call, Voice(Gains()), 603, 663)
    made = np.concatenate([before, joined(would_have_been, elsewhere)])
    bare = np.concatenate([before, elsewhere])
    assert largest_step(bare) > 3 * largest_step(before)
    assert largest_step(made) <= 1.7 * largest_step(before)


def test_a_copied_voice_goes_on_as_the_first_would() -> None:
    """In the middle of limiting, too."""
    call = {"caller": tone(200, 32_000), "call_taker": tone(250, 32_000)}
    voice = Voice(Gains())
    play(call, voice, 0, 300)
    other = voice.copy()
    np.testing.assert_array_equal(play(call, voice, 300, 420), play(call, other, 300, 420))
