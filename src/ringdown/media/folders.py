"""Where the files of a leg lie: the recordings folder, the spare one, parts and the archive."""

import os
from dataclasses import dataclass
from pathlib import Path

from ringdown.wire.legfile import HEADER_BYTES, LegHeader, LegHeaderError, decode_header


@dataclass(frozen=True)
class Folders:
    """The folders recordings may be in. The first is used while it can be written."""

    primary: Path
    spare: Path | None = None

    @property
    def all(self) -> tuple[Path, ...]:
        """Every folder, in order of preference."""
        return (self.primary,) if self.spare is None else (self.primary, self.spare)


@dataclass(frozen=True)
class LegPlace:
    """Which leg, and so which files. Plain values: may be handed to another process."""

    folders: Folders
    centre_id: str
    call_id: str
    leg_id: str

    def part_path(self, root: Path, part: int) -> Path:
        """The raw file of a part, counted from 1, below one of the folders."""
        suffix = ".leg" if part == 1 else f".{part}.leg"
        return self._folder(root) / f"{self.leg_id}{suffix}"

    def archive_path(self, root: Path) -> Path:
        """The sealed archive below one of the folders."""
        return self._folder(root) / f"{self.leg_id}.flac"

    def archive(self) -> Path | None:
        """The archive, if there is one in any folder."""
        paths = (self.archive_path(root) for root in self.folders.all)
        return next((path for path in paths if path.is_file()), None)

    def parts(self) -> list["Part"]:
        """The raw parts that can be read now, in order; of one part kept twice the longer."""
        found: dict[int, Part] = {}
        for root in self.folders.all:
            for path in self._raw_files(root):
                part = read_part(path)
                if part is None:
                    continue
                known = found.get(part.header.part)
                if known is None or known.samples < part.samples:
                    found[part.header.part] = part
        return [found[number] for number in sorted(found)]

    def raw_paths(self) -> list[Path]:
        """Every raw file of the leg in any folder, readable or not."""
        return [path for root in self.folders.all for path in self._raw_files(root)]

    def _folder(self, root: Path) -> Path:
        return root / self.centre_id / self.call_id

    def _raw_files(self, root: Path) -> list[Path]:
        folder = self._folder(root)
        try:
            paths = list(folder.iterdir())
        except OSError:
            return []  # a folder that is gone holds nothing; the recorder lights the lamp
        mine = f"{self.leg_id}."
        return sorted(p for p in paths if p.name.startswith(mine) and p.suffix == ".leg")


@dataclass(frozen=True)
class Part:
    """One raw file: where it is, what its header says, how many samples it holds now."""

    path: Path
    header: LegHeader
    samples: int

    @property
    def end(self) -> int:
        """The sample index of the leg just after this part."""
        return self.header.from_sample + self.samples


def read_part(path: Path) -> Part | None:
    """Look at a raw file; None when it is gone or its header was never completely written."""
    try:
        with path.open("rb") as file:
            header = decode_header(file.read(HEADER_BYTES))
            size = os.fstat(file.fileno()).st_size
    except (OSError, LegHeaderError):
        return None
    return Part(path, header, max(0, size - HEADER_BYTES))
