"""Sealing: the archive gives back exactly what was recorded, and only then the raw file goes."""

import errno
import hashlib
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringdown.media import archive
from ringdown.media.archive import ArchiveDiffers, ArchiveNotWritten
from ringdown.media.folders import Folders, LegPlace
from ringdown.media.reader import ArchiveInvalid, LegNotReadable, LegReader, archive_samples
from ringdown.wire.g711 import decode_ulaw, fold_minus_zero
from ringdown.wire.legfile import LegHeader, encode_header

HEADER = LegHeader(
    "centre_1", "call_1", "leg_1", "caller", datetime(2026, 3, 1, 3, 0, 0, tzinfo=UTC)
)
AUDIO = fold_minus_zero(np.random.default_rng(1).integers(0, 256, 20_000, np.uint8).tobytes())


def make_place(tmp_path):
    folders = Folders(tmp_path / "primary", tmp_path / "spare")
    place = LegPlace(folders, "centre_1", "call_1", "leg_1")
    for root in folders.all:
        place.part_path(root, 1).parent.mkdir(parents=True, exist_ok=True)
    return place


def write_raw(place, audio=AUDIO, *, root=None, part=1, start=0):
    path = place.part_path(root or place.folders.primary, part)
    header = LegHeader(**{**HEADER.__dict__, "part": part, "from_sample": start})
    path.write_bytes(encode_header(header) + audio)
    return path


@pytest.fixture
def place(tmp_path):
    return make_place(tmp_path)


def test_the_seal_covers_the_whole_raw_file(place):
    """Anybody can check it with sha256sum on the raw file."""
    path = write_raw(place)
    seal = archive.digest(place)
    assert seal.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (seal.bytes, seal.samples) == (len(path.read_bytes()), len(AUDIO))


def test_archiving_keeps_everything_and_then_removes_the_raw_file(place):
    """After archiving, readers get the same header and bytes from the FLAC file alone."""
    write_raw(place)
    seal = archive.digest(place)
    archive.write_archive(place, seal)
    archive.remove_raw(place, seal)
    reader = LegReader(place)
    assert place.raw_paths() == []
    assert (reader.header(), reader.edge()) == (HEADER, len(AUDIO))
    assert reader.read_ulaw(0, len(AUDIO)) == AUDIO
    assert archive.archive_digest(place.archive()) == seal


@settings(max_examples=20, deadline=None)
@given(st.binary(min_size=1, max_size=3000))
def test_any_audio_survives_the_archive(tmp_path_factory, audio):
    """Whatever the bytes were (minus zero folded), the archive gives the seal back."""
    place = make_place(tmp_path_factory.mktemp("leg"))
    write_raw(place, fold_minus_zero(audio))
    seal = archive.digest(place)
    assert archive.archive_digest(archive.write_archive(place, seal)) == seal


def test_a_leg_without_audio_keeps_its_raw_file(place):
    """FLAC cannot hold an empty leg: its header stays as the raw file, and nothing fails."""
    raw = write_raw(place, b"")
    seal = archive.digest(place)
    assert archive.write_archive(place, seal) is None
    archive.remove_raw(place, seal)
    assert raw.is_file()


def test_parts_in_two_folders_become_one_archive(place):
    """A leg that had moved to the spare folder is sealed and archived as one."""
    write_raw(place, AUDIO[:7000])
    write_raw(place, AUDIO[7000:], root=place.folders.spare, part=2, start=7000)
    seal = archive.digest(place)
    assert seal.sha256 == hashlib.sha256(encode_header(HEADER) + AUDIO).hexdigest()
    archive.write_archive(place, seal)
    archive.remove_raw(place, seal)
    assert place.raw_paths() == []
    assert LegReader(place).read_ulaw(0, 99_999) == AUDIO


@pytest.mark.parametrize("steps", [["write", "write"], ["write", "remove", "write", "remove"]])
def test_every_step_may_be_done_again(place, steps):
    """A crash between any two steps is healed by doing them once more."""
    write_raw(place)
    seal = archive.digest(place)
    do = {"write": archive.write_archive, "remove": archive.remove_raw}
    for step in steps:
        do[step](place, seal)
    assert archive.archive_digest(place.archive()) == seal


def test_a_torn_temporary_file_of_an_earlier_crash_does_no_harm(place):
    """Half an archive under its temporary name is written anew."""
    write_raw(place)
    seal = archive.digest(place)
    place.archive_path(place.folders.primary).with_suffix(".flac.part").write_bytes(b"fLaC half")
    path = archive.write_archive(place, seal)
    assert [p.name for p in path.parent.iterdir()] == ["leg_1.flac", "leg_1.leg"]


def test_a_wrong_archive_is_never_a_reason_to_remove_the_raw_file(place):
    """An archive that does not give the sealed bytes back is refused, the raw file stays."""
    raw = write_raw(place)
    seal = archive.digest(place)
    archive.write_archive(place, seal)
    with pytest.raises(ArchiveDiffers):
        archive.remove_raw(place, archive.Digest("0" * 64, seal.bytes))
    assert raw.is_file()


def test_a_raw_file_changed_after_sealing_is_found_out(place):
    """The archive is checked against the seal, not against the file of the moment."""
    raw = write_raw(place)
    seal = archive.digest(place)
    raw.write_bytes(raw.read_bytes()[:-1] + b"\x01")
    with pytest.raises(ArchiveDiffers):
        archive.write_archive(place, seal)
    assert raw.is_file()
    assert place.archive() is None


def test_a_full_disk_while_archiving_keeps_the_raw_file(place, monkeypatch):
    """Archiving that fails says so and leaves nothing half done."""
    raw = write_raw(place)
    seal = archive.digest(place)

    def full(self, target):
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(ArchiveNotWritten):
        archive.write_archive(place, seal)
    assert [p.name for p in raw.parent.iterdir()] == [raw.name]


def test_without_the_primary_folder_the_archive_goes_to_the_spare_one(tmp_path):
    """The folder is gone at the end of the call: the archive is written where it can be."""
    place = make_place(tmp_path)
    write_raw(place, root=place.folders.spare)
    (tmp_path / "primary" / "centre_1" / "call_1").rmdir()
    (tmp_path / "primary" / "centre_1").rmdir()
    (tmp_path / "primary").rmdir()
    path = archive.write_archive(place, archive.digest(place))
    assert path.is_relative_to(place.folders.spare)


def test_reading_at_the_live_edge_gives_what_is_there(place):
    """A reader ahead of the recording gets fewer samples, not an error; and more later."""
    path = write_raw(place, AUDIO[:1000])
    reader = LegReader(place)
    assert reader.read_ulaw(500, 2000) == AUDIO[500:1000]
    assert reader.read_ulaw(1000, 2000) == b""
    with path.open("ab") as file:
        file.write(AUDIO[1000:])
    assert reader.edge() == len(AUDIO)
    np.testing.assert_array_equal(reader.read_pcm(100, 200), decode_ulaw(AUDIO[800:1600]))


def test_a_missing_part_is_silence(place):
    """A part in a folder that is gone leaves the rest readable, at the right places."""
    write_raw(place, AUDIO[7000:], root=place.folders.spare, part=2, start=7000)
    assert LegReader(place).read_ulaw(0, 99_999) == b"\xff" * 7000 + AUDIO[7000:]


def test_no_file_at_all_is_a_typed_error(place):
    """A leg without any file says so."""
    with pytest.raises(LegNotReadable):
        LegReader(place).edge()


@given(st.binary(max_size=300))
@settings(max_examples=50, deadline=None)
def test_any_bytes_as_an_archive_are_refused(tmp_path_factory, data):
    """A damaged archive is a documented error."""
    path = tmp_path_factory.mktemp("archive") / "x.flac"
    path.write_bytes(data)
    with pytest.raises(ArchiveInvalid):
        archive.archive_digest(path)
    with pytest.raises(ArchiveInvalid):
        archive_samples(path)
