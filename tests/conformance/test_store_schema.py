"""The schema's history: migrations and the tables of a new database are the same thing."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from stageline.store import schema
from stageline.store.sql import SqlStore
from stageline.testing.store_conformance import together

NewUrl = Callable[[], str]


def described(url: str) -> dict[str, object]:
    """All that there is to know about the tables at a URL."""
    engine = schema.engine_for(url)
    found = inspect(engine)
    tables: dict[str, object] = {
        table: (
            [(c["name"], str(c["type"]), getattr(c["type"], "collation", ""), c["nullable"]) for c in found.get_columns(table)],
            found.get_pk_constraint(table),
            found.get_indexes(table),
        )
        for table in found.get_table_names()
    }
    with engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            rows = connection.execute(text("SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"))
            tables["without rowid"] = sorted((row[0], row[1]) for row in rows if not row[0].startswith("sqlite_"))
        tables["revision"] = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return tables


def run(url: str, *statements: str) -> None:
    with schema.engine_for(url).begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def test_migrations_make_the_schema_of_a_new_database(new_url: NewUrl) -> None:
    new, old = new_url(), new_url()
    SqlStore(new).close()
    with schema.engine_for(old).begin() as connection:
        schema.migrate(connection)
    assert described(old) == described(new)
    assert described(new)["revision"] == schema.HEAD


def test_the_newest_revision_is_known_without_looking() -> None:
    revisions = sorted(path.name.split("_")[0] for path in (schema.MIGRATIONS / "versions").glob("[0-9]*.py"))
    assert revisions[-1] == schema.HEAD


def test_a_database_behind_is_migrated_when_it_is_opened(new_url: NewUrl) -> None:
    url = new_url()
    run(url, schema.VERSION_TABLE)
    store = SqlStore(url)
    with store.write() as tx:
        tx.put("k", "a", {})
    store.close()
    assert described(url)["revision"] == schema.HEAD


def test_a_database_of_a_newer_release_is_refused(new_url: NewUrl) -> None:
    url = new_url()
    SqlStore(url).close()
    run(url, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(ValueError, match="newer release"):
        SqlStore(url)


def test_servers_that_start_together_create_the_tables_once(new_url: NewUrl) -> None:
    url = new_url()
    together(*[lambda: SqlStore(url).close()] * 4)
    assert described(url)["revision"] == schema.HEAD


def test_nothing_is_left_of_a_creation_that_fails(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    run(url, "CREATE VIEW tasks_available AS SELECT 1", "CREATE VIEW alembic_version AS SELECT 1 AS x")
    run(url, "DROP VIEW alembic_version")
    with pytest.raises(Exception, match="tasks_available"):
        SqlStore(url)
    assert inspect(schema.engine_for(url)).get_table_names() == []
