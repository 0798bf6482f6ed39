"""A small CAD for practice and tests: checks what arrives as a careful receiver should.

It verifies the signature, takes each idempotency key once, checks the payload against the schema
or the EIDO against the names it may hold, and answers with a number of its own, one for each
incident. It can also misbehave on purpose.
"""

import asyncio
import json
import ssl
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final, Literal, get_args

import h11

from ringdown.cad.schema import CadIncident, decode
from ringdown.core.clock import Clock
from ringdown.wire import standard_webhooks
from ringdown.wire.eido import check as eido
from ringdown.wire.eido.check import EidoInvalid
from ringdown.wire.eido.names import MEDIA_TYPE
from ringdown.wire.standard_webhooks import Secret, WebhookRefused

Failure = Literal["none", "500", "503", "429", "422", "401", "redirect", "slow", "drop", "lose"]
"""How to misbehave. `drop` closes without taking; `lose` takes, then closes without answering."""
FAILURES: Final[tuple[Failure, ...]] = get_args(Failure)
BODY_LIMIT: Final = 1_000_000


class Receiver:
    """What the small CAD has got. `failure` may be changed at any time; `failures` limits it."""

    def __init__(
        self,
        secrets: list[Secret],
        clock: Clock,
        *,
        failure: Failure = "none",
        failures: int | None = None,
        sink: Callable[[dict[str, Any]], None] = lambda _line: None,
    ) -> None:
        self.failure: Failure = failure
        self.failures = failures
        self.attempts = 0
        self.bodies: list[bytes] = []
        self.keys: list[str] = []
        self.accepted: list[CadIncident] = []
        self.documents: list[dict[str, Any]] = []
        """EIDO documents taken."""
        self._secrets = secrets
        self._clock = clock
        self._sink = sink
        self._answers: dict[str, dict[str, str]] = {}
        self._numbers: dict[str, str] = {}

    def misbehaves(self) -> Failure:
        """How to treat the attempt that just arrived; uses up one of `failures`."""
        if self.failure == "none" or self.failures == 0:
            return "none"
        if self.failures is not None:
            self.failures -= 1
        return self.failure

    def take(self, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, Any]]:
        """The status and answer to a delivery."""
        try:
            message_id = standard_webhooks.verify(
                self._secrets, headers, body, now=self._clock.now().timestamp()
            )
        except WebhookRefused as error:
            return 401, {"error": error.code}
        key = headers.get("idempotency-key", "")
        if not key or key != message_id:
            return 400, {"error": "idempotency_key_missing"}
        if key in self._answers:
            return 200, self._answers[key]
        try:
            incident_id = self._read(headers.get("content-type", ""), body)
        except (ValueError, EidoInvalid):
            return 422, {"error": "payload_invalid"}
        number = f"CAD-{len(self._numbers) + 1:06d}"
        number = self._numbers.setdefault(incident_id, number)
        self._answers[key] = {"cad_incident_id": number}
        self._sink({"cad_incident_id": number, "incident": json.loads(body)})
        return 200, self._answers[key]

    def _read(self, content_type: str, body: bytes) -> str:
        """Keep what arrived; the id of its incident. Raises ValueError, EidoInvalid."""
        if content_type == MEDIA_TYPE:
            document = eido.decode(body)
            self.documents.append(document)
            return str(document["$id"])
        incident = decode(body)
        self.accepted.append(incident)
        return incident.incident_id

    def received(self) -> dict[str, Any]:
        """What `GET /received` tells."""
        return {
            "attempts": self.attempts,
            "received": [one.model_dump(mode="json", by_alias=True) for one in self.accepted],
            "documents": self.documents,
        }


class _Connection:
    """One request over one connection (RFC 9112), parsed by h11."""

    def __init__(
        self,
        receiver: Receiver,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        stopping: asyncio.Event,
    ) -> None:
        self._receiver = receiver
        self._reader = reader
        self._writer = writer
        self._stopping = stopping
        self._http = h11.Connection(h11.SERVER)

    async def serve(self) -> None:
        try:
            request, body = await self._request()
            await self._handle(request, body)
        except (h11.ProtocolError, OSError, asyncio.IncompleteReadError):
            self._writer.transport.abort()

    async def _request(self) -> tuple[h11.Request, bytes]:
        request: h11.Request | None = None
        body = b""
        while True:
            event = self._http.next_event()
            if event is h11.NEED_DATA:
                self._http.receive_data(await self._reader.read(65_536))
            elif isinstance(event, h11.Request):
                request = event
            elif isinstance(event, h11.Data):
                body += event.data
                if len(body) > BODY_LIMIT:
                    raise h11.RemoteProtocolError("body too large", error_status_hint=413)
            elif isinstance(event, h11.EndOfMessage):
                assert request is not None, "a message begins with a request"
                return request, body
            else:
                raise h11.RemoteProtocolError("the client left")

    async def _handle(self, request: h11.Request, body: bytes) -> None:
        if request.method == b"GET" and request.target == b"/received":
            await self._answer(200, self._receiver.received())
            return
        if request.method != b"POST":
            await self._answer(404, {"error": "not_found"})
            return
        receiver = self._receiver
        receiver.attempts += 1
        receiver.bodies.append(body)
        headers = {name.decode(): value.decode("latin-1") for name, value in request.headers}
        receiver.keys.append(headers.get("idempotency-key", ""))
        match receiver.misbehaves():
            case "none":
                status, told = receiver.take(headers, body)
                await self._answer(status, told)
            case "slow":
                await self._stopping.wait()
                self._writer.transport.abort()
            case "drop":
                self._writer.transport.abort()
            case "lose":
                receiver.take(headers, body)
                self._writer.transport.abort()
            case "redirect":
                await self._answer(307, {}, [("location", "/elsewhere")])
            case "429":
                await self._answer(429, {"error": "busy"}, [("retry-after", "7")])
            case status:
                await self._answer(int(status), {"error": "on_purpose"})

    async def _answer(
        self, status: int, told: dict[str, Any], more: list[tuple[str, str]] | None = None
    ) -> None:
        body = json.dumps(told).encode()
        headers = [
            ("content-type", "application/json"),
            ("content-length", str(len(body))),
            ("connection", "close"),
            *(more or []),
        ]
        for event in (
            h11.Response(status_code=status, headers=headers),
            h11.Data(data=body),
            h11.EndOfMessage(),
        ):
            self._writer.write(self._http.send(event) or b"")
        await self._writer.drain()
        self._writer.close()


@asynccontextmanager
async def serving(
    receiver: Receiver, *, host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None
) -> AsyncGenerator[str, None]:
    """Serve until left; yields the address. Port 0 takes a free one."""
    stopping = asyncio.Event()
    writers: set[asyncio.StreamWriter] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.add(writer)
        try:
            await _Connection(receiver, reader, writer, stopping).serve()
        finally:
            writers.discard(writer)

    server = await asyncio.start_server(connected, host, port, ssl=tls)
    taken = server.sockets[0].getsockname()[1]
    try:
        yield f"{'https' if tls else 'http'}://{host}:{taken}/"
    finally:
        stopping.set()
        server.close()
        for writer in list(writers):
            writer.transport.abort()
        await server.wait_closed()
