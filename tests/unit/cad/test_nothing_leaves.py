"""Attempts to get a draft past confirmation, on every path out: the CAD, EIDO and summaries."""

import ast
import copy
import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from tests.unit.cad.world import DANA, PHONES, World, people

import ringdown
from ringdown.cad.eido import Sender
from ringdown.cad.events import IncidentSummarised
from ringdown.cad.fakes import KeptSummaries, ScriptedCad
from ringdown.cad.model import CadMessage, MessageForged
from ringdown.cad.schema import CadCall, CadCentre
from ringdown.core.errors import RingdownError
from ringdown.incidents.api import Confirmation, ConfirmationForged, ConfirmationView
from ringdown.incidents.events import IncidentConfirmed
from ringdown.incidents.model import ConfirmationRow, canonical_content, digest_of
from ringdown.incidents.ports import NotStored
from ringdown.runtime.db import Database

HERE = Sender("psap.example")


async def drafted(world: World) -> str:
    """A call whose draft holds what nobody has sent."""
    call_id = await world.begin()
    await world.incidents.edit(DANA, call_id, "location", "SECRET 12 Elm St", 0)
    return call_id


def view_of(call_id: str, **more: Any) -> ConfirmationView:
    """A confirmation that only looks like one."""
    told: dict[str, Any] = {
        "confirmation_id": "conf_forged", "call_id": call_id, "incident_id": "inc_x", "sequence": 1,
        "draft_version": 1, "by": {"user_id": "user_1", "name": "Dana"}, "at": "t",
        "digest": "0" * 64,
        "fields": {"location": {
            "value": "SECRET", "text": "SECRET", "origin": "typed", "evidence": (),
            "before": None, "after": "SECRET",
        }},
    }  # fmt: skip
    return ConfirmationView.model_validate({**told, **more})


def row_of(call_id: str, *, sequence: int = 1, user: str = "user_1", **more: Any) -> dict[str, Any]:
    """A row of a confirmation with the right digest, made by nobody's act."""
    named: dict[str, Any] = {
        "confirmation_id": "conf_forged", "centre_id": "a", "call_id": call_id,
        "incident_id": f"inc_{call_id.partition('_')[2]}", "sequence": sequence,
        "draft_version": 1, "user_id": user, "user_name": "Dana", "at": "t",
    }  # fmt: skip
    content = canonical_content(**named, fields={}, **more)
    return {**named, "digest": digest_of(content), "content": content}


async def nothing_left(world: World, kept: KeptSummaries) -> None:
    """Neither the CAD nor anybody else got anything."""
    await world.hear()
    await world.deliveries.run_once()
    assert isinstance(world.cad, ScriptedCad)
    assert world.cad.sent == []
    assert kept.published == []
    assert await world.summaries() == []


@pytest.mark.parametrize("cancelled", [False, True])
async def test_a_forged_fact_queues_sums_up_and_sends_nothing(cancelled: bool) -> None:
    """It names a confirmation that no store knows."""
    kept = KeptSummaries()
    world = World(publisher=kept, sender=HERE)
    call_id = await drafted(world)
    more = {"state": "cancelled", "reason": "x"} if cancelled else {}
    fact = IncidentConfirmed(centre_id="a", call_id=call_id, confirmation=view_of(call_id, **more))
    async with world.db.write() as tx:
        (record,) = await world.facts.append(tx, fact)
    with pytest.raises(RingdownError):
        await world.deliveries.on_confirmed(record)
    world._seen = 10**6
    await nothing_left(world, kept)


async def test_a_forged_summary_in_the_log_is_not_published() -> None:
    """Somebody writes a fact of their own; another version's summary, too, is not passed on."""
    kept = KeptSummaries()
    world = World(publisher=kept, sender=HERE)
    call_id = await world.queue()
    (good,) = await world.summaries()
    assert isinstance(good.record.fact, IncidentSummarised)
    await world.incidents.edit(DANA, call_id, "location", "SECRET 14 Elm St", 2)
    draft = (await world.incidents.draft(DANA, call_id)).fields["location"]
    told = good.record.fact.summary
    assert told.location is not None
    leaked = told.location.model_copy(update={"value": draft.value, "text": draft.text})
    forged = good.record.fact.model_copy(
        update={"summary": told.model_copy(update={"location": leaked})}
    )
    with pytest.raises(MessageForged):
        await world.deliveries.on_summarised(replace(good.record, fact=forged))
    assert kept.published == []


async def test_no_document_of_a_draft_is_handed_out() -> None:
    """Not to a person, not to a machine; and later changes do not get into what was confirmed."""
    world = World(sender=HERE)
    call_id = await drafted(world)
    for who in (DANA, PHONES):
        with pytest.raises(RingdownError) as refused:
            await world.deliveries.eido(who, call_id)
        assert refused.value.code == "cad.eido.nothing_confirmed"
    await world.confirm(call_id, "12 Elm St")
    field = (await world.incidents.draft(DANA, call_id)).fields["location"]
    await world.incidents.edit(DANA, call_id, "location", "SECRET 14 Elm St", field.version)
    await world.incidents.edit(DANA, call_id, "victims", "SECRET two", 0)
    assert b"SECRET" not in await world.deliveries.eido(DANA, call_id)
    await world.cancel(call_id)
    assert b"SECRET" not in await world.deliveries.eido(DANA, call_id)
    await world.hear()
    assert "SECRET" not in str(await world.summaries())


async def genuine(world: World, call_id: str) -> tuple[CadMessage, Confirmation]:
    async with world.db.read() as tx:
        (view,) = await world.incidents.read_confirmations(tx, "a", call_id)
        confirmation = await world.incidents.confirmation(tx, "a", view.confirmation_id)
    call = CadCall(call_id=call_id, external_id="x", ani=None, started_at="t", demo=False)
    centre = CadCentre(centre_id="a", name="A")
    made = CadMessage.from_confirmation(
        confirmation,
        delivery_id="dlv_1",
        digest=confirmation.digest,
        centre=centre,
        call=call,
        sender=HERE,
    )
    return made, confirmation


@pytest.mark.parametrize("way", ["eido", "summary", "body", "payload"])
async def test_an_empty_shell_says_nothing_on_any_path(way: str) -> None:
    """Round the constructor, also with the parts of a genuine one put in."""
    world = World(sender=HERE)
    call_id = await world.begin()
    await world.confirm(call_id)
    good, _ = await genuine(world, call_id)
    shell = object.__new__(CadMessage)
    with pytest.raises(MessageForged):
        getattr(shell, way)
    for name in ("_payload", "_body", "_sender"):
        object.__setattr__(shell, name, object.__getattribute__(good, name))
    with pytest.raises(MessageForged):
        getattr(shell, way)


@pytest.mark.parametrize("copying", [copy.copy, copy.deepcopy, pickle.dumps])
async def test_neither_a_message_nor_its_confirmation_is_copied(copying: Any) -> None:
    """What could be copied could be changed."""
    world = World()
    call_id = await world.begin()
    await world.confirm(call_id)
    message, confirmation = await genuine(world, call_id)
    with pytest.raises(MessageForged):
        copying(message)
    with pytest.raises(ConfirmationForged):
        copying(confirmation)


async def test_a_publisher_and_an_adapter_are_never_given_a_constructed_payload() -> None:
    """A view, a row, a dictionary or a payload in place of a confirmation makes no message."""
    world = World()
    call_id = await world.begin()
    await world.confirm(call_id)
    good, confirmation = await genuine(world, call_id)
    parts: dict[str, Any] = {
        "delivery_id": "dlv_1", "digest": confirmation.digest,
        "centre": good.payload.centre, "call": good.payload.call,
    }  # fmt: skip
    for other in (confirmation.view, confirmation.view.model_dump(), good.payload, good, None):
        with pytest.raises(MessageForged):
            CadMessage.from_confirmation(other, **parts)  # type: ignore[arg-type]


def test_only_a_message_writes_documents_and_summaries() -> None:
    """No other module of the product takes what would turn a payload into bytes for outside."""
    root = Path(ringdown.__file__).parent
    users: dict[str, set[str]] = {"eido_of": set(), "summary_of": set()}
    for path in root.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    if alias.name in users:
                        users[alias.name].add(path.relative_to(root).as_posix())
    assert users == {"eido_of": {"cad/model.py"}, "summary_of": {"cad/model.py"}}


# ---- in the database


@pytest.mark.parametrize(
    "forgery",
    [
        {"user": "user_2"},
        {"user": "nobody"},
        {"sequence": 2},
        {"sequence": 0},
        {"state": "cancelled", "reason": "x", "sequence": 2},
        {"state": "cancelled", "reason": "x", "user": "user_2"},
    ],
)
async def test_no_store_takes_a_confirmation_or_cancellation_of_nobody(
    database: Database, forgery: dict[str, Any]
) -> None:
    """Not of a person of another centre, nor out of turn."""
    world = World(database)
    call_id = await drafted(world)
    row = ConfirmationRow(**row_of(call_id, **forgery))
    with pytest.raises(NotStored):
        async with world.db.write() as tx:
            await world.incident_store.add_confirmation(tx, row)


INSERT = (
    "INSERT INTO confirmations (confirmation_id, centre_id, call_id, incident_id, sequence,"
    " draft_version, user_id, user_name, at, digest, content) VALUES (:confirmation_id, :centre_id,"
    " :call_id, :incident_id, :sequence, :draft_version, :user_id, :user_name, :at, :digest,"
    " :content)"
)


@pytest.mark.parametrize(
    "change",
    [
        {"digest": None},
        {"user_id": None},
        {"user_id": "user_2"},
        {"user_id": "nobody"},
        {"content": None},
        {"sequence": 5},
    ],
)
async def test_plain_sql_cannot_put_in_an_unsigned_confirmation(
    sql_database: Database, change: dict[str, Any]
) -> None:
    """The database itself wants a person of the centre, a digest and the next number."""
    world = World(sql_database)
    call_id = await drafted(world)
    with pytest.raises(DBAPIError):
        async with world.db.write() as tx:
            await tx.sql.execute(text(INSERT), {**row_of(call_id), **change})


async def test_a_row_put_in_with_a_wrong_digest_leaves_on_no_path(sql_database: Database) -> None:
    """Whoever writes to the database without the digest gets nothing out of the house."""
    kept = KeptSummaries()
    world = World(sql_database, publisher=kept, sender=HERE)
    call_id = await drafted(world)
    row = {**row_of(call_id), "digest": "0" * 64}
    async with world.db.write() as tx:
        await tx.sql.execute(text(INSERT), row)
    with pytest.raises(ConfirmationForged):
        await world.deliveries.eido(DANA, call_id)
    fact = IncidentConfirmed(
        centre_id="a",
        call_id=call_id,
        confirmation=view_of(call_id, incident_id=row["incident_id"]),
    )
    async with world.db.write() as tx:
        (record,) = await world.facts.append(tx, fact)
    with pytest.raises(ConfirmationForged):
        await world.deliveries.on_confirmed(record)
    with pytest.raises(ConfirmationForged):
        await world.cancel(call_id)
    world._seen = 10**6
    await nothing_left(world, kept)


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE confirmations SET content = '{}'",
        "UPDATE confirmations SET sequence = 9",
        "UPDATE confirmations SET digest = 'x'",
        "DELETE FROM confirmations",
    ],
)
async def test_a_cancellation_is_neither_changed_nor_taken_out(
    sql_database: Database, attack: str
) -> None:
    """What was taken back stays taken back, whoever asks the database."""
    await people(sql_database)
    world = World(sql_database)
    call_id = await world.queue()
    await world.cancel(call_id)
    with pytest.raises(DBAPIError):
        async with sql_database.write() as tx:
            await tx.sql.execute(text(attack))
    async with sql_database.read() as tx:
        states = [one.state for one in await world.incidents.read_confirmations(tx, "a", call_id)]
    assert states == ["active", "cancelled"]


async def test_a_cancellation_of_a_practice_call_is_marked_as_practice() -> None:
    """As everything of that call is, on every path."""
    world = World(sender=HERE)
    call_id = await world.begin(demo=True)
    await world.confirm(call_id)
    await world.cancel(call_id)
    await world.hear()
    await world.deliveries.run_once()
    assert [message.payload.call.demo for message in world.cad.sent] == [True, True]
    assert all(b"PRACTICE - DO NOT DISPATCH" in message.eido for message in world.cad.sent)
    facts = [one.record.fact for one in await world.summaries()]
    assert [fact.summary.demo for fact in facts if isinstance(fact, IncidentSummarised)] == [
        True, True,
    ]  # fmt: skip
