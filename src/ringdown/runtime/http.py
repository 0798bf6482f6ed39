"""The edge: routes that declare their permission, and errors as `application/problem+json`.

A route cannot be declared without a permission, so an application with an open door by oversight
does not start. HTTP status and WebSocket close codes are tables here (RFC 9457, RFC 6455 §7.4).
"""

import re
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Final, cast

import structlog
from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket

from ringdown.core import errors
from ringdown.core.principal import Principal
from ringdown.runtime.storable import StorableRoute
from ringdown.runtime.tasks import describe

PUBLIC = "public"
"""The permission of a route that anybody may use."""

LATER_S: Final = 5
"""When to come back to a part that is down and does not say itself when."""

Authenticate = Callable[[HTTPConnection], Awaitable[Principal | None]]
OnRefused = Callable[[Principal, str], Awaitable[None]]


class BodyTooLarge(errors.Invalid):
    """A request body is larger than this interface ever needs."""

    code: ClassVar[str] = "request.body_too_large"
    action: ClassVar[str] = "Send at most 1 MB; audio goes to the media socket."


STATUS: tuple[tuple[type[errors.RingdownError], int], ...] = (
    (errors.Unauthenticated, 401),
    (errors.Refused, 403),
    (errors.NotFound, 404),
    (errors.Conflict, 409),
    (errors.Gone, 410),
    (errors.Malformed, 400),
    (BodyTooLarge, 413),
    (errors.Invalid, 422),
    (errors.Limited, 429),
    (errors.Unavailable, 503),
)

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; "
        "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def security_headers(connect_to: tuple[str, ...] = ()) -> dict[str, str]:
    """The headers of every answer; `connect_to` are origins that pages may connect to besides."""
    policy = "Content-Security-Policy"
    mine = SECURITY_HEADERS[policy].replace(
        "connect-src 'self'", " ".join(("connect-src 'self'", *connect_to))
    )
    return {**SECURITY_HEADERS, policy: mine}


class InsufficientScope(errors.Refused):
    """The credential is right and its scope does not cover this (RFC 6750 §3.1)."""

    code: ClassVar[str] = "insufficient_scope"
    action: ClassVar[str] = "Ask an administrator of the centre for a credential with the scope."


def status_of(error: errors.RingdownError) -> int:
    """The HTTP status of an error, by its base class."""
    return next((status for kind, status in STATUS if isinstance(error, kind)), 500)


def problem(error: errors.RingdownError, status: int | None = None) -> JSONResponse:
    """An error as RFC 9457 problem details, with our code and what to do next.

    `status` where a protocol asks for another one than the error's own.
    """
    status = status or status_of(error)
    body = {
        "type": f"urn:ringdown:error:{error.code}",
        "title": error.message,
        "status": status,
        "detail": error.message,
        "code": error.code,
        "action": error.action,
        "details": {**error.details, **error.private},
    }
    later = LATER_S if isinstance(error, errors.Unavailable) else None
    wait = error.details.get("retry_after_s", later)
    headers = {"retry-after": str(wait)} if isinstance(wait, int) else {}
    if isinstance(error, errors.Unauthenticated):
        headers["www-authenticate"] = error.challenge
    return JSONResponse(body, status, headers, media_type="application/problem+json")


async def _principal(connection: HTTPConnection) -> Principal:
    return cast("Principal", connection.state.principal)


Caller = Annotated[Principal, Depends(_principal)]
"""Who is calling this route; only for routes that are not public."""


def _guard(
    permission: str, *, deferred: bool, scoped: bool = False
) -> Callable[[HTTPConnection], Awaitable[None]]:
    async def guard(connection: HTTPConnection) -> None:
        if permission == PUBLIC:
            return
        authenticate = cast("Authenticate", connection.app.state.authenticate)
        principal = await authenticate(connection)
        if principal is None:
            if deferred:
                connection.state.principal = None
                return
            raise errors.Unauthenticated("sign in first")
        if not principal.may(permission):
            on_refused = cast("OnRefused | None", connection.app.state.on_refused)
            if on_refused is not None:
                await on_refused(principal, permission)
            if scoped:
                raise InsufficientScope(
                    "the credential lacks the scope", details={"permission": permission}
                )
            raise errors.Refused(
                "your role does not allow this", details={"permission": permission}
            )
        connection.state.principal = principal

    return guard


class Routes:
    """A feature's routes. Each names the permission it needs, or `PUBLIC`.

    With `scoped` the permission is an OAuth scope, and who lacks it is told so.
    """

    def __init__(self, tag: str, *, scoped: bool = False) -> None:
        self._scoped = scoped
        self.router = APIRouter(tags=[tag], route_class=StorableRoute)
        self.permissions: dict[tuple[str, str], str] = {}
        self.limits: dict[str, int] = {}
        """The paths whose bodies may be larger than others, in bytes."""

    def _add(
        self,
        method: str,
        path: str,
        permission: str,
        *,
        max_body: int | None = None,
        openapi_extra: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> Callable[..., Any]:
        if not permission:
            raise ValueError(f"{method} {path} declares no permission")
        self.permissions[method, path] = permission
        if max_body is not None:
            self.limits[path] = max_body
        return self.router.api_route(
            path,
            methods=[method],
            dependencies=[Depends(_guard(permission, deferred=False, scoped=self._scoped))],
            openapi_extra={"x-permission": permission, **(openapi_extra or {})},
            **options,
        )

    def get(self, path: str, *, permission: str, **options: Any) -> Callable[..., Any]:
        """Declare a GET route."""
        return self._add("GET", path, permission, **options)

    def head(self, path: str, *, permission: str, **options: Any) -> Callable[..., Any]:
        """Declare a HEAD route with an answer of its own."""
        return self._add("HEAD", path, permission, **options)

    def options(self, path: str, *, permission: str, **options: Any) -> Callable[..., Any]:
        """Declare an OPTIONS route."""
        return self._add("OPTIONS", path, permission, **options)

    def post(self, path: str, *, permission: str, **options: Any) -> Callable[..., Any]:
        """Declare a POST route."""
        return self._add("POST", path, permission, **options)

    def put(self, path: str, *, permission: str, **options: Any) -> Callable[..., Any]:
        """Declare a PUT route."""
        return self._add("PUT", path, permission, **options)

    def patch(self, path: str, *, permission: str, **options: Any) -> Callable[..., Any]:
        """Declare a PATCH route."""
        return self._add("PATCH", path, permission, **options)

    def delete(self, path: str, *, permission: str, **options: Any) -> Callable[..., Any]:
        """Declare a DELETE route."""
        return self._add("DELETE", path, permission, **options)

    def websocket(
        self, path: str, *, permission: str, deferred: bool = False, by_handler: bool = False
    ) -> Callable[..., Any]:
        """Declare a WebSocket route.

        With `deferred`, a connection without a credential reaches the handler, which must find
        one in the first message and check `permission` itself; `websocket.state.principal` is
        then None. With `by_handler` no credential is looked for: the handler does all of it, for
        a protocol that refuses in words of its own.
        """
        if not permission:
            raise ValueError(f"WebSocket {path} declares no permission")
        self.permissions["WS", path] = permission
        if by_handler:
            return self.router.websocket(path)
        return self.router.websocket(
            path, dependencies=[Depends(_guard(permission, deferred=deferred))]
        )


async def _on_error(connection: HTTPConnection, error: Exception) -> Response:
    assert isinstance(error, errors.RingdownError)
    log = structlog.get_logger("http")
    log.log(
        {"info": 20, "warning": 30, "error": 40, "critical": 50}[error.severity],
        "request refused",
        **describe(error),
    )
    return problem(error)


async def _on_socket_error(connection: "WebSocket[Any]", error: Exception) -> None:
    assert isinstance(error, errors.RingdownError)
    # Accepted first, so that the client learns the reason instead of a bare 1006.
    await connection.accept()
    await connection.close(4000 + status_of(error), error.code)


async def _on_ringdown_error(connection: Any, error: Exception) -> Any:
    if isinstance(connection, WebSocket):
        return await _on_socket_error(cast("WebSocket[Any]", connection), error)
    return await _on_error(connection, error)


async def _on_validation_error(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    where = [
        {"at": ".".join(str(part) for part in item["loc"]), "problem": item["msg"]}
        for item in error.errors()
    ]
    # The input itself is left out: it may be a caller's words.
    return problem(errors.Invalid("a value in the request is wrong", details={"problems": where}))


async def _on_http_error(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        return problem(errors.NotFound("there is nothing at this address"))
    shaped = errors.Invalid(str(error.detail))
    response = problem(shaped)
    response.status_code = error.status_code
    return response


async def _on_bug(_request: Request, error: Exception) -> Response:
    structlog.get_logger("http").error("request failed", **describe(error))
    return problem(errors.RingdownError("something went wrong here; the call goes on"))


class Shield:
    """Adds the security headers to every answer and refuses bodies above the limit."""

    def __init__(
        self,
        app: ASGIApp,
        limit: int = 1_000_000,
        limits: Mapping[str, int] | None = None,
        connect_to: tuple[str, ...] = (),
    ) -> None:
        self._app = app
        self._headers = security_headers(connect_to)
        self._limit = limit
        self._limits = [
            (re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path))), most)
            for path, most in (limits or {}).items()
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        limit = next((most for at, most in self._limits if at.fullmatch(path)), self._limit)
        length = dict(scope["headers"]).get(b"content-length", b"0")
        if not length.isdigit() or int(length) > limit:
            response = problem(BodyTooLarge("the request body is too large"))
            await response(scope, receive, send)
            return
        received = 0

        async def count() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                raise BodyTooLarge("the request body is too large")
            return message

        async def shielded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message["headers"]
                present = {name.lower() for name, _ in headers}
                for name, value in self._headers.items():
                    if name.lower().encode() not in present:
                        headers.append((name.lower().encode(), value.encode()))
                if b"cache-control" not in present:
                    headers.append((b"cache-control", b"no-store"))
            await send(message)

        await self._app(scope, count, shielded)


def _doors(routes: Sequence[Any]) -> Iterator[tuple[str, str]]:
    """Every method and path, however deep it was mounted; `WS` for a WebSocket."""
    for route in routes:
        methods: set[str] = getattr(route, "methods", None) or set()
        inside = getattr(getattr(route, "original_router", route), "routes", None)
        if methods:
            answered = methods - {"HEAD"} if "GET" in methods else methods
            yield from ((method, route.path) for method in answered)
        elif inside:
            yield from _doors(inside)
        else:
            yield "WS", route.path


def _check_guarded(app: FastAPI, permissions: dict[tuple[str, str], str]) -> None:
    """Raise if the application has a route that was not declared with a permission."""
    for method, path in _doors(app.router.routes):
        if (method, path) not in permissions:
            raise ValueError(f"{method} {path} declares no permission")


def install(
    app: FastAPI,
    authenticate: Authenticate,
    features: list[Routes],
    *,
    on_refused: OnRefused | None = None,
    connect_to: tuple[str, ...] = (),
) -> None:
    """Mount the features' routes and the error handlers on the application.

    `connect_to` are origins that the console's pages may connect to beside this server.
    `on_refused` is told when somebody signed in asks for what their role does not allow. Raises
    ValueError if the application has a route that declares no permission.
    """
    app.state.authenticate = authenticate
    app.state.on_refused = on_refused
    permissions: dict[tuple[str, str], str] = {}
    limits: dict[str, int] = {}
    for routes in features:
        app.include_router(routes.router)
        permissions |= routes.permissions
        limits |= routes.limits
    _check_guarded(app, permissions)
    app.state.permissions = permissions
    app.add_exception_handler(errors.RingdownError, _on_ringdown_error)
    app.add_exception_handler(RequestValidationError, _on_validation_error)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(Exception, _on_bug)
    app.add_middleware(Shield, limits=limits, connect_to=connect_to)
