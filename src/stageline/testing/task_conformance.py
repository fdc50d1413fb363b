"""What every store must do with tasks: scheduling, leases, fencing. Cases to run against a fresh store."""

from stageline.ports.store import Store, Task
from stageline.testing.store_conformance import Case, refused, together


def schedule(store: Store, *tasks: Task) -> None:
    """Schedule tasks in one transaction."""
    with store.write() as tx:
        for task in tasks:
            tx.schedule(task)


def claim(store: Store, now: int, owner: str = "me", limit: int = 10, kinds: tuple[str, ...] = ()) -> list[Task]:
    """Claim for 100 milliseconds."""
    return store.claim(owner, now, lease=100, limit=limit, kinds=kinds)


def ids(tasks: list[Task]) -> list[str]:
    """The ids of tasks."""
    return [task.id for task in tasks]


def only_due_tasks_are_claimed_earliest_first(store: Store) -> None:
    """With the payload, the number of the attempt, and within the limit."""
    schedule(
        store,
        Task("c", "e", {"n": [1]}, due=30),
        Task("a", "e", {}, due=20),
        Task("b", "e", {}, due=10),
        Task("d", "e", {}, due=31),
    )
    assert claim(store, 9) == []
    assert claim(store, 30, limit=0) == []
    assert ids(claim(store, 30, limit=2)) == ["b", "a"]
    assert claim(store, 30) == [Task("c", "e", {"n": [1]}, due=30, attempt=1)]
    assert claim(store, 30) == []


def only_the_kinds_asked_for_are_claimed(store: Store) -> None:
    """All of them when none is named."""
    schedule(store, *(Task(f"{kind}{n}", kind, {}, due=n) for kind in "xyz" for n in range(2)))
    assert ids(claim(store, 5, kinds=("y",))) == ["y0", "y1"]
    assert ids(claim(store, 5, kinds=("nothing",))) == []
    assert ids(claim(store, 5, limit=3, kinds=("x", "y", "z"))) == ["x0", "z0", "x1"]
    assert ids(claim(store, 5)) == ["z1"]


def a_lease_that_ends_lets_another_claim(store: Store) -> None:
    """And the first holder can neither renew nor finish then."""
    schedule(store, Task("a", "e", {}, due=0))
    [first] = claim(store, 0)
    assert claim(store, 99, owner="you") == []
    [second] = claim(store, 100, owner="you")
    assert (first.attempt, second.attempt) == (1, 2)
    assert not store.renew("me", first, 1000)
    assert not store.finish("me", first)
    assert not store.finish("me", first, again=5)
    assert store.finish("you", second)
    with store.read() as tx:
        assert tx.tasks() == []


def an_owner_cannot_mistake_its_claims(store: Store) -> None:
    """The same owner claiming again after its lease ended is another claim."""
    schedule(store, Task("a", "e", {}, due=0))
    [first] = claim(store, 0)
    [second] = claim(store, 100)
    assert not store.finish("me", first)
    assert store.finish("me", second)


def a_renewed_lease_holds(store: Store) -> None:
    """Until the new end; also one that has ended, as long as nobody took the task."""
    schedule(store, Task("a", "e", {}, due=0))
    [task] = claim(store, 0)
    assert store.renew("me", task, 500)
    assert claim(store, 499, owner="you") == []
    assert store.renew("me", task, 900)
    assert not store.renew("you", task, 2000)
    assert ids(claim(store, 900, owner="you")) == ["a"]


def a_released_task_comes_again(store: Store) -> None:
    """At the instant that was asked for, with its payload, counted on."""
    schedule(store, Task("a", "e", {"n": 1}, due=0))
    [task] = claim(store, 0)
    assert store.finish("me", task, again=50)
    assert not store.finish("me", task)
    assert claim(store, 49) == []
    assert claim(store, 50) == [Task("a", "e", {"n": 1}, due=50, attempt=2)]


def a_replaced_task_is_a_new_one(store: Store) -> None:
    """The old claim is void, whether the new one has been claimed already or not."""
    schedule(store, Task("a", "e", {"n": 1}, due=0))
    [old] = claim(store, 0)
    schedule(store, Task("a", "f", {"n": 2}, due=7))
    assert not store.renew("me", old, 1000)
    assert not store.finish("me", old)
    [new] = claim(store, 7)
    assert new == Task("a", "f", {"n": 2}, due=7, attempt=1)
    assert not store.finish("me", old)
    assert not store.finish("me", old, again=9)
    assert store.finish("me", new)


def a_cancelled_task_stays_gone(store: Store) -> None:
    """Also when it is scheduled once more under its old id."""
    schedule(store, Task("a", "e", {}, due=0))
    [old] = claim(store, 0)
    with store.write() as tx:
        assert tx.cancel("a")
        assert not tx.cancel("a")
    assert not store.finish("me", old, again=1)
    schedule(store, Task("a", "e", {}, due=0))
    [new] = claim(store, 0)
    assert not store.finish("me", old)
    assert store.finish("me", new)


def leases_of_the_dead_are_voided(store: Store) -> None:
    """One owner's, or everybody's."""
    schedule(store, *(Task(name, "e", {}, due=n) for n, name in enumerate("abc")))
    [a] = claim(store, 10, limit=1)
    claim(store, 10, owner="you", limit=1)
    claim(store, 10, owner="they", limit=1)
    assert store.release("me") == 1
    assert store.release("me") == 0
    assert not store.finish("me", a)
    assert ids(claim(store, 10, owner="you")) == ["a"]
    assert store.release(None) == 3
    assert ids(claim(store, 10)) == ["a", "b", "c"]


def the_next_instant_is_known(store: Store) -> None:
    """When something is due or a lease ends, for all kinds or some."""
    assert store.next_due() is None
    schedule(store, Task("a", "e", {}, due=30), Task("b", "f", {}, due=20))
    assert store.next_due() == 20
    assert store.next_due(["e"]) == 30
    assert store.next_due(["g"]) is None
    assert store.next_due(["g", "e", "f"]) == 20
    [b] = claim(store, 20)
    assert store.next_due() == 30
    assert store.next_due(["f"]) == 120
    assert store.finish("me", b)
    assert store.next_due(["f"]) is None


def a_waiting_task_is_hastened(store: Store) -> None:
    """Unless it is held, was scheduled anew, or is due earlier anyway."""
    waiting = Task("a", "e", {}, due=50)
    schedule(store, waiting)
    assert not store.hasten(waiting, 60)
    assert store.hasten(waiting, 10)
    assert not store.hasten(waiting, 5)
    [task] = claim(store, 10)
    assert task == Task("a", "e", {}, due=10, attempt=1)
    assert not store.hasten(task, 5)
    schedule(store, Task("a", "e", {}, due=70))
    assert not store.hasten(waiting, 10)
    assert store.next_due() == 70
    assert not store.hasten(Task("gone", "e", {}, due=50), 10)


def tasks_are_listed_by_prefix(store: Store) -> None:
    """Ordered by id, held or not, with the proof of the claim."""
    schedule(store, *(Task(name, "e", {}, due=5) for name in ("p/2", "p/1", "q", "p", "é")))
    [held] = claim(store, 5, limit=1)
    with store.read() as tx:
        assert ids(tx.tasks()) == ["p", "p/1", "p/2", "q", "é"]
        assert ids(tx.tasks("p/")) == ["p/1", "p/2"]
        assert ids(tx.tasks("p", limit=2)) == ["p", "p/1"]
        assert [task.id for task in tx.tasks() if task.token] == [held.id]
        assert tx.tasks(held.id)[0].token == held.token


def commits_that_schedule_are_announced(store: Store) -> None:
    """After the commit; not the others, nor what was rolled back."""
    heard: list[int] = []

    def listen() -> None:
        with store.read() as tx:
            heard.append(len(tx.tasks()))

    store.on_commit(listen)
    schedule(store, Task("a", "e", {}, due=0))
    assert heard == [1]
    with store.write() as tx:
        tx.put("k", "a", {})
    with refused(KeyError), store.write() as tx:
        tx.schedule(Task("b", "e", {}))
        raise KeyError
    assert heard == [1]
    [task] = claim(store, 0)
    store.finish("me", task, again=5)
    assert heard == [1, 1]
    [task] = claim(store, 5)
    store.finish("me", task)
    assert heard == [1, 1]


def no_task_is_claimed_twice(store: Store) -> None:
    """By claimers that race."""
    schedule(store, *(Task(f"t{n:03}", "e", {}, due=0) for n in range(200)))
    got: list[str] = []

    def work(owner: str) -> None:
        while tasks := store.claim(owner, 1, lease=60_000, limit=7):
            got.extend(ids(tasks))

    together(*[lambda owner=owner: work(owner) for owner in ("a", "b", "c")])
    # A claimer may pass over rows that another has locked, and find nothing else: what is left is claimed afterwards.
    work("d")
    assert sorted(got) == [f"t{n:03}" for n in range(200)]


CASES: tuple[Case, ...] = (
    only_due_tasks_are_claimed_earliest_first,
    only_the_kinds_asked_for_are_claimed,
    a_lease_that_ends_lets_another_claim,
    an_owner_cannot_mistake_its_claims,
    a_renewed_lease_holds,
    a_released_task_comes_again,
    a_replaced_task_is_a_new_one,
    a_cancelled_task_stays_gone,
    leases_of_the_dead_are_voided,
    the_next_instant_is_known,
    a_waiting_task_is_hastened,
    tasks_are_listed_by_prefix,
    commits_that_schedule_are_announced,
    no_task_is_claimed_twice,
)
