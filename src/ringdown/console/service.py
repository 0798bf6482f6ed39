"""Snapshots for the console: the state at a position of the log, read in one transaction.

The feed goes on from that position, so snapshot + facts = the state now (the sync law).
"""

from collections.abc import Sequence
from typing import Protocol

from ringdown.assist.api import NarrativeMark
from ringdown.cad.api import DeliveryView
from ringdown.caller.api import ConsentView, FixView, LinkView
from ringdown.calls.api import CallView, EventView, NoteView
from ringdown.console.model import OpenCallView, SnapshotView, summary, with_tone, with_tty
from ringdown.core.clock import Clock, iso
from ringdown.core.errors import Unavailable
from ringdown.core.principal import Principal
from ringdown.incidents.api import ConfirmationView, DraftView
from ringdown.responders.api import ResponderLinkView
from ringdown.runtime.db import Database, Tx
from ringdown.runtime.facts import Facts
from ringdown.runtime.lamps import Lamps
from ringdown.speech.api import ToneView, UtteranceView
from ringdown.speech.events import ToneHeard
from ringdown.texting.api import MessageView, TextBackView
from ringdown.uploads.api import UploadView
from ringdown.video.api import ViewingView


class ReadCalls(Protocol):
    """What the console reads of calls."""

    async def read(self, tx: Tx, centre_id: str, call_id: str) -> CallView: ...
    async def read_open(self, tx: Tx, centre_id: str) -> list[CallView]: ...
    async def read_events(self, tx: Tx, centre_id: str, call_id: str) -> list[EventView]: ...
    async def read_notes(self, tx: Tx, centre_id: str, call_id: str) -> list[NoteView]: ...


class ReadTranscript(Protocol):
    """What the console reads of speech."""

    async def read_in(self, tx: Tx, centre_id: str, call_id: str) -> list[UtteranceView]: ...


class ReadIncidents(Protocol):
    """What the console reads of incidents."""

    async def read_draft(self, tx: Tx, centre_id: str, call_id: str) -> DraftView: ...
    async def read_drafts(
        self, tx: Tx, centre_id: str, call_ids: Sequence[str]
    ) -> dict[str, DraftView]: ...
    async def read_confirmations(
        self, tx: Tx, centre_id: str, call_id: str
    ) -> list[ConfirmationView]: ...


class ReadDeliveries(Protocol):
    """What the console reads of the CAD lane."""

    async def read(self, tx: Tx, centre_id: str, call_id: str) -> list[DeliveryView]: ...


class ReadNarratives(Protocol):
    """What the console reads of a language model's writing: how far it has come."""

    async def read_mark(self, tx: Tx, centre_id: str, call_id: str) -> NarrativeMark: ...


class ReadTexting(Protocol):
    """What the console reads of texting."""

    async def read_messages(self, tx: Tx, centre_id: str, call_id: str) -> list[MessageView]: ...
    async def read_text_backs(self, tx: Tx, centre_id: str) -> list[TextBackView]: ...


class ReadCaller(Protocol):
    """What the console reads of caller links."""

    async def read_consents(self, tx: Tx, centre_id: str, call_id: str) -> list[ConsentView]: ...
    async def read_links(self, tx: Tx, centre_id: str, call_id: str) -> list[LinkView]: ...
    async def read_fixes(self, tx: Tx, centre_id: str, call_id: str) -> list[FixView]: ...


class Trail(Protocol):
    """Writes down who is shown where a caller's phone was."""

    async def shown(self, principal: Principal, call_id: str, *, fixes: int) -> None: ...


class ReadViewings(Protocol):
    """What the console reads of who looked at what."""

    async def read_viewings(self, tx: Tx, centre_id: str, call_id: str) -> list[ViewingView]: ...


class ReadUploads(Protocol):
    """What the console reads of a caller's files."""

    async def read_uploads(self, tx: Tx, centre_id: str, call_id: str) -> list[UploadView]: ...


class ReadResponders(Protocol):
    """What the console reads of responder links."""

    async def read_responder_links(
        self, tx: Tx, centre_id: str, call_id: str
    ) -> list[ResponderLinkView]: ...


class ReadCentre(Protocol):
    """What the console reads of identity."""

    async def centre_name(self, tx: Tx, centre_id: str) -> str: ...


class ConsoleService:
    """Reads the state the console starts from."""

    def __init__(
        self,
        db: Database,
        facts: Facts,
        clock: Clock,
        lamps: Lamps,
        *,
        centres: ReadCentre,
        calls: ReadCalls,
        transcript: ReadTranscript,
        incidents: ReadIncidents,
        deliveries: ReadDeliveries,
        narratives: ReadNarratives,
        texting: ReadTexting,
        caller: ReadCaller,
        trail: Trail,
        viewings: ReadViewings,
        uploads: ReadUploads,
        responders: ReadResponders,
    ) -> None:
        self._db = db
        self._facts = facts
        self._clock = clock
        self._lamps = lamps
        self._centres = centres
        self._calls = calls
        self._transcript = transcript
        self._incidents = incidents
        self._deliveries = deliveries
        self._narratives = narratives
        self._texting = texting
        self._caller = caller
        self._trail = trail
        self._viewings = viewings
        self._uploads = uploads
        self._responders = responders

    async def snapshot(self, centre_id: str) -> SnapshotView:
        """The call list and the lamps."""
        async with self._db.read() as tx:
            calls = await self._calls.read_open(tx, centre_id)
            ids = [call.call_id for call in calls]
            drafts = await self._incidents.read_drafts(tx, centre_id, ids)
            tty: list[str] = []
            for heard in await self._facts.of_calls(tx, centre_id, ids, ToneHeard):
                tty = with_tty(tty, heard)
            return SnapshotView(
                position=await self._facts.head(tx, centre_id),
                now=iso(self._clock.now()),
                centre={
                    "centre_id": centre_id,
                    "name": await self._centres.centre_name(tx, centre_id),
                },
                calls=calls,
                lamps=self._lamps.all(),
                drafts={call_id: summary(draft) for call_id, draft in drafts.items()},
                tty=tty,
                text_backs=await self._texting.read_text_backs(tx, centre_id),
            )

    async def opened(self, principal: Principal, call_id: str) -> OpenCallView:
        """One call as a person opens it; a trail is written down before it is shown.

        While nothing can be written down the trail stays out, and the call is shown all the same.
        """
        view = await self.call(principal.centre_id, call_id)
        if view.fixes or any("location" in link.agreed for link in view.links):
            try:
                await self._trail.shown(principal, call_id, fixes=len(view.fixes))
            except Unavailable:
                return view.model_copy(update={"fixes": []})
        return view

    async def call(self, centre_id: str, call_id: str) -> OpenCallView:
        """One call with its transcript, draft and deliveries. Raises NotFound."""
        async with self._db.read() as tx:
            return OpenCallView(
                call=await self._calls.read(tx, centre_id, call_id),
                position=await self._facts.head(tx, centre_id),
                events=await self._calls.read_events(tx, centre_id, call_id),
                notes=await self._calls.read_notes(tx, centre_id, call_id),
                utterances=await self._transcript.read_in(tx, centre_id, call_id),
                draft=await self._incidents.read_draft(tx, centre_id, call_id),
                confirmations=await self._incidents.read_confirmations(tx, centre_id, call_id),
                deliveries=await self._deliveries.read(tx, centre_id, call_id),
                tones=await self._tones(tx, centre_id, call_id),
                narrative=await self._narratives.read_mark(tx, centre_id, call_id),
                consents=await self._caller.read_consents(tx, centre_id, call_id),
                links=await self._caller.read_links(tx, centre_id, call_id),
                fixes=await self._caller.read_fixes(tx, centre_id, call_id),
                messages=await self._texting.read_messages(tx, centre_id, call_id),
                viewings=await self._viewings.read_viewings(tx, centre_id, call_id),
                uploads=await self._uploads.read_uploads(tx, centre_id, call_id),
                responder_links=await self._responders.read_responder_links(tx, centre_id, call_id),
            )

    async def _tones(self, tx: Tx, centre_id: str, call_id: str) -> list[ToneView]:
        """The tones of a call; the log of facts is where they are kept."""
        tones: list[ToneView] = []
        for stored in await self._facts.of_call(tx, centre_id, call_id, ToneHeard):
            tones = with_tone(tones, stored)
        return tones
