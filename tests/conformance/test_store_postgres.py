"""What only a server with several writers can show: stores side by side, and connections that break."""

import threading
import time

import psycopg
import pytest

from stageline.ports.store import Store, Task
from stageline.store.sql import SqlStore
from stageline.testing.store_conformance import refused, together

KILL_THE_OTHERS = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"""


@pytest.fixture
def url(postgres_url: str) -> str:
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA IF EXISTS side_by_side CASCADE")
        connection.execute("CREATE SCHEMA side_by_side")
    return f"{postgres_url}&options=-csearch_path%3Dside_by_side"


@pytest.fixture
def stores(url: str):
    stores = SqlStore(url), SqlStore(url)
    yield stores
    for store in stores:
        store.close()


def test_two_servers_never_get_the_same_task(stores: tuple[Store, Store]) -> None:
    with stores[0].write() as tx:
        for n in range(300):
            tx.schedule(Task(f"t{n:03}", "e", {}, due=0))
    claimed: list[str] = []

    def work(store: Store, owner: str) -> None:
        empty = 0
        while empty < 3:
            tasks = store.claim(owner, 1, lease=60_000, limit=5)
            empty = 0 if tasks else empty + 1
            for task in tasks:
                claimed.append(task.id)
                assert store.finish(owner, task)

    together(*(lambda store=store, n=n: work(store, f"o{n}") for n, store in enumerate(stores * 2)))
    assert sorted(claimed) == [f"t{n:03}" for n in range(300)]
    assert stores[0].next_due() is None


def test_a_named_lock_is_waited_for(stores: tuple[Store, Store]) -> None:
    order: list[str] = []
    entered = threading.Event()

    def first() -> None:
        with stores[0].write() as tx:
            tx.lock("pipeline/é")
            entered.set()
            time.sleep(0.1)
            tx.put("k", "a", {"by": "first"})
            order.append("first")

    def second() -> None:
        entered.wait(5)
        with stores[1].write() as tx:
            tx.lock("other")
            tx.lock("pipeline/é")
            order.append("second")
            assert tx.get("k", "a") == {"by": "first"}

    together(first, second)
    assert order == ["first", "second"]


def test_writers_of_different_things_do_not_wait(stores: tuple[Store, Store]) -> None:
    with stores[0].write() as one:
        one.lock("a")
        one.put("k", "a", {})
        one.append("s", b"x")

        def other() -> None:
            with stores[1].write() as two:
                two.lock("b")
                two.put("k", "b", {})
                two.append("s2", b"x")

        thread = threading.Thread(target=other)
        thread.start()
        thread.join(5)
        assert not thread.is_alive()


def test_a_task_held_in_an_open_transaction_is_passed_over(stores: tuple[Store, Store]) -> None:
    with stores[0].write() as tx:
        tx.schedule(Task("a", "e", {}, due=0))
        tx.schedule(Task("b", "e", {}, due=1))
    with stores[0].write() as tx:
        tx.cancel("a")
        got: list[Task] = []
        thread = threading.Thread(target=lambda: got.extend(stores[1].claim("me", 5, lease=100, limit=2)))
        thread.start()
        thread.join(5)
        assert [task.id for task in got] == ["b"]


def test_broken_connections_are_replaced(url: str, stores: tuple[Store, Store]) -> None:
    with stores[0].write() as tx:
        tx.put("k", "a", {})
    with stores[0].read() as tx:
        tx.get("k", "a")
    with refused(psycopg.OperationalError), stores[0].write() as tx:
        tx.put("k", "lost", {})
        with psycopg.connect(url, autocommit=True) as killer:
            killer.execute(KILL_THE_OTHERS)
        tx.put("k", "lost too", {})
    for _ in range(3):
        with stores[0].write() as tx:
            tx.put("k", "b", {})
        with stores[0].read() as tx:
            assert [key for key, _ in tx.scan("k")] == ["a", "b"]
        assert stores[0].claim("me", 5, lease=100, limit=2) == []


def test_keys_are_compared_by_their_bytes_whatever_the_collation_of_the_database(url: str, stores: tuple[Store, Store]) -> None:
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT table_name, column_name, collation_name FROM information_schema.columns "
            "WHERE table_schema = 'side_by_side' AND column_name IN ('kind', 'key', 'stream', 'id')"
        ).fetchall()
    assert len(rows) == 6
    assert {row[2] for row in rows} == {"C"}
