"""A carrier that speaks Twilio's REST interface; its many clones do.

Reports name our message in the address, so one that overtakes the answer to the text itself, or
comes although that answer was lost, still finds its text.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import ClassVar, Final
from urllib.parse import parse_qs, quote

import httpx

from ringdown.core.errors import BadConfig
from ringdown.core.sensitive import Sensitive
from ringdown.runtime.outside import check_address, read_key
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
from ringdown.texting.settings import TwilioConfig
from ringdown.wire import twilio_sms
from ringdown.wire.twilio_sms import SmsFormInvalid

HOOK: Final = "/hooks/texting/twilio"
REPORTS: Final = f"{HOOK}/status"
SECTION: Final = "texting.twilio"


class TwilioMisconfigured(BadConfig):
    """The address, the account, the sender or the token of the carrier cannot be used."""

    code: ClassVar[str] = "texting.twilio.misconfigured"
    action: ClassVar[str] = "Correct the setting named under [texting.twilio]."


class TwilioCarrier:
    """The `Carrier` over Twilio's interface. `address` is where the carrier reaches this server."""

    name = "twilio"

    def __init__(
        self,
        client: httpx.AsyncClient,
        config: TwilioConfig,
        token: Sensitive[str],
        address: Callable[[], str],
    ) -> None:
        self._client = client
        self._config = config
        self._token = token
        self._address = address
        self._own = httpx.URL(config.url)
        self._auth = httpx.BasicAuth(config.account_sid, token.reveal("asking the carrier"))
        account = quote(config.account_sid, safe="")
        self._url = f"{config.url.rstrip('/')}/2010-04-01/Accounts/{account}/Messages.json"

    async def send(self, text: OutgoingText, *, now: datetime) -> Outcome:
        """Try once."""
        body = twilio_sms.write_message(
            to=text.to.reveal("texting"),
            sender=self._config.sender,
            text=text.text.reveal("texting"),
            report_to=self._reports(text.message_id),
        )
        request = self._client.build_request("POST", self._url)
        signed = next(self._auth.auth_flow(request))
        answer = await asking.post(
            self._client,
            self._url,
            body,
            {
                "content-type": "application/x-www-form-urlencoded",
                "authorization": signed.headers["authorization"],
            },
            timeout_s=self._config.timeout_s,
            now=now,
        )
        if isinstance(answer, Later):
            return answer
        if answer.status >= 400:
            number = twilio_sms.read_error(answer.body)
            words = twilio_sms.reason("failed", number) or ""
            return Never("texting.refused", words, stopped=number == twilio_sms.STOPPED)
        try:
            taken = twilio_sms.read_taken(answer.body)
        except SmsFormInvalid:
            # A success all the same: sending it again would text twice.
            return Accepted(None)
        return Accepted(taken.sid, taken.status)

    def _reports(self, message_id: str) -> str | None:
        """Where to report; a carrier elsewhere refuses texts that name an address it cannot reach.

        Without an HTTPS address texts leave all the same, and what became of them is not known.
        """
        address = self._address()
        if not address.startswith("https://") and self._own.scheme == "https":
            return None
        return f"{address}{REPORTS}?m={message_id}"

    def read(
        self, query: str, headers: Mapping[str, str], body: bytes, *, report: bool, now: datetime
    ) -> Arrived | Reported | None:
        """What a webhook tells. Raises `SmsSignatureWrong`, `SmsFormInvalid`."""
        del now  # a signature of this interface names no time
        path = REPORTS if report else HOOK
        url = f"{self._address()}{path}" + (f"?{query}" if query else "")
        pairs = twilio_sms.read_form(body)
        token = self._token.reveal("checking a webhook")
        twilio_sms.verify(token, url, pairs, headers.get(twilio_sms.SIGNATURE, ""))
        if report:
            told = twilio_sms.read_report(pairs)
            if told is None:
                return None
            named = parse_qs(query).get("m", [None])[0]
            return Reported(named, told.sid, told.status, told.reason)
        inbound = twilio_sms.read_inbound(pairs)
        media = inbound.media if self._config.mms else ()
        return Arrived(
            carrier_id=inbound.sid,
            sender=inbound.sender,
            text=inbound.text,
            pictures=tuple(Picture(one.url, one.content_type) for one in media),
            answered=bool(inbound.answered),
            receiver=inbound.receiver,
        )

    def fetch(self, url: str) -> AsyncIterator[bytes]:
        """What came by MMS. Raises `MediaGone`, `CarrierUnavailable`."""
        return asking.fetch(self._client, url, own=self._own, auth=self._auth)


@asynccontextmanager
async def open_twilio(
    config: TwilioConfig, address: Callable[[], str]
) -> AsyncGenerator[TwilioCarrier, None]:
    """The carrier, ready to send. Raises `TwilioMisconfigured`."""
    check_address(
        config.url, None, allow_plain_http=config.allow_plain_http, section=SECTION,
        error=TwilioMisconfigured,
    )  # fmt: skip
    token = read_key(config.token_file, section=SECTION, error=TwilioMisconfigured)
    if token is None or not config.account_sid or not config.sender:
        raise TwilioMisconfigured(f"{SECTION} needs account_sid, token_file and sender")
    async with asking.client(config.timeout_s) as client:
        yield TwilioCarrier(client, config, Sensitive(token, "texting.token"), address)
