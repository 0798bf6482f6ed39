"""HTTPS requests to machines of others, which never reach a machine that was not meant.

A name is resolved once, by us; every address it leads to is judged, and the connection is made to
one of those very addresses, so a name that changes its mind leads nowhere. TLS is verified against
the name. Redirects are not followed, proxies are not asked, and little of the answer is read.
"""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterable, Awaitable, Callable, Iterable, Mapping
from pathlib import Path
from typing import ClassVar, Final, cast

import httpcore
import httpx

from ringdown.core.clock import Clock
from ringdown.core.errors import BadConfig
from ringdown.partners.addresses import AddressRefused, check_addresses
from ringdown.partners.ports import Answer, PostFailed
from ringdown.wire.retry_after import retry_after_s

ANSWER_LIMIT: Final = 65_536
CONNECT_S: Final = 5.0
KEPT_S: Final = 20.0
"""How long an idle connection is kept; receivers commonly close theirs after a minute or so."""

Resolve = Callable[[str, int], Awaitable[list[str]]]


class TrustUnusable(BadConfig):
    """The file of authorities for receivers' certificates cannot be used."""

    code: ClassVar[str] = "partners.trust.unusable"
    action: ClassVar[str] = "Correct `ca_file` under [partners]: a PEM file with certificates."


async def resolve(host: str, port: int) -> list[str]:
    """Every address of a name, as the system knows it. Raises OSError."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def trust(ca_file: Path | None) -> ssl.SSLContext:
    """Whose certificates are believed: the system's authorities, and one of one's own."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_file is not None:
        try:
            context.load_verify_locations(ca_file)
        except OSError:  # ssl.SSLError is one
            raise TrustUnusable(
                "the authorities for receivers' certificates cannot be read",
                details={"file": str(ca_file)},
            ) from None
    return context


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Connects only to addresses that were judged."""

    def __init__(
        self,
        resolver: Resolve,
        *,
        allow_private: bool,
        inner: httpcore.AsyncNetworkBackend | None = None,
    ) -> None:
        self._resolve = resolver
        self._allow_private = allow_private
        self._inner = inner or cast("httpcore.AsyncNetworkBackend", httpcore.AnyIOBackend())

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - as the library calls it
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Resolve, judge, connect. Raises `AddressRefused`, OSError, `httpcore.ConnectError`."""
        found = check_addresses(await self._resolve(host, port), allow_private=self._allow_private)
        failed: Exception = httpcore.ConnectError("the name leads nowhere")
        for address in found:
            try:
                return await self._inner.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise failed

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Never."""
        del path, timeout, socket_options
        raise AddressRefused("webhooks go over the network")

    async def sleep(self, seconds: float) -> None:
        """As the library asks."""
        await self._inner.sleep(seconds)


class GuardedPost:
    """The `Post` over HTTPS, with connections of its own."""

    def __init__(
        self, backend: GuardedBackend, context: ssl.SSLContext, clock: Clock, *, connections: int
    ) -> None:
        self._clock = clock
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=context,
            max_connections=connections + 1,
            max_keepalive_connections=connections + 1,
            keepalive_expiry=KEPT_S,
            network_backend=backend,
        )

    async def post(
        self, url: str, body: bytes, headers: Mapping[str, str], *, timeout_s: float
    ) -> Answer:
        """One request within `timeout_s`, however slowly the other side drips."""
        target = httpx.URL(url)
        if target.scheme != "https":
            raise PostFailed("partners.receiver.not_https", "Webhooks go over HTTPS only.")
        request = httpcore.Request(
            "POST",
            httpcore.URL(
                scheme=target.raw_scheme,
                host=target.raw_host,
                port=target.port,
                target=target.raw_path,
            ),
            headers=[
                (b"host", target.netloc),
                (b"content-length", str(len(body)).encode()),
                *(
                    (name.encode("ascii"), value.encode("latin-1"))
                    for name, value in headers.items()
                ),
            ],
            content=body,
            extensions={"timeout": {"connect": CONNECT_S, "pool": timeout_s}},
        )
        try:
            async with asyncio.timeout(timeout_s):
                answer = await self._pool.handle_async_request(request)
                try:
                    read = await _read(answer)
                finally:
                    await answer.aclose()
        except (TimeoutError, httpcore.TimeoutException):
            raise PostFailed(
                "partners.receiver.timeout", "The receiver did not answer in time."
            ) from None
        except (AddressRefused, OSError, httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise _failed(error) from None
        found = {name.lower(): value for name, value in answer.headers}
        wait = retry_after_s(found.get(b"retry-after", b"").decode("latin-1"), self._clock.now())
        return Answer(answer.status, wait, read)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._pool.aclose()


async def _read(answer: httpcore.Response) -> bytes:
    """The answer, as far as anybody reads it."""
    read = b""
    async for piece in cast("AsyncIterable[bytes]", answer.stream):
        read += piece
        if len(read) > ANSWER_LIMIT:
            return b""
    return read


def _failed(error: BaseException) -> PostFailed:
    """Why there was no answer, found in the chain of causes."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, AddressRefused):
            return PostFailed(AddressRefused.code, "The name leads to an address not allowed.")
        if isinstance(cause, ssl.SSLCertVerificationError):
            return PostFailed(
                "partners.receiver.certificate", "The receiver's certificate is not trusted."
            )
        if isinstance(cause, ssl.SSLError):
            return PostFailed("partners.receiver.tls", "No secure connection could be made.")
        if isinstance(cause, socket.gaierror):
            return PostFailed("partners.receiver.dns", "The receiver's name cannot be found.")
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, (httpcore.ReadError, httpcore.WriteError, httpcore.ProtocolError)):
        return PostFailed("partners.receiver.connection_lost", "The connection broke off.")
    return PostFailed("partners.receiver.unreachable", "The receiver cannot be reached.")


class OpenGuarded:
    """Makes a `GuardedPost` for an endpoint."""

    def __init__(
        self, clock: Clock, context: ssl.SSLContext, *, resolver: Resolve = resolve
    ) -> None:
        self._clock = clock
        self._context = context
        self._resolve = resolver

    def __call__(self, *, allow_private: bool, connections: int) -> GuardedPost:
        """One for an endpoint, which may be on a network of one's own or not."""
        backend = GuardedBackend(self._resolve, allow_private=allow_private)
        return GuardedPost(backend, self._context, self._clock, connections=connections)
