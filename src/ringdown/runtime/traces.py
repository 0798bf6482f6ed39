"""Traces for an agency's engineers: off unless an address is set, and never personal.

A span has a name of fixed words and attributes from the reviewed list below; anything else cannot
be put on it. Nothing of a request is taken but its method, the template of its route and the
status; of an error its code; no id, URL, query, header, exception text or incoming trace context.
The framework's own tracing is switched off (`FRAMEWORK`), since it would send URLs.
"""

import asyncio
import importlib
from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any, ClassVar, Final, Protocol, cast
from urllib.parse import urlsplit

from fastapi.telemetry import TelemetryConfig
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ringdown.core.errors import BadConfig, RingdownError
from ringdown.core.events import Fact, FactRecord, Signal
from ringdown.runtime.bus import Bus, Handler

if TYPE_CHECKING:
    from collections.abc import Callable

    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SpanExporter

FRAMEWORK: Final[TelemetryConfig] = {
    "auto_configure": False,
    "logs": False,
    "metrics": False,
    "operation_spans": False,
    "tracing": False,
}
"""For `FastAPI(telemetry=…)`: nothing by itself, whatever the environment says."""

REVIEWED: Final = frozenset(
    {
        "http.request.method",
        "http.route",
        "http.response.status_code",
        "error.type",
        "ringdown.subscription",
        "ringdown.fact",
        "ringdown.cad.outcome",
        "ringdown.cad.code",
    }
)
"""Every attribute that a span may have. None can hold what a caller said or who somebody is."""

METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
EXPORT_S: Final = 2
"""How long one attempt to send spans may take; also how long stopping waits for them."""


class TracesNotInstalled(BadConfig):
    """Traces are asked for, and the packages that send them are not there."""

    code: ClassVar[str] = "runtime.traces.not_installed"
    action: ClassVar[str] = (
        "Install them with `pip install 'ringdown[otel]'` (from source: `uv sync --extra otel`), "
        "or remove telemetry.otlp_endpoint."
    )


class TracesAddress(BadConfig):
    """The address for traces cannot be used."""

    code: ClassVar[str] = "runtime.traces.address"
    action: ClassVar[str] = (
        "Give telemetry.otlp_endpoint as http://host:4318 or https://host/v1/traces."
    )


class UnreviewedAttribute(RingdownError):
    """The code put something on a span that nobody has reviewed: a mistake of ours."""

    code: ClassVar[str] = "runtime.traces.unreviewed_attribute"
    action: ClassVar[str] = "Report this; switch traces off until it is repaired."


class Span(Protocol):
    """A stretch of work."""

    def put(self, name: str, value: str | int) -> None:
        """Add an attribute. Raises `UnreviewedAttribute`."""
        ...

    def failed(self, kind: str) -> None:
        """The work did not come to its end; `kind` is an error's code or the name of its type."""
        ...

    def rename(self, name: str) -> None:
        """Give it a better name, known only later; of fixed words as well."""
        ...


class Traces(Protocol):
    """What the parts see: `NoTraces` or `OtelTraces`."""

    @property
    def on(self) -> bool:
        """Whether spans go anywhere."""
        ...

    def span(
        self, name: str, attributes: Mapping[str, str | int] | None = None
    ) -> AbstractContextManager[Span]:
        """A span for as long as the block lasts; an exception marks it as failed and goes on."""
        ...


class _NoSpan:
    def put(self, name: str, value: str | int) -> None:  # noqa: ARG002 - as the real one
        """Forget it, but not before looking at it, so that tests without traces find mistakes."""
        _reviewed(name)

    def failed(self, kind: str) -> None:
        """Forget it."""

    def rename(self, name: str) -> None:
        """Forget it."""


class NoTraces:
    """Traces that go nowhere."""

    on = False

    @contextmanager
    def span(
        self, name: str, attributes: Mapping[str, str | int] | None = None
    ) -> Generator[Span, None, None]:
        """Nothing."""
        del name
        for key in attributes or {}:
            _reviewed(key)
        yield _NoSpan()


class _OtelSpan:
    def __init__(self, span: Any) -> None:
        self._span = span

    def put(self, name: str, value: str | int) -> None:
        """Add an attribute."""
        self._span.set_attribute(_reviewed(name), value)

    def failed(self, kind: str) -> None:
        """Mark it."""
        from opentelemetry.trace import StatusCode  # noqa: PLC0415 - only with traces

        self._span.set_attribute("error.type", kind)
        self._span.set_status(StatusCode.ERROR)

    def rename(self, name: str) -> None:
        """Name it anew."""
        self._span.update_name(name)


class OtelTraces:
    """Traces through the OpenTelemetry SDK, with a provider of our own and none that is global."""

    on = True

    def __init__(self, provider: "TracerProvider") -> None:
        self._tracer = provider.get_tracer("ringdown")

    @contextmanager
    def span(
        self, name: str, attributes: Mapping[str, str | int] | None = None
    ) -> Generator[Span, None, None]:
        """A span; exceptions leave their code on it and never their text."""
        with self._tracer.start_as_current_span(
            name,
            attributes={_reviewed(key): value for key, value in (attributes or {}).items()},
            record_exception=False,
            set_status_on_exception=False,
        ) as made:
            span = _OtelSpan(made)
            try:
                yield span
            except BaseException as error:
                span.failed(kind_of(error))
                raise


def kind_of(error: BaseException) -> str:
    """What a span may say of an error: its code, or the name of its type."""
    return error.code if isinstance(error, RingdownError) else type(error).__name__


def _reviewed(name: str) -> str:
    if name not in REVIEWED:
        raise UnreviewedAttribute("a span was given an attribute that is not reviewed")
    return name


@asynccontextmanager
async def open_traces(
    endpoint: str | None,
    version: str,
    *,
    exporter: "Callable[[str], SpanExporter] | None" = None,
) -> AsyncGenerator[Traces, None]:
    """Traces to this OTLP/HTTP address, none without one; leaving sends what is left.

    `exporter` makes another way out than OTLP. Raises `TracesNotInstalled`, `TracesAddress`.
    """
    if endpoint is None:
        yield NoTraces()
        return
    parts = urlsplit(endpoint)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise TracesAddress("telemetry.otlp_endpoint is not an address")
    try:
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415 - an extra
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415 - an extra
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415 - an extra

        out = (exporter or _otlp)(
            endpoint if parts.path.strip("/") else f"{endpoint.rstrip('/')}/v1/traces"
        )
    except ImportError:
        raise TracesNotInstalled("the packages that send traces are not installed") from None
    # Not Resource.create: that would add what the environment and the host say of themselves.
    resource = Resource({"service.name": "ringdown", "service.version": version})
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(out, export_timeout_millis=EXPORT_S * 1000))
    try:
        yield OtelTraces(provider)
    finally:
        await asyncio.to_thread(provider.shutdown)


def _otlp(endpoint: str) -> "SpanExporter":
    module = importlib.import_module("opentelemetry.exporter.otlp.proto.http.trace_exporter")
    return cast("SpanExporter", module.OTLPSpanExporter(endpoint=endpoint, timeout=EXPORT_S))


class TracedBus:
    """A bus whose handlers of facts each run in a span."""

    def __init__(self, bus: Bus, traces: Traces) -> None:
        self._bus = bus
        self._traces = traces

    def subscribe(self, kind: type[Fact], handler: Handler, /, *, name: str) -> None:
        """Have `handler` called within a span."""
        attributes = {"ringdown.subscription": name, "ringdown.fact": kind.kind}

        async def traced(record: FactRecord) -> None:
            with self._traces.span(f"handle {kind.kind}", attributes):
                await handler(record)

        self._bus.subscribe(kind, traced if self._traces.on else handler, name=name)

    def signal(self, signal: Signal) -> None:
        """Signals are too many and too short-lived to be traced."""
        self._bus.signal(signal)

    def on_signal(self, kind: "type[Any]", handler: "Callable[[Any], None]", /) -> None:
        """As the bus does."""
        self._bus.on_signal(kind, handler)


class TracedHttp:
    """Each HTTP request in a span named by its route's template: `GET /v1/calls/{call_id}`."""

    def __init__(self, app: ASGIApp, traces: Traces) -> None:
        self._app = app
        self._traces = traces

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; WebSockets, which last for hours, have no span."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        method = scope["method"] if scope["method"] in METHODS else "_OTHER"
        with self._traces.span(method, {"http.request.method": method}) as span:

            async def noted(message: Message) -> None:
                if message["type"] == "http.response.start":
                    status = message["status"]
                    span.put("http.response.status_code", status)
                    if status >= 500:
                        span.failed(str(status))
                await send(message)

            try:
                await self._app(scope, receive, noted)
            finally:
                route = getattr(scope.get("route"), "path", None)
                if isinstance(route, str):
                    span.rename(f"{method} {route}")
                    span.put("http.route", route)
