"""The transcript: final words are kept with their cursor and told in one transaction."""

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from ringdown.audit.api import Audit
from ringdown.core.errors import NotFound
from ringdown.core.principal import Principal, system
from ringdown.runtime.bus import Bus
from ringdown.runtime.db import Database, Tx
from ringdown.runtime.facts import Facts
from ringdown.speech.api import TranscriptView
from ringdown.speech.events import (
    ChannelChanged,
    ToneHeard,
    UtteranceFinalised,
    UtterancePartial,
)
from ringdown.speech.model.protocol import Listened
from ringdown.speech.model.spans import spans_of
from ringdown.speech.model.utterance import ChannelView, LegRef, ToneView, UtteranceView
from ringdown.speech.ports import Calls, LegCursor, TranscriptStore


class UtteranceUnknown(NotFound):
    """No such utterance on this call."""

    code: ClassVar[str] = "speech.utterance.not_found"
    action: ClassVar[str] = "Read the transcript again from its beginning."


class TranscriptService:
    """What was said, as far as it is known; the only writer of utterances and cursors."""

    def __init__(
        self,
        db: Database,
        store: TranscriptStore,
        facts: Facts,
        bus: Bus,
        calls: Calls,
        audit: Audit,
    ) -> None:
        self._db = db
        self._calls = calls
        self._store = store
        self._facts = facts
        self._bus = bus
        self._audit = audit

    async def read(
        self, principal: Principal, call_id: str, *, after: str | None = None
    ) -> TranscriptView:
        """The final utterances of a call, or those finalised after the one named.

        Raises NotFound when the centre has no such call, UtteranceUnknown for a wrong `after`.
        """
        async with self._db.read() as tx:
            await self._calls.read(tx, principal.centre_id, call_id)
            found = await self._store.utterances(tx, principal.centre_id, call_id, after=after)
        if found is None:
            raise UtteranceUnknown("this call has no such utterance")
        last = found[-1].utterance_id if found else after
        return TranscriptView(utterances=tuple(sorted(found, key=_said)), next=last)

    async def read_in(self, tx: Tx, centre_id: str, call_id: str) -> list[UtteranceView]:
        """The final utterances of a call inside the caller's transaction, by when said."""
        found = await self._store.utterances(tx, centre_id, call_id)
        return sorted(found or [], key=_said)

    async def silent_in(
        self, tx: Tx, centre_id: str, call_id: str, leg_ids: Sequence[str]
    ) -> bool | None:
        """Whether nobody spoke on these legs of a call; None while words may still come."""
        for leg_id in leg_ids:
            cursor = await self._store.cursor(tx, centre_id, leg_id)
            if cursor is None or not cursor.closed:
                return None
        said = await self._store.utterances(tx, centre_id, call_id)
        return not any(one.leg_id in leg_ids for one in said or [])

    async def follow(self, leg: LegRef) -> LegCursor:
        """Put a leg on record as being listened to; the cursor that it has now."""
        async with self._db.write() as tx:
            await self._store.follow(tx, leg)
            cursor = await self._store.cursor(tx, leg.centre_id, leg.leg_id)
        assert cursor is not None, "a leg belongs to one centre"
        return cursor

    async def open_legs(self) -> list[LegCursor]:
        """Every leg of any centre that is not yet completely turned into words."""
        async with self._db.read() as tx:
            return await self._store.open_cursors(tx)

    async def done_with(self, centre_id: str, leg_id: str) -> bool:
        """Whether no more words will come from the leg: its raw file is kept until then."""
        async with self._db.read() as tx:
            cursor = await self._store.cursor(tx, centre_id, leg_id)
        return cursor is not None and cursor.closed

    async def finalise(
        self,
        centre_id: str,
        utterance: UtteranceView,
        through_sample: int,
        tones: Sequence[ToneView] = (),
    ) -> LegCursor | None:
        """Keep final words, move the cursor and tell it, together; a repeat changes nothing.

        `tones` are those that ended before `through_sample`; they are told with it.

        Returns the cursor, or None when the leg is not (or no longer) listened to.
        """
        async with self._db.write() as tx:
            cursor = await self._store.cursor(tx, centre_id, utterance.leg_id)
            if cursor is None or cursor.closed or through_sample <= cursor.through_sample:
                return cursor
            if await self._store.add(tx, centre_id, utterance):
                fact = UtteranceFinalised(
                    centre_id=centre_id, call_id=utterance.call_id, utterance=utterance
                )
                await self._facts.append(tx, fact)
            await self._tell_tones(tx, cursor.leg, tones)
            moved = replace(cursor, through_sample=through_sample)
            await self._store.save(tx, moved)
        return moved

    async def advance(
        self,
        centre_id: str,
        leg_id: str,
        *,
        through_sample: int = 0,
        ended: bool = False,
        closed: bool = False,
        tones: Sequence[ToneView] = (),
        listened: Sequence[Listened] = (),
    ) -> LegCursor | None:
        """Move a cursor over silence, or note that its leg has ended or is done with.

        `tones` are told when the cursor moves past them. When the leg is closed it is audited who
        heard it: what is `listened`, and what the stored utterances say of the rest.
        """
        async with self._db.write() as tx:
            cursor = await self._store.cursor(tx, centre_id, leg_id)
            if cursor is None:
                return None
            moved = replace(
                cursor,
                through_sample=max(cursor.through_sample, through_sample),
                ended=cursor.ended or ended,
                closed=cursor.closed or closed,
            )
            if moved != cursor:
                await self._store.save(tx, moved)
            if moved.through_sample > cursor.through_sample and not cursor.closed:
                await self._tell_tones(tx, cursor.leg, tones)
            if moved.closed and not cursor.closed:
                await self._write_down(tx, cursor.leg, listened)
        return moved

    async def _tell_tones(self, tx: Tx, leg: LegRef, tones: Sequence[ToneView]) -> None:
        for tone in tones:
            fact = ToneHeard(centre_id=leg.centre_id, call_id=leg.call_id, **tone.model_dump())
            await self._facts.append(tx, fact)

    async def _write_down(self, tx: Tx, leg: LegRef, listened: Sequence[Listened]) -> None:
        utterances = await self._store.utterances(tx, leg.centre_id, leg.call_id)
        own = [one for one in utterances or [] if one.leg_id == leg.leg_id]
        await self._audit.append(
            tx,
            centre_id=leg.centre_id,
            tag="speech:leg:heard",
            actor=system(leg.centre_id, "speech"),
            subject=leg.leg_id,
            details={
                "call_id": leg.call_id,
                "side": leg.side,
                "spans": [span.model_dump(mode="json") for span in spans_of(listened, own)],
            },
        )

    def follow_closely(self, leg: LegRef, channel: ChannelView) -> None:
        """Tell how closely a leg is followed."""
        self._bus.signal(
            ChannelChanged(centre_id=leg.centre_id, call_id=leg.call_id, channel=channel)
        )

    def show(self, centre_id: str, utterance: UtteranceView) -> None:
        """Tell words that may still change."""
        signal = UtterancePartial(
            centre_id=centre_id, call_id=utterance.call_id, utterance=utterance
        )
        self._bus.signal(signal)


def _said(utterance: UtteranceView) -> tuple[int, str]:
    return (utterance.start_ms, utterance.utterance_id)
