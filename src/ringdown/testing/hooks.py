"""A partner's webhook receiver over TLS on loopback, with a certificate made for the occasion."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ringdown.runtime.clock import SystemClock

Reply = tuple[int, dict[str, str], bytes]
Behave = Callable[["Hit"], Awaitable[Reply]]


@dataclass(frozen=True)
class Hit:
    """A request as it arrived."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Hooks:
    """A receiver. `behave` may be replaced at any time; by default everything is taken."""

    url: str = ""
    ca_file: Path = Path()
    hits: list[Hit] = field(default_factory=list[Hit])
    connections: int = 0
    behave: Behave | None = None

    async def until(self, condition: Callable[[list[Hit]], object], seconds: float = 60) -> None:
        """Wait for what arrives. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while not condition(self.hits):  # noqa: ASYNC110 - requests come when they come
                await asyncio.sleep(0.02)


def make_certificate(folder: Path, *names: str) -> tuple[Path, Path]:
    """A self-signed certificate for these names and its key, as PEM files."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Receiver of a test")])
    now = SystemClock().now()
    known: list[x509.GeneralName] = []
    for each in names:
        try:
            known.append(x509.IPAddress(ip_address(each)))
        except ValueError:
            known.append(x509.DNSName(each))
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(known), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "receiver.pem", folder / "receiver.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate, private


async def _serve(hooks: Hooks, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    hooks.connections += 1
    with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError, ssl.SSLError):
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = {
                name.lower(): value.strip()
                for name, _, value in (line.partition(":") for line in head[1:] if line)
            }
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            hit = Hit(head[0].split(" ")[1], headers, body)
            hooks.hits.append(hit)
            behave = hooks.behave
            status, more, answer = (200, {}, b"{}") if behave is None else await behave(hit)
            lines = [f"HTTP/1.1 {status} Told"]
            lines += [f"{k}: {v}" for k, v in {"content-length": str(len(answer)), **more}.items()]
            writer.write("\r\n".join([*lines, "", ""]).encode() + answer)
            await writer.drain()
    writer.transport.abort()


@asynccontextmanager
async def receiving(
    folder: Path, *, names: tuple[str, ...] = ("localhost", "127.0.0.1"), host: str = "localhost"
) -> AsyncGenerator[Hooks, None]:
    """A receiver for as long as the block lasts; its `ca_file` says whom to believe."""
    certificate, key = make_certificate(folder, *names)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    hooks = Hooks(ca_file=certificate)
    writers: set[asyncio.StreamWriter] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.add(writer)
        try:
            await _serve(hooks, reader, writer)
        finally:
            writers.discard(writer)

    server = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=context)
    hooks.url = f"https://{host}:{server.sockets[0].getsockname()[1]}/in"
    try:
        yield hooks
    finally:
        server.close()
        for writer in list(writers):
            writer.transport.abort()
        await server.wait_closed()
