"""PostgreSQL 14 or newer through psycopg: writers run side by side, readers see repeatable snapshots.

Three pools: snapshots, durable transactions, and transactions that a power cut may undo (leases of tasks).
"""

import errno
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

import psycopg
from psycopg import IsolationLevel
from sqlalchemy import URL, Engine, create_engine
from sqlalchemy.pool import PoolProxiedConnection

from stageline.core.faultpoints import reach
from stageline.ports.store import StorageFull
from stageline.store.connection import Connection, NestingGuard, Result

POOL_SIZE = 5
OVERFLOW = 15


@cache
def rendered(sql: str) -> str:
    """A statement in psycopg's notation for parameters."""
    return re.sub(r":(\w+)", r"%(\1)s", sql)


class PostgresConnection:
    """A psycopg connection that takes the store's statements."""

    def __init__(self, driver: "psycopg.Connection[Any]") -> None:
        self._driver = driver

    def execute(self, sql: str, parameters: Mapping[str, Any], /) -> Result:
        """Run one statement."""
        return self._driver.execute(rendered(sql), parameters)

    def executemany(self, sql: str, parameters: Iterable[Mapping[str, Any]], /) -> None:
        """Run one statement for each of several parameter sets, in one round trip."""
        with self._driver.cursor() as cursor:
            cursor.executemany(rendered(sql), parameters)


class PostgresDatabase:
    """Transactions on one PostgreSQL database."""

    row_locks = True

    def __init__(self, url: URL) -> None:
        self._guard = NestingGuard()
        self._closed = False
        self._snapshots = _engine(url, "")
        self._durable = _engine(url, "-c synchronous_commit=on")
        self._light = _engine(url, "-c synchronous_commit=off")

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A snapshot, taken at the first statement."""
        pooled, driver = self._checked_out(self._snapshots)
        try:
            driver.isolation_level = IsolationLevel.REPEATABLE_READ
            driver.read_only = True
            yield PostgresConnection(driver)
        finally:
            self._give_back(pooled, driver)

    @contextmanager
    def write(self, *, durable: bool = True) -> Iterator[Connection]:
        """A transaction beside others; each statement sees what was committed before it."""
        with self._guard.entered():
            pooled, driver = self._checked_out(self._durable if durable else self._light)
            try:
                yield PostgresConnection(driver)
                reach("store.before-commit")
                driver.commit()
            except psycopg.errors.DiskFull as error:
                raise StorageFull(errno.ENOSPC, "the database server has no disk space left") from error
            finally:
                self._give_back(pooled, driver)
        reach("store.after-commit")

    def problems(self) -> list[str]:
        """None: a PostgreSQL server checks its pages itself."""
        return []

    def close(self) -> None:
        """Close the pools; a connection that is in use is closed when it comes back."""
        self._closed = True
        for engine in (self._snapshots, self._durable, self._light):
            engine.dispose()

    def _checked_out(self, engine: Engine) -> "tuple[PoolProxiedConnection, psycopg.Connection[Any]]":
        if self._closed:
            raise RuntimeError("the store is closed")
        pooled = engine.raw_connection()
        driver = pooled.driver_connection
        assert isinstance(driver, psycopg.Connection)
        return pooled, driver

    def _give_back(self, pooled: PoolProxiedConnection, driver: "psycopg.Connection[Any]") -> None:
        if self._closed or driver.closed or driver.broken:
            pooled.invalidate()
        else:
            driver.rollback()
            pooled.close()


def _engine(url: URL, options: str) -> Engine:
    given = url.query.get("options", "")
    merged = " ".join([*([given] if isinstance(given, str) else given), options]).strip()
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_size=POOL_SIZE,
        max_overflow=OVERFLOW,
        pool_pre_ping=True,
        pool_use_lifo=True,
        connect_args={"options": merged} if merged else {},
    )
