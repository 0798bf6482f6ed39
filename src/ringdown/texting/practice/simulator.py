"""What the small carrier does: takes texts, reports on them, and posts what its phones write.

It can misbehave on purpose, as carriers do: `script` may be changed at any time.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, Literal, get_args

import httpx

from ringdown.core.clock import Clock, iso
from ringdown.core.ids import IdSource
from ringdown.runtime.tasks import Tasks, describe
from ringdown.runtime.telemetry import get_logger
from ringdown.texting.keywords import read as read_keyword
from ringdown.wire import twilio_sms
from ringdown.wire.twilio_sms import Inbound, Media, Pairs

Script = Literal[
    "well", "down", "busy", "slow", "lose", "duplicate", "out_of_order", "undelivered", "no_reports"
]
"""`lose` takes a text and never answers; `slow` answers after `slow_s`."""
SCRIPTS: Final[tuple[Script, ...]] = get_args(Script)
ACCOUNT: Final = "AC00000000000000000000000000000911"
SENDER: Final = "+12025550199"


@dataclass
class SimulatedText:
    """One text on a simulated phone."""

    sid: str
    number: str
    direction: Literal["to_phone", "from_phone"]
    text: str
    at: str
    status: str
    media: list[str] = field(default_factory=list[str])

    def shown(self) -> dict[str, Any]:
        """As the page of phones shows it."""
        return dict(vars(self))


class Simulator:
    """The carrier. `token` is the account's."""

    def __init__(
        self,
        token: str,
        *,
        client: httpx.AsyncClient,
        tasks: Tasks,
        clock: Clock,
        ids: IdSource,
        script: Script = "well",
        slow_s: float = 30,
    ) -> None:
        self.script: Script = script
        self.slow_s = slow_s
        self.texts: list[SimulatedText] = []
        self.hook: Callable[[], str] = lambda: ""
        """Where texts from phones are posted to."""
        self.base = ""
        """Where the carrier itself answers."""
        self.refused_hooks = 0
        self._token = token
        self._client = client
        self._tasks = tasks
        self._clock = clock
        self._ids = ids
        self._media: dict[str, tuple[str, bytes]] = {}
        self._stopped: set[str] = set()
        self._log = get_logger("practice carrier")

    def knows(self, account: str, token: str) -> bool:
        """Whether these are the credentials of the one account."""
        return (account, token) == (ACCOUNT, self._token)

    # ---- from Ringdown

    async def take(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """A text for a phone: the status and the answer."""
        match self.script:
            case "down":
                return 503, {"code": 20503, "message": "Service unavailable"}
            case "busy":
                return 429, {"code": 20429, "message": "Too many requests"}
            case "slow":
                await asyncio.sleep(self.slow_s)
            case _:
                pass
        number, text = form.get("To", ""), form.get("Body", "")
        if not number.startswith("+") or not text:
            return 400, {"code": 21211, "message": "Invalid 'To' phone number"}
        if number in self._stopped:
            return 400, {"code": twilio_sms.STOPPED, "message": "Attempt to send to unsubscribed"}
        one = SimulatedText(self._sid("SM"), number, "to_phone", text, self._now(), "queued")
        self.texts.append(one)
        callback = form.get("StatusCallback", "")
        if self.script == "out_of_order":
            # Delivered is told before the answer, and sent after it.
            await self._report(one, "delivered", callback)
            self._spawn(self._reports(one, ("sent", "queued"), callback))
        elif self.script != "no_reports":
            last = "undelivered" if self.script == "undelivered" else "delivered"
            self._spawn(self._reports(one, ("sent", last), callback))
        if self.script == "lose":
            await asyncio.sleep(self.slow_s)
        return 201, {
            "sid": one.sid, "status": "queued", "to": number, "from": form.get("From", SENDER),
            "body": text, "num_segments": "1", "error_code": None, "account_sid": ACCOUNT,
        }  # fmt: skip

    async def _reports(self, one: SimulatedText, words: tuple[str, ...], callback: str) -> None:
        for word in words:
            await self._report(one, word, callback)

    async def _report(self, one: SimulatedText, word: str, callback: str) -> None:
        one.status = word
        if not callback:
            return
        error = 30003 if word == "undelivered" else 0
        pairs = twilio_sms.write_report(one.sid, word, ACCOUNT, error)
        for _ in range(2 if self.script == "duplicate" else 1):
            await self._post(callback, pairs)

    # ---- from phones

    def keep_media(self, content_type: str, content: bytes) -> str:
        """Keep a picture of a phone; its id."""
        media_id = self._sid("ME")
        self._media[media_id] = (content_type, content)
        return media_id

    def media(self, media_id: str) -> tuple[str, bytes] | None:
        """A picture of a phone."""
        return self._media.get(media_id)

    async def write(self, number: str, text: str, media: tuple[str, ...] = ()) -> SimulatedText:
        """Somebody writes on a phone: Ringdown is told as the carrier would."""
        one = SimulatedText(
            self._sid("SM"), number, "from_phone", text, self._now(), "received", list(media)
        )
        self.texts.append(one)
        word = read_keyword(text, stopped=number in self._stopped)
        if word == "stop":
            self._stopped.add(number)
        elif word == "start":
            self._stopped.discard(number)
        kept = tuple(
            Media(f"{self.base}/2010-04-01/Accounts/{ACCOUNT}/Media/{at}", self._media[at][0])
            for at in media
        )
        answered = (word or "").upper()
        inbound = Inbound(one.sid, number, SENDER, text, kept, answered)
        for _ in range(2 if self.script == "duplicate" else 1):
            await self._post(self.hook(), twilio_sms.write_inbound(inbound, ACCOUNT))
        return one

    def phone(self, number: str) -> list[SimulatedText]:
        """What is on a phone, oldest first."""
        return [one for one in self.texts if one.number == number]

    def numbers(self) -> list[str]:
        """Every phone that has a text, the newest first."""
        return list(dict.fromkeys(one.number for one in reversed(self.texts)))

    # ---- shared steps

    async def _post(self, url: str, pairs: Pairs) -> None:
        headers = {
            "content-type": "application/x-www-form-urlencoded",
            twilio_sms.SIGNATURE: twilio_sms.signature(self._token, url, pairs),
        }
        try:
            answer = await self._client.post(
                url, content=twilio_sms.write_form(pairs), headers=headers
            )
        except httpx.HTTPError as error:
            self._log.warning("nobody answers the practice carrier", **describe(error))
            return
        if not answer.is_success:
            self.refused_hooks += 1
            self._log.warning("the practice carrier was refused", status=answer.status_code)

    def _spawn(self, work: Any) -> None:
        self._tasks.spawn("practice carrier", work)

    def _sid(self, prefix: str) -> str:
        return prefix + self._ids.new("x")[2:].lower()

    def _now(self) -> str:
        return iso(self._clock.now())
