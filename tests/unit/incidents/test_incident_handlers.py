"""From facts to drafts: the handlers, with the utterances as speech tells them."""

from tests.unit.incidents.world import DANA, World

from ringdown.calls.events import CallEnded
from ringdown.core.events import FactRecord, Signal
from ringdown.incidents.cues import Cue
from ringdown.incidents.evidence import Evidence
from ringdown.incidents.handlers import NAME, subscribe
from ringdown.incidents.model import Extracted, Proposal
from ringdown.incidents.questions import Question
from ringdown.speech.events import UtteranceFinalised
from ringdown.testing.clock import START
from ringdown.testing.extractor import Utterance, spoken


class StraightBus:
    """Hands each fact to its handler at once."""

    def __init__(self) -> None:
        self.handlers, self.names = {}, set()

    def subscribe(self, kind, handler, /, *, name: str) -> None:
        self.handlers[kind], self.names = handler, {*self.names, name}

    def signal(self, signal: Signal) -> None:
        raise AssertionError("incidents signal nothing")

    on_signal = None

    async def tell(self, fact) -> None:
        await self.handlers[type(fact)](FactRecord(1, "evt_1", START, fact))


def finalised(call_id: str, said: Utterance) -> UtteranceFinalised:
    return UtteranceFinalised.model_validate(
        {
            "centre_id": "centre_a",
            "call_id": call_id,
            "utterance": {
                "utterance_id": said.utterance_id,
                "call_id": call_id,
                "leg_id": "leg_1",
                "side": said.side,
                "start_ms": said.start_ms,
                "end_ms": said.end_ms,
                "text": " ".join(word.word for word in said.words),
                "revision": said.revision,
                "engine": "test",
                "doubtful": False,
                "words": [
                    {
                        "word": word.word,
                        "start_ms": word.start_ms,
                        "end_ms": word.end_ms,
                        "confidence": word.confidence,
                        "timing_estimated": True,
                        "doubtful": False,
                    }
                    for word in said.words
                ],
            },
        }
    )


async def test_a_finished_utterance_reaches_the_draft(world: World) -> None:
    """The shape that speech tells is the shape that the rules read."""
    bus = StraightBus()
    subscribe(bus, world.service)
    call_id = await world.begin()
    await bus.tell(finalised(call_id, spoken(0, "caller", "I'm at twenty-two ten Genesee street")))
    draft = await world.service.draft(DANA, call_id)
    assert draft.fields["location"].value == "2210 Genesee Street"
    assert bus.names == {NAME}


async def test_the_end_of_a_call_lets_its_session_go(world: World) -> None:
    """Memory is for open calls."""
    bus = StraightBus()
    subscribe(bus, world.service)
    call_id = await world.begin()
    await bus.tell(finalised(call_id, spoken(0, "caller", "there is a fire")))
    assert world.service._sessions
    call = await world.calls.get(DANA, call_id)
    await bus.tell(CallEnded(centre_id="centre_a", call_id=call_id, call=call))
    assert not world.service._sessions


async def test_an_extractor_that_cites_nothing_proposes_nothing(world: World) -> None:
    """The fold asks for evidence, whatever a third party's extractor says."""

    class Rash:
        def hear(self, utterance):
            cited = Evidence("utt_000000", "caller", 0, 0, 0, 280, "hello")
            street = "1 Invented Street"
            return Extracted(
                proposals=(
                    Proposal("location", street, street, 0.99, (), "guess"),
                    Proposal("type", "fire", "Fire", 0.5, (cited,), "heard"),
                ),
                cues=(Cue("overdose", 0.9, (), "guess"),),
                questions=(Question("location", ()),),
            )

        def open(self):
            return self

    world.service._extractor = Rash()
    call_id = await world.begin()
    await world.service.hear("centre_a", call_id, spoken(0, "caller", "hello"))
    draft = await world.service.draft(DANA, call_id)
    assert draft.fields["location"].state == "unknown"
    assert draft.fields["type"].value == "fire"
    assert (draft.cues, [each for each in draft.questions if each.asked]) == ((), [])
