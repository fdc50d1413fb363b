"""Updating a pipeline, also while it runs."""

from stageline.testing.behaviour.check import check, refused, same
from stageline.testing.behaviour.declare import gate, stage
from stageline.testing.behaviour.pipeline import Pipeline
from stageline.testing.behaviour.trial import Trial
from stageline.testing.behaviour.worker import Worker


@check
def it_starts_nothing(trial: Trial) -> None:
    """An update starts no execution."""
    pipeline = Pipeline(trial, gate())
    first = pipeline.first()
    pipeline.approve(first)
    pipeline.ends(first)
    pipeline.update()
    same("how many executions there are", len(pipeline.executions()), 1)


@check
def the_next_execution_is_of_the_new_version(trial: Trial) -> None:
    """Executions that are started afterwards follow the new declaration."""
    pipeline = Pipeline(trial, gate())
    first = pipeline.first()
    pipeline.approve(first)
    pipeline.ends(first)
    pipeline.update(stages=[pipeline.document["stages"][0], gate("Other")])
    second = pipeline.start()
    pipeline.held(second, "Other")
    same("the version of the new execution", pipeline.execution(second)["pipelineVersion"], 2)
    same("the version of the old one", pipeline.execution(first)["pipelineVersion"], 1)
    same("the stages of the state", [each["stageName"] for each in pipeline.state()], ["Source", "Other"])


@check
def who_waits_is_cancelled(trial: Trial) -> None:
    """An update cancels executions that wait in front of a stage, at once, even when nothing changes."""
    pipeline = Pipeline(trial, gate())
    pipeline.held(pipeline.first())
    second = pipeline.start()
    pipeline.waits(second)
    pipeline.update()
    pipeline.ends(second, "Cancelled")
    pipeline.waits()


@check
def who_is_inside_may_finish_its_action(trial: Trial) -> None:
    """An update lets the action in progress end; then the execution is Cancelled, and its next stage does not run."""
    worker = Worker(trial)
    pipeline = Pipeline(trial, stage("Work", worker.action()), gate("Final"))
    first = pipeline.first()
    job = worker.take()
    pipeline.update()
    same("the action after the update", pipeline.shown("Work", "Work").get("status"), "InProgress")
    worker.succeed(job)
    pipeline.ends(first, "Cancelled")
    same("the action at the end", pipeline.run(first, "Work")["status"], "Succeeded")
    same("who entered the next stage", pipeline.inside("Final"), ("", ""))


@check
def a_wrong_update_changes_nothing(trial: Trial) -> None:
    """An update that is refused leaves version, declaration and executions as they are."""
    pipeline = Pipeline(trial, gate())
    first = pipeline.first()
    token = pipeline.held(first)
    wrong = {**pipeline.document, "stages": pipeline.document["stages"][:1]}
    refused(trial.client.update_pipeline, "InvalidStructure", pipeline=wrong)
    found = trial.client.get_pipeline(name=pipeline.name)["pipeline"]
    same("the version", found["version"], 1)
    same("the number of stages", len(found["stages"]), 2)
    pipeline.answer(token)
    pipeline.ends(first)


@check
def only_what_is_there(trial: Trial) -> None:
    """A pipeline that does not exist is not updated, and not made."""
    document = trial.document(gate())
    refused(trial.client.update_pipeline, "PipelineNotFound", "ResourceNotFound", "Validation", pipeline=document)
    refused(trial.client.get_pipeline, "PipelineNotFound", name=document["name"])
