"""Any frames into an Action Cable connection: an answer, nothing, or a documented error."""

import json

from hypothesis import given
from hypothesis import strategies as st

from ringdown.wire import actioncable as cable

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
JSON = (
    SCALARS
    | st.lists(SCALARS, max_size=3)
    | st.dictionaries(st.text(max_size=4), SCALARS, max_size=2)
)
NAMES = st.sampled_from(["x", "y", '{"channel":"PartnerEventsChannel"}', "\ud800", ""])
COMMANDS = st.sampled_from(
    ["subscribe", "unsubscribe", "history", "message", "whisper", "pong", "presence", "dance"]
)
PLACES = JSON | st.fixed_dictionaries({"epoch": st.text(max_size=4) | JSON, "offset": JSON})
HISTORY = JSON | st.fixed_dictionaries(
    {}, optional={"since": JSON, "streams": JSON | st.dictionaries(NAMES, PLACES, max_size=3)}
)
FRAMES = st.fixed_dictionaries(
    {},
    optional={
        "command": COMMANDS | JSON,
        "type": st.just("history") | JSON,
        "identifier": NAMES | JSON,
        "history": HISTORY,
        "data": JSON,
    },
)
TEXTS = FRAMES.map(json.dumps) | JSON.map(json.dumps) | st.text() | st.binary()


@given(TEXTS)
def test_frames(data):
    """Any frame is a command or a CableError."""
    try:
        read = cable.parse(data)
    except cable.CableError:
        return
    assert isinstance(read, cable.Command)


@given(
    st.lists(st.text(max_size=30) | st.sampled_from([cable.BASE, cable.EXTENDED]), max_size=4),
    st.dictionaries(st.sampled_from(["sid", "pi", "ptp", "token", "jid"]), st.text(max_size=200)),
)
def test_handshakes(offered, query):
    """Any handshake is an opening; what is selected was offered and is a protocol of ours."""
    found = cable.opening(offered, query)
    assert found.subprotocol in {None, cable.BASE, cable.EXTENDED} & {None, *offered}
    assert 1 <= found.ping_s <= 60


@given(st.booleans(), st.lists(TEXTS, max_size=12), st.data())
def test_conversations(extended, frames, data):
    """However a client behaves, each subscription that stands was answered exactly once."""
    offered = [cable.EXTENDED if extended else cable.BASE]
    connection = cable.Connection(cable.opening(offered, {}))
    for frame in frames:
        try:
            asked = connection.receive(frame)
        except cable.CableError:
            continue
        if not isinstance(asked, cable.Subscribe):
            assert extended or not isinstance(asked, cable.AskHistory)
            continue
        assert asked.identifier not in connection.identifiers
        yes = data.draw(st.booleans())
        answer = (connection.confirm if yes else connection.reject)(asked.identifier)
        assert answer is not None
        assert json.loads(answer.encode())["identifier"] == asked.identifier
        assert (asked.identifier in connection.identifiers) is yes
        assert connection.confirm(asked.identifier) is None
