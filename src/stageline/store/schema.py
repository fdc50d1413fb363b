"""Brings a database to the newest schema: a new one gets its tables at once, an older one is migrated by Alembic, and one that
is up to date costs a single query."""

from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.pool import NullPool

from stageline.store.sqlite import make_private
from stageline.store.tables import METADATA

HEAD = "0001"
"""The newest revision under ``migrations/versions``; a test compares the two."""

MIGRATIONS = Path(__file__).parent / "migrations"
VERSION_TABLE = """CREATE TABLE alembic_version
(version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"""
TURN = 0x5374_6167_656C_696E  # an advisory lock's number: servers that start together migrate one after the other


def supported(url: str) -> str:
    """The URL itself; ValueError when there is no adapter for it."""
    parsed = make_url(url)
    backend = parsed.get_backend_name()
    if backend == "postgresql" or (backend == "sqlite" and parsed.database not in (None, "", ":memory:")):
        return url
    raise ValueError(f"unsupported database {parsed.render_as_string()!r}: give sqlite:///FILE or postgresql://HOST/NAME")


def engine_for(url: str) -> Engine:
    """An engine without a pool, for work on the schema alone; SQLite's tables change in transactions, too."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        return create_engine(parsed.set(drivername="postgresql+psycopg"), poolclass=NullPool)
    make_private(Path(str(parsed.database)))
    engine = create_engine(parsed, poolclass=NullPool, connect_args={"isolation_level": None, "timeout": 30})
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def prepare(url: str) -> None:
    """Create or migrate the tables in one transaction, unless they are up to date."""
    engine = engine_for(supported(url))
    if up_to_date(engine):
        return
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": TURN})
        revision = revision_of(connection)
        if revision is None:
            METADATA.create_all(connection)
            connection.execute(text(VERSION_TABLE))
            connection.execute(text("INSERT INTO alembic_version (version_num) VALUES (:head)"), {"head": HEAD})
        elif revision != HEAD:
            migrate(connection)


def up_to_date(engine: Engine) -> bool:
    """Whether there is nothing to do, asked without waiting for anybody."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        return revision_of(connection) == HEAD


def revision_of(connection: Connection) -> str | None:
    """The revision of the schema, None for an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return revision or ""


def migrate(connection: Connection, target: str = "head") -> None:
    """Run the migrations that are missing; ValueError for a schema that this release does not know."""
    from alembic import command  # slow to import, and rarely needed
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, target)
    except CommandError as error:
        raise ValueError(f"the database was written by a newer release; run that release, or newer ({error})") from error
