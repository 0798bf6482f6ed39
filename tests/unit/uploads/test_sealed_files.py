"""Callers' files on the disk: nothing readable, nothing lost that was told to be held."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringdown.uploads.adapters.sealed_files import EXTRA, ON_DISK, SEGMENT, SealedFiles
from ringdown.uploads.model import FileUnsealed, OffsetWrong, UploadGone
from ringdown.uploads.ports import Place

PLACE = Place("centre_a", "upl_1")
KEY = b"k" * 32


def contents(files: SealedFiles, place: Place = PLACE) -> bytes:
    with files.open(place, "file") as file:
        return file.read()


@pytest.fixture
def files(tmp_path: Path) -> SealedFiles:
    return SealedFiles(tmp_path, KEY)


def disk(tmp_path: Path) -> Path:
    return tmp_path / "centre_a" / "upl_1.sealed"


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 2 * SEGMENT + 9), min_size=1, max_size=5), st.data())
def test_pieces_of_any_size_make_the_whole(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int], data: st.DataObject
) -> None:
    """After each piece as much is held as came, and any part of it can be read."""
    files, whole = SealedFiles(tmp_path_factory.mktemp("files"), KEY), b""
    for number, size in enumerate(sizes):
        piece = bytes([number + 1]) * size
        whole += piece
        assert files.append(PLACE, len(whole) - size, piece) == len(whole)
        assert SealedFiles(files._root, KEY).held(PLACE) == len(whole)
    assert contents(files) == whole
    at = data.draw(st.integers(0, len(whole)))
    with files.open(PLACE, "file") as file:
        file.seek(at)
        assert file.read(500) == whole[at : at + 500]


def test_nothing_on_the_disk_can_be_read(files: SealedFiles, tmp_path: Path) -> None:
    """Not the bytes, not with another key, not as another's file, and only by us."""
    files.append(PLACE, 0, b"readable " * 10_000)
    files.keep(PLACE, "picture", b"readable " * 10)
    stored = disk(tmp_path).read_bytes()
    assert b"readable" not in stored + (tmp_path / "centre_a" / "upl_1.picture").read_bytes()
    assert disk(tmp_path).stat().st_mode & 0o077 == 0
    with pytest.raises(FileUnsealed):
        contents(SealedFiles(tmp_path, b"x" * 32))
    other = Place("centre_a", "upl_2")
    (tmp_path / "centre_a" / "upl_2.sealed").write_bytes(stored)
    with pytest.raises(FileUnsealed):
        contents(files, other)


def test_the_same_place_is_never_sealed_the_same_way_twice(
    files: SealedFiles, tmp_path: Path
) -> None:
    """A last segment that grows is written with a new nonce."""
    files.append(PLACE, 0, b"a" * 100)
    first = disk(tmp_path).read_bytes()
    files.append(PLACE, 100, b"a")
    assert disk(tmp_path).read_bytes()[:12] != first[:12]


def test_bytes_for_another_place_are_refused(files: SealedFiles) -> None:
    """Neither a gap nor an overlap."""
    files.append(PLACE, 0, b"a" * 100)
    for at in (0, 99, 101):
        with pytest.raises(OffsetWrong):
            files.append(PLACE, at, b"b")
    assert contents(files) == b"a" * 100


def test_what_a_crash_tore_never_came(files: SealedFiles, tmp_path: Path) -> None:
    """The last segment is cut off anywhere: what is whole stays, and the file goes on there."""
    files.append(PLACE, 0, b"a" * (SEGMENT + 1000))
    stored = disk(tmp_path).read_bytes()
    for cut in (len(stored) - 1, ON_DISK + EXTRA, ON_DISK + 3, ON_DISK):
        disk(tmp_path).write_bytes(stored[:cut])
        assert files.held(PLACE) == SEGMENT
        assert files.append(PLACE, SEGMENT, b"b" * 10) == SEGMENT + 10
        assert contents(files) == b"a" * SEGMENT + b"b" * 10


def test_a_changed_or_swapped_segment_is_noticed(files: SealedFiles, tmp_path: Path) -> None:
    """One bit, or two segments in each other's place."""
    files.append(PLACE, 0, bytes(SEGMENT) + b"b" * SEGMENT)
    stored = bytearray(disk(tmp_path).read_bytes())
    disk(tmp_path).write_bytes(stored[ON_DISK:] + stored[:ON_DISK])
    with pytest.raises(FileUnsealed):
        contents(files)
    stored[50] ^= 1
    disk(tmp_path).write_bytes(stored)
    with pytest.raises(FileUnsealed):
        contents(files)


def test_removed_is_gone(files: SealedFiles, tmp_path: Path) -> None:
    """Every part; and what a stop in the middle of a check left."""
    files.append(PLACE, 0, b"a")
    files.keep(PLACE, "picture", b"b")
    path = files.plain(PLACE)
    assert (path.read_bytes(), path.stat().st_mode & 0o077) == (b"a", 0)
    assert files.places() == [PLACE]
    files.remove(PLACE)
    files.tidy()
    assert files.places() == []
    assert [found for found in tmp_path.rglob("*") if found.is_file()] == []
    assert files.held(PLACE) == 0
    with pytest.raises(UploadGone):
        contents(files)
