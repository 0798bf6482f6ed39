"""Any bytes into the wire parsers: a result or a documented error."""

import json

from hypothesis import given
from hypothesis import strategies as st

from ringdown.wire import legfile, pidf_lo, twilio
from ringdown.wire.eido import check, names

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
FIELDS = st.sampled_from(
    [
        "streamSid", "callSid", "tracks", "mediaFormat", "customParameters", "encoding",
        "sampleRate", "channels", "track", "timestamp", "payload", "chunk", "digit", "name",
    ]
)  # fmt: skip
VALUES = JSON | st.sampled_from(
    ["audio/x-mulaw", 8000, "8000", "inbound", ["inbound"], "AAAA", "20", "MZ1", 1e300]
)
INNER = st.dictionaries(FIELDS, VALUES | st.dictionaries(FIELDS, VALUES))
EVENTS = ["connected", "start", "media", "dtmf", "mark", "stop", "error"]
MESSAGES = st.builds(
    lambda event, inner, outer: json.dumps({**outer, "event": event, event: inner}),
    st.sampled_from(EVENTS),
    INNER,
    INNER,
)
TEXTS = MESSAGES | st.text() | JSON.map(json.dumps)


def result_or_error(parse, data, error):
    try:
        return parse(data)
    except error as refused:
        return refused.code


@given(st.binary() | TEXTS)
def test_twilio_messages(data):
    """Any frame becomes an event, None, or a TwilioError."""
    result_or_error(twilio.parse, data, twilio.TwilioError)
    result_or_error(twilio.parse_error, data, twilio.TwilioError)


@given(st.lists(TEXTS | st.binary(), max_size=8), st.lists(st.floats(0, 1e6), min_size=8))
def test_twilio_streams(texts, times):
    """Any sequence of frames leaves a stream that still takes the next one."""
    stream = twilio.TwilioStream()
    for text, at in zip(texts, times, strict=False):
        result_or_error(lambda data, at=at: stream.receive(data, at), text, twilio.TwilioError)
    result_or_error(lambda data: stream.receive(data, 0.0), "{}", twilio.TwilioError)


HEADER_JSON = st.dictionaries(
    st.sampled_from(
        ["codec", "rate", "first_instant", "centre", "call", "leg", "side", "part", "from_sample"]
    ),
    JSON | st.sampled_from(["2026-03-01T03:00:00Z", "0001-01-01T00:00:00+14:00", "x", 8000]),
).map(lambda fields: legfile.MAGIC + json.dumps(fields).encode()[:504].ljust(504) + b"\n")


@given(st.binary() | st.binary(min_size=512, max_size=512) | HEADER_JSON)
def test_leg_headers(data):
    """Any block becomes a header or a LegHeaderError; what is read can be written again."""
    header = result_or_error(legfile.decode_header, data, legfile.LegHeaderError)
    if isinstance(header, legfile.LegHeader):
        result_or_error(legfile.encode_header, header, legfile.LegHeaderError)


PARTS = st.sampled_from(
    [*names.COMPONENTS, *names.INNER, "$id", "$ref", "notesReference", "@context"]
)
DOCUMENTS = st.recursive(
    JSON,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(PARTS, inner, max_size=6),
    max_leaves=12,
)


@given(st.binary() | DOCUMENTS.map(json.dumps).map(str.encode))
def test_eido_documents(data):
    """Any bytes become a document or an EidoInvalid, which names no value."""
    result_or_error(check.decode, data, check.EidoInvalid)


XML = st.sampled_from(
    [
        "<presence xmlns='urn:ietf:params:xml:ns:pidf'>", "</presence>", "<tuple id='a'>", "</tuple>",
        "<location-info xmlns='urn:ietf:params:xml:ns:pidf:geopriv10'>", "</location-info>",
        "<Point xmlns='http://www.opengis.net/gml'>", "<pos>1 2</pos>", "<pos>x</pos>", "</Point>",
        "&lt;", "&x;", "<!DOCTYPE a>", "<?b?>", "<![CDATA[", "]]>", "1e999 nan",
    ]
)  # fmt: skip


@given(st.text() | st.lists(XML, max_size=12).map("".join))
def test_pidf_lo(text):
    """Any text becomes a place or a PlaceUnreadable."""
    result_or_error(pidf_lo.read, text, pidf_lo.PlaceUnreadable)
