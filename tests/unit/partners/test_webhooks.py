"""From a fact to a receiver: who is told, how it is signed, what becomes of failures."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import standardwebhooks
from tests.unit.partners.world import ADMIN, OTHER, PARTNER, PLACE, World, call

from ringdown.caller.api import FixView
from ringdown.caller.events import CallerLocated
from ringdown.core.errors import NotFound
from ringdown.core.events import FactRecord
from ringdown.identity.events import ClientStopped
from ringdown.partners.addresses import UrlRefused
from ringdown.partners.attempts import OAuth
from ringdown.partners.endpoints import (
    Bearer,
    EndpointInvalid,
    PartnerNotFound,
    StillUnderWay,
    bearer_of,
)
from ringdown.partners.fakes import ScriptedPost
from ringdown.partners.ledger import SCHEDULE
from ringdown.partners.model import added_time, incident_uuid
from ringdown.partners.ports import Answer, PostFailed
from ringdown.wire.standard_webhooks import Secret, sign, write_secret

VECTOR = {
    "secret": "whsec_cmluZ2Rvd24tZXhhbXBsZS1zaWduaW5nLWtleS0zMmI=",
    "id": "evt_01hzy3m8q4t5v6w7x8y9zabcde",
    "timestamp": 1893553445,
    "body": b'{"type":"incident_metadata","id":"6f2c1a34-5b6d-4e7f-8a90-b1c2d3e4f506"}',
    "signature": "v1,oehjz8sh5nJ5E09nrpOoh1LN0nVk5Q6HayagS6Zt3mM=",
}


def test_the_published_vector_is_ours_and_the_reference_librarys() -> None:
    """Both make the very signature that the documentation shows."""
    ours = sign([Secret.parse(VECTOR["secret"])], VECTOR["id"], VECTOR["timestamp"], VECTOR["body"])
    theirs = standardwebhooks.Webhook(VECTOR["secret"]).sign(
        VECTOR["id"], datetime.fromtimestamp(VECTOR["timestamp"], UTC), VECTOR["body"].decode()
    )
    assert ours["webhook-signature"] == theirs == VECTOR["signature"]


async def test_each_event_goes_to_whoever_wants_it_once_however_often_it_is_heard() -> None:
    """The same event id for all, a delivery id for each."""
    world = World()
    one = await world.add()
    other = await world.add(client_id="client_2", events=["caller_location"])
    record = await world.hear(call(ali=PLACE))
    await world.incidents.on_call(record)
    made = await world.all()
    assert sorted((d.endpoint_id, d.type) for d in made) == [
        (one.endpoint_id, "caller_location"),
        (one.endpoint_id, "incident_metadata"),
        (other.endpoint_id, "caller_location"),
    ]
    assert {d.event_id for d in made if d.type == "caller_location"} == {"evt_1_caller_location"}
    assert len({d.delivery_id for d in made}) == 3


async def test_where_the_callers_phone_is_is_told_and_is_the_latest_location() -> None:
    """By the documented event, once however often it is heard; an unknown call is told to nobody."""
    world = World()
    await world.add(events=["caller_location"])
    await world.hear(call())
    taken = "2026-03-01T02:59:30Z"
    fix = FixView(
        fix_id="fix_1", call_id="call_1", link_id="link_1", lat=40.3, lon=-75.2, accuracy_m=9.0,
        at=taken, received_at=taken, at_ms=30_000,
    )  # fmt: skip
    for call_id in ("call_1", "call_1", "call_9"):
        fact = CallerLocated(
            centre_id="a", call_id=call_id, fix=fix.model_copy(update={"call_id": call_id})
        )
        await world.incidents.on_fix(FactRecord(2, "evt_2", world.clock.now(), fact))
    [made] = await world.all()
    body = json.loads(made.body)
    assert (body["type"], body["source"], body["lat"]) == ("caller_location", "caller_link", 40.3)
    read = await world.incidents.incident(PARTNER, incident_uuid("call_1"))
    assert read["latest_location"] == body


async def test_a_demo_call_and_another_centres_call_are_told_to_nobody_who_did_not_ask() -> None:
    """Practice never looks like an emergency."""
    world = World()
    await world.add()
    await world.hear(call("call_1", demo=True))
    await world.hear(call("call_2"), centre_id="b")
    assert await world.all() == []
    practising = await world.add(include_demo=True)
    await world.hear(call("call_3", demo=True))
    (told,) = await world.all()
    assert told.endpoint_id == practising.endpoint_id
    assert json.loads(told.body)["demo"] is True


async def test_a_webhook_arrives_signed_and_the_same_on_every_attempt() -> None:
    """The reference library believes it; a retry has its own timestamp and the same bytes."""
    post = ScriptedPost()
    post.answers = [Answer(500), PostFailed("partners.receiver.timeout", "late")]
    async with World().running() as world:
        secret = write_secret(bytes(range(32)))
        one = await world.add(post)
        await world.hear(call())
        for made, wait in enumerate(SCHEDULE[1:3], start=1):
            (waiting,) = await world.until(lambda d, n=made: d[0].attempts == n)
            assert waiting.state == "retrying"
            world.clock.advance(wait)
            world.sender.look([one.endpoint_id])
        (done,) = await world.until(lambda d: d[0].state == "delivered")
    assert (done.attempts, done.last_status) == (3, 200)
    urls, bodies, headers = zip(*post.sent, strict=True)
    assert (set(urls), len(set(bodies))) == ({one.url}, 1)
    assert [h["ringdown-attempt"] for h in headers] == ["1", "2", "3"]
    assert {h["ringdown-delivery-id"] for h in headers} == {done.delivery_id}
    assert {h["webhook-id"] for h in headers} == {done.event_id}
    assert len({h["webhook-timestamp"] for h in headers}) == 3
    assert "authorization" not in headers[0]
    verifier = standardwebhooks.Webhook(secret)
    stamp = datetime.fromtimestamp(int(headers[0]["webhook-timestamp"]), UTC)
    signature = verifier.sign(done.event_id, stamp, bodies[0].decode())
    assert headers[0]["webhook-signature"] == signature


async def test_the_old_secret_signs_too_for_a_day() -> None:
    """A receiver can change its own at leisure."""
    world = World()
    one = await world.add()
    world.endpoints._random_bytes = lambda n: b"n" * n
    made = await world.endpoints.rotate(ADMIN, one.endpoint_id)
    new, old = made.secret.reveal("it is compared"), write_secret(bytes(range(32)))
    for seconds, count in ((0, 2), (86_399, 2), (1, 1)):
        world.clock.advance(seconds)
        post = ScriptedPost()
        world.next_posts = [post]
        assert (await world.endpoints.test(ADMIN, one.endpoint_id)).state == "delivered"
        _, body, headers = post.sent[0]
        signatures = headers["webhook-signature"].split(" ")
        stamp = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
        expected = [
            standardwebhooks.Webhook(secret).sign(headers["webhook-id"], stamp, body.decode())
            for secret in (new, old)
        ]
        assert signatures == expected[:count]


async def test_410_switches_the_endpoint_off_and_lights_the_lamp_until_a_person_acts() -> None:
    """What comes meanwhile waits; switched on again, it goes out."""
    post, fresh = ScriptedPost(), ScriptedPost()
    post.answers = [Answer(410)]
    async with World().running() as world:
        one = await world.add(post)
        await world.hear(call())
        (dead,) = await world.until(lambda d: d[0].state == "dead")
        await wait_for(lambda: world.lamps.get("partners").state == "down")
        assert (await world.endpoint(one.endpoint_id)).disabled_because == "gone"
        assert "partners:endpoint:disabled" in await world.audited()
        await world.hear(call("call_2"))
        assert len(await world.all()) == 2
        world.next_posts = [fresh]
        view = await world.endpoints.change(ADMIN, one.endpoint_id, enabled=True)
        assert (view.enabled, view.dead, view.queued) == (True, 1, 1)
        await world.until(lambda d: d[0].state == "delivered")
        await world.endpoints.redeliver(ADMIN, dead.delivery_id)
        await world.until(lambda d: d[0].state == "delivered")
        await wait_for(lambda: world.lamps.get("partners").state == "ok")
    assert len(post.sent) == 1
    assert [h["webhook-id"] for _, _, h in fresh.sent][1] == dead.event_id


async def wait_for(condition) -> None:
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.005)


async def test_dead_letters_are_sent_again_one_by_one_or_by_their_time() -> None:
    """Each as a new delivery of the same event, and only once."""
    world = World()
    one = await world.add()
    for number in range(3):
        await world.hear(call(f"call_{number}"))
        world.clock.advance(60)
    made = sorted(await world.all(), key=lambda d: d.delivery_id)
    await give_up(world, made)
    with pytest.raises(NotFound):
        await world.endpoints.redeliver(OTHER, made[0].delivery_id)
    again = await world.endpoints.redeliver(ADMIN, made[0].delivery_id)
    assert (again.redelivery_of, again.event_id) == (made[0].delivery_id, made[0].event_id)
    for wrong in (made[0].delivery_id, again.delivery_id):
        with pytest.raises(StillUnderWay):
            await world.endpoints.redeliver(ADMIN, wrong)
    start, end = made[0].created_at, made[1].created_at + timedelta(seconds=1)
    assert await world.endpoints.redeliver_range(ADMIN, one.endpoint_id, start, end) == 1
    assert await world.endpoints.redeliver_range(ADMIN, one.endpoint_id, start, end) == 0
    (view,) = await world.endpoints.every(ADMIN)
    assert (view.queued, view.dead) == (2, 1)
    assert (await world.audited()).count("partners:delivery:redelivered") == 1


async def give_up(world: World, made) -> None:
    dead = [replace(d, state="dead", next_attempt_at=None, attempts=12) for d in made]
    async with world.db.write() as tx:
        await world.ledger.settle(tx, dead)


async def test_a_disabled_credential_stops_its_webhooks_at_once_even_in_mid_attempt() -> None:
    """And nothing new is queued for it; another partner is not touched."""
    began, never = asyncio.Event(), asyncio.Event()

    async def hang(_sent) -> Answer:
        began.set()
        await never.wait()
        return Answer(200)

    slow, quick = ScriptedPost(hang), ScriptedPost()
    async with World().running() as world:
        one = await world.add(slow)
        await wait_for(lambda: world.made_posts)
        other = await world.add(quick, client_id="client_2")
        await world.hear(call())
        await began.wait()
        world.partners.disable("a", "client_1")
        world.sender.client_stopped(
            ClientStopped(centre_id="a", client_id="client_1", why="disabled")
        )
        await wait_for(lambda: slow.closed)
        async with asyncio.timeout(60):
            while (await world.endpoint(one.endpoint_id)).enabled:
                await asyncio.sleep(0.005)
        assert (await world.endpoint(one.endpoint_id)).disabled_because == "credential"
        await world.hear(call("call_2"))
        await wait_for(lambda: len(quick.sent) == 2)
        with pytest.raises(PartnerNotFound):
            await world.endpoints.change(ADMIN, one.endpoint_id, enabled=True)
    mine = [d for d in await world.all() if d.endpoint_id == one.endpoint_id]
    assert [(d.state, d.attempts) for d in mine] == [("queued", 0)]
    assert (await world.endpoint(other.endpoint_id)).enabled
    assert len(slow.sent) == 1


async def test_a_new_secret_of_the_credential_stops_no_webhook() -> None:
    """What is owed goes on."""
    async with World().running() as world:
        await world.add()
        world.sender.client_stopped(
            ClientStopped(centre_id="a", client_id="client_1", why="rotated")
        )
        await world.hear(call())
        await world.until(lambda d: d[0].state == "delivered")


async def test_a_slow_endpoint_never_delays_another() -> None:
    """Ten wait at one, which hangs; the other has all of its own meanwhile."""
    never = asyncio.Event()

    async def hang(_sent) -> Answer:
        await never.wait()
        return Answer(200)

    slow, quick = ScriptedPost(hang), ScriptedPost()
    async with World().running() as world:
        await world.add(slow)
        await wait_for(lambda: world.made_posts)
        await world.add(quick, client_id="client_2")
        for number in range(10):
            await world.hear(call(f"call_{number}"))
        await wait_for(lambda: len(quick.sent) == 10)
        assert len(slow.sent) == 2, "no more at once than is allowed"


async def test_what_was_under_way_at_a_crash_is_sent_again() -> None:
    """Nothing is written before an attempt, so nothing is lost by one."""
    world = World()
    one = await world.add()
    await world.hear(call())
    began = asyncio.Event()

    async def hang(_sent) -> Answer:
        began.set()
        await asyncio.Event().wait()
        raise AssertionError

    world.next_posts = [ScriptedPost(hang)]
    async with world.running():
        await began.wait()
    (left,) = await world.all()
    assert (left.state, left.attempts) == ("queued", 0)
    restarted = World(world.db)
    restarted.clock.advance(60)
    async with restarted.running():
        (done,) = await restarted.until(lambda d: d[0].state == "delivered")
    assert done.endpoint_id == one.endpoint_id


async def test_a_bearer_token_is_sent_and_an_oauth_token_is_fetched_kept_and_renewed_on_401() -> (
    None
):
    """One new token and one more try within the attempt, never a loop."""
    world = World()
    plain = await world.add(bearer=bearer_of(kind="bearer", token="long-lived"))
    post = ScriptedPost()
    world.next_posts = [post]
    await world.endpoints.test(ADMIN, plain.endpoint_id)
    assert post.sent[0][2]["authorization"] == "Bearer long-lived"

    world = World()
    oauth = bearer_of(
        kind="oauth", token_url="https://id.example.org/t", client_id="c:1", client_secret="s&"
    )
    tokens = [Answer(200, body=b'{"access_token":"t%d","expires_in":300}' % n) for n in range(4)]
    post = ScriptedPost()
    post.answers = [tokens[0], Answer(200), Answer(200), tokens[1], Answer(200), Answer(401),
                    tokens[2], Answer(401)]  # fmt: skip
    async with world.running():
        one = await world.add(post, bearer=oauth)
        for number, advance in enumerate((0, 239, 1, 1)):
            world.clock.advance(advance)
            await world.hear(call(f"call_{number}"))
            await world.until(
                lambda found, n=number: (
                    sum(d.attempts for d in found if d.endpoint_id == one.endpoint_id) == n + 1
                )
            )
    asked = [sent for sent in post.sent if sent[0] == "https://id.example.org/t"]
    assert len(asked) == 3
    assert asked[0][1] == b"grant_type=client_credentials"
    assert asked[0][2]["authorization"] == "Basic YyUzQTE6cyUyNg=="
    used = [sent[2]["authorization"] for sent in post.sent if sent[0] != asked[0][0]]
    assert used == [f"Bearer t{n}" for n in (0, 0, 1, 1, 2)]
    failed = next(d for d in await world.all() if d.last_status == 401)
    assert failed.last_error.code == "partners.receiver.unauthorised"


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"access_token": 7}', b'{"access_token": "a\\r\\nx: y"}']
)
async def test_a_token_server_that_gives_no_token_is_a_failure_with_a_reason(body: bytes) -> None:
    """Nothing is sent without the token, and no header is forged by one."""
    world = World()
    oauth = Bearer("oauth", OAuth("https://id.example.org/t", "c", "s").written())
    one = await world.add(bearer=oauth)
    post = ScriptedPost()
    post.answers = [Answer(200, body=body)]
    world.next_posts = [post]
    came = await world.endpoints.test(ADMIN, one.endpoint_id)
    assert (came.state, came.last_error.code) == ("dead", "partners.token.refused")
    assert len(post.sent) == 1


async def test_a_test_says_what_it_is_and_when_in_the_form_of_added_times() -> None:
    """It belongs to no incident, and its body is the documented one."""
    world = World()
    one = await world.add()
    post = ScriptedPost()
    world.next_posts = [post]
    assert (await world.endpoints.test(ADMIN, one.endpoint_id)).type == "test"
    body = json.loads(post.sent[0][1])
    assert body == {"type": "test", "id": body["id"], "created_at": added_time(world.clock.now())}
    assert body["created_at"].endswith("+00:00")


async def test_endpoints_are_made_for_partners_and_with_safe_addresses_only() -> None:
    """And every act is in the audit log, without a secret in it."""
    world = World()
    for error, wrong in [
        (PartnerNotFound, {"client_id": "client_9"}),
        (UrlRefused, {"url": "http://hooks.example.org/"}),
        (UrlRefused, {"url": "https://127.0.0.1/"}),
        (UrlRefused, {"bearer": Bearer("oauth", OAuth("http://x", "c", "s").written())}),
        (EndpointInvalid, {"events": []}),
        (EndpointInvalid, {"name": "  "}),
    ]:
        with pytest.raises(error):
            await world.add(**wrong)
    for wrong in ({"kind": "bearer"}, {"kind": "bearer", "token": "a\nb"}, {"kind": "oauth"}):
        with pytest.raises(EndpointInvalid):
            bearer_of(**wrong)
    one = await world.add(bearer=bearer_of(kind="bearer", token="hush-hush"))
    assert "hush" not in repr(one)
    assert "hush" not in (await world.endpoints.every(ADMIN))[0].model_dump_json()
    await world.endpoints.change(ADMIN, one.endpoint_id, name="New", enabled=False)
    await world.endpoints.rotate(ADMIN, one.endpoint_id)
    with pytest.raises(NotFound):
        await world.endpoints.change(OTHER, one.endpoint_id, name="Mine")
    await world.hear(call())
    assert await world.all() == [], "who was switched off by a person is told nothing"
    await world.endpoints.change(ADMIN, one.endpoint_id, enabled=True)
    await world.hear(call("call_2"))
    await world.endpoints.remove(ADMIN, one.endpoint_id)
    (given_up,) = await world.all()
    assert (given_up.state, given_up.last_error.code) == ("dead", "partners.endpoint.removed")
    assert await world.endpoints.every(ADMIN) == []
    acts = ["added", "changed", "rotated", "changed", "removed"]
    assert await world.audited() == [f"partners:endpoint:{act}" for act in acts]
