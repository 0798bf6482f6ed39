"""The recorder keeps every sample, whatever the disk does. Its steps are called by hand here."""

import errno
import os
import shutil
from datetime import UTC, datetime

import pytest

from ringdown.media.fakes import BreakableFiles
from ringdown.media.folders import Folders, LegPlace
from ringdown.media.reader import LegReader
from ringdown.media.recorder import LegUnknown, Recorder, RecorderState
from ringdown.wire.legfile import HEADER_BYTES, LegHeader, decode_header

HEADER = LegHeader(
    "centre_1", "call_1", "leg_1", "caller", datetime(2026, 3, 1, 3, 0, 0, tzinfo=UTC)
)
SECOND = [bytes([n]) * 8000 for n in range(1, 10)]


class Bench:
    """A recorder on two real folders, a disk that can be broken, and what it told."""

    def __init__(self, tmp_path, *, spare=True, memory_bytes=1 << 20):
        self.folders = Folders(tmp_path / "primary", tmp_path / "spare" if spare else None)
        for root in self.folders.all:
            root.mkdir(exist_ok=True)
        self.files = BreakableFiles()
        self.states = []
        self.lost = []
        self.memory_bytes = memory_bytes
        self.recorder = self.fresh()

    def fresh(self):
        return Recorder(
            self.folders,
            self.files,
            on_state=self.states.append,
            on_lost=lambda leg_id, start, end: self.lost.append((leg_id, start, end)),
            memory_bytes=self.memory_bytes,
            need_bytes=4096,
        )

    @property
    def primary(self):
        return self.folders.primary

    @property
    def place(self):
        return LegPlace(self.folders, "centre_1", "call_1", "leg_1")

    def say(self, *pieces):
        self.recorder.push("leg_1", pieces)
        self.recorder.drain()

    def audio(self):
        reader = LegReader(self.place)
        return reader.read_ulaw(0, reader.edge())

    def finish(self):
        done = self.recorder.finish("leg_1")
        self.recorder.drain()
        self.recorder.sync()
        return done


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path)
    made.recorder.open(HEADER)
    return made


def test_a_leg_is_a_header_and_then_every_byte(bench):
    """The file lies where the contract says, begins with its header and holds what was pushed."""
    bench.say(*SECOND[:2])
    path = bench.primary / "centre_1" / "call_1" / "leg_1.leg"
    content = path.read_bytes()
    assert decode_header(content[:HEADER_BYTES]) == HEADER
    assert content[HEADER_BYTES:] == SECOND[0] + SECOND[1]


def test_pushing_does_not_touch_the_disk(bench):
    """The event loop only enqueues: nothing is opened or written before the writer's step."""
    bench.recorder.push("leg_1", SECOND[:1])
    assert list(bench.primary.iterdir()) == []
    assert bench.recorder.edge("leg_1") == 8000


def test_finishing_resolves_once_everything_is_durable(bench):
    """The future gives the length, after the last byte was synced."""
    bench.say(SECOND[0])
    done = bench.recorder.finish("leg_1")
    assert not done.done()
    bench.recorder.sync()
    assert (done.result(timeout=0), bench.files.syncs) == (8000, 1)
    assert not bench.recorder.has("leg_1")


def test_audio_for_an_unknown_leg_is_an_error(bench):
    """A mistake of ours is not swallowed."""
    with pytest.raises(LegUnknown):
        bench.recorder.push("leg_2", [b"x"])


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.ENOSPC, "no_space"),
        (errno.EROFS, "not_writable"),
        (errno.EACCES, "not_writable"),
        (errno.EIO, "io"),
    ],
)
def test_a_failing_disk_sends_the_leg_to_the_spare_folder(bench, number, reason):
    """At the first failed write the state says so, and readers still see one whole leg."""
    bench.say(SECOND[0])
    bench.files.broken[bench.primary] = number
    bench.say(SECOND[1])
    assert bench.states == [RecorderState("spare", reason)]
    bench.say(SECOND[2])
    assert bench.audio() == b"".join(SECOND[:3])
    assert bench.finish().result(timeout=0) == 24_000


def test_a_disk_that_fills_up_in_the_middle_of_a_write_loses_nothing(bench):
    """A write that was taken only in part goes on in the other folder at the right sample."""
    bench.files.room[bench.primary] = 5_000
    bench.say(SECOND[0])
    assert [part.samples for part in bench.place.parts()] == [5_000, 3_000]
    assert bench.audio() == SECOND[0]


def test_a_sync_that_fails_counts_as_a_failing_disk(bench):
    """EIO on sync is found out as well, not only on write."""
    bench.say(SECOND[0])
    bench.files.broken[bench.primary] = errno.EIO
    bench.recorder.sync()
    bench.say(SECOND[1])
    assert bench.states == [RecorderState("spare", "io")]
    assert bench.audio() == SECOND[0] + SECOND[1]


def test_a_repaired_disk_turns_the_state_back(bench):
    """When the folder can be written again the state says so and new legs begin there."""
    bench.files.broken[bench.primary] = errno.EROFS
    bench.say(SECOND[0])
    bench.files.broken.clear()
    bench.recorder.sync()
    bench.say(SECOND[1])
    assert bench.states == [RecorderState("spare", "not_writable"), RecorderState("ok")]
    bench.recorder.open(LegHeader(**{**HEADER.__dict__, "leg_id": "leg_2"}))
    bench.recorder.drain()
    assert (bench.primary / "centre_1" / "call_1" / "leg_2.leg").is_file()
    assert bench.audio() == SECOND[0] + SECOND[1]


def test_without_any_folder_audio_waits_in_memory(tmp_path):
    """Nothing is lost while no folder works; all of it is written when one is back."""
    bench = Bench(tmp_path, spare=False)
    bench.recorder.open(HEADER)
    bench.say(SECOND[0])
    bench.files.broken[bench.primary] = errno.ENOSPC
    for second in SECOND[1:5]:
        bench.say(second)
    assert bench.states == [RecorderState("memory", "no_space")]
    assert bench.audio() == SECOND[0]
    bench.files.broken.clear()
    bench.recorder.sync()
    bench.say(SECOND[5])
    assert bench.states[-1] == RecorderState("ok")
    assert bench.audio() == b"".join(SECOND[:6])
    assert bench.lost == []


def test_memory_is_bounded_and_what_is_lost_is_silence_and_reported(tmp_path):
    """Beyond the limit audio becomes silence of the same length, so that time stays right."""
    bench = Bench(tmp_path, spare=False, memory_bytes=20_000)
    bench.recorder.open(HEADER)
    bench.files.broken[bench.primary] = errno.ENOSPC
    for second in SECOND[:5]:
        bench.say(second)
    bench.files.broken.clear()
    bench.recorder.sync()
    bench.say(SECOND[5])
    bench.recorder.drain()
    expected = SECOND[0] + SECOND[1] + b"\xff" * 32_000
    assert bench.audio() == expected
    assert bench.lost == [("leg_1", 16_000, 48_000)]
    bench.say(SECOND[6])
    assert bench.audio() == expected + SECOND[6]


def test_a_removed_recordings_folder_is_copied_to_the_spare_one(bench):
    """A folder really removed under an open recording: the whole leg is in the spare folder."""
    bench.say(SECOND[0])
    shutil.rmtree(bench.primary)
    bench.say(SECOND[1])
    assert bench.states == [RecorderState("spare", "folder_gone")]
    assert bench.audio() == SECOND[0] + SECOND[1]
    assert not bench.primary.exists()


def test_a_file_in_the_place_of_the_folder_costs_nothing(bench):
    """What was recorded before is copied too, not only what comes after."""
    bench.say(SECOND[0])
    shutil.rmtree(bench.primary)
    bench.primary.write_text("not a folder")
    bench.say(SECOND[1])
    assert bench.states == [RecorderState("spare", "folder_gone")]
    assert bench.audio() == SECOND[0] + SECOND[1]


def test_a_removed_folder_without_a_spare_keeps_the_file_open(tmp_path):
    """With nowhere to copy to, what was recorded is kept through the open file and comes back."""
    bench = Bench(tmp_path, spare=False)
    bench.recorder.open(HEADER)
    bench.say(SECOND[0])
    shutil.rmtree(bench.primary)
    bench.say(SECOND[1])
    assert bench.states == [RecorderState("memory", "folder_gone")]
    bench.primary.mkdir()
    bench.recorder.sync()
    bench.recorder.sync()
    bench.recorder.drain()
    assert bench.states[-1] == RecorderState("ok")
    assert bench.audio() == SECOND[0] + SECOND[1]


def test_a_removed_call_folder_is_made_again_with_everything(bench):
    """Only the call's own folder vanishes: the leg is written anew in the same place."""
    bench.say(SECOND[0])
    shutil.rmtree(bench.primary / "centre_1")
    bench.recorder.sync()
    bench.say(SECOND[1])
    assert bench.audio() == SECOND[0] + SECOND[1]
    assert [part.path.is_relative_to(bench.primary) for part in bench.place.parts()] == [True]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_write_access_sends_the_leg_to_the_spare_folder(bench):
    """A real folder with its write permission taken away."""
    bench.primary.chmod(0o500)
    bench.say(SECOND[0])
    bench.primary.chmod(0o700)
    assert bench.states == [RecorderState("spare", "not_writable")]
    assert bench.audio() == SECOND[0]


def test_a_file_in_the_place_of_the_folder_is_found_out(bench):
    """What is no folder cannot be recorded into, and the spare folder takes over (any user)."""
    bench.primary.rmdir()
    bench.primary.write_bytes(b"")
    bench.say(SECOND[0])
    assert bench.states == [RecorderState("spare", "folder_gone")]
    assert bench.audio() == SECOND[0]


def test_resuming_goes_on_at_the_end_of_what_is_there(bench):
    """A new run of the program cuts nothing off and goes on where the file ends."""
    bench.say(SECOND[0])
    bench.recorder = bench.fresh()
    assert bench.recorder.resume(HEADER) == 8000
    bench.say(SECOND[1])
    assert bench.audio() == SECOND[0] + SECOND[1]
    assert len(bench.place.parts()) == 1


def test_resuming_a_leg_that_never_reached_the_disk_begins_it(bench):
    """Killed before the first write: the leg begins empty."""
    bench.recorder = bench.fresh()
    assert bench.recorder.resume(HEADER) == 0
    bench.say(SECOND[1])
    assert bench.audio() == SECOND[1]


def test_resuming_a_leg_with_a_torn_header_writes_it_whole(bench):
    """Killed in the middle of the header: it is written again and the audio follows it."""
    path = bench.primary / "centre_1" / "call_1" / "leg_1.leg"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"RDLEG1\n{")
    bench.recorder = bench.fresh()
    assert bench.recorder.resume(HEADER) == 0
    bench.say(SECOND[1])
    assert bench.audio() == SECOND[1]


def test_resuming_goes_on_in_the_last_part(bench):
    """A leg that had moved to the spare folder goes on there."""
    bench.say(SECOND[0])
    bench.files.broken[bench.primary] = errno.EROFS
    bench.say(SECOND[1])
    bench.recorder = bench.fresh()
    assert bench.recorder.resume(HEADER) == 16_000
    bench.say(SECOND[2])
    assert bench.audio() == b"".join(SECOND[:3])


def test_the_threads_write_and_sync_by_themselves(tmp_path):
    """With its threads running, a finished leg becomes durable without anybody's help."""
    bench = Bench(tmp_path)
    bench.recorder.open(HEADER)
    bench.recorder.start()
    bench.recorder.push("leg_1", SECOND[:3])
    assert bench.recorder.finish("leg_1").result(timeout=10) == 24_000
    bench.recorder.stop()
    assert bench.audio() == b"".join(SECOND[:3])


def test_stopping_leaves_everything_on_disk_and_the_leg_can_be_resumed(bench):
    """An orderly stop in the middle of a call loses nothing."""
    bench.recorder.push("leg_1", SECOND[:2])
    bench.recorder.stop()
    bench.recorder = bench.fresh()
    assert bench.recorder.resume(HEADER) == 16_000
