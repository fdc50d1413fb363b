"""Durability: what was answered before the server was killed is so afterwards. A check yields where the server is killed."""

from collections.abc import Iterator

from stageline.testing.behaviour.check import refused, restart_check, same
from stageline.testing.behaviour.declare import gate, stage
from stageline.testing.behaviour.pipeline import Pipeline
from stageline.testing.behaviour.trial import Trial


@restart_check
def an_execution_goes_on(trial: Trial) -> Iterator[None]:
    """An approval that waited still waits, with its token; approved, the execution goes on with its own bits."""
    trial.put(b"before")
    pipeline = Pipeline(trial, gate(), stage("Ship", trial.deploy()))
    first = pipeline.first()
    token = pipeline.held(first)
    yield
    same("the token", pipeline.held(first), token)
    pipeline.answer(token)
    pipeline.ends(first)
    same("what was deployed", trial.read(trial.target()), b"before")
    same("the actions that ran", pipeline.names(first), ["Fetch", "Approve", "Copy"])


@restart_check
def who_waited_waits(trial: Trial) -> Iterator[None]:
    """A queue in front of a stage keeps its order, and a disabled transition stays disabled."""
    pipeline = Pipeline(trial, gate(), gate("Final"), executionMode="QUEUED")
    first = pipeline.first()
    pipeline.held(first)
    second = pipeline.start()
    pipeline.waits(second)
    third = pipeline.start()
    pipeline.waits(second, third)
    named = {"pipelineName": pipeline.name, "stageName": "Final", "transitionType": "Inbound"}
    trial.client.disable_stage_transition(**named, reason="freeze")
    yield
    same("the queue", pipeline.waiting(), [second, third])
    same("the transition", pipeline.stage("Final")["inboundTransitionState"].get("enabled"), False)
    pipeline.approve(first)
    pipeline.held(second)


@restart_check
def what_has_ended_has_ended(trial: Trial) -> Iterator[None]:
    """A history stays as it was, and an answer that was given counts."""
    pipeline = Pipeline(trial, gate())
    first = pipeline.first()
    token = pipeline.held(first)
    pipeline.answer(token)
    pipeline.ends(first)
    before = pipeline.runs(first)
    yield
    same("the status", pipeline.status(first), "Succeeded")
    same("the history", pipeline.runs(first), before)
    refused(
        trial.client.put_approval_result,
        "ApprovalAlreadyCompleted",
        pipelineName=pipeline.name,
        stageName="Gate",
        actionName="Approve",
        token=token,
        result={"summary": "", "status": "Rejected"},
    )
