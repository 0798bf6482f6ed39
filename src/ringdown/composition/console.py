"""What the browser of a telecommunicator sees, and a language model's part in it."""

from dataclasses import dataclass

from ringdown.assist import handlers as assist_handlers
from ringdown.assist.opening import announce, open_model
from ringdown.assist.service import AssistService
from ringdown.assist.store import SqlAssistStore
from ringdown.composition.foundation import Base
from ringdown.composition.identity import Identity
from ringdown.composition.incidents import Incidents
from ringdown.composition.phone import Phone
from ringdown.composition.voice import Voice
from ringdown.console.demo import DemoCalls
from ringdown.console.feed import FeedHub
from ringdown.console.metrics import Watched
from ringdown.console.service import ConsoleService
from ringdown.runtime.lamps import LampChanged
from ringdown.speech import events as speech_events
from ringdown.video import events as video_events


@dataclass(frozen=True)
class Console:
    """Snapshots, the live feed and demo calls."""

    service: ConsoleService
    hub: FeedHub
    demo: DemoCalls


async def build_assist(base: Base, voice: Voice) -> AssistService:
    """A language model, if one is named; its words go where the settings say."""
    model = await base.stack.enter_async_context(open_model(base.settings.assist))
    await announce(model, base.db, base.audit, voice.centre_ids)
    if model is not None and model.info.host is not None:
        base.step(f"Tokens of calls go to {model.info.host}, as the settings say")
    assist = AssistService(
        base.db,
        SqlAssistStore(),
        model,
        redaction=voice.redaction,
        transcript=voice.transcript,
        calls=voice.calls,
        facts=base.facts,
        audit=base.audit,
        lamps=base.lamps,
        metrics=base.metrics,
        clock=base.clock,
        tasks=base.tasks,
        settings=base.settings.assist,
    )
    assist_handlers.subscribe(base.heard, assist)
    return assist


def build_console(
    base: Base,
    identity: Identity,
    voice: Voice,
    incidents: Incidents,
    phone: Phone,
    assist: AssistService,
) -> Console:
    """What the browser sees."""
    hub = FeedHub(base.db, base.facts)
    base.metrics.watch(Watched(hub, base.lamps))
    for kind in (LampChanged, *speech_events.SIGNALS, *video_events.SIGNALS):
        base.bus.on_signal(kind, hub.signal)
    service = ConsoleService(
        base.db,
        base.facts,
        base.clock,
        base.lamps,
        centres=identity.centres,
        calls=voice.calls,
        transcript=voice.transcript,
        incidents=incidents.drafts,
        deliveries=incidents.deliveries,
        narratives=assist,
        texting=phone.texting,
        caller=phone.caller,
        trail=phone.trail,
        viewings=phone.video.viewings,
        uploads=phone.uploads,
        responders=phone.responders,
    )
    return Console(service, hub, DemoCalls(identity.clients, base.tasks, base.ids))
