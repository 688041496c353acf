"""
Broadcasts.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """
    Make the tables.
    """
    op.add_column("people", sa.Column("zone", sa.String(40)))
    op.add_column("people", sa.Column("direct", sa.Boolean, nullable=False, server_default=sa.true()))
    op.create_table(
        "broadcasts",
        sa.Column("id", _ID, primary_key=True, autoincrement=True),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("state", sa.SmallInteger, nullable=False, index=True),
        sa.Column("start", sa.BigInteger, nullable=False),
        sa.Column("hours", sa.Integer, nullable=False),
        sa.Column("holder", sa.String(32)),
        sa.Column("until", sa.BigInteger),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "recipients",
        sa.Column("id", _ID, primary_key=True, autoincrement=True),
        sa.Column("broadcast", _ID, sa.ForeignKey("broadcasts.id", ondelete="CASCADE"), nullable=False),
        sa.Column("person", _ID, sa.ForeignKey("people.id", ondelete="SET NULL"), index=True),
        sa.Column("state", sa.SmallInteger, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("message", sa.BigInteger),
        sa.UniqueConstraint("broadcast", "person", name="recipients_once"),
        sa.Index("recipients_next", "broadcast", "state", "id"),
    )
