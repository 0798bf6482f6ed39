"""Secrets that an installation makes for itself: once, private, and never half-written."""

import stat
from itertools import count
from pathlib import Path

import pytest

from ringdown.runtime.secret_files import (
    KEY_BYTES,
    SecretFileUnusable,
    read_or_make_key,
    read_or_make_secret,
    write_private,
)


def test_a_secret_is_made_once_and_is_private(tmp_path: Path) -> None:
    """The second start finds that of the first; nobody else can read folder or file."""
    numbers = count()
    path = tmp_path / "secrets" / "one.key"
    made = [read_or_make_secret(path, lambda: f"{next(numbers):0>40}") for _ in range(3)]
    assert set(made) == {f"{0:0>40}"}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [each.name for each in path.parent.iterdir()] == ["one.key"]


def test_a_file_that_others_could_read_is_made_private(tmp_path: Path) -> None:
    """As after a restore from a backup."""
    path = tmp_path / "one.key"
    path.write_text("x" * 40)
    path.chmod(0o644)
    assert read_or_make_secret(path, lambda: "never") == "x" * 40
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_who_is_later_takes_what_is_there(tmp_path: Path) -> None:
    """Between looking and writing another server has made one."""
    path = tmp_path / "one.key"

    def late() -> str:
        path.write_text("e" * 40)
        return "l" * 40

    assert read_or_make_secret(path, late) == "e" * 40


@pytest.mark.parametrize("text", [b"", b"short", b"\xff" * 40])
def test_a_damaged_file_is_not_replaced_in_silence(tmp_path: Path, text: bytes) -> None:
    """What was made with the old secret could never be read again."""
    path = tmp_path / "one.key"
    path.write_bytes(text)
    with pytest.raises(SecretFileUnusable, match=r"one\.key"):
        read_or_make_secret(path, lambda: "n" * 40)
    assert path.read_bytes() == text


def test_a_key_is_kept_byte_for_byte(tmp_path: Path) -> None:
    """Also one that begins and ends with what looks like blank space."""
    path = tmp_path / "secrets" / "one.key"
    key = b" \n" + b"k" * (KEY_BYTES - 4) + b"\n "
    assert read_or_make_key(path, lambda: key) == key
    assert read_or_make_key(path, lambda: b"n" * KEY_BYTES) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("size", [0, KEY_BYTES - 1, KEY_BYTES + 1])
def test_a_key_of_another_length_is_refused(tmp_path: Path, size: int) -> None:
    """Nothing is sealed with half a key, and it is not replaced in silence."""
    path = tmp_path / "one.key"
    path.write_bytes(b"x" * size)
    with pytest.raises(SecretFileUnusable, match=r"one\.key"):
        read_or_make_key(path, lambda: b"n" * KEY_BYTES)
    assert path.read_bytes() == b"x" * size


def test_a_private_file_is_replaced_whole(tmp_path: Path) -> None:
    """Whoever reads it meanwhile has all of the earlier one; nobody else can read the new one."""
    path = tmp_path / "made" / "server.json"
    write_private(path, "earlier")
    path.chmod(0o644)
    with path.open(encoding="utf-8") as reading:
        write_private(path, "Zürich")
        assert reading.read() == "earlier"
    assert path.read_text(encoding="utf-8") == "Zürich"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["server.json"]
