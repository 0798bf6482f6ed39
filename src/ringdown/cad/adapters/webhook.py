"""A CAD by HTTPS POST: our payload or an EIDO, signed (Standard Webhooks), with an idempotency key.

What the other side answers becomes an outcome: 2xx acknowledged; 408, 425, 429 and 5xx, no
connection, no answer in time: again later; any other 4xx refused; a redirect is never followed;
a certificate that is not trusted means that nothing was sent.
"""

import asyncio
import json
import socket
import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime
from ipaddress import ip_address
from typing import Any, ClassVar, Final, cast

import httpx

from ringdown.cad.model import Acknowledged, CadMessage, CertificateWrong, Outcome, Refused, Retry
from ringdown.cad.ports import CadAdapter, CadCapabilities
from ringdown.cad.settings import WebhookConfig
from ringdown.core.errors import BadConfig
from ringdown.core.plugins import Plugin
from ringdown.runtime.outside import trust
from ringdown.wire import standard_webhooks
from ringdown.wire.eido.names import MEDIA_TYPE as EIDO
from ringdown.wire.retry_after import retry_after_s
from ringdown.wire.standard_webhooks import Secret

ANSWER_LIMIT: Final = 65_536
AGAIN_LATER: Final = frozenset({408, 425, 429})


class WebhookMisconfigured(BadConfig):
    """The address, the secret or the certificate file of the CAD cannot be used."""

    code: ClassVar[str] = "cad.webhook.misconfigured"
    action: ClassVar[str] = "Correct the setting named under [cad.webhook]."


class WebhookCad:
    """The `CadAdapter` over HTTPS."""

    def __init__(
        self, client: httpx.AsyncClient, config: WebhookConfig, secrets: list[Secret]
    ) -> None:
        self.capabilities = CadCapabilities()
        self._client = client
        self._url = config.url
        self._content = config.content
        self._timeout_s = config.timeout_s
        self._secrets = secrets

    async def send(self, message: CadMessage, *, now: datetime) -> Outcome:
        """Try once, within `timeout_s` seconds however slowly the other side drips."""
        eido = self._content == "eido"
        body = message.eido if eido else message.body
        headers = {
            "content-type": EIDO if eido else "application/json",
            "idempotency-key": message.delivery_id,
            "user-agent": "Ringdown",
            **standard_webhooks.sign(
                self._secrets, message.delivery_id, int(now.timestamp()), body
            ),
        }
        try:
            async with (
                asyncio.timeout(self._timeout_s),
                self._client.stream("POST", self._url, content=body, headers=headers) as answer,
            ):
                return await _outcome(answer, now)
        except (TimeoutError, httpx.TimeoutException):
            return Retry("cad.timeout", "The CAD did not answer in time.")
        except httpx.ConnectError as error:
            return _not_connected(error)
        except httpx.TransportError:
            return Retry("cad.connection_lost", "The connection to the CAD broke off.")


async def _outcome(answer: httpx.Response, now: datetime) -> Outcome:
    status = answer.status_code
    if answer.is_success:
        return Acknowledged(_cad_incident_id(await _read(answer)))
    if answer.is_redirect or 300 <= status < 400:
        text = "The CAD's address leads elsewhere; that is never followed."
        return Retry("cad.redirected", text, slow=True)
    if status in AGAIN_LATER:
        after_s = retry_after_s(answer.headers.get("retry-after"), now)
        return Retry("cad.busy", f"The CAD is too busy ({status}).", after_s)
    if status < 500:
        return Refused("cad.refused", f"The CAD refused the incident ({status}).")
    after_s = retry_after_s(answer.headers.get("retry-after"), now)
    return Retry("cad.status", f"The CAD answered with an error ({status}).", after_s)


async def _read(answer: httpx.Response) -> bytes:
    """The answer's body, as far as anybody reads it."""
    read = b""
    async for piece in answer.aiter_bytes():
        read += piece
        if len(read) > ANSWER_LIMIT:
            return b""
    return read


def _cad_incident_id(body: bytes) -> str | None:
    """The CAD's own number in an answer; what else it says does not matter."""
    try:
        told: object = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict):
        return None
    found = cast("dict[str, Any]", told).get("cad_incident_id")
    usable = isinstance(found, str) and 0 < len(found) <= 200 and found.isprintable()
    return found if usable else None


def _not_connected(error: httpx.ConnectError) -> Outcome:
    """Why there was no connection, found in the chain of causes."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return CertificateWrong("The certificate of the CAD is not trusted.")
        if isinstance(cause, ssl.SSLError):
            return Retry("cad.tls", "No secure connection to the CAD could be made.", slow=True)
        if isinstance(cause, socket.gaierror):
            return Retry("cad.dns", "The name of the CAD cannot be found.")
        cause = cause.__cause__ or cause.__context__
    return Retry("cad.unreachable", "The CAD cannot be reached.")


def check_url(url: str) -> None:
    """Whether an incident may be sent to this address. Raises `WebhookMisconfigured`."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        raise WebhookMisconfigured("cad.webhook.url is not an address") from None
    if not parsed.host or parsed.userinfo or parsed.fragment:
        raise WebhookMisconfigured("cad.webhook.url needs a host, and no password or fragment")
    if parsed.scheme == "https" or (parsed.scheme == "http" and _is_loopback(parsed.host)):
        return
    raise WebhookMisconfigured("cad.webhook.url must begin with https:// outside this machine")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def read_secrets(config: WebhookConfig) -> list[Secret]:
    """The secrets that sign, the newest first. Raises BadConfig."""
    texts = [s.get_secret_value() for s in (config.secret, config.previous_secret) if s]
    if config.secret_file is not None:
        try:
            texts += config.secret_file.read_text(encoding="ascii").split()
        except (OSError, UnicodeDecodeError):
            raise WebhookMisconfigured("cad.webhook.secret_file cannot be read") from None
    if not texts:
        raise WebhookMisconfigured("cad.webhook needs a secret or a secret_file")
    return [Secret.parse(text) for text in texts]


@asynccontextmanager
async def open_webhook(config: WebhookConfig) -> AsyncGenerator[CadAdapter, None]:
    """The adapter, ready to send. Raises BadConfig."""
    check_url(config.url)
    secrets = read_secrets(config)
    async with httpx.AsyncClient(
        verify=trust(config.ca_file, section="cad.webhook", error=WebhookMisconfigured),
        follow_redirects=False,
        # Proxy variables of the environment would lead an incident somewhere nobody chose.
        trust_env=False,
        timeout=httpx.Timeout(config.timeout_s, connect=config.connect_timeout_s),
    ) as client:
        yield WebhookCad(client, config, secrets)


plugin: Plugin[WebhookConfig, CadAdapter] = Plugin("webhook", WebhookConfig, open_webhook)
