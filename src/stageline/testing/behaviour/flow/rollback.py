"""Rolling a stage back: a new execution with the artifacts of an older one, in this stage only."""

from stageline.testing.behaviour.check import check, holds, refused, same
from stageline.testing.behaviour.declare import approval, gate, stage, variable
from stageline.testing.behaviour.pipeline import Pipeline
from stageline.testing.behaviour.trial import Trial


def back(pipeline: Pipeline, target: str, name: str = "Ship") -> str:
    """Roll a stage back to an execution; the id of the new one."""
    answer = pipeline.client.rollback_stage(pipelineName=pipeline.name, stageName=name, targetPipelineExecutionId=target)
    return str(answer["pipelineExecutionId"])


def refuse(pipeline: Pipeline, target: str, *codes: str, name: str = "Ship") -> None:
    """A rollback is refused with one of the codes."""
    refused(
        pipeline.client.rollback_stage,
        *codes,
        pipelineName=pipeline.name,
        stageName=name,
        targetPipelineExecutionId=target,
    )


def shipped(trial: Trial) -> tuple[Pipeline, str]:
    """A pipeline that has deployed once, in a stage before the last."""
    trial.put(b"first")
    pipeline = Pipeline(trial, stage("Ship", trial.deploy()), gate("Final"))
    first = pipeline.first()
    pipeline.approve(first, "Final")
    pipeline.ends(first)
    return pipeline, first


@check
def it_is_an_execution_of_its_own(trial: Trial) -> None:
    """A rollback is a new execution of type ROLLBACK that names its target, started by hand."""
    pipeline, first = shipped(trial)
    new = back(pipeline, first)
    holds("it has an id of its own", new != first, new)
    found = pipeline.ends(new)
    same("its type", found.get("executionType"), "ROLLBACK")
    same("its target", found.get("rollbackMetadata", {}).get("rollbackTargetPipelineExecutionId"), first)
    same("its trigger", found["trigger"]["triggerType"], "ManualRollback")
    listed = pipeline.summary(new)
    same("its type in the list", listed.get("executionType"), "ROLLBACK")
    same("the status of the target", pipeline.status(first), "Succeeded")


@check
def it_takes_the_bits_of_its_target(trial: Trial) -> None:
    """A rollback works with the artifacts of its target, though the source has moved on."""
    pipeline, first = shipped(trial)
    trial.put(b"second")
    second = pipeline.start()
    pipeline.approve(second, "Final")
    pipeline.ends(second)
    same("what was deployed before", trial.read(trial.target()), b"second")
    pipeline.ends(back(pipeline, first))
    same("what is deployed after", trial.read(trial.target()), b"first")


@check
def it_takes_the_variables_of_its_target(trial: Trial) -> None:
    """A rollback works with the variables of its target."""
    trial.put(b"any")
    ship = stage("Ship", trial.deploy(f"{trial.target()}/#{{variables.where}}"))
    pipeline = Pipeline(trial, ship, variables=[variable("where", "one")])
    first = pipeline.first()
    pipeline.ends(first)
    second = pipeline.start(variables=[{"name": "where", "value": "two"}])
    pipeline.ends(second)
    new = back(pipeline, first)
    pipeline.ends(new)
    resolved = pipeline.run(new, "Copy")["input"]["resolvedConfiguration"]["ObjectKey"]
    same("the resolved key", resolved, f"{trial.target()}/one")


@check
def it_runs_this_stage_only(trial: Trial) -> None:
    """A rollback runs the actions of the named stage and ends: no source before, no stage after."""
    pipeline, first = shipped(trial)
    new = back(pipeline, first)
    pipeline.ends(new)
    trial.becomes("the actions of the rollback", lambda: pipeline.names(new), ["Copy"])
    same("who was last in the stage", pipeline.inside("Ship"), (new, "Succeeded"))
    same("who was last in the next stage", pipeline.inside("Final"), (first, "Succeeded"))


@check
def not_the_source(trial: Trial) -> None:
    """The source stage cannot be rolled back, nor one that is not there."""
    pipeline, first = shipped(trial)
    refuse(pipeline, first, "UnableToRollbackStage", "Validation", name="Source")
    refuse(pipeline, first, "StageNotFound", name="Nowhere")


@check
def only_to_what_succeeded_there(trial: Trial) -> None:
    """The target must exist and have succeeded in the stage."""
    pipeline = Pipeline(trial, gate("Ship"))
    first = pipeline.first()
    pipeline.reject(first, "Ship")
    pipeline.ends(first, "Failed")
    refuse(pipeline, first, "UnableToRollbackStage")
    refuse(pipeline, "00000000-0000-4000-8000-000000000000", "PipelineExecutionNotFound")
    nobody = {"pipelineName": trial.name(), "stageName": "Ship", "targetPipelineExecutionId": first}
    refused(trial.client.rollback_stage, "PipelineNotFound", **nobody)


@check
def not_to_a_rollback(trial: Trial) -> None:
    """A rollback is no target of a rollback."""
    pipeline, first = shipped(trial)
    new = back(pipeline, first)
    pipeline.ends(new)
    refuse(pipeline, new, "UnableToRollbackStage")


@check
def not_after_an_update(trial: Trial) -> None:
    """The target must have run under the pipeline's present version."""
    pipeline, first = shipped(trial)
    pipeline.update()
    refuse(pipeline, first, "PipelineExecutionOutdated", "UnableToRollbackStage")


@check
def not_while_the_stage_is_busy(trial: Trial) -> None:
    """A stage in which an execution is at work is not rolled back."""
    pipeline = Pipeline(trial, stage("Ship", approval()))
    first = pipeline.first()
    pipeline.approve(first, "Ship")
    pipeline.ends(first)
    second = pipeline.start()
    pipeline.held(second, "Ship")
    refuse(pipeline, first, "UnableToRollbackStage", "Conflict")
    same("the one inside", pipeline.inside("Ship"), (second, "InProgress"))
