"""Routes of the console: consents, the script that is read out, links."""

from typing import Annotated

from fastapi import Path, Query
from pydantic import Field

from ringdown.caller import wordings
from ringdown.caller.model import among
from ringdown.caller.service import CallerService
from ringdown.caller.views import SHARES, ConsentView, Language, LinkView, Outcome, Share
from ringdown.core.events import Value
from ringdown.runtime.http import Caller, Routes
from ringdown.texting.api import MessageView, Preview

CallId = Annotated[str, Path(max_length=64)]
Number = Annotated[str, Field(max_length=32)]
Reason = Annotated[str, Field(max_length=500)]


class ConsentBody(Value):
    """What a caller was asked and answered on the call."""

    shares: tuple[Share, ...] = Field(min_length=1)
    outcome: Outcome
    language: Language = "en"
    number: Number | None = None
    reason: Reason | None = None


class LinkBody(Value):
    """A link of what was agreed to; another number than the caller's needs a reason."""

    consent_id: str = Field(max_length=64)
    number: Number | None = None
    other_number_reason: Reason | None = None


class PreviewBody(Value):
    """The same before it is sent; without a consent, in which language."""

    consent_id: str | None = Field(default=None, max_length=64)
    language: Language | None = None
    number: Number | None = None
    other_number_reason: Reason | None = None


class StopBody(Value):
    """What a page is to share no longer."""

    share: Share


class MadeLink(Value):
    """A link and the message that carries it; in state `manual` a person sends its text."""

    link: LinkView
    message: MessageView


class CallerView(Value):
    """What the caller was asked and answered, and the links of the call, in order."""

    consents: list[ConsentView]
    links: list[LinkView]


class ScriptView(Value):
    """What is read to the caller; `english` is the same, for who reads it through an interpreter.

    `languages` and `offered`: what there is to choose from.
    """

    language: Language
    text: str
    english: str
    languages: dict[Language, str]
    offered: list[Share]


def caller_routes(caller: CallerService) -> Routes:
    """Consents and links of the calls of one's centre."""
    routes = Routes("caller")

    @routes.get("/v1/caller/script", permission="caller:ask")
    async def script(  # pyright: ignore[reportUnusedFunction]
        shares: Annotated[
            str, Query(max_length=60, description="location, video, upload, chat; with commas.")
        ] = "location",
        language: Language = "en",
    ) -> ScriptView:
        """The words in which a caller is asked before a link may be sent."""
        asked = {part.strip() for part in shares.split(",")}
        chosen = among(SHARES, asked)
        return ScriptView(
            language=language,
            text=wordings.script(language, chosen),
            english=wordings.script("en", chosen),
            languages=wordings.every(),
            offered=list(caller.offered),
        )

    @routes.get("/v1/calls/{call_id}/caller", permission="calls:read")
    async def show(  # pyright: ignore[reportUnusedFunction]
        principal: Caller, call_id: CallId
    ) -> CallerView:
        """Consents and links of a call."""
        consents, links = await caller.of_call(principal, call_id)
        return CallerView(consents=consents, links=links)

    @routes.post("/v1/calls/{call_id}/caller/consents", permission="caller:ask", status_code=201)
    async def record(  # pyright: ignore[reportUnusedFunction]
        principal: Caller, call_id: CallId, body: ConsentBody
    ) -> ConsentView:
        """Record what the caller answered, or why their location is asked for without them."""
        return await caller.consents.record(
            principal,
            call_id,
            shares=body.shares,
            outcome=body.outcome,
            language=body.language,
            number=body.number,
            reason=body.reason,
        )

    @routes.post("/v1/calls/{call_id}/caller/links/preview", permission="caller:ask")
    async def preview(  # pyright: ignore[reportUnusedFunction]
        principal: Caller, call_id: CallId, body: PreviewBody
    ) -> Preview:
        """The text as it would leave, and its segments. Nothing is sent or kept."""
        return await caller.preview(
            principal, call_id, consent_id=body.consent_id, language=body.language
        )

    @routes.post("/v1/calls/{call_id}/caller/links", permission="caller:ask", status_code=201)
    async def make(  # pyright: ignore[reportUnusedFunction]
        principal: Caller, call_id: CallId, body: LinkBody
    ) -> MadeLink:
        """Make a link of what the caller agreed to, and send it."""
        link, message = await caller.make(
            principal,
            call_id,
            consent_id=body.consent_id,
            number=body.number,
            other_number_reason=body.other_number_reason,
        )
        return MadeLink(link=link, message=message)

    @routes.post("/v1/calls/{call_id}/caller/links/{link_id}/stop", permission="caller:ask")
    async def stop(  # pyright: ignore[reportUnusedFunction]
        principal: Caller, call_id: CallId, link_id: str, body: StopBody
    ) -> LinkView:
        """End one thing that the page shares."""
        return await caller.stop_share(principal, call_id, link_id, body.share)

    @routes.delete("/v1/calls/{call_id}/caller/links/{link_id}", permission="caller:ask")
    async def revoke(  # pyright: ignore[reportUnusedFunction]
        principal: Caller,
        call_id: CallId,
        link_id: str,
        reason: Annotated[str, Query(max_length=500)] = "",
    ) -> LinkView:
        """Revoke a link: its page stops at its next sign of life."""
        return await caller.revoke(principal, call_id, link_id, reason)

    return routes
