"""The promises of language models, on a scripted one and on ours over HTTP, and its failures."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from ringdown.assist.adapters.openai_compatible import (
    Events,
    ModelMisconfigured,
    check_config,
    open_openai_compatible,
    plugin,
)
from ringdown.assist.fakes import NOTHING, ScriptedModel
from ringdown.assist.model.answer import AnswerUnreadable, read_answer
from ringdown.assist.model.prompt import INSTRUCTIONS, SCHEMA
from ringdown.assist.ports import (
    LLM_GROUP,
    LanguageModel,
    ModelAnswerBad,
    ModelBusy,
    ModelFailed,
    ModelLate,
    ModelRefused,
    ModelUnreachable,
)
from ringdown.assist.settings import OpenAiChatConfig
from ringdown.core.plugins import load_plugin
from ringdown.testing.llm import LlmContract, answer_of, asking
from ringdown.testing.llm_server import Ability, Conduct, LlmServer, serving_llm


@pytest.fixture
def server() -> LlmServer:
    return LlmServer()


@asynccontextmanager
async def connected(server: LlmServer, **more: object) -> AsyncIterator[LanguageModel]:
    """The adapter, asking this server."""
    with serving_llm(server) as url:
        given = {"url": url, "model": "test-model", "allow_plain_http": True, **more}
        async with open_openai_compatible(OpenAiChatConfig.model_validate(given)) as model:
            yield model


class TestScripted(LlmContract):
    @asynccontextmanager
    async def model(self) -> AsyncIterator[LanguageModel]:
        yield ScriptedModel(NOTHING, NOTHING)


class TestOpenAiCompatible(LlmContract):
    ability: Ability = "json_schema"

    def model(self):
        return connected(LlmServer(ability=self.ability))


class TestWithoutSchemas(TestOpenAiCompatible):
    ability: Ability = "json_object"


class TestWithoutStructuredOutput(TestOpenAiCompatible):
    ability: Ability = "text"


async def test_the_request_is_the_protocols(server: LlmServer) -> None:
    """Rules as the system's words, speech as data in JSON, the schema, streaming, and a limit."""
    async with connected(server) as model:
        pieces = [piece async for piece in model.ask(asking())]
    (request,) = server.asked
    assert request["model"] == "test-model"
    assert request["stream"] is True
    assert request["max_tokens"] == 400
    assert request["messages"][0] == {"role": "system", "content": INSTRUCTIONS}
    data = json.loads(request["messages"][1]["content"])
    assert data["lines"][1] == {
        "number": 2,
        "speaker": "caller",
        "words": "There is smoke coming out of a house at [ADDRESS_1].",
    }
    assert request["response_format"]["json_schema"]["schema"] == SCHEMA
    assert request["response_format"]["json_schema"]["strict"] is True
    assert len(pieces) > 3, "it is streamed"
    assert {piece.version for piece in pieces if piece.version} == {
        "test-model#fp_test",
        "test-model",
    }
    assert [piece.tokens for piece in pieces if piece.tokens] == [321]


async def test_a_server_is_asked_for_less_only_once() -> None:
    """What it cannot do is remembered."""
    server = LlmServer(ability="text")
    async with connected(server) as model:
        await answer_of(model)
        await answer_of(model)
    forms = [asked.get("response_format", {}).get("type") for asked in server.asked]
    assert forms == ["json_schema", "json_object", None, None]


FAILURES: list[tuple[Conduct, type[ModelFailed]]] = [
    ("401", ModelRefused),
    ("429", ModelBusy),
    ("503", ModelBusy),
    ("500", ModelFailed),
    ("redirect", ModelAnswerBad),
    ("garbage", ModelAnswerBad),
    ("not_events", ModelAnswerBad),
    ("huge", ModelAnswerBad),
    ("endless", ModelAnswerBad),
    ("stall", ModelLate),
    ("stall_midway", ModelLate),
    ("drip", ModelLate),
    ("drop", ModelUnreachable),
    ("cut_off", ModelLate),
    ("error_event", ModelFailed),
]


@pytest.mark.parametrize(("conduct", "error"), FAILURES)
async def test_each_misconduct_is_an_error_with_a_code_and_the_next_question_is_answered(
    server: LlmServer, conduct: Conduct, error: type[ModelFailed]
) -> None:
    """However it fails, it fails in time, says nothing of the words, and does not last."""
    async with connected(server, idle_s=0.4, timeout_s=1.5) as model:
        server.conduct = conduct
        with pytest.raises(error) as caught:
            await asyncio.wait_for(answer_of(model), 20)
        assert "smoke" not in f"{caught.value} {caught.value.details}"
        server.conduct = "honest"
        assert (await answer_of(model)).sentences


async def test_how_long_a_busy_server_wants_to_be_left_alone_is_known(server: LlmServer) -> None:
    server.conduct = "429"
    async with connected(server) as model:
        with pytest.raises(ModelBusy) as caught:
            await answer_of(model)
    assert caught.value.retry_after_s == 7


@pytest.mark.parametrize("conduct", ["no_json", "other_shape"])
async def test_an_answer_of_another_shape_is_no_answer(server: LlmServer, conduct: Conduct) -> None:
    server.conduct = conduct
    async with connected(server) as model:
        with pytest.raises(AnswerUnreadable) as caught:
            await answer_of(model)
    assert "sorry" not in repr(caught.value.details) + caught.value.message


async def test_a_fence_around_the_answer_is_forgiven(server: LlmServer) -> None:
    server.conduct = "fenced"
    async with connected(server) as model:
        assert (await answer_of(model)).sentences


async def test_nobody_there_is_told_as_such() -> None:
    with serving_llm(LlmServer()) as url:
        pass
    config = OpenAiChatConfig(url=url, model="m", allow_plain_http=True)
    async with open_openai_compatible(config) as model:
        with pytest.raises(ModelUnreachable):
            await answer_of(model)


async def test_the_key_is_sent_and_shows_nowhere(server: LlmServer, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("sk-very-secret\n")
    file.chmod(0o600)
    server.key = "sk-very-secret"
    async with connected(server, key_file=file) as model:
        assert (await answer_of(model)).sentences
        assert "sk-very-secret" not in repr(model)
        server.key = "another"
        with pytest.raises(ModelRefused) as caught:
            await answer_of(model)
    assert "sk-very-secret" not in f"{caught.value!r} {caught.value.details}"


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": ""},
        {"model": ""},
        {"url": "http://127.0.0.1:1", "allow_plain_http": False},
        {"url": "http://llm.example.org", "allow_plain_http": True},
        {"url": "https://name:secret@llm.example.org"},
        {"url": "ftp://llm.example.org"},
        {"url": "https://llm.example.org/?key=1"},
        {"proxy": "socks5://127.0.0.1"},
    ],
)
def test_an_address_that_may_not_be_used_is_refused_at_the_start(wrong: dict[str, object]) -> None:
    good = {"url": "https://llm.example.org/v1", "model": "m"}
    check_config(OpenAiChatConfig.model_validate(good))
    with pytest.raises(ModelMisconfigured) as caught:
        check_config(OpenAiChatConfig.model_validate({**good, **wrong}))
    assert "secret" not in str(caught.value)


def test_where_words_go_is_known() -> None:
    """None while they stay on this machine; a proxy takes them off it."""
    assert OpenAiChatConfig(url="http://127.0.0.1:8080").goes_to is None
    assert OpenAiChatConfig(url="http://127.0.0.1:8080", proxy="http://p:1").goes_to == "127.0.0.1"
    assert OpenAiChatConfig(url="https://llm.example.org").goes_to == "llm.example.org"


def test_the_plugin_is_offered_by_name() -> None:
    assert load_plugin(LLM_GROUP, "openai-compatible") is plugin


def test_events_may_be_cut_anywhere() -> None:
    """The same pieces, whatever the chunks of the transport."""
    stream = (
        b': hello\r\ndata: {"choices":[{"delta":{"content":"one \xc3\xa9"}}]}\r\n\r\n'
        b'data:{"choices":[{"delta":{"content":" two"}}]}\n\ndata: [DONE]\n\n'
    )
    for size in range(1, len(stream) + 1):
        events = Events()
        texts = [
            piece.text
            for at in range(0, len(stream), size)
            for piece in events.feed(stream[at : at + size])
        ]
        assert texts == ["one \u00e9", " two"]
        assert events.done


@pytest.mark.parametrize(
    "text",
    [
        "", "null", "[]", '{"sentences": 1}', '{"sentences": [1]}', "{" * 100_000,
        '{"sentences": [{"text": "x", "cites": [true]}]}',
        '{"sentences": [{"text": "x", "cites": [1.5]}]}',
        '{"sentences": [{"text": "x", "cites": [NaN]}]}',
        '{"sentences": [{"text": "x", "cites": [1], "replaces": "1"}]}',
        '{"sentences": [], "fields": [{"field": 1, "value": "x", "cites": [1]}]}',
        json.dumps({"sentences": [{"text": "x", "cites": [1]}] * 13}),
        json.dumps({"sentences": [{"text": "x" * 50_000, "cites": [1]}]}),
        '{"sentences": [{"text": "x", "cites": [' + "9" * 5000 + "]}]}",
    ],
)  # fmt: skip
def test_what_is_not_the_agreed_shape_is_refused_as_a_whole(text: str) -> None:
    with pytest.raises(AnswerUnreadable):
        read_answer(text)
