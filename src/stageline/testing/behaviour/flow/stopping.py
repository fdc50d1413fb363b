"""Stopping: waiting for what runs, or abandoning it."""

from stageline.testing.behaviour.check import among, check, refused, same
from stageline.testing.behaviour.declare import approval, gate, stage
from stageline.testing.behaviour.pipeline import Pipeline
from stageline.testing.behaviour.trial import Trial
from stageline.testing.behaviour.worker import Worker


@check
def it_waits_for_what_runs(trial: Trial) -> None:
    """Stop and wait: the action in progress may end, nothing new starts, then the execution is Stopped."""
    pipeline = Pipeline(trial, stage("Gate", approval(), approval("Next", runOrder=2)), gate("Final"))
    first = pipeline.first()
    token = pipeline.held(first)
    pipeline.stop(first)
    same("the status while the action runs", pipeline.status(first), "Stopping")
    pipeline.answer(token)
    pipeline.ends(first, "Stopped")
    same("the action", pipeline.shown()["status"], "Succeeded")
    same("the next action of the stage", pipeline.shown("Gate", "Next"), {})
    same("the stage", pipeline.inside("Gate"), (first, "Stopped"))
    same("who entered the next stage", pipeline.inside("Final"), ("", ""))


@check
def a_failure_while_stopping_is_a_stop(trial: Trial) -> None:
    """When the action fails during stop and wait, the action is Failed and the execution Stopped."""
    pipeline = Pipeline(trial, gate())
    first = pipeline.first()
    token = pipeline.held(first)
    pipeline.stop(first)
    pipeline.answer(token, "Rejected")
    pipeline.ends(first, "Stopped")
    same("the action", pipeline.shown()["status"], "Failed")


@check
def it_abandons_what_runs(trial: Trial) -> None:
    """Stop and abandon: what runs is Abandoned, its approval counts no more, the execution is Stopped."""
    pipeline = Pipeline(trial, gate(), gate("Final"))
    first = pipeline.first()
    token = pipeline.held(first)
    pipeline.stop(first, abandon=True)
    pipeline.ends(first, "Stopped")
    same("the action", pipeline.shown()["status"], "Abandoned")
    refused(
        trial.client.put_approval_result,
        "InvalidApprovalToken",
        "ApprovalAlreadyCompleted",
        pipelineName=pipeline.name,
        stageName="Gate",
        actionName="Approve",
        token=token,
        result={"summary": "", "status": "Approved"},
    )
    same("who entered the next stage", pipeline.inside("Final"), ("", ""))


@check
def a_second_stop(trial: Trial) -> None:
    """While it waits, a second stop is refused, unless it goes from waiting to abandoning."""
    pipeline = Pipeline(trial, gate())
    first = pipeline.first()
    pipeline.held(first)
    pipeline.stop(first)
    named = {"pipelineName": pipeline.name, "pipelineExecutionId": first}
    refused(trial.client.stop_pipeline_execution, "DuplicatedStopRequest", **named)
    pipeline.stop(first, abandon=True)
    pipeline.ends(first, "Stopped")
    refused(trial.client.stop_pipeline_execution, "PipelineExecutionNotStoppable", abandon=True, **named)


@check
def what_has_ended_cannot_be_stopped(trial: Trial) -> None:
    """An execution that has ended, or that is not there, cannot be stopped."""
    pipeline = Pipeline(trial, gate())
    first = pipeline.first()
    pipeline.approve(first)
    pipeline.ends(first)
    stop = trial.client.stop_pipeline_execution
    refused(stop, "PipelineExecutionNotStoppable", pipelineName=pipeline.name, pipelineExecutionId=first)
    same("its status afterwards", pipeline.status(first), "Succeeded")
    nobody = "00000000-0000-4000-8000-000000000000"
    codes = ("PipelineExecutionNotStoppable", "PipelineExecutionNotFound")
    refused(stop, *codes, pipelineName=pipeline.name, pipelineExecutionId=nobody)
    refused(stop, "PipelineNotFound", pipelineName=trial.name(), pipelineExecutionId=first)


@check
def who_waits_is_stopped_at_once(trial: Trial) -> None:
    """An execution that waits in front of a stage is stopped at once and leaves its place."""
    pipeline = Pipeline(trial, gate())
    first = pipeline.first()
    pipeline.held(first)
    second = pipeline.start()
    pipeline.waits(second)
    pipeline.stop(second)
    pipeline.ends(second, "Stopped")
    pipeline.waits()
    same("the holder", pipeline.status(first), "InProgress")


@check
def the_reason_is_kept(trial: Trial) -> None:
    """The reason of a stop is in the history, and may have 200 characters."""
    pipeline = Pipeline(trial, gate())
    first = pipeline.first()
    pipeline.held(first)
    named = {"pipelineName": pipeline.name, "pipelineExecutionId": first}
    refused(trial.client.stop_pipeline_execution, "Validation", reason="x" * 201, **named)
    pipeline.stop(first, abandon=True, reason="wrong branch, sorry")
    trial.becomes(
        "stopTrigger.reason", lambda: pipeline.summary(first).get("stopTrigger", {}).get("reason"), "wrong branch, sorry"
    )


@check
def the_stage_is_free_again(trial: Trial) -> None:
    """A stopped execution gives its stage free, and the one that waits goes in."""
    pipeline = Pipeline(trial, gate())
    first = pipeline.first()
    pipeline.held(first)
    second = pipeline.start()
    pipeline.waits(second)
    pipeline.stop(first, abandon=True)
    pipeline.held(second)


@check
def a_job_may_end_while_stopping(trial: Trial) -> None:
    """Stop and wait takes the result of a job worker; after an abandon its result is refused."""
    worker = Worker(trial)
    pipeline = Pipeline(trial, stage("Work", worker.action()))
    first = pipeline.first()
    job = worker.take()
    pipeline.stop(first)
    worker.succeed(job)
    pipeline.ends(first, "Stopped")
    same("the action", pipeline.shown("Work", "Work")["status"], "Succeeded")
    second = pipeline.start()
    job = worker.take()
    pipeline.stop(second, abandon=True)
    pipeline.ends(second, "Stopped")
    refused(trial.client.put_job_success_result, "InvalidJobState", jobId=job["id"])
    among("the abandoned action", pipeline.shown("Work", "Work")["status"], ["Abandoned"])
