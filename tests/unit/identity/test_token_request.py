"""What the token endpoint reads: JSON, forms and HTTP Basic, and nothing that is said twice."""

import base64
import json
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringdown.identity.token_request import (
    ClientUnproven,
    TokenRequest,
    TokenRequestInvalid,
    parse_token_request,
)

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
WHOLE = {"grant_type": "client_credentials", "client_id": "client_1", "client_secret": "s-_1"}


def basic(client_id: str = "client_1", secret: str = "s-_1") -> list[str]:
    return ["Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()]


def read(kind: str, body: object, authorization: list[str] | None = None) -> TokenRequest:
    raw = body if isinstance(body, bytes) else b""
    if isinstance(body, dict):
        raw = (json.dumps(body) if kind.startswith(JSON) else urlencode(body)).encode()
    return parse_token_request(kind, authorization or [], raw)


def seen(request: TokenRequest) -> tuple[str, str, str, frozenset[str]]:
    secret = request.secret.reveal("test")
    return request.grant_type, request.client_id, secret, request.scope


@pytest.mark.parametrize("kind", [JSON, FORM, f"{JSON}; charset=utf-8", FORM.upper()])
def test_json_and_forms_say_the_same(kind: str) -> None:
    """With the scope left out, empty, or given."""
    parts = ("client_credentials", "client_1", "s-_1")
    body_kind = JSON if kind.startswith(JSON) else FORM
    for extra, scope in (
        ({}, set()),
        ({"scope": ""}, set()),
        ({"scope": " incident_events "}, {"incident_events"}),
    ):
        body = {**WHOLE, **extra}
        raw = (json.dumps(body) if body_kind == JSON else urlencode(body)).encode()
        assert seen(read(kind, raw)) == (*parts, scope)


def test_unknown_fields_are_ignored() -> None:
    """Of any type, and as often as they come (RFC 8707 has one that repeats)."""
    assert seen(read(JSON, {**WHOLE, "audience": ["x"], "deep": {"scope": 1}}))[3] == set()
    twice = urlencode(WHOLE).encode() + b"&resource=a&resource=b"
    assert seen(read(FORM, twice))[1] == "client_1"


@pytest.mark.parametrize("kind", [JSON, FORM])
def test_the_header_may_carry_the_credential(kind: str) -> None:
    """Form-encoded inside, as RFC 6749 §2.3.1 asks; the same client id in the body does no harm."""
    body = {"grant_type": "client_credentials", "client_id": "client_1"}
    assert seen(read(kind, body, basic()))[1:3] == ("client_1", "s-_1")
    assert seen(read(kind, body, basic("client%5F1", "s%2D_1")))[1:3] == ("client_1", "s-_1")


@pytest.mark.parametrize("field", sorted(WHOLE | {"scope": ""}))
@pytest.mark.parametrize("other", ["x", None])
def test_a_field_that_comes_twice_is_refused(field: str, other: str | None) -> None:
    """Also with the same value, and also when one of the two is empty."""
    body = {**WHOLE, "scope": "incident_events"}
    again = body[field] if other is None else other
    form = urlencode([*body.items(), (field, again)]).encode()
    text = json.dumps(body)[:-1] + f', "{field}": {json.dumps(again)}}}'
    for kind, raw in ((FORM, form), (JSON, text.encode())):
        with pytest.raises(TokenRequestInvalid, match=field):
            read(kind, raw)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (JSON, b""),
        (JSON, b"[]"),
        (JSON, b'"text"'),
        (JSON, b"{"),
        (JSON, b"\xff{}"),
        (JSON, b"[" * 16_000),
        (JSON, b'{"grant_type": 1' + b"0" * 5_000 + b"}"),
        (JSON, {**WHOLE, "client_secret": 5}),
        (JSON, {**WHOLE, "scope": ["incident_events"]}),
        (JSON, {"client_id": "client_1", "client_secret": "s"}),
        (JSON, {**WHOLE, "grant_type": None}),
        (JSON, urlencode(WHOLE).encode()),
        (FORM, b""),
        (FORM, b"\xff"),
        (FORM, b"grant_type=%ff"),
        (FORM, b"&".join([b"a=b"] * 60)),
        (FORM, json.dumps(WHOLE).encode()),
        ("", json.dumps(WHOLE).encode()),
        ("text/plain", json.dumps(WHOLE).encode()),
    ],
)
def test_what_cannot_be_read_is_an_invalid_request(kind: str, body: object) -> None:
    """Whatever is wrong with it."""
    with pytest.raises(TokenRequestInvalid):
        read(kind, body)


@pytest.mark.parametrize(
    "header",
    ["", "Basic", "Basic !!!", "Basic /w==", "Bearer x", "Basic Og==", "Basic bm9jb2xvbg=="],
)
def test_a_header_that_proves_nobody_is_an_invalid_client(header: str) -> None:
    """RFC 6749 §5.2: unknown, absent or unsupported authentication."""
    with pytest.raises(ClientUnproven):
        read(JSON, {"grant_type": "client_credentials"}, [header])


@pytest.mark.parametrize("missing", ["client_id", "client_secret"])
def test_a_credential_that_is_not_whole_is_an_invalid_client(missing: str) -> None:
    """Left out, or empty."""
    for body in ({k: v for k, v in WHOLE.items() if k != missing}, {**WHOLE, missing: ""}):
        with pytest.raises(ClientUnproven):
            read(JSON, body)


def test_two_ways_to_authenticate_are_one_too_many() -> None:
    """In header and body, with two headers, or as two clients (RFC 6749 §2.3)."""
    grant = {"grant_type": "client_credentials"}
    for body, header in (
        (WHOLE, basic()),
        (grant, basic() * 2),
        ({**grant, "client_id": "client_2"}, basic()),
    ):
        with pytest.raises(TokenRequestInvalid):
            read(JSON, body, header)


TEXTS = st.text(max_size=40)
FIELDS = st.sampled_from(["grant_type", "client_id", "client_secret", "scope", "other"])
PAIRS = st.lists(st.tuples(FIELDS, TEXTS | st.none() | st.integers()), max_size=6)


def as_json(pairs: list[tuple[str, object]]) -> bytes:
    return ("{" + ",".join(f"{json.dumps(k)}:{json.dumps(v)}" for k, v in pairs) + "}").encode()


def as_form(pairs: list[tuple[str, object]]) -> bytes:
    return urlencode([(k, "" if v is None else v) for k, v in pairs]).encode()


@settings(deadline=None)
@given(
    st.sampled_from([JSON, FORM]) | TEXTS,
    st.lists(
        TEXTS | st.binary().map(lambda b: f"Basic {base64.b64encode(b).decode()}"), max_size=2
    ),
    st.binary(max_size=60) | PAIRS.map(as_json) | PAIRS.map(as_form),
)
def test_any_request_is_read_or_refused(kind: str, headers: list[str], body: bytes) -> None:
    """With one of the two documented errors and no other; what is read is whole."""
    try:
        request = parse_token_request(kind, headers, body)
    except (TokenRequestInvalid, ClientUnproven):
        return
    assert all(seen(request)[:3])


@settings(deadline=None)
@given(st.dictionaries(FIELDS, TEXTS.filter(bool)), st.sampled_from([JSON, FORM]))
def test_what_is_said_once_is_read_as_it_was_said(said: dict[str, str], kind: str) -> None:
    """By both kinds of body alike."""
    said = {**said, "grant_type": said.get("grant_type", "g")}
    body = as_json(list(said.items())) if kind == JSON else as_form(list(said.items()))
    if "client_id" not in said or "client_secret" not in said:
        with pytest.raises(ClientUnproven):
            read(kind, body)
        return
    assert seen(read(kind, body)) == (
        said["grant_type"],
        said["client_id"],
        said["client_secret"],
        frozenset(said.get("scope", "").split()),
    )
