"""What every store must do, as cases to run against a fresh one: ``for case in CASES: case(store)``.

The cases about processes that die, and the agreement with a model under random use, are in the project's own tests.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from stageline.ports.store import Doc, LogEvent, Store, Task

Case = Callable[[Store], None]

KEYS = [
    "",
    "a",
    "a/",
    "a/b",
    "a/b/c",
    "a0",
    "b",
    "~",
    "é",
    "ÿ",
    "߿",
    "ࠀ",
    "\ud7ff",
    "\ue000",
    "\uffff",
    "😀",
    "\U0010ffff",
    "\U0010ffffa",
]
"""Keys on both sides of every length of a UTF-8 sequence, in byte order."""


@contextmanager
def refused(error: type[Exception]) -> Iterator[None]:
    """The block must raise ``error``."""
    try:
        yield
    except error:
        return
    raise AssertionError(f"{error.__name__} was not raised")


def put(store: Store, kind: str, *keys: str) -> None:
    """Store a document under each key that says its key."""
    with store.write() as tx:
        for key in keys:
            tx.put(kind, key, {"key": key})


def keys(
    store: Store, kind: str, prefix: str = "", after: str = "", limit: int | None = None, reverse: bool = False
) -> list[str]:
    """The keys that a scan gives."""
    with store.read() as tx:
        return [key for key, _ in tx.scan(kind, prefix, after=after, limit=limit, reverse=reverse)]


def a_document_comes_back_as_it_was_stored(store: Store) -> None:
    """Every JSON value, and text that databases like to refuse."""
    doc: Doc = {
        "text": "é😀\x00\ud800",
        "int": -(2**70),
        "float": 0.1,
        "flags": [True, False, None],
        "": {"nested": [[], {}]},
    }
    with store.write() as tx:
        tx.put("k", "a", doc)
        assert tx.get("k", "a") == doc
    with store.read() as tx:
        assert tx.get("k", "a") == doc
        assert tx.get("k", "b") is None
        assert tx.get("other", "a") is None


def put_replaces_insert_does_not(store: Store) -> None:
    """And delete tells whether there was something."""
    with store.write() as tx:
        assert tx.insert("k", "a", {"n": 1})
        assert not tx.insert("k", "a", {"n": 2})
        assert tx.get("k", "a") == {"n": 1}
        tx.put("k", "a", {"n": 3})
        assert tx.get("k", "a") == {"n": 3}
        assert tx.delete("k", "a")
        assert not tx.delete("k", "a")
        assert tx.get("k", "a") is None


def what_json_lacks_is_refused(store: Store) -> None:
    """NaN, bytes, and keys that no database keeps."""
    with store.write() as tx:
        for doc in ({"n": float("nan")}, {"n": float("inf")}, {"b": b"bytes"}):
            with refused(TypeError if "b" in doc else ValueError):
                tx.put("k", "a", doc)
        with refused(ValueError):
            tx.put("k", "a\x00b", {})
        assert tx.get("k", "\x00") is None, "what cannot be there is not there"
        tx.put("k", "good", {})
    assert keys(store, "k") == ["good"]


def a_failed_block_leaves_nothing(store: Store) -> None:
    """Rolled back whole: documents, journal, log and tasks; and the store works on."""
    with refused(KeyError), store.write() as tx:
        tx.put("k", "a", {})
        tx.append("j", b"1")
        tx.append_log("l", [(1, "x")])
        tx.schedule(Task("t", "e", {}))
        raise KeyError
    with store.read() as tx:
        assert tx.get("k", "a") is None
        assert tx.journal("j") == []
        assert tx.log("l") == []
        assert tx.tasks() == []
    put(store, "k", "b")
    assert keys(store, "k") == ["b"]


def calls_come_after_the_commit(store: Store) -> None:
    """In order, when everybody can read what was written; not at all when it is rolled back."""
    seen: list[tuple[str, list[str]]] = []
    with store.write() as tx:
        tx.after_commit(lambda: seen.append(("first", keys(store, "k"))))
        tx.put("k", "a", {})
        tx.after_commit(lambda: seen.append(("second", keys(store, "k"))))
        assert seen == []
    assert seen == [("first", ["a"]), ("second", ["a"])]
    with refused(ZeroDivisionError), store.write() as tx:
        tx.after_commit(lambda: seen.append(("never", [])))
        raise ZeroDivisionError
    put(store, "k", "b")
    assert len(seen) == 2


def scans_follow_byte_order(store: Store) -> None:
    """Whatever the order of insertion."""
    put(store, "k", *reversed(KEYS))
    put(store, "j", "a", "z")
    put(store, "l", "a", "z")
    expected = sorted(KEYS, key=lambda key: key.encode())
    assert keys(store, "k") == expected
    assert keys(store, "k", reverse=True) == expected[::-1]


def scans_keep_to_their_prefix(store: Store) -> None:
    """Each key as a prefix of the others, also the last one of all."""
    put(store, "k", *KEYS)
    put(store, "kk", *KEYS)
    expected = sorted(KEYS, key=lambda key: key.encode())
    for prefix in [*KEYS, "zz", "a/b/c/d", "\U0010ffff\U0010ffff"]:
        matching = [key for key in expected if key.startswith(prefix)]
        assert keys(store, "k", prefix) == matching, prefix
        assert keys(store, "k", prefix, reverse=True) == matching[::-1], prefix
        with store.read() as tx:
            assert tx.count("k", prefix) == len(matching), prefix


def scans_go_on_after_a_key(store: Store) -> None:
    """Page by page, in both directions, from keys that are there or not, within or outside the prefix."""
    put(store, "k", *KEYS)
    expected = sorted(KEYS, key=lambda key: key.encode())
    for prefix in ("", "a", "a/", "\U0010ffff"):
        for after in [*KEYS[1:], "a/a", "zzz", "A"]:
            forward = [key for key in expected if key.startswith(prefix) and key.encode() > after.encode()]
            backward = [key for key in expected if key.startswith(prefix) and key.encode() < after.encode()][::-1]
            assert keys(store, "k", prefix, after) == forward, (prefix, after)
            assert keys(store, "k", prefix, after, reverse=True) == backward, (prefix, after)
            assert keys(store, "k", prefix, after, limit=2) == forward[:2]
            assert keys(store, "k", prefix, after, limit=0) == []


def a_reader_sees_one_instant(store: Store) -> None:
    """A snapshot does not move while a writer commits, and does not block it."""
    put(store, "k", "a")
    with store.read() as tx:
        assert [key for key, _ in tx.scan("k")] == ["a"]
        put(store, "k", "b")
        assert tx.get("k", "b") is None
        assert [key for key, _ in tx.scan("k")] == ["a"]
        with store.read() as inner:
            assert inner.get("k", "b") is not None
    assert keys(store, "k") == ["a", "b"]


def a_reader_does_not_see_what_is_not_committed(store: Store) -> None:
    """Not even one in the same thread."""
    with store.write() as tx:
        tx.put("k", "a", {})
        assert keys(store, "k") == []
    assert keys(store, "k") == ["a"]


def nested_writes_are_refused(store: Store) -> None:
    """With an error, not by waiting for itself; the outer transaction stays whole."""
    with store.write() as tx:
        tx.put("k", "a", {})
        with refused(RuntimeError), store.write():
            pass
        with refused(RuntimeError):
            store.release("me")
    assert keys(store, "k") == ["a"]
    put(store, "k", "b")


def journals_are_numbered_without_gaps(store: Store) -> None:
    """Across transactions, also one that was rolled back, and streams are apart."""
    with store.write() as tx:
        assert [tx.append("s", bytes([n, 0, 255])) for n in range(3)] == [0, 1, 2]
        assert tx.append("s2", b"") == 0
    with refused(KeyError), store.write() as tx:
        assert tx.append("s", b"lost") == 3
        raise KeyError
    with store.write() as tx:
        assert tx.append("s", b"kept") == 3
        assert tx.journal("s", after=2) == [(3, b"kept")]
    with store.read() as tx:
        assert tx.journal("s") == [(0, b"\x00\x00\xff"), (1, b"\x01\x00\xff"), (2, b"\x02\x00\xff"), (3, b"kept")]
        assert tx.journal("s", after=0, limit=1) == [(1, b"\x01\x00\xff")]
        assert tx.journal("s", after=3) == []
        assert tx.journal("s2") == [(0, b"")]
        assert tx.journal("none") == []


def logs_are_numbered_and_sliced(store: Store) -> None:
    """Text comes back as it was, whatever a build has printed."""
    messages = ["one", "", "nul\x00 and \ud83d half", "vier\n", "😀"]
    with store.write() as tx:
        assert tx.append_log("s", []) == 0
        assert tx.append_log("s", [(10, messages[0]), (5, messages[1])]) == 2
    with store.write() as tx:
        assert tx.append_log("s", iter([(11, messages[2]), (12, messages[3]), (13, messages[4])])) == 5
        assert tx.append_log("other", [(1, "x")]) == 1
    every = [LogEvent(n, at, message) for n, (at, message) in enumerate(zip([10, 5, 11, 12, 13], messages, strict=True))]
    with store.read() as tx:
        assert tx.log("s") == every
        assert tx.log("s", reverse=True) == every[::-1]
        assert tx.log("s", start=1, end=3) == every[1:3]
        assert tx.log("s", start=1, limit=2) == every[1:3]
        assert tx.log("s", end=4, limit=2, reverse=True) == [every[3], every[2]]
        assert tx.log("s", start=5) == []


def a_forgotten_stream_begins_anew(store: Store) -> None:
    """Its journal and its log are gone, others stay."""
    with store.write() as tx:
        for stream in ("s", "s2"):
            tx.append(stream, b"x")
            tx.append_log(stream, [(1, "x")])
        tx.forget("s")
        assert tx.append("s", b"y") == 0
        assert tx.append_log("s", [(2, "y")]) == 1
    with store.read() as tx:
        assert tx.journal("s") == [(0, b"y")]
        assert tx.log("s") == [LogEvent(0, 2, "y")]
        assert tx.journal("s2") == [(0, b"x")]
        assert tx.log("s2") == [LogEvent(0, 1, "x")]


def writers_take_turns(store: Store) -> None:
    """Four threads adding to one document under a lock, and to one journal, lose nothing."""
    put(store, "k", "counter")

    def add() -> None:
        for _ in range(15):
            with store.write() as tx:
                tx.lock("counter")
                doc = tx.get("k", "counter") or {}
                tx.put("k", "counter", {"n": doc.get("n", 0) + 1})
                tx.append("s", b"x")

    together(*[add] * 4)
    with store.read() as tx:
        assert tx.get("k", "counter") == {"n": 60}
        assert [seq for seq, _ in tx.journal("s")] == list(range(60))


def a_document_read_to_be_changed_is_not_lost(store: Store) -> None:
    """Also without a named lock: what a write transaction has read, nobody else changes before it ends."""
    put(store, "k", "counter")

    def add() -> None:
        for _ in range(15):
            with store.write() as tx:
                doc = tx.get("k", "counter") or {}
                tx.put("k", "counter", {"n": doc.get("n", 0) + 1})

    together(*[add] * 4)
    with store.read() as tx:
        assert tx.get("k", "counter") == {"n": 60}


def one_of_many_inserts_wins(store: Store) -> None:
    """Racing inserts of one key: exactly one is told that it was first."""
    for round_ in range(10):
        won: list[int] = []

        def race(number: int, key: str = f"r{round_}", won: list[int] = won) -> None:
            with store.write() as tx:
                if tx.insert("k", key, {"n": number}):
                    won.append(number)

        together(*[lambda n=n, race=race: race(n) for n in range(3)])
        with store.read() as tx:
            assert [tx.get("k", f"r{round_}")] == [{"n": number} for number in won]


def a_sound_store_has_no_problems(store: Store) -> None:
    """After some of everything."""
    put(store, "k", *KEYS)
    with store.write() as tx:
        tx.append("s", b"x")
        tx.append_log("s", [(1, "x"), (2, "y")])
        tx.schedule(Task("t", "e", {}, due=5))
        tx.schedule(Task("u", "e", {}, due=5))
    store.claim("me", 10, lease=100, limit=1)
    assert store.check() == []


def together(*actions: Callable[[], None]) -> None:
    """Run the actions in threads of their own; the first error of any is raised."""
    errors: list[BaseException] = []

    def run(action: Callable[[], None]) -> None:
        try:
            action()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(action,)) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


CASES: tuple[Case, ...] = (
    a_document_comes_back_as_it_was_stored,
    put_replaces_insert_does_not,
    what_json_lacks_is_refused,
    a_failed_block_leaves_nothing,
    calls_come_after_the_commit,
    scans_follow_byte_order,
    scans_keep_to_their_prefix,
    scans_go_on_after_a_key,
    a_reader_sees_one_instant,
    a_reader_does_not_see_what_is_not_committed,
    nested_writes_are_refused,
    journals_are_numbered_without_gaps,
    logs_are_numbered_and_sliced,
    a_forgotten_stream_begins_anew,
    writers_take_turns,
    a_document_read_to_be_changed_is_not_lost,
    one_of_many_inserts_wins,
    a_sound_store_has_no_problems,
)
