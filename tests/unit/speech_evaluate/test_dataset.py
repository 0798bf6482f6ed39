"""Data sets as agencies have them, and what a report tells of them."""

import json
from pathlib import Path

import pytest

from ringdown.cli.speech_doctor import advice
from ringdown.speech.evaluate.dataset import DatasetUnusable, load_dataset
from ringdown.speech.evaluate.figures import Errors
from ringdown.speech.evaluate.judge import Result, judge, report, rows
from ringdown.speech.evaluate.page import page

ABOUT = {
    "when": "2026-03-01",
    "version": "0",
    "machine": "a <machine>",
    "engine": "counting",
    "live": False,
    "without_audio": 0,
}


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


def found(*folders: Path, conditions: tuple[str, ...] = ()) -> list[tuple[str, str, str, bool]]:
    clips = load_dataset(folders, conditions).clips
    return [(clip.id, clip.condition, clip.group, clip.digits) for clip in clips]


def test_a_table_with_ids_finds_audio_below_the_folder(tmp_path: Path) -> None:
    """The folder that a recording lies in is its condition when there are several."""
    touch(tmp_path, "radio/a.wav", "phone/a.flac", "phone/b.flac")
    table = 'id\tgroup\treference\na\tread\tHello "there\nb\tplate\tK L 7\nc\tread\tgone\n'
    (tmp_path / "refs.tsv").write_text(table)
    assert sorted(found(tmp_path)) == [
        ("a", "phone", "read", False),
        ("a", "radio", "read", False),
        ("b", "phone", "plate", True),
    ]
    assert load_dataset([tmp_path]).without_audio == 1
    assert found(tmp_path, conditions=("radio",)) == [("a", "radio", "read", False)]
    with pytest.raises(DatasetUnusable) as told:
        load_dataset([tmp_path], ["moon"])
    assert told.value.details["there"] == ["phone", "radio"]


def test_files_conditions_and_other_tables(tmp_path: Path) -> None:
    """CSV with a byte-order mark and quotes, JSON lines, file names instead of ids."""
    touch(tmp_path, "one/x.wav", "two/y.mp3")
    (tmp_path / "one" / "refs.csv").write_text(
        '\ufefffile,text,condition\nx.wav,"Yes, please",noisy\n', encoding="utf-8"
    )
    rows = [{"file": "y.mp3", "reference": "five five five 0 1"}, {"file": "z", "text": ""}]
    (tmp_path / "two" / "refs.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    assert found(tmp_path / "one", tmp_path / "two") == [
        ("x", "noisy", "speech", False),
        ("y", "two", "digits", True),
    ]


def test_pairs_of_files(tmp_path: Path) -> None:
    """A recording without a text beside it is left alone."""
    touch(tmp_path, "a.wav", "a.txt", "b.wav")
    assert found(tmp_path) == [("a", tmp_path.name, "speech", False)]


@pytest.mark.parametrize("table", ["id\tref\na\tx\n", "reference\nhello\n"])
def test_a_table_that_lacks_a_column_is_told(table: str, tmp_path: Path) -> None:
    """By its row and what it needs, never by its text."""
    touch(tmp_path, "a.wav")
    (tmp_path / "refs.tsv").write_text(table)
    with pytest.raises(DatasetUnusable) as told:
        load_dataset([tmp_path])
    assert told.value.details["row"] == 1
    assert "hello" not in str(told.value.details)


def test_folders_without_anything_are_told(tmp_path: Path) -> None:
    """An empty folder, one that is not there, and lines that are no objects."""
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(DatasetUnusable):
            load_dataset([folder])
    touch(tmp_path, "a.wav")
    (tmp_path / "refs.jsonl").write_text("[1]\n")
    with pytest.raises(DatasetUnusable):
        load_dataset([tmp_path])


def test_a_heard_word_is_right_when_all_it_stands_for_is() -> None:
    """ "42" is two words of the reference; a word wrong is wrong with its confidence."""
    errors, judged = judge("forty two oak", [("42", 0.9), ("Oat,", 0.4)], digits=False)
    assert errors == Errors(words=3, substituted=1)
    assert judged == ((0.9, True), (0.4, False))
    errors, judged = judge("oh 1", [("0-2", 0.7), ("...", 0.2)], digits=True)
    assert errors == Errors(words=2, substituted=1)
    assert judged == ((0.7, False),)


def result(clip: str, reference: str, heard: str, **other: object) -> Result:
    words = [(word, 0.9) for word in heard.split()]
    errors, judged = judge(reference, words, digits=False)
    silent = not reference
    given = {"group": "speech", "condition": "phone", "error": ""} | other
    return Result(
        clip=clip, digits=False, audio_s=30.0, cpu_s=1.5, errors=errors, judged=judged,
        silent=silent, heard_words=len(words), reference=reference, hypothesis=heard, **given,
    )  # fmt: skip


RESULTS = [
    result("secret-1", "the <b>house</b> burns", "the house turns"),
    result("secret-2", "send help now", "send help now", condition="radio"),
    result("secret-3", "", "thank you"),
    result("secret-4", "more", "", error="speech.audio.unreadable"),
]


def test_a_report_counts_by_condition_and_apart_from_silence() -> None:
    """What could not be heard is in no figure; words in silence are a figure of their own."""
    made = report(RESULTS, ABOUT, show_words=False)
    assert [(row.condition, row.errors.total, row.errors.words) for row in rows(RESULTS)] == [
        ("phone", 3, 5),
        ("radio", 0, 3),
    ]
    assert made["invented"]["words"] == 2
    assert made["invented"]["per_minute"] == 4
    assert made["failed"] == [{"number": 4, "code": "speech.audio.unreadable"}]
    assert made["core_s_per_audio_s"] == pytest.approx(0.05)
    assert made["confidence"]["words"] == 6


def test_no_word_and_no_name_is_told_unless_asked_for() -> None:
    """Neither in the JSON nor on the page; and the page escapes what it shows."""
    private = report(RESULTS, ABOUT, show_words=False)
    for text in (json.dumps(private), page(private)):
        assert "secret" not in text
        assert "burns" not in text
        assert "turns" not in text
    shown = page(report(RESULTS, ABOUT, show_words=True))
    assert "secret-1" in shown
    assert "&lt;b&gt;house" in shown
    assert "<b>" not in shown
    assert "<script" not in shown
    assert "a &lt;machine&gt;" in shown
    assert "<title id=" in shown


def test_advice_says_what_to_set() -> None:
    """Nothing when all is well."""
    assert advice(1, 2, 16) == ""
    assert "speech.workers = 7 this machine carries 112" in advice(1, 8, 16)
    assert "Set speech.workers to 3" in advice(9, 4, 16)
    assert "smaller model" in advice(1, 2, 1)
