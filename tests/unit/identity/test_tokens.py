"""Access tokens: given for a secret, bound to client, centre and secret, and void at once."""

import base64
import hashlib
import hmac
import json
from typing import Any

import jwt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.identity.world import KEY, World, secret

from ringdown.audit.api import INSTALLATION
from ringdown.core.errors import Unauthenticated
from ringdown.core.principal import Principal
from ringdown.core.sensitive import Sensitive
from ringdown.identity.adapters.jwt_tokens import JwtTokens
from ringdown.identity.api import TokenExpired, TokenRefused
from ringdown.identity.events import ClientStopped
from ringdown.identity.service.clients import NewSecret, ScopeInvalid
from ringdown.identity.token_request import (
    ClientUnproven,
    GrantNotForClient,
    GrantUnsupported,
    ScopeNotHeld,
    TokenRequest,
    TooManyWrongSecrets,
)
from ringdown.identity.tokens import claims_of

TWO_HOURS = 7200


@pytest.fixture
async def made(world: World, admin: Principal) -> NewSecret:
    return await world.clients.add(admin, name="Responders", scopes=["incident_events"])


def asked(made: NewSecret, **change: Any) -> TokenRequest:
    given = {
        "grant_type": "client_credentials",
        "client_id": made.client.client_id,
        "secret": made.secret,
        "scope": frozenset(),
    }
    return TokenRequest(**(given | change))


async def token_of(world: World, made: NewSecret) -> str:
    issued = await world.tokens.issue(asked(made), source="192.0.2.9")
    return issued.token.reveal("test")


def forged(world: World, claims: dict[str, Any], key: str = KEY, **header: Any) -> str:
    """A token with any claims and header, signed as ours are."""

    def part(value: object) -> bytes:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=")

    head = {"alg": "HS256", "typ": "JWT"} | header
    text = part(head) + b"." + part(claims)
    sign = {"HS512": hashlib.sha512, "HS384": hashlib.sha384}.get(str(head["alg"]), hashlib.sha256)
    signature = base64.urlsafe_b64encode(hmac.digest(key.encode(), text, sign)).rstrip(b"=")
    if head["alg"] == "none":
        signature = b""
    return (text + b"." + signature).decode()


def said_by(token: str) -> dict[str, Any]:
    return jwt.decode(token, options={"verify_signature": False})


async def refused(world: World, token: str) -> type[Unauthenticated]:
    with pytest.raises(Unauthenticated) as caught:
        await world.tokens.principal_of(secret(token), source="192.0.2.9")
    assert caught.value.__cause__ is None
    return type(caught.value)


# ---- giving out


@pytest.mark.parametrize("scope", [set(), {"incident_events"}])
async def test_a_secret_gets_a_token_with_one_scope(
    world: World, admin: Principal, made: NewSecret, scope: set[str]
) -> None:
    """The scope of the credential, asked for or not; the principal may that and nothing else."""
    issued = await world.tokens.issue(asked(made, scope=frozenset(scope)), source="192.0.2.9")
    assert (issued.scope, issued.expires_in) == ("incident_events", TWO_HOURS)
    principal = await world.tokens.principal_of(issued.token)
    assert (principal.kind, principal.id) == ("client", made.client.client_id)
    assert (principal.centre_id, principal.name) == (admin.centre_id, "Responders")
    assert principal.permissions == {"incident_events"}
    assert issued.token.reveal("test") not in repr(issued)


async def test_the_claims_are_those_agreed(world: World, admin: Principal, made: NewSecret) -> None:
    """Two hours from now, for this client of this centre; two tokens are never the same."""
    token = await token_of(world, made)
    claims = said_by(token)
    now = int(world.clock.now().timestamp())
    assert {**claims, "jti": "", "ver": ""} == {
        "iss": "ringdown",
        "sub": made.client.client_id,
        "cid": admin.centre_id,
        "scope": "incident_events",
        "iat": now,
        "exp": now + TWO_HOURS,
        "jti": "",
        "ver": "",
    }
    assert made.client.secret_hash not in json.dumps(claims)
    assert said_by(await token_of(world, made))["jti"] != claims["jti"]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"grant_type": "password"}, GrantUnsupported),
        ({"scope": frozenset({"cad_incidents"})}, ScopeNotHeld),
        ({"scope": frozenset({"incident_events", "calls:read"})}, ScopeNotHeld),
        ({"secret": secret("wrong")}, ClientUnproven),
        ({"client_id": "client_never"}, ClientUnproven),
        ({"client_id": "\udcff\x00"}, ClientUnproven),
    ],
)
async def test_what_is_not_right_gets_no_token(
    world: World, made: NewSecret, change: dict[str, Any], error: type[Exception]
) -> None:
    """Each with its own error of RFC 6749 §5.2."""
    with pytest.raises(error):
        await world.tokens.issue(asked(made, **change), source="192.0.2.9")


async def test_a_telephone_system_gets_no_token(world: World, admin: Principal) -> None:
    """Tokens are for partners."""
    phones = await world.clients.add(admin, name="Phones", scopes=["media:ingest"])
    with pytest.raises(GrantNotForClient):
        await world.tokens.issue(asked(phones), source="192.0.2.9")


@pytest.mark.parametrize("other", ["calls:read", "media:ingest"])
async def test_a_partner_has_one_scope_and_nothing_beside_it(
    world: World, admin: Principal, other: str
) -> None:
    """A telephone system that is a partner too has two credentials."""
    with pytest.raises(ScopeInvalid, match="one scope"):
        await world.clients.add(admin, name="Both", scopes=["incident_events", other])


async def test_acts_with_tokens_are_written_down(
    world: World, admin: Principal, made: NewSecret
) -> None:
    """Issued: once a minute for each client and place, with a count. Used: never."""
    for _ in range(5):
        token = await token_of(world, made)
        await world.tokens.principal_of(secret(token))
    world.clock.advance(61)
    await token_of(world, made)
    rows = [row for row in await world.rows(admin.centre_id) if row.tag == "identity:token:issued"]
    assert [row.details["more"] for row in rows] == [0, 4]
    assert rows[0].details["scope"] == "incident_events"
    assert rows[0].details["token"] != ""
    assert rows[0].subject == made.client.client_id
    assert token not in repr(await world.rows(admin.centre_id))


async def test_the_last_use_is_seen(world: World, admin: Principal, made: NewSecret) -> None:
    """When a token is got, and when it is used."""
    await token_of(world, made)
    first = world.clock.now()
    assert (await world.clients.list(admin))[0].last_used_at == first
    token = await token_of(world, made)
    world.clock.advance(3600)
    await world.tokens.principal_of(secret(token))
    assert (await world.clients.list(admin))[0].last_used_at == world.clock.now()


async def test_guessing_is_slowed_and_locks_nobody_out(world: World, made: NewSecret) -> None:
    """After ten wrong secrets a minute from one place 429; the right secret works all the while."""
    guess = asked(made, secret=secret("wrong"))
    for _ in range(10):
        with pytest.raises(ClientUnproven):
            await world.tokens.issue(guess, source="192.0.2.66")
    with pytest.raises(TooManyWrongSecrets) as caught:
        await world.tokens.issue(guess, source="192.0.2.66")
    assert caught.value.details["retry_after_s"] == 60
    with pytest.raises(ClientUnproven):
        await world.tokens.issue(guess, source="192.0.2.67")
    await world.tokens.issue(asked(made), source="192.0.2.66")
    world.clock.advance(60)
    with pytest.raises(ClientUnproven):
        await world.tokens.issue(guess, source="192.0.2.66")


async def test_guessing_ids_is_slowed_too(world: World) -> None:
    """One place cannot go through one client after the other."""
    outcomes = []
    for number in range(70):
        request = TokenRequest(
            "client_credentials", f"client_{number}", secret("wrong"), frozenset()
        )
        with pytest.raises((ClientUnproven, TooManyWrongSecrets)) as caught:
            await world.tokens.issue(request, source="192.0.2.66")
        outcomes.append(caught.type)
    assert outcomes == [ClientUnproven] * 60 + [TooManyWrongSecrets] * 10


# ---- attacks


async def test_only_our_algorithm_and_our_key_count(world: World, made: NewSecret) -> None:
    """`none` in any spelling, another HMAC, another key, a key brought along (RFC 8725 §2.1)."""
    claims = said_by(await token_of(world, made))
    assert (await world.tokens.principal_of(secret(forged(world, claims)))).id == claims["sub"]
    attempts = [
        *(forged(world, claims, alg=alg) for alg in ("none", "None", "NONE", "HS512", "HS384")),
        forged(world, claims, alg="RS256"),
        forged(world, claims, key="another key of more than thirty-two characters"),
        forged(world, claims, key="", alg="HS256"),
        forged(world, claims, crit=["exp"], exp=1),
        forged(world, claims, jwk={"kty": "oct", "k": "AAAA"}),
        forged(world, claims, kid="../../dev/null"),
        forged(world, claims, b64=False, crit=["b64"]),
    ]
    signed_away = forged(world, claims).rpartition(".")[0]
    attempts += [signed_away + ".", signed_away, f"{signed_away}.AAAA"]
    for attempt in attempts:
        assert await refused(world, attempt) is TokenRefused


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "somebody"},
        {"iss": None},
        {"iss": ["ringdown"]},
        {"sub": "client_never"},
        {"sub": 5},
        {"sub": ""},
        {"cid": "centre_never"},
        {"cid": None},
        {"scope": "calls:read"},
        {"scope": "incidents:confirm"},
        {"scope": "incident_events calls:read"},
        {"ver": "0" * 24},
        {"ver": None},
        {"jti": None},
        {"exp": None},
        {"exp": "soon"},
        {"exp": True},
        {"exp": 1e300},
        {"exp": 1 << 80},
        {"exp": -1},
        {"iat": None},
        {"iat": 0},
    ],
    ids=str,
)
async def test_a_claim_that_is_not_ours_is_refused(
    world: World, made: NewSecret, change: dict[str, Any]
) -> None:
    """Even under our own key."""
    claims = said_by(await token_of(world, made)) | change
    claims = {name: value for name, value in claims.items() if value is not None}
    assert await refused(world, forged(world, claims)) is TokenRefused


async def test_no_token_lasts_longer_or_begins_later(world: World, made: NewSecret) -> None:
    """A lifetime above two hours, a token from the future, one that ends before it begins."""
    claims = said_by(await token_of(world, made))
    now = claims["iat"]
    for iat, exp in ((now, now + TWO_HOURS + 1), (now + 120, now + 200), (now, now - 1)):
        token = forged(world, claims | {"iat": iat, "exp": exp})
        assert await refused(world, token) is TokenRefused
    slightly_ahead = forged(world, claims | {"iat": now + 30, "exp": now + 90})
    assert await world.tokens.principal_of(secret(slightly_ahead))


async def test_an_expired_token_is_told_apart(world: World, made: NewSecret) -> None:
    """At its very second, and only if everything else is right."""
    token = await token_of(world, made)
    world.clock.advance(TWO_HOURS - 1)
    assert await world.tokens.principal_of(secret(token))
    world.clock.advance(1)
    assert await refused(world, token) is TokenExpired
    assert await refused(world, token[:-4] + "AAAA") is TokenRefused
    claims = said_by(token) | {"iss": "somebody"}
    assert await refused(world, forged(world, claims)) is TokenRefused


async def test_another_centre_cannot_be_reached(world: World, made: NewSecret) -> None:
    """A client belongs to its centre, whatever a token says."""
    other = (await world.centre("Other County", "other")).signed_in.principal
    theirs = await world.clients.add(other, name="Theirs", scopes=["incident_events"])
    assert (
        await world.tokens.principal_of(secret(await token_of(world, theirs)))
    ).centre_id == other.centre_id
    claims = said_by(await token_of(world, made)) | {"cid": other.centre_id}
    assert await refused(world, forged(world, claims)) is TokenRefused


@pytest.mark.parametrize(
    "token",
    ["", ".", "..", "a.b.c", "\udcff.\udcff.\udcff", "x" * 2049, "e30.e30.e30", "é.é.é", "a b.c.d"],
)
async def test_what_is_no_token_is_refused(world: World, token: str) -> None:
    """Without a look at anything else."""
    assert await refused(world, token) is TokenRefused


def test_a_token_that_is_too_long_is_not_read() -> None:
    """Not even its signature: a header of megabytes costs nothing."""
    deep = base64.urlsafe_b64encode(b'{"a":' + b"[" * 100_000).decode().rstrip("=")
    with pytest.raises(TokenRefused):
        JwtTokens(Sensitive(KEY, "k")).payload(f"{deep}.e30.AAAA")


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None
)
@given(data=st.data())
async def test_a_changed_token_is_never_taken(
    world: World, admin: Principal, data: st.DataObject
) -> None:
    """One character changed, left out or put in, anywhere: it is refused, or says the same."""
    made = await world.clients.add(admin, name="Responders", scopes=["incident_events"])
    token = await token_of(world, made)
    at = data.draw(st.integers(0, len(token) - 1))
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."
    new = data.draw(st.sampled_from(["", *letters]))
    keep = data.draw(st.booleans())
    changed = token[:at] + new + token[at + (0 if keep else 1) :]
    try:
        principal = await world.tokens.principal_of(secret(changed))
    except TokenRefused:
        return
    # The last character of base64 has bits that mean nothing.
    assert changed.rpartition(".")[0] == token.rpartition(".")[0]
    assert principal.id == made.client.client_id


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
HEADS = JSON_VALUES | st.fixed_dictionaries(
    {"alg": st.just("HS256") | JSON_VALUES, "typ": st.just("JWT") | JSON_VALUES},
    optional={"kid": JSON_VALUES, "crit": JSON_VALUES, "b64": JSON_VALUES, "jwk": JSON_VALUES},
)
NAMES = ("iss", "sub", "cid", "scope", "iat", "exp", "jti", "ver")
BODIES = JSON_VALUES | st.fixed_dictionaries(
    {"iss": st.just("ringdown")}, optional=dict.fromkeys(NAMES[1:], JSON_VALUES)
)


@settings(deadline=None)
@given(head=HEADS, body=BODIES)
def test_anything_signed_with_our_key_is_claims_or_refused(head: object, body: object) -> None:
    """Whatever stands in header and payload, no other error comes out, and claims come back whole."""

    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    text = f"{part(head)}.{part(body)}"
    signature = base64.urlsafe_b64encode(hmac.digest(KEY.encode(), text.encode(), "sha256"))
    try:
        payload = JwtTokens(secret(KEY)).payload(f"{text}.{signature.decode().rstrip('=')}")
        claims = claims_of(payload)
    except TokenRefused:
        return
    assert {name: payload[name] for name in NAMES} == claims.payload()
    assert claims.mark.secret == claims.secret


async def test_refused_tokens_are_written_down(
    world: World, admin: Principal, made: NewSecret
) -> None:
    """A void one in its centre, a foreign one in that of none, a flood as one row; never the token."""
    token = await token_of(world, made)
    await world.clients.rotate(admin, made.client.client_id)
    for _ in range(5):
        await refused(world, token)
        await refused(world, "a.b.c")
    ours = [r for r in await world.rows(admin.centre_id) if r.tag == "identity:token:refused"]
    nobodys = [r for r in await world.rows(INSTALLATION) if r.tag == "identity:token:refused"]
    assert [(r.subject, r.details["reason"]) for r in ours] == [(made.client.client_id, "void")]
    assert [(r.subject, r.details["reason"]) for r in nobodys] == [("client:unknown", "not_ours")]
    assert token not in repr(ours)


async def test_an_old_token_is_no_reason_for_a_row(
    world: World, admin: Principal, made: NewSecret
) -> None:
    """It happens to every partner every day."""
    token = await token_of(world, made)
    world.clock.advance(TWO_HOURS)
    assert await refused(world, token) is TokenExpired
    assert "identity:token:refused" not in await world.tags(admin.centre_id)


# ---- the end of a credential


async def test_disabling_ends_tokens_and_is_told(
    world: World, admin: Principal, made: NewSecret
) -> None:
    """The token, what runs by it, and the secret; listeners hear it after it is so."""
    token = await token_of(world, made)
    principal = await world.tokens.principal_of(secret(token))
    assert await world.tokens.may_begin(principal)
    await world.clients.disable(admin, made.client.client_id)
    assert await refused(world, token) is TokenRefused
    assert not await world.tokens.may_begin(principal)
    assert not await world.tokens.may_go_on(principal)
    assert not await world.authentication.still_valid(principal)
    with pytest.raises(ClientUnproven):
        await token_of(world, made)
    told = [each for each in world.heard.signals if isinstance(each, ClientStopped)]
    assert [(each.client_id, each.centre_id, each.why) for each in told] == [
        (made.client.client_id, admin.centre_id, "disabled")
    ]


async def test_a_new_secret_ends_the_tokens_of_the_old_one(
    world: World, admin: Principal, made: NewSecret
) -> None:
    """All of them and no other, though everything happens within one second."""
    token = await token_of(world, made)
    principal = await world.tokens.principal_of(secret(token))
    renewed = await world.clients.rotate(admin, made.client.client_id)
    fresh = await token_of(world, renewed)
    assert said_by(fresh)["iat"] == said_by(token)["iat"]
    assert await refused(world, token) is TokenRefused
    assert not await world.authentication.still_valid(principal)
    assert await world.authentication.still_valid(await world.tokens.principal_of(secret(fresh)))
    told = [each for each in world.heard.signals if isinstance(each, ClientStopped)]
    assert [each.why for each in told] == ["rotated"]


async def test_a_rotation_leaves_who_came_by_secret(world: World, admin: Principal) -> None:
    """A call that comes in over a telephone system's connection is not cut."""
    phones = await world.clients.add(admin, name="Phones", scopes=["media:ingest"])
    principal = await world.clients.authenticate(phones.client.client_id, phones.secret)
    await world.clients.rotate(admin, phones.client.client_id)
    assert await world.authentication.still_valid(principal)


async def test_age_begins_nothing_new_and_cuts_nothing(world: World, made: NewSecret) -> None:
    """A clock must not cut a live transcript."""
    principal = await world.tokens.principal_of(secret(await token_of(world, made)))
    world.clock.advance(TWO_HOURS)
    assert not await world.tokens.may_begin(principal)
    assert await world.tokens.may_go_on(principal)
    assert await world.authentication.still_valid(principal)
