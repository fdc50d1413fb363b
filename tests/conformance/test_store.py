"""The shipped conformance suite, on SQLite and on PostgreSQL."""

import pytest

from stageline.ports.store import Store
from stageline.testing import store_conformance, task_conformance
from stageline.testing.store_conformance import Case, refused


@pytest.mark.parametrize("case", store_conformance.CASES + task_conformance.CASES, ids=lambda case: case.__name__)
def test_store(case: Case, store: Store) -> None:
    case(store)


@pytest.mark.parametrize("module", [store_conformance, task_conformance], ids=["documents", "tasks"])
def test_no_case_of_the_suite_is_left_out(module: object) -> None:
    cases = {
        name
        for name, value in vars(module).items()
        if callable(value)
        and getattr(value, "__module__", "") == getattr(module, "__name__", "")
        and list(getattr(value, "__annotations__", {})) == ["store", "return"]
    }
    assert cases == {case.__name__ for case in module.CASES}  # type: ignore[attr-defined]


def test_a_closed_store_says_so(store: Store) -> None:
    with store.read() as tx:
        tx.get("k", "a")
        store.close()
    with refused(RuntimeError), store.write():
        pass
    with refused(RuntimeError), store.read():
        pass
    with refused(RuntimeError):
        store.claim("me", 1, lease=1, limit=1)
