"""The database of a data folder, opened to be read by a command, whether a server uses it or not."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError

from stageline.config import Settings
from stageline.ports.store import ReadTx
from stageline.store.sql import SqlStore


@contextmanager
def reading(settings: Settings, refused: Callable[[str], Exception]) -> Iterator[ReadTx]:
    """One snapshot of everything. ``refused`` makes the exception for a folder without a database, or with one that cannot be
    opened, from a text for people."""
    file = settings.data / "stageline.db"
    if not settings.database and not file.exists():
        raise refused(f"there is no database in {settings.data}; name the data folder of your server with --data")
    try:
        store = SqlStore(settings.database or f"sqlite:///{file}")
    except (OSError, RuntimeError, SQLAlchemyError) as error:
        raise refused(f"the database cannot be opened: {str(error).splitlines()[0]}") from error
    try:
        with store.read() as tx:
            yield tx
    finally:
        store.close()
