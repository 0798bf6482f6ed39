"""Reading legs: while they grow, in parts, after they were archived, and when they are broken."""

from pathlib import Path

import numpy as np
import pytest
import soundfile as sf

from ringdown.speech.worker.tail import LegTail, LegUnreadable
from ringdown.wire.g711 import decode_ulaw, encode_ulaw

from .legs import header, talk, write_leg


def heard(audio: np.ndarray) -> np.ndarray:
    return (decode_ulaw(encode_ulaw(audio)) / 32768).astype(np.float32)


@pytest.fixture
def tail(tmp_path: Path):
    made = LegTail("leg_1", [str(tmp_path), str(tmp_path / "spare")])
    yield made
    made.close()


def test_a_leg_that_is_not_there_yet_is_empty(tail: LegTail) -> None:
    """A worker may be told of a leg before its file exists."""
    assert len(tail.read(0, 100)) == 0
    assert not tail.exists()


def test_a_growing_leg_is_read_to_its_edge(tail: LegTail, tmp_path: Path) -> None:
    """What is appended later is read later, by sample index."""
    audio = talk((0.2, True))
    path = write_leg(tmp_path, audio[:1000])
    assert np.array_equal(tail.read(0, 5000), heard(audio[:1000]))
    assert len(tail.read(1000, 5000)) == 0
    with path.open("ab") as file:
        file.write(encode_ulaw(audio[1000:]))
    assert tail.available(1000) == 600
    assert np.array_equal(tail.read(1000, 5000), heard(audio[1000:]))


def test_a_header_half_written_is_waited_for(tail: LegTail, tmp_path: Path) -> None:
    """The recorder may be about to write it."""
    (tmp_path / "leg_1.leg").write_bytes(header()[:100])
    assert len(tail.read(0, 100)) == 0
    write_leg(tmp_path, talk((0.1, True)))
    assert len(tail.read(0, 100)) == 100


def test_a_leg_in_two_folders_is_one_leg(tail: LegTail, tmp_path: Path) -> None:
    """The recording moved to the spare folder; what was lost between is silence."""
    audio = talk((0.5, True))
    write_leg(tmp_path, audio[:1000])
    (tmp_path / "spare").mkdir()
    later = header(part=2, from_sample=1200) + encode_ulaw(audio[1200:])
    (tmp_path / "spare" / "leg_1.2.leg").write_bytes(later)
    got = [tail.read(0, 4000), tail.read(1000, 4000), tail.read(1200, 4000)]
    assert np.array_equal(got[0], heard(audio[:1000]))
    assert np.array_equal(got[1], np.zeros(200, np.float32))
    assert np.array_equal(got[2], heard(audio[1200:]))


def test_an_open_leg_is_read_on_after_its_file_was_removed(tail: LegTail, tmp_path: Path) -> None:
    """Sealing and archiving take nothing away from a reader that is behind."""
    audio = talk((0.5, True))
    path = write_leg(tmp_path, audio)
    tail.read(0, 10)
    path.unlink()
    assert np.array_equal(tail.read(10, 4000), heard(audio[10:]))


def test_an_archived_leg_reads_as_the_raw_one_did(tail: LegTail, tmp_path: Path) -> None:
    """The samples of the archive are those of the raw file."""
    audio = talk((0.5, True))
    sf.write(tmp_path / "leg_1.flac", decode_ulaw(encode_ulaw(audio)), 8000)
    assert np.array_equal(tail.read(300, 10_000), heard(audio[300:]))
    assert len(tail.read(len(audio), 100)) == 0
    assert tail.exists()


def test_a_broken_archive_is_a_typed_error(tail: LegTail, tmp_path: Path) -> None:
    """Damage is reported, never taken for silence."""
    (tmp_path / "leg_1.flac").write_bytes(b"no flac at all")
    with pytest.raises(LegUnreadable):
        tail.read(0, 100)


def test_another_legs_files_are_not_touched(tail: LegTail, tmp_path: Path) -> None:
    """`leg_1` is not `leg_10`."""
    write_leg(tmp_path, talk((0.1, True)), "leg_10")
    assert len(tail.read(0, 100)) == 0
