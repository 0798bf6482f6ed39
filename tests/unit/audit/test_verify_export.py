"""The stand-alone verifier finds every kind of tampering; it is run here as outsiders run it."""

import ast
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ringdown.audit import verify_export
from ringdown.audit.model import EMPTY, Head, canonical, next_row, row_hash
from ringdown.audit.verify_export import verify
from ringdown.core.principal import Principal

ACTOR = Principal("user", "user_1", "Anna", "centre_1", frozenset(), "ses_1")


def chain(count: int, *, centre_id: str = "centre_1", salt: str = "") -> list[bytes]:
    lines, head = [], EMPTY
    for number in range(count):
        made = next_row(
            head,
            centre_id=centre_id,
            at=datetime(2026, 3, 1, 3, 0, number % 60, tzinfo=UTC),
            tag="identity:user:added",
            actor=ACTOR,
            subject=f"user_{number}",
            details={"number": number, "salt": salt},
        )
        head = Head(made.seq, made.hash)
        lines.append(made.line().encode() + b"\n")
    return lines


def end_of(lines: list[bytes]) -> str:
    return str(json.loads(lines[-1])["hash"])


def rehashed(lines: list[bytes], start: int) -> list[bytes]:
    """The same rows with numbers and hashes made anew from `start`: a careful forger's work."""
    made = list(lines[:start])
    for line in lines[start:]:
        columns = json.loads(line)
        columns["seq"] = len(made) + 1
        columns["prev_hash"] = json.loads(made[-1])["hash"] if made else "0" * 64
        columns["hash"] = row_hash(columns)
        made.append(canonical(columns).encode() + b"\n")
    return made


@pytest.mark.parametrize("count", [0, 1, 40])
def test_an_untouched_export_is_whole(count: int) -> None:
    """What the log wrote is accepted, with and without the expected end."""
    lines = chain(count)
    head = end_of(lines) if lines else "0" * 64
    assert verify(lines, head=head, count=count).findings == []
    assert verify(lines).head == head


CHAIN = chain(12)
indexes = st.integers(0, len(CHAIN) - 1)


@given(indexes, st.data())
def test_any_changed_byte_is_found(index: int, data: st.DataObject) -> None:
    """One byte of one line, replaced by any other."""
    line = bytearray(CHAIN[index])
    place = data.draw(st.integers(0, len(line) - 2))
    line[place] = data.draw(st.integers(0, 255).filter(lambda value: value != line[place]))
    changed = [*CHAIN[:index], bytes(line), *CHAIN[index + 1 :]]
    assert not verify(changed).whole


@given(indexes, st.binary(max_size=12), st.data())
def test_any_inserted_bytes_are_found(index: int, extra: bytes, data: st.DataObject) -> None:
    """Anything put into a line, spaces and repeated keys included."""
    line = CHAIN[index]
    place = data.draw(st.integers(0, len(line) - 1))
    changed = [*CHAIN[:index], line[:place] + (extra or b" ") + line[place:], *CHAIN[index + 1 :]]
    assert not verify(b"".join(changed).splitlines(keepends=True)).whole


@given(indexes, st.sampled_from(["at", "tag", "actor_id", "actor_name", "subject"]), st.text())
def test_a_changed_column_with_a_fitting_hash_is_found(index: int, key: str, value: str) -> None:
    """A forger who makes the row's own hash anew breaks the link to the next row, or the end."""
    columns = json.loads(CHAIN[index])
    assume(columns[key] != value)
    columns[key] = value
    columns["hash"] = row_hash(columns)
    changed = [*CHAIN[:index], canonical(columns).encode(), *CHAIN[index + 1 :]]
    assert not verify(changed, head=end_of(CHAIN)).whole


@given(st.sets(indexes, min_size=1))
def test_removed_rows_are_found(removed: set[int]) -> None:
    """Any set of rows; cut off the end, they are found by the expected head."""
    kept = [line for index, line in enumerate(CHAIN) if index not in removed]
    assert not verify(kept, head=end_of(CHAIN), count=len(CHAIN)).whole
    assert not verify(kept, count=len(CHAIN)).whole
    assert not verify(kept, head=end_of(CHAIN)).whole


@given(st.permutations(CHAIN))
def test_reordered_rows_are_found(shuffled: list[bytes]) -> None:
    """Any other order."""
    assume(shuffled != CHAIN)
    assert not verify(shuffled).whole


@given(st.integers(0, len(CHAIN)), indexes, st.booleans())
def test_inserted_rows_are_found(place: int, source: int, foreign: bool) -> None:
    """A row of this chain or of a forged one, put in anywhere; at the end the head tells."""
    line = (chain(12, salt="forged") if foreign else CHAIN)[source]
    changed = [*CHAIN[:place], line, *CHAIN[place:]]
    assert not verify(changed).whole


@given(indexes, st.booleans())
def test_a_chain_made_anew_is_found_by_the_expected_head(index: int, drop: bool) -> None:
    """Every hash recomputed after a change or a removal: only the noted end can tell, and does."""
    lines = list(CHAIN)
    if drop:
        del lines[index]
    else:
        columns = json.loads(lines[index])
        columns["subject"] = "user_forged"
        lines[index] = canonical(columns).encode() + b"\n"
    forged = rehashed(lines, index)
    assert not verify(forged, head=end_of(CHAIN), count=len(CHAIN)).whole


def test_an_earlier_head_is_enough() -> None:
    """A chain that has grown since the end was noted is whole."""
    assert verify(CHAIN, head=end_of(CHAIN[:5]), count=5).whole


def test_a_head_at_another_row_is_refused() -> None:
    """The noted hash has to stand at the noted row."""
    assert not verify(CHAIN, head=end_of(CHAIN[:5]), count=6).whole


def test_another_centre_is_refused() -> None:
    """An export of one centre holds no row of another."""
    assert not verify(CHAIN, centre_id="centre_2").whole
    mixed = [*CHAIN, *chain(1, centre_id="centre_2")]
    assert "other_centre" in {finding.code for finding in verify(mixed).findings}


@pytest.mark.parametrize(
    "line",
    [b"", b"[]", b"\xff\xfe", b"{}", b"[" * 100_000, b'{"seq":1}', b'{"seq":' + b"9" * 5000 + b"}"],
    ids=["empty", "list", "not ASCII", "no keys", "deep", "few keys", "huge number"],
)
def test_what_is_not_a_row_is_a_finding(line: bytes) -> None:
    """Any bytes give a finding, never an exception."""
    assert [finding.code for finding in verify([line]).findings] == ["unreadable"]


@given(st.lists(st.binary(max_size=200), max_size=4))
def test_no_bytes_raise(lines: list[bytes]) -> None:
    """The verifier answers about any bytes."""
    assert verify(lines).count == len(lines)


def run(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-I", "-S", verify_export.__file__, *arguments],
        input=stdin,
        capture_output=True,
        check=False,
    )


def test_the_command_says_whole(tmp_path: Path) -> None:
    """Run alone, without our package: exit code 0, the count and the head."""
    file = tmp_path / "export.jsonl"
    file.write_bytes(b"".join(CHAIN))
    done = run(str(file), "--head", end_of(CHAIN), "--count", "12", "--centre", "centre_1")
    assert done.returncode == 0
    assert done.stdout.decode().split() == ["rows:", "12", "head:", end_of(CHAIN), "whole"]


def test_the_command_names_the_broken_row() -> None:
    """Exit code 1 and the row, also from standard input."""
    done = run("-", stdin=b"".join([*CHAIN[:3], *CHAIN[4:]]))
    assert done.returncode == 1
    assert b"(row 5)" in done.stdout


def test_the_command_says_what_it_cannot_read(tmp_path: Path) -> None:
    """Exit code 2 for a file that is not there."""
    assert run(str(tmp_path / "none")).returncode == 2


def test_the_verifier_needs_the_standard_library_only() -> None:
    """Whoever gets the one file can run it."""
    tree = ast.parse(Path(verify_export.__file__).read_text())
    names = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    names |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} <= set(sys.stdlib_module_names)
