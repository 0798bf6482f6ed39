"""The composition root: the one place where adapters are built and parts are plugged together.

`build` reads from the bottom of the layer list to the top; each lane has a module in `composition`.
Tests call the same `build` with a `World` of their own.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from fastapi import FastAPI

from ringdown.composition.address import Address
from ringdown.composition.console import build_assist, build_console
from ringdown.composition.foundation import FACTS, Step, World, build_base
from ringdown.composition.identity import build_identity
from ringdown.composition.incidents import build_incidents
from ringdown.composition.listening import build_listening
from ringdown.composition.partners import build_partners
from ringdown.composition.phone import PracticePhones, build_phone
from ringdown.composition.voice import build_voice
from ringdown.composition.web import build_web
from ringdown.console.demo import DemoCalls
from ringdown.identity.service.setup import Setup
from ringdown.media.adapters.livekit import MediaServer
from ringdown.partners.cable import CableService
from ringdown.redaction.service import RedactionService
from ringdown.runtime.tasks import Tasks
from ringdown.settings import Settings

__all__ = ["FACTS", "App", "World", "build"]


@dataclass
class App:
    """A running installation."""

    settings: Settings
    asgi: FastAPI
    tasks: Tasks
    setup: Setup
    demo: DemoCalls
    media_server: MediaServer | None
    address: Address
    cable: CableService
    redaction: RedactionService
    phones: PracticePhones | None = None

    async def stopping(self) -> None:
        """The web server is about to stop: whoever should come back is told so."""
        await self.cable.stop()

    async def serving(self, address: str) -> None:
        """The web server answers at this address now."""
        self.demo.serve_at(address)
        self.address.is_now(address)

    async def setup_link(self, address: str) -> str | None:
        """The link that makes the first administrator, or None if there is one."""
        if not await self.setup.needed():
            return None
        return f"{address}/setup#{await self.setup.issue_token()}"


@asynccontextmanager
async def build(
    settings: Settings,
    world: World,
    *,
    practice_cad: bool = False,
    practice_carrier: bool = False,
    step: Step = lambda _text: None,
) -> AsyncGenerator[App, None]:
    """Plug everything together, bottom of the layer list first; leaving ends it in reverse."""
    async with AsyncExitStack() as stack:
        base = await build_base(settings, world, stack, step)
        identity = build_identity(base)
        voice = await build_voice(base, identity)
        listening = build_listening(base, identity, voice)
        incidents = await build_incidents(base, identity, voice, practice_cad=practice_cad)
        phone = await build_phone(
            base, identity, voice, listening, incidents, practice_carrier=practice_carrier
        )
        partners = build_partners(base, identity, voice, listening, phone)
        assist = await build_assist(base, voice)
        console = build_console(base, identity, voice, incidents, phone, assist)
        asgi = build_web(
            base, identity, voice, listening, incidents, phone, partners, assist, console
        )

        # from here on, things happen
        tasks = base.tasks
        base.bus.start(tasks)
        tasks.supervise("clients stopped elsewhere", identity.stopped_elsewhere.run)
        tasks.supervise("console feed", console.hub.run)
        tasks.supervise("transcript streams", partners.streams.run)
        tasks.supervise("transcript sockets", partners.cable.watch)
        await voice.media.start()
        stack.push_async_callback(voice.media.stop)
        voice.playback.start(tasks)
        stack.push_async_callback(voice.playback.stop)
        step("Recording ready")
        tasks.supervise("speech", voice.lane.run)
        step("Speech engine starting in the background")
        tasks.supervise("maps", incidents.streets.run)
        tasks.supervise("cad", incidents.deliveries.run)
        tasks.supervise("texts", phone.texting.outbox.run)
        tasks.supervise("silent calls", phone.texting.silent.run)
        tasks.supervise("pictures by text", phone.texting.pictures.run)
        tasks.supervise("caller links", phone.caller.watch.run)
        tasks.supervise("wrong caller links", phone.caller.door.tell_wrong)
        tasks.supervise("responder links", phone.responders.run)
        tasks.supervise("webhooks", partners.sender.run)
        tasks.supervise("old webhooks", partners.pruner.run)
        if listening.media_server is None:
            base.lamps.set("media_server", "off", "No media server is set up.")
        else:
            tasks.supervise("media server", listening.media_server.run)
        if listening.rooms is not None:
            tasks.spawn("media server library", asyncio.to_thread(listening.rooms.prepare))
        tasks.supervise("listening", listening.service.run)
        tasks.supervise("video", phone.video.upkeep.run)
        tasks.supervise("rooms of cameras", phone.video.upkeep.run_rooms)
        tasks.supervise("callers' files", phone.uploads.run)
        stack.push_async_callback(listening.service.stop)
        yield App(
            settings=settings,
            asgi=asgi,
            tasks=tasks,
            setup=identity.setup,
            demo=console.demo,
            media_server=listening.media_server,
            address=base.address,
            cable=partners.cable,
            redaction=voice.redaction,
            phones=phone.practice,
        )
