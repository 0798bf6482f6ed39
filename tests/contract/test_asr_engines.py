"""The promises of recognisers, on the bundled one and on the fake."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf

from ringdown.speech.adapters.assets import package_file
from ringdown.speech.adapters.moonshine import Moonshine
from ringdown.speech.fakes import CountingAsr
from ringdown.speech.listen import widen
from ringdown.speech.model.words import plain
from ringdown.speech.ports import AsrEngine, Before, Piece, Samples
from ringdown.testing.asr import AsrContract, hear

DATA = Path(__file__).parents[1] / "data" / "speech"


@cache
def moonshine() -> Moonshine:
    return Moonshine(package_file("moonshine_voice", "assets", "tiny-en"))


@cache
def first_sentence() -> Samples:
    samples, rate = sf.read(DATA / "caller.flac", dtype="float32", start=9728, stop=31_488)
    return widen(np.asarray(samples, np.float32), rate)


class TestMoonshine(AsrContract):
    def make(self) -> AsrEngine:
        return moonshine()

    def speech(self) -> Samples:
        return first_sentence()

    def test_clear_speech_is_understood(self) -> None:
        """The bundled model loads from its package and reads a synthesised sentence."""
        found = hear(self.make(), self.speech())
        assert found.text.endswith("is a fire in the kitchen.")
        assert min(word.confidence for word in found.words[-6:]) > 0.9

    def test_verifying_earlier_tokens_leads_to_the_same_sentence(self) -> None:
        """A partial built on the one before it reads as if decoded afresh."""
        engine = self.make()
        fresh = hear(engine, self.speech())
        verified = hear(engine, self.speech(), fresh.tokens[:4])
        assert verified.text.endswith("is a fire in the kitchen.")

    def test_what_was_said_before_helps_and_is_not_told_again(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The second half of a sentence goes on after the words that were told of the first."""
        monkeypatch.setattr("ringdown.speech.adapters.moonshine.LOOK_AGAIN_BELOW", 1.1)
        half = round(len(self.speech()) * 0.55)
        first, second = self.speech()[:half], self.speech()[half:]
        before = Before(first, hear(self.make(), first).tokens)
        (found,) = self.make().transcribe([Piece(second, before=before)])
        both = {plain(word.word) for one in (found.words, found.again or ()) for word in one}
        assert "kitchen" in both
        assert "there" not in both

    def test_a_loop_of_tokens_is_stopped(self) -> None:
        """No more than six and a half tokens a second, padding included."""
        for seed in range(3):
            noise = np.random.default_rng(seed).standard_normal(48_000).astype(np.float32)
            assert len(hear(self.make(), noise).tokens) <= 6.5 * 3.5


class TestFake(AsrContract):
    def make(self) -> AsrEngine:
        return CountingAsr()
