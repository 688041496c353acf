"""
The coach's desk.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """
    Make the tables.
    """
    op.add_column("people", sa.Column("hired", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("messages", sa.Column("message", sa.BigInteger))
    _threads()
    _coaches()
    _learning()


def _threads() -> None:
    op.create_table(
        "threads",
        sa.Column("id", _ID, primary_key=True, autoincrement=True),
        sa.Column("person", _ID, sa.ForeignKey("people.id", ondelete="CASCADE"), nullable=False, unique=True),
        sa.Column("topic", sa.BigInteger, index=True),
        sa.Column("state", sa.SmallInteger, nullable=False),
        sa.Column("urgent", sa.Boolean, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("human", sa.BigInteger, nullable=False),
        sa.Column("remind", sa.BigInteger),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "handovers",
        sa.Column("id", _ID, primary_key=True, autoincrement=True),
        sa.Column("thread", _ID, sa.ForeignKey("threads.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("at", sa.BigInteger, nullable=False, index=True),
        sa.Column("reason", sa.String(16), nullable=False),
        sa.Column("taken", sa.BigInteger),
        sa.Column("closed", sa.BigInteger),
        sa.Column("useful", sa.Boolean),
    )
    op.create_table(
        "copies",
        sa.Column("id", _ID, primary_key=True, autoincrement=True),
        sa.Column("thread", _ID, sa.ForeignKey("threads.id", ondelete="CASCADE"), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False, index=True),
        sa.Column("theirs", sa.BigInteger, nullable=False),
        sa.Column("ours", sa.BigInteger, nullable=False),
        sa.Column("from_person", sa.Boolean, nullable=False),
        sa.Index("copies_theirs", "thread", "theirs"),
        sa.Index("copies_ours", "thread", "ours"),
    )
    op.create_table(
        "errands",
        sa.Column("id", _ID, primary_key=True, autoincrement=True),
        sa.Column("lane", sa.BigInteger, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("attempted", sa.Boolean, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )


def _coaches() -> None:
    op.create_table(
        "coaches",
        sa.Column("lookup", sa.LargeBinary, primary_key=True),
        sa.Column("role", sa.String(8), nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "invitations",
        sa.Column("token", sa.LargeBinary, primary_key=True),
        sa.Column("role", sa.String(8), nullable=False),
        sa.Column("expires", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "audit",
        sa.Column("id", _ID, primary_key=True, autoincrement=True),
        sa.Column("at", sa.BigInteger, nullable=False, index=True),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "accounts",
        sa.Column("lookup", sa.LargeBinary, primary_key=True),
        sa.Column("enabled", sa.Boolean, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )


def _learning() -> None:
    op.create_table(
        "questions",
        sa.Column("id", _ID, primary_key=True, autoincrement=True),
        sa.Column("person", _ID, sa.ForeignKey("people.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("at", sa.BigInteger, nullable=False, index=True),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("intent", sa.String(64)),
        sa.Column("state", sa.SmallInteger, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "drafts",
        sa.Column("id", _ID, primary_key=True, autoincrement=True),
        sa.Column("at", sa.BigInteger, nullable=False, index=True),
        sa.Column("message", sa.BigInteger, index=True),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
