"""Every other way to a confirmation is closed."""

import ast
import copy
import dataclasses
import json
import pickle
from pathlib import Path

import pytest
from tests.unit.incidents.world import DANA, LEE, PHONES, World

import ringdown
from ringdown.core.errors import NotFound
from ringdown.core.principal import Principal, system
from ringdown.incidents.api import Confirmation, ConfirmationForged, ConfirmationView
from ringdown.incidents.model import NothingConfirmed, digest_of
from ringdown.incidents.service import OnlyPeopleConfirm


async def sent(world: World) -> tuple[str, ConfirmationView]:
    call_id = await world.begin()
    await world.hear(call_id, "C: my house is on fire at 42 Oak Street")
    draft = await world.service.draft(DANA, call_id)
    versions = {"location": draft.fields["location"].version}
    return call_id, await world.service.confirm(DANA, call_id, versions)


async def stored(world: World, view: ConfirmationView):
    async with world.db.read() as tx:
        row = await world.store.confirmation(tx, "centre_a", view.confirmation_id)
    assert row is not None
    return row


async def genuine(world: World, view: ConfirmationView) -> Confirmation:
    async with world.db.read() as tx:
        return await world.service.confirmation(tx, "centre_a", view.confirmation_id)


async def test_the_stored_act_of_a_person_gives_one(world: World) -> None:
    """The one way in."""
    _, view = await sent(world)
    confirmation = await genuine(world, view)
    assert confirmation.view == view
    assert (confirmation.by.user_id, confirmation.centre_id) == ("user_dana", "centre_a")


async def test_the_constructor_refuses(world: World) -> None:
    """Not even a true row makes one by hand, whatever is passed as a key."""
    row = await stored(world, (await sent(world))[1])
    for key in (None, object(), "key", True):
        with pytest.raises(ConfirmationForged):
            Confirmation(row, key=key)


async def test_an_instance_that_skipped_the_constructor_is_empty(world: World) -> None:
    """`object.__new__` gives something that refuses to say anything."""
    empty = object.__new__(Confirmation)
    with pytest.raises(ConfirmationForged):
        _ = empty.view
    with pytest.raises(ConfirmationForged):
        _ = empty.confirmation_id


async def test_copies_and_pickles_are_refused(world: World) -> None:
    """One cannot be made from another."""
    confirmation = await genuine(world, (await sent(world))[1])
    for attempt in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(ConfirmationForged):
            attempt(confirmation)
    with pytest.raises(TypeError):
        dataclasses.replace(confirmation, digest="0")  # type: ignore[type-var]


async def test_it_cannot_be_changed(world: World) -> None:
    """Neither its content nor its parts."""
    confirmation = await genuine(world, (await sent(world))[1])
    with pytest.raises(ConfirmationForged):
        confirmation._view = None
    with pytest.raises(ConfirmationForged):
        del confirmation._view
    with pytest.raises(Exception, match="frozen"):
        confirmation.view.digest = "0"


def test_it_has_no_subclasses() -> None:
    """A subclass could leave the checks out."""
    with pytest.raises(TypeError):
        type("Mine", (Confirmation,), {})


def test_it_prints_nothing_of_its_content() -> None:
    """A log line with it in gives nothing away."""
    assert repr(object.__new__(Confirmation)) == "<confirmation>"


@pytest.mark.parametrize(
    "principal",
    [
        PHONES,
        dataclasses.replace(PHONES, permissions=DANA.permissions),
        system("centre_a", "cad"),
        dataclasses.replace(DANA, kind="system"),
        dataclasses.replace(DANA, session_id=None),
        Principal("user", "", "Nobody", "centre_a", DANA.permissions, "ses_9"),
    ],
)
async def test_only_a_signed_in_person_decides(world: World, principal: Principal) -> None:
    """A client, Ringdown itself, and a user without a session are refused at each act."""
    call_id, _ = await sent(world)
    service = world.service
    for act in (
        service.confirm(principal, call_id, {}),
        service.confirm_field(principal, call_id, "type", 1),
        service.edit(principal, call_id, "type", "fire", 1),
        service.reject(principal, call_id, "type", 1),
    ):
        with pytest.raises(OnlyPeopleConfirm):
            await act


async def test_another_centres_confirmation_is_not_there(world: World) -> None:
    """Tenancy."""
    _, view = await sent(world)
    async with world.db.read() as tx:
        with pytest.raises(NotFound):
            await world.service.confirmation(tx, "centre_b", view.confirmation_id)


async def test_a_user_who_is_not_in_the_centre_cannot_confirm(world: World) -> None:
    """The store asks whether the person exists."""
    call_id = await world.begin()
    await world.hear(call_id, "C: my house is on fire")
    ghost = dataclasses.replace(DANA, id="user_ghost")
    with pytest.raises(Exception, match="refused this confirmation"):
        await world.service.confirm(ghost, call_id, {"type": 1})
    assert await world.told("incidents.incident.confirmed") == []


async def test_nothing_confirmed_means_nothing_to_send(world: World) -> None:
    """A proposal alone does not leave."""
    call_id = await world.begin()
    await world.hear(call_id, "C: my house is on fire")
    with pytest.raises(NothingConfirmed):
        await world.service.confirm(LEE, call_id, {})


@pytest.mark.parametrize(
    "change",
    [
        {"digest": "0" * 64},
        {"user_id": "user_lee"},
        {"user_id": ""},
        {"user_name": "Somebody Else"},
        {"call_id": "call_other"},
        {"centre_id": "centre_b"},
        {"sequence": 2},
        {"draft_version": 99},
        {"at": "2027-01-01T00:00:00.000Z"},
        {"incident_id": "inc_other"},
        {"confirmation_id": "conf_other"},
        {"content": "{}"},
    ],
)
async def test_a_tampered_row_is_refused_when_loaded(world: World, change: dict) -> None:
    """Digest, columns and content must agree; this also stops another call's confirmation."""
    row = await stored(world, (await sent(world))[1])
    tampered = dataclasses.replace(row, **change)
    async with world.db.write() as tx:
        tx.memory("confirmations").clear()
        tx.memory("confirmations")[tampered.confirmation_id] = tampered
    async with world.db.read() as tx:
        with pytest.raises(ConfirmationForged):
            await world.service.confirmation(tx, tampered.centre_id, tampered.confirmation_id)


async def test_content_with_a_new_digest_but_other_columns_is_refused(world: World) -> None:
    """Whoever computes the digest anew still has to match every column."""
    row = await stored(world, (await sent(world))[1])
    content = json.loads(row.content)
    content["by"]["user_id"] = "user_lee"
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    tampered = dataclasses.replace(row, content=text, digest=digest_of(text))
    async with world.db.write() as tx:
        tx.memory("confirmations")[row.confirmation_id] = tampered
    async with world.db.read() as tx:
        with pytest.raises(ConfirmationForged):
            await world.service.confirmation(tx, "centre_a", row.confirmation_id)


def test_only_the_service_makes_confirmations() -> None:
    """No other module names the key or the function that holds it."""
    root = Path(ringdown.__file__).parent
    users = []
    for path in root.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {
            node.attr if isinstance(node, ast.Attribute) else node.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute | ast.Name)
        }
        names |= {
            alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module == "ringdown.incidents.api"
            for alias in node.names
        }
        if "_restored" in names:
            users.append(path.relative_to(root).as_posix())
    assert users == ["incidents/service.py"]
