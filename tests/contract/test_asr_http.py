"""The promises of recognisers, on one behind HTTP, whichever kind of server answers."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from tests.contract.test_asr_engines import first_sentence, moonshine

from ringdown.speech.adapters.openai_compatible import OpenAiCompatible, open_openai_compatible
from ringdown.speech.engine_settings import OpenAiCompatibleConfig
from ringdown.speech.fakes import CountingAsr
from ringdown.speech.model.words import NEUTRAL_CONFIDENCE
from ringdown.speech.ports import AsrEngine, Piece, Samples
from ringdown.testing.asr import AsrContract, hear, noise
from ringdown.testing.asr_server import AsrServer, Dialect, serving_asr


@contextmanager
def asking(server: AsrServer, **more: object) -> Iterator[OpenAiCompatible]:
    """An engine that asks this server, patiently."""
    with serving_asr(server) as url, asyncio.Runner() as runner:
        given = {"url": url, "allow_plain_http": True, "timeout_s": 10, **more}
        opened = open_openai_compatible(OpenAiCompatibleConfig.model_validate(given))
        engine = runner.run(opened.__aenter__())
        assert isinstance(engine, OpenAiCompatible)
        yield engine
        runner.run(opened.__aexit__(None, None, None))


class HttpContract(AsrContract):
    dialect: Dialect
    exact = False
    sure = False

    @pytest.fixture(autouse=True)
    def _server(self) -> Iterator[None]:
        self.server = AsrServer(self.heard_by(), dialect=self.dialect)
        with asking(self.server) as self.engine:
            yield

    def heard_by(self) -> AsrEngine:
        return CountingAsr()

    def make(self) -> AsrEngine:
        return self.engine

    def speech(self) -> Samples:
        return noise(1.9, 0.2)

    def test_it_knows_what_its_server_gives(self) -> None:
        """Times and confidences are counted upon only once they have come."""
        before = self.engine.capabilities
        assert (before.word_times, before.word_confidence) == ("estimated", False)
        found = hear(self.engine, self.speech())
        after = self.engine.capabilities
        assert after.word_confidence is self.sure
        assert (after.word_times == "exact") is self.exact
        assert {word.start_ms is not None for word in found.words} == {self.exact}
        assert all((w.confidence != NEUTRAL_CONFIDENCE) is self.sure for w in found.words)


class TestLikeFasterWhisper(HttpContract):
    dialect = "speaches"
    exact = sure = True

    def heard_by(self) -> AsrEngine:
        return moonshine()

    def speech(self) -> Samples:
        return first_sentence()

    def test_real_speech_comes_back_as_its_words(self) -> None:
        """What the engine behind the server hears is what we read."""
        found = hear(self.engine, self.speech())
        assert found.text.endswith("is a fire in the kitchen.")
        assert found.engine == "whisper-1@127.0.0.1"
        assert min(word.confidence for word in found.words[-4:]) > 0.9


class TestLikeOpenAi(HttpContract):
    dialect = "openai"
    exact = sure = True  # as sure as its segment is on average


class TestLikeWhisperCpp(HttpContract):
    dialect = "whisper.cpp"
    exact = sure = True


class TestLikeVllm(HttpContract):
    dialect = "vllm"


class TestTextInJson(HttpContract):
    dialect = "json"


class TestPlainText(HttpContract):
    dialect = "text"


def test_the_audio_arrives_as_it_was() -> None:
    """16 kHz, mono, 16 bits; nothing is cut off at either end."""
    server = AsrServer(CountingAsr())
    samples = np.linspace(-1, 1, 16_000, dtype=np.float32)
    with asking(server, model="large-v3", language="de") as engine:
        hear(engine, samples)
    (asked,) = server.pieces
    assert asked.samples == len(samples)
    assert asked.path == "/v1/audio/transcriptions"
    assert asked.fields["model"] == ["large-v3"]
    assert asked.fields["language"] == ["de"]
    assert asked.fields["timestamp_granularities[]"] == ["word", "segment"]
    assert "authorization" not in {name.lower() for name in asked.headers}


def test_several_pieces_go_at_once() -> None:
    """As many as the setting says, no more."""
    server = AsrServer(CountingAsr())
    server.failure, server.delay_s = "slow", 0.3
    with asking(server, at_once=3) as engine:
        engine.transcribe([Piece(noise(0.7, 0.2))] * 6)
        assert engine.capabilities.batch == 3
    assert server.at_once == 3
    assert server.answered == 6


def test_a_server_that_takes_less_is_asked_for_less_from_then_on() -> None:
    """The fullest form is tried once, not with every piece."""
    server = AsrServer(CountingAsr(), dialect="json")
    with asking(server) as engine:
        hear(engine, noise(1.0, 0.2))
        first = len(server.pieces)
        hear(engine, noise(1.0, 0.2))
        assert (first, len(server.pieces)) == (3, 4)
