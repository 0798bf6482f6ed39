"""What every recogniser promises; a plugin's author inherits these tests.

    class TestMine(AsrContract):
        def make(self) -> AsrEngine: ...

        def speech(self) -> Samples: ...

`speech` is worth giving: without it the tests have noise only, of which many engines make no word.
"""

from abc import abstractmethod

import numpy as np

from ringdown.speech.model.words import NEUTRAL_CONFIDENCE
from ringdown.speech.ports import (
    ASR_RATE,
    AsrEngine,
    EngineState,
    Piece,
    Pulse,
    Recognised,
    Reporting,
    Samples,
)


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

    def _audio(self) -> Samples:
        audio = self.speech()
        return noise(1.0, 0.2) if audio is None else audio

    def test_it_says_what_it_can_do(self) -> None:
        """Name and languages are never empty; a batch is of one piece at least."""
        can = self.make().capabilities
        assert can.name
        assert can.languages
        assert all(can.languages)
        assert can.batch >= 1

    def test_speech_gives_words(self) -> None:
        """Where the author gives speech, something is made of it."""
        audio = self.speech()
        assert audio is None or hear(self.make(), audio).words

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
        audio = self._audio()
        first = hear(engine, audio)
        hear(engine, noise(0.7, 0.3, seed=2))
        assert hear(engine, audio) == first

    def test_the_text_is_its_words(self) -> None:
        """Nothing is in the text that is not a word with a confidence."""
        found = hear(self.make(), self._audio())
        assert found.text == " ".join(word.word for word in found.words)
        assert all(0.0 <= word.confidence <= 1.0 for word in found.words)
        assert all(word.word == word.word.strip() != "" for word in found.words)

    def test_earlier_tokens_may_be_given_back(self) -> None:
        """Right, wrong and too many earlier tokens are all taken."""
        engine = self.make()
        audio = self._audio()
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
        audio = self._audio()
        alone = hear(engine, audio)
        empty = np.zeros(0, np.float32)
        found = engine.transcribe([Piece(empty), Piece(audio), Piece(audio), Piece(empty)])
        assert [one.words for one in found] == [(), alone.words, alone.words, ()]
        assert engine.transcribe([]) == []

    def test_it_is_as_good_as_its_batch(self) -> None:
        """As many pieces as it says, and more, each answered as if it were alone."""
        engine = self.make()
        audio = self._audio()
        pieces = [audio[: len(audio) - 800 * at] for at in range(engine.capabilities.batch + 1)]
        found = engine.transcribe([Piece(piece) for piece in pieces])
        assert len(found) == len(pieces)
        assert all(one.text == " ".join(word.word for word in one.words) for one in found)

    def test_pieces_of_any_lengths_go_together(self) -> None:
        """A sliver beside a sentence beside nothing."""
        audio = self._audio()
        lengths = (0, 1, 1600, len(audio), 400)
        pieces = [Piece(audio[:length]) for length in lengths]
        assert len(self.make().transcribe(pieces)) == len(lengths)

    def test_the_audio_is_left_as_it_was(self) -> None:
        """Somebody else may hear the same samples next."""
        audio = self._audio()
        before = audio.copy()
        hear(self.make(), audio)
        assert np.array_equal(audio, before)

    def test_word_times_are_what_it_says_they_are(self) -> None:
        """Exact times are in order and inside the piece; no engine gives others."""
        engine = self.make()
        audio = self._audio()
        found = hear(engine, audio)
        times = [(word.start_ms, word.end_ms) for word in found.words]
        known = [(s, e) for s, e in times if s is not None and e is not None]
        assert len(known) in {0, len(times)}, "times are given for all words or for none"
        assert known or engine.capabilities.word_times == "estimated" or not times
        assert all(0 <= s <= e <= len(audio) * 1000 // ASR_RATE for s, e in known)
        assert [s for s, _ in known] == sorted(s for s, _ in known)

    def test_a_confidence_that_it_has_not_is_not_made_up(self) -> None:
        """Without confidences every word carries the neutral value."""
        engine = self.make()
        found = hear(engine, self._audio())
        made_up = {w.confidence for w in found.words} - {NEUTRAL_CONFIDENCE}
        assert engine.capabilities.word_confidence or not made_up

    def test_no_pieces_are_no_work(self) -> None:
        """Nothing asked, nothing answered, also with somebody watching."""
        assert self.make().transcribe([], lambda: None) == []

    def test_a_partial_is_heard_like_any_piece(self) -> None:
        """That the words are only to be shown changes nothing in how they are heard."""
        engine = self.make()
        audio = self._audio()
        (found,) = engine.transcribe([Piece(audio, partial=True)])
        assert found.text == " ".join(word.word for word in found.words)


class FallbackContract(AsrContract):
    """What several engines in a row promise, whatever becomes of the first of them."""

    @abstractmethod
    def alone(self) -> AsrEngine:
        """The engine that stands behind, by itself."""

    @abstractmethod
    def break_first(self) -> None:
        """From now on the preferred engine gives nothing, for the engine made last."""

    def test_without_the_first_every_piece_is_still_answered_once(self) -> None:
        """No piece is lost, none is doubled, and each says who heard it."""
        engine = self.make()
        self.break_first()
        audio = self._audio()
        pieces = [Piece(audio), Piece(audio[: len(audio) // 2]), Piece(audio[:0])]
        behind = self.alone()
        found = engine.transcribe(pieces)
        assert [one.text for one in found] == [one.text for one in behind.transcribe(pieces)]
        assert {one.engine for one in found} == {behind.capabilities.name}

    def test_it_says_who_listens(self) -> None:
        """The preferred one by name; after failures the other, with a reason in plain words."""
        engine = self.make()
        assert isinstance(engine, Reporting)
        assert engine.state() == EngineState(engine.capabilities.name, counts=engine.state().counts)
        self.break_first()
        for _ in range(3):
            hear(engine, self._audio())
        told = engine.state()
        assert told.fallback
        assert told.name == self.alone().capabilities.name
        assert told.text.startswith(f"The engine {engine.capabilities.name} ")
        assert told.text.endswith(" listens.")
