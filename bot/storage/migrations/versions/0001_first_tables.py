"""
The first tables.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """
    Make them.
    """
    op.create_table(
        "facts",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "people",
        sa.Column("id", _ID, primary_key=True, autoincrement=True),
        sa.Column("lookup", sa.LargeBinary, nullable=False, unique=True),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("language", sa.String(8)),
        sa.Column("wants_messages", sa.Boolean, nullable=False),
        sa.Column("reachable", sa.Boolean, nullable=False),
        sa.Column("first_seen", sa.BigInteger, nullable=False),
        sa.Column("last_seen", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "messages",
        sa.Column("id", _ID, primary_key=True, autoincrement=True),
        sa.Column("person", _ID, sa.ForeignKey("people.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("at", sa.BigInteger, nullable=False, index=True),
        sa.Column("intent", sa.String(64)),
        sa.Column("outcome", sa.String(16)),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "inbox",
        sa.Column("update_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("received", sa.BigInteger, nullable=False),
        sa.Column("state", sa.SmallInteger, nullable=False),
        sa.Column("tries", sa.SmallInteger, nullable=False),
        sa.Column("attempted", sa.SmallInteger, nullable=False),
        sa.Column("sent", sa.SmallInteger, nullable=False),
        sa.Column("reason", sa.String(64)),
        sa.Column("person", sa.LargeBinary),
        sa.Column("sealed", sa.LargeBinary),
        sa.Column("calls", sa.LargeBinary),
    )
    op.create_index("inbox_open", "inbox", ["state", "update_id"])
    op.create_table(
        "counters",
        sa.Column("day", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("name", sa.String(120), primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
    )
