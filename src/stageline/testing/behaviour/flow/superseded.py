"""SUPERSEDED, the default mode: one inside a stage, the newest waits in front of it."""

from stageline.testing.behaviour.check import check, refused, same
from stageline.testing.behaviour.declare import gate
from stageline.testing.behaviour.pipeline import Pipeline
from stageline.testing.behaviour.trial import Trial


def crowded(trial: Trial) -> tuple[Pipeline, list[str], str]:
    """A pipeline whose first execution holds the gate while a second was overtaken by a third; the holder's token."""
    pipeline = Pipeline(trial, gate(), gate("Final"))
    first = pipeline.first()
    token = pipeline.held(first)
    second = pipeline.start()
    pipeline.waits(second)
    third = pipeline.start()
    pipeline.waits(third)
    return pipeline, [first, second, third], token


@check
def who_waits_is_superseded(trial: Trial) -> None:
    """A newer execution that arrives takes the place of the one that waits, which is Superseded."""
    pipeline, (_, second, third), _ = crowded(trial)
    pipeline.ends(second, "Superseded")
    same("who waits", pipeline.waiting(), [third])
    same("the actions of the superseded one", pipeline.names(second), ["Fetch"])


@check
def who_is_inside_is_not_superseded(trial: Trial) -> None:
    """An execution inside a stage keeps it, however many newer ones arrive."""
    pipeline, (first, second, _), token = crowded(trial)
    pipeline.ends(second, "Superseded")
    same("the status of the holder", pipeline.status(first), "InProgress")
    same("who is inside", pipeline.inside("Gate"), (first, "InProgress"))
    pipeline.answer(token)
    pipeline.approve(first, "Final")
    pipeline.ends(first)


@check
def the_newest_goes_in_next(trial: Trial) -> None:
    """When the holder has left the stage, the one that waits goes in; two stages hold two executions at once."""
    pipeline, (first, _, third), token = crowded(trial)
    pipeline.answer(token)
    pipeline.held(third)
    pipeline.held(first, "Final")
    same("who is in the first gate", pipeline.inside("Gate"), (third, "InProgress"))
    same("who is in the final gate", pipeline.inside("Final"), (first, "InProgress"))
    same("who still waits", pipeline.waiting(), [])


@check
def a_superseded_execution_is_over(trial: Trial) -> None:
    """Superseded is final: such an execution can be neither stopped nor retried."""
    pipeline, (_, second, _), _ = crowded(trial)
    pipeline.ends(second, "Superseded")
    named = {"pipelineName": pipeline.name, "pipelineExecutionId": second}
    refused(trial.client.stop_pipeline_execution, "PipelineExecutionNotStoppable", **named)
    refused(
        trial.client.retry_stage_execution,
        "NotLatestPipelineExecution",
        "StageNotRetryable",
        stageName="Gate",
        retryMode="FAILED_ACTIONS",
        **named,
    )
    same("its status afterwards", pipeline.status(second), "Superseded")


@check
def a_failure_lets_the_next_in(trial: Trial) -> None:
    """A failed execution gives the stage free at once, and keeps its own status."""
    pipeline = Pipeline(trial, gate())
    first = pipeline.first()
    token = pipeline.held(first)
    second = pipeline.start()
    pipeline.waits(second)
    pipeline.answer(token, "Rejected")
    pipeline.held(second)
    pipeline.ends(first, "Failed")
    same("who is inside", pipeline.inside("Gate"), (second, "InProgress"))
