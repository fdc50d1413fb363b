"""The tables, for SQLite and PostgreSQL alike. Keys compare by their UTF-8 bytes on both.

``tasks.available`` is the instant from which a task may be claimed: its ``due`` while nobody holds it, the end of the
lease while somebody does. One index over it answers every question that a runner asks.
"""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, PrimaryKeyConstraint, Table, Text

METADATA = MetaData()

Key = Text().with_variant(Text(collation="C"), "postgresql")
"""PostgreSQL's "C" collation is byte order, which SQLite's default collation is already."""

DOCUMENTS = Table(
    "documents",
    METADATA,
    Column("kind", Key, nullable=False),
    Column("key", Key, nullable=False),
    Column("body", Text, nullable=False),
    PrimaryKeyConstraint("kind", "key", name="documents_pkey"),
)

JOURNAL = Table(
    "journal",
    METADATA,
    Column("stream", Key, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("entry", LargeBinary, nullable=False),
    PrimaryKeyConstraint("stream", "seq", name="journal_pkey"),
)

LOG_EVENTS = Table(
    "log_events",
    METADATA,
    Column("stream", Key, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("timestamp", BigInteger, nullable=False),
    Column("message", LargeBinary, nullable=False),
    PrimaryKeyConstraint("stream", "position", name="log_events_pkey"),
    sqlite_with_rowid=False,
)

TASKS = Table(
    "tasks",
    METADATA,
    Column("id", Key, nullable=False),
    Column("kind", Key, nullable=False),
    Column("payload", Text, nullable=False),
    Column("due", BigInteger, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("available", BigInteger, nullable=False),
    Column("lease_owner", Key, nullable=True),
    Column("token", BigInteger, nullable=False),
    PrimaryKeyConstraint("id", name="tasks_pkey"),
    Index("tasks_available", "kind", "available", "id"),
)
