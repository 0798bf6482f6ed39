"""redaction values"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward: what the tokens of a call stand for, sealed."""
    op.create_table(
        "redaction_values",
        sa.Column("centre_id", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("sealed", sa.String(), nullable=False),
        sa.Column("kept_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("centre_id", "call_id", "number", name=op.f("pk_redaction_values")),
        sa.UniqueConstraint(
            "centre_id",
            "call_id",
            "token",
            name=op.f("uq_redaction_values_centre_id_call_id_token"),
        ),
    )
