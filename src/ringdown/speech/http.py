"""Routes of the transcript."""

from ringdown.runtime.http import Caller, Routes
from ringdown.speech.api import Transcript, TranscriptView


def routes(transcript: Transcript) -> Routes:
    """What was said on a call."""
    routes = Routes("transcript")

    @routes.get("/v1/calls/{call_id}/transcript", permission="calls:read")
    async def read(  # pyright: ignore[reportUnusedFunction]
        principal: Caller, call_id: str, after: str | None = None
    ) -> TranscriptView:
        """The final utterances of a call; with `after`, those finalised after that one."""
        return await transcript.read(principal, call_id, after=after)

    return routes
