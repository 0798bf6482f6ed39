"""The compiled book: whole or not there, old versions deleted once nobody needs them."""

from pathlib import Path

import pytest

from ringdown.speech.model.names import NameBook
from ringdown.speech.names_file import BookUnreadable, NameFiles, read_book

ONE = NameBook("aa", ("Genesee Street", "Fairhaven Hospital", "Café Röstig"), "spb")
TWO = NameBook("bb", ("Gough Street",), "s")
THREE = NameBook("cc", (), "")


def test_a_book_comes_back_as_it_was_written(tmp_path: Path) -> None:
    """Names, kinds and version; another centre has none of it."""
    files = NameFiles(tmp_path)
    files.write("centre_a", ONE)
    path = files.names_of("centre_a")
    assert path is not None
    assert read_book(path) == ONE
    assert files.names_of("centre_b") is None


def test_the_version_before_stays_and_older_ones_go(tmp_path: Path) -> None:
    """A worker told of the old path a moment ago still finds it; at the start nobody does."""
    files = NameFiles(tmp_path)
    for book in (ONE, TWO, THREE):
        files.write("a", book)
    assert sorted(f.name for f in (tmp_path / "names").glob("*.txt")) == ["a.bb.txt", "a.cc.txt"]
    files.tidy("a")
    assert [f.name for f in (tmp_path / "names").glob("*.txt")] == ["a.cc.txt"]
    files.remove("a")
    assert files.names_of("a") is None
    assert list((tmp_path / "names").iterdir()) == []


def test_a_centre_whose_id_begins_like_another_keeps_its_book(tmp_path: Path) -> None:
    """Deleting is by the whole id."""
    files = NameFiles(tmp_path)
    files.write("a", ONE)
    files.write("a_b", TWO)
    files.remove("a")
    assert files.names_of("a_b") is not None
    with pytest.raises(ValueError):
        files.write("../a", ONE)


@pytest.mark.parametrize("text", ["", "version x", "nothing\ns\tA\n", "version x\nno tab\n"])
def test_a_damaged_book_is_an_error_of_ours(tmp_path: Path, text: str) -> None:
    """Never half a book."""
    path = tmp_path / "damaged.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BookUnreadable):
        read_book(path)
    with pytest.raises(BookUnreadable):
        read_book(tmp_path / "missing.txt")


def test_a_pointer_without_its_book_counts_as_none(tmp_path: Path) -> None:
    """As after a restore of half a folder."""
    files = NameFiles(tmp_path)
    files.write("a", ONE)
    Path(files.names_of("a") or "").unlink()
    assert files.names_of("a") is None
