"""A carrier that follows a script, and somebody who takes pictures."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime

from ringdown.core.sensitive import Sensitive
from ringdown.texting.ports import Accepted, Arrived, Outcome, OutgoingText, Reported


class ScriptedCarrier:
    """A `Carrier` whose next outcomes a test writes; after them it accepts everything."""

    name = "scripted"

    def __init__(self, *outcomes: Outcome) -> None:
        self.outcomes: list[Outcome] = list(outcomes)
        self.sent: list[tuple[str, str, str]] = []
        """The id, the number and the words of each attempt."""
        self.pictures: dict[str, bytes] = {}

    async def send(self, text: OutgoingText, *, now: datetime) -> Outcome:
        """Try once."""
        del now
        self.sent.append((text.message_id, text.to.reveal("test"), text.text.reveal("test")))
        if self.outcomes:
            return self.outcomes.pop(0)
        return Accepted(f"SM{len(self.sent)}")

    def read(
        self, query: str, headers: Mapping[str, str], body: bytes, *, report: bool, now: datetime
    ) -> Arrived | Reported | None:
        """No webhook of its own."""
        del query, headers, body, report, now

    async def fetch(self, url: str) -> AsyncIterator[bytes]:
        """A picture that the test put there."""
        yield self.pictures[url]


class Album:
    """An `OnMedia` that keeps what it is given."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.taken: dict[tuple[str, int], tuple[str, bytes]] = {}

    async def on_media(
        self,
        *,
        centre_id: str,
        call_id: str,
        message_id: str,
        part: int,
        number: Sensitive[str],
        content_type: str,
        chunks: AsyncIterator[bytes],
    ) -> str:
        """Take one file."""
        del centre_id, call_id, number
        if self.failures:
            raise self.failures.pop(0)
        content = b"".join([piece async for piece in chunks])
        self.taken[message_id, part] = (content_type, content)
        return f"upl_{message_id}_{part}"
