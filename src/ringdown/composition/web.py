"""Every route, behind the one guard."""

from contextlib import AsyncExitStack
from importlib.resources import as_file, files
from pathlib import Path
from urllib.parse import urlsplit

from fastapi import FastAPI

from ringdown.assist.http import assist_routes
from ringdown.assist.service import AssistService
from ringdown.audit.http import audit_routes
from ringdown.cad.http import cad_routes
from ringdown.caller.http import caller_routes
from ringdown.caller.page_http import caller_page
from ringdown.caller.phone_http import phone_routes
from ringdown.caller.trail_http import trail_routes
from ringdown.calls.http import call_routes
from ringdown.composition.console import Console
from ringdown.composition.foundation import Base, version
from ringdown.composition.identity import Identity
from ringdown.composition.incidents import Incidents
from ringdown.composition.listening import Listening
from ringdown.composition.partners import Partners
from ringdown.composition.phone import Phone
from ringdown.composition.voice import Voice
from ringdown.console.demo import demo_routes
from ringdown.console.http import contract_routes, pages
from ringdown.console.http import routes as console_routes
from ringdown.core.errors import RingdownError
from ringdown.identity.http import IdentityParts, identity_routes
from ringdown.identity.oauth_http import oauth_routes
from ringdown.incidents.http import incident_routes
from ringdown.listening.adapters.livekit_rooms import LiveKitRooms
from ringdown.listening.http import listening_routes
from ringdown.media.adapters.livekit import MediaServerIncomplete
from ringdown.media.http import routes as media_routes
from ringdown.partners.admin_http import partner_admin_routes
from ringdown.partners.cable_http import cable_routes
from ringdown.partners.http import partner_routes
from ringdown.partners.limits import RequestLimit
from ringdown.responders.http import responder_routes
from ringdown.responders.page_http import responder_page
from ringdown.runtime.http import Routes, install
from ringdown.runtime.livekit import websocket_url
from ringdown.runtime.traces import FRAMEWORK, TracedHttp
from ringdown.speech.http import routes as transcript_routes
from ringdown.speech.names_http import names_routes
from ringdown.streets.http import streets_routes
from ringdown.texting.hooks_http import hook_routes
from ringdown.texting.http import texting_routes
from ringdown.uploads.http import upload_routes
from ringdown.uploads.tus_http import page_upload_routes
from ringdown.video.http import video_routes


def build_web(
    base: Base,
    identity: Identity,
    voice: Voice,
    listening: Listening,
    incidents: Incidents,
    phone: Phone,
    partners: Partners,
    assist: AssistService,
    console: Console,
) -> FastAPI:
    """Every route, behind the one guard."""
    settings, stack, clock = base.settings, base.stack, base.clock
    authentication, check_origin = identity.authentication, identity.auth.check_origin

    async def ready() -> bool:
        try:
            async with base.db.read() as tx:
                await base.facts.last_seq(tx)
        except RingdownError:
            return False
        return True

    asgi = FastAPI(
        title="Ringdown",
        version=version(),
        summary="The open call-taking assistant for emergency communications centres.",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        telemetry=FRAMEWORK,
    )
    routes: list[Routes] = [
        identity_routes(
            IdentityParts(
                sessions=identity.sessions,
                users=identity.users,
                clients=identity.clients,
                setup=identity.setup,
            ),
            check_origin,
        ),
        oauth_routes(identity.access_tokens),
        audit_routes(base.audit, base.db),
        call_routes(voice.calls, clock),
        media_routes(
            voice.media, voice.playback, authentication, clock=clock, settings=settings.media
        ),
        listening_routes(listening.service),
        transcript_routes(voice.transcript),
        names_routes(voice.names),
        streets_routes(incidents.streets),
        incident_routes(incidents.drafts, voice.calls, base.db, clock),
        cad_routes(incidents.deliveries),
        texting_routes(phone.texting),
        hook_routes(phone.texting, phone.carrier, clock),
        partner_routes(
            partners.incidents, RequestLimit(settings.partners.requests_per_minute, clock)
        ),
        partner_admin_routes(partners.endpoints),
        cable_routes(partners.cable, identity.access_tokens),
        responder_routes(phone.responders, clock),
        video_routes(phone.video, identity.auth, check_origin),
        upload_routes(phone.uploads),
        page_upload_routes(phone.uploads.receiving, phone.caller.pages, check_origin),
        assist_routes(assist),
        demo_routes(console.demo),
        console_routes(
            console.service,
            console.hub,
            base.lamps,
            base.metrics,
            authentication.still_valid,
            ready=ready,
        ),
        contract_routes(asgi.openapi),
        caller_routes(phone.caller),
        trail_routes(phone.trail, phone.caller.pages, check_origin),
        phone_routes(
            phone.caller.door,
            phone.caller.pages,
            check_origin,
            clock=clock,
            settings=settings.caller,
            max_kbps=settings.video.max_kbps,
            carry_audio=settings.video.carry_audio,
        ),
        caller_page(static_folder(stack, "caller"), microphone=settings.video.carry_audio),
        responder_page(static_folder(stack, "responders"), connect_to=()),
        pages(static_folder(stack, "console")),
    ]
    install(
        asgi,
        identity.auth,
        routes,
        on_refused=identity.means.refused_access,
        connect_to=connect_sources(listening.rooms),
    )
    if base.traces.on:
        asgi.add_middleware(TracedHttp, traces=base.traces)
    return asgi


def connect_sources(rooms: LiveKitRooms | None) -> tuple[str, ...]:
    """What the console may connect to beside this server, for its content security policy.

    Only the media server: people listen through it, and its address (another port, often another
    host) is not `'self'`. The client opens a WebSocket, and asks over HTTP why one was refused.
    """
    if rooms is None:
        return ()
    try:
        url = rooms.public_url
    except MediaServerIncomplete:
        return ()  # its lamp says so
    # Without a path: in a policy, one would allow that very path and none below it.
    parts = urlsplit(websocket_url(url))
    host = f"{parts.scheme}://{parts.netloc}"
    return (host, f"http{host.removeprefix('ws')}")


def static_folder(stack: AsyncExitStack, feature: str) -> Path:
    """The pages of a feature, built into this package."""
    return stack.enter_context(as_file(files(f"ringdown.{feature}") / "static"))
