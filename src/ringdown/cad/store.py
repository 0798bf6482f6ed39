"""Deliveries in SQL. The database itself refuses one without a person's confirmation.

Three locks, each enough: the columns are NOT NULL, a composite foreign key leads to the very
confirmation (id, centre, call and digest), and triggers compare incident and sequence, see that
a user of the centre stands behind it, and let nothing of this change or be deleted later.
"""
# ruff: noqa: S608 - the triggers are built from constants

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    Row,
    Select,
    String,
    Table,
    UniqueConstraint,
    insert,
    select,
    update,
)
from sqlalchemy.exc import DBAPIError, IntegrityError

from ringdown.cad.model import SETTLED, Delivery, DeliveryError
from ringdown.cad.ports import DeliveryRefused
from ringdown.cad.schema import CadCall, CadCentre
from ringdown.core.clock import iso, parse_iso
from ringdown.runtime.db import Tx, metadata

deliveries = Table(
    "cad_deliveries",
    metadata,
    Column("delivery_id", String, primary_key=True),
    Column("centre_id", String, nullable=False),
    Column("call_id", String, nullable=False),
    Column("incident_id", String, nullable=False),
    Column("confirmation_id", String, nullable=False, unique=True),
    Column("digest", String(64), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("context", JSON, nullable=False),
    Column("queued_at", String, nullable=False),
    Column("changed_at", String, nullable=False),
    Column("state", String, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("patient_since", String),
    Column("failing_since", String),
    Column("next_attempt_at", String),
    Column("error_code", String),
    Column("error_text", String),
    Column("acknowledged_at", String),
    Column("cad_incident_id", String),
    UniqueConstraint("centre_id", "incident_id", "sequence"),
    ForeignKeyConstraint(
        ["confirmation_id", "centre_id", "call_id", "digest"],
        [
            "confirmations.confirmation_id",
            "confirmations.centre_id",
            "confirmations.call_id",
            "confirmations.digest",
        ],
    ),
    Index("ix_cad_deliveries_state", "state"),
    Index("ix_cad_deliveries_call", "centre_id", "call_id"),
)

_FORGED = "a delivery needs the confirmation of a person"
_FIXED = "what a delivery refers to never changes"
_KEPT = "deliveries are kept"
_CONFIRMED = """EXISTS (SELECT 1 FROM confirmations c
    JOIN users u ON u.user_id = c.user_id AND u.centre_id = c.centre_id
    WHERE c.confirmation_id = NEW.confirmation_id AND c.centre_id = NEW.centre_id
    AND c.call_id = NEW.call_id AND c.digest = NEW.digest
    AND c.incident_id = NEW.incident_id AND c.sequence = NEW.sequence)"""
_IDENTITY = (
    "delivery_id",
    "centre_id",
    "call_id",
    "incident_id",
    "confirmation_id",
    "digest",
    "sequence",
    "queued_at",
)
_SQLITE_SAME = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in (*_IDENTITY, "context"))
_POSTGRESQL_SAME = " OR ".join(
    [
        *(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in _IDENTITY),
        "CAST(NEW.context AS text) IS DISTINCT FROM CAST(OLD.context AS text)",
    ]
)

TRIGGERS: dict[str, list[str]] = {
    "sqlite": [
        f"""CREATE TRIGGER IF NOT EXISTS cad_deliveries_insert BEFORE INSERT ON cad_deliveries
            WHEN NOT {_CONFIRMED}
            BEGIN SELECT RAISE(ABORT, '{_FORGED}'); END""",
        # INSERT OR REPLACE would delete the old row without asking the delete trigger.
        f"""CREATE TRIGGER IF NOT EXISTS cad_deliveries_new BEFORE INSERT ON cad_deliveries
            WHEN EXISTS (SELECT 1 FROM cad_deliveries d WHERE d.delivery_id = NEW.delivery_id
                OR d.confirmation_id = NEW.confirmation_id)
            BEGIN SELECT RAISE(ABORT, '{_KEPT}'); END""",
        f"""CREATE TRIGGER IF NOT EXISTS cad_deliveries_update BEFORE UPDATE ON cad_deliveries
            WHEN NOT {_CONFIRMED}
            BEGIN SELECT RAISE(ABORT, '{_FORGED}'); END""",
        f"""CREATE TRIGGER IF NOT EXISTS cad_deliveries_fixed BEFORE UPDATE ON cad_deliveries
            WHEN {_SQLITE_SAME}
            BEGIN SELECT RAISE(ABORT, '{_FIXED}'); END""",
        f"""CREATE TRIGGER IF NOT EXISTS cad_deliveries_delete BEFORE DELETE ON cad_deliveries
            BEGIN SELECT RAISE(ABORT, '{_KEPT}'); END""",
    ],
    "postgresql": [
        f"""CREATE OR REPLACE FUNCTION cad_deliveries_check() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN
                IF NOT {_CONFIRMED} THEN RAISE EXCEPTION '{_FORGED}'; END IF;
                IF TG_OP = 'UPDATE' THEN
                    IF {_POSTGRESQL_SAME} THEN RAISE EXCEPTION '{_FIXED}'; END IF;
                END IF;
                RETURN NEW;
            END $$""",
        f"""CREATE OR REPLACE FUNCTION cad_deliveries_keep() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION '{_KEPT}'; END $$""",
        """CREATE OR REPLACE TRIGGER cad_deliveries_check BEFORE INSERT OR UPDATE
            ON cad_deliveries FOR EACH ROW EXECUTE FUNCTION cad_deliveries_check()""",
        """CREATE OR REPLACE TRIGGER cad_deliveries_keep BEFORE DELETE
            ON cad_deliveries FOR EACH ROW EXECUTE FUNCTION cad_deliveries_keep()""",
        """CREATE OR REPLACE TRIGGER cad_deliveries_truncate BEFORE TRUNCATE
            ON cad_deliveries FOR EACH STATEMENT EXECUTE FUNCTION cad_deliveries_keep()""",
    ],
}
"""By dialect: what a migration runs after making the tables. Running it again does no harm."""


class SqlDeliveryStore:
    """The `DeliveryStore` on SQLite and PostgreSQL."""

    async def add(self, tx: Tx, delivery: Delivery) -> None:
        """Keep a new delivery. Raises `DeliveryRefused` without a matching confirmation."""
        try:
            await tx.sql.execute(insert(deliveries).values(**_row(delivery)))
        except DBAPIError as error:
            _refuse(error, delivery)

    async def save(self, tx: Tx, delivery: Delivery) -> None:
        """Keep a delivery's progress. Raises `DeliveryRefused` if it names another confirmation."""
        here = (
            deliveries.c.centre_id == delivery.centre_id,
            deliveries.c.delivery_id == delivery.delivery_id,
        )
        try:
            await tx.sql.execute(update(deliveries).where(*here).values(**_row(delivery)))
        except DBAPIError as error:
            _refuse(error, delivery)

    async def get(self, tx: Tx, centre_id: str, delivery_id: str) -> Delivery | None:
        """One delivery of the centre."""
        return await _one(tx, _of(centre_id).where(deliveries.c.delivery_id == delivery_id))

    async def of_confirmation(
        self, tx: Tx, centre_id: str, confirmation_id: str
    ) -> Delivery | None:
        """The delivery of a confirmation: there is at most one."""
        return await _one(tx, _of(centre_id).where(deliveries.c.confirmation_id == confirmation_id))

    async def of_call(self, tx: Tx, centre_id: str, call_id: str) -> list[Delivery]:
        """The deliveries of a call, by sequence."""
        query = _of(centre_id).where(deliveries.c.call_id == call_id)
        return await _all(tx, query.order_by(deliveries.c.incident_id, deliveries.c.sequence))

    async def unsettled(self, tx: Tx) -> list[Delivery]:
        """Every centre's deliveries that are neither acknowledged nor dead, oldest first."""
        query = select(deliveries).where(deliveries.c.state.not_in(sorted(SETTLED)))
        return await _all(tx, query.order_by(deliveries.c.queued_at, deliveries.c.delivery_id))

    async def dead_since(self, tx: Tx, since: datetime) -> list[Delivery]:
        """Every centre's dead letters since then for which no later version was acknowledged."""
        later = deliveries.alias()
        replaced = select(later.c.delivery_id).where(
            later.c.centre_id == deliveries.c.centre_id,
            later.c.incident_id == deliveries.c.incident_id,
            later.c.sequence > deliveries.c.sequence,
            later.c.state == "acknowledged",
        )
        query = select(deliveries).where(
            deliveries.c.state == "dead",
            deliveries.c.changed_at >= iso(since),
            ~replaced.exists(),
        )
        return await _all(tx, query.order_by(deliveries.c.changed_at))


def _refuse(error: DBAPIError, delivery: Delivery) -> None:
    """Raise our error for what the constraints and triggers refuse, and the driver's otherwise."""
    said = str(error.orig)
    if isinstance(error, IntegrityError) or any(one in said for one in (_FORGED, _FIXED, _KEPT)):
        raise DeliveryRefused(
            "the database refused this delivery", details={"delivery_id": delivery.delivery_id}
        ) from None
    raise error


def _of(centre_id: str) -> Select[Any]:
    return select(deliveries).where(deliveries.c.centre_id == centre_id)


async def _all(tx: Tx, query: Select[Any]) -> list[Delivery]:
    return [_delivery(row) for row in await tx.sql.execute(query)]


async def _one(tx: Tx, query: Select[Any]) -> Delivery | None:
    row = (await tx.sql.execute(query)).first()
    return None if row is None else _delivery(row)


def _iso(instant: datetime | None) -> str | None:
    return None if instant is None else iso(instant)


def _instant(stored: str | None) -> datetime | None:
    return None if stored is None else parse_iso(stored)


def _row(delivery: Delivery) -> dict[str, object]:
    error = delivery.last_error
    return {
        "delivery_id": delivery.delivery_id,
        "centre_id": delivery.centre_id,
        "call_id": delivery.call_id,
        "incident_id": delivery.incident_id,
        "confirmation_id": delivery.confirmation_id,
        "digest": delivery.digest,
        "sequence": delivery.sequence,
        "context": {
            "centre": delivery.centre.model_dump(mode="json"),
            "call": delivery.call.model_dump(mode="json"),
        },
        "queued_at": iso(delivery.queued_at),
        "changed_at": iso(delivery.changed_at),
        "state": delivery.state,
        "attempts": delivery.attempts,
        "tries": delivery.tries,
        "patient_since": _iso(delivery.patient_since),
        "failing_since": _iso(delivery.failing_since),
        "next_attempt_at": _iso(delivery.next_attempt_at),
        "error_code": error.code if error else None,
        "error_text": error.text if error else None,
        "acknowledged_at": _iso(delivery.acknowledged_at),
        "cad_incident_id": delivery.cad_incident_id,
    }


def _delivery(row: Row[Any]) -> Delivery:
    error = None
    if row.error_code is not None:
        error = DeliveryError(code=row.error_code, text=row.error_text or "")
    return Delivery(
        delivery_id=row.delivery_id,
        centre_id=row.centre_id,
        call_id=row.call_id,
        incident_id=row.incident_id,
        confirmation_id=row.confirmation_id,
        digest=row.digest,
        sequence=row.sequence,
        centre=CadCentre.model_validate(row.context["centre"]),
        call=CadCall.model_validate(row.context["call"]),
        queued_at=parse_iso(row.queued_at),
        changed_at=parse_iso(row.changed_at),
        state=row.state,
        attempts=row.attempts,
        tries=row.tries,
        patient_since=_instant(row.patient_since),
        failing_since=_instant(row.failing_since),
        next_attempt_at=_instant(row.next_attempt_at),
        last_error=error,
        acknowledged_at=_instant(row.acknowledged_at),
        cad_incident_id=row.cad_incident_id,
    )
