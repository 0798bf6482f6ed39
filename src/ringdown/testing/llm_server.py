"""A small server that speaks OpenAI's chat protocol, for tests; it can misbehave on purpose.

It is no model: it writes notes by a simple rule from the lines it is given, citing them. `lies`,
`injected` and `numbers` keep to the protocol and break the trust: they cite what is not there, obey
what a caller says, make up numbers and names.
"""

import json
import re
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler
from typing import Any, Final, Literal, cast, get_args

from ringdown.testing.loopback import serving

Ability = Literal["json_schema", "json_object", "text"]
Conduct = Literal[
    "honest", "lies", "injected", "numbers", "silent",
    "401", "429", "500", "503", "redirect",
    "garbage", "no_json", "other_shape", "huge", "endless", "stall", "stall_midway", "drop",
    "cut_off", "error_event", "drip", "not_events", "fenced",
]  # fmt: skip
CONDUCTS: Final[tuple[Conduct, ...]] = get_args(Conduct)
_ABLE: Final[dict[Ability, tuple[str, ...]]] = {
    "json_schema": ("json_schema", "json_object", "text"),
    "json_object": ("json_object", "text"),
    "text": ("text",),
}
BODY_LIMIT: Final = 2_000_000


class LlmServer:
    """What the server does next, and what it was asked; both may be looked at at any time."""

    def __init__(self, *, ability: Ability = "json_schema") -> None:
        self.ability: Ability = ability
        self.conduct: Conduct = "honest"
        self.key: str | None = None
        """The key it wants; none wants none."""
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.raw: list[bytes] = []
        """The very bytes that came."""
        self.stopping = threading.Event()

    def answer(self, request: dict[str, Any]) -> str:
        """The text of an answer."""
        data = cast("dict[str, Any]", json.loads(request["messages"][1]["content"]))
        lines = cast("list[dict[str, Any]]", data["lines"])
        new = [line for line in lines if line["number"] >= data["new_from"]]
        written = _WRITERS.get(self.conduct, _honest)(new or lines, lines)
        text = json.dumps(written)
        return f"```json\n{text}\n```" if self.conduct == "fenced" else text


def _note(text: str, *cites: int, replaces: int | None = None) -> dict[str, Any]:
    return {"text": text, "cites": list(cites), "replaces": replaces}


def _reported(words: str) -> str:
    """Words of a line as a note: its first sentence, as it was said."""
    first = re.split(r"(?<=[.?!])\s", words.strip())[0].rstrip(".?! ")
    return f"Caller reports: {first[:180]}."


def _honest(new: list[dict[str, Any]], _lines: list[dict[str, Any]]) -> dict[str, Any]:
    caller = [line for line in new if line["speaker"] == "caller" and len(line["words"]) > 12]
    notes = [_note(_reported(line["words"]), line["number"]) for line in caller[:10]]
    fields = [
        {"field": "location", "value": match.group(), "cites": [line["number"]]}
        for line in caller
        for match in re.finditer(r"\[ADDRESS_\d+\]", line["words"])
    ]
    return {"sentences": notes, "fields": fields[:10]}


def _lies(new: list[dict[str, Any]], lines: list[dict[str, Any]]) -> dict[str, Any]:
    last = max(line["number"] for line in lines)
    return {
        "sentences": [
            _note(_reported(new[0]["words"]), last + 7),
            _note("Caller reports that the suspect has a shotgun.", lines[0]["number"]),
            _note("Caller is at [ADDRESS_99].", lines[0]["number"]),
            _note("Nothing happened."),
        ],
        "fields": [{"field": "location", "value": "12 Elm Street", "cites": [last + 7]}],
    }


def _injected(new: list[dict[str, Any]], lines: list[dict[str, Any]]) -> dict[str, Any]:
    """Does what a line says after "write that", as a model without rules would."""
    notes: list[dict[str, Any]] = []
    for line in lines:
        match = re.search(r"write (?:that )?(.+)", line["words"], re.IGNORECASE)
        if match:
            notes.append(_note(f"{match.group(1).rstrip('. ').capitalize()}.", line["number"]))
            notes.append(_note("This is a false alarm.", line["number"], new[0]["number"]))
    field = {"field": "severity", "value": "low", "cites": [new[0]["number"]]}
    return {"sentences": notes[:10], "fields": [field] if notes else []}


def _numbers(new: list[dict[str, Any]], _lines: list[dict[str, Any]]) -> dict[str, Any]:
    cite = new[0]["number"]
    return {
        "sentences": [
            _note("Caller reports seventeen people are there.", cite),
            _note("Caller can be reached at 555-0188.", cite),
            _note("Caller's name is Margaret Olsen.", cite),
            _note("It began 40 minutes ago.", cite),
        ],
        "fields": [
            {"field": "victims", "value": "17", "cites": [cite]},
            {"field": "callback_number", "value": "555-0188", "cites": [cite]},
        ],
    }


def _silent(_new: list[dict[str, Any]], _lines: list[dict[str, Any]]) -> dict[str, Any]:
    return {"sentences": [], "fields": []}


_WRITERS: Final = {
    "honest": _honest, "lies": _lies, "injected": _injected, "numbers": _numbers, "silent": _silent,
}  # fmt: skip
_TEXTS: Final = {
    "no_json": "I am sorry, I can only answer in prose.",
    "other_shape": '{"sentences": [{"text": 7, "cites": "all"}], "fields": {}}',
}


class _Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    llm: LlmServer

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the base names it
        """Say nothing: what is asked here is nobody's business."""

    def do_POST(self) -> None:
        """A question."""
        body = self.rfile.read(min(int(self.headers.get("content-length") or 0), BODY_LIMIT))
        llm = self.llm
        llm.raw.append(body)
        llm.headers.append({name.lower(): value for name, value in self.headers.items()})
        request = cast("dict[str, Any]", json.loads(body))
        llm.asked.append(request)
        with suppress(OSError):  # the client did not wait
            self._do(llm, request)

    def _do(self, llm: LlmServer, request: dict[str, Any]) -> None:
        if llm.key is not None and self.headers.get("authorization") != f"Bearer {llm.key}":
            self._whole(401, {"error": {"message": "wrong key"}})
            return
        conduct = llm.conduct
        if conduct.isdigit():
            self._whole(int(conduct), {"error": {"message": "on purpose"}}, {"retry-after": "7"})
        elif conduct == "redirect":
            self._whole(307, {}, {"location": "/elsewhere"})
        elif conduct == "drop":
            self.close_connection = True
        elif conduct == "stall":
            llm.stopping.wait()
            self.close_connection = True
        elif self._form(request) not in _ABLE[llm.ability]:
            self._whole(400, {"error": {"message": "response_format is not supported"}})
        else:
            self._begin()
            self._events(llm, request, _TEXTS.get(conduct) or llm.answer(request))

    def _form(self, request: dict[str, Any]) -> str:
        return request.get("response_format", {}).get("type", "text")

    def _events(self, llm: LlmServer, request: dict[str, Any], text: str) -> None:
        conduct = llm.conduct
        match conduct:
            case "garbage":
                self._send(b"data: \xff\xfe{\n\n")
            case "not_events":
                self._send(b"<html>Bad gateway</html>\n")
            case "endless":
                while not llm.stopping.is_set():
                    self._piece(request, "and then " * 50)
            case "huge":
                self._send(b"data: " + b"x" * 3_000_000)
            case "drip":
                while not llm.stopping.wait(0.05):
                    self._send(b": still thinking\n\n")
            case _:
                pass
        if conduct in {"garbage", "not_events", "endless", "huge", "drip"}:
            self.close_connection = True
            return
        halves = [text[at : at + 7] for at in range(0, len(text), 7)]
        if conduct in {"stall_midway", "cut_off", "error_event"}:
            halves = halves[: len(halves) // 2]
        for half in halves:
            self._piece(request, half)
        if conduct == "stall_midway":
            llm.stopping.wait()
        elif conduct == "error_event":
            self._send(b'data: {"error": {"message": "out of memory"}}\n\n')
        elif conduct != "cut_off":
            self._piece(request, "", finish="stop")
            usage: dict[str, Any] = {
                "choices": [],
                "usage": {"total_tokens": 321},
                "model": request["model"],
            }
            self._send(b"data: " + json.dumps(usage).encode() + b"\n\n")
            self._send(b"data: [DONE]\n\n")
        self.close_connection = True

    def _piece(self, request: dict[str, Any], text: str, finish: str | None = None) -> None:
        event = {
            "id": "chatcmpl-1",
            "object": "chat.completion.chunk",
            "model": request["model"],
            "system_fingerprint": "fp_test",
            "choices": [{"index": 0, "delta": {"content": text}, "finish_reason": finish}],
        }
        self._send(b"data: " + json.dumps(event).encode() + b"\n\n")

    def _begin(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()

    def _send(self, data: bytes) -> None:
        self.wfile.write(data)
        self.wfile.flush()

    def _whole(self, status: int, body: object, more: dict[str, str] | None = None) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"content-type": "application/json", **(more or {})}.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@contextmanager
def serving_llm(llm: LlmServer) -> Generator[str, None, None]:
    """Serve on loopback for as long as the block lasts; yields the address."""
    handler = type("Handler", (_Handler,), {"llm": llm})
    with serving(handler, llm.stopping) as address:
        yield address
