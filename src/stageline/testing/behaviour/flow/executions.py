"""Executions: how they begin, pass from stage to stage, and end."""

import re
import uuid

from stageline.testing.behaviour.check import check, holds, same
from stageline.testing.behaviour.declare import approval, gate, stage
from stageline.testing.behaviour.pipeline import Pipeline
from stageline.testing.behaviour.trial import Trial

UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


@check
def creating_starts_once(trial: Trial) -> None:
    """Creating a pipeline starts it, exactly once."""
    pipeline = Pipeline(trial, gate())
    first = pipeline.first()
    pipeline.held(first)
    (only,) = pipeline.executions()
    same("the trigger", only["trigger"]["triggerType"], "CreatePipeline")
    same("the type of the execution", only.get("executionType"), "STANDARD")


@check
def a_start_is_recorded(trial: Trial) -> None:
    """A started execution has a UUID, the version, the mode, and who started it."""
    pipeline = Pipeline(trial, gate())
    execution = pipeline.start()
    holds("the id is a lower-case UUID", re.fullmatch(UUID, execution), execution)
    found = pipeline.execution(execution)
    same("the version", found["pipelineVersion"], 1)
    same("the mode", found["executionMode"], "SUPERSEDED")
    same("the trigger", found["trigger"]["triggerType"], "StartPipelineExecution")
    caller = trial.account.client("sts").get_caller_identity()["Arn"]
    same("who started it (triggerDetail)", found["trigger"].get("triggerDetail"), caller)


@check
def it_passes_all_stages_in_order(trial: Trial) -> None:
    """An execution passes the stages in order and ends as Succeeded after the last."""
    pipeline = Pipeline(trial, stage("Copy", trial.deploy()), gate())
    first = pipeline.first()
    pipeline.held(first)
    same("the status of a stage that was passed", pipeline.inside("Copy"), (first, "Succeeded"))
    same("the status of the execution on its way", pipeline.status(first), "InProgress")
    pipeline.approve(first)
    pipeline.ends(first)
    trial.becomes("the actions that ran", lambda: pipeline.names(first), ["Fetch", "Copy", "Approve"])
    same("the status of the last stage", pipeline.inside("Gate"), (first, "Succeeded"))


@check
def a_failed_action_fails_all_of_it(trial: Trial) -> None:
    """A failed action fails its stage and the execution, and later stages do not run."""
    pipeline = Pipeline(trial, gate(), gate("Later"))
    first = pipeline.first()
    pipeline.reject(first)
    pipeline.ends(first, "Failed")
    same("the status of the stage", pipeline.inside("Gate"), (first, "Failed"))
    same("who entered the later stage", pipeline.inside("Later"), ("", ""))
    holds("the later action never ran", "latestExecution" not in pipeline.stage("Later")["actionStates"][0])


@check
def siblings_of_a_failed_action_go_on(trial: Trial) -> None:
    """When one of several parallel actions fails, its siblings run to their end; only then is the stage Failed."""
    pipeline = Pipeline(trial, stage("Gate", approval("One"), approval("Two"), approval("After", runOrder=2)))
    first = pipeline.first()
    token = pipeline.held(first, "Gate", "Two")
    pipeline.reject(first, "Gate", "One")
    trial.becomes("the failed action", lambda: pipeline.shown("Gate", "One").get("status"), "Failed")
    same("the sibling of a failed action", pipeline.shown("Gate", "Two")["status"], "InProgress")
    same("the status of the execution", pipeline.status(first), "InProgress")
    pipeline.answer(token, at="Gate/Two")
    pipeline.ends(first, "Failed")
    same("the sibling at the end", pipeline.shown("Gate", "Two")["status"], "Succeeded")
    same("the run of the next run order", pipeline.shown("Gate", "After"), {})


@check
def run_orders_follow_one_another(trial: Trial) -> None:
    """Actions of the lowest run order start together; the next start when all of those have succeeded."""
    pipeline = Pipeline(trial, stage("Gate", approval("Late", runOrder=5), approval("One"), approval("Two")))
    first = pipeline.first()
    token = pipeline.held(first, "Gate", "Two")
    pipeline.approve(first, "Gate", "One")
    trial.becomes("the first approval", lambda: pipeline.shown("Gate", "One")["status"], "Succeeded")
    same("the later action while one of the group runs", pipeline.shown("Gate", "Late"), {})
    pipeline.answer(token, at="Gate/Two")
    pipeline.approve(first, "Gate", "Late")
    pipeline.ends(first)


@check
def a_client_token_starts_once(trial: Trial) -> None:
    """The same clientRequestToken again starts nothing and answers the same execution."""
    pipeline = Pipeline(trial, gate())
    token = str(uuid.uuid4())
    first = pipeline.start(clientRequestToken=token)
    same("the second answer", pipeline.start(clientRequestToken=token), first)
    same("how many executions StartPipelineExecution started", _started(pipeline), 1)
    holds("another token starts another", pipeline.start(clientRequestToken=str(uuid.uuid4())) != first)


def _started(pipeline: Pipeline) -> int:
    return sum(1 for each in pipeline.executions() if each["trigger"]["triggerType"] == "StartPipelineExecution")


@check
def a_source_that_is_not_there_fails(trial: Trial) -> None:
    """A source action that cannot get its object fails with a reason, and nothing else runs."""
    pipeline = Pipeline(trial, gate(), fetch=trial.source(configuration={"S3ObjectKey": f"{trial.target()}/missing.zip"}))
    first = pipeline.first()
    pipeline.ends(first, "Failed")
    details = pipeline.shown("Source", "Fetch").get("errorDetails", {})
    holds("the failed action has an error code and a message", details.get("code") and details.get("message"), details)
    same("who entered the next stage", pipeline.inside("Gate"), ("", ""))


@check
def all_sources_run(trial: Trial) -> None:
    """Every source action runs in every execution, and one revision of each is recorded."""
    other = trial.source(name="Other", namespace="other", outputArtifacts=[{"name": "Also"}])
    document = [{"name": "Source", "actions": [trial.source(), other]}, gate()]
    pipeline = Pipeline(trial, stages=document)
    first = pipeline.first()
    pipeline.held(first)
    recorded = [each["name"] for each in pipeline.execution(first)["artifactRevisions"]]
    same("the artifacts with a revision", sorted(recorded), ["Also", "Src"])
