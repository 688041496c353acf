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
    UniqueConstraint,
    false,
    true,
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
    Column("hired", Boolean, nullable=False, default=False, server_default=false()),
    Column("zone", String(40)),
    Column("direct", Boolean, nullable=False, default=True, server_default=true()),
    Column("first_seen", BigInteger, nullable=False),
    Column("last_seen", BigInteger, nullable=False),
)
"""
Everybody who wrote, to the bot itself (`direct`) or in a coach's own account; `sealed` holds the channel's ids, the
first name, and what is remembered for the conversation.
"""

messages = Table(
    "messages",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("person", _Id, ForeignKey("people.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("at", BigInteger, nullable=False, index=True),
    Column("message", BigInteger),
    Column("intent", String(64)),
    Column("outcome", String(16)),
    Column("sealed", LargeBinary, nullable=False),
)
"""
What people wrote, what it was understood as, and the number the message has in their chat.
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

threads = Table(
    "threads",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("person", _Id, ForeignKey("people.id", ondelete="CASCADE"), nullable=False, unique=True),
    Column("topic", BigInteger, index=True),
    Column("state", SmallInteger, nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("human", BigInteger, nullable=False),
    Column("remind", BigInteger),
    Column("sealed", LargeBinary, nullable=False),
)
"""
The conversations that a coach takes part in, one for each person: the topic they have at the desk, since when they
wait, when the coach wrote last, when to remind the coach; `sealed` holds the coach's notes and tags.
"""

handovers = Table(
    "handovers",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("thread", _Id, ForeignKey("threads.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("at", BigInteger, nullable=False, index=True),
    Column("reason", String(16), nullable=False),
    Column("taken", BigInteger),
    Column("closed", BigInteger),
    Column("useful", Boolean),
)
"""
Each time a conversation was handed over to a coach: why, when the coach wrote first, when it ended, and if it helped.
"""

copies = Table(
    "copies",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("thread", _Id, ForeignKey("threads.id", ondelete="CASCADE"), nullable=False),
    Column("at", BigInteger, nullable=False, index=True),
    Column("theirs", BigInteger, nullable=False),
    Column("ours", BigInteger, nullable=False),
    Column("from_person", Boolean, nullable=False),
    Index("copies_theirs", "thread", "theirs"),
    Index("copies_ours", "thread", "ours"),
)
"""
Which message in a person's chat (`theirs`) is which one at the desk (`ours`).
"""

errands = Table(
    "errands",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("lane", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("attempted", Boolean, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)
"""
What is still to be carried between people and the desk; those of one lane (a thread, or 0 for none) in order.
"""

coaches = Table(
    "coaches",
    metadata,
    Column("lookup", LargeBinary, primary_key=True),
    Column("role", String(8), nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)
"""
Those who answer people, besides the ones in the settings; `sealed` holds the channel's id and the first name.
"""

invitations = Table(
    "invitations",
    metadata,
    Column("token", LargeBinary, primary_key=True),
    Column("role", String(8), nullable=False),
    Column("expires", BigInteger, nullable=False),
)
"""
Links by which somebody becomes a coach, once; only a hash of what the link carries.
"""

audit = Table(
    "audit",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("at", BigInteger, nullable=False, index=True),
    Column("sealed", LargeBinary, nullable=False),
)
"""
What coaches did, and who of them.
"""

questions = Table(
    "questions",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("person", _Id, ForeignKey("people.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("at", BigInteger, nullable=False, index=True),
    Column("language", String(8), nullable=False),
    Column("intent", String(64)),
    Column("state", SmallInteger, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)
"""
What the bot did not understand (no intent) or answered badly, for a coach to look at; `sealed` holds the text, and
what a coach answered.
"""

drafts = Table(
    "drafts",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("at", BigInteger, nullable=False, index=True),
    Column("message", BigInteger, index=True),
    Column("sealed", LargeBinary, nullable=False),
)
"""
What a coach is about to do and has not confirmed: a FAQ entry, or a reply to be sent. `message` shows it at the desk.
"""

accounts = Table(
    "accounts",
    metadata,
    Column("lookup", LargeBinary, primary_key=True),
    Column("enabled", Boolean, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)
"""
The Telegram accounts of coaches in whose private chats the bot answers.
"""

broadcasts = Table(
    "broadcasts",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("created", BigInteger, nullable=False),
    Column("state", SmallInteger, nullable=False, index=True),
    Column("start", BigInteger, nullable=False),
    Column("hours", Integer, nullable=False),
    Column("holder", String(32)),
    Column("until", BigInteger),
    Column("sealed", LargeBinary, nullable=False),
)
"""
One message to many: its state, from when and over how many hours it goes, which process sends it and until when that
is taken for alive; `sealed` holds the message, the audience, and where its progress is shown.
"""

recipients = Table(
    "recipients",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("broadcast", _Id, ForeignKey("broadcasts.id", ondelete="CASCADE"), nullable=False),
    Column("person", _Id, ForeignKey("people.id", ondelete="SET NULL"), index=True),
    Column("state", SmallInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("message", BigInteger),
    UniqueConstraint("broadcast", "person", name="recipients_once"),
    Index("recipients_next", "broadcast", "state", "id"),
)
"""
To whom a broadcast goes, frozen when it was confirmed, and what became of it for each of them. Whoever is forgotten
leaves a row without a person behind, so that the figures stay true.
"""
