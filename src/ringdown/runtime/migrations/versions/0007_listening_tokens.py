"""listening tokens"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward: a session knows the access token that it was opened with."""
    op.add_column(
        "listening_sessions", sa.Column("token", sa.JSON(none_as_null=True), nullable=True)
    )
