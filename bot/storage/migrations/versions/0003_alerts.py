"""
Telling people of new articles.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """
    Make the table, and the columns by which those to be told are found.
    """
    op.add_column("people", sa.Column("alerts", sa.SmallInteger, nullable=False, server_default="0"))
    op.add_column("people", sa.Column("alerts_since", sa.BigInteger, nullable=False, server_default="0"))
    op.create_table(
        "alerts",
        sa.Column("person", _ID, sa.ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("article", sa.String(10), primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False, index=True),
    )
