"""What an engine commits: tasks after each decision, one result per claim, timers, cancelled work, purged pipelines."""

import json
from typing import Any

import pytest

from stageline.core.pipeline.effects import Decision, Refusal
from stageline.core.pipeline.events import ActionFailed, ActionSucceeded, ApprovalAnswered, PipelineDeclared, StopRequested
from stageline.engine import history, replay
from stageline.engine.apply import HEAD, STATE, stream
from stageline.engine.codec import decode_event, encode_event
from stageline.ports.provider import Done, Failed, Running


def names(tasks: list[Any]) -> list[str]:
    return sorted(task.id.split("/")[0] for task in tasks)


def test_which_tasks_there_are_after_which_decision(world: Any) -> None:
    uid = world.declare()
    assert world.tasks() == []
    world.start()
    assert names(world.tasks()) == ["action", "timer"]
    assert all(task.id.startswith(f"{task.kind}/{uid}/") for task in world.tasks())
    world.work()
    build = world.build_run()
    assert sorted(task.id for task in world.tasks()) == [f"action/{uid}/{build.id}", f"timer/{uid}/{build.id}"]
    timer = world.tasks("timer/")[0]
    assert timer.due == build.started + 60 * 60_000
    assert world.tasks("action/")[0].payload["deadline"] == timer.due
    answer = world.work()
    assert answer.signal == f"scripted:{build.id}"
    assert names(world.tasks()) == ["action", "timer"], "held work is asked about again"
    world.builder.settle(build.id)
    world.clock.advance(20)
    world.work()
    assert [task.payload["action"] for task in world.tasks("action/")] == ["Approve"]
    (gate,) = world.tasks("timer/")
    assert gate.id.endswith(world.state().stages["Gate"].shown["Approve"].id)


def test_an_ended_execution_leaves_no_task(world: Any) -> None:
    world.declare()
    execution = world.start()
    world.work()
    world.work()
    assert isinstance(world.apply(StopRequested(execution, abandon=True)), Decision)
    assert world.tasks() == []
    assert world.state().executions[execution].status == "Stopped"


def test_an_overtaken_claim_reports_to_nobody(world: Any) -> None:
    """The first worker hangs until its lease has ended; the second takes over, and only its result counts."""
    world.declare()
    world.start()
    world.work()
    first = world.claim("action", "one", lease=100)
    world.clock.advance(101)
    second = world.claim("action", "two", lease=100_000)
    assert first.id == second.id
    run = world.build_run()
    world.builder.settle(run.id, Failed("JobFailed", "the hanging worker says no"))
    assert world.performer.act(first) is None
    assert world.build_run().status == "InProgress", "what the overtaken claim reports does not count"
    world.builder.settle(run.id, Done(summary="the second says yes"))
    assert world.performer.act(second) is None
    assert (world.build_run().status, world.build_run().summary) == ("Succeeded", "the second says yes")
    assert not world.store.finish("one", first)


def test_an_overtaken_claim_notes_no_progress_either(world: Any) -> None:
    world.declare()
    world.start()
    world.work()
    first = world.claim("action", "one", lease=100)
    world.clock.advance(101)
    world.claim("action", "two", lease=100_000)
    world.performer.act(first)
    assert world.build_run().external_id == ""
    assert world.tasks("cancel/") == []


def test_a_forged_claim_is_not_held(world: Any) -> None:
    world.declare()
    world.start()
    (unclaimed,) = world.tasks("action/")
    with world.store.read() as tx:
        assert not world.engine.holds(tx, unclaimed), "a task that nobody claimed proves nothing"
    claimed = world.claim("action")
    with world.store.read() as tx:
        assert world.engine.holds(tx, claimed)
    with world.store.write() as tx:
        tx.schedule(unclaimed)
    world.claim("action", "two")
    with world.store.read() as tx:
        assert not world.engine.holds(tx, claimed), "the attempt is the same again, the claim is not"


def test_a_result_that_comes_late_is_dropped(world: Any) -> None:
    world.declare()
    execution = world.start()
    world.work()
    run = world.build_run()
    task = world.claim("action")
    world.apply(StopRequested(execution, abandon=True))
    world.builder.settle(run.id)
    assert world.performer.act(task) is None
    assert world.build_run().status == "Abandoned"
    assert isinstance(world.apply(ActionSucceeded(run.id)), Refusal)


def test_time_that_runs_out_fails_the_action_and_stops_its_work(world: Any) -> None:
    world.declare()
    execution = world.start()
    world.work()
    world.work()
    run = world.build_run()
    world.clock.set(run.started + 60 * 60_000 - 1)
    assert world.store.claim("one", world.clock.now(), lease=1, limit=9, kinds=("timer",)) == []
    world.clock.advance(1)
    world.work("timer")
    ended = world.build_run()
    assert (ended.status, ended.error_code) == ("Failed", "TimedOut")
    assert ended.error_message == "The action did not complete within 60 minutes."
    assert names(world.tasks()) == ["cancel"]
    world.work("cancel")
    assert world.builder.verbs(run.id)[-1] == "cancel"
    assert world.tasks() == []
    assert world.state().executions[execution].status == "Failed"


def test_work_that_begins_after_its_time_is_over_is_stopped(world: Any) -> None:
    """The timer fires while the provider is starting: nobody would ever stop what then runs."""
    world.declare()
    world.start()
    world.work()
    run = world.build_run()
    task = world.claim("action", lease=10**9)
    world.clock.set(run.started + 60 * 60_000)
    world.work("timer")
    world.work("cancel")
    before = world.builder.verbs(run.id).count("cancel")
    world.builder._outcomes.clear()
    world.builder._order.clear()
    with world.store.read() as tx:
        assert not world.engine.holds(tx, task)
    started = world.builder.start(world.performer._job(task, world.builder.ACTION_TYPE), world.aws)
    world.performer._follow(task, run, started)
    (cancel,) = world.tasks("cancel/")
    assert cancel.payload["external_id"] == run.id
    world.work("cancel")
    assert world.builder.verbs(run.id).count("cancel") == before + 1


def test_a_timer_of_an_ended_action_does_nothing(world: Any) -> None:
    world.declare()
    world.start()
    world.work()
    run = world.build_run()
    world.clock.set(run.started + 60 * 60_000)
    timer = world.claim("timer")
    world.apply(ActionSucceeded(run.id))
    world.performer.timer(timer)
    assert world.build_run().status == "Succeeded"


def test_a_role_that_cannot_be_assumed_is_named(world: Any, declaring: Any) -> None:
    world.declare()
    world.start()
    world.aws.gone.add("arn:aws:iam::000000000000:role/pipeline")
    world.work()
    run = world.state().stages["Source"].shown["Fetch"]
    assert run.error_code == "PermissionError"
    assert (
        run.error_message
        == "CodePipeline is not authorized to perform AssumeRole on role arn:aws:iam::000000000000:role/pipeline"
    )


def test_an_unexpected_failure_of_a_provider_fails_the_action_without_details(world: Any, declaring: Any) -> None:
    world.declare(declaring(script="crash"))
    world.start()
    world.work()
    world.work()
    run = world.build_run()
    assert run.error_code == "SystemUnavailable"
    assert "script" not in run.error_message


def test_an_action_without_a_provider_fails(world: Any) -> None:
    world.declare()
    world.start()
    del world.providers["Build", "AWS", "Scripted", "1"]
    world.work()
    world.work()
    assert world.build_run().error_message == "This server has no provider for Build/AWS/Scripted/1."


def test_work_that_cannot_be_stopped_is_given_up_in_the_end(world: Any) -> None:
    world.declare()
    world.start()
    world.work()
    world.work()
    run = world.build_run()

    def broken(*_: Any) -> None:
        raise RuntimeError("cannot stop")

    world.builder.cancel = broken
    world.clock.set(run.started + 60 * 60_000)
    world.work("timer")
    for _ in range(9):
        task = world.claim("cancel")
        with pytest.raises(RuntimeError):
            world.performer.cancel(task)
        world.store.finish("one", task, world.clock.now())
    world.work("cancel")
    assert world.tasks() == []


def test_the_journal_gives_the_state_and_tampering_is_found(world: Any) -> None:
    uid = world.declare()
    world.start()
    world.work()
    world.start()
    assert replay.check(world.store) == []
    with world.store.read() as tx:
        stored = tx.get(STATE, uid)
        entries = tx.journal(stream(uid))
        events = tx.get(HEAD, "shop")["events"]
    assert [number for number, _ in entries] == list(range(events))
    assert [encode_event(decode_event(entry)) for _, entry in entries] == [entry for _, entry in entries]
    tampered = json.loads(json.dumps(stored))
    tampered["stages"]["Build"]["holder"] = "somebody else"
    with world.store.write() as tx:
        tx.put(STATE, uid, tampered)
    assert replay.check(world.store) == ["pipeline shop: the stored state differs from the state that its journal gives"]
    with world.store.write() as tx:
        tx.put(STATE, uid, stored)
    assert replay.check(world.store) == []
    with world.store.write() as tx:
        tx.append(stream(uid), entries[-1][1])
    assert len(replay.check(world.store)) == 1


def test_a_refusal_leaves_nothing_behind(world: Any) -> None:
    uid = world.declare()
    world.start()
    with world.store.read() as tx:
        before = (tx.get(HEAD, "shop"), tx.get(STATE, uid), tx.journal(stream(uid)), tx.tasks(), tx.scan(history.EXECUTION))
    assert isinstance(world.apply(ActionFailed("nobody", "JobFailed", "x")), Refusal)
    assert isinstance(world.apply(ApprovalAnswered("Gate", "Approve", "x", True, "", "me")), Refusal)
    assert world.apply(StopRequested("x"), "nobody").code == "PipelineNotFound"
    with world.store.read() as tx:
        assert before == (
            tx.get(HEAD, "shop"),
            tx.get(STATE, uid),
            tx.journal(stream(uid)),
            tx.tasks(),
            tx.scan(history.EXECUTION),
        )


def test_a_transaction_that_fails_changes_nothing_not_even_in_memory(world: Any) -> None:
    world.declare()
    first = world.start()

    def broken() -> None:
        with world.store.write() as tx:
            world.engine.apply_in(tx, "shop", StopRequested(first, abandon=True))
            raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError, match="disk"):
        broken()
    assert world.state().executions[first].status == "InProgress"
    assert replay.check(world.store) == []
    assert isinstance(world.apply(StopRequested(first, abandon=True)), Decision)
    assert replay.check(world.store) == []


def test_two_engines_see_what_the_other_did(world: Any, another: Any) -> None:
    world.declare()
    second = another(world)
    one = world.start()
    two = second.start()
    assert set(world.state().executions) == set(second.state().executions) == {one, two}
    second.work()
    assert world.build_run().status == "InProgress"
    assert isinstance(world.apply(StopRequested(one, abandon=True)), Decision)
    assert second.state().executions.get(one, None) is None or second.state().executions[one].status == "Stopped"
    assert replay.check(second.store) == []


def test_deleting_cancels_tasks_and_purges_history(world: Any) -> None:
    uid = world.declare()
    kept = world.declare(name="other")
    for _ in range(3):
        world.start()
    world.start("other")
    (task,) = [
        each
        for each in world.store.claim("one", world.clock.now(), lease=1000, limit=9)
        if each.payload["uid"] == uid and each.kind == "action"
    ]
    with world.store.write() as tx:
        world.engine.delete(tx, "shop")
        world.engine.delete(tx, "shop")
    assert names([each for each in world.tasks() if uid in each.id]) == ["purge"]
    assert names([each for each in world.tasks() if kept in each.id]) == ["action", "timer"]
    again = world.declare()
    assert world.performer.act(task) is None, "work of the deleted pipeline reports to nobody"
    (purge,) = world.tasks("purge/")
    world.engine.purge(purge)
    world.engine.purge(purge)
    with world.store.read() as tx:
        for kind in (history.EXECUTION, history.NUMBER, history.ACTION, history.BY_EXECUTION):
            assert tx.scan(kind, f"{uid}/") == []
            assert tx.scan(kind, f"{kept}/")
        assert [doc["uid"] for _, doc in tx.scan(history.STARTED)] == [kept]
        assert tx.journal(stream(uid)) == []
        assert tx.journal(stream(again))
    assert replay.check(world.store) == []


def test_a_purge_goes_through_more_rows_than_one_portion(world: Any) -> None:
    uid = world.declare()
    with world.store.write() as tx:
        for number in range(1101):
            tx.put(history.EXECUTION, history.execution_key(uid, number), {"id": str(number)})
        world.engine.delete(tx, "shop")
    world.engine.purge(world.tasks("purge/")[0])
    with world.store.read() as tx:
        assert tx.scan(history.EXECUTION, f"{uid}/") == []


def test_versions_in_use_stay_and_others_go(world: Any, declaring: Any) -> None:
    world.declare()
    world.start()
    world.work()
    world.apply(PipelineDeclared(declaring(2)))
    assert set(world.state().declarations) == {1, 2}, "the run of the old version still ends its action"
    world.apply(ActionSucceeded(world.build_run().id))
    assert set(world.state().declarations) == {2}


@pytest.mark.parametrize(
    "outcome",
    [
        Done(summary="half a character: \ud800"),
        Done(variables={"Name": "\udcff"}),
        Done(variables={"Count": 3}),  # type: ignore[dict-item]
        Failed("JobFailed", "\udc80"),
        Running("\ud800", again=20),
    ],
)
def test_an_outcome_that_is_no_text_fails_the_action(world: Any, outcome: Any) -> None:
    """It could not be written down; the action would be tried again and again until its time is over."""
    world.declare()
    world.start()
    world.work()
    run = world.build_run()
    world.builder.settle(run.id, outcome)
    world.work()
    assert (world.build_run().status, world.build_run().error_code) == ("Failed", "SystemUnavailable")
    assert world.tasks("timer/") == []
