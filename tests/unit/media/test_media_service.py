"""Sources come, go and come back; calls and their recordings stay whole."""

import errno
import shutil

import pytest
from tests.media_world import DANA, RADIO, READER, SECRET, media, running, second, start

from ringdown.core.errors import Refused, Unauthenticated
from ringdown.media import ingest, service
from ringdown.runtime.db import DatabaseUnavailable
from ringdown.wire import twilio


@pytest.fixture
async def world(tmp_path):
    async with running(tmp_path) as made:
        yield made


async def test_a_call_is_recorded_sealed_and_archived(world):
    """Two tracks become two legs of one call; after stop each is sealed, audited and archived."""
    client = world.source()
    await client.say(start(ani="3155550188", demo="true"))
    for at in range(2):
        world.clock.advance(1)
        await client.say(*second(at, 0x11), *second(at, 0x22, track="outbound"))
    call = await world.call()
    assert (call.external_id, call.ani, call.demo, call.state) == (
        "CA1", "3155550188", True, "active",
    )  # fmt: skip
    await client.stop()
    await world.archived(2)
    audio = {leg.side: world.leg_audio(call.call_id, leg.leg_id) for leg in call.legs}
    assert audio == {"caller": b"\x11" * 16_000, "call_taker": b"\x22" * 16_000}
    sealed = await world.audited("media:leg:sealed")
    assert [row.details["bytes"] for row in sealed] == [16_512, 16_512]
    ended = await world.calls.get(DANA, call.call_id)
    assert (ended.state, [leg.state for leg in ended.legs]) == ("ended", ["sealed", "sealed"])
    assert [leg.duration_ms for leg in ended.legs] == [2000, 2000]
    assert client.sent == []


async def test_legs_of_a_call_end_together(world):
    """The side that stopped talking earlier is padded with silence, and the gap is told."""
    client = world.source()
    await client.say(start(), *second(0, 0x11), *second(0, 0x22, track="outbound"))
    world.clock.advance(2)
    await client.say(*second(1, 0x11))
    call = await world.call()
    await client.stop()
    await world.archived(2)
    assert world.leg_audio(call.call_id, call.legs[1].leg_id) == b"\x22" * 8000 + b"\xff" * 8000

    async def told() -> bool:
        return bool(await world.told("media.gap"))

    await world.until(told)
    (gap,) = await world.told("media.gap")
    assert (gap["side"], gap["from_ms"], gap["to_ms"], gap["reason"]) == (
        "call_taker", 1000, 2000, "ended_early",
    )  # fmt: skip


async def test_a_dropped_source_comes_back_into_the_same_call_and_legs(world):
    """Same callSid and streamSid: its timestamps go on, the time between is silence."""
    client = world.source()
    await client.say(start(tracks=["inbound"]), *second(0, 0x11))
    before = await world.call()
    await client.drop()

    async def interrupted() -> bool:
        return (await world.call()).state == "interrupted"

    await world.until(interrupted)
    world.clock.advance(4)
    again = world.source()
    await again.say(start(tracks=["inbound"]), *second(3, 0x33))
    after = await world.call()
    assert (after.call_id, after.legs, after.state) == (before.call_id, before.legs, "ringing")
    await again.stop()
    await world.archived(1)
    audio = world.leg_audio(after.call_id, after.legs[0].leg_id)
    assert audio == b"\x11" * 8000 + b"\xff" * 16_000 + b"\x33" * 8000
    (gap,) = await world.told("media.gap")
    assert (gap["from_ms"], gap["to_ms"], gap["reason"]) == (1000, 3000, "source_lost")


async def test_a_new_stream_of_the_same_call_is_placed_by_the_clock(world):
    """Same callSid, new streamSid: its zero is now, on the call's clock."""
    client = world.source()
    await client.say(start(tracks=["inbound"]), *second(0, 0x11))
    world.clock.advance(1)
    await client.drop()
    world.clock.advance(2)
    again = world.source()
    await again.say(start(stream_sid="MZ2", tracks=["inbound"]), *second(0, 0x33, stream_sid="MZ2"))
    call = await world.call()
    await again.stop()
    await world.archived(1)
    audio = world.leg_audio(call.call_id, call.legs[0].leg_id)
    assert audio == b"\x11" * 8000 + b"\xff" * 16_000 + b"\x33" * 8000


async def test_a_source_that_stays_away_is_told_to_a_person_and_the_call_stays_open(world):
    """After the grace time the call needs attention; nothing ends it silently."""
    client = world.source()
    await client.say(start(), *second(0, 0x11))
    await client.drop()

    async def lost() -> bool:
        return (await world.call()).attention == "source_lost"

    await world.until(lost)
    assert (await world.call()).state == "interrupted"


async def test_after_a_crash_the_source_goes_on_in_the_same_leg(world):
    """A new run opens the legs again; what was recorded stays, the gap is silence."""
    client = world.source()
    await client.say(start(tracks=["inbound"]), *second(0, 0x11))
    before = await world.call()
    await world.restart()

    async def interrupted() -> bool:
        return (await world.call()).state == "interrupted"

    await world.until(interrupted)
    world.clock.advance(3)
    again = world.source()
    await again.say(start(tracks=["inbound"]), *second(2, 0x33))
    after = await world.call()
    assert [leg.leg_id for leg in after.legs] == [leg.leg_id for leg in before.legs]
    await again.stop()
    await world.archived(1)
    audio = world.leg_audio(after.call_id, after.legs[0].leg_id)
    assert audio == b"\x11" * 8000 + b"\xff" * 8000 + b"\x33" * 8000


async def test_a_crash_between_the_end_and_the_archive_is_made_good(world):
    """Legs that were complete or sealed go on to the archive at the next start; one seal each."""
    world.speech.done = False
    world.settings = world.settings.model_copy(update={"archive_wait_s": 1e6})
    await world.restart()
    client = world.source()
    await client.say(start(), *second(0, 0x11))
    call = await world.call()
    await client.stop()

    async def sealed() -> bool:
        return [leg.state for leg in await world.legs()] == ["sealed", "sealed"]

    await world.until(sealed)
    world.speech.done = True
    await world.restart()
    await world.archived(2)
    assert len(await world.audited("media:leg:sealed")) == 2
    assert world.leg_audio(call.call_id, call.legs[0].leg_id) == b"\x11" * 8000


async def test_the_raw_file_waits_for_the_transcript(world):
    """As long as speech is not done with a leg, its raw file stays."""
    world.speech.done = False
    world.settings = world.settings.model_copy(update={"archive_wait_s": 1e6})
    await world.restart()
    client = world.source()
    await client.say(start(tracks=["inbound"]), *second(0, 0x11))
    call = await world.call()
    await client.stop()

    async def sealed() -> bool:
        return [leg.state for leg in await world.legs()] == ["sealed"]

    await world.until(sealed)
    place = world.playback.place("a", call.call_id, call.legs[0].leg_id)
    assert (len(place.raw_paths()), place.archive()) == (1, None)


async def test_a_fast_replay_is_placed_by_its_timestamps(world):
    """Audio sent at many times its pace lies where its timestamps say."""
    client = world.source()
    await client.say(start(tracks=["inbound"], speed="20"))
    for at in range(12):
        world.clock.advance(0.05)
        await client.say(*second(at, at + 1))
    call = await world.call()
    await client.stop()
    await world.archived(1)
    audio = world.leg_audio(call.call_id, call.legs[0].leg_id)
    assert audio == b"".join(bytes([at + 1]) * 8000 for at in range(12))


async def test_keys_and_marks_reach_the_call(world):
    """DTMF and marks are noted on the call's clock."""
    client = world.source()
    await client.say(start(), *second(0, 0x11))
    await client.say(
        {"event": "dtmf", "streamSid": "MZ1", "dtmf": {"track": "inbound_track", "digit": "1"}},
        {"event": "mark", "streamSid": "MZ1", "mark": {"name": "transfer"}},
    )

    async def noted() -> bool:
        return len(await world.told("calls.event")) == 2

    await world.until(noted)
    assert await world.told("calls.event") == [
        {"type": "dtmf", "at_ms": 1000, "data": {"digit": "1", "side": "caller"}},
        {"type": "mark", "at_ms": 1000, "data": {"name": "transfer"}},
    ]


async def test_a_side_that_was_not_declared_is_recorded_all_the_same(world):
    """Audio of a known track is never thrown away for want of a declaration."""
    client = world.source()
    await client.say(start(tracks=["inbound"]), *second(0, 0x22, track="outbound"))
    assert [leg.side for leg in (await world.call()).legs] == ["caller", "call_taker"]


async def test_wrong_messages_cost_themselves_only(world):
    """Each is answered with its code; the audio before and after is recorded, another call too."""
    client, other = world.source(), world.source(RADIO)
    await other.say(start("CB1", "MZ9"), *second(0, 0x55, stream_sid="MZ9"))
    truncated = media(0, 0x11)
    truncated["media"]["payload"] = "//7"
    await client.say(
        {"event": "stop", "streamSid": "MZ1"},
        start(tracks=["inbound"]),
        *second(0, 0x11),
        start(tracks=["inbound"]),
        truncated,
        media(0, 0x11, track="video"),
        media(9_000_000, 0x12, length=8000),
    )
    assert [error["code"] for error in client.sent] == [
        "media.ingest.not_started",
        "media.ingest.already_started",
        "media.ingest.payload_invalid",
        "media.ingest.track_unknown",
        "media.ingest.clock_jumped",
    ]
    assert all(error["event"] == "error" and error["action"] for error in client.sent)
    assert other.sent == []
    calls = {call.external_id: call for call in await world.calls.open_calls("a")}
    await client.stop()
    await other.stop()
    await world.archived(3)
    call = calls["CA1"]
    audio = world.leg_audio(call.call_id, call.legs[0].leg_id)
    # The audio after the leap follows what came before it: no hours of silence, nothing lost.
    assert audio == b"\x11" * 8000 + b"\x12" * 8000


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ({**start(), "start": {**start()["start"], "mediaFormat": {
            "encoding": "audio/opus", "sampleRate": 48000}}}, twilio.CodecUnsupported),
        ({**start(), "start": {**start()["start"], "mediaFormat": {
            "encoding": "audio/x-mulaw", "sampleRate": 16000}}}, twilio.RateUnsupported),
        ({"event": "media", "media": {"payload": "A" * 1_000_000}}, twilio.MessageTooLarge),
    ],
)  # fmt: skip
async def test_what_cannot_be_recorded_ends_the_connection(world, message, error):
    """A wrong codec or rate, or a frame of a megabyte, is a fatal typed error."""
    with pytest.raises(error):
        await world.source().say(message)


async def test_a_flood_of_messages_ends_the_connection_and_interrupts_the_call(world):
    """More messages a second than allowed are refused; the call waits for its source."""
    client = world.source()
    await client.say(start())
    with pytest.raises(ingest.RateExceeded):
        for _ in range(10_000):
            await client.say({"event": "mark?"})
    await client.drop()

    async def interrupted() -> bool:
        return (await world.call()).state == "interrupted"

    await world.until(interrupted)


async def test_endless_wrong_messages_end_the_connection(world):
    """Errors are answered, but not for ever."""
    client = world.source()
    with pytest.raises(ingest.TooManyErrors):
        for _ in range(100):
            await client.say({"event": 1})
    assert len(client.sent) == ingest.ERRORS_PER_S


async def test_a_credential_may_come_in_the_start_message(world):
    """Sources that cannot set headers name themselves in customParameters."""
    client = world.source(principal=None)
    await client.say(start(client_id="client_1", client_secret=SECRET))
    assert (await world.call()).source == "Phones"


@pytest.mark.parametrize(
    ("parameters", "principal", "error"),
    [
        ({}, None, ingest.CredentialMissing),
        ({"client_id": "client_1", "client_secret": "wrong"}, None, Unauthenticated),
        ({"client_id": "client_3", "client_secret": SECRET}, None, Refused),
        ({}, READER, Refused),
    ],
)
async def test_without_the_right_credential_no_call_begins(world, parameters, principal, error):
    """No credential, a wrong one, or one without the scope: refused, and nothing was begun."""
    with pytest.raises(error):
        await world.source(principal).say(start(**parameters))
    assert await world.calls.open_calls("a") == []


async def test_another_client_cannot_join_a_call(world):
    """The same callSid from another client is a call of its own."""
    await world.source().say(start())
    await world.source(RADIO).say(start())
    assert len(await world.calls.open_calls("a")) == 2


async def test_a_newer_connection_takes_the_call_over(world):
    """A source that reconnects before its old connection is noticed dead wins."""
    old, new = world.source(), world.source()
    await old.say(start(tracks=["inbound"]), *second(0, 0x11))
    await new.say(start(tracks=["inbound"]), media(1000, 0x22))
    with pytest.raises(service.Superseded):
        await old.say(media(1020, 0x11))
    await old.drop()
    assert (await world.call()).state == "ringing"


async def test_two_streams_may_feed_one_call(world):
    """One stream for each track, as some telephone systems send them; the last stop ends it."""
    first, other = world.source(), world.source()
    await first.say(start(tracks=["inbound"]), *second(0, 0x11))
    await other.say(
        start(stream_sid="MZ2", tracks=["outbound"]),
        *second(0, 0x22, track="outbound", stream_sid="MZ2"),
    )
    await first.stop()
    assert (await world.call()).state == "active"
    await other.stop()
    await world.archived(2)


async def test_audio_after_the_hang_up_is_refused(world):
    """The telephone system hung up by another way: the source is told."""
    client = world.source()
    await client.say(start(), *second(0, 0x11))
    call = await world.call()
    await world.calls.end(world.source().source._principal, call.call_id, "hangup")
    await world.media.end_call(call.call_id)
    with pytest.raises(service.CallOver):
        await client.say(media(1000, 0x11))


@pytest.mark.parametrize("trouble", ["no space", "folder removed"])
async def test_a_lost_disk_lights_the_lamp_and_the_call_goes_on(world, trouble):
    """The recording lamp turns red, says what still works, and every second is there in the end."""
    client = world.source()
    await client.say(start(tracks=["inbound"]), *second(0, 0x11))
    call = await world.call()
    place = world.playback.place("a", call.call_id, call.legs[0].leg_id)

    async def on_disk() -> bool:
        return bool(place.parts()) and place.parts()[0].samples == 8000

    await world.until(on_disk)
    if trouble == "no space":
        world.files.broken[world.folders.primary] = errno.ENOSPC
    else:
        shutil.rmtree(world.folders.primary)
    world.clock.advance(1)
    await client.say(*second(1, 0x12))

    async def red() -> bool:
        return world.lamps.get("recording").state == "down"

    await world.until(red)
    assert "spare" in world.lamps.get("recording").still_works
    world.files.broken.clear()
    world.folders.primary.mkdir(exist_ok=True)

    async def green() -> bool:
        return world.lamps.get("recording").state == "ok"

    await world.until(green)
    await client.stop()
    await world.archived(1)
    assert world.leg_audio(call.call_id, call.legs[0].leg_id) == b"\x11" * 8000 + b"\x12" * 8000


async def test_a_hole_does_not_wait_for_ever(world):
    """A packet behind a lost one is recorded soon, even if nothing follows it."""
    client = world.source()
    await client.say(start(tracks=["inbound"]), media(0, 0x11), media(100, 0x12))
    call = await world.call()
    place = world.playback.place("a", call.call_id, call.legs[0].leg_id)
    world.clock.advance(1)

    async def recorded() -> bool:
        return bool(place.parts()) and place.parts()[0].samples == 960

    await world.until(recorded)


async def test_a_call_that_comes_while_the_database_is_away_begins_when_it_is_back(
    world, monkeypatch
):
    """The source is kept waiting, not refused: its audio is there in the end."""
    begin, tries = world.calls.start, []

    async def locked_twice(*args, **options):
        tries.append(1)
        if len(tries) < 3:
            raise DatabaseUnavailable("locked")
        return await begin(*args, **options)

    monkeypatch.setattr(world.calls, "start", locked_twice)
    client = world.source()
    await client.say(start(tracks=["inbound"]), *second(0, 0x11))
    call = await world.call()
    await client.stop()
    await world.archived(1)
    assert world.leg_audio(call.call_id, call.legs[0].leg_id) == b"\x11" * 8000


async def test_a_locked_database_in_mid_call_stops_no_audio(world, monkeypatch):
    """Recording goes on, and what was to be told (a gap, a key) is told when it is back."""
    client = world.source()
    await client.say(start(tracks=["inbound"]), *second(0, 0x11))
    call = await world.call()
    write, locked = world.db.write, [True]

    def maybe():
        if locked[0]:
            raise DatabaseUnavailable("locked")
        return write()

    monkeypatch.setattr(world.db, "write", maybe)
    world.clock.advance(2)
    await client.say(*second(2, 0x33))
    await client.say({"event": "dtmf", "streamSid": "MZ1", "dtmf": {"digit": "5"}})
    place = world.playback.place("a", call.call_id, call.legs[0].leg_id)

    async def recorded() -> bool:
        return [part.samples for part in place.parts()] == [24_000]

    await world.until(recorded)
    locked[0] = False

    async def told() -> bool:
        return bool(await world.told("media.gap")) and bool(await world.told("calls.event"))

    await world.until(told)
