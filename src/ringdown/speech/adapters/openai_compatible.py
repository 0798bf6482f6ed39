"""A recogniser behind HTTP that answers as OpenAI's `/v1/audio/transcriptions` does.

The audio leaves this machine unless the address is this machine; the settings must name it. What a
server cannot do is found out by asking for less, once: words with times, then segments, then text.
"""

from collections.abc import AsyncGenerator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import ClassVar, Final

import httpx
import numpy as np

from ringdown.core.clock import Clock
from ringdown.core.errors import BadConfig
from ringdown.core.plugins import Plugin
from ringdown.core.sensitive import Sensitive
from ringdown.runtime import outside
from ringdown.runtime.clock import SystemClock
from ringdown.speech.adapters.verbose_json import Answer, read_answer
from ringdown.speech.engine_errors import (
    EngineAnswerBad,
    EngineBusy,
    EngineFailed,
    EngineFault,
    EngineLate,
    EngineRefused,
    EngineUnreachable,
)
from ringdown.speech.engine_settings import OpenAiCompatibleConfig
from ringdown.speech.ports import (
    ASR_RATE,
    AsrCapabilities,
    AsrEngine,
    Piece,
    Pulse,
    Recognised,
    Samples,
)
from ringdown.wire.retry_after import retry_after_s
from ringdown.wire.wav import pcm16_wav

SECTION: Final = "speech.openai_compatible"
CONNECT_S: Final = 0.5
PULSE_S: Final = 0.1
ANSWER_LIMIT: Final = 1 << 20
SHORTEST: Final = ASR_RATE // 10
"""Servers refuse less than a tenth of a second; nothing is said in it."""
NO_LIST: Final = frozenset({404, 405, 501})
LONGEST_RETRY_S: Final = 3600.0
FORMS: Final[tuple[dict[str, str | list[str]], ...]] = (
    {"response_format": "verbose_json", "timestamp_granularities[]": ["word", "segment"]},
    {"response_format": "verbose_json"},
    {"response_format": "json", "include[]": ["logprobs"]},
    {"response_format": "json"},
)
"""What is asked for, the fullest first."""


class EngineMisconfigured(BadConfig):
    """The address, the key or the certificate file of the recogniser cannot be used."""

    code: ClassVar[str] = "speech.engine.misconfigured"
    action: ClassVar[str] = "Correct that setting; its section is speech.openai_compatible."


@dataclass(frozen=True)
class _Form:
    """What this server was found to answer."""

    number: int = 0


class _AskForLess(Exception):
    """The server does not take the request as it was put."""


class OpenAiCompatible:
    """The `AsrEngine` over HTTP: several pieces at once, each within its time, no retries."""

    def __init__(self, client: httpx.Client, config: OpenAiCompatibleConfig, clock: Clock) -> None:
        self._client = client
        self._config = config
        self._clock = clock
        self._form = _Form()
        self._timed = self._sure = False
        self._pool = ThreadPoolExecutor(config.at_once, thread_name_prefix="asr-http")
        self._base = base_url(config.url)
        self._name = f"{config.model}@{httpx.URL(config.url).host}"

    @property
    def capabilities(self) -> AsrCapabilities:
        """What this engine can do. Times and confidences count once the server has given them."""
        return AsrCapabilities(
            name=self._name,
            languages=(self._config.language or "*",),
            partials=False,
            word_confidence=self._sure,
            word_times="exact" if self._timed else "estimated",
            local=self._config.audio_goes_to is None,
            batch=self._config.at_once,
        )

    def transcribe(self, pieces: Sequence[Piece], pulse: Pulse | None = None) -> list[Recognised]:
        """Recognise each piece, all at once. Raises EngineFailed, which carries what was heard."""
        deadline = self._clock.monotonic() + self._config.timeout_s
        asked = {
            at: self._pool.submit(self._ask, piece.samples, deadline)
            for at, piece in enumerate(pieces)
            if len(piece.samples) >= SHORTEST
        }
        self._await(list(asked.values()), deadline, pulse)
        answers: dict[int, Answer] = {}
        failed: EngineFailed | None = None
        sent = False
        for at, future in asked.items():
            try:
                answers[at] = _outcome(future)
            except EngineFailed as error:
                failed = _graver(failed, error)
                sent = sent or error.sent
        spoken = [answer for answer in answers.values() if answer.words]
        if spoken:
            self._timed = all(answer.timed for answer in spoken)
            self._sure = all(answer.sure for answer in spoken)
        heard = [
            self._recognised(answers.get(at)) if at in answers or at not in asked else None
            for at in range(len(pieces))
        ]
        if failed is not None:
            failed.heard, failed.sent = heard, sent
            raise failed
        return [one for one in heard if one is not None]

    def check(self) -> None:
        """Ask for the list of models; no audio is sent. Raises EngineFailed."""
        deadline = self._clock.monotonic() + self._config.timeout_s
        future = self._pool.submit(self._models, deadline)
        self._await([future], deadline, None)
        _outcome(future)

    def close(self) -> None:
        """Let go of the connections; what is under way is left to its own time limit."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._client.close()

    def _await(
        self, asked: Sequence["Future[Answer]"], deadline: float, pulse: Pulse | None
    ) -> None:
        """Wait until all are done or the time is up, showing that we are alive."""
        left = set(asked)
        while True:
            if pulse:
                pulse()
            time_left = deadline - self._clock.monotonic()
            if not left or time_left <= 0:
                break
            _, left = wait(left, min(PULSE_S, time_left), FIRST_COMPLETED)
        for future in left:
            future.cancel()

    def _recognised(self, answer: Answer | None) -> Recognised:
        words = answer.words if answer else ()
        doubts = answer.doubts if answer else ()
        text = " ".join(word.word for word in words)
        return Recognised(text, words, (), engine=self._name, doubts=doubts)

    def _ask(self, samples: Samples, deadline: float) -> Answer:
        """One piece: in a thread of the pool."""
        loud = np.clip(np.nan_to_num(samples), -1.0, 1.0) * 32767.0
        wav = pcm16_wav([loud.astype(np.int16)], rate=ASR_RATE)
        piece_ms = len(samples) * 1000 // ASR_RATE
        while True:
            form = self._form
            try:
                body, kind = self._post(wav, FORMS[form.number], deadline)
            except _AskForLess:
                if form.number + 1 == len(FORMS):
                    self._form = _Form()  # it was not for the form that it said no
                    raise EngineFault("the recogniser does not take the request") from None
                self._form = _Form(max(self._form.number, form.number + 1))
                continue
            return read_answer(body, kind, piece_ms)

    def _post(
        self, wav: bytes, form: dict[str, str | list[str]], deadline: float
    ) -> tuple[bytes, str]:
        fields: dict[str, str | list[str]] = {
            "model": self._config.model,
            "temperature": "0",
            **({"language": self._config.language} if self._config.language else {}),
            **form,
        }
        request = self._client.build_request(
            "POST",
            f"{self._base}/v1/audio/transcriptions",
            data=fields,
            files={"file": ("piece.wav", wav, "audio/wav")},
            timeout=self._timeout(deadline),
        )
        return self._answer(request, deadline)

    def _models(self, deadline: float) -> Answer:
        request = self._client.build_request(
            "GET", f"{self._base}/v1/models", timeout=self._timeout(deadline)
        )
        try:
            self._answer(request, deadline)
        except (_AskForLess, EngineFault) as error:
            # A server may have no list of models and work all the same.
            if isinstance(error, EngineFault) and error.details.get("status") not in NO_LIST:
                raise
        return Answer(())

    def _timeout(self, deadline: float) -> httpx.Timeout:
        left = max(deadline - self._clock.monotonic(), 0.001)
        return httpx.Timeout(left, connect=min(CONNECT_S, left))

    def _answer(self, request: httpx.Request, deadline: float) -> tuple[bytes, str]:
        """The body and its type. Raises EngineFailed or _AskForLess."""
        try:
            answer = self._client.send(request, stream=True)
            try:
                self._check_status(answer)
                body = b""
                for chunk in answer.iter_raw():
                    body += chunk
                    if len(body) > ANSWER_LIMIT:
                        raise EngineAnswerBad("the answer is too long")
                    if self._clock.monotonic() > deadline:
                        raise EngineLate("the recogniser did not finish its answer in time")
                return body, answer.headers.get("content-type", "")
            finally:
                answer.close()
        except (httpx.ConnectTimeout, httpx.ConnectError) as error:
            unreached = EngineUnreachable(f"no connection ({type(error).__name__})")
            unreached.sent = False
            raise unreached from None
        except httpx.TimeoutException:
            raise EngineLate("the recogniser did not answer in time") from None
        except httpx.TransportError as error:
            raise EngineUnreachable(f"the connection broke ({type(error).__name__})") from None

    def _check_status(self, answer: httpx.Response) -> None:
        status = answer.status_code
        if answer.is_success:
            return
        if status in {401, 403}:
            raise EngineRefused("the recogniser refuses the key", status=status)
        if status in {429, 503}:
            busy = EngineBusy("the recogniser takes no more for now", status=status)
            wait_s = retry_after_s(answer.headers.get("retry-after"), self._clock.now())
            busy.retry_after_s = None if wait_s is None else min(wait_s, LONGEST_RETRY_S)
            raise busy
        if status in {408, 504}:
            raise EngineLate("the recogniser gave up waiting", status=status)
        if status in {400, 415, 422}:
            raise _AskForLess
        if 300 <= status < 400:
            raise EngineAnswerBad("the address leads elsewhere, which is not followed",
                                  status=status)  # fmt: skip
        raise EngineFault("the recogniser answered with an error", status=status)


def _outcome(future: "Future[Answer]") -> Answer:
    if not future.done() or future.cancelled():
        raise EngineLate("the recogniser did not answer in time")
    return future.result()


def _graver(one: EngineFailed | None, other: EngineFailed) -> EngineFailed:
    """The failure that says most about what to do: a refusal or a quota before being late."""
    if one is None or (isinstance(other, EngineRefused | EngineBusy) and not isinstance(
        one, EngineRefused | EngineBusy
    )):  # fmt: skip
        return other
    return one


def base_url(url: str) -> str:
    """The address without a slash or `/v1` at its end."""
    return url.rstrip("/").removesuffix("/audio/transcriptions").removesuffix("/v1")


def check_config(config: OpenAiCompatibleConfig) -> None:
    """Whether audio may be sent there. Raises EngineMisconfigured."""
    if not config.url:
        raise EngineMisconfigured("speech.openai_compatible.url says nowhere to send speech to")
    outside.check_address(
        config.url, config.proxy, allow_plain_http=config.allow_plain_http,
        section=SECTION, error=EngineMisconfigured,
    )  # fmt: skip


def read_key(config: OpenAiCompatibleConfig) -> Sensitive[str] | None:
    """The key, if there is to be one. Raises EngineMisconfigured."""
    key = outside.read_key(config.key_file, section=SECTION, error=EngineMisconfigured)
    return None if key is None else Sensitive(key, "asr.key")


@asynccontextmanager
async def open_openai_compatible(
    config: OpenAiCompatibleConfig,
) -> AsyncGenerator[AsrEngine, None]:
    """The engine, ready to ask; nothing is sent yet. Raises BadConfig."""
    check_config(config)
    key = read_key(config)
    headers = {"user-agent": "Ringdown", "accept-encoding": "identity"}
    if key is not None:
        headers["authorization"] = f"Bearer {key.reveal('asking the recogniser')}"
    client = httpx.Client(
        verify=outside.trust(config.ca_file, section=SECTION, error=EngineMisconfigured),
        follow_redirects=False,
        # Proxy variables of the environment would lead audio somewhere nobody chose.
        trust_env=False,
        proxy=config.proxy,
        headers=headers,
        limits=httpx.Limits(max_connections=config.at_once + 1),
    )
    engine = OpenAiCompatible(client, config, SystemClock())
    try:
        yield engine
    finally:
        engine.close()


plugin: Final[Plugin[OpenAiCompatibleConfig, AsrEngine]] = Plugin(
    "openai-compatible", OpenAiCompatibleConfig, open_openai_compatible
)
