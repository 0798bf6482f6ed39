"""Audit rows and the chain that joins them: each row's hash covers the row before it. Pure.

The hash of a row is the SHA-256 of the canonical JSON of all its other columns, the previous
row's hash included. Canonical: keys sorted, no spaces, ASCII only, no NaN or infinity.
`verify_export.py` states the same rules a second time, on its own, for whoever trusts nobody.
"""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, cast

from ringdown.core.clock import iso
from ringdown.core.errors import Invalid
from ringdown.core.principal import Principal

GENESIS = "0" * 64
"""What the first row of a centre names as the hash before it."""

INSTALLATION = "installation"
"""The chain of acts that belong to no centre: a log-on under an unknown name, a setup link."""

DETAILS_BYTES = 16_384


class AuditDetailsInvalid(Invalid):
    """The details cannot be kept: not JSON, or too long. A mistake of the caller's code."""

    code: ClassVar[str] = "audit.details.invalid"
    action: ClassVar[str] = "Report this with the time it happened."


@dataclass(frozen=True)
class AuditRow:
    """One act, as stored and exported. `seq` counts from 1 per centre without a gap."""

    centre_id: str
    seq: int
    at: str
    tag: str
    actor_kind: str
    actor_id: str
    actor_name: str
    session_id: str | None
    subject: str
    details: Mapping[str, object]
    prev_hash: str
    hash: str

    def columns(self) -> dict[str, object]:
        """Every column by name, the hash included."""
        return {
            "centre_id": self.centre_id,
            "seq": self.seq,
            "at": self.at,
            "tag": self.tag,
            "actor_kind": self.actor_kind,
            "actor_id": self.actor_id,
            "actor_name": self.actor_name,
            "session_id": self.session_id,
            "subject": self.subject,
            "details": dict(self.details),
            "prev_hash": self.prev_hash,
            "hash": self.hash,
        }

    def line(self) -> str:
        """The row as one line of an export, without the line end."""
        return canonical(self.columns())


@dataclass(frozen=True)
class Head:
    """Where a chain ends: how many rows it has and the hash of the last."""

    count: int
    hash: str


EMPTY = Head(0, GENESIS)


def canonical(value: object) -> str:
    """The one JSON text of a value. Raises ValueError or TypeError if it has none."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False
    )


def row_hash(columns: Mapping[str, object]) -> str:
    """SHA-256, in hexadecimal, over every column but `hash`."""
    covered = {name: value for name, value in columns.items() if name != "hash"}
    return hashlib.sha256(canonical(covered).encode("ascii")).hexdigest()


def next_row(
    head: Head,
    *,
    centre_id: str,
    at: datetime,
    tag: str,
    actor: Principal,
    subject: str,
    details: Mapping[str, object],
) -> AuditRow:
    """The row that follows `head`. Raises `AuditDetailsInvalid`."""
    columns: dict[str, object] = {
        "centre_id": centre_id,
        "seq": head.count + 1,
        "at": iso(at),
        "tag": tag,
        "actor_kind": actor.kind,
        "actor_id": actor.id,
        "actor_name": actor.name,
        "session_id": actor.session_id,
        "subject": subject,
        "details": plain(details),
        "prev_hash": head.hash,
    }
    return row_from({**columns, "hash": row_hash(columns)})


def row_from(columns: Mapping[str, object]) -> AuditRow:
    """A row out of its columns by name."""
    return AuditRow(**cast("dict[str, object]", dict(columns)))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def plain(details: Mapping[str, object]) -> dict[str, object]:
    """The details as JSON gives them back, so that what is hashed is what is stored."""
    try:
        text = canonical(_checked(details))
    except (TypeError, ValueError, RecursionError):
        raise AuditDetailsInvalid("the details of an audit row are not plain JSON") from None
    if len(text) > DETAILS_BYTES:
        raise AuditDetailsInvalid(
            "the details of an audit row are too long",
            details={"bytes": len(text), "most": DETAILS_BYTES},
        )
    return cast("dict[str, object]", json.loads(text))


def _checked(value: object) -> object:
    """Refuse what JSON would bend silently: keys that are not text, tuples kept as lists."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError("not a number")
        return value
    if isinstance(value, Mapping):
        entries = cast("Mapping[object, object]", value)
        if not all(isinstance(key, str) for key in entries):
            raise TypeError("keys are text")
        return {str(key): _checked(item) for key, item in entries.items()}
    if isinstance(value, list | tuple):
        return [_checked(item) for item in cast("list[object] | tuple[object, ...]", value)]
    if isinstance(value, set | frozenset):
        return sorted(_checked(item) for item in cast("set[str]", value))  # type: ignore[type-var]  # pyright: ignore[reportArgumentType, reportUnknownVariableType]
    raise TypeError(type(value).__name__)
