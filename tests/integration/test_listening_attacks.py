"""What a listener must not be able to do, tried on the real media server with the real SDK."""

import asyncio
import base64
import hashlib
import json
import time
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
import pytest_asyncio
from livekit import api, rtc
from tests.listening_stage import Ear, Stage, staged, token_of, until
from tests.listening_world import PARTNER, STRANGER

from ringdown.core.errors import NotFound
from ringdown.listening.http import EVENTS_PATH

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.timeout(900),
    pytest.mark.slow,
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    async with staged(tmp_path_factory.mktemp("listening")) as made:
        yield made


async def refused(url: str, token: str) -> bool:
    """Whether the media server lets nobody in with this."""
    room = rtc.Room()
    try:
        # The SDK tries three times, each for this long.
        await room.connect(url, token, rtc.RoomOptions(connect_timeout=5))
    except rtc.ConnectError:
        return True
    await room.disconnect()
    return False


def claims(token: str) -> dict:
    body = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))


async def test_a_token_states_every_grant_and_names_nobody(stage: Stage) -> None:
    """Absent grants mean "allowed" to the server, so none is absent; names are random."""
    grant = await stage.grant()
    told = claims(token_of(grant))
    room = told["video"].pop("room")
    assert told["video"] == {
        "roomJoin": True,
        "canSubscribe": True,
        "canPublish": False,
        "canPublishData": True,
        "canUpdateOwnMetadata": False,
    }
    assert told["sub"] == grant.identity
    assert 0 < told["exp"] - time.time() <= 601
    assert not told.keys() & {"name", "metadata", "attributes"}
    for name in (room, grant.identity):
        for known in ("call_1", PARTNER.id, PARTNER.name, grant.session_id):
            assert known not in name
    await stage.listening.close(PARTNER, grant.session_id)


@pytest.mark.parametrize("kind", ["audio", "video"])
async def test_a_listener_cannot_publish(stage: Stage, kind: str) -> None:
    """Neither sound nor pictures reach an emergency call's room."""
    grant, ear = await stage.listener()
    if kind == "audio":
        track = rtc.LocalAudioTrack.create_audio_track("x", rtc.AudioSource(16_000, 1))
    else:
        track = rtc.LocalVideoTrack.create_video_track("x", rtc.VideoSource(32, 32))
    publishing = asyncio.ensure_future(ear.room.local_participant.publish_track(track))
    # A whole exchange later, the server has had every chance to take the track.
    await ear.send({"cmd": "pause"})
    before = len(ear.packets)
    await until(lambda: len(ear.packets) >= before + 3)
    found = await stage.rooms._server.ask(
        lambda a: a.room.get_participant(
            api.RoomParticipantIdentity(
                room=claims(token_of(grant))["video"]["room"], identity=grant.identity
            )
        )
    )
    assert list(found.tracks) == []
    assert not found.permission.can_publish
    publishing.cancel()
    await stage.listening.close(PARTNER, grant.session_id)


async def test_a_token_opens_its_own_room_alone(stage: Stage) -> None:
    """The room is inside the signature: one changed, unsigned or missing token lets nobody in."""
    mine, other = await stage.grant(), await stage.grant()
    head, body, signature = token_of(mine).split(".")
    forged = claims(token_of(mine))
    forged["video"]["room"] = claims(token_of(other))["video"]["room"]

    def encoded(value: dict) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    nothing = encoded({"alg": "none", "typ": "JWT"})
    for token in (
        f"{head}.{encoded(forged)}.{signature}",
        f"{nothing}.{encoded(forged)}.",
        f"{nothing}.{body}.",
        f"{nothing}.{body}.{signature}",
        "",
        "x",
    ):
        assert await refused(mine.url, token), token[:20]
    for grant in (mine, other):
        await stage.listening.close(PARTNER, grant.session_id)


async def test_a_token_signed_by_somebody_else_opens_nothing(stage: Stage) -> None:
    """Our key's name with another secret, and a key that nobody knows."""
    grant = await stage.grant()
    access = stage.server.access()
    room = claims(token_of(grant))["video"]["room"]
    for key, secret in ((access.api_key, "x" * 43), ("unknown", access.api_secret)):
        token = api.AccessToken(key, secret).with_identity("lst_x").with_ttl(timedelta(minutes=5))
        grants = api.VideoGrants(room_join=True, room=room)
        assert await refused(grant.url, token.with_grants(grants).to_jwt())
    await stage.listening.close(PARTNER, grant.session_id)


async def test_nobody_else_fits_into_the_room(stage: Stage) -> None:
    """Even with a token that our own key signed: the room is for the listener and the worker."""
    grant, ear = await stage.listener()
    access = stage.server.access()
    room = claims(token_of(grant))["video"]["room"]
    token = api.AccessToken(access.api_key, access.api_secret).with_identity("lst_third")
    assert await refused(
        grant.url, token.with_grants(api.VideoGrants(room_join=True, room=room)).to_jwt()
    )
    assert len(ear.room.remote_participants) == 1
    await stage.listening.close(PARTNER, grant.session_id)


async def test_a_token_used_twice_makes_one_listener(stage: Stage) -> None:
    """The second connection replaces the first, and goes on at the same place."""
    grant, first = await stage.listener()
    await first.send({"cmd": "scrub", "position": 30_000})
    await until(lambda: first.status().get("position") == 30_000)
    second = await stage.ear(grant)
    await until(lambda: first.over)
    await until(lambda: second.status().get("position") == 30_000)
    assert len(second.room.remote_participants) == 1
    await stage.becomes(grant, "live")
    await stage.listening.close(PARTNER, grant.session_id)


async def test_a_closed_session_is_over_at_once_and_for_good(stage: Stage) -> None:
    """Connected clients are put out; the token, though not expired, opens nothing any more."""
    grant, ear = await stage.listener()
    await stage.listening.close(PARTNER, grant.session_id)
    await until(lambda: ear.over)
    assert await refused(grant.url, token_of(grant))
    await stage.becomes(grant, "closed", "asked")


async def test_a_disabled_partner_hears_nothing_more(stage: Stage) -> None:
    """Rooms end with the credential; somebody else's goes on."""
    grant, ear = await stage.listener()
    other, mine = await stage.listener(stage_other())
    assert await stage.listening.close_all_of("a", PARTNER.id, "client_disabled") >= 1
    await until(lambda: ear.over)
    assert await refused(grant.url, token_of(grant))
    assert not mine.over
    await stage.listening.close(stage_other(), other.session_id)


def stage_other():
    """Another credential of the same centre."""
    from ringdown.core.principal import Principal

    return Principal("client", "client_2", "Others", "a", frozenset({"incident_events"}))


async def test_another_centres_partner_gets_nothing(stage: Stage) -> None:
    """Its question looks like one for a call that does not exist."""
    with pytest.raises(NotFound):
        await stage.listening.open(STRANGER, "call_1")
    with pytest.raises(NotFound):
        await stage.listening.open(STRANGER, "call_2")


async def test_who_sends_is_what_the_server_says_and_not_the_packet(stage: Stage) -> None:
    """A command that claims to be somebody else's moves the sender alone; statuses are no commands."""
    mine, ear = await stage.listener()
    other, victim = await stage.listener()
    for packet in (
        {"cmd": "scrub", "position": 50_000, "identity": other.identity},
        {"cmd": "scrub", "position": 51_000, "session_id": other.session_id},
    ):
        await ear.send(packet)
    await until(lambda: ear.status().get("position") == 51_000)
    await ear.room.local_participant.publish_data(
        json.dumps({"cmd": "scrub", "position": 52_000}),
        destination_identities=[other.identity],
    )
    status = {"kind": "status", "position": 1, "duration": 1, "paused": False}
    await ear.send(status | {"atEnd": False, "callOver": False})
    await until(lambda: "bad_message" in ear.errors() or "unknown_command" in ear.errors())
    victim.packets.clear()
    await until(lambda: len(victim.packets) >= 3)
    assert {packet["kind"] for packet in victim.packets} == {"status"}
    assert {packet["position"] for packet in victim.packets} == {0}
    for grant in (mine, other):
        await stage.listening.close(PARTNER, grant.session_id)


FLOOD_A_S = 300
"""Several hundred a second, of which 20 are obeyed; the client sends no faster on one core."""


async def thousand(ear: Ear) -> float:
    """A thousand commands, as fast as they can be sent; how many a second that was."""
    begun = time.monotonic()
    for _ in range(200):
        # More at a time are slower: the client hands each answer to everybody who waits for one.
        await asyncio.gather(
            *(ear.send({"cmd": "scrub", "position": 1}, reliable=n % 2 == 0) for n in range(5))
        )
    return 1000 / (time.monotonic() - begun)


async def test_a_flood_costs_the_others_on_the_worker_nothing(stage: Stage) -> None:
    """Hundreds of commands a second and packets of 15 KB are refused; everybody else is served on."""
    mine, ear = await stage.listener()
    other, quiet = await stage.listener()
    await quiet.send({"cmd": "resume"})
    await quiet.hears()
    begun = quiet.status()["position"]
    for bursts in range(1, 21):
        if await thousand(ear) >= FLOOD_A_S and bursts >= 3:
            break  # a machine too slow for that floods itself with what it can send
    large = b'{"cmd":"scrub","position":1,"x":"' + b"x" * 14_900 + b'"}'
    for number in range(100):
        await ear.send(large, reliable=number % 2 == 0)
    await until(lambda: "rate_limited" in ear.errors())
    quiet.packets.clear()
    await until(lambda: len(quiet.packets) >= 3)
    assert quiet.status()["position"] > begun
    await quiet.hears()
    await quiet.send({"cmd": "pause"})
    await until(lambda: quiet.status().get("paused"))
    assert not quiet.over
    assert quiet.errors() == []
    for grant in (mine, other):
        await stage.listening.close(PARTNER, grant.session_id)


async def test_a_notice_that_the_media_server_did_not_sign_is_refused(stage: Stage) -> None:
    """No signature, another key, a body changed on its way: 401 and nothing happens.

    The media server's own notices do arrive.
    """
    grant, ear = await stage.listener()
    await until(lambda: ("joined", grant.identity) in stage.notices)
    room = claims(token_of(grant))["video"]["room"]
    body = json.dumps(
        {
            "event": "participant_left",
            "room": {"name": room},
            "participant": {"identity": grant.identity},
        }
    )
    access = stage.server.access()

    def signed(key: str, secret: str, text: str) -> str:
        token = api.AccessToken(key, secret)
        token.claims.sha256 = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        return token.to_jwt()

    good = signed(access.api_key, access.api_secret, body)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{stage.port}", trust_env=False) as web:

        async def answer(authorization: str | None, text: str = body) -> int:
            headers = {} if authorization is None else {"Authorization": authorization}
            return (await web.post(EVENTS_PATH, content=text, headers=headers)).status_code

        assert await answer(None) == 401
        assert await answer("") == 401
        assert await answer(signed(access.api_key, "x" * 43, body)) == 401
        assert await answer(signed("unknown", access.api_secret, body)) == 401
        assert await answer(token_of(grant)) == 401
        assert await answer(good, body.replace("left", "joined")) == 401
        assert await answer(good) == 204
    await stage.becomes(grant, "live")
    assert not ear.over
    await stage.listening.close(PARTNER, grant.session_id)


async def test_a_recording_removed_while_listening_ends_the_session(stage: Stage) -> None:
    """The listener is told why in a packet with a code, then put out; nobody can begin again."""
    grant, ear = await stage.listener()
    await ear.send({"cmd": "resume"})
    await ear.hears()
    kept = {path: path.read_bytes() for path in (stage.call.folder / "a" / "call_1").iterdir()}
    stage.call.remove()
    try:
        await until(lambda: ear.over)
        (why,) = [packet for packet in ear.packets if packet["kind"] == "closed"]
        assert why.keys() == {"kind", "code", "detail"}
        assert why["code"] == "recording_removed"
        assert ear.errors() == []  # errors are answers to commands alone
        await stage.becomes(grant, "closed", "recording_removed")
        assert await refused(grant.url, token_of(grant))
        with pytest.raises(Exception, match="no longer held"):
            await stage.grant()
    finally:
        for path, content in kept.items():
            path.write_bytes(content)


async def test_every_act_of_listening_is_written_down(stage: Stage) -> None:
    """Opened, joined, heard which seconds, closed: with the sessions' ids and without anything else."""
    grant, ear = await stage.listener()
    await ear.send({"cmd": "scrub", "position": 61_000})
    await ear.send({"cmd": "resume"})
    await until(lambda: ear.status().get("position", 0) > 63_000)
    await stage.listening.close(PARTNER, grant.session_id)

    async def rows() -> list[tuple[str, dict]]:
        found = await stage.audited()
        return [
            (tag, details)
            for tag, subject, details in found
            if subject == grant.session_id or details.get("session_id") == grant.session_id
        ]

    async with asyncio.timeout(240):
        while "listening:call:heard" not in [tag for tag, _ in await rows()]:
            await asyncio.sleep(0.05)
        await asyncio.sleep(0)
    told = await rows()
    assert [tag for tag, _ in told if tag != "listening:call:heard"] == [
        "listening:session:opened",
        "listening:session:joined",
        "listening:session:closed",
    ]
    await until(lambda: grant.session_id not in stage.listening._ending)
    seconds = [s for tag, d in await rows() if tag.endswith("heard") for s in d["seconds"]]
    assert min(start for start, _ in seconds) == pytest.approx(61, abs=0.1)
    assert max(end for _, end in seconds) >= 62


async def test_a_token_that_has_expired_opens_nothing(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """The server forgives a minute; we do not, since the room is gone when the time is."""
    folder = tmp_path_factory.mktemp("expired")
    async with staged(folder, token_lifetime_s=20, back_within_s=10) as stage:
        late = await stage.grant()
        joined, ear = await stage.listener()
        await stage.becomes(late, "closed", "never_joined")
        assert await refused(late.url, token_of(late))
        # Who has joined stays, well beyond the lifetime of the token.
        await until(lambda: stage.clock.now() > joined.expires_at + timedelta(seconds=1))
        told = len(ear.packets)
        await until(lambda: len(ear.packets) >= told + 3)
        assert (await stage.state_of(joined))[0] == "live"
        assert not ear.over
        assert isinstance(ear, Ear)
