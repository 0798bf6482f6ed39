"""What leaves for a CAD can only be built from a person's confirmation; every other way fails."""

import copy
import pickle

import jsonschema
import pytest
from tests.unit.cad.world import World

from ringdown.cad.fakes import ScriptedCad
from ringdown.cad.model import CadMessage, MessageForged
from ringdown.cad.schema import CadCall, CadCentre, decode, encode, json_schema, schema_text
from ringdown.incidents.api import Confirmation, ConfirmationForged


@pytest.fixture
async def parts():
    world = World(cad=ScriptedCad())
    call_id = await world.begin()
    confirmation_id = await world.confirm(call_id)
    async with world.db.read() as tx:
        confirmation = await world.incidents.confirmation(tx, "a", confirmation_id)
    call = CadCall(call_id=call_id, external_id="x1", ani=None, started_at="t", demo=False)
    return {
        "confirmation": confirmation,
        "delivery_id": "dlv_1",
        "digest": confirmation.digest,
        "centre": CadCentre(centre_id="a", name="A"),
        "call": call,
    }


def build(parts, **other) -> CadMessage:
    changed = {**parts, **other}
    return CadMessage.from_confirmation(changed.pop("confirmation"), **changed)


async def test_a_message_is_the_same_bytes_whenever_it_is_built(parts) -> None:
    """Every attempt, also after a restart, sends the same."""
    assert build(parts).body == build(parts).body
    assert decode(build(parts).body) == build(parts).payload


async def test_the_payload_is_valid_by_the_published_schema(parts) -> None:
    """What we publish is what we send."""
    payload = build(parts).payload.model_dump(mode="json", by_alias=True)
    jsonschema.Draft202012Validator.check_schema(json_schema())
    jsonschema.validate(payload, json_schema())
    del payload["schema"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(payload, json_schema())


@pytest.mark.parametrize(
    "other",
    [
        {"confirmation": None},
        {"confirmation": {"digest": "x"}},
        {"centre": CadCentre(centre_id="b", name="B")},
        {"call": CadCall(call_id="call_9", external_id="x", ani=None, started_at="t", demo=True)},
        {"digest": "0" * 64},
    ],
)
async def test_what_is_no_confirmation_or_anothers_makes_no_message(parts, other) -> None:
    """Another centre's, another call's, another digest's, or nothing at all."""
    with pytest.raises(MessageForged):
        build(parts, **other)


async def test_an_empty_shell_of_a_confirmation_makes_no_message(parts) -> None:
    """Going round the constructor does not help."""
    shell = object.__new__(Confirmation)
    with pytest.raises(ConfirmationForged):
        build(parts, confirmation=shell)


async def test_an_empty_shell_of_a_message_cannot_be_sent() -> None:
    """An adapter asks for the body and gets an error."""
    shell = object.__new__(CadMessage)
    with pytest.raises(MessageForged):
        _ = shell.body
    with pytest.raises(MessageForged):
        _ = shell.payload


@pytest.mark.parametrize(
    "attempt",
    [
        lambda _m: CadMessage(),
        copy.copy,
        copy.deepcopy,
        pickle.dumps,
        lambda m: setattr(m, "_body", b"{}"),
        lambda m: delattr(m, "_body"),
    ],
)
async def test_a_message_is_neither_made_changed_nor_copied(parts, attempt) -> None:
    """There is one way to a message."""
    with pytest.raises(MessageForged):
        attempt(build(parts))


def test_a_message_has_no_subclass() -> None:
    """Nothing else passes for one."""
    with pytest.raises(TypeError):
        type("Mine", (CadMessage,), {})


async def test_a_message_prints_nothing_of_the_caller(parts) -> None:
    """Personal data stay out of any log line."""
    assert repr(build(parts)) == "<CAD message>"


async def test_changed_bytes_are_read_as_something_else_or_refused(parts) -> None:
    """A receiver refuses unknown keys."""
    with pytest.raises(ValueError):
        decode(encode(build(parts).payload)[:-1] + b',"more":1}')


def test_the_published_schema_is_fresh() -> None:
    """`ringdown cad schema --out docs/reference/cad-incident.schema.json` writes it."""
    from pathlib import Path

    published = Path(__file__).parents[3] / "docs/reference/cad-incident.schema.json"
    assert published.read_text(encoding="utf-8") == schema_text()
