"""Documents, journals, log streams and tasks."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

Key = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "documents",
        sa.Column("kind", Key, nullable=False),
        sa.Column("key", Key, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("kind", "key", name="documents_pkey"),
    )
    op.create_table(
        "journal",
        sa.Column("stream", Key, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("entry", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("stream", "seq", name="journal_pkey"),
    )
    op.create_table(
        "log_events",
        sa.Column("stream", Key, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("timestamp", sa.BigInteger, nullable=False),
        sa.Column("message", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("stream", "position", name="log_events_pkey"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tasks",
        sa.Column("id", Key, nullable=False),
        sa.Column("kind", Key, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("due", sa.BigInteger, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("available", sa.BigInteger, nullable=False),
        sa.Column("lease_owner", Key, nullable=True),
        sa.Column("token", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="tasks_pkey"),
    )
    op.create_index("tasks_available", "tasks", ["kind", "available", "id"])
