"""Random use of the store against a model made of dicts: whatever the sequence, both must agree."""

import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, multiple, rule

from stageline.ports.store import LogEvent, Task
from stageline.store.sql import SqlStore
from stageline.testing.clock import FakeClock

LEASE = 20
names = st.one_of(
    st.sampled_from(["a", "a/", "a/b", "a/c", "b", "\ud7ff", "\U0010ffff"]),
    st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=4),
)
kinds = st.sampled_from(["k", "l"])
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5)
docs = st.dictionaries(st.text(max_size=3), scalars | st.lists(scalars, max_size=2), max_size=3)
task_ids = st.sampled_from(["t", "t/1", "t/2", "u"])
owners = st.sampled_from(["me", "you"])


@dataclass
class Held:
    """The model's row of a task."""

    task: Task
    owner: str = ""
    until: int = 0

    @property
    def available(self) -> int:
        return self.until if self.owner else self.task.due


class StoreModel(RuleBasedStateMachine):
    claims: Bundle[tuple[str, Task]] = Bundle("claims")

    @initialize()
    def open(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.clock = FakeClock(1_000)
        self.store = SqlStore(self.url())
        self.documents: dict[tuple[str, str], Any] = {}
        self.journals: dict[str, list[bytes]] = {}
        self.logs: dict[str, list[tuple[int, str]]] = {}
        self.tasks: dict[str, Held] = {}

    def url(self) -> str:
        return f"sqlite:///{self.folder / 'store.db'}"

    def teardown(self) -> None:
        if hasattr(self, "store"):
            assert self.store.check() == []
            self.store.close()
            shutil.rmtree(self.folder)

    @rule()
    def reopen(self) -> None:
        self.store.close()
        self.store = SqlStore(self.url())

    @rule(milliseconds=st.integers(1, 30))
    def time_passes(self, milliseconds: int) -> None:
        self.clock.advance(milliseconds)

    @rule(kind=kinds, key=names, doc=docs)
    def put(self, kind: str, key: str, doc: Any) -> None:
        with self.store.write() as tx:
            tx.put(kind, key, doc)
        self.documents[kind, key] = doc

    @rule(kind=kinds, key=names, doc=docs)
    def insert(self, kind: str, key: str, doc: Any) -> None:
        with self.store.write() as tx:
            assert tx.insert(kind, key, doc) is ((kind, key) not in self.documents)
        self.documents.setdefault((kind, key), doc)

    @rule(kind=kinds, key=names)
    def delete(self, kind: str, key: str) -> None:
        with self.store.write() as tx:
            assert tx.delete(kind, key) is ((kind, key) in self.documents)
        self.documents.pop((kind, key), None)

    @rule(kind=kinds, key=names, doc=docs, task=task_ids)
    def fail(self, kind: str, key: str, doc: Any, task: str) -> None:
        try:
            with self.store.write() as tx:
                tx.put(kind, key, doc)
                tx.append("s", b"lost")
                tx.schedule(Task(task, "e", {}))
                tx.forget("s")
                raise KeyError
        except KeyError:
            pass

    @rule(kind=kinds, prefix=names, after=names, limit=st.none() | st.integers(0, 3), reverse=st.booleans())
    def scan(self, kind: str, prefix: str, after: str, limit: int | None, reverse: bool) -> None:
        found = [(key, doc) for (k, key), doc in self.documents.items() if k == kind and key.startswith(prefix)]
        if after:
            found = [
                pair for pair in found if (pair[0].encode() < after.encode() if reverse else pair[0].encode() > after.encode())
            ]
        found.sort(key=lambda pair: pair[0].encode(), reverse=reverse)
        with self.store.read() as tx:
            assert tx.scan(kind, prefix, after=after, limit=limit, reverse=reverse) == found[:limit]

    @rule(stream=names, entry=st.binary(max_size=4))
    def append(self, stream: str, entry: bytes) -> None:
        journal = self.journals.setdefault(stream, [])
        with self.store.write() as tx:
            assert tx.append(stream, entry) == len(journal)
        journal.append(entry)

    @rule(stream=names, events=st.lists(st.tuples(st.integers(0, 2**48), st.text(max_size=4)), max_size=3))
    def append_log(self, stream: str, events: list[tuple[int, str]]) -> None:
        log = self.logs.setdefault(stream, [])
        log += events
        with self.store.write() as tx:
            assert tx.append_log(stream, events) == len(log)

    @rule(stream=names)
    def forget(self, stream: str) -> None:
        with self.store.write() as tx:
            tx.forget(stream)
        self.journals.pop(stream, None)
        self.logs.pop(stream, None)

    @rule(task=task_ids, kind=kinds, payload=docs, wait=st.integers(-10, 40))
    def schedule(self, task: str, kind: str, payload: Any, wait: int) -> None:
        scheduled = Task(task, kind, payload, due=self.clock.now() + wait)
        with self.store.write() as tx:
            tx.schedule(scheduled)
        self.tasks[task] = Held(scheduled)

    @rule(task=task_ids)
    def cancel(self, task: str) -> None:
        with self.store.write() as tx:
            assert tx.cancel(task) is (task in self.tasks)
        self.tasks.pop(task, None)

    @rule(target=claims, owner=owners, limit=st.integers(1, 3), chosen=st.lists(kinds, max_size=2))
    def claim(self, owner: str, limit: int, chosen: list[str]) -> Any:
        now = self.clock.now()
        waiting = [held for held in self.tasks.values() if held.available <= now and (not chosen or held.task.kind in chosen)]
        waiting.sort(key=lambda held: (held.available, held.task.id))
        claimed = self.store.claim(owner, now, lease=LEASE, limit=limit, kinds=chosen)
        assert claimed == [replace(held.task, attempt=held.task.attempt + 1) for held in waiting[:limit]]
        for held, task in zip(waiting, claimed, strict=False):
            held.task, held.owner, held.until = task, owner, now + LEASE
        return multiple(*((owner, task) for task in claimed))

    def holds(self, owner: str, task: Task) -> bool:
        held = self.tasks.get(task.id)
        return held is not None and held.owner == owner and held.task is task

    @rule(claim=claims, extra=st.integers(0, 50))
    def renew(self, claim: tuple[str, Task], extra: int) -> None:
        owner, task = claim
        until = self.clock.now() + extra
        assert self.store.renew(owner, task, until) is self.holds(owner, task)
        if self.holds(owner, task):
            self.tasks[task.id].until = until

    @rule(claim=consumes(claims), again=st.none() | st.integers(0, 30))
    def finish(self, claim: tuple[str, Task], again: int | None) -> None:
        owner, task = claim
        due = None if again is None else self.clock.now() + again
        holds = self.holds(owner, task)
        assert self.store.finish(owner, task, due) is holds
        if holds and due is None:
            del self.tasks[task.id]
        elif holds and due is not None:
            self.tasks[task.id] = Held(replace(task, due=due))

    @rule(owner=st.none() | owners)
    def release(self, owner: str | None) -> None:
        freed = [held for held in self.tasks.values() if held.owner and owner in (None, held.owner)]
        assert self.store.release(owner) == len(freed)
        for held in freed:
            held.task, held.owner = replace(held.task), ""

    @invariant()
    def both_agree(self) -> None:
        if not hasattr(self, "store"):
            return
        assert self.store.next_due() == min((held.available for held in self.tasks.values()), default=None)
        with self.store.read() as tx:
            assert tx.tasks() == [self.tasks[task].task for task in sorted(self.tasks)]
            for stream in {*self.journals, *self.logs}:
                assert tx.journal(stream) == list(enumerate(self.journals.get(stream, [])))
                log = self.logs.get(stream, [])
                assert tx.log(stream) == [LogEvent(n, at, message) for n, (at, message) in enumerate(log)]
            for (kind, key), doc in self.documents.items():
                assert tx.get(kind, key) == doc


StoreModel.TestCase.settings = settings(
    max_examples=40, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
test_store_agrees_with_a_model = StoreModel.TestCase
