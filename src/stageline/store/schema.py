"""Brings a database to the newest schema: a new one gets its tables at once, an older one is migrated by Alembic, and one that
is up to date costs a single query."""

from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, inspect, make_url, text
from sqlalchemy.pool import NullPool

from stageline.store.tables import METADATA

HEAD = "0001"
"""The newest revision under ``migrations/versions``; a test compares the two."""

MIGRATIONS = Path(__file__).parent / "migrations"
TURN = 0x5374_6167_656C_696E  # an advisory lock's number: servers that start together migrate one after the other


def engine_for(url: str) -> Engine:
    """An engine without a pool, for work on the schema alone."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    return create_engine(parsed, poolclass=NullPool)


def prepare(url: str) -> None:
    """Create or migrate the tables, in one transaction where the database allows it."""
    engine = engine_for(url)
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": TURN})
        revision = revision_of(connection)
        if revision is None:
            METADATA.create_all(connection)
            connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
            connection.execute(text("INSERT INTO alembic_version (version_num) VALUES (:head)"), {"head": HEAD})
        elif revision != HEAD:
            migrate(connection)


def revision_of(connection: Connection) -> str | None:
    """The revision of the schema, None for an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return revision


def migrate(connection: Connection, target: str = "head") -> None:
    """Run the migrations that are missing."""
    from alembic import command  # slow to import, and rarely needed
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, target)
