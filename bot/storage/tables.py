"""
The tables. Whatever a person wrote or is called stands in a `sealed` column; the rest are numbers, dates and ids.

Times are whole seconds since 1970 in UTC.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
)

metadata = MetaData()

_Id = BigInteger().with_variant(Integer, "sqlite")

facts = Table(
    "facts",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)
"""
Facts about the database itself: the key of the look-up hashes.
"""

people = Table(
    "people",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("lookup", LargeBinary, nullable=False, unique=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("language", String(8)),
    Column("wants_messages", Boolean, nullable=False, default=True),
    Column("reachable", Boolean, nullable=False, default=True),
    Column("alerts", SmallInteger, nullable=False, default=0, server_default="0"),
    Column("alerts_since", BigInteger, nullable=False, default=0, server_default="0"),
    Column("first_seen", BigInteger, nullable=False),
    Column("last_seen", BigInteger, nullable=False),
)
"""
Everybody who wrote; `sealed` holds the channel's ids, the first name, and what is remembered for the conversation.
"""

messages = Table(
    "messages",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("person", _Id, ForeignKey("people.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("at", BigInteger, nullable=False, index=True),
    Column("intent", String(64)),
    Column("outcome", String(16)),
    Column("sealed", LargeBinary, nullable=False),
)
"""
What people wrote, and what it was understood as.
"""

alerts = Table(
    "alerts",
    metadata,
    Column("person", _Id, ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
    Column("article", String(10), primary_key=True),
    Column("at", BigInteger, nullable=False, index=True),
)
"""
Which new articles people were told of. `people.alerts` is 0 for whoever wants none, 1 for the evening, 2 for at once.
"""

inbox = Table(
    "inbox",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("received", BigInteger, nullable=False),
    Column("state", SmallInteger, nullable=False),
    Column("tries", SmallInteger, nullable=False, default=0),
    Column("attempted", SmallInteger, nullable=False, default=0),
    Column("sent", SmallInteger, nullable=False, default=0),
    Column("reason", String(64)),
    Column("person", LargeBinary),
    Column("sealed", LargeBinary),
    Column("calls", LargeBinary),
    Index("inbox_open", "state", "update_id"),
)
"""
Every update that was ever taken. `sealed` is the update and `calls` its answer, both only until it is done.
"""

counters = Table(
    "counters",
    metadata,
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("name", String(120), primary_key=True),
    Column("count", Integer, nullable=False),
)
"""
How often something happened on a day (days since 1970 in UTC), without who.
"""

sources = Table(
    "sources",
    metadata,
    Column("name", String(400), primary_key=True),
    Column("synced", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("trouble", Text, nullable=False),
)
"""
Where articles come from, and how far reading each has come. The blog is public, so this and `articles` are not sealed.
"""

articles = Table(
    "articles",
    metadata,
    Column("id", String(10), primary_key=True),
    Column("source", String(400), nullable=False, index=True),
    Column("url", Text, nullable=False),
    Column("language", String(8), nullable=False),
    Column("title", Text, nullable=False),
    Column("published", String(10)),
    Column("tags", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("first_seen", BigInteger, nullable=False),
    Column("checked", BigInteger, nullable=False),
    Column("gone", Boolean, nullable=False),
    Column("moved", Text),
)
"""
The posts of the blog. `gone` were not there when they were looked at last; `moved` is where one can be read now.
"""
