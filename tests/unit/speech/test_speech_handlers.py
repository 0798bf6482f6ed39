"""From facts about recordings to listening."""

from ringdown.core.events import FactRecord
from ringdown.media.events import LegCompleted, LegOpened, LegRecording
from ringdown.speech.handlers import subscribe
from ringdown.speech.model.utterance import LegRef
from ringdown.testing.clock import START


class Lane:
    def __init__(self) -> None:
        self.did: list[object] = []

    async def follow(self, leg: LegRef) -> None:
        self.did.append(leg)

    async def end(self, centre_id: str, leg_id: str) -> None:
        self.did.append((centre_id, leg_id))


class Wires:
    """Keeps the handlers by the kind of fact."""

    def __init__(self) -> None:
        self.handlers = {}

    def subscribe(self, kind, handler, /, *, name: str) -> None:
        assert name == "speech"
        self.handlers[kind.kind] = handler

    async def tell(self, fact) -> None:
        await self.handlers[fact.kind](FactRecord(1, "evt_1", START, fact))


async def test_a_leg_is_listened_to_from_its_opening_to_its_completion() -> None:
    """With its place on the call's clock and the folders its files may be in."""
    lane, wires = Lane(), Wires()
    subscribe(wires, lane, lambda centre, call: (f"/r/{centre}/{call}", "/spare"))
    recording = LegRecording(
        leg_id="leg_1", side="call_taker", start_ms=350,
        first_instant="2026-03-01T03:00:00.000Z", codec="pcmu", rate=8000,
    )  # fmt: skip
    await wires.tell(LegOpened(centre_id="a", call_id="call_1", leg=recording))
    await wires.tell(
        LegCompleted(
            centre_id="a", call_id="call_1", leg_id="leg_1", side="call_taker", duration_ms=900
        )
    )
    followed = LegRef(
        centre_id="a", call_id="call_1", leg_id="leg_1", side="call_taker",
        start_ms=350, folders=("/r/a/call_1", "/spare"),
    )  # fmt: skip
    assert lane.did == [followed, ("a", "leg_1")]
