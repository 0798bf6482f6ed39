"""The caller's phone: texts, links, camera, files; and responders in the field."""

import secrets
from dataclasses import dataclass

from fastapi import FastAPI

from ringdown.caller import trail_handlers
from ringdown.caller.service import CallerService
from ringdown.caller.store import SqlCallerStore
from ringdown.caller.trail_service import TrailService
from ringdown.composition.foundation import Base
from ringdown.composition.identity import Identity
from ringdown.composition.incidents import Incidents
from ringdown.composition.listening import Listening
from ringdown.composition.voice import Voice
from ringdown.responders.service import ResponderService
from ringdown.responders.store import SqlResponderStore
from ringdown.runtime.link_tokens import LinkTokens
from ringdown.runtime.sealed_box import read_key
from ringdown.texting.opening import open_carrier
from ringdown.texting.ports import Carrier
from ringdown.texting.practice import serving as practising
from ringdown.texting.service import TextingService
from ringdown.texting.store import SqlTextingStore
from ringdown.uploads import handlers as upload_handlers
from ringdown.uploads.adapters.picture_process import PictureProcess
from ringdown.uploads.adapters.scan_command import open_scanner
from ringdown.uploads.adapters.sealed_files import SealedFiles
from ringdown.uploads.service import UploadService
from ringdown.uploads.store import SqlUploadStore
from ringdown.video import handlers as video_handlers
from ringdown.video.adapters.recorders import recorders
from ringdown.video.desk import Desk
from ringdown.video.recording import CameraRecordings
from ringdown.video.service import VideoService
from ringdown.video.store import SqlVideoStore
from ringdown.video.viewings import ViewingBook


@dataclass(frozen=True)
class PracticePhones:
    """Phones of the practice carrier: where their page is, and the page itself."""

    url: str
    asgi: FastAPI


@dataclass(frozen=True)
class Phone:
    """The caller's phone, and those of responders."""

    carrier: Carrier | None
    practice: PracticePhones | None
    texting: TextingService
    caller: CallerService
    trail: TrailService
    video: VideoService
    uploads: UploadService
    responders: ResponderService


async def build_phone(
    base: Base,
    identity: Identity,
    voice: Voice,
    listening: Listening,
    incidents: Incidents,
    *,
    practice_carrier: bool,
) -> Phone:
    """The caller's phone, and those of responders; without a carrier, practice phones if asked."""
    settings, stack = base.settings, base.stack
    carrier: Carrier | None = await stack.enter_async_context(
        open_carrier(settings.texting, base.address.for_partners)
    )
    practice = None
    if practice_carrier and carrier is None and settings.http.tls_certificate is None:
        practised = await stack.enter_async_context(
            practising.practice_carrier(base.clock, base.ids, base.address.on_this_machine)
        )
        practice = PracticePhones(practised.phones, practising.application(practised.simulator))
        carrier = practised.carrier
    texting = TextingService(
        base.db,
        SqlTextingStore(),
        facts=base.facts,
        audit=base.audit,
        clock=base.clock,
        ids=base.ids,
        calls=voice.calls,
        centres=identity.centres,
        lamps=base.lamps,
        carrier=carrier,
        settings=settings.texting,
        practice=practice is not None,
        words=voice.transcript,
    )
    texting.subscribe(base.heard)
    caller = CallerService(
        base.db,
        SqlCallerStore(),
        facts=base.facts,
        audit=base.audit,
        clock=base.clock,
        ids=base.ids,
        calls=voice.calls,
        texting=texting,
        centres=identity.centres,
        signals=base.bus,
        tokens=link_tokens(base, "caller"),
        settings=settings.caller,
        address=base.address.for_phones,
        region=settings.texting.region,
    )
    caller.subscribe(base.heard)
    trail = TrailService(
        base.db,
        SqlCallerStore(),
        facts=base.facts,
        audit=base.audit,
        clock=base.clock,
        ids=base.ids,
        calls=voice.calls,
        every_s=settings.caller.trail_every_s,
    )
    trail_handlers.subscribe(base.heard, incidents.drafts)
    texting.goes_by(caller)
    viewings = ViewingBook(
        base.db,
        SqlVideoStore(),
        facts=base.facts,
        audit=base.audit,
        clock=base.clock,
        ids=base.ids,
        longest_s=settings.video.longest_viewing_s,
    )
    uploads = UploadService(
        base.db,
        SqlUploadStore(),
        files=SealedFiles(base.data / "uploads", read_key(base.data / "secrets" / "uploads.key")),
        pictures=PictureProcess(),
        scanner=open_scanner(settings.uploads),
        viewings=viewings,
        calls=voice.calls,
        facts=base.facts,
        audit=base.audit,
        clock=base.clock,
        ids=base.ids,
        settings=settings.uploads,
    )
    texting.pictures.taker = uploads.receiving
    upload_handlers.subscribe(base.heard, uploads)
    recordings = None
    if settings.video.record:
        recordings = CameraRecordings(
            base.db,
            audit=base.audit,
            clock=base.clock,
            links=caller,
            keep=uploads.recordings,
            start=recorders(base.data / "logs"),
            tasks=base.tasks,
            lamps=base.lamps,
            kbps=settings.video.max_kbps,
            at_once=settings.video.record_at_once,
        )
    desk = Desk(
        base.db,
        base.clock,
        base.ids,
        links=caller,
        viewings=viewings,
        signals=base.bus,
        settings=settings.video,
        eyes=listening.eyes,
        recordings=recordings,
    )
    video = VideoService(desk, pages=caller.pages, drafts=incidents.drafts)
    video_handlers.subscribe(base.heard, video.streams)
    responders = ResponderService(
        base.db,
        SqlResponderStore(),
        facts=base.facts,
        audit=base.audit,
        clock=base.clock,
        ids=base.ids,
        calls=voice.calls,
        centres=identity.centres,
        incidents=incidents.drafts,
        caller=caller,
        texting=texting,
        tokens=link_tokens(base, "responder"),
        address=base.address.for_phones,
        settings=settings.responders,
        video=video,
    )
    return Phone(carrier, practice, texting, caller, trail, video, uploads, responders)


def link_tokens(base: Base, kind: str) -> LinkTokens:
    """Tokens of links of one kind, signed with a key of their own."""
    key = read_key(base.data / "secrets" / f"{kind}-links.key")
    return LinkTokens(key, kind, secrets.token_bytes)
