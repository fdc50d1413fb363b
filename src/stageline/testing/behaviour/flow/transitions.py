"""Transitions: shut, they hold; opened, they let in."""

from typing import Any

from stageline.testing.behaviour.check import check, holds, refused, same
from stageline.testing.behaviour.declare import gate
from stageline.testing.behaviour.pipeline import Pipeline
from stageline.testing.behaviour.trial import Trial


def shut(pipeline: Pipeline, stage: str = "Final", side: str = "Inbound", reason: str = "freeze") -> None:
    """Disable a transition."""
    pipeline.client.disable_stage_transition(pipelineName=pipeline.name, stageName=stage, transitionType=side, reason=reason)


def open_(pipeline: Pipeline, stage: str = "Final", side: str = "Inbound") -> None:
    """Enable a transition."""
    pipeline.client.enable_stage_transition(pipelineName=pipeline.name, stageName=stage, transitionType=side)


def before_shut(trial: Trial, **more: Any) -> tuple[Pipeline, str]:
    """A pipeline whose first execution waits in front of a stage that is shut."""
    pipeline = Pipeline(trial, gate(), gate("Final"), **more)
    shut(pipeline)
    first = pipeline.first()
    pipeline.approve(first)
    pipeline.waits(first, stage="Final")
    return pipeline, first


@check
def disabled_it_holds(trial: Trial) -> None:
    """While a stage's inbound transition is disabled, executions wait in front of the stage."""
    pipeline, first = before_shut(trial)
    same("who entered the stage", pipeline.inside("Final"), ("", ""))
    same("the status of the execution", pipeline.status(first), "InProgress")


@check
def enabled_it_lets_in(trial: Trial) -> None:
    """Enabling the transition lets in who waits."""
    pipeline, first = before_shut(trial)
    open_(pipeline)
    pipeline.approve(first, "Final")
    pipeline.ends(first)


@check
def the_state_says_who_and_why(trial: Trial) -> None:
    """The state shows who disabled a transition, when and why; disabling again gives a new reason; enabling takes it away."""
    pipeline = Pipeline(trial, gate())
    same("a transition at first", pipeline.stage("Gate")["inboundTransitionState"].get("enabled"), True)
    shut(pipeline, "Gate", reason="first reason")
    shut(pipeline, "Gate", reason="second reason")
    state = pipeline.stage("Gate")["inboundTransitionState"]
    same("enabled", state.get("enabled"), False)
    same("the reason", state.get("disabledReason"), "second reason")
    caller = trial.account.client("sts").get_caller_identity()["Arn"]
    same("who (lastChangedBy)", state.get("lastChangedBy"), caller)
    holds("when (lastChangedAt) is there", state.get("lastChangedAt"))
    open_(pipeline, "Gate")
    state = pipeline.stage("Gate")["inboundTransitionState"]
    same("after enabling", (state.get("enabled"), state.get("disabledReason")), (True, None))


@check
def who_is_inside_goes_on(trial: Trial) -> None:
    """Disabling the way into a stage does not touch an execution that is in it."""
    pipeline = Pipeline(trial, gate(), gate("Final"))
    first = pipeline.first()
    token = pipeline.held(first)
    shut(pipeline, "Gate")
    pipeline.answer(token)
    pipeline.approve(first, "Final")
    pipeline.ends(first)


@check
def who_waits_can_be_superseded(trial: Trial) -> None:
    """In front of a disabled transition newer executions supersede older ones, and enabling lets the newest in."""
    pipeline, first = before_shut(trial)
    second = pipeline.start()
    pipeline.approve(second)
    pipeline.ends(first, "Superseded")
    pipeline.waits(second, stage="Final")
    open_(pipeline)
    pipeline.held(second, "Final")


@check
def a_queue_waits_in_order(trial: Trial) -> None:
    """In QUEUED mode several executions wait in front of a disabled transition, in order."""
    pipeline, first = before_shut(trial, executionMode="QUEUED")
    second = pipeline.start()
    pipeline.approve(second)
    pipeline.waits(first, second, stage="Final")
    open_(pipeline)
    pipeline.held(first, "Final")
    same("who waits on", pipeline.waiting("Final"), [second])


@check
def outbound_holds_too(trial: Trial) -> None:
    """Disabling the outbound transition of a stage keeps executions from leaving it for the next."""
    pipeline = Pipeline(trial, gate(), gate("Final"))
    shut(pipeline, "Gate", "Outbound")
    first = pipeline.first()
    pipeline.approve(first)
    trial.becomes("the status of the stage", lambda: pipeline.inside("Gate"), (first, "Succeeded"))
    same("who entered the next stage", pipeline.inside("Final"), ("", ""))
    open_(pipeline, "Gate", "Outbound")
    pipeline.held(first, "Final")


@check
def enabling_what_is_enabled_is_nothing(trial: Trial) -> None:
    """Enabling an enabled transition is taken and changes nothing."""
    pipeline = Pipeline(trial, gate())
    token = pipeline.held(pipeline.first())
    open_(pipeline, "Gate")
    same("the approval that waits", pipeline.shown().get("token"), token)


@check
def wrong_requests_are_refused(trial: Trial) -> None:
    """A pipeline or a stage that is not there, a reason with a comma, a wrong side: each has its own refusal."""
    pipeline = Pipeline(trial, gate())
    right = {"pipelineName": pipeline.name, "stageName": "Gate", "transitionType": "Inbound", "reason": "because"}
    call = trial.client.disable_stage_transition
    refused(call, "PipelineNotFound", **{**right, "pipelineName": trial.name()})
    refused(call, "StageNotFound", **{**right, "stageName": "Nowhere"})
    refused(call, "Validation", **{**right, "reason": "now, or never"})
    refused(call, "Validation", **{**right, "transitionType": "Sideways"})
    same("the transition afterwards", pipeline.stage("Gate")["inboundTransitionState"].get("enabled"), True)
