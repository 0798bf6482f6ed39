"""Writing a text: checks, what is kept of it, and its place in the queue to the carrier."""

from dataclasses import replace
from datetime import timedelta
from typing import ClassVar, Final

from ringdown.core.clock import iso, parse_iso
from ringdown.core.errors import Invalid, Limited, Refused
from ringdown.core.principal import Person, Principal
from ringdown.runtime.db import Tx
from ringdown.texting.api import Preview
from ringdown.texting.desk import Desk, last_two
from ringdown.texting.model import Channel, MessageState, MessageView, Outgoing, e164
from ringdown.wire import sms

LONGEST: Final = 1_600
"""Characters of a text; carriers take no more."""
HIDDEN: Final = "…"
BY_LAW_PER_HOUR: Final = 5


class PersonNeeded(Refused):
    """Only a person sends a text to a caller."""

    code: ClassVar[str] = "texting.person_needed"
    action: ClassVar[str] = "Sign in as the person who decides this."


class TextInvalid(Invalid):
    """The text is empty, too long, or holds what no phone shows."""

    code: ClassVar[str] = "texting.text.invalid"
    action: ClassVar[str] = "Write 1 to 1600 characters of plain text."


class NumberStopped(Refused):
    """The number asked for no more texts, which the law and the carrier hold us to."""

    code: ClassVar[str] = "texting.number.stopped"
    action: ClassVar[str] = "Call the number; texts are possible again once it texts START."


class TooManyTexts(Limited):
    """The number got as many texts in an hour as the settings allow."""

    code: ClassVar[str] = "texting.number.too_many"
    action: ClassVar[str] = "Call the number, or wait; texting.per_number_per_hour sets the limit."


def person_of(principal: Principal) -> Person:
    """The person behind a principal. Raises `PersonNeeded`."""
    if principal.kind != "user":
        raise PersonNeeded("only a person may do this")
    return Person(user_id=principal.id, name=principal.name)


def clean(text: str) -> str:
    """A text as it is kept. Raises `TextInvalid`."""
    kept = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    shown = all(
        one == "\n" or one.isprintable() or one in "\u200c\u200d\u200e\u200f" for one in kept
    )
    if not kept or len(kept) > LONGEST or not shown:
        raise TextInvalid("this text cannot be sent", details={"characters": len(kept)})
    return kept


def preview(text: str) -> Preview:
    """A text as it would leave: plain marks where those alone keep it in the small alphabet."""
    leaving = sms.plain(clean(text))
    measured = sms.measure(leaving)
    return Preview(text=leaving, segments=measured.segments, encoding=measured.encoding)


class Sending:
    """Puts texts in the queue; the caller's transaction decides whether they are there."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def by_person(self, tx: Tx, principal: Principal, out: Outgoing) -> MessageView:
        """A person's SMS; see `Texting.send_in`."""
        desk, person = self._desk, person_of(principal)
        to = e164(out.number, desk.settings.region)
        leaving = preview(out.text)
        if await desk.store.stopped(tx, principal.centre_id, to):
            raise NumberStopped("this number asked for no more texts")
        await self._check_rate(tx, principal.centre_id, to)
        by_hand = await desk.by_hand(tx, principal.centre_id, out.call_id)
        shown = leaving.text
        if out.hide and not by_hand:
            shown = shown.replace(out.hide, HIDDEN)
        message = self._message(
            replace(out, number=to, text=shown), person, segments=leaving.segments,
            state="manual" if by_hand else "queued",
        )  # fmt: skip
        await self._queue(tx, principal.centre_id, message, leaving.text)
        details: dict[str, object] = {
            "message_id": message.message_id, "number": last_two(to), "kind": out.kind,
            "channel": "sms", "segments": message.segments, "state": message.state,
        }  # fmt: skip
        if out.link_id:
            details["link_id"] = out.link_id
        if out.other_number_reason:
            details["other_number_reason"] = out.other_number_reason
        await desk.record(tx, principal, "texting:message:sent", out.call_id, **details)
        return message

    async def to_page(self, tx: Tx, principal: Principal, out: Outgoing) -> MessageView:
        """A person's text on the page of the link that it names."""
        kept = replace(out, text=clean(out.text))
        message = self._message(kept, person_of(principal), channel="page", segments=0)
        await self._desk.add(tx, principal.centre_id, message)
        await self._desk.record(
            tx, principal, "texting:message:sent", out.call_id,
            message_id=message.message_id, kind=out.kind, channel="page", link_id=out.link_id,
        )  # fmt: skip
        return message

    async def by_law(
        self, tx: Tx, centre_id: str, *, call_id: str, number: str, text: str
    ) -> MessageView | None:
        """What the law has us answer to STOP, START and HELP; with no carrier nobody can.

        Not without end: two programs could go on answering each other.
        """
        answered = await self._sent(tx, centre_id, number, by_program=True)
        if self._desk.manual or len(answered) >= BY_LAW_PER_HOUR:
            return None
        leaving = preview(text)
        answer = Outgoing(call_id, number, leaving.text, "keyword")
        message = self._message(answer, None, segments=leaving.segments)
        await self._queue(tx, centre_id, message, message.text)
        await self._desk.record(
            tx, centre_id, "texting:message:answered", call_id,
            message_id=message.message_id, number=last_two(number),
        )  # fmt: skip
        return message

    def _message(
        self,
        out: Outgoing,
        by: Person | None,
        *,
        segments: int,
        channel: Channel = "sms",
        state: MessageState = "queued",
    ) -> MessageView:
        now = self._desk.now()
        return MessageView(
            message_id=self._desk.ids.new("msg"),
            call_id=out.call_id,
            number=out.number,
            channel=channel,
            direction="out",
            kind=out.kind,
            text=out.text,
            state=state,
            segments=segments,
            by=by,
            link_id=out.link_id,
            question=out.question,
            at=now,
            changed_at=now,
        )

    async def _queue(self, tx: Tx, centre_id: str, message: MessageView, text: str) -> None:
        if message.state == "manual":
            await self._desk.add(tx, centre_id, message)
        else:
            await self._desk.add(tx, centre_id, message, outgoing=text, due_at=message.at)

    async def _check_rate(self, tx: Tx, centre_id: str, number: str) -> None:
        limit, now = self._desk.settings.per_number_per_hour, self._desk.clock.now()
        sent = await self._sent(tx, centre_id, number, by_program=False)
        if len(sent) >= limit:
            free_at = parse_iso(sent[len(sent) - limit]) + timedelta(hours=1)
            wait = max(1, round((free_at - now).total_seconds()))
            raise TooManyTexts(
                "this number got as many texts as an hour allows",
                details={"limit": limit, "retry_after_s": wait},
            )

    async def _sent(self, tx: Tx, centre_id: str, number: str, *, by_program: bool) -> list[str]:
        """When texts went to a number within the hour, in order."""
        since = iso(self._desk.clock.now() - timedelta(hours=1))
        return sorted(
            one.view.at
            for one in await self._desk.store.of_number(tx, number)
            if one.centre_id == centre_id
            and one.view.direction == "out"
            and (one.view.by is None) == by_program
            and one.view.at > since
        )
