"""A language model behind HTTP that answers as OpenAI's `/v1/chat/completions` does.

vLLM, Ollama, llama.cpp's server and clouds speak it. The answer is streamed, so that silence is
noticed. What a server cannot do is found out by asking for less, once: a JSON schema, then any JSON
object, then plain text. Nothing that is sent or received is ever logged.
"""

import asyncio
import json
import re
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, ClassVar, Final, cast

import httpx

from ringdown.assist.model.answer import LONGEST_ANSWER
from ringdown.assist.model.prompt import Question
from ringdown.assist.ports import (
    LanguageModel,
    ModelAnswerBad,
    ModelBusy,
    ModelFailed,
    ModelInfo,
    ModelLate,
    ModelRefused,
    ModelUnreachable,
    Piece,
)
from ringdown.assist.settings import OpenAiChatConfig
from ringdown.core.clock import Clock
from ringdown.core.errors import BadConfig
from ringdown.core.plugins import Plugin
from ringdown.core.sensitive import Sensitive
from ringdown.runtime import outside
from ringdown.runtime.clock import SystemClock
from ringdown.wire.retry_after import retry_after_s

SECTION: Final = "assist.openai_compatible"
CONNECT_S: Final = 3.0
LONGEST_LINE: Final = 64_000
LONGEST_BODY: Final = 2_000_000
"""Bytes of a whole answer: each piece of text comes in a wrapping of its own."""
FORMS: Final = ("json_schema", "json_object", "text")
"""How the shape of the answer is asked for, the strictest first."""


class ModelMisconfigured(BadConfig):
    """The address, the name, the key or the certificate file of the model cannot be used."""

    code: ClassVar[str] = "assist.model.misconfigured"
    action: ClassVar[str] = "Correct that setting; its section is assist.openai_compatible."


class _AskForLess(Exception):
    """The server does not take the request as it was put."""


class OpenAiCompatible:
    """The `LanguageModel` over HTTP: each question within its time, no retries."""

    def __init__(self, client: httpx.AsyncClient, config: OpenAiChatConfig, clock: Clock) -> None:
        self._client = client
        self._config = config
        self._clock = clock
        self._form = 0
        self._url = f"{base_url(config.url)}/v1/chat/completions"

    @property
    def info(self) -> ModelInfo:
        """The model named, and the host that gets the tokens."""
        return ModelInfo(self._config.model, self._config.goes_to)

    async def ask(self, question: Question) -> AsyncIterator[Piece]:
        """The answer as it comes. Raises ModelFailed."""
        deadline = self._clock.monotonic() + self._config.timeout_s
        while True:
            form = self._form
            try:
                async for piece in self._stream(question, FORMS[form], deadline):
                    yield piece
            except _AskForLess:
                if form + 1 == len(FORMS):
                    self._form = 0  # it was not for the form that it said no
                    raise ModelFailed("the model does not take the request") from None
                self._form = max(self._form, form + 1)
                continue
            return

    async def _stream(self, question: Question, form: str, deadline: float) -> AsyncIterator[Piece]:
        request = self._client.build_request(
            "POST",
            self._url,
            json=body_of(self._config, question, form),
            timeout=httpx.Timeout(self._config.idle_s, connect=min(CONNECT_S, self._config.idle_s)),
        )
        answer = await self._within(deadline, self._send(request))
        try:
            self._check(answer)
            reader = Events()
            bytes_ = answer.aiter_bytes()
            while True:
                chunk = await self._within(deadline, _next(bytes_))
                if chunk is None:
                    break
                for piece in reader.feed(chunk):
                    yield piece
                if reader.done:
                    return
            raise ModelLate("the answer broke off")
        finally:
            await answer.aclose()

    async def _send(self, request: httpx.Request) -> httpx.Response:
        return await self._client.send(request, stream=True)

    async def _within(self, deadline: float, work: Any) -> Any:
        """The outcome of one step, within what is left of the time."""
        left = max(deadline - self._clock.monotonic(), 0.001)
        try:
            return await asyncio.wait_for(work, min(left, self._config.idle_s))
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise ModelUnreachable(f"no connection ({type(error).__name__})") from None
        except (httpx.TimeoutException, TimeoutError):
            raise ModelLate("the model did not answer in time") from None
        except httpx.TransportError as error:
            raise ModelUnreachable(f"the connection broke ({type(error).__name__})") from None
        except httpx.StreamError:
            raise ModelAnswerBad("the answer cannot be read") from None

    def _check(self, answer: httpx.Response) -> None:
        status = answer.status_code
        if answer.is_success:
            return
        if status in {401, 403}:
            raise ModelRefused("the server refuses the key", status=status)
        if status in {429, 503}:
            busy = ModelBusy("the server takes no more for now", status=status)
            busy.retry_after_s = retry_after_s(answer.headers.get("retry-after"), self._clock.now())
            raise busy
        if status in {408, 504}:
            raise ModelLate("the server gave up waiting", status=status)
        if status in {400, 415, 422, 501}:
            raise _AskForLess
        if 300 <= status < 400:
            raise ModelAnswerBad("the address leads elsewhere, which is not followed",
                                 status=status)  # fmt: skip
        raise ModelFailed("the server answered with an error", status=status)


class Events:
    """Reads server-sent events, of which OpenAI uses `data:` lines alone; sans I/O."""

    def __init__(self) -> None:
        self._rest = b""
        self._bytes = self._chars = 0
        self.done = False

    def feed(self, chunk: bytes) -> list[Piece]:
        """The pieces that are complete with these bytes. Raises ModelAnswerBad."""
        self._bytes += len(chunk)
        self._rest += chunk
        if self._bytes > LONGEST_BODY:
            raise ModelAnswerBad("the answer is too long")
        *lines, self._rest = re.split(rb"\r\n|\n|\r(?!\n|$)", self._rest)
        if len(self._rest) > LONGEST_LINE:
            raise ModelAnswerBad("a line of the answer is too long")
        pieces: list[Piece] = []
        for line in lines:
            if self.done:
                break
            piece = self._line(line)
            if piece is not None:
                pieces.append(piece)
        return pieces

    def _line(self, line: bytes) -> Piece | None:
        if not line.startswith(b"data:"):
            if line and not line.startswith((b":", b"event:", b"id:", b"retry:")):
                raise ModelAnswerBad("the answer is no stream of events")
            return None
        data = line.removeprefix(b"data:").strip()
        if data == b"[DONE]":
            self.done = True
            return None
        try:
            found: object = json.loads(data)
        except (ValueError, RecursionError):
            raise ModelAnswerBad("a piece of the answer is no JSON") from None
        if not isinstance(found, dict):
            raise ModelAnswerBad("a piece of the answer has another shape")
        piece = _piece(cast("dict[str, Any]", found))
        self._chars += len(piece.text)
        if self._chars > LONGEST_ANSWER:
            raise ModelAnswerBad("the answer is too long")
        return piece


def _piece(found: dict[str, Any]) -> Piece:
    if "error" in found:
        raise ModelFailed("the server ended the answer with an error")
    text = ""
    choices = found.get("choices")
    if isinstance(choices, list) and choices and isinstance(choices[0], dict):
        choice = cast("dict[str, Any]", choices[0])
        delta = choice.get("delta")
        if isinstance(delta, dict):
            content = cast("dict[str, Any]", delta).get("content")
            text = content if isinstance(content, str) else ""
        if choice.get("finish_reason") == "length":
            raise ModelAnswerBad("the answer was longer than it may be")
    return Piece(text, _version(found), _tokens(found.get("usage")))


def _version(found: dict[str, Any]) -> str | None:
    """What the server calls itself, made harmless: it goes into the audit log."""
    said = [found.get("model"), found.get("system_fingerprint")]
    parts = [re.sub(r"[^\w.:@+/-]", "", each)[:80] for each in said if isinstance(each, str)]
    return "#".join(part for part in parts if part) or None


def _tokens(usage: object) -> int | None:
    if not isinstance(usage, dict):
        return None
    total = cast("dict[str, Any]", usage).get("total_tokens")
    return total if isinstance(total, int) and 0 <= total < 10_000_000 else None


async def _next(chunks: AsyncIterator[bytes]) -> bytes | None:
    return await anext(chunks, None)


def body_of(config: OpenAiChatConfig, question: Question, form: str) -> dict[str, Any]:
    """The request as the protocol has it; `form` says how the shape is asked for."""
    shapes: dict[str, dict[str, Any]] = {
        "json_schema": {
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "notes", "strict": True, "schema": question.schema},
            },
            "stream_options": {"include_usage": True},
        },
        "json_object": {"response_format": {"type": "json_object"}},
        "text": {},
    }
    rules = question.rules
    if form != "json_schema":
        rules = f"{rules}\nThe schema:\n{json.dumps(question.schema)}\n"
    return {
        "model": config.model,
        "stream": True,
        "temperature": 0,
        "max_tokens": question.longest_tokens,
        "messages": [
            {"role": "system", "content": rules},
            {"role": "user", "content": question.data},
        ],
        **shapes[form],
    }


def base_url(url: str) -> str:
    """The address without a slash or `/v1` at its end."""
    return url.rstrip("/").removesuffix("/chat/completions").removesuffix("/v1")


def check_config(config: OpenAiChatConfig) -> None:
    """Whether tokens may be sent there. Raises ModelMisconfigured."""
    if not config.url:
        raise ModelMisconfigured("assist.openai_compatible.url says nowhere to ask")
    if not config.model:
        raise ModelMisconfigured("assist.openai_compatible.model names no model")
    outside.check_address(
        config.url, config.proxy, allow_plain_http=config.allow_plain_http,
        section=SECTION, error=ModelMisconfigured,
    )  # fmt: skip


def read_key(config: OpenAiChatConfig) -> Sensitive[str] | None:
    """The key, if there is to be one. Raises ModelMisconfigured."""
    key = outside.read_key(config.key_file, section=SECTION, error=ModelMisconfigured)
    return None if key is None else Sensitive(key, "llm.key")


@asynccontextmanager
async def open_openai_compatible(
    config: OpenAiChatConfig,
) -> AsyncGenerator[LanguageModel, None]:
    """The model, ready to be asked; nothing is sent yet. Raises BadConfig."""
    check_config(config)
    key = read_key(config)
    context = outside.trust(config.ca_file, section=SECTION, error=ModelMisconfigured)
    headers = {"user-agent": "Ringdown", "accept": "text/event-stream",
               "accept-encoding": "identity"}  # fmt: skip
    if key is not None:
        headers["authorization"] = f"Bearer {key.reveal('asking the language model')}"
    async with httpx.AsyncClient(
        verify=context,
        follow_redirects=False,
        # Proxy variables of the environment would lead words somewhere nobody chose.
        trust_env=False,
        proxy=config.proxy,
        headers=headers,
    ) as client:
        yield OpenAiCompatible(client, config, SystemClock())


plugin: Final[Plugin[OpenAiChatConfig, LanguageModel]] = Plugin(
    "openai-compatible", OpenAiChatConfig, open_openai_compatible
)
