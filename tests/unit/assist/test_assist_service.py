"""A language model follows a call: tokens go out, checked sentences come in, and nobody waits."""

import asyncio
import json

import pytest
from tests.unit.assist.world import CENTRE, DANA, MAX, PHONES, World, in_virtual_time, wrote

from ringdown.assist.fakes import NOTHING, ScriptedModel
from ringdown.assist.model.prompt import PROMPT_HASH
from ringdown.assist.ports import ModelBusy, ModelLate, ModelUnreachable
from ringdown.assist.service import SwitchNeedsPerson
from ringdown.core.errors import NotFound
from ringdown.redaction.api import ValuesClosed

SAID = "My name is Priya Raman, there's a fire at 412 Maple Street, my number is 555-0143."
VALUES = ("Priya", "Raman", "412", "Maple", "555", "0143")


def data_of(model: ScriptedModel, at: int = -1) -> dict:
    return json.loads(model.asked[at].data)


def test_only_tokens_leave_and_checked_sentences_show() -> None:
    model = ScriptedModel(
        NOTHING,
        wrote(
            ("Caller [NAME_1] reports a fire at [ADDRESS_1].", [2]),
            ("Caller reports a fire at 412 Maple Street.", [2]),
            ("Three people are trapped.", [2]),
            location=("[ADDRESS_1]", [2]),
            callback_number=("[PHONE_1]", [2]),
            victims=("3", [2]),
        ),
    )

    async def scenario(world: World) -> None:
        await world.say("call_taker", "911, what is the address of your emergency?")
        await world.say("caller", SAID)
        sent = json.dumps([[asked.rules, asked.data] for asked in model.asked])
        assert not any(value in sent for value in VALUES)
        assert world.call_id not in sent
        view = await world.service.read(DANA, world.call_id)
        (sentence,) = view.sentences
        assert sentence.text == "Caller [NAME_1] reports a fire at [ADDRESS_1]."
        assert [(c.utterance_id, c.start_ms, c.end_ms) for c in sentence.cites] == [
            ("utt_1", 10_000, 13_000)
        ]
        assert sentence.model == "scripted"
        assert {p.field: p.value for p in view.proposals} == {
            "location": "[ADDRESS_1]",
            "callback_number": "[PHONE_1]",
        }
        assert view.withheld == 3
        assert sum(view.reasons.values()) == 3
        assert not view.revealed
        assert world.count("ringdown_assist_sentences_total", outcome="withheld") == 3
        assert world.count("ringdown_assist_sentences_total", outcome="shown") == 3

    in_virtual_time(model, scenario)


def test_every_round_is_in_the_audit_log_with_model_version_and_hashes_and_no_word() -> None:
    model = ScriptedModel(wrote(("Caller [NAME_1] reports a fire at [ADDRESS_1].", [1])))

    async def scenario(world: World) -> None:
        await world.say("caller", SAID)
        row = next(row for row in await world.rows() if row.tag == "assist:narrative:written")
        assert row.subject == world.call_id
        assert row.details["model"] == "scripted"
        assert row.details["version"] == "scripted#1"
        assert row.details["prompt_sha256"] == PROMPT_HASH
        assert row.details["request_sha256"] == model.asked[0].request_hash
        assert (row.details["sentences"], row.details["withheld"]) == (1, 0)
        assert not any(word in repr(row) for word in (*VALUES, "fire", "NAME_1"))
        (fact,) = await world.told()
        assert (fact.narrative.sentences, fact.narrative.version) == (1, 1)
        assert "fire" not in fact.model_dump_json()

    in_virtual_time(model, scenario)


def test_a_reveal_restores_the_values_and_is_audited() -> None:
    model = ScriptedModel(
        wrote(("Caller [NAME_1] reports a fire.", [1]), location=("[ADDRESS_1]", [1]))
    )

    async def scenario(world: World) -> None:
        await world.say("caller", SAID)
        view = await world.service.reveal(DANA, world.call_id)
        assert view.revealed
        assert view.sentences[0].text == "Caller Priya Raman reports a fire."
        assert view.proposals[0].value == "412 Maple Street"
        row = next(row for row in await world.rows() if row.tag == "redaction:values:revealed")
        assert row.details == {"tokens": ["[ADDRESS_1]", "[NAME_1]"], "purpose": "the narrative"}
        assert await world.shown() == ["Caller [NAME_1] reports a fire."]

    in_virtual_time(model, scenario)


def test_new_words_are_asked_about_once_and_old_ones_are_marked_so() -> None:
    model = ScriptedModel(
        wrote(("Caller reports smoke.", [1])),
        wrote(("Caller reports smoke!", [1]), ("Nobody is inside.", [2])),
    )

    async def scenario(world: World) -> None:
        await world.say("caller", "There is smoke.")
        world.service.heard(CENTRE, world.call_id)  # the same fact once more
        await asyncio.sleep(60)
        assert len(model.asked) == 1
        await world.say("caller", "Nobody is inside.")
        assert data_of(model)["new_from"] == 2
        assert data_of(model)["notes"] == [{"number": 1, "text": "Caller reports smoke."}]
        assert await world.shown() == ["Caller reports smoke.", "Nobody is inside."]
        assert (await world.service.read(DANA, world.call_id)).withheld == 0

    in_virtual_time(model, scenario)


def test_a_better_revision_is_asked_about_in_place_of_the_first() -> None:
    model = ScriptedModel(
        wrote(("Caller reports smoke.", [1])), wrote(("Caller reports a stroke.", [1]))
    )

    async def scenario(world: World) -> None:
        await world.say("caller", "There is smoke.")
        await world.hear_better(0, "There is a stroke.")
        assert len(model.asked) == 2
        assert "smoke" not in json.dumps(data_of(model)["lines"])
        assert (await world.shown())[-1] == "Caller reports a stroke."

    in_virtual_time(model, scenario)


def test_a_correction_takes_the_place_of_a_note_and_both_are_kept() -> None:
    model = ScriptedModel(
        wrote(("The truck is black.", [1])),
        wrote(("The truck is white.", [2], 1), ("The truck left.", [2], 9)),
    )

    async def scenario(world: World) -> None:
        await world.say("caller", "The truck is black.")
        await world.say("caller", "Sorry, the truck is white and it left.")
        view = await world.service.read(DANA, world.call_id)
        assert [(s.number, s.text, s.replaced_by) for s in view.sentences] == [
            (1, "The truck is black.", 2),
            (2, "The truck is white.", None),
        ]
        assert view.withheld == 1, "there is no ninth note to correct"
        assert [r.number for r in (await world.service.export(DANA, world.call_id)).rounds] == [
            1,
            2,
        ]

    in_virtual_time(model, scenario)


def test_questions_about_a_call_keep_their_distance() -> None:
    model = ScriptedModel()

    async def scenario(world: World) -> None:
        for _ in range(20):
            await world.say("caller", "There is smoke, please hurry.", then_s=1)
        assert len(model.asked) <= 4

    in_virtual_time(model, scenario, every_s=6)


def test_whoever_tells_of_an_utterance_never_waits() -> None:
    """Telling is a plain function: there is nothing that it could wait for."""

    class Stuck(ScriptedModel):
        async def ask(self, question):
            self.asked.append(question)
            await asyncio.sleep(3600)
            yield  # pragma: no cover

    model = Stuck()

    async def scenario(world: World) -> None:
        before = world.clock.monotonic()
        for _ in range(5):
            await world.say("caller", "There is smoke.", then_s=0)
        assert world.clock.monotonic() == before
        await asyncio.sleep(10)
        assert len(model.asked) == 1

    in_virtual_time(model, scenario)


def test_a_model_that_fails_is_left_alone_and_found_again() -> None:
    late = [ModelLate("too slow"), ModelUnreachable("gone"), ModelLate("too slow")]
    model = ScriptedModel(*late, wrote(("Caller reports smoke.", [1])))

    async def scenario(world: World) -> None:
        await world.say("caller", "There is smoke.", then_s=14)
        assert len(model.asked) == 3
        lamp = world.lamps.get("language_model")
        assert lamp is not None
        assert lamp.state == "down"
        assert "does not answer in time" in lamp.text
        assert "nothing on a call waits" in lamp.still_works
        await asyncio.sleep(10)
        assert len(model.asked) == 3, "the breaker is open"
        await asyncio.sleep(60)
        assert await world.shown() == ["Caller reports smoke."]
        lamp = world.lamps.get("language_model")
        assert lamp is not None
        assert lamp.state == "ok"

    in_virtual_time(model, scenario)


def test_a_busy_server_is_left_alone_for_as_long_as_it_says() -> None:
    busy = ModelBusy("too much")
    busy.retry_after_s = 300
    model = ScriptedModel(busy)

    async def scenario(world: World) -> None:
        await world.say("caller", "There is smoke.", then_s=250)
        assert len(model.asked) == 1
        await asyncio.sleep(100)
        assert len(model.asked) == 2

    in_virtual_time(model, scenario)


@pytest.mark.parametrize("garbage", ["", "no", "[]", '{"sentences": 3}', "{" * 10_000])
def test_garbage_is_a_failure_and_shows_nothing(garbage: str) -> None:
    model = ScriptedModel(garbage)

    async def scenario(world: World) -> None:
        await world.say("caller", "There is smoke.")
        assert await world.shown() == []
        assert world.count("ringdown_assist_rounds_total", outcome="failed") == 1

    in_virtual_time(model, scenario)


def test_nothing_is_asked_beyond_the_budget_of_a_call() -> None:
    model = ScriptedModel()

    async def scenario(world: World) -> None:
        for _ in range(6):
            await world.say("caller", "There is smoke.")
        assert len(model.asked) == 3
        world.restart()
        await world.say("caller", "There is smoke.")
        assert len(model.asked) == 3

    in_virtual_time(model, scenario, requests_per_call=3)


def test_nothing_is_asked_beyond_the_budget_of_a_day_and_the_lamp_says_so() -> None:
    model = ScriptedModel()

    async def scenario(world: World) -> None:
        for _ in range(6):
            await world.say("caller", "There is smoke.")
        assert 1 < len(model.asked) < 6
        lamp = world.lamps.get("language_model")
        assert lamp is not None
        assert lamp.state == "warn"
        await asyncio.sleep(25 * 3600)
        asked = len(model.asked)
        await world.say("caller", "There is fire.")
        assert len(model.asked) == asked + 1

    in_virtual_time(model, scenario, tokens_per_day=1000)


def test_switched_off_for_a_call_means_nothing_is_sent_and_nothing_is_kept() -> None:
    class Slow(ScriptedModel):
        async def ask(self, question):
            await asyncio.sleep(20)
            async for piece in super().ask(question):
                yield piece

    model = Slow(wrote(("Caller reports smoke.", [1])), wrote(("Caller reports smoke.", [1])))

    async def scenario(world: World) -> None:
        await world.say("caller", "There is smoke.", then_s=5)
        view = await world.service.switch(DANA, world.call_id, off=True)
        assert view.off
        assert view.switched_by is not None
        assert view.switched_by.name == "Dana Reyes"
        await asyncio.sleep(60)
        assert await world.shown() == [], "it was being written when it was switched off"
        await world.say("caller", "There is fire.")
        assert len(model.asked) == 1
        await world.service.switch(DANA, world.call_id, off=True)
        await world.service.switch(DANA, world.call_id, off=False)
        await asyncio.sleep(60)
        assert await world.shown() == ["Caller reports smoke."]
        tags = [row.tag for row in await world.rows() if row.tag.startswith("assist:call")]
        assert tags == ["assist:call:switched_off", "assist:call:switched_on"]
        assert [fact.narrative.off for fact in await world.told()] == [True, False, False]

    in_virtual_time(model, scenario)


def test_only_a_person_switches_and_another_centres_call_looks_missing() -> None:
    async def scenario(world: World) -> None:
        with pytest.raises(SwitchNeedsPerson):
            await world.service.switch(PHONES, world.call_id, off=True)
        for use in (world.service.read, world.service.reveal, world.service.export):
            with pytest.raises(NotFound):
                await use(MAX, world.call_id)
        with pytest.raises(NotFound):
            await world.service.switch(MAX, world.call_id, off=True)

    in_virtual_time(None, scenario)


def test_without_a_model_a_call_is_whole_and_nothing_is_kept() -> None:
    async def scenario(world: World) -> None:
        await world.say("caller", SAID)
        view = await world.service.read(DANA, world.call_id)
        assert (view.model, view.version, view.sentences) == (None, 0, ())
        assert await world.told() == []
        assert world.lamps.get("language_model") is None

    in_virtual_time(None, scenario)


def test_after_a_restart_it_goes_on_where_it_was() -> None:
    model = ScriptedModel(wrote(("Caller reports smoke.", [1])), wrote(("Nobody is inside.", [2])))

    async def scenario(world: World) -> None:
        await world.say("caller", "There is smoke.")
        world.restart()
        world.service.heard(CENTRE, world.call_id)
        await asyncio.sleep(60)
        assert len(model.asked) == 1, "nothing new was said"
        await world.say("caller", "Nobody is inside.")
        assert data_of(model)["new_from"] == 2
        assert await world.shown() == ["Caller reports smoke.", "Nobody is inside."]

    in_virtual_time(model, scenario)


def test_the_end_of_a_call_is_asked_about_at_once_and_its_follower_goes() -> None:
    model = ScriptedModel()

    async def scenario(world: World) -> None:
        await world.say("caller", "There is smoke.", then_s=1)
        await world.say("caller", "Nobody is inside.", then_s=0)
        world.service.ended(CENTRE, world.call_id)
        await asyncio.sleep(30)
        assert len(model.asked) == 2
        assert not world.service._followers

    in_virtual_time(model, scenario, every_s=10)


def test_nothing_is_sent_when_values_cannot_be_kept_away() -> None:
    model = ScriptedModel()

    async def scenario(world: World) -> None:
        async def closed(*_: object) -> None:
            raise ValuesClosed("no key")

        world.redaction.redact = closed  # type: ignore[method-assign]
        for _ in range(4):
            await world.say("caller", SAID)
        assert model.asked == []
        lamp = world.lamps.get("language_model")
        assert lamp is not None
        assert "Nothing is sent" in lamp.text

    in_virtual_time(model, scenario)


def test_a_value_that_is_known_later_does_not_go_out_again_in_earlier_lines() -> None:
    model = ScriptedModel()

    async def scenario(world: World) -> None:
        await world.say("caller", "It is on the left, quarrelton or something.")
        await world.say("caller", "My name is Bill Quarrelton.")
        assert "uarrelton" not in model.asked[-1].data

    in_virtual_time(model, scenario)


def test_brackets_that_somebody_wrote_are_no_token() -> None:
    model = ScriptedModel(wrote(("Caller is at [ADDRESS_7].", [1])))

    async def scenario(world: World) -> None:
        await world.say("caller", "I am at [ADDRESS_7].")
        assert "[ADDRESS_7]" not in model.asked[0].data
        assert await world.shown() == []

    in_virtual_time(model, scenario)


def test_a_long_call_is_sent_by_its_end() -> None:
    model = ScriptedModel()

    async def scenario(world: World) -> None:
        for number in range(40):
            await world.say("caller", f"There is smoke, {'very ' * 20} much.", then_s=0)
            assert number >= 0
        await asyncio.sleep(60)
        numbers = [line["number"] for line in data_of(model)["lines"]]
        assert numbers[-1] == 40
        assert 1 < len(numbers) < 10

    in_virtual_time(model, scenario, window_chars=1000)


def test_a_model_that_makes_up_most_of_it_is_shown_as_such() -> None:
    lie = wrote(*((f"The suspect has a rifle and {n} bombs.", [1]) for n in range(10)))
    model = ScriptedModel(lie, lie, lie)

    async def scenario(world: World) -> None:
        for _ in range(3):
            await world.say("caller", "There is smoke.")
        lamp = world.lamps.get("language_model")
        assert lamp is not None
        assert lamp.state == "warn"
        assert "withheld" in lamp.text
        assert (await world.service.read(DANA, world.call_id)).withheld == 30

    in_virtual_time(model, scenario)
