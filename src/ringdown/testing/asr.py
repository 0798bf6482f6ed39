"""What every recogniser promises; a plugin's author inherits these tests.

class TestMine(AsrContract):
def make(self) -> AsrEngine: ...
"""

from abc import abstractmethod

import numpy as np

from ringdown.speech.ports import ASR_RATE, AsrEngine, Piece, Pulse, Recognised, Samples


def noise(seconds: float, level: float, seed: int = 1) -> Samples:
    """White noise of a level (RMS), always the same."""
    made = np.random.default_rng(seed).standard_normal(round(seconds * ASR_RATE))
    return (made * level).astype(np.float32)


def hear(
    engine: AsrEngine,
    samples: Samples,
    previous: tuple[int, ...] = (),
    pulse: Pulse | None = None,
) -> Recognised:
    """One piece alone."""
    (found,) = engine.transcribe([Piece(samples, previous)], pulse)
    return found


class AsrContract:
    """The promises of `ringdown.asr`."""

    @abstractmethod
    def make(self) -> AsrEngine:
        """The engine to be tried."""

    def speech(self) -> Samples | None:
        """A few seconds of speech at 16 kHz that the engine should make words of, if any."""
        return None

    def test_it_says_what_it_can_do(self) -> None:
        """Name and languages are never empty."""
        can = self.make().capabilities
        assert can.name
        assert can.languages

    def test_no_audio_gives_no_words(self) -> None:
        """An empty segment is no error."""
        assert hear(self.make(), np.zeros(0, np.float32)).words == ()

    def test_a_sliver_of_audio_is_no_error(self) -> None:
        """Any length is taken, down to one sample."""
        engine = self.make()
        for length in (1, 10, 400, 1599, 1601):
            assert isinstance(hear(engine, noise(length / ASR_RATE, 0.1)).text, str)

    def test_the_same_audio_gives_the_same_words(self) -> None:
        """A repeat after a crash says what was said before."""
        engine = self.make()
        audio = self.speech()
        audio = noise(1.0, 0.2) if audio is None else audio
        first = hear(engine, audio)
        hear(engine, noise(0.7, 0.3, seed=2))
        assert hear(engine, audio) == first

    def test_the_text_is_its_words(self) -> None:
        """Nothing is in the text that is not a word with a confidence."""
        audio = self.speech()
        found = hear(self.make(), noise(1.0, 0.2) if audio is None else audio)
        assert found.text == " ".join(word.word for word in found.words)
        assert all(0.0 <= word.confidence <= 1.0 for word in found.words)
        assert all(word.word == word.word.strip() != "" for word in found.words)

    def test_earlier_tokens_may_be_given_back(self) -> None:
        """Right, wrong and too many earlier tokens are all taken."""
        engine = self.make()
        audio = self.speech()
        audio = noise(1.0, 0.2) if audio is None else audio
        tokens = hear(engine, audio).tokens
        for previous in (tokens, tokens[:-1], tokens * 40, tokens[::-1]):
            found = hear(engine, audio, previous)
            assert found.text == " ".join(word.word for word in found.words)

    def test_a_long_recognition_shows_that_it_is_alive(self) -> None:
        """Whoever watches the worker sees it working."""
        beats: list[int] = []
        audio = noise(8.0, 0.2)
        hear(self.make(), audio, pulse=lambda: beats.append(1))
        assert beats

    def test_pieces_are_answered_each_and_in_order(self) -> None:
        """Several at once, empty ones among them."""
        engine = self.make()
        audio = self.speech()
        audio = noise(1.0, 0.2) if audio is None else audio
        alone = hear(engine, audio)
        empty = np.zeros(0, np.float32)
        found = engine.transcribe([Piece(empty), Piece(audio), Piece(audio), Piece(empty)])
        assert [one.words for one in found] == [(), alone.words, alone.words, ()]
        assert engine.transcribe([]) == []
