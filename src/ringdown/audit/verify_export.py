"""Check an exported audit log, with nothing but Python's standard library.

    python verify_export.py export.jsonl [--head HASH] [--count N] [--centre ID]

An export has one row a line, each a JSON object in canonical form: keys sorted, no spaces, ASCII
only. `seq` counts from 1 without a gap. `hash` is the SHA-256, in hexadecimal, of the canonical
JSON of all the other keys; `prev_hash` is the hash of the row before, 64 zeros for the first.
So a row that was changed, removed, put elsewhere or put in shows up here. What a chain alone
cannot show is that its last rows were cut off, or that all of it was written anew: note the
head and the count of an export somewhere else, and pass them here next time.

Exit code: 0 whole, 1 not whole, 2 the file cannot be read.
"""

import argparse
import hashlib
import json
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeGuard, cast

GENESIS = "0" * 64
KEYS = {
    "centre_id",
    "seq",
    "at",
    "tag",
    "actor_kind",
    "actor_id",
    "actor_name",
    "session_id",
    "subject",
    "details",
    "prev_hash",
    "hash",
}
HASH = re.compile(r"[0-9a-f]{64}")
MOST_FINDINGS = 100


@dataclass(frozen=True)
class Finding:
    """Something that is not as it was written: the line (from 1), the row if known, and what."""

    line: int
    seq: int | None
    code: str
    text: str


@dataclass(frozen=True)
class Report:
    """The result: where the chain ends, and what was found; nothing found means whole."""

    count: int
    head: str
    findings: list[Finding]

    @property
    def whole(self) -> bool:
        """Whether every row is as it was written."""
        return not self.findings


def canonical(value: object) -> bytes:
    """The one JSON text of a value, as ASCII bytes."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return text.encode("ascii")


class Verifier:
    """Checks an export line by line in constant memory."""

    def __init__(
        self, *, centre_id: str | None = None, head: str | None = None, count: int | None = None
    ) -> None:
        self._centre = centre_id
        self._expected_head = head
        self._expected_count = count
        self._head: str = GENESIS
        self._seq = 0
        self._lines = 0
        self._seen_expected = head == GENESIS
        self._findings: list[Finding] = []

    def feed(self, line: bytes) -> None:
        """Check the next line; the line end may be there or not."""
        self._lines += 1
        text = line[:-1] if line.endswith(b"\n") else line
        row = self._parsed(text)
        if row is None:
            return
        seq = row["seq"]
        if self._centre is None:
            self._centre = row["centre_id"]
        if row["centre_id"] != self._centre:
            self._find(seq, "other_centre", "belongs to another centre")
        covered = {key: value for key, value in row.items() if key != "hash"}
        if hashlib.sha256(canonical(covered)).hexdigest() != row["hash"]:
            self._find(seq, "changed", "was changed: its hash does not fit its content")
        if seq > self._seq + 1:
            self._find(seq, "removed", f"follows row {self._seq}: rows between are missing")
        elif seq <= self._seq:
            self._find(seq, "reordered", f"follows row {self._seq}: repeated or out of order")
        elif row["prev_hash"] != self._head:
            self._find(seq, "broken", "does not follow from the row before it")
        self._seq, self._head = seq, row["hash"]
        if self._expected_count is not None and seq == self._expected_count:
            self._seen_expected = self._seen_expected or row["hash"] == self._expected_head
        elif self._expected_count is None and row["hash"] == self._expected_head:
            self._seen_expected = True

    def finish(self) -> Report:
        """The result, once every line was fed."""
        if self._expected_count is not None and self._lines < self._expected_count:
            self._find(
                None,
                "truncated",
                f"{self._expected_count} rows were expected, {self._lines} are there",
            )
        if self._expected_head is not None and not self._seen_expected:
            self._find(None, "head", "the row with the expected hash is not there")
        return Report(self._lines, self._head, self._findings)

    def _parsed(self, text: bytes) -> dict[str, Any] | None:
        try:
            row: Any = json.loads(text.decode("ascii"))
            exact = canonical(row) == text
        except (ValueError, RecursionError):
            self._find(None, "unreadable", "is not a row of an export")
            return None
        if not _is_row(row):
            self._find(None, "unreadable", "is not a row of an export")
            return None
        if not exact:
            self._find(row["seq"], "changed", "was changed: it is not in canonical form")
        return row

    def _find(self, seq: int | None, code: str, text: str) -> None:
        if len(self._findings) < MOST_FINDINGS:
            self._findings.append(Finding(self._lines, seq, code, text))


def _is_row(value: Any) -> TypeGuard[dict[str, Any]]:
    if not isinstance(value, dict):
        return False
    row = cast("dict[str, Any]", value)
    texts = KEYS - {"seq", "details", "session_id"}
    return (
        row.keys() == KEYS
        and type(row["seq"]) is int
        and row["seq"] >= 1
        and isinstance(row["details"], dict)
        and isinstance(row["session_id"], str | None)
        and all(isinstance(row[key], str) for key in texts)
        and HASH.fullmatch(row["hash"]) is not None
        and HASH.fullmatch(row["prev_hash"]) is not None
    )


def verify(
    lines: Iterable[bytes],
    *,
    centre_id: str | None = None,
    head: str | None = None,
    count: int | None = None,
) -> Report:
    """Check a whole export.

    `count` and `head` are what was noted of this or an earlier export of the same centre: the
    row of that number must be there with that hash. Rows after it are welcome.
    """
    verifier = Verifier(centre_id=centre_id, head=head, count=count)
    for line in lines:
        verifier.feed(line)
    return verifier.finish()


def main(arguments: list[str]) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description="Check an exported audit log.")
    parser.add_argument("export", help="the file of JSON lines; - reads standard input")
    parser.add_argument("--head", help="the hash noted for the last row of an earlier export")
    parser.add_argument("--count", type=int, help="the number of rows noted with it")
    parser.add_argument("--centre", help="the centre the export must belong to")
    options = parser.parse_args(arguments)
    try:
        with sys.stdin.buffer if options.export == "-" else open(options.export, "rb") as source:  # noqa: PTH123 - stands alone
            report = verify(
                source, centre_id=options.centre, head=options.head, count=options.count
            )
    except OSError as error:
        sys.stderr.write(f"cannot read {options.export}: {error.strerror}\n")
        return 2
    for finding in report.findings:
        row = "" if finding.seq is None else f" (row {finding.seq})"
        sys.stdout.write(f"line {finding.line}{row}: {finding.text}\n")
    if len(report.findings) >= MOST_FINDINGS:
        sys.stdout.write("... and more\n")
    sys.stdout.write(f"rows: {report.count}\nhead: {report.head}\n")
    sys.stdout.write("whole\n" if report.whole else "NOT WHOLE\n")
    return 0 if report.whole else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
