"""Recognisers by setting: the chain, wrong settings, the doctor and the audit log."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from typer.testing import CliRunner

from ringdown.audit.api import INSTALLATION
from ringdown.audit.fakes import MemoryAuditStore
from ringdown.audit.service import AuditLog
from ringdown.cli.config import app
from ringdown.cli.doctor import recognisers
from ringdown.core.errors import BadConfig
from ringdown.core.plugins import Plugin
from ringdown.runtime.db import MemoryDatabase
from ringdown.settings import Settings, load
from ringdown.speech import engines
from ringdown.speech.adapters.compose import Fallback, Measured
from ringdown.speech.announce import announce
from ringdown.speech.engines import chain_of, open_engine
from ringdown.speech.fakes import CountingAsr
from ringdown.speech.settings import SpeechSettings
from ringdown.testing.asr_fakes import ScriptedAsr
from ringdown.testing.asr_server import AsrServer, serving_asr
from ringdown.testing.clock import ManualClock

HTTPS = {"url": "https://asr.example.org"}


def speech(engine: str, **openai: Any) -> SpeechSettings:
    return SpeechSettings.model_validate({"engine": engine, "openai_compatible": openai})


@pytest.mark.parametrize(
    ("engine", "chain"),
    [
        ("moonshine", ["moonshine"]),
        ("openai-compatible", ["openai-compatible", "moonshine"]),
        ("openai-compatible, moonshine", ["openai-compatible", "moonshine"]),
        ("moonshine,openai-compatible", ["moonshine", "openai-compatible"]),
    ],
)
def test_no_call_is_without_words_when_a_server_is_away(engine: str, chain: list[str]) -> None:
    """What listens elsewhere has the bundled engine behind it, named or not."""
    assert [one.name for one in chain_of(speech(engine, **HTTPS))] == chain


def test_a_server_on_this_machine_has_the_bundled_engine_behind_it_too(tmp_path: Path) -> None:
    """Its audio stays here, and it can end all the same."""
    local = {"url": "http://127.0.0.1:9/v1", "allow_plain_http": True}
    first, second = chain_of(speech("openai-compatible", **local))
    assert (first.goes_to, second.name, second.added) == (None, "moonshine", True)


def test_one_engine_stays_one_and_several_stand_in_a_row() -> None:
    """Each is measured; opening sends nothing."""
    with open_engine(SpeechSettings()) as one:
        assert isinstance(one, Measured)
        assert one.capabilities.local
    with open_engine(speech("openai-compatible", **HTTPS)) as several:
        assert isinstance(several, Fallback)
        assert several.capabilities.name == "whisper-1@asr.example.org"
        assert not several.capabilities.local
        assert [count.name for count in several.state().counts] == [
            "whisper-1@asr.example.org",
            "moonshine-tiny-en",
        ]


@pytest.mark.parametrize(
    ("engine", "openai", "code"),
    [
        ("", {}, "speech.engine_chain_wrong"),
        ("moonshine,", {}, "speech.engine_chain_wrong"),
        ("moonshine,moonshine", {}, "speech.engine_chain_wrong"),
        ("whisper", {}, "plugins.missing"),
        ("openai-compatible", {}, "speech.engine.misconfigured"),
        ("openai-compatible", {"url": "asr.example.org"}, "speech.engine.misconfigured"),
        ("openai-compatible", {"url": "ftp://asr.example.org"}, "speech.engine.misconfigured"),
        ("openai-compatible", {"url": "https://me:pw@asr.example"}, "speech.engine.misconfigured"),
        ("openai-compatible", {"url": "http://asr.example.org"}, "speech.engine.misconfigured"),
        ("openai-compatible", {"url": "http://127.0.0.1:9"}, "speech.engine.misconfigured"),
        (
            "openai-compatible",
            {"url": "http://asr.example.org", "allow_plain_http": True},
            "speech.engine.misconfigured",
        ),
        (
            "openai-compatible",
            {"url": "http://203.0.113.7", "allow_plain_http": True},
            "speech.engine.misconfigured",
        ),
        ("openai-compatible", {**HTTPS, "key_file": "/none"}, "speech.engine.misconfigured"),
        ("openai-compatible", {**HTTPS, "ca_file": "/none"}, "speech.engine.misconfigured"),
        (
            "openai-compatible",
            {**HTTPS, "proxy": "http://me:pw@proxy:1"},
            "speech.engine.misconfigured",
        ),
    ],
)
def test_what_cannot_work_is_told_at_the_start_with_what_to_do(
    engine: str, openai: dict[str, Any], code: str
) -> None:
    """Whoever edits the file learns of the mistake then, not during a call."""
    with pytest.raises(BadConfig) as told, open_engine(speech(engine, **openai)):
        pass
    assert told.value.code == code
    assert told.value.action
    assert "pw" not in str(told.value) + str(told.value.details)


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "localhost", "10.2.3.4", "192.168.1.9"])
def test_plain_http_is_for_this_machine_and_private_addresses(host: str) -> None:
    """And only when the settings say so."""
    allowed = {"url": f"http://{host}:8000", "allow_plain_http": True}
    assert chain_of(speech("openai-compatible", **allowed))[0].name == "openai-compatible"


def test_a_key_is_read_from_its_file_and_shown_nowhere(tmp_path: Path) -> None:
    """Not in the settings a worker is started with, nor in anything that is printed."""
    (tmp_path / "key").write_text("sk-hush\n")
    settings = speech("openai-compatible", **HTTPS, key_file=str(tmp_path / "key"))
    assert "sk-hush" not in settings.model_dump_json() + repr(settings)
    with open_engine(settings) as engine:
        assert "sk-hush" not in repr(vars(engine))
    (tmp_path / "key").write_text("two words")
    with pytest.raises(BadConfig) as told:
        chain_of(settings)
    assert "two words" not in str(told.value)


class Elsewhere(BaseModel):
    audio_goes_to: str | None = None
    strength: int = 1


@pytest.fixture
def plugin(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plugin of somebody else's, whose engine sends audio away."""

    @asynccontextmanager
    async def opened(_config: Elsewhere) -> AsyncGenerator[ScriptedAsr, None]:
        yield ScriptedAsr("theirs", local=False)

    real = engines.load_plugin
    theirs = Plugin("theirs", Elsewhere, opened)

    def find(group: str, name: str) -> Plugin[Any, Any]:
        return theirs if name == "theirs" else real(group, name)

    monkeypatch.setattr(engines, "load_plugin", find)


def test_a_plugin_that_sends_audio_away_must_say_where_to(plugin: None) -> None:
    """Otherwise the audit log could not tell."""
    with (
        pytest.raises(BadConfig) as told,
        open_engine(SpeechSettings(engine="theirs,moonshine")),
    ):
        pass
    assert told.value.code == "speech.engine_undeclared"


def test_settings_of_other_plugins_reach_them(plugin: None) -> None:
    """By name; what they do not take is told by its key."""
    options = {"theirs": {"audio_goes_to": "asr.example.org", "strength": 3}}
    chain = chain_of(SpeechSettings(engine="theirs", engine_options=options))
    assert [(one.name, one.goes_to) for one in chain] == [
        ("theirs", "asr.example.org"),
        ("moonshine", None),
    ]
    assert chain[0].config == Elsewhere(audio_goes_to="asr.example.org", strength=3)
    wrong = SpeechSettings(engine="theirs", engine_options={"theirs": {"strength": "much"}})
    with pytest.raises(BadConfig) as told:
        chain_of(wrong)
    assert told.value.details["keys"] == ["strength"]


async def test_where_audio_goes_is_audited_for_each_centre() -> None:
    """Host, model, and that the configuration says so; nothing when audio stays here."""
    database, clock = MemoryDatabase(), ManualClock()
    store = MemoryAuditStore()
    log = AuditLog(store, clock)
    assert await announce(SpeechSettings(), database, log, ["c"]) == ()
    hosts = await announce(speech("openai-compatible", **HTTPS), database, log, ["c"])
    assert hosts == ("asr.example.org",)
    async with database.read() as tx:
        for centre in ("c", INSTALLATION):
            (row,) = await store.rows(tx, centre, after=0, limit=9)
            assert (row.tag, row.subject) == ("speech:engine:remote", "openai-compatible")
            assert row.details == {
                "host": "asr.example.org",
                "model": "whisper-1",
                "set_by": "configuration",
                "setting": "speech.engine",
            }


def doctor(settings: SpeechSettings) -> list[tuple[str, str, str]]:
    found = recognisers(Settings(speech=settings))
    return [(one.name, one.state, one.text) for one in found]


def test_the_doctor_shows_the_chain_and_whether_each_answers(tmp_path: Path) -> None:
    """The check sends no audio; a server that is away is a note, since calls have words."""
    assert doctor(SpeechSettings()) == [("recogniser", "ok", "moonshine, on this machine")]
    server = AsrServer(CountingAsr())
    server.key = "sk-hush"
    (tmp_path / "key").write_text("sk-hush")
    with serving_asr(server) as url:
        local = {"url": url, "allow_plain_http": True, "timeout_s": 5}
        settings = speech("openai-compatible", **local, key_file=str(tmp_path / "key"))
        first, second = doctor(settings)
        assert first == (
            "recogniser 1",
            "ok",
            "openai-compatible (whisper-1), on this machine: answers",
        )
        assert second == ("recogniser 2", "ok", "moonshine, on this machine, behind the others")
        without = doctor(speech("openai-compatible", **local))[0]
        assert without[1:] == (
            "note",
            "openai-compatible (whisper-1), on this machine: refuses the key",
        )
        assert server.pieces == []
    assert doctor(settings)[0][1] == "note"
    assert doctor(SpeechSettings(engine="none"))[0][1] == "bad"


def test_explain_shows_the_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Each with what it is for; the file's section is read."""
    file = tmp_path / "ringdown.toml"
    file.write_text(
        '[speech]\nengine = "openai-compatible,moonshine"\n'
        '[speech.openai_compatible]\nurl = "https://asr.example.org"\n'
    )
    assert load(file, environ={}).speech.openai_compatible.url == "https://asr.example.org"
    done = CliRunner().invoke(app, ["explain", "--config", str(file)])
    assert "speech.openai_compatible.url = https://asr.example.org" in done.stdout
    assert "RINGDOWN_SPEECH__OPENAI_COMPATIBLE__KEY_FILE" in done.stdout
    assert json.loads(CliRunner().invoke(app, ["schema"]).stdout)
