"""A small speech server that answers as OpenAI's does, for tests; it can misbehave on purpose.

The words come from an engine given to it, so they are real when the engine is.
"""

import json
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler
from typing import Any, Final, Literal, get_args

import numpy as np

from ringdown.speech.ports import ASR_RATE, AsrEngine, Piece, Recognised, Samples
from ringdown.testing.loopback import serving

Dialect = Literal["openai", "speaches", "whisper.cpp", "vllm", "json", "text"]
"""Whose answers it gives. `vllm` refuses word times; `json` refuses all but a plain text."""
Failure = Literal[
    "none", "401", "403", "429", "500", "503", "400", "redirect",
    "slow", "hang", "drip", "drop", "garbage", "huge", "list", "empty",
]  # fmt: skip
"""How to misbehave. `slow` answers after `delay_s`; `hang` when the server ends."""
FAILURES: Final[tuple[Failure, ...]] = get_args(Failure)
WAV_HEADER: Final = 44
BODY_LIMIT: Final = 20_000_000


@dataclass
class Asked:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    fields: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    samples: int = 0


class AsrServer:
    """What the server does next, and what it was asked; both may be looked at at any time."""

    def __init__(self, engine: AsrEngine, *, dialect: Dialect = "speaches") -> None:
        self.dialect: Dialect = dialect
        self.failure: Failure = "none"
        self.delay_s = 0.0
        self.key: str | None = None
        """The key it wants; none wants none."""
        self.asked: list[Asked] = []
        self.answered = 0
        self.at_once = 0
        """The most pieces it had at the same time."""
        self.stopping = threading.Event()
        self._now = 0
        self._engine = engine
        self._one = threading.Lock()
        self._counting = threading.Lock()

    @property
    def pieces(self) -> list[Asked]:
        """Only the requests that brought audio."""
        return [one for one in self.asked if one.samples]

    @contextmanager
    def busy(self) -> Generator[None, None, None]:
        """Count this request among those at work."""
        with self._counting:
            self._now += 1
            self.at_once = max(self.at_once, self._now)
        try:
            yield
        finally:
            with self._counting:
                self._now -= 1

    def hear(self, samples: Samples) -> Recognised:
        """The words of the engine, one piece after the other."""
        with self._one:
            return self._engine.transcribe([Piece(samples)])[0]


def body_of(dialect: Dialect, heard: Recognised, seconds: float) -> tuple[bytes, str]:
    """The words as that kind of server puts them, with the type of the content."""
    if dialect == "text":
        return heard.text.encode() + b"\n", "text/plain; charset=utf-8"
    return json.dumps(_SHAPES[dialect](heard, seconds)).encode(), "application/json"


def _spread(heard: Recognised, seconds: float) -> list[tuple[str, float, float, float]]:
    step = seconds / max(len(heard.words), 1)
    return [
        (word.word, round(at * step, 3), round((at + 1) * step, 3), word.confidence)
        for at, word in enumerate(heard.words)
    ]


def _segment(heard: Recognised, seconds: float, **more: Any) -> list[dict[str, Any]]:
    if not heard.words:
        return []
    record = {"id": 0, "seek": 0, "start": 0.0, "end": seconds, "text": f" {heard.text}"}
    figures = {"avg_logprob": -0.2, "compression_ratio": 1.1, "no_speech_prob": 0.02}
    return [{**record, "tokens": [], "temperature": 0.0, **figures, **more}]


def _openai(heard: Recognised, seconds: float) -> dict[str, Any]:
    words = [
        {"word": word.strip(".,?!"), "start": start, "end": end}
        for word, start, end, _ in _spread(heard, seconds)
    ]
    whole = {"task": "transcribe", "language": "english", "duration": seconds}
    return {**whole, "text": heard.text, "words": words, "segments": _segment(heard, seconds)}


def _speaches(heard: Recognised, seconds: float) -> dict[str, Any]:
    words = [
        {"word": f" {word}", "start": start, "end": end, "probability": chance}
        for word, start, end, chance in _spread(heard, seconds)
    ]
    return {**_openai(heard, seconds), "words": words, "duration": seconds}


def _whisper_cpp(heard: Recognised, seconds: float) -> dict[str, Any]:
    tokens: list[dict[str, Any]] = []
    for word, start, end, chance in _spread(heard, seconds):
        middle = round((start + end) / 2, 3)
        head, tail = word[: len(word) // 2 + 1], word[len(word) // 2 + 1 :]
        tokens.append({"word": f" {head}", "start": start, "end": middle, "probability": chance})
        if tail:
            more = {"start": middle, "end": end, "t_dtw": -1, "probability": 1.0}
            tokens.append({"word": tail, **more})
    segments = _segment(heard, seconds, words=tokens)
    return {"task": "transcribe", "duration": seconds, "text": heard.text, "segments": segments}


def _vllm(heard: Recognised, seconds: float) -> dict[str, Any]:
    none = {"avg_logprob": -1.0, "compression_ratio": -1.0, "no_speech_prob": -1.0}
    segments = _segment(heard, seconds, **none)
    return {"duration": str(seconds), "language": "en", "text": heard.text, "segments": segments}


def _json(heard: Recognised, seconds: float) -> dict[str, Any]:
    return {"text": heard.text, "usage": {"type": "duration", "seconds": round(seconds)}}


_SHAPES: Final[dict[str, Callable[[Recognised, float], dict[str, Any]]]] = {
    "openai": _openai,
    "speaches": _speaches,
    "whisper.cpp": _whisper_cpp,
    "vllm": _vllm,
    "json": _json,
}


class _Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    asr: AsrServer

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the base names it
        """Say nothing: what is asked here is nobody's business."""

    def do_GET(self) -> None:
        """The list of models."""
        self.asr.asked.append(Asked(self.path, dict(self.headers)))
        if self._wrong():
            return
        self._answer(200, b'{"object":"list","data":[]}')

    def do_POST(self) -> None:
        """A piece of speech."""
        length = int(self.headers.get("content-length") or 0)
        body = self.rfile.read(min(length, BODY_LIMIT))
        asked = Asked(self.path, dict(self.headers))
        samples = self._read(asked, body)
        self.asr.asked.append(asked)
        with self.asr.busy():
            if not self._wrong():
                self._tell(asked, samples)

    def _read(self, asked: Asked, body: bytes) -> Samples:
        head = f"content-type: {self.headers.get('content-type', '')}\r\n\r\n".encode()
        samples = np.zeros(0, np.float32)
        for part in BytesParser(policy=HTTP).parsebytes(head + body).iter_parts():
            raw = part.get_payload(decode=True)
            content = raw if isinstance(raw, bytes) else b""
            name = str(part.get_param("name", header="content-disposition"))
            if name == "file":
                pcm = np.frombuffer(content[WAV_HEADER:], "<i2")
                samples = pcm.astype(np.float32) / 32768.0
                asked.samples = len(samples)
            else:
                asked.fields.setdefault(name, []).append(content.decode())
        return samples

    def _wrong(self) -> bool:
        """Misbehave if that is wanted; True when that is all that happens."""
        asr = self.asr
        if asr.key is not None and self.headers.get("authorization") != f"Bearer {asr.key}":
            self._answer(401, b'{"error":{"message":"wrong key"}}')
            return True
        match asr.failure:
            case "none":
                return False
            case "slow":
                asr.stopping.wait(asr.delay_s)
                return False
            case "hang":
                asr.stopping.wait()
                self.close_connection = True
            case "drop":
                self.close_connection = True
            case "drip":
                self._drip()
            case "garbage":
                self._answer(200, b'\xff\xfe{"text": ')
            case "huge":
                self._answer(200, b'{"text": "' + b"a " * (1 << 20) + b'"}')
            case "list":
                self._answer(200, b'["text"]')
            case "empty":
                self._answer(200, b"{}")
            case "redirect":
                self._answer(307, b"", {"location": "/elsewhere"})
            case "429":
                self._answer(429, b'{"error":{"message":"quota"}}', {"retry-after": "7"})
            case status:
                self._answer(int(status), b'{"error":{"message":"on purpose"}}')
        return True

    def _tell(self, asked: Asked, samples: Samples) -> None:
        dialect, form = self.asr.dialect, asked.fields
        granular = form.get("timestamp_granularities[]", [])
        verbose = form.get("response_format") == ["verbose_json"]
        if (dialect == "vllm" and "word" in granular) or (dialect == "json" and verbose):
            self._answer(400, b'{"error":{"message":"not supported"}}')
            return
        heard = self.asr.hear(samples)
        body, kind = body_of(dialect, heard, len(samples) / ASR_RATE)
        self.asr.answered += 1
        self._answer(200, body, {"content-type": kind})

    def _drip(self) -> None:
        self._head(200, 10_000, {})
        while not self.asr.stopping.wait(0.05):
            try:
                self.wfile.write(b" ")
            except OSError:
                break
        self.close_connection = True

    def _answer(self, status: int, body: bytes, more: dict[str, str] | None = None) -> None:
        try:
            self._head(status, len(body), more or {})
            self.wfile.write(body)
        except OSError:  # the client did not wait
            self.close_connection = True

    def _head(self, status: int, length: int, more: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"content-type": "application/json", **more}.items():
            self.send_header(name, value)
        self.send_header("content-length", str(length))
        self.end_headers()


@contextmanager
def serving_asr(asr: AsrServer, *, port: int = 0) -> Generator[str, None, None]:
    """Serve on loopback for as long as the block lasts; yields the address."""
    handler = type("Handler", (_Handler,), {"asr": asr})
    with serving(handler, asr.stopping, port=port) as address:
        yield address
