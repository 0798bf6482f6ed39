"""Audit rows: what is hashed, what may be a detail, and which tags exist."""

import hashlib
import json
import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringdown.audit import verify_export
from ringdown.audit.catalogue import TAGS, UnknownAuditTag, known
from ringdown.audit.model import (
    EMPTY,
    GENESIS,
    AuditDetailsInvalid,
    AuditRow,
    Head,
    canonical,
    next_row,
)
from ringdown.core.principal import Principal

NOON = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
ANNA = Principal("user", "user_1", "Anna Ø", "centre_1", frozenset(), "ses_1")


def row(
    head: Head = EMPTY, *, at: datetime = NOON, details: dict[str, object] | None = None
) -> AuditRow:
    return next_row(
        head,
        centre_id="centre_1",
        at=at,
        tag="identity:user:added",
        actor=ANNA,
        subject="user_2",
        details=details or {},
    )


def test_the_hash_covers_every_other_column() -> None:
    """SHA-256 of the canonical JSON of all columns but the hash, as anybody can compute."""
    columns = row(details={"roles": ["auditor"]}).columns()
    given_hash = columns.pop("hash")
    text = json.dumps(columns, sort_keys=True, separators=(",", ":"))
    assert given_hash == hashlib.sha256(text.encode()).hexdigest()


def test_a_row_follows_its_head() -> None:
    """Numbers go up by one and the previous hash is carried."""
    first = row()
    second = row(Head(first.seq, first.hash))
    assert (first.seq, first.prev_hash) == (1, GENESIS)
    assert (second.seq, second.prev_hash) == (2, first.hash)


def test_time_is_utc_with_milliseconds() -> None:
    """CJIS AU-8: at least hundredths of a second, in UTC."""
    assert row(at=NOON.astimezone(timezone(timedelta(hours=-5)))).at == "2026-03-01T12:00:00.123Z"


def test_the_session_of_the_actor_is_kept() -> None:
    """The log-on with its source address can be found from any act."""
    assert row().session_id == "ses_1"


@pytest.mark.parametrize(
    "details",
    [{"x": object()}, {"x": float("nan")}, {1: "x"}, {"x": b"bytes"}, {"x": "y" * 20_000}],
    ids=["object", "nan", "number as key", "bytes", "too long"],
)
def test_details_are_short_plain_json(details: dict[str, object]) -> None:
    """Whatever JSON would lose or bend is refused."""
    with pytest.raises(AuditDetailsInvalid):
        row(details=details)


def test_endless_details_are_refused() -> None:
    """A value that holds itself gives the documented error."""
    endless: dict[str, object] = {}
    endless["self"] = endless
    with pytest.raises(AuditDetailsInvalid):
        row(details=endless)


def test_sets_become_sorted_lists() -> None:
    """Roles may be given as a set and hash the same each time."""
    assert row(details={"roles": frozenset({"b", "a"})}).details == {"roles": ["a", "b"]}


plain_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(max_size=8), plain_json, max_size=4))
def test_both_canonical_forms_agree(details: dict[str, object]) -> None:
    """The stand-alone verifier writes JSON exactly as the log does, and a line reads back."""
    line = row(details=details).line()
    assert verify_export.canonical(json.loads(line)) == line.encode()
    assert canonical(json.loads(line)) == line


def test_an_unknown_tag_is_an_error() -> None:
    """An act that the catalogue does not know cannot be written down."""
    with pytest.raises(UnknownAuditTag):
        known("identity:user:vanished")


@pytest.mark.parametrize("tag", TAGS)
def test_tags_have_three_parts_and_a_sentence(tag: str) -> None:
    """`feature:thing:act`, each in lower case, and what it means."""
    assert re.fullmatch(r"[a-z]+(:[a-z_]+){2}", tag)
    assert TAGS[tag].endswith(".")
