"""Media Streams messages: read as Twilio sends them, and every mistake has a name."""

import base64
import json

import pytest

from ringdown.wire import twilio
from ringdown.wire.twilio import TwilioStream

SID = "MZ18ad3ab5a668481ce02b83e7395059f0"

# As the public documentation of the protocol shows them.
START = {
    "event": "start",
    "sequenceNumber": "1",
    "start": {
        "accountSid": "AC0",
        "streamSid": SID,
        "callSid": "CA1",
        "tracks": ["inbound", "outbound"],
        "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
        "customParameters": {"ani": "3155550188", "demo": "true"},
    },
    "streamSid": SID,
}
MEDIA = {
    "event": "media",
    "sequenceNumber": "3",
    "media": {"track": "outbound", "chunk": "1", "timestamp": "5", "payload": "//79"},
    "streamSid": SID,
}


def dumps(base, **changes):
    """A message with some fields changed, `a__b=1` meaning message["a"]["b"] = 1."""
    message = json.loads(json.dumps(base))
    for path, value in changes.items():
        *parents, name = path.split("__")
        target = message
        for parent in parents:
            target = target[parent]
        if value is None:
            del target[name]
        else:
            target[name] = value
    return json.dumps(message)


def started_stream(**options):
    stream = TwilioStream(**options)
    stream.receive(json.dumps(START), 0.0)
    return stream


def media(timestamp, track="inbound", payload=b"\xff" * 160):
    encoded = base64.b64encode(payload).decode()
    return dumps(MEDIA, media__timestamp=timestamp, media__track=track, media__payload=encoded)


def test_a_whole_stream_in_order():
    """The messages of the protocol's documentation become events, numbers as texts or not."""
    stream = TwilioStream()
    texts = [
        '{"event": "connected", "protocol": "Call", "version": "1.0.0"}',
        json.dumps(START),
        json.dumps(MEDIA),
        media(20),
        json.dumps(
            {"event": "dtmf", "streamSid": SID, "dtmf": {"track": "inbound_track", "digit": "1"}}
        ),
        json.dumps({"event": "mark", "streamSid": SID, "mark": {"name": "transfer"}}),
        json.dumps({"event": "stop", "streamSid": SID, "stop": {"callSid": "CA1"}}),
    ]
    assert [stream.receive(text, 0.0) for text in texts] == [
        twilio.Connected("Call", "1.0.0"),
        twilio.Started(
            SID, "CA1", "AC0", ("caller", "call_taker"), {"ani": "3155550188", "demo": "true"}
        ),
        twilio.Media("call_taker", 5, b"\xff\xfe\xfd", 1),
        twilio.Media("caller", 20, b"\xff" * 160, 1),
        twilio.Dtmf("caller", "1"),
        twilio.Mark("transfer"),
        twilio.Stopped(SID, "CA1"),
    ]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("{", twilio.NotJson),
        ("[]", twilio.NotJson),
        ("[" * 60_000, twilio.NotJson),
        ("{}", twilio.FieldInvalid),
        ('{"event": 5}', twilio.FieldInvalid),
        ("x" * 65_537, twilio.MessageTooLarge),
        (dumps(START, start__mediaFormat__encoding="audio/opus"), twilio.CodecUnsupported),
        (dumps(START, start__mediaFormat__channels=2), twilio.CodecUnsupported),
        (dumps(START, start__mediaFormat__sampleRate=16000), twilio.RateUnsupported),
        (dumps(START, start__mediaFormat=None), twilio.FieldInvalid),
        (dumps(START, start__callSid=None), twilio.FieldInvalid),
        (dumps(START, start__callSid="a\u0000b"), twilio.FieldInvalid),
        (dumps(START, start__callSid="\ud800"), twilio.FieldInvalid),
        (dumps(START, start__tracks=["video"]), twilio.UnknownTrack),
        (dumps(START, start__tracks=[]), twilio.FieldInvalid),
        (dumps(START, start__customParameters={"a": {}}), twilio.FieldInvalid),
        (dumps(MEDIA, media__payload="//7"), twilio.PayloadInvalid),
        (dumps(MEDIA, media__payload="//7*"), twilio.PayloadInvalid),
        (dumps(MEDIA, media__payload=""), twilio.PayloadInvalid),
        (dumps(MEDIA, media__payload=None), twilio.FieldInvalid),
        (dumps(MEDIA, media__track="both"), twilio.UnknownTrack),
        (dumps(MEDIA, media__track=1), twilio.FieldInvalid),
        (dumps(MEDIA, media__timestamp="-5"), twilio.FieldInvalid),
        (dumps(MEDIA, media__timestamp=-5), twilio.FieldInvalid),
        (dumps(MEDIA, media__timestamp=1.5), twilio.FieldInvalid),
        (dumps(MEDIA, media__timestamp="9" * 5000), twilio.FieldInvalid),
        (dumps(MEDIA, media=None), twilio.FieldInvalid),
        (json.dumps({"event": "dtmf", "dtmf": {"digit": "12"}}), twilio.FieldInvalid),
        (json.dumps({"event": "mark"}), twilio.FieldInvalid),
        (json.dumps({"event": "stop", "stop": 1}), twilio.FieldInvalid),
    ],
)
def test_a_wrong_message_has_a_typed_error(text, error):
    """Every kind of wrong message is refused with the error that names what is wrong."""
    with pytest.raises(error):
        twilio.parse(text)


def test_an_unknown_event_is_no_error():
    """A newer protocol may say more: what we do not know is passed over."""
    assert twilio.parse('{"event": "video"}') is None


def test_media_and_stop_before_start_are_refused():
    """Nothing but connected may come before start."""
    stream = TwilioStream()
    with pytest.raises(twilio.NotStarted):
        stream.receive(media(0), 0.0)
    with pytest.raises(twilio.NotStarted):
        stream.receive(json.dumps({"event": "stop", "streamSid": SID}), 0.0)


def test_two_starts_are_refused_and_the_first_goes_on():
    """A second start costs itself only."""
    stream = started_stream()
    with pytest.raises(twilio.AlreadyStarted):
        stream.receive(json.dumps(START), 0.1)
    assert isinstance(stream.receive(media(20), 0.1), twilio.Media)


def test_nothing_is_taken_after_stop():
    """A stopped stream takes no more audio."""
    stream = started_stream()
    stream.receive(json.dumps({"event": "stop", "streamSid": SID}), 1.0)
    with pytest.raises(twilio.AlreadyStopped):
        stream.receive(media(20), 1.0)


def test_a_message_of_another_stream_is_refused():
    """One connection carries one stream."""
    stream = started_stream()
    with pytest.raises(twilio.WrongStream):
        stream.receive(dumps(MEDIA, streamSid="MZother"), 0.0)


@pytest.mark.parametrize(
    ("first", "second", "passed_s", "expected"),
    [
        (1000, 61_000, 0.02, 1020),  # leaps ahead by a minute in 20 ms
        (61_000, 100, 0.02, 61_020),  # falls back by a minute
    ],
)
def test_a_leaping_clock_is_reported_and_the_audio_kept(first, second, passed_s, expected):
    """After a leap the track goes on from where it was plus the time that has passed."""
    stream = started_stream()
    stream.receive(media(first), first / 1000)
    placed = stream.receive(media(second), first / 1000 + passed_s)
    assert placed.timestamp == expected
    assert placed.jumped.code == "media.ingest.clock_jumped"
    later = stream.receive(media(second + 20), first / 1000 + passed_s + 0.02)
    assert (later.timestamp, later.jumped) == (expected + 20, None)


@pytest.mark.parametrize(
    "arrivals",
    [
        [(0, 0.0), (600_000, 600.0)],  # silence suppressed for ten minutes
        [(0, 0.0), (20, 30.0), (40, 30.001)],  # the network held everything back
        [(0, 0.0), (200, 0.01), (400, 0.02)],  # replayed at twenty times the speed
    ],
)
def test_timestamps_that_agree_with_time_are_believed(arrivals):
    """Pauses, a late network and fast replays are no leaps."""
    stream = started_stream()
    placed = [stream.receive(media(timestamp), at) for timestamp, at in arrivals]
    assert [(one.timestamp, one.jumped) for one in placed] == [(t, None) for t, _ in arrivals]


def test_a_resumed_stream_is_judged_against_its_earlier_connection():
    """Timestamps that continue after a drop are no leap."""
    stream = started_stream()
    stream.continue_from("caller", 600_000, -2.0)
    assert stream.receive(media(602_000), 0.0).jumped is None


def test_what_the_client_writes_is_what_the_server_reads():
    """Every message that our replay client builds is read back as it was meant."""
    sides = ("caller", "call_taker")
    stream = TwilioStream()
    texts = [
        twilio.connected_message(),
        twilio.start_message(
            stream_sid=SID, call_sid="CA1", sides=sides, parameters={"ani": "1"}, sequence=1
        ),
        twilio.media_message(
            stream_sid=SID, side="caller", timestamp=40, payload=b"\x00\x7f", sequence=2, chunk=3
        ),
        twilio.dtmf_message(stream_sid=SID, side="call_taker", digit="#", sequence=3),
        twilio.mark_message(stream_sid=SID, name="m", sequence=4),
        twilio.stop_message(stream_sid=SID, call_sid="CA1", sequence=5),
    ]
    assert [stream.receive(text.encode(), 0.0) for text in texts] == [
        twilio.Connected("Call", "1.0.0"),
        twilio.Started(SID, "CA1", "AC" + "0" * 32, sides, {"ani": "1"}),
        twilio.Media("caller", 40, b"\x00\x7f", 3),
        twilio.Dtmf("call_taker", "#"),
        twilio.Mark("m"),
        twilio.Stopped(SID, "CA1"),
    ]


def test_an_error_frame_is_read_back():
    """The client learns the code, what was wrong and what to do."""
    text = twilio.error_message("media.ingest.not_started", "no start", "Send start.")
    assert twilio.parse_error(text) == twilio.ErrorFrame(
        "media.ingest.not_started", "no start", "Send start."
    )
    assert twilio.parse_error('{"event": "clear"}') is None


def test_a_credential_in_the_parameters_does_not_print():
    """`start` may carry a secret, so the event shows no parameters."""
    event = twilio.parse(dumps(START, start__customParameters={"client_secret": "hunter2"}))
    assert "hunter2" not in repr(event)
