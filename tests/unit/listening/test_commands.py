"""Data packets of listeners: read leniently, refused with a code, never with an exception."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringdown.listening.model.commands import (
    LARGEST_PACKET,
    Pause,
    Refusal,
    Resume,
    Scrub,
    ScrubToEnd,
    SetGain,
    parse,
)

CODES = {
    "bad_message",
    "unknown_command",
    "invalid_position",
    "invalid_gain",
    "invalid_caller_type",
}


def packet(**fields: object) -> bytes:
    return json.dumps(fields).encode()


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        (packet(cmd="pause"), Pause()),
        (packet(cmd="resume", position=5), Resume()),
        (packet(cmd="scrub-to-end"), ScrubToEnd()),
        (packet(cmd="scrub", position=61_000), Scrub(61_000)),
        (packet(cmd="scrub", position=-5.5, note={"any": "thing"}), Scrub(-5.5)),
        (packet(cmd="scrub", position=10**400), Scrub(1e300)),
        (packet(cmd="set-gain", gain=11.2), SetGain(11.2, None)),
        (packet(cmd="set-gain", gain=-3, callerType=None), SetGain(-3, None)),
        (packet(cmd="set-gain", gain=-3, callerType="caller"), SetGain(-3, "caller")),
        (packet(cmd="set-gain", gain=0, callerType="callTaker"), SetGain(0, "call_taker")),
        (packet(cmd="set-gain", gain=0, callerType="CALLTAKER"), SetGain(0, "call_taker")),
        (packet(cmd="set-gain", gain=0, callerType="Caller"), SetGain(0, "caller")),
    ],
)
def test_every_documented_command_is_read(sent: bytes, meant: object) -> None:
    """Documented spellings, other cases of callerType, unknown keys and huge numbers are read."""
    assert parse(sent) == meant


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (b"", "bad_message"),
        (b"pause", "bad_message"),
        (b"\xff\xfe", "bad_message"),
        (b'["pause"]', "bad_message"),
        (b"null", "bad_message"),
        (packet(command="pause"), "bad_message"),
        (packet(cmd=3), "bad_message"),
        (b"[" * 10_000, "bad_message"),
        (b'{"cmd":"scrub","position":' + b"9" * 5000 + b"}", "bad_message"),
        (packet(cmd="pause", pad="x" * LARGEST_PACKET), "bad_message"),
        (packet(cmd="Pause"), "unknown_command"),
        (packet(cmd="rewind"), "unknown_command"),
        (packet(cmd="scrub"), "invalid_position"),
        (packet(cmd="scrub", position="61000"), "invalid_position"),
        (packet(cmd="scrub", position=True), "invalid_position"),
        (packet(cmd="scrub", position=None), "invalid_position"),
        (b'{"cmd":"scrub","position":NaN}', "invalid_position"),
        (b'{"cmd":"scrub","position":-Infinity}', "invalid_position"),
        (b'{"cmd":"scrub","position":1e999}', "invalid_position"),
        (packet(cmd="set-gain"), "invalid_gain"),
        (packet(cmd="set-gain", gain=False), "invalid_gain"),
        (b'{"cmd":"set-gain","gain":NaN}', "invalid_gain"),
        (packet(cmd="set-gain", gain=1, callerType="dispatcher"), "invalid_caller_type"),
        (packet(cmd="set-gain", gain=1, callerType=1), "invalid_caller_type"),
    ],
)
def test_every_bad_packet_has_its_code(sent: bytes, code: str) -> None:
    """Whatever is wrong is told by the documented code."""
    refused = parse(sent)
    assert isinstance(refused, Refusal)
    assert refused.code == code


def test_an_error_says_only_what_the_sender_may_know() -> None:
    """The answer has the four documented keys, and echoes at most the name of the command."""
    refused = parse(packet(cmd="x\n" * 500))
    assert isinstance(refused, Refusal)
    told = json.loads(refused.encode())
    assert set(told) == {"kind", "code", "detail", "cmd"}
    assert told["kind"] == "error"
    assert len(told["cmd"]) <= 40


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(sent: bytes) -> None:
    """Nothing a listener sends raises."""
    found = parse(sent)
    if isinstance(found, Refusal):
        assert found.code in CODES


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


@given(
    st.sampled_from(["pause", "resume", "scrub", "scrub-to-end", "set-gain", "other"]),
    st.dictionaries(st.sampled_from(["position", "gain", "callerType", "more"]), JSON),
)
def test_any_object_is_read_or_refused(cmd: str, fields: dict[str, object]) -> None:
    """A scrub that is accepted has a finite position, a gain a finite level."""
    found = parse(json.dumps({**fields, "cmd": cmd}).encode())
    if isinstance(found, Scrub):
        assert abs(found.position) < float("inf")
    if isinstance(found, SetGain):
        assert abs(found.gain) < float("inf")
