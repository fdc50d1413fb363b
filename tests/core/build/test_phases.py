"""The phases of a build: what follows what, and how the build stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stageline.core.build import progress
from stageline.core.build.phases import ORDER, Context, Status, following

STATUSES: tuple[Status, ...] = ("SUCCEEDED", "FAILED", "FAULT", "TIMED_OUT", "STOPPED")


@pytest.mark.parametrize(
    ("phase", "status", "policy", "then"),
    [
        ("QUEUED", "SUCCEEDED", "", "PROVISIONING"),
        ("QUEUED", "TIMED_OUT", "", "COMPLETED"),
        ("PROVISIONING", "FAILED", "", "COMPLETED"),
        ("DOWNLOAD_SOURCE", "FAILED", "", "FINALIZING"),
        ("INSTALL", "FAILED", "", "FINALIZING"),
        ("INSTALL", "FAILED", "CONTINUE", "PRE_BUILD"),
        ("PRE_BUILD", "FAILED", "", "FINALIZING"),
        ("BUILD", "FAILED", "", "POST_BUILD"),
        ("BUILD", "FAILED", "ABORT", "UPLOAD_ARTIFACTS"),
        ("BUILD", "FAILED", "CONTINUE", "POST_BUILD"),
        ("BUILD", "STOPPED", "", "FINALIZING"),
        ("BUILD", "TIMED_OUT", "CONTINUE", "FINALIZING"),
        ("POST_BUILD", "FAILED", "", "UPLOAD_ARTIFACTS"),
        ("POST_BUILD", "FAILED", "ABORT", "UPLOAD_ARTIFACTS"),
        ("UPLOAD_ARTIFACTS", "FAILED", "", "FINALIZING"),
        ("FINALIZING", "FAULT", "", "COMPLETED"),
    ],
)
def test_what_follows(phase: str, status: Status, policy: str, then: str) -> None:
    assert following(phase, status, policy) == then


steps = st.lists(
    st.tuples(st.sampled_from(STATUSES), st.sampled_from(["", "ABORT", "CONTINUE"]), st.integers(0, 5000)), max_size=12
)


@given(steps)
def test_every_walk_keeps_the_order_and_ends_once(walk: list[tuple[Status, str, int]]) -> None:
    state, now = progress.submitted(1000), 1000
    for status, policy, passed in walk:
        now += passed
        before = state
        state = progress.leave(state, now, status, (Context("X", "why"),) if status != "SUCCEEDED" else (), policy=policy)
        if before.complete:
            assert state == before
    state = progress.finish(state, now, "STOPPED")
    types = [phase.type for phase in state.phases]
    assert types == sorted(set(types), key=ORDER.index)
    assert state.complete
    assert state.phases[-1].end is None
    assert all(phase.end is not None and phase.end >= phase.start for phase in state.phases[:-1])
    assert state.status in STATUSES
    assert progress.from_documents(progress.to_documents(state)) == state
    assert progress.finish(state, now + 1, "FAULT") == state


@given(steps)
def test_a_build_fails_exactly_when_a_failure_was_not_tolerated(walk: list[tuple[Status, str, int]]) -> None:
    state = progress.submitted(0)
    for status, policy, _ in walk:
        state = progress.leave(state, 0, status, policy=policy)
    while not state.complete:
        state = progress.leave(state, 0)
    bad = [phase for phase in state.phases if phase.status not in ("", "SUCCEEDED") and not phase.tolerated]
    assert (state.status == "SUCCEEDED") == (not bad)
    assert state.succeeding == all(phase.status in ("", "SUCCEEDED") for phase in state.phases)


def test_a_lost_host_begins_after_the_queue() -> None:
    state = progress.leave(progress.leave(progress.submitted(0), 5), 6)
    again = progress.restart(state, 9)
    assert [phase.type for phase in again.phases] == ["SUBMITTED", "QUEUED", "PROVISIONING"]
    assert again.phases[-1].start == 9
    assert progress.restart(progress.submitted(0), 9) == progress.submitted(0)


def test_who_has_no_further_commands() -> None:
    assert progress.leads_out("INSTALL", "")
    assert not progress.leads_out("BUILD", "")
    assert progress.leads_out("BUILD", "ABORT")
    assert not progress.leads_out("PRE_BUILD", "CONTINUE")
