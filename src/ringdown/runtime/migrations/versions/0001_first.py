"""first"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


TRIGGERS: dict[str, list[str]] = {
    "sqlite": [
        """
CREATE TRIGGER IF NOT EXISTS audit_rows_no_update BEFORE UPDATE ON audit_rows
            BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END
""",
        """
CREATE TRIGGER IF NOT EXISTS audit_rows_no_delete BEFORE DELETE ON audit_rows
            BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END
""",
        """
CREATE TRIGGER IF NOT EXISTS audit_rows_next BEFORE INSERT ON audit_rows
            WHEN NEW.seq IS NOT 1 + COALESCE(
                (SELECT MAX(seq) FROM audit_rows WHERE centre_id = NEW.centre_id), 0)
            BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END
""",
        """
CREATE TRIGGER IF NOT EXISTS confirmations_no_update BEFORE UPDATE ON confirmations
            BEGIN SELECT RAISE(ABORT, 'confirmations and field history are kept as they are'); END
""",
        """
CREATE TRIGGER IF NOT EXISTS confirmations_no_delete BEFORE DELETE ON confirmations
            BEGIN SELECT RAISE(ABORT, 'confirmations and field history are kept as they are'); END
""",
        """
CREATE TRIGGER IF NOT EXISTS field_history_no_update BEFORE UPDATE ON field_history
            BEGIN SELECT RAISE(ABORT, 'confirmations and field history are kept as they are'); END
""",
        """
CREATE TRIGGER IF NOT EXISTS field_history_no_delete BEFORE DELETE ON field_history
            BEGIN SELECT RAISE(ABORT, 'confirmations and field history are kept as they are'); END
""",
        """
CREATE TRIGGER IF NOT EXISTS confirmations_person BEFORE INSERT ON confirmations
            WHEN NOT EXISTS (SELECT 1 FROM users
                WHERE users.user_id = NEW.user_id AND users.centre_id = NEW.centre_id)
            BEGIN SELECT RAISE(ABORT, 'a confirmation needs a person of its centre'); END
""",
        """
CREATE TRIGGER IF NOT EXISTS confirmations_next BEFORE INSERT ON confirmations
            WHEN NEW.sequence IS NOT 1 + COALESCE((SELECT MAX(sequence) FROM confirmations
                WHERE centre_id = NEW.centre_id AND call_id = NEW.call_id), 0)
                OR EXISTS (SELECT 1 FROM confirmations
                    WHERE confirmation_id = NEW.confirmation_id)
            BEGIN SELECT RAISE(ABORT, 'confirmations of a call are numbered without a gap'); END
""",
        """
CREATE TRIGGER IF NOT EXISTS field_history_new BEFORE INSERT ON field_history
            WHEN EXISTS (SELECT 1 FROM field_history WHERE entry_id = NEW.entry_id
                OR (centre_id = NEW.centre_id AND call_id = NEW.call_id
                    AND number = NEW.number))
            BEGIN SELECT RAISE(ABORT, 'confirmations and field history are kept as they are'); END
""",
        """
CREATE TRIGGER IF NOT EXISTS cad_deliveries_insert BEFORE INSERT ON cad_deliveries
            WHEN NOT EXISTS (SELECT 1 FROM confirmations c
    JOIN users u ON u.user_id = c.user_id AND u.centre_id = c.centre_id
    WHERE c.confirmation_id = NEW.confirmation_id AND c.centre_id = NEW.centre_id
    AND c.call_id = NEW.call_id AND c.digest = NEW.digest
    AND c.incident_id = NEW.incident_id AND c.sequence = NEW.sequence)
            BEGIN SELECT RAISE(ABORT, 'a delivery needs the confirmation of a person'); END
""",
        """
CREATE TRIGGER IF NOT EXISTS cad_deliveries_new BEFORE INSERT ON cad_deliveries
            WHEN EXISTS (SELECT 1 FROM cad_deliveries d WHERE d.delivery_id = NEW.delivery_id
                OR d.confirmation_id = NEW.confirmation_id)
            BEGIN SELECT RAISE(ABORT, 'deliveries are kept'); END
""",
        """
CREATE TRIGGER IF NOT EXISTS cad_deliveries_update BEFORE UPDATE ON cad_deliveries
            WHEN NOT EXISTS (SELECT 1 FROM confirmations c
    JOIN users u ON u.user_id = c.user_id AND u.centre_id = c.centre_id
    WHERE c.confirmation_id = NEW.confirmation_id AND c.centre_id = NEW.centre_id
    AND c.call_id = NEW.call_id AND c.digest = NEW.digest
    AND c.incident_id = NEW.incident_id AND c.sequence = NEW.sequence)
            BEGIN SELECT RAISE(ABORT, 'a delivery needs the confirmation of a person'); END
""",
        """
CREATE TRIGGER IF NOT EXISTS cad_deliveries_fixed BEFORE UPDATE ON cad_deliveries
            WHEN NEW.delivery_id IS NOT OLD.delivery_id OR NEW.centre_id IS NOT OLD.centre_id OR NEW.call_id IS NOT OLD.call_id OR NEW.incident_id IS NOT OLD.incident_id OR NEW.confirmation_id IS NOT OLD.confirmation_id OR NEW.digest IS NOT OLD.digest OR NEW.sequence IS NOT OLD.sequence OR NEW.queued_at IS NOT OLD.queued_at OR NEW.context IS NOT OLD.context
            BEGIN SELECT RAISE(ABORT, 'what a delivery refers to never changes'); END
""",
        """
CREATE TRIGGER IF NOT EXISTS cad_deliveries_delete BEFORE DELETE ON cad_deliveries
            BEGIN SELECT RAISE(ABORT, 'deliveries are kept'); END
""",
    ],
    "postgresql": [
        """
CREATE OR REPLACE FUNCTION audit_rows_refuse() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$
""",
        """
CREATE OR REPLACE FUNCTION audit_rows_check_next() RETURNS trigger
            LANGUAGE plpgsql AS
            $$ BEGIN
                IF NEW.seq IS DISTINCT FROM 1 + COALESCE(
                    (SELECT MAX(seq) FROM audit_rows WHERE centre_id = NEW.centre_id), 0)
                THEN RAISE EXCEPTION 'the audit log is append-only'; END IF;
                RETURN NEW;
            END $$
""",
        """
CREATE OR REPLACE TRIGGER audit_rows_no_change BEFORE UPDATE OR DELETE ON audit_rows
            FOR EACH ROW EXECUTE FUNCTION audit_rows_refuse()
""",
        """
CREATE OR REPLACE TRIGGER audit_rows_no_truncate BEFORE TRUNCATE ON audit_rows
            FOR EACH STATEMENT EXECUTE FUNCTION audit_rows_refuse()
""",
        """
CREATE OR REPLACE TRIGGER audit_rows_next BEFORE INSERT ON audit_rows
            FOR EACH ROW EXECUTE FUNCTION audit_rows_check_next()
""",
        """
CREATE OR REPLACE FUNCTION incidents_refuse() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'confirmations and field history are kept as they are'; END $$
""",
        """
CREATE OR REPLACE FUNCTION confirmations_check() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN
                IF NOT EXISTS (SELECT 1 FROM users
                    WHERE users.user_id = NEW.user_id AND users.centre_id = NEW.centre_id)
                THEN RAISE EXCEPTION 'a confirmation needs a person of its centre'; END IF;
                IF NEW.sequence IS DISTINCT FROM 1 + COALESCE((SELECT MAX(sequence)
                    FROM confirmations
                    WHERE centre_id = NEW.centre_id AND call_id = NEW.call_id), 0)
                THEN RAISE EXCEPTION 'confirmations of a call are numbered without a gap'; END IF;
                RETURN NEW;
            END $$
""",
        """
CREATE OR REPLACE TRIGGER confirmations_no_change BEFORE UPDATE OR DELETE ON confirmations
            FOR EACH ROW EXECUTE FUNCTION incidents_refuse()
""",
        """
CREATE OR REPLACE TRIGGER confirmations_no_truncate BEFORE TRUNCATE ON confirmations
            FOR EACH STATEMENT EXECUTE FUNCTION incidents_refuse()
""",
        """
CREATE OR REPLACE TRIGGER field_history_no_change BEFORE UPDATE OR DELETE ON field_history
            FOR EACH ROW EXECUTE FUNCTION incidents_refuse()
""",
        """
CREATE OR REPLACE TRIGGER field_history_no_truncate BEFORE TRUNCATE ON field_history
            FOR EACH STATEMENT EXECUTE FUNCTION incidents_refuse()
""",
        """
CREATE OR REPLACE TRIGGER confirmations_next BEFORE INSERT ON confirmations
            FOR EACH ROW EXECUTE FUNCTION confirmations_check()
""",
        """
CREATE OR REPLACE FUNCTION cad_deliveries_check() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN
                IF NOT EXISTS (SELECT 1 FROM confirmations c
    JOIN users u ON u.user_id = c.user_id AND u.centre_id = c.centre_id
    WHERE c.confirmation_id = NEW.confirmation_id AND c.centre_id = NEW.centre_id
    AND c.call_id = NEW.call_id AND c.digest = NEW.digest
    AND c.incident_id = NEW.incident_id AND c.sequence = NEW.sequence) THEN RAISE EXCEPTION 'a delivery needs the confirmation of a person'; END IF;
                IF TG_OP = 'UPDATE' THEN
                    IF NEW.delivery_id IS DISTINCT FROM OLD.delivery_id OR NEW.centre_id IS DISTINCT FROM OLD.centre_id OR NEW.call_id IS DISTINCT FROM OLD.call_id OR NEW.incident_id IS DISTINCT FROM OLD.incident_id OR NEW.confirmation_id IS DISTINCT FROM OLD.confirmation_id OR NEW.digest IS DISTINCT FROM OLD.digest OR NEW.sequence IS DISTINCT FROM OLD.sequence OR NEW.queued_at IS DISTINCT FROM OLD.queued_at OR CAST(NEW.context AS text) IS DISTINCT FROM CAST(OLD.context AS text) THEN RAISE EXCEPTION 'what a delivery refers to never changes'; END IF;
                END IF;
                RETURN NEW;
            END $$
""",
        """
CREATE OR REPLACE FUNCTION cad_deliveries_keep() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'deliveries are kept'; END $$
""",
        """
CREATE OR REPLACE TRIGGER cad_deliveries_check BEFORE INSERT OR UPDATE
            ON cad_deliveries FOR EACH ROW EXECUTE FUNCTION cad_deliveries_check()
""",
        """
CREATE OR REPLACE TRIGGER cad_deliveries_keep BEFORE DELETE
            ON cad_deliveries FOR EACH ROW EXECUTE FUNCTION cad_deliveries_keep()
""",
        """
CREATE OR REPLACE TRIGGER cad_deliveries_truncate BEFORE TRUNCATE
            ON cad_deliveries FOR EACH STATEMENT EXECUTE FUNCTION cad_deliveries_keep()
""",
    ],
}
"""What the database itself refuses: see the stores of audit, incidents and cad."""


def upgrade() -> None:
    """Bring the tables forward."""
    # ### commands auto generated by Alembic - please adjust! ###
    op.create_table(
        "audit_rows",
        sa.Column("centre_id", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("tag", sa.String(), nullable=False),
        sa.Column("actor_kind", sa.String(), nullable=False),
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("session_id", sa.String(), nullable=True),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("prev_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("centre_id", "seq", name=op.f("pk_audit_rows")),
    )
    op.create_table(
        "bus_cursors",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_bus_cursors")),
    )
    op.create_table(
        "call_events",
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("centre_id", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("at_ms", sa.Integer(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_call_events")),
    )
    op.create_index(op.f("ix_call_events_call_id"), "call_events", ["call_id"], unique=False)
    op.create_table(
        "call_legs",
        sa.Column("leg_id", sa.String(), nullable=False),
        sa.Column("centre_id", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("started_at", sa.String(), nullable=False),
        sa.Column("codec", sa.String(), nullable=False),
        sa.Column("rate", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("ended_at", sa.String(), nullable=True),
        sa.Column("duration_ms", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("leg_id", name=op.f("pk_call_legs")),
    )
    op.create_index(op.f("ix_call_legs_call_id"), "call_legs", ["call_id"], unique=False)
    op.create_index(
        "uq_call_legs_open_side",
        "call_legs",
        ["call_id", "side"],
        unique=True,
        sqlite_where=sa.text("state = 'recording'"),
        postgresql_where=sa.text("state = 'recording'"),
    )
    op.create_table(
        "call_notes",
        sa.Column("note_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("centre_id", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("by", sa.JSON(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("note_id", "version", name=op.f("pk_call_notes")),
    )
    op.create_index(op.f("ix_call_notes_call_id"), "call_notes", ["call_id"], unique=False)
    op.create_table(
        "calls",
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("centre_id", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("direction", sa.String(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("phase", sa.String(), nullable=False),
        sa.Column("started_at", sa.String(), nullable=False),
        sa.Column("interrupted_at", sa.String(), nullable=True),
        sa.Column("answered_at", sa.String(), nullable=True),
        sa.Column("ended_at", sa.String(), nullable=True),
        sa.Column("end_reason", sa.String(), nullable=True),
        sa.Column("ani", sa.String(), nullable=True),
        sa.Column("ali", sa.JSON(), nullable=True),
        sa.Column("assigned_to", sa.JSON(), nullable=True),
        sa.Column("attention", sa.String(), nullable=True),
        sa.Column("closed_at", sa.String(), nullable=True),
        sa.Column("close_reason", sa.String(), nullable=True),
        sa.Column("closed_by", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_calls")),
    )
    op.create_index("ix_calls_board", "calls", ["centre_id", "phase", "attention"], unique=False)
    op.create_index(
        "uq_calls_open_external_id",
        "calls",
        ["centre_id", "client_id", "external_id"],
        unique=True,
        sqlite_where=sa.text("phase <> 'ended'"),
        postgresql_where=sa.text("phase <> 'ended'"),
    )
    op.create_table(
        "centres",
        sa.Column("centre_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("centre_id", name=op.f("pk_centres")),
    )
    op.create_table(
        "dead_letters",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("centre_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("error", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", "event_id", name=op.f("pk_dead_letters")),
    )
    op.create_table(
        "facts",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("centre_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=True),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_facts")),
        sa.UniqueConstraint("centre_id", "position", name=op.f("uq_facts_centre_id_position")),
        sa.UniqueConstraint("event_id", name=op.f("uq_facts_event_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_facts_call", "facts", ["centre_id", "call_id", "position"], unique=False)
    op.create_table(
        "field_history",
        sa.Column("entry_id", sa.String(), nullable=False),
        sa.Column("centre_id", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("view", sa.JSON(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_field_history")),
        sa.UniqueConstraint(
            "centre_id", "call_id", "number", name=op.f("uq_field_history_centre_id_call_id_number")
        ),
    )
    op.create_table(
        "incident_drafts",
        sa.Column("centre_id", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("incident_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("centre_id", "call_id", name=op.f("pk_incident_drafts")),
    )
    op.create_table(
        "legs_media",
        sa.Column("leg_id", sa.String(), nullable=False),
        sa.Column("centre_id", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("start_ms", sa.Integer(), nullable=False),
        sa.Column("first_instant", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("samples", sa.BigInteger(), nullable=True),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.Column("bytes", sa.BigInteger(), nullable=True),
        sa.Column("stream_sid", sa.String(), nullable=True),
        sa.Column("anchor_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("leg_id", name=op.f("pk_legs_media")),
    )
    op.create_index("ix_legs_media_call", "legs_media", ["centre_id", "call_id"], unique=False)
    op.create_index("ix_legs_media_state", "legs_media", ["state"], unique=False)
    op.create_table(
        "media_gaps",
        sa.Column("leg_id", sa.String(), nullable=False),
        sa.Column("from_ms", sa.Integer(), nullable=False),
        sa.Column("centre_id", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("to_ms", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("leg_id", "from_ms", name=op.f("pk_media_gaps")),
    )
    op.create_index("ix_media_gaps_call", "media_gaps", ["centre_id", "call_id"], unique=False)
    op.create_table(
        "setup_tokens",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("centre_id", sa.String(), nullable=True),
        sa.Column("issued_at", sa.String(), nullable=False),
        sa.Column("expires_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_setup_tokens")),
    )
    op.create_table(
        "speech_cursors",
        sa.Column("leg_id", sa.String(), nullable=False),
        sa.Column("centre_id", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("leg", sa.JSON(), nullable=False),
        sa.Column("through_sample", sa.Integer(), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("leg_id", name=op.f("pk_speech_cursors")),
    )
    op.create_index(op.f("ix_speech_cursors_call_id"), "speech_cursors", ["call_id"], unique=False)
    op.create_index(op.f("ix_speech_cursors_closed"), "speech_cursors", ["closed"], unique=False)
    op.create_table(
        "unknown_log_ons",
        sa.Column("row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("row", name=op.f("pk_unknown_log_ons")),
    )
    op.create_table(
        "utterances",
        sa.Column("utterance_id", sa.String(), nullable=False),
        sa.Column("centre_id", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("leg_id", sa.String(), nullable=False),
        sa.Column("start_ms", sa.Integer(), nullable=False),
        sa.Column("end_ms", sa.Integer(), nullable=False),
        sa.Column("view", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("utterance_id", name=op.f("pk_utterances")),
        sa.UniqueConstraint(
            "centre_id", "call_id", "number", name=op.f("uq_utterances_centre_id_call_id_number")
        ),
    )
    op.create_table(
        "api_clients",
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("centre_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.Column("rotated_at", sa.String(), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("last_used_at", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centres.centre_id"], name=op.f("fk_api_clients_centre_id")
        ),
        sa.PrimaryKeyConstraint("client_id", name=op.f("pk_api_clients")),
    )
    op.create_index(op.f("ix_api_clients_centre_id"), "api_clients", ["centre_id"], unique=False)
    op.create_table(
        "users",
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("centre_id", sa.String(), nullable=False),
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("username_key", sa.String(), nullable=False),
        sa.Column("display_name", sa.String(), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("password_changed_at", sa.String(), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("recent_failures", sa.JSON(), nullable=False),
        sa.Column("failures_since_log_on", sa.Integer(), nullable=False),
        sa.Column("locked_at", sa.String(), nullable=True),
        sa.Column("last_log_on_at", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centres.centre_id"], name=op.f("fk_users_centre_id")
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_users")),
        sa.UniqueConstraint("username_key", name=op.f("uq_users_username_key")),
    )
    op.create_index(op.f("ix_users_centre_id"), "users", ["centre_id"], unique=False)
    op.create_table(
        "confirmations",
        sa.Column("confirmation_id", sa.String(), nullable=False),
        sa.Column("centre_id", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("incident_id", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("draft_version", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("user_name", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.user_id"], name=op.f("fk_confirmations_user_id")
        ),
        sa.PrimaryKeyConstraint("confirmation_id", name=op.f("pk_confirmations")),
        sa.UniqueConstraint(
            "centre_id",
            "call_id",
            "sequence",
            name=op.f("uq_confirmations_centre_id_call_id_sequence"),
        ),
        sa.UniqueConstraint(
            "confirmation_id",
            "centre_id",
            "call_id",
            "digest",
            name=op.f("uq_confirmations_confirmation_id_centre_id_call_id_digest"),
        ),
    )
    op.create_index(
        "ix_confirmations_call", "confirmations", ["centre_id", "call_id"], unique=False
    )
    op.create_table(
        "sessions",
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("centre_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("opened_at", sa.String(), nullable=False),
        sa.Column("last_seen_at", sa.String(), nullable=False),
        sa.Column("expires_at", sa.String(), nullable=False),
        sa.Column("limited", sa.Boolean(), nullable=False),
        sa.Column("previous_log_on_at", sa.String(), nullable=True),
        sa.Column("failures_before", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name=op.f("fk_sessions_user_id")),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sessions_token_hash")),
    )
    op.create_index("ix_sessions_user", "sessions", ["centre_id", "user_id"], unique=False)
    op.create_table(
        "cad_deliveries",
        sa.Column("delivery_id", sa.String(), nullable=False),
        sa.Column("centre_id", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("incident_id", sa.String(), nullable=False),
        sa.Column("confirmation_id", sa.String(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("context", sa.JSON(), nullable=False),
        sa.Column("queued_at", sa.String(), nullable=False),
        sa.Column("changed_at", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("patient_since", sa.String(), nullable=True),
        sa.Column("failing_since", sa.String(), nullable=True),
        sa.Column("next_attempt_at", sa.String(), nullable=True),
        sa.Column("error_code", sa.String(), nullable=True),
        sa.Column("error_text", sa.String(), nullable=True),
        sa.Column("acknowledged_at", sa.String(), nullable=True),
        sa.Column("cad_incident_id", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["confirmation_id", "centre_id", "call_id", "digest"],
            [
                "confirmations.confirmation_id",
                "confirmations.centre_id",
                "confirmations.call_id",
                "confirmations.digest",
            ],
            name=op.f("fk_cad_deliveries_confirmation_id_centre_id_call_id_digest"),
        ),
        sa.PrimaryKeyConstraint("delivery_id", name=op.f("pk_cad_deliveries")),
        sa.UniqueConstraint(
            "centre_id",
            "incident_id",
            "sequence",
            name=op.f("uq_cad_deliveries_centre_id_incident_id_sequence"),
        ),
        sa.UniqueConstraint("confirmation_id", name=op.f("uq_cad_deliveries_confirmation_id")),
    )
    op.create_index(
        "ix_cad_deliveries_call", "cad_deliveries", ["centre_id", "call_id"], unique=False
    )
    op.create_index("ix_cad_deliveries_state", "cad_deliveries", ["state"], unique=False)
    # ### end Alembic commands ###
    for statement in TRIGGERS[op.get_bind().dialect.name]:
        op.get_bind().exec_driver_sql(statement)
