"""Demands on an approval that waits: no edit of the tags, and nothing else, takes from what was demanded when it began to."""

from typing import Any

import pytest

from stageline.engine.replay import check
from stageline.testing.pipelines import action, approval, eventually, refused, source, stage

OTHERS = {"key": "stageline:approvals-by-others", "value": "true"}
TWO = {"key": "stageline:approvals", "value": "2"}
KEYS = ["stageline:approvals", "stageline:approvals-by-others"]
ALL = {"Action": "codepipeline:*", "Resource": "*"}


def answer(pipe: Any, person: Any, status: str = "Approved") -> Any:
    token = pipe.reached("Gate", "Approve")["token"]
    return person.put_approval_result(
        pipelineName=pipe.name, stageName="Gate", actionName="Approve", token=token, result={"summary": "", "status": status}
    )


def gated(make: Any, *tags: dict[str, str], **more: Any) -> Any:
    return make(source(), stage("Gate", approval()), stage("Deploy", action("Copy", "Deploy")), tags=list(tags), **more)


def tag(pipe: Any, *tags: dict[str, str]) -> None:
    pipe.client.tag_resource(resourceArn=pipe.arn, tags=list(tags))


def untag(pipe: Any) -> None:
    pipe.client.untag_resource(resourceArn=pipe.arn, tagKeys=KEYS)


def one(value: str = "1") -> dict[str, str]:
    return {"key": "stageline:approvals", "value": value}


def waits(pipe: Any) -> bool:
    return bool(pipe.shown("Gate", "Approve")["status"] == "InProgress")


def takes_two(pipe: Any, world: Any) -> None:
    """The approval that waits is given by the second person only."""
    answer(pipe, world.person(ALL))
    assert waits(pipe)
    assert pipe.shown("Gate", "Approve")["summary"].startswith("1 of 2")
    answer(pipe, world.person(ALL))
    assert not waits(pipe)


@pytest.fixture(autouse=True)
def sound(world: Any) -> Any:
    """After each test the journals fold to the states that are stored."""
    yield
    assert check(world.whole.store) == []


@pytest.mark.parametrize("way", ["untag", "retag", "twice", "one action"])
def test_what_waits_keeps_what_was_demanded(make: Any, world: Any, way: str) -> None:
    pipe = gated(make, TWO)
    pipe.reached("Gate", "Approve")
    if way == "untag":
        untag(pipe)
    elif way == "retag":
        tag(pipe, one())
    elif way == "twice":
        untag(pipe)
        tag(pipe, one())
        untag(pipe)
    else:
        tag(pipe, {"key": "stageline:approvals/Gate/Approve", "value": "1"})
    takes_two(pipe, world)
    pipe.ended()


def test_who_started_it_may_not_untag_and_approve(make: Any, world: Any) -> None:
    pipe, ann = gated(make, OTHERS), world.person(ALL)
    answer(pipe, world.person(ALL))
    pipe.ended()
    before = pipe.shown("Gate", "Approve")["actionExecutionId"]
    mine = ann.start_pipeline_execution(name=pipe.name)["pipelineExecutionId"]
    pipe.reached("Gate", "Approve", after=before)
    ann.untag_resource(resourceArn=pipe.arn, tagKeys=KEYS)
    refused("AccessDeniedException", lambda: answer(pipe, ann))
    answer(pipe, world.person(ALL))
    pipe.ended(mine)


def test_more_that_is_demanded_counts_at_once_and_less_from_the_next_on(make: Any, world: Any) -> None:
    pipe = gated(make)
    pipe.reached("Gate", "Approve")
    tag(pipe, TWO)
    answer(pipe, world.person(ALL))
    assert waits(pipe), "two are demanded now"
    untag(pipe)
    answer(pipe, world.person(ALL))
    pipe.ended()
    tag(pipe, one("3"))
    run = pipe.shown("Gate", "Approve")["actionExecutionId"]
    pipe.start()
    run = pipe.reached("Gate", "Approve", after=run)["actionExecutionId"]
    answer(pipe, world.person(ALL), "Rejected")
    untag(pipe)
    pipe.start()
    pipe.reached("Gate", "Approve", after=run)
    answer(pipe, world.person(ALL))
    eventually(lambda: not waits(pipe))


def test_a_mistake_is_mended_while_the_approval_waits(make: Any, world: Any) -> None:
    """Between the beginning and now more was demanded for a while: that does not count."""
    pipe = gated(make)
    pipe.reached("Gate", "Approve")
    tag(pipe, one("50"))
    tag(pipe, one("1"))
    answer(pipe, world.person(ALL))
    pipe.ended()


@pytest.mark.parametrize("mode", ["FAILED_ACTIONS", "ALL_ACTIONS"])
@pytest.mark.parametrize("order", ["reject, untag, retry", "untag, reject, retry", "reject, retry, untag"])
def test_a_retry_takes_nothing_from_it(make: Any, world: Any, mode: str, order: str) -> None:
    pipe = gated(make, TWO)
    before = pipe.reached("Gate", "Approve")["actionExecutionId"]
    for step in order.split(", "):
        if step == "reject":
            answer(pipe, world.person(ALL), "Rejected")
            pipe.ended(status="Failed")
        elif step == "untag":
            untag(pipe)
        else:
            where = {"pipelineName": pipe.name, "stageName": "Gate", "pipelineExecutionId": pipe.first()}
            pipe.client.retry_stage_execution(**where, retryMode=mode)
            pipe.reached("Gate", "Approve", after=before)
    takes_two(pipe, world)


def test_a_retry_asks_for_what_was_demanded_when_it_began(make: Any, world: Any) -> None:
    pipe = gated(make)
    before = pipe.reached("Gate", "Approve")["actionExecutionId"]
    tag(pipe, TWO)
    answer(pipe, world.person(ALL), "Rejected")
    pipe.ended(status="Failed")
    where = {"pipelineName": pipe.name, "stageName": "Gate", "pipelineExecutionId": pipe.first()}
    pipe.client.retry_stage_execution(**where, retryMode="FAILED_ACTIONS")
    pipe.reached("Gate", "Approve", after=before)
    untag(pipe)
    takes_two(pipe, world)


def test_an_automatic_retry_takes_nothing_from_it(make: Any, world: Any) -> None:
    gate = {**stage("Gate", approval()), "onFailure": {"result": "RETRY", "retryConfiguration": {"retryMode": "ALL_ACTIONS"}}}
    pipe = make(source(), gate, pipelineType="V2", tags=[TWO])
    before = pipe.reached("Gate", "Approve")["actionExecutionId"]
    untag(pipe)
    answer(pipe, world.person(ALL), "Rejected")
    pipe.reached("Gate", "Approve", after=before)
    takes_two(pipe, world)


def test_a_stop_and_a_retry_take_nothing_from_it(make: Any, world: Any) -> None:
    pipe = gated(make, TWO)
    before = pipe.reached("Gate", "Approve")["actionExecutionId"]
    pipe.client.stop_pipeline_execution(pipelineName=pipe.name, pipelineExecutionId=pipe.first(), abandon=True)
    pipe.ended(status="Stopped")
    untag(pipe)
    where = {"pipelineName": pipe.name, "stageName": "Gate", "pipelineExecutionId": pipe.first()}
    pipe.client.retry_stage_execution(**where, retryMode="FAILED_ACTIONS")
    pipe.reached("Gate", "Approve", after=before)
    takes_two(pipe, world)


def test_an_update_ends_what_waits_and_its_token(make: Any, world: Any) -> None:
    pipe = gated(make, TWO)
    old = pipe.reached("Gate", "Approve")
    untag(pipe)
    pipe.update()
    assert pipe.shown("Gate", "Approve")["status"] == "Abandoned"
    refused("InvalidApprovalTokenException", lambda: pipe.approve("Gate", "Approve", token=old["token"]))
    pipe.ended(status="Cancelled")
    where = {"pipelineName": pipe.name, "stageName": "Gate", "pipelineExecutionId": pipe.first()}
    refused("StageNotRetryableException", pipe.client.retry_stage_execution, **where, retryMode="FAILED_ACTIONS")
    assert not [each for each in pipe.runs() if each["actionName"] == "Copy"]


def test_a_pipeline_made_anew_does_not_answer_for_the_old_one(make: Any, world: Any) -> None:
    pipe = gated(make, TWO)
    old = pipe.reached("Gate", "Approve")
    pipe.client.delete_pipeline(name=pipe.name)
    pipe.tags = None
    pipe.create()
    pipe.reached("Gate", "Approve")
    refused("InvalidApprovalTokenException", lambda: pipe.approve("Gate", "Approve", token=old["token"]))
    answer(pipe, world.person(ALL))
    pipe.ended()


def test_rollback_override_and_transitions_take_nothing_from_it(make: Any, world: Any) -> None:
    pipe = gated(make, TWO)
    good = pipe.first()
    takes_two(pipe, world)
    pipe.ended()
    before = pipe.shown("Gate", "Approve")["actionExecutionId"]
    mine = pipe.start()
    pipe.reached("Gate", "Approve", after=before)
    untag(pipe)
    where = {"pipelineName": pipe.name, "stageName": "Gate"}
    refused("UnableToRollbackStageException", pipe.client.rollback_stage, **where, targetPipelineExecutionId=good)
    override = {**where, "pipelineExecutionId": mine, "conditionType": "BEFORE_ENTRY"}
    refused("ConditionNotOverridableException", pipe.client.override_stage_condition, **override)
    for side in ("Inbound", "Outbound"):
        pipe.client.disable_stage_transition(**where, transitionType=side, reason="x")
        pipe.client.enable_stage_transition(**where, transitionType=side)
    takes_two(pipe, world)
    pipe.ended(mine)


def test_in_the_mode_parallel_each_execution_keeps_its_own(make: Any, world: Any) -> None:
    pipe = gated(make, TWO, pipelineType="V2", executionMode="PARALLEL")

    first = pipe.first()
    eventually(lambda: [each for each in pipe.runs() if each["actionName"] == "Approve"])
    untag(pipe)
    with world.whole.store.read() as tx:
        _, state = world.whole.engine.state(tx, pipe.name)
    token = state.executions[first].run.runs["Approve"].token
    for person in (world.person(ALL), world.person(ALL)):
        assert pipe.execution(first)["status"] == "InProgress"
        person.put_approval_result(
            pipelineName=pipe.name,
            stageName="Gate",
            actionName="Approve",
            token=token,
            result={"summary": "", "status": "Approved"},
        )
    pipe.ended(first)


def test_other_tags_and_other_resources_write_nothing(make: Any, world: Any) -> None:
    pipe = gated(make, TWO)
    pipe.reached("Gate", "Approve")

    def events() -> int:
        with world.whole.store.read() as tx:
            return int(tx.get("codepipeline.head", pipe.name)["events"])

    before = events()
    tag(pipe, {"key": "team", "value": "shop"}, TWO)
    pipe.client.untag_resource(resourceArn=pipe.arn, tagKeys=["team"])
    assert events() == before
    updated = pipe.execution(pipe.first())
    untag(pipe)
    assert events() == before + 1
    assert pipe.execution(pipe.first()) == updated
