"""The call, its audio and its words; and tokens in place of the personal values among them."""

from collections.abc import Callable
from dataclasses import dataclass

from ringdown.calls.service import CallService
from ringdown.calls.store import SqlCallStore
from ringdown.composition.foundation import Base
from ringdown.composition.identity import Identity
from ringdown.media import handlers as media_handlers
from ringdown.media.files import SystemFiles
from ringdown.media.folders import Folders
from ringdown.media.playback import Playback
from ringdown.media.recorder import Recorder, RecorderState
from ringdown.media.sealing import Archivist
from ringdown.media.service import MediaService
from ringdown.media.store import SqlMediaStore
from ringdown.redaction.adapters.vault import AesVault
from ringdown.redaction.service import RedactionService
from ringdown.redaction.store import SqlValueStore
from ringdown.runtime.sealed_box import read_key
from ringdown.settings import Settings
from ringdown.speech import handlers as speech_handlers
from ringdown.speech.adapters.processes import speech_workers
from ringdown.speech.announce import announce
from ringdown.speech.lane import SpeechLane
from ringdown.speech.names_file import NameFiles
from ringdown.speech.names_service import NamesService
from ringdown.speech.names_store import SqlNamesStore
from ringdown.speech.service import TranscriptService
from ringdown.speech.store import SqlTranscriptStore


@dataclass(frozen=True)
class Voice:
    """The call, its audio and its words."""

    calls: CallService
    media: MediaService
    playback: Playback
    transcript: TranscriptService
    names: NamesService
    redaction: RedactionService
    lane: SpeechLane
    centre_ids: list[str]
    """The centres at the start: each is told where words and audio go off this machine."""


async def build_voice(base: Base, identity: Identity) -> Voice:
    """The call, its audio and its words."""
    settings = base.settings
    calls = CallService(
        base.db,
        SqlCallStore(),
        facts=base.facts,
        audit=base.audit,
        clock=base.clock,
        ids=base.ids,
    )
    transcript = TranscriptService(
        base.db, SqlTranscriptStore(), base.facts, base.bus, calls, base.audit
    )
    folders = recording_folders(settings)
    archivist = Archivist(
        base.db,
        SqlMediaStore(),
        folders=folders,
        calls=calls,
        audit=base.audit,
        facts=base.facts,
        clock=base.clock,
        tasks=base.tasks,
        speech=transcript,
        archive_wait_s=settings.media.archive_wait_s,
    )

    def recorder(
        on_state: Callable[[RecorderState], None], on_lost: Callable[[str, int, int], None]
    ) -> Recorder:
        return Recorder(
            folders,
            SystemFiles(),
            on_state=on_state,
            on_lost=on_lost,
            memory_bytes=settings.media.memory_mb << 20,
            need_bytes=settings.media.min_free_mb << 20,
        )

    media = MediaService(
        base.db,
        SqlMediaStore(),
        recorder,
        folders=folders,
        calls=calls,
        archivist=archivist,
        facts=base.facts,
        lamps=base.lamps,
        clock=base.clock,
        tasks=base.tasks,
        settings=settings.media,
    )
    media_handlers.subscribe(base.heard, media)
    playback = Playback(
        base.db,
        SqlMediaStore(),
        folders=folders,
        calls=calls,
        audit=base.audit,
        clock=base.clock,
    )
    async with base.db.read() as tx:
        centre_ids = await identity.centres.centre_ids(tx)
    elsewhere = await announce(settings.speech, base.db, base.audit, centre_ids)
    for host in elsewhere:
        base.step(f"Audio of calls goes to {host} for recognition, as the settings say")
    name_files = NameFiles(base.data)
    names = NamesService(base.db, SqlNamesStore(), name_files, base.audit, base.clock)
    await names.restore()
    redaction = RedactionService(
        base.db,
        SqlValueStore(),
        AesVault(read_key(base.data / "secrets" / "redaction.key")),
        base.audit,
        base.clock,
    )
    lane = SpeechLane(
        transcript,
        speech_workers(settings.speech, base.data / "logs"),
        base.lamps,
        base.clock,
        settings.speech,
        base.metrics,
        names_of=name_files.names_of,
    )
    lane.goes_to = elsewhere
    speech_handlers.subscribe(base.heard, lane, playback.folders_of)
    return Voice(calls, media, playback, transcript, names, redaction, lane, centre_ids)


def recording_folders(settings: Settings) -> Folders:
    """Where recordings are."""
    primary = settings.media.recordings or settings.data.absolute() / "recordings"
    return Folders(primary, settings.media.spare)
