"""One attempt to hand an event to an endpoint: headers, signatures, the bearer, what came of it."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final, cast
from urllib.parse import quote_plus

from ringdown.core.clock import Clock
from ringdown.partners.ledger import Delivered, Endpoint, Failed, Gone, Outcome
from ringdown.partners.ports import Answer, Post, PostFailed, Vault
from ringdown.wire import standard_webhooks
from ringdown.wire.standard_webhooks import Secret

SAYS_WHEN: Final = frozenset({429, 503})
"""The statuses whose Retry-After counts."""
TOKEN_SPARE: Final = timedelta(seconds=60)
"""How long before its end a token is not used any more."""
TOKEN_LASTS_S: Final = 3_600.0
"""How long a token is used whose server does not say."""


def secret_about(endpoint: Endpoint) -> str:
    """What a signing secret is bound to in the vault."""
    return f"{endpoint.centre_id}/{endpoint.endpoint_id}/secret"


def credential_about(endpoint: Endpoint) -> str:
    """What a bearer credential is bound to in the vault."""
    return f"{endpoint.centre_id}/{endpoint.endpoint_id}/credential"


@dataclass(frozen=True)
class OAuth:
    """How a token is asked for (RFC 6749 §4.4)."""

    token_url: str
    client_id: str
    client_secret: str = field(repr=False)
    scope: str | None = None

    def written(self) -> str:
        """As it is kept in the vault."""
        return json.dumps(self.__dict__)

    @classmethod
    def read(cls, text: str) -> "OAuth":
        """As it was kept."""
        return cls(**cast("dict[str, Any]", json.loads(text)))


class Attempts:
    """Attempts at one endpoint; holds its token for as long as that lasts."""

    def __init__(
        self, endpoint: Endpoint, post: Post, vault: Vault, clock: Clock, *, timeout_s: float
    ) -> None:
        self.endpoint = endpoint
        self._post = post
        self._vault = vault
        self._clock = clock
        self._timeout_s = timeout_s
        self._token: str | None = None
        self._token_until = clock.now()

    async def make(self, *, event_id: str, delivery_id: str, attempt: int, body: bytes) -> Outcome:
        """Send once. Failures of the other side are outcomes; raises `VaultClosed`."""
        try:
            bearer = await self._bearer(fresh=False)
            answer = await self._send(event_id, delivery_id, attempt, body, bearer)
            if answer.status == 401 and self.endpoint.auth == "oauth":
                # The token may have been withdrawn before its time: one new one, one more try.
                bearer = await self._bearer(fresh=True)
                answer = await self._send(event_id, delivery_id, attempt, body, bearer)
        except PostFailed as error:
            return Failed(error.code, error.text)
        return outcome(answer)

    async def _send(
        self, event_id: str, delivery_id: str, attempt: int, body: bytes, bearer: str | None
    ) -> Answer:
        stamp = int(self._clock.now().timestamp())
        headers = {
            "content-type": "application/json",
            "user-agent": "Ringdown",
            **standard_webhooks.sign(self._secrets(), event_id, stamp, body),
            "ringdown-delivery-id": delivery_id,
            "ringdown-attempt": str(attempt),
        }
        if bearer is not None:
            headers["authorization"] = f"Bearer {bearer}"
        return await self._post.post(self.endpoint.url, body, headers, timeout_s=self._timeout_s)

    def _secrets(self) -> list[Secret]:
        """The secrets that sign now, the newest first."""
        one, about = self.endpoint, secret_about(self.endpoint)
        found = [Secret.parse(self._vault.open(one.secret, about))]
        until = one.old_secret_until
        if one.old_secret is not None and until is not None and self._clock.now() < until:
            found.append(Secret.parse(self._vault.open(one.old_secret, about)))
        return found

    async def _bearer(self, *, fresh: bool) -> str | None:
        """The token to send, if the endpoint wants one."""
        one = self.endpoint
        if one.auth == "none" or one.credential is None:
            return None
        known = self._vault.open(one.credential, credential_about(one))
        if one.auth == "bearer":
            return known
        if fresh or self._token is None or self._clock.now() >= self._token_until:
            self._token = None
            self._token = await self._ask(OAuth.read(known))
        return self._token

    async def _ask(self, oauth: OAuth) -> str:
        """A new token. Raises `PostFailed`."""
        form = {"grant_type": "client_credentials"} | (
            {"scope": oauth.scope} if oauth.scope else {}
        )
        # RFC 6749 §2.3.1: each part is form-encoded before the two are joined.
        pair = f"{quote_plus(oauth.client_id)}:{quote_plus(oauth.client_secret)}"
        headers = {
            "content-type": "application/x-www-form-urlencoded",
            "accept": "application/json",
            "user-agent": "Ringdown",
            "authorization": "Basic " + base64.b64encode(pair.encode()).decode("ascii"),
        }
        body = "&".join(f"{name}={quote_plus(value)}" for name, value in form.items()).encode()
        try:
            answer = await self._post.post(
                oauth.token_url, body, headers, timeout_s=self._timeout_s
            )
        except PostFailed as error:
            code = error.code.replace("partners.receiver.", "partners.token.")
            raise PostFailed(code, f"No token: {error.text}") from None
        token, lasts_s = _token(answer)
        if token is None:
            raise PostFailed(
                "partners.token.refused", f"The token server gave no token ({answer.status})."
            )
        self._token_until = self._clock.now() + timedelta(seconds=lasts_s) - TOKEN_SPARE
        return token


def outcome(answer: Answer) -> Outcome:
    """What an answer means: any 2xx is taken, 410 is the end, everything else is tried again."""
    status = answer.status
    if 200 <= status < 300:
        return Delivered(status)
    if status == 410:
        return Gone()
    if 300 <= status < 400:
        text = "The address leads elsewhere; that is never followed."
        return Failed("partners.receiver.redirected", text, status)
    if status in {401, 403}:
        text = f"The receiver does not accept the credential ({status})."
        return Failed("partners.receiver.unauthorised", text, status)
    after_s = answer.retry_after_s if status in SAYS_WHEN else None
    code = "partners.receiver.busy" if status in SAYS_WHEN else "partners.receiver.status"
    return Failed(code, f"The receiver answered {status}.", status, after_s)


def _token(answer: Answer) -> tuple[str | None, float]:
    """The token in an answer (RFC 6749 §5.1), and for how many seconds it holds."""
    if not 200 <= answer.status < 300:
        return None, 0.0
    try:
        told: object = json.loads(answer.body)
    except (ValueError, RecursionError):
        return None, 0.0
    found: Mapping[str, Any] = cast("dict[str, Any]", told) if isinstance(told, dict) else {}
    token, lasts = found.get("access_token"), found.get("expires_in", TOKEN_LASTS_S)
    usable = isinstance(token, str) and 0 < len(token) < 16_384 and token.isascii()
    if not usable or not cast("str", token).isprintable():
        return None, 0.0
    plain = isinstance(lasts, (int, float)) and not isinstance(lasts, bool) and 0 < lasts < 1e9
    return cast("str", token), float(lasts) if plain else TOKEN_LASTS_S
