"""Retrying a stage: the same execution goes on, with new runs of its actions."""

from stageline.testing.behaviour.check import check, holds, refused, same
from stageline.testing.behaviour.declare import approval, gate, stage
from stageline.testing.behaviour.pipeline import Pipeline
from stageline.testing.behaviour.trial import Trial


def half_failed(trial: Trial) -> tuple[Pipeline, str]:
    """A pipeline whose gate has one approval that was given, and then one that was refused."""
    pipeline = Pipeline(trial, stage("Gate", approval("Good"), approval("Bad")))
    first = pipeline.first()
    pipeline.approve(first, "Gate", "Good")
    pipeline.reject(first, "Gate", "Bad")
    pipeline.ends(first, "Failed")
    return pipeline, first


def failed(trial: Trial, **more: object) -> tuple[Pipeline, str]:
    """A pipeline whose gate was refused."""
    pipeline = Pipeline(trial, gate(), **more)
    first = pipeline.first()
    pipeline.reject(first)
    pipeline.ends(first, "Failed")
    return pipeline, first


def refuse(pipeline: Pipeline, execution: str, *codes: str, stage: str = "Gate", mode: str = "FAILED_ACTIONS") -> None:
    """A retry is refused with one of the codes."""
    refused(
        pipeline.client.retry_stage_execution,
        *codes,
        pipelineName=pipeline.name,
        stageName=stage,
        pipelineExecutionId=execution,
        retryMode=mode,
    )


@check
def failed_actions_only(trial: Trial) -> None:
    """FAILED_ACTIONS runs what failed again, with a new run, in the same execution; what succeeded is not repeated."""
    pipeline, first = half_failed(trial)
    same("the answer", pipeline.retry(first), first)
    pipeline.approve(first, "Gate", "Bad")
    pipeline.ends(first)
    trial.becomes("the runs of the one that failed", lambda: len(set(pipeline.ids(first, "Bad"))), 2)
    same("the runs of the one that succeeded", len(pipeline.ids(first, "Good")), 1)
    same("how many executions there are", len(pipeline.executions()), 1)


@check
def all_actions(trial: Trial) -> None:
    """ALL_ACTIONS runs every action of the stage again, and nothing of the stages before."""
    pipeline, first = half_failed(trial)
    pipeline.retry(first, mode="ALL_ACTIONS")
    pipeline.approve(first, "Gate", "Good")
    pipeline.approve(first, "Gate", "Bad")
    pipeline.ends(first)
    counts = {name: len(set(pipeline.ids(first, name))) for name in ("Fetch", "Good", "Bad")}
    same("how often each action ran", counts, {"Fetch": 1, "Good": 2, "Bad": 2})


@check
def the_state_counts_retries(trial: Trial) -> None:
    """A retried execution is InProgress again, and the state counts the retry and says that it was by hand."""
    pipeline, first = failed(trial)
    pipeline.retry(first)
    pipeline.held(first)
    same("the status of the execution", pipeline.status(first), "InProgress")
    found = pipeline.stage("Gate").get("retryStageMetadata", {})
    same("the count", found.get("manualStageRetryAttempt"), 1)
    same("the trigger", found.get("latestRetryTrigger"), "ManualStageRetry")


@check
def again_and_again(trial: Trial) -> None:
    """A retry that fails can be retried, each time with a new run of the action."""
    pipeline, first = failed(trial)
    for _ in range(2):
        pipeline.retry(first)
        pipeline.reject(first)
        pipeline.ends(first, "Failed")
    pipeline.retry(first)
    pipeline.approve(first)
    pipeline.ends(first)
    trial.becomes("how often the action ran", lambda: len(set(pipeline.ids(first, "Approve"))), 4)


@check
def only_the_latest_in_the_stage(trial: Trial) -> None:
    """When another execution has entered the stage since, the failed one cannot be retried."""
    pipeline, first = failed(trial)
    second = pipeline.start()
    pipeline.held(second)
    refuse(pipeline, first, "NotLatestPipelineExecution")
    same("its status afterwards", pipeline.status(first), "Failed")


@check
def nothing_to_retry(trial: Trial) -> None:
    """A stage in which nothing failed cannot be retried; nor can one that is not there."""
    pipeline = Pipeline(trial, gate())
    first = pipeline.first()
    pipeline.approve(first)
    pipeline.ends(first)
    refuse(pipeline, first, "StageNotRetryable")
    refuse(pipeline, first, "StageNotFound", stage="Nowhere")
    refuse(pipeline, first, "Validation", mode="SOME_ACTIONS")


@check
def not_after_an_update(trial: Trial) -> None:
    """After an update of the pipeline, older executions cannot be retried."""
    pipeline, first = failed(trial)
    pipeline.update()
    refuse(pipeline, first, "StageNotRetryable", "NotLatestPipelineExecution")


@check
def all_actions_need_all_to_have_ended(trial: Trial) -> None:
    """While an action of the stage is in progress, all actions cannot be retried, but failed ones can; the other goes on."""
    pipeline = Pipeline(trial, stage("Gate", approval("Slow"), approval("Bad")))
    first = pipeline.first()
    token = pipeline.held(first, "Gate", "Slow")
    pipeline.reject(first, "Gate", "Bad")
    trial.becomes("the failed action", lambda: pipeline.shown("Gate", "Bad").get("status"), "Failed")
    refuse(pipeline, first, "StageNotRetryable", "Conflict", mode="ALL_ACTIONS")
    pipeline.retry(first)
    pipeline.approve(first, "Gate", "Bad")
    same("the token of the one that went on", pipeline.shown("Gate", "Slow").get("token"), token)
    pipeline.answer(token, at="Gate/Slow")
    pipeline.ends(first)


@check
def a_stopped_execution_goes_on(trial: Trial) -> None:
    """A stage whose action was abandoned by a stop can be retried."""
    pipeline = Pipeline(trial, gate())
    first = pipeline.first()
    pipeline.held(first)
    pipeline.stop(first, abandon=True)
    pipeline.ends(first, "Stopped")
    pipeline.retry(first)
    pipeline.approve(first)
    pipeline.ends(first)


@check
def it_works_on_the_same_bits(trial: Trial) -> None:
    """A retry takes the artifacts of its own execution, though the source has moved on."""
    trial.put(b"first")
    pipeline = Pipeline(trial, stage("Gate", approval(), trial.deploy(runOrder=2)))
    first = pipeline.first()
    pipeline.reject(first)
    pipeline.ends(first, "Failed")
    trial.put(b"second")
    pipeline.retry(first)
    pipeline.approve(first)
    pipeline.ends(first)
    same("what was deployed", trial.read(trial.target()), b"first")


@check
def a_source_can_be_retried(trial: Trial) -> None:
    """A source stage that failed can be retried when its object is there."""
    trial.key = f"{trial.account.prefix}-source/{trial.number}.zip"
    pipeline = Pipeline(trial, gate())
    first = pipeline.first()
    pipeline.ends(first, "Failed")
    trial.put(b"now it is there")
    pipeline.retry(first, "Source")
    pipeline.held(first)


@check
def the_history_tells_attempts_apart(trial: Trial) -> None:
    """The filter latestInPipelineExecution gives the runs since the last retry, or all of them."""
    pipeline, first = failed(trial)
    pipeline.retry(first)
    pipeline.held(first)
    chosen = {"pipelineExecutionId": first}
    latest = pipeline.runs(latestInPipelineExecution={**chosen, "startTimeRange": "Latest"})
    same("the runs since the retry", [each["actionName"] for each in latest], ["Approve"])
    every = pipeline.runs(latestInPipelineExecution={**chosen, "startTimeRange": "All"})
    same("all runs", [each["actionName"] for each in every], ["Fetch", "Approve", "Approve"])
    holds("the latest run is not the first", latest[0]["actionExecutionId"] == every[-1]["actionExecutionId"])
