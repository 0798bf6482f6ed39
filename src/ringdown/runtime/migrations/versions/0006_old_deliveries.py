"""old deliveries"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward: what was delivered long ago is found without looking at all."""
    op.create_index(
        "ix_partner_deliveries_delivered", "partner_deliveries", ["delivered_at"], unique=False
    )
