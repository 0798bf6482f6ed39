"""A summary of each confirmed version reaches everybody, in order, and no draft ever does."""

from dataclasses import replace

import jsonschema
import pytest
from tests.unit.cad.world import DANA, World

from ringdown.cad.events import IncidentSummarised
from ringdown.cad.fakes import KeptSummaries
from ringdown.cad.model import MessageForged
from ringdown.cad.schema import encode
from ringdown.cad.summary import IncidentSummary, subject, summary_json_schema
from ringdown.core.errors import NotFound, Unavailable


async def told(world: World) -> list[IncidentSummary]:
    return [one.record.fact.summary for one in await world.summaries()]


async def test_each_version_is_summed_up_once_in_order() -> None:
    """Confirmed, corrected, cancelled; hearing of it again adds nothing."""
    world = World()
    call_id = await world.queue()
    await world.confirm(call_id, "14 Elm St")
    await world.cancel(call_id, 2)
    await world.hear()
    world._seen = 0
    await world.hear()
    found = await told(world)
    assert [(one.version, one.state, one.reason) for one in found] == [
        (1, "active", None), (2, "active", None), (3, "cancelled", "False alarm"),
    ]  # fmt: skip
    assert [one.location.text for one in found if one.location] == [
        "12 Elm St", "14 Elm St", "14 Elm St",
    ]  # fmt: skip
    assert {(one.type, one.victims, one.severity) for one in found} == {(None, None, None)}
    assert {one.confirmed_by.name for one in found} == {"Dana"}
    assert len({subject(one) for one in found}) == 1


async def test_a_draft_is_never_summed_up() -> None:
    """Typed, confirmed as a field, but not sent: nothing is told."""
    world = World()
    call_id = await world.begin()
    field = await world.incidents.edit(DANA, call_id, "location", "12 Elm St", 0)
    await world.incidents.confirm_field(DANA, call_id, "location", field.version)
    await world.hear()
    assert await told(world) == []


async def test_a_summary_is_valid_by_its_published_schema() -> None:
    """What we publish is what is described."""
    world = World()
    await world.queue()
    (one,) = await told(world)
    schema = summary_json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(one.model_dump(mode="json", by_alias=True), schema)
    assert IncidentSummary.model_validate_json(encode(one)) == one


def test_the_published_schema_of_summaries_is_fresh() -> None:
    """`ringdown cad schema --summary --out docs/reference/incident-summary.schema.json`."""
    from pathlib import Path

    from ringdown.cad.summary import summary_schema_text

    published = Path(__file__).parents[3] / "docs/reference/incident-summary.schema.json"
    assert published.read_text(encoding="utf-8") == summary_schema_text()


async def test_what_is_published_is_what_was_confirmed() -> None:
    """Once for each, however often the fact arrives."""
    kept = KeptSummaries()
    world = World(publisher=kept)
    await world.queue()
    (one,) = await world.summaries()
    await world.deliveries.on_summarised(one.record)
    await world.deliveries.on_summarised(one.record)
    assert [summary for _, summary in kept.published] == await told(world)


async def test_an_outage_is_waited_for() -> None:
    """The bus goes on trying; nothing is set aside."""
    kept = KeptSummaries()
    kept.away = True
    world = World(publisher=kept)
    await world.queue()
    (one,) = await world.summaries()
    with pytest.raises(Unavailable):
        await world.deliveries.on_summarised(one.record)


@pytest.mark.parametrize(
    "change",
    [
        {"confirmation_id": "conf_x"},
        {"state": "cancelled", "reason": "Lie"},
        {"version": 2},
        {"digest": "0" * 64},
        {"location": None},
        {"call_id": "call_x"},
        {"demo": True},
    ],
)
async def test_a_summary_that_nobody_confirmed_is_not_published(change: dict) -> None:
    """A fact alone is not a person's word: each part must be what the store says."""
    kept = KeptSummaries()
    world = World(publisher=kept)
    await world.queue()
    (one,) = await world.summaries()
    fact = one.record.fact
    assert isinstance(fact, IncidentSummarised)
    forged = fact.model_copy(update={"summary": fact.summary.model_copy(update=change)})
    with pytest.raises(MessageForged):
        await world.deliveries.on_summarised(replace(one.record, fact=forged))
    elsewhere = fact.model_copy(update={"centre_id": "b"})
    with pytest.raises((MessageForged, NotFound)):
        await world.deliveries.on_summarised(replace(one.record, fact=elsewhere))
    assert kept.published == []
