"""Errors: the usual mistakes have their own codes, and change nothing."""

from collections.abc import Callable
from typing import Any

from stageline.testing.behaviour.check import check, holds, refused, same
from stageline.testing.behaviour.declare import Doc, approval, deploy, gate, kind, stage
from stageline.testing.behaviour.pipeline import Pipeline
from stageline.testing.behaviour.trial import Trial

STRUCTURE, STAGE, ACTION, SHAPE = "InvalidStructure", "InvalidStageDeclaration", "InvalidActionDeclaration", "Validation"


def wrong(trial: Trial, *codes: str, **document: Any) -> None:
    """A declaration is refused with a code and with words, and makes no pipeline."""
    message = refused(trial.client.create_pipeline, *codes, pipeline=document)
    holds("the refusal says why", message)
    refused(trial.client.get_pipeline, "PipelineNotFound", SHAPE, name=document["name"])


@check
def stages_are_two_at_least(trial: Trial) -> None:
    """A pipeline has two stages at least, and their names differ."""
    wrong(trial, STRUCTURE, **trial.document())
    wrong(trial, STRUCTURE, STAGE, **trial.document(gate(), gate()))
    wrong(trial, STRUCTURE, STAGE, SHAPE, **trial.document(stage("Empty")))


@check
def sources_come_first(trial: Trial) -> None:
    """The first stage has source actions and nothing else, and no later stage has any."""
    document = trial.document(gate())
    wrong(trial, STRUCTURE, **{**document, "stages": document["stages"][::-1]})
    mixed = stage("Source", trial.source(), approval())
    wrong(trial, STRUCTURE, **{**document, "stages": [mixed, gate()]})
    late = trial.source(name="Again", namespace="again", outputArtifacts=[{"name": "Also"}])
    wrong(trial, STRUCTURE, **trial.document(gate(), stage("Late", late)))


@check
def actions_have_names_of_their_own(trial: Trial) -> None:
    """Two actions of a stage cannot have one name; in different stages they can."""
    wrong(trial, STRUCTURE, STAGE, ACTION, **trial.document(stage("Gate", approval(), approval())))
    Pipeline(trial, gate(), gate("Final"))


@check
def action_types_must_be_there(trial: Trial) -> None:
    """An action of a type that does not exist is refused."""
    unknown = {"name": "Odd", "actionTypeId": kind("Deploy", "Nowhere")}
    wrong(trial, ACTION, **trial.document(stage("Gate", unknown)))
    wrong(trial, ACTION, **trial.document(stage("Gate", approval(actionTypeId={**kind("Approval", "Manual"), "version": "9"}))))


@check
def configurations_fit_their_type(trial: Trial) -> None:
    """A configuration has what its type requires and nothing that it does not know."""
    lacking = trial.source()
    del lacking["configuration"]["S3ObjectKey"]
    wrong(trial, ACTION, **trial.document(gate(), fetch=lacking))
    wrong(trial, ACTION, **trial.document(stage("Gate", approval(configuration={"Colour": "red"}))))
    wrong(trial, SHAPE, **trial.document(stage("Gate", approval(configuration={"CustomData": "x" * 1001}))))


@check
def artifacts_must_be_made_before(trial: Trial) -> None:
    """An input artifact is made by an action that has certainly ended before; an output has a name of its own."""
    wrong(trial, ACTION, **trial.document(stage("Ship", deploy(trial.bucket, "x", inputArtifacts=[{"name": "Nobody"}]))))
    twin = trial.source(name="Twin", namespace="twin")
    wrong(trial, ACTION, STRUCTURE, **trial.document(stages=[stage("Source", trial.source(), twin), gate()]))
    wrong(trial, ACTION, **trial.document(stage("Ship", deploy(trial.bucket, "x", inputArtifacts=[]))))
    many = [{"name": "Src"}, {"name": "Also"}]
    also = trial.source(name="Other", namespace="other", outputArtifacts=[{"name": "Also"}])
    ship = stage("Ship", deploy(trial.bucket, "x", inputArtifacts=many))
    wrong(trial, ACTION, **trial.document(stages=[stage("Source", trial.source(), also), ship]))


@check
def shapes_are_kept(trial: Trial) -> None:
    """Names, numbers and lists that the API's shapes do not allow are refused as a whole."""
    document = trial.document(gate())
    wrong(trial, SHAPE, **{**document, "name": "with a space"})
    wrong(trial, SHAPE, **{**document, "name": "x" * 101})
    wrong(trial, SHAPE, **{**document, "executionMode": "SOMETIMES"})
    wrong(trial, SHAPE, **trial.document(stage("Gate", approval(runOrder=0))))
    wrong(trial, SHAPE, **trial.document(stage("Gate", approval(runOrder=1000))))
    wrong(trial, SHAPE, **trial.document(stage("Gate", approval("no/slash"))))
    lacking = {name: value for name, value in document.items() if name != "roleArn"}
    wrong(trial, SHAPE, **lacking)


@check
def one_store_and_a_role(trial: Trial) -> None:
    """A pipeline has one artifact store, or one for each Region, not both and not none; its role must be takable."""
    document = trial.document(gate())
    stores = {trial.options.region: document["artifactStore"]}
    wrong(trial, STRUCTURE, SHAPE, **{**document, "artifactStores": stores})
    wrong(trial, STRUCTURE, SHAPE, **{name: value for name, value in document.items() if name != "artifactStore"})
    absent = trial.account.role.rpartition("/")[0] + f"/{trial.name()}"
    wrong(trial, STRUCTURE, **{**document, "roleArn": absent})


@check
def a_name_is_taken_once(trial: Trial) -> None:
    """A second pipeline under a name is refused, and the first stays as it was."""
    pipeline = Pipeline(trial, gate())
    first = pipeline.first()
    token = pipeline.held(first)
    again = {**pipeline.document, "stages": [pipeline.document["stages"][0], gate("Other")]}
    refused(trial.client.create_pipeline, "PipelineNameInUse", pipeline=again)
    same("the first", trial.client.get_pipeline(name=pipeline.name)["pipeline"]["stages"][1]["name"], "Gate")
    same("its approval", pipeline.shown().get("token"), token)


@check
def who_is_not_there_is_not_found(trial: Trial) -> None:
    """Every operation that names a pipeline refuses one that is not there, with the code for it."""
    client, nobody = trial.client, trial.name()
    execution = "00000000-0000-4000-8000-000000000000"
    stage_named: Doc = {"pipelineName": nobody, "stageName": "Gate"}
    run_named: Doc = {"pipelineName": nobody, "pipelineExecutionId": execution}
    calls: list[tuple[Callable[..., Any], Doc]] = [
        (client.get_pipeline, {"name": nobody}),
        (client.get_pipeline_state, {"name": nobody}),
        (client.start_pipeline_execution, {"name": nobody}),
        (client.stop_pipeline_execution, run_named),
        (client.get_pipeline_execution, run_named),
        (client.list_pipeline_executions, {"pipelineName": nobody}),
        (client.list_action_executions, {"pipelineName": nobody}),
        (client.enable_stage_transition, {**stage_named, "transitionType": "Inbound"}),
        (client.retry_stage_execution, {**stage_named, "pipelineExecutionId": execution, "retryMode": "ALL_ACTIONS"}),
    ]
    for call, request in calls:
        holds("the refusal names the pipeline", nobody in refused(call, "PipelineNotFound", **request))
