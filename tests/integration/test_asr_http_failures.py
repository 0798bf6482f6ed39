"""A recogniser behind HTTP, in every way that its server can misbehave."""

import logging
import socket
import threading

import pytest
from tests.contract.test_asr_http import asking

from ringdown.core.sensitive import Sensitive
from ringdown.runtime.outside import trust
from ringdown.speech.adapters.openai_compatible import EngineMisconfigured, base_url
from ringdown.speech.engine_errors import EngineFailed
from ringdown.speech.fakes import CountingAsr
from ringdown.speech.ports import Piece
from ringdown.testing.asr import hear, noise
from ringdown.testing.asr_server import AsrServer, serving_asr

SPEECH = noise(1.0, 0.2)


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        ("401", "speech.engine.refused"),
        ("403", "speech.engine.refused"),
        ("429", "speech.engine.busy"),
        ("503", "speech.engine.busy"),
        ("500", "speech.engine.fault"),
        ("400", "speech.engine.fault"),
        ("redirect", "speech.engine.answer_bad"),
        ("garbage", "speech.engine.answer_bad"),
        ("huge", "speech.engine.answer_bad"),
        ("list", "speech.engine.answer_bad"),
        ("empty", "speech.engine.answer_bad"),
        ("hang", "speech.engine.late"),
        ("drip", "speech.engine.late"),
        ("drop", "speech.engine.unreachable"),
    ],
)
def test_each_failure_has_a_code_and_is_not_tried_again(failure: str, code: str) -> None:
    """The engine behind hears it at once; trying the same again would only cost time."""
    server = AsrServer(CountingAsr())
    server.failure = failure  # type: ignore[assignment]
    patience = 0.4 if failure in {"hang", "drip"} else 10
    with asking(server, timeout_s=patience) as engine:
        with pytest.raises(EngineFailed) as told:
            hear(engine, SPEECH)
        assert told.value.code == code
        assert told.value.sent
        assert told.value.heard == [None]
    assert len(server.pieces) == (4 if failure == "400" else 1)


def test_a_server_that_recovers_is_asked_for_everything_again() -> None:
    """A server that said no to every form did not mean the form."""
    server = AsrServer(CountingAsr())
    server.failure = "400"
    with asking(server) as engine:
        with pytest.raises(EngineFailed):
            hear(engine, SPEECH)
        server.failure = "none"
        assert hear(engine, SPEECH).words[0].start_ms == 0


def test_retry_after_is_passed_on() -> None:
    """In seconds, for whoever decides when to come back."""
    server = AsrServer(CountingAsr())
    server.failure = "429"
    with asking(server) as engine, pytest.raises(EngineFailed) as told:
        hear(engine, SPEECH)
    assert told.value.retry_after_s == 7


def test_what_was_heard_beside_a_failure_is_kept() -> None:
    """One of several pieces comes late: the others stand, in their places."""

    class OneHangs(CountingAsr):
        def transcribe(self, pieces, pulse=None):
            if len(pieces[0].samples) > 20_000:
                server.stopping.wait()
            return super().transcribe(pieces, pulse)

    server = AsrServer(OneHangs())
    server._one = threading.RLock()  # type: ignore[assignment]
    server.hear = lambda samples: server._engine.transcribe([Piece(samples)])[0]  # type: ignore[method-assign]
    long = noise(1.6, 0.2)
    with asking(server, timeout_s=1.0) as engine, pytest.raises(EngineFailed) as told:
        engine.transcribe([Piece(SPEECH), Piece(long), Piece(SPEECH[:0])])
    heard = told.value.heard
    assert [None if one is None else len(one.words) for one in heard] == [2, None, 0]


def test_no_server_is_told_without_waiting_and_nothing_was_sent() -> None:
    """The audio did not leave."""
    server = AsrServer(CountingAsr())
    with asking(server) as engine:
        engine._base = f"http://127.0.0.1:{_free_port()}"
        with pytest.raises(EngineFailed) as told:
            hear(engine, SPEECH)
    assert (told.value.code, told.value.sent) == ("speech.engine.unreachable", False)


def test_whoever_watches_sees_us_wait() -> None:
    """The pulse goes on while the server thinks."""
    server = AsrServer(CountingAsr())
    server.failure, server.delay_s = "slow", 0.5
    beats: list[int] = []
    with asking(server) as engine:
        hear(engine, SPEECH, pulse=lambda: beats.append(1))
    assert len(beats) >= 3


def test_the_key_goes_to_the_server_and_nowhere_else(tmp_path, caplog) -> None:
    """Not into logs, not into errors."""
    (tmp_path / "key").write_text("sk-hush\n")
    server = AsrServer(CountingAsr())
    server.key = "sk-hush"
    caplog.set_level(logging.DEBUG)
    with asking(server, key_file=tmp_path / "key") as engine:
        assert hear(engine, SPEECH).words
        engine.check()
        server.key = "sk-another"
        with pytest.raises(EngineFailed) as told:
            hear(engine, SPEECH)
    assert "sk-hush" not in caplog.text
    assert "sk-hush" not in f"{told.value} {told.value.details} {told.value!r}"
    assert f"{Sensitive('sk-hush', 'asr.key')}" == "<asr.key>"


def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would lead audio somewhere nobody chose."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{_free_port()}")
    monkeypatch.delenv("no_proxy", raising=False)
    with asking(AsrServer(CountingAsr())) as engine:
        assert hear(engine, SPEECH).words


def test_a_proxy_of_the_settings_gets_the_audio() -> None:
    """And then the audio goes off this machine, as far as we can say."""
    other = AsrServer(CountingAsr())
    with (
        serving_asr(other) as proxy,
        asking(AsrServer(CountingAsr()), proxy=proxy) as engine,
    ):
        assert hear(engine, SPEECH).words
        assert len(other.pieces) == 1
        assert engine.capabilities.local is False


@pytest.mark.parametrize(
    "url",
    [
        "https://asr.example",
        "https://asr.example/",
        "https://asr.example/v1",
        "https://asr.example/v1/",
        "https://asr.example/v1/audio/transcriptions",
    ],
)
def test_an_address_may_be_written_as_its_maker_writes_it(url: str) -> None:
    """With or without what we add."""
    assert base_url(url) == "https://asr.example"


def test_certificates_are_checked() -> None:
    """There is no setting that turns it off."""
    context = trust(None, section="speech.openai_compatible", error=EngineMisconfigured)
    assert context.verify_mode.name == "CERT_REQUIRED"
    assert context.check_hostname


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
