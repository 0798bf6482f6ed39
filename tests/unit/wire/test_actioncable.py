"""Action Cable frames, read and written, and what one connection may be told."""

import json

import pytest

from ringdown.wire import actioncable as cable
from ringdown.wire.actioncable import (
    BASE,
    EXTENDED,
    AskHistory,
    CommandUnknown,
    Connection,
    FrameUnreadable,
    History,
    IdentifierInvalid,
    Ignored,
    Pong,
    Position,
    Subscribe,
    Unsubscribe,
    data_frame,
    opening,
    parse,
)

ODD = '{"incident_id":"1", "channel":"PartnerEventsChannel","é":"\\u00e9\ud800"}'
"""Key order, spaces, escapes and half a surrogate pair: what an echo must not touch."""


def sent(command: str, **fields: object) -> str:
    return json.dumps({"command": command, **fields})


def connected(offered: list[str]) -> Connection:
    return Connection(opening(offered, {}))


@pytest.mark.parametrize(
    ("offered", "chosen", "extended"),
    [
        ([BASE, "actioncable-unsupported"], BASE, False),
        ([EXTENDED, BASE], EXTENDED, True),
        ([BASE, EXTENDED], BASE, False),
        (["anycable-token.abc", EXTENDED], EXTENDED, True),
        (["actioncable-v1-msgpack", BASE], BASE, False),
        ([], None, False),
        (["anycable-token.abc"], None, False),
        (["something-else"], None, False),
    ],
)
def test_first_known_subprotocol_is_chosen(offered, chosen, extended):
    """The first of the client's list that we know; never the entry with the token."""
    found = opening(offered, {})
    assert (found.subprotocol, found.extended) == (chosen, extended)


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [("", 3), ("5", 5), ("0", 1), ("9999", 60), ("-1", 3), ("x", 3), ("1e3", 3), ("\u0663", 3)],
)
def test_ping_interval_is_as_asked_within_reason(asked, seconds):
    """A number of seconds from 1 to 60, else the usual three."""
    assert opening([], {"pi": asked}).ping_s == seconds


@pytest.mark.parametrize(("unit", "count"), [("s", 1), ("ms", 1_500), ("ns", 1_500_000_000)])
def test_ping_carries_the_instant_in_the_unit_asked_for(unit, count):
    """Whole seconds, milliseconds or nanoseconds."""
    asked = opening([], {"ptp": unit})
    frame = json.loads(cable.ping_frame(1_500_000_000, asked.precision))
    assert frame == {"type": "ping", "message": count}
    assert opening([], {"ptp": "days"}).precision == "s"


def test_commands_are_read():
    """Each command of both protocols, and what we have no use for."""
    assert parse(sent("subscribe", identifier="x")) == Subscribe("x")
    assert parse(sent("unsubscribe", identifier="x")) == Unsubscribe("x")
    assert parse(sent("pong")) == Pong()
    assert parse(sent("message", identifier="x", data="{}")) == Ignored("message")
    assert parse(sent("whisper", identifier="x", data={})) == Ignored("whisper")
    asked = {"since": 5, "streams": {"s": {"offset": 2, "epoch": "e"}}}
    told = History(5.0, {"s": Position("e", 2)})
    assert parse(sent("history", identifier="x", history=asked)) == AskHistory("x", told)
    assert parse(sent("subscribe", identifier="x", history=asked)) == Subscribe("x", told)


def test_history_may_be_a_type_instead_of_a_command():
    """One diagram of the documentation has it so."""
    assert parse('{"type":"history","identifier":"x"}') == AskHistory("x", History())


@pytest.mark.parametrize(
    ("since", "seconds"),
    [
        (1893553445, 1893553445),
        (1893553445123, 1893553445.123),
        ("x", None),
        (True, None),
        (-1, None),
    ],
)
def test_since_is_in_seconds_unless_it_is_too_large(since, seconds):
    """From 10^11 on it is milliseconds."""
    read = parse(sent("history", identifier="x", history={"since": since}))
    assert isinstance(read, AskHistory)
    assert read.history.since == seconds


@pytest.mark.parametrize(
    "place",
    [
        {"offset": 1},
        {"epoch": "e", "offset": -1},
        {"epoch": 1, "offset": 1},
        {"epoch": "e", "offset": True},
        7,
        None,
    ],
)
def test_unreadable_position_counts_as_none(place):
    """The client is then told everything, which is harmless."""
    read = parse(sent("subscribe", identifier="x", history={"streams": {"s": place}}))
    assert read == Subscribe("x", History())


@pytest.mark.parametrize("data", ["", "x", "[]", "7", "null", b"\xff\xfe", "[" * 20_000])
def test_what_is_no_object_is_refused(data):
    """Whatever else it may be."""
    with pytest.raises(FrameUnreadable):
        parse(data)


def test_unknown_commands_and_missing_identifiers_are_refused():
    """Each with its own error."""
    for text in ("{}", sent("dance"), '{"command":["subscribe"]}', '{"command":null}'):
        with pytest.raises(CommandUnknown):
            parse(text)
    for identifier in (None, "", 7, {"channel": "x"}, "x" * 5_000):
        with pytest.raises(IdentifierInvalid):
            parse(sent("subscribe", identifier=identifier))


def test_identifier_comes_back_as_it_was_sent():
    """Clients look it up as a string: confirmation, rejection and data carry the very same."""
    one, other = connected([BASE]), connected([BASE])
    for connection in (one, other):
        assert connection.receive(sent("subscribe", identifier=ODD)) == Subscribe(ODD)
    frames = [one.confirm(ODD), other.reject(ODD), data_frame(ODD, "{}")]
    for frame in frames:
        assert frame is not None
        assert json.loads(frame.encode())["identifier"] == ODD


def test_repeated_subscription_is_ignored_before_and_after_its_confirmation():
    """A second confirmation would make AnyCable's client unsubscribe."""
    connection = connected([BASE])
    asks = sent("subscribe", identifier="x")
    assert connection.receive(asks) == Subscribe("x")
    assert connection.receive(asks) is None
    assert connection.confirm("x") == '{"type":"confirm_subscription","identifier":"x"}'
    assert connection.receive(asks) is None
    assert connection.confirm("x") is None


def test_refused_or_ended_subscription_may_be_asked_for_again():
    """Only one that stands is in the way."""
    connection = connected([BASE])
    asks, ends = sent("subscribe", identifier="x"), sent("unsubscribe", identifier="x")
    connection.receive(asks)
    assert connection.reject("x") == '{"type":"reject_subscription","identifier":"x"}'
    assert connection.receive(asks) == Subscribe("x")
    connection.confirm("x")
    assert connection.identifiers == ("x",)
    assert connection.receive(ends) == Unsubscribe("x")
    assert connection.receive(ends) is None
    assert connection.receive(asks) == Subscribe("x")


def test_answer_to_a_subscription_that_ended_meanwhile_is_not_sent():
    """Unsubscribed before the answer was there."""
    connection = connected([EXTENDED])
    connection.receive(sent("subscribe", identifier="x"))
    assert connection.receive(sent("unsubscribe", identifier="x")) == Unsubscribe("x")
    assert connection.confirm("x") is None
    assert connection.reject("x") is None
    assert connection.history_told("x") is None


def test_base_connection_is_never_told_of_history():
    """Rails' client would hand the frame to the application as data."""
    base, extended = connected([BASE]), connected([EXTENDED])
    asks = sent("subscribe", identifier="x", history={"since": 1})
    assert base.receive(asks) == Subscribe("x", None)
    assert extended.receive(asks) == Subscribe("x", History(1.0))
    base.confirm("x")
    extended.confirm("x")
    assert base.history_told("x") is base.history_refused("x") is None
    assert base.receive(sent("history", identifier="x", history={"since": 1})) is None
    assert extended.history_told("x") == '{"type":"confirm_history","identifier":"x"}'
    assert extended.history_refused("x") == '{"type":"reject_history","identifier":"x"}'


def test_history_is_confirmed_for_what_is_heard_alone():
    """Also for what was restored."""
    connection = connected([EXTENDED])
    assert isinstance(connection.receive(sent("history", identifier="x")), AskHistory)
    assert connection.history_told("x") is None
    connection.restore(["x"])
    assert connection.history_told("x") == '{"type":"confirm_history","identifier":"x"}'


def test_frames_are_those_of_the_documentation():
    """Welcome, with and without a session; disconnect; data, with and without a place."""
    assert cable.welcome_frame() == '{"type":"welcome"}'
    assert json.loads(cable.welcome_frame("s", ["x"])) == {
        "type": "welcome", "sid": "s", "restored": True, "restored_ids": ["x"],
    }  # fmt: skip
    assert json.loads(cable.disconnect_frame("too_slow", reconnect=True)) == {
        "type": "disconnect", "reason": "too_slow", "reconnect": True,
    }  # fmt: skip
    assert data_frame("x", '{"a":1}') == '{"identifier":"x","message":{"a":1}}'
    assert json.loads(data_frame("x", "{}", "stream", Position("e", 1))) == {
        "identifier": "x", "message": {}, "stream_id": "stream", "epoch": "e", "offset": 1,
    }  # fmt: skip


def test_session_id_is_taken_when_it_could_be_one():
    """Anything longer was never given out."""
    assert opening([], {"sid": "abc"}).session == "abc"
    assert opening([], {"sid": ""}).session is None
    assert opening([], {"sid": "x" * 200}).session is None
