"""Any bytes into the audio readers, any frames into a source: a result or a documented error."""

import asyncio
import json
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.media_world import media, running, start

from ringdown.core.errors import RingdownError
from ringdown.media.folders import read_part
from ringdown.media.reader import ArchiveInvalid, archive_header_block, read_archive
from ringdown.media.replay import load
from ringdown.wire.wav import mulaw_header, pcm16_header

AUDIO_LIKE = st.one_of(
    st.binary(max_size=400),
    st.binary(max_size=200).map(lambda rest: b"fLaC" + rest),
    st.binary(max_size=200).map(lambda rest: b"OggS" + rest),
    st.builds(
        lambda frames, rate, channels, body: (
            pcm16_header(frames=frames, rate=rate, channels=channels) + body
        ),
        st.integers(0, 10_000),
        st.integers(0, 200_000),
        st.integers(1, 40),
        st.binary(max_size=400),
    ),
    st.binary(max_size=300).map(
        lambda body: mulaw_header(frames=len(body), rate=8000, channels=1) + body
    ),
)


def documented(error: RingdownError) -> None:
    """An error of ours has a code of its own and says what to do."""
    assert error.code != RingdownError.code
    assert error.action


@settings(max_examples=150, deadline=None)
@given(AUDIO_LIKE)
def test_files_to_replay(data):
    """Any file is a recording with one or two sides, or a typed error."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "call.wav"
        file.write_bytes(data)
        try:
            assert 1 <= len(load([file]).sides) <= 2
        except RingdownError as error:
            documented(error)


@settings(max_examples=150, deadline=None)
@given(AUDIO_LIKE, st.integers(-5, 10**9), st.integers(-5, 10**9))
def test_archives_and_raw_files(data, first, last):
    """Any file as an archive or a raw part is read, refused by name, or not taken for one."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "leg_1.flac"
        file.write_bytes(data)
        read_part(file)
        for read in (
            archive_header_block,
            lambda path: read_archive(path, first, min(last, 10**6)),
        ):
            try:
                read(file)
            except ArchiveInvalid as error:
                documented(error)


MESSAGES = st.one_of(
    st.builds(
        media,
        st.integers(0, 100_000),
        st.integers(0, 255),
        track=st.sampled_from(["inbound", "outbound", "both"]),
        length=st.integers(0, 400),
    ),
    st.just(start()),
    st.just({"event": "stop", "streamSid": "MZ1"}),
    st.just({"event": "dtmf", "streamSid": "MZ1", "dtmf": {"digit": "5"}}),
    st.dictionaries(st.sampled_from(["event", "media", "start"]), st.text(max_size=5)),
).map(json.dumps) | st.text(max_size=30)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(MESSAGES, max_size=30))
def test_sources(frames):
    """Any frames in any order: typed errors only, and the call ends or waits, never hangs."""

    async def play() -> None:
        with tempfile.TemporaryDirectory() as folder:
            async with running(Path(folder)) as world:
                client = world.source()
                try:
                    for frame in [json.dumps(start()), *frames]:
                        world.clock.advance(0.01)
                        if not await client.source.receive(frame):
                            break
                except RingdownError as error:
                    documented(error)
                await client.drop()
                calls = await world.calls.open_calls("a")
                assert all(call.attention is None for call in calls)

    asyncio.run(play())
