"""A gateway of the agency's own: JSON over HTTPS, signed both ways as Standard Webhooks.

Out: `{"id", "to", "text"}`, with the message's id as `webhook-id`, so that a gateway takes each
text once however often it is tried; an answer may hold `{"id"}` of its own. In: `message.received`
with `{"id", "from", "to", "text", "media": [{"url", "content_type"}]}`, and `message.status`
with `{"message_id" or "id", "status", "reason"}`; both under `data` beside `type`.
"""

import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Annotated, ClassVar, Final, Literal

import httpx
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ringdown.core.errors import BadConfig, Malformed
from ringdown.runtime.outside import check_address
from ringdown.runtime.settings import read_secret
from ringdown.runtime.storable import storable
from ringdown.texting.adapters import asking
from ringdown.texting.ports import (
    Accepted,
    Arrived,
    Later,
    Never,
    Outcome,
    OutgoingText,
    Picture,
    Reported,
)
from ringdown.texting.settings import SignedHttpConfig
from ringdown.wire import standard_webhooks
from ringdown.wire.standard_webhooks import Secret

HOOK: Final = "/hooks/texting/http"
SECTION: Final = "texting.http"
Short = Annotated[str, Field(min_length=1, max_length=128)]


class SignedHttpMisconfigured(BadConfig):
    """The address or the secret of the gateway cannot be used."""

    code: ClassVar[str] = "texting.http.misconfigured"
    action: ClassVar[str] = "Correct the setting named under [texting.http]."


class SignedHttpInvalid(Malformed):
    """What the gateway posted is not what this interface describes."""

    code: ClassVar[str] = "texting.http.invalid"
    action: ClassVar[str] = "Post a message.received or a message.status, as the page describes."


class _Told(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Media(_Told):
    url: Annotated[str, Field(max_length=2_000)]
    content_type: Annotated[str, Field(max_length=100)] = "application/octet-stream"


class _Received(_Told):
    id: Short
    sender: Annotated[str, Field(min_length=1, max_length=64, alias="from")]
    to: Annotated[str, Field(max_length=64)] = ""
    text: Annotated[str, Field(max_length=16_000)] = ""
    media: Annotated[list[_Media], Field(max_length=10)] = []


class _Status(_Told):
    message_id: Short | None = None
    id: Short | None = None
    status: Literal["sent", "delivered", "undelivered", "failed"]
    reason: Annotated[str, Field(max_length=300)] | None = None


class _Answer(_Told):
    id: Short | None = None


class _MessageReceived(_Told):
    type: Literal["message.received"]
    data: _Received


class _MessageStatus(_Told):
    type: Literal["message.status"]
    data: _Status


class _Event(_Told):
    event: Annotated[_MessageReceived | _MessageStatus, Field(discriminator="type")]


class SignedHttpCarrier:
    """The `Carrier` over signed JSON."""

    name = "http"

    def __init__(
        self, client: httpx.AsyncClient, config: SignedHttpConfig, secrets: list[Secret]
    ) -> None:
        self._client = client
        self._config = config
        self._secrets = secrets
        self._own = httpx.URL(config.url)

    async def send(self, text: OutgoingText, *, now: datetime) -> Outcome:
        """Try once."""
        told = {
            "id": text.message_id,
            "to": text.to.reveal("texting"),
            "text": text.text.reveal("texting"),
        }
        body = json.dumps(told).encode()
        signed = standard_webhooks.sign(self._secrets, text.message_id, int(now.timestamp()), body)
        answer = await asking.post(
            self._client, self._config.url, body, {"content-type": "application/json", **signed},
            timeout_s=self._config.timeout_s, now=now,
        )  # fmt: skip
        if isinstance(answer, Later):
            return answer
        if answer.status >= 400:
            return Never("texting.refused", f"The gateway refused the text ({answer.status}).")
        try:
            return Accepted(_Answer.model_validate_json(answer.body).id)
        except ValidationError:
            return Accepted(None)

    def read(
        self, query: str, headers: Mapping[str, str], body: bytes, *, report: bool, now: datetime
    ) -> Arrived | Reported | None:
        """What a webhook tells. Raises `WebhookRefused`, `SignedHttpInvalid`."""
        del query, report  # one address for both, and the body says which
        standard_webhooks.verify(self._secrets, headers, body, now=now.timestamp())
        try:
            told: object = json.loads(body)
            event = _Event.model_validate({"event": told}).event
        except (ValidationError, ValueError, RecursionError):
            raise SignedHttpInvalid("this is no message of the interface") from None
        if not storable(told):
            raise SignedHttpInvalid("the message holds what cannot be kept")
        if isinstance(event, _MessageStatus):
            one = event.data
            failed = one.status in {"undelivered", "failed"}
            reason = (one.reason or "The gateway could not deliver it.") if failed else None
            return Reported(one.message_id, one.id, one.status, reason)
        data = event.data
        pictures = tuple(Picture(one.url, one.content_type) for one in data.media)
        return Arrived(data.id, data.sender, data.text, pictures, receiver=data.to)

    def fetch(self, url: str) -> AsyncIterator[bytes]:
        """What came by MMS, from the gateway's own host. Raises `MediaGone`, `Unavailable`."""
        return asking.fetch(self._client, url, own=self._own)


@asynccontextmanager
async def open_signed_http(config: SignedHttpConfig) -> AsyncGenerator[SignedHttpCarrier, None]:
    """The carrier, ready to send. Raises `SignedHttpMisconfigured`."""
    check_address(
        config.url, None, allow_plain_http=config.allow_plain_http, section=SECTION,
        error=SignedHttpMisconfigured,
    )  # fmt: skip
    if config.secret_file is None:
        raise SignedHttpMisconfigured(f"{SECTION} needs a secret_file")
    secrets = [Secret.parse(text) for text in read_secret(config.secret_file).split()]
    if not secrets:
        raise SignedHttpMisconfigured(f"{SECTION}.secret_file holds no secret")
    async with asking.client(config.timeout_s) as client:
        yield SignedHttpCarrier(client, config, secrets)
