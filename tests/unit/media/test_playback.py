"""Listening: the right seconds of the right side, at the live edge too, and on record who did."""

import numpy as np
import pytest
from tests.media_world import DANA, running, second, start

from ringdown.core.errors import NotFound
from ringdown.core.principal import Principal
from ringdown.media.playback import StretchInvalid, merge
from ringdown.wire.g711 import decode_ulaw

LEE = Principal("user", "user_2", "Lee", "a", frozenset({"media:listen"}))
STRANGER = Principal("user", "user_3", "Ash", "b", frozenset({"media:listen"}))
BOTH = ("caller", "call_taker")


def sound(code, samples):
    return decode_ulaw(bytes([code]) * samples)


@pytest.fixture
async def world(tmp_path):
    async with running(tmp_path) as made:
        yield made


@pytest.fixture
async def call(world):
    """Three seconds of both sides of a call that goes on, on disk."""
    client = world.source()
    await client.say(start())
    for at in range(3):
        await client.say(*second(at, 0x10 + at), *second(at, 0x20 + at, track="outbound"))
        world.clock.advance(1)
    call = await world.call()

    async def on_disk() -> bool:
        sizes = [
            part.samples
            for leg in call.legs
            for part in world.playback.place("a", call.call_id, leg.leg_id).parts()
        ]
        return sizes == [24_000, 24_000]

    await world.until(on_disk)
    call.__dict__["_client"] = client
    return call


async def test_a_live_call_is_heard_up_to_its_edge(world, call):
    """The stretch is cut at the live edge and says where that is."""
    heard = await world.playback.audio(DANA, call.call_id, 1500, 9000, BOTH)
    assert (heard.from_ms, heard.to_ms, heard.live_edge_ms) == (1500, 3000, 3000)
    expected = np.concatenate([sound(0x11, 4000), sound(0x12, 8000)])
    np.testing.assert_array_equal(heard.sides["caller"], expected)


async def test_a_finished_call_sounds_the_same_from_the_archive(world, call):
    """After sealing, the same seconds give the same samples."""
    before = await world.playback.audio(DANA, call.call_id, 500, 2500, BOTH)
    await call.__dict__["_client"].stop()
    await world.archived(2)
    after = await world.playback.audio(DANA, call.call_id, 500, 2500, BOTH)
    np.testing.assert_array_equal(after.sides["call_taker"], before.sides["call_taker"])


async def test_beyond_the_live_edge_there_is_nothing_and_no_audit_row(world, call):
    """Polling ahead of the call is not listening."""
    heard = await world.playback.audio(DANA, call.call_id, 5000, 6000, BOTH)
    assert len(heard.sides["caller"]) == 0
    assert await world.audited("media:audio:played") == []


@pytest.mark.parametrize(("from_ms", "to_ms"), [(0, 60_001), (5, 5), (9, 3), (-1, 5)])
async def test_a_wrong_stretch_is_refused(world, call, from_ms, to_ms):
    """Nothing, less than nothing and more than a minute are refused."""
    with pytest.raises(StretchInvalid):
        await world.playback.audio(DANA, call.call_id, from_ms, to_ms, BOTH)


async def test_another_centre_s_call_is_not_found(world, call):
    """Its audio, outline and recordings look missing."""
    with pytest.raises(NotFound):
        await world.playback.audio(STRANGER, call.call_id, 0, 1000, BOTH)
    with pytest.raises(NotFound):
        await world.playback.waveform(STRANGER, call.call_id, 0, None, 100)
    with pytest.raises(NotFound):
        await world.playback.recording(STRANGER, call.call_id)


async def test_the_waveform_has_a_value_for_each_bucket(world, call):
    """The loudest sample of each bucket, to the live edge, for both sides."""
    outline = await world.playback.waveform(DANA, call.call_id, 0, None, 500)
    loudest = [int(np.abs(sound(code, 1).astype(int))[0]) >> 7 for code in (0x10, 0x11, 0x12)]
    assert outline.sides["caller"] == [value for value in loudest for _ in range(2)]
    assert (outline.to_ms, len(outline.sides["call_taker"])) == (3000, 6)
    assert await world.audited("media:audio:played") == []


async def test_too_fine_a_waveform_is_refused(world, call):
    """A request cannot make the server work for minutes."""
    with pytest.raises(StretchInvalid):
        await world.playback.waveform(DANA, call.call_id, 0, None, 0)


async def test_who_listened_to_which_seconds_is_on_record_once_a_minute(world, call):
    """The first stretch is written at once, what follows within a minute as one row, merged."""
    for from_ms, to_ms in [(0, 1000), (1000, 2000), (1500, 2500), (0, 500)]:
        await world.playback.audio(DANA, call.call_id, from_ms, to_ms, BOTH)
    await world.playback.audio(LEE, call.call_id, 0, 1000, BOTH)
    rows = await world.audited("media:audio:played")
    assert [(row.actor_id, row.details["seconds"]) for row in rows] == [
        ("user_1", [[0.0, 1.0]]),
        ("user_2", [[0.0, 1.0]]),
    ]
    world.clock.advance(60)
    await world.playback.write_down(world.clock.monotonic() - 60)
    rows = await world.audited("media:audio:played")
    assert [row.details["seconds"] for row in rows[2:]] == [[[0.0, 0.5], [1.0, 2.5]]]
    assert rows[2].subject == call.call_id


async def test_nothing_played_is_forgotten_at_the_stop(world, call):
    """An orderly end writes down what was still to be written."""
    for from_ms in (0, 1000):
        await world.playback.audio(DANA, call.call_id, from_ms, from_ms + 500, BOTH)
    await world.playback.stop()
    rows = await world.audited("media:audio:played")
    assert [row.details["seconds"] for row in rows] == [[[0.0, 0.5]], [[1.0, 1.5]]]


async def test_the_recording_says_what_is_known_of_each_leg(world, call):
    """State, length and seal of each leg."""
    await call.__dict__["_client"].stop()
    await world.archived(2)
    legs = await world.playback.recording(DANA, call.call_id)
    assert [(leg.side, leg.state, leg.duration_ms, leg.bytes) for leg in legs] == [
        ("caller", "archived", 3000, 24_512),
        ("call_taker", "archived", 3000, 24_512),
    ]
    assert all(len(leg.sha256) == 64 for leg in legs)


def test_stretches_that_touch_become_one():
    """Merged, in order."""
    assert merge([(5, 6), (0, 2), (2, 3), (1, 2)]) == [(0, 3), (5, 6)]
