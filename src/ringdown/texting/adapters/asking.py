"""Asking a carrier over HTTP, and what its silence or its status means for a text."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import httpx

from ringdown.texting.ports import CarrierUnavailable, Later, MediaGone
from ringdown.wire.retry_after import retry_after_s

ANSWER_LIMIT: Final = 65_536
AGAIN_LATER: Final = frozenset({408, 425, 429})


def client(timeout_s: float) -> httpx.AsyncClient:
    """A client that goes where it is told and nowhere else."""
    return httpx.AsyncClient(
        follow_redirects=False, trust_env=False, timeout=httpx.Timeout(timeout_s)
    )


@dataclass(frozen=True)
class Answer:
    """What a carrier answered."""

    status: int
    body: bytes
    after_s: float | None


async def post(
    client: httpx.AsyncClient,
    url: str,
    body: bytes,
    headers: dict[str, str],
    *,
    timeout_s: float,
    now: datetime,
) -> Answer | Later:
    """Post once, within `timeout_s` seconds however slowly the other side drips.

    `Later` is for trouble that may go away; an answer says something of the text.
    """
    try:
        async with (
            asyncio.timeout(timeout_s),
            client.stream("POST", url, content=body, headers=headers) as answer,
        ):
            read = b""
            async for piece in answer.aiter_bytes():
                read += piece
                if len(read) > ANSWER_LIMIT:
                    break
            after = retry_after_s(answer.headers.get("retry-after"), now)
            answered = Answer(answer.status_code, read, after)
            return _trouble(answered) or answered
    except (TimeoutError, httpx.TimeoutException):
        return Later("texting.timeout", "The carrier did not answer in time.")
    except httpx.ConnectError:
        return Later("texting.not_connected", "The carrier cannot be reached.")
    except httpx.HTTPError:
        return Later("texting.connection_lost", "The connection to the carrier broke off.")


def _trouble(answer: Answer) -> Later | None:
    if answer.status in AGAIN_LATER:
        return Later("texting.busy", "The carrier is too busy.", answer.after_s)
    if answer.status in {401, 403}:
        # A person must correct a setting; until then nothing is given up that could still leave.
        return Later("texting.not_allowed", "The carrier does not accept our account.")
    if 300 <= answer.status < 400:
        return Later("texting.redirected", "The carrier's address leads elsewhere.")
    if answer.status >= 500:
        return Later("texting.status", "The carrier answers with an error.", answer.after_s)
    return None


async def fetch(
    client: httpx.AsyncClient,
    url: str,
    *,
    own: httpx.URL,
    auth: httpx.Auth | None = None,
    redirects: int = 3,
) -> AsyncIterator[bytes]:
    """What came by MMS, from the carrier's own host; its redirects lead to HTTPS only, unsigned.

    Raises `MediaGone`, `CarrierUnavailable`.
    """
    try:
        target = httpx.URL(url)
    except httpx.InvalidURL:
        raise MediaGone("the carrier named no address") from None
    if (target.scheme, target.host, target.port) != (own.scheme, own.host, own.port):
        raise MediaGone("the picture is not with the carrier that is set up")
    try:
        for _ in range(redirects + 1):
            credential = auth if target.host == own.host and target.port == own.port else None
            async with client.stream("GET", target, auth=credential) as answer:
                if answer.is_redirect:
                    target = target.join(answer.headers.get("location", ""))
                    if target.scheme != "https" and target.host != own.host:
                        raise MediaGone("the picture is kept where it would travel in the open")
                    continue
                if answer.status_code in {404, 410} or 300 <= answer.status_code < 400:
                    raise MediaGone("the carrier no longer has the picture")
                if not answer.is_success:
                    raise CarrierUnavailable("the carrier does not hand out the picture")
                async for piece in answer.aiter_bytes():
                    yield piece
                return
    except (httpx.HTTPError, httpx.InvalidURL):
        raise CarrierUnavailable("the connection to the carrier broke off") from None
    raise MediaGone("the carrier's addresses lead in a circle")
