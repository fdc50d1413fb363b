"""PARALLEL: every execution for itself."""

from typing import Any

from stageline.testing.behaviour.check import check, holds, refused, same, slow_check
from stageline.testing.behaviour.declare import condition, gate, rule
from stageline.testing.behaviour.pipeline import Pipeline
from stageline.testing.behaviour.trial import Trial

LIMIT = 50


def parallel(trial: Trial, *stages: dict[str, Any]) -> Pipeline:
    """A pipeline in this mode."""
    return Pipeline(trial, *(stages or (gate(),)), executionMode="PARALLEL")


def token(pipeline: Pipeline, execution: str) -> str:
    """The token of an approval that waits: in this mode it is the external id of the action's run."""

    def look() -> str:
        found = [each for each in pipeline.runs(execution) if each["actionName"] == "Approve" and each["status"] == "InProgress"]
        result = found[-1].get("output", {}).get("executionResult", {}) if found else {}
        return str(result.get("externalExecutionId", ""))

    return str(pipeline.trial.until("an approval with an externalExecutionId in ListActionExecutions", look))


@check
def all_run_at_once(trial: Trial) -> None:
    """Executions do not wait for each other: several are inside the same stage at once."""
    pipeline = parallel(trial)
    executions = [pipeline.first(), pipeline.start(), pipeline.start()]
    tokens = {execution: token(pipeline, execution) for execution in executions}
    same("how many different tokens there are", len(set(tokens.values())), 3)
    same("the statuses", {pipeline.status(each) for each in executions}, {"InProgress"})


@check
def an_approval_ends_its_own_only(trial: Trial) -> None:
    """The external id of an approval's run is its token, for this execution alone; the last may end first."""
    pipeline = parallel(trial)
    first, second = pipeline.first(), pipeline.start()
    held = token(pipeline, first)
    pipeline.answer(token(pipeline, second))
    pipeline.ends(second)
    same("the other execution", pipeline.status(first), "InProgress")
    pipeline.answer(held)
    pipeline.ends(first)


@check
def the_state_has_no_token(trial: Trial) -> None:
    """The pipeline's state shows no approval token in this mode."""
    pipeline = parallel(trial)
    token(pipeline, pipeline.first())
    holds("GetPipelineState has no token", "token" not in pipeline.shown(), pipeline.shown())


@check
def an_update_leaves_them_alone(trial: Trial) -> None:
    """Executions go on, with the version with which they began, when the pipeline is updated."""
    pipeline = parallel(trial)
    first = pipeline.first()
    held = token(pipeline, first)
    pipeline.update(stages=[*pipeline.document["stages"], gate("Added")])
    same("the status after the update", pipeline.status(first), "InProgress")
    pipeline.answer(held)
    same("its version", pipeline.ends(first)["pipelineVersion"], 1)


@check
def a_stop_leaves_the_others(trial: Trial) -> None:
    """Stopping one execution leaves the others."""
    pipeline = parallel(trial)
    first, second = pipeline.first(), pipeline.start()
    token(pipeline, first)
    token(pipeline, second)
    pipeline.stop(first, abandon=True)
    pipeline.ends(first, "Stopped")
    same("the other execution", pipeline.status(second), "InProgress")


@check
def each_can_be_retried(trial: Trial) -> None:
    """A failed execution can be retried although a newer one has been in the stage."""
    pipeline = parallel(trial)
    first = pipeline.first()
    pipeline.answer(token(pipeline, first), "Rejected")
    pipeline.ends(first, "Failed")
    second = pipeline.start()
    token(pipeline, second)
    same("the answer of the retry", pipeline.retry(first), first)
    pipeline.answer(token(pipeline, first))
    pipeline.ends(first)


@check
def nothing_is_rolled_back(trial: Trial) -> None:
    """A stage of such a pipeline cannot be rolled back, by hand or by a declared result."""
    document = trial.document(gate(onFailure={"result": "ROLLBACK"}), executionMode="PARALLEL")
    refused(trial.client.create_pipeline, "InvalidStructure", "InvalidStageDeclaration", pipeline=document)
    wanted = condition("ROLLBACK", rule("#{codepipeline.PipelineExecutionId}", "x"))
    document = trial.document(gate(onSuccess=wanted), executionMode="PARALLEL")
    refused(trial.client.create_pipeline, "InvalidStructure", "InvalidStageDeclaration", pipeline=document)
    pipeline = parallel(trial)
    first = pipeline.first()
    pipeline.answer(token(pipeline, first))
    pipeline.ends(first)
    refused(
        trial.client.rollback_stage,
        "UnableToRollbackStage",
        pipelineName=pipeline.name,
        stageName="Gate",
        targetPipelineExecutionId=first,
    )


@slow_check
def fifty_at_most(trial: Trial) -> None:
    """At most fifty executions are in progress at once; one more is refused."""
    pipeline = parallel(trial)
    token(pipeline, pipeline.first())
    for _ in range(LIMIT - 1):
        pipeline.start()
    refused(trial.client.start_pipeline_execution, "ConcurrentPipelineExecutionsLimitExceeded", name=pipeline.name)
