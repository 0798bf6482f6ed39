"""Recordings whose words are known, as a folder: a table of references, or pairs of files.

A folder holds `refs.tsv`, `refs.csv` or `refs.jsonl` with the columns `id` or `file` and
`reference` (or `text`), and if wanted `group`, `condition` and `speaker`; or, without a table,
`NAME.txt` beside each `NAME.wav`. An empty reference means that nobody speaks.
"""

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final, cast

from ringdown.core.errors import Invalid
from ringdown.speech.evaluate.normalise import digit_share

AUDIO: Final = frozenset({".wav", ".flac", ".ogg", ".opus", ".mp3", ".aif", ".aiff", ".au"})
TABLES: Final = ("refs.tsv", "refs.csv", "refs.jsonl", "references.tsv", "references.csv")
DIGIT_GROUPS: Final = frozenset(
    {"digit", "digits", "number", "numbers", "phone", "phone_number", "plate", "plates"}
)
MOSTLY_DIGITS: Final = 0.6


class DatasetUnusable(Invalid):
    """A folder holds no references, or none that have audio."""

    code: ClassVar[str] = "speech.dataset_unusable"
    action: ClassVar[str] = (
        "Give a folder with audio and refs.tsv (columns id or file, and reference), or with a "
        ".txt beside each recording."
    )


@dataclass(frozen=True)
class Clip:
    """One recording and what is said in it."""

    id: str
    path: Path
    reference: str
    group: str
    condition: str
    digits: bool
    """Whether it is scored digit by digit."""


@dataclass(frozen=True)
class Dataset:
    """The clips of some folders; `without_audio` references have no recording."""

    clips: tuple[Clip, ...]
    without_audio: int = 0


def load_dataset(folders: Sequence[Path], conditions: Sequence[str] = ()) -> Dataset:
    """Every clip of the folders, of the conditions named or of all. Raises DatasetUnusable."""
    clips: list[Clip] = []
    missing = 0
    for folder in folders:
        if not folder.is_dir():
            raise DatasetUnusable("there is no such folder", details={"folder": str(folder)})
        found, without = _folder(folder)
        clips += found
        missing += without
    known = sorted({clip.condition for clip in clips})
    unknown = sorted(set(conditions) - set(known))
    if unknown:
        raise DatasetUnusable(
            "no recording is of this condition", details={"asked": unknown, "there": known}
        )
    kept = tuple(clip for clip in clips if not conditions or clip.condition in conditions)
    if not kept:
        raise DatasetUnusable(
            "no recording has a reference", details={"references_without_audio": missing}
        )
    return Dataset(kept, missing)


def _folder(folder: Path) -> tuple[list[Clip], int]:
    audio = sorted(
        path for path in folder.rglob("*") if path.suffix.lower() in AUDIO and path.is_file()
    )
    table = next((folder / name for name in TABLES if (folder / name).is_file()), None)
    if table is None:
        return _pairs(folder, audio), 0
    clips: list[Clip] = []
    missing = 0
    several = len({path.parent for path in audio}) > 1
    by_stem: dict[str, list[Path]] = {}
    for path in audio:
        by_stem.setdefault(path.stem, []).append(path)
    for number, row in enumerate(_rows(table), start=1):
        reference = row.get("reference", row.get("text"))
        if reference is None or not (row.get("id") or row.get("file")):
            raise DatasetUnusable(
                "a row of the references lacks a column",
                details={"table": table.name, "row": number, "needs": "id or file, and reference"},
            )
        paths = _audio_of(folder, row, by_stem)
        missing += not paths
        for path in paths:
            condition = row.get("condition") or _condition(folder, path, several=several)
            clips.append(_clip(path, reference, row.get("group", ""), condition))
    return clips, missing


def _audio_of(folder: Path, row: dict[str, str], by_stem: dict[str, list[Path]]) -> list[Path]:
    named = row.get("file")
    if named:
        path = folder / named
        return [path] if path.is_file() else by_stem.get(Path(named).stem, [])
    found = by_stem.get(row["id"])
    return found if found is not None else by_stem.get(Path(row["id"]).stem, [])


def _pairs(folder: Path, audio: Iterable[Path]) -> list[Clip]:
    texts = [(path, path.with_suffix(".txt")) for path in audio]
    pairs = [(path, text) for path, text in texts if text.is_file()]
    several = len({path.parent for path, _ in pairs}) > 1
    return [
        _clip(
            path,
            text.read_text(encoding="utf-8-sig", errors="replace"),
            "",
            _condition(folder, path, several=several),
        )
        for path, text in pairs
    ]


def _clip(path: Path, reference: str, group: str, condition: str) -> Clip:
    group = group.strip()
    if group:
        digits = group.lower() in DIGIT_GROUPS
    else:
        digits = digit_share(reference) >= MOSTLY_DIGITS
        group = "digits" if digits else "speech"
    return Clip(path.stem, path, reference.strip(), group, condition, digits)


def _condition(folder: Path, path: Path, *, several: bool) -> str:
    """The folder a recording lies in tells conditions apart."""
    inside = path.parent.relative_to(folder).as_posix()
    return inside if several and inside != "." else folder.resolve().name


def _rows(table: Path) -> Iterator[dict[str, str]]:
    text = table.read_text(encoding="utf-8-sig", errors="replace")
    if table.suffix == ".jsonl":
        for line in text.splitlines():
            if line.strip():
                yield _object(line, table)
        return
    if table.suffix == ".tsv":
        reader = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    else:
        reader = csv.DictReader(text.splitlines())
    for row in reader:
        given = cast("dict[Any, Any]", row)
        yield {str(key): str(value) for key, value in given.items() if value is not None and key}


def _object(line: str, table: Path) -> dict[str, str]:
    try:
        found: object = json.loads(line)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise DatasetUnusable("a line is no JSON object", details={"table": table.name})
    given = cast("dict[str, object]", found)
    return {key: str(value) for key, value in given.items() if value is not None}
