"""Variables: declared, overridden, made by actions, resolved when an action starts."""

from typing import Any

from botocore.exceptions import ClientError

from stageline.testing.behaviour.check import check, holds, refused, same
from stageline.testing.behaviour.declare import Doc, approval, gate, stage, variable
from stageline.testing.behaviour.pipeline import Pipeline
from stageline.testing.behaviour.trial import Trial
from stageline.testing.behaviour.worker import Worker

Texts = dict[str, str]


def asking(text: str, **more: Any) -> Doc:
    """An approval whose configuration has a text with references."""
    return approval(configuration={"CustomData": text}, **more)


def resolved(pipeline: Pipeline, execution: str) -> Texts:
    """The resolved configuration of that approval, once it waits."""
    pipeline.held(execution)
    return dict(pipeline.run(execution, "Approve")["input"]["resolvedConfiguration"])


@check
def defaults_and_overrides(trial: Trial) -> None:
    """A variable has its default value, or the value with which the execution was started."""
    pipeline = Pipeline(trial, gate(), variables=[variable("color", "red"), variable("size", "small")])
    first = pipeline.first()
    second = pipeline.start(variables=[{"name": "size", "value": "large"}])
    values = [
        {each["name"]: each["resolvedValue"] for each in pipeline.execution(execution)["variables"]}
        for execution in (first, second)
    ]
    same("the values", values, [{"color": "red", "size": "small"}, {"color": "red", "size": "large"}])


@check
def only_what_is_declared(trial: Trial) -> None:
    """A start with a variable that is not declared is refused and starts nothing."""
    pipeline = Pipeline(trial, gate(), variables=[variable("color", "red")])
    pipeline.held(pipeline.first())
    wrong = [{"name": "colour", "value": "blue"}]
    refused(trial.client.start_pipeline_execution, "Validation", name=pipeline.name, variables=wrong)
    same("how many executions there are", len(pipeline.executions()), 1)


@check
def what_has_no_value_does_not_run(trial: Trial) -> None:
    """Without a value for a variable that has no default, the start is refused or the execution fails."""
    pipeline = Pipeline(trial, gate(), variables=[variable("must")])
    try:
        execution = pipeline.start()
    except ClientError as error:
        same("the refusal", error.response["Error"]["Code"], "ValidationException")
    else:
        pipeline.ends(execution, "Failed")
    given = pipeline.start(variables=[{"name": "must", "value": "given"}])
    pipeline.held(given)


@check
def an_action_sees_their_values(trial: Trial) -> None:
    """References in a configuration are replaced when the action starts; the history keeps the written and the resolved text."""
    text = "#{variables.color}, #{variables.color} and #{variables.size}"
    variables = [variable("color", "red"), variable("size", "small")]
    pipeline = Pipeline(trial, stage("Gate", asking(text)), variables=variables)
    first = pipeline.first()
    same("the resolved text", resolved(pipeline, first)["CustomData"], "red, red and small")
    same("the written text", pipeline.run(first, "Approve")["input"]["configuration"]["CustomData"], text)
    written = trial.client.get_pipeline(name=pipeline.name)["pipeline"]["stages"][1]["actions"][0]["configuration"]
    same("the declaration", written["CustomData"], text)


@check
def they_steer_what_is_done(trial: Trial) -> None:
    """A deploy to a key with a reference goes where the value says."""
    trial.put(b"steered")
    key = f"{trial.target()}/#{{variables.name}}/#{{codepipeline.PipelineExecutionId}}"
    pipeline = Pipeline(trial, stage("Ship", trial.deploy(key)), variables=[variable("name", "here")])
    first = pipeline.first()
    pipeline.ends(first)
    same("what is at the key", trial.read(f"{trial.target()}/here/{first}"), b"steered")


@check
def values_are_not_resolved_again(trial: Trial) -> None:
    """A value that looks like a reference stays as it is: references are resolved in one pass."""
    tricky = "#{codepipeline.PipelineExecutionId}"
    pipeline = Pipeline(trial, stage("Gate", asking("<#{variables.text}>")), variables=[variable("text", "plain")])
    pipeline.approve(pipeline.first())
    second = pipeline.start(variables=[{"name": "text", "value": tricky}])
    same("the resolved text", resolved(pipeline, second)["CustomData"], f"<{tricky}>")


@check
def a_source_has_variables(trial: Trial) -> None:
    """An S3 source records its version id and ETag as output variables, and later actions can name them by its namespace."""
    version = trial.put(b"variables")
    pipeline = Pipeline(trial, stage("Gate", asking("#{src.VersionId}")))
    first = pipeline.first()
    same("the resolved text", resolved(pipeline, first)["CustomData"], version)
    made = pipeline.run(first, "Fetch")["output"]["outputVariables"]
    same("VersionId", made.get("VersionId"), version)
    etag = trial.s3.head_object(Bucket=trial.bucket, Key=trial.key)["ETag"].strip('"')
    same("ETag", made.get("ETag", "").strip('"'), etag)


@check
def executions_do_not_mix(trial: Trial) -> None:
    """Each execution has its own values, and its own id in the namespace codepipeline."""
    text = "#{variables.color} #{codepipeline.PipelineExecutionId}"
    ship, final = stage("Gate", asking(text)), gate("Final")
    pipeline = Pipeline(trial, ship, final, variables=[variable("color", "red")])
    first = pipeline.first()
    pipeline.approve(first)
    pipeline.held(first, "Final")
    second = pipeline.start(variables=[{"name": "color", "value": "blue"}])
    same("the second", resolved(pipeline, second)["CustomData"], f"blue {second}")
    same("the first", pipeline.run(first, "Approve")["pipelineExecutionId"], first)
    runs = [each for each in pipeline.runs(first) if each["stageName"] == "Gate"]
    same("the first's text", runs[0]["input"]["resolvedConfiguration"]["CustomData"], f"red {first}")


@check
def a_key_that_is_not_there_fails(trial: Trial) -> None:
    """A reference to a key that its namespace does not have fails the action when it starts."""
    pipeline = Pipeline(trial, stage("Gate", asking("#{src.Nothing}")))
    first = pipeline.first()
    pipeline.ends(first, "Failed")
    same("the action", pipeline.shown().get("status"), "Failed")


@check
def a_namespace_that_is_not_there_is_refused(trial: Trial) -> None:
    """A reference to a namespace that nothing before the action fills is refused when the pipeline is declared."""
    refused(
        trial.client.create_pipeline,
        "InvalidActionDeclaration",
        pipeline=trial.document(stage("Gate", asking("#{nobody.Key}"))),
    )
    early = trial.document(stage("Gate", asking("#{late.Key}"), approval("Late", namespace="late")))
    refused(trial.client.create_pipeline, "InvalidActionDeclaration", pipeline=early)


@check
def namespaces_are_one_action_s(trial: Trial) -> None:
    """A namespace belongs to one action, is no artifact's name, and codepipeline is taken."""
    codes = ("InvalidActionDeclaration", "InvalidStructure")
    for namespace in ("src", "codepipeline", "Src"):
        document = trial.document(stage("Gate", approval(namespace=namespace)))
        refused(trial.client.create_pipeline, *codes, pipeline=document)


@check
def sources_do_not_know_them(trial: Trial) -> None:
    """A source action cannot name pipeline variables."""
    fetch = trial.source(configuration={"S3ObjectKey": "#{variables.key}"})
    document = trial.document(gate(), fetch=fetch, variables=[variable("key", "any.zip")])
    refused(trial.client.create_pipeline, "InvalidStructure", "InvalidActionDeclaration", pipeline=document)


@check
def they_need_the_second_type(trial: Trial) -> None:
    """A pipeline of type V1 declares no variables and is started with none."""
    document = trial.document(gate(), pipelineType="V1", variables=[variable("color", "red")])
    refused(trial.client.create_pipeline, "InvalidStructure", pipeline=document)
    pipeline = Pipeline(trial, gate(), pipelineType="V1")
    wrong = [{"name": "color", "value": "red"}]
    refused(trial.client.start_pipeline_execution, "Validation", name=pipeline.name, variables=wrong)


@check
def names_are_unique(trial: Trial) -> None:
    """Two variables of a pipeline cannot have one name."""
    document = trial.document(gate(), variables=[variable("color", "red"), variable("color", "blue")])
    refused(trial.client.create_pipeline, "InvalidStructure", "Validation", pipeline=document)


@check
def a_worker_has_variables(trial: Trial) -> None:
    """What a job worker gives as output variables is recorded, and later actions can name it."""
    worker = Worker(trial)
    pipeline = Pipeline(trial, stage("Work", worker.action(namespace="work")), stage("Gate", asking("v#{work.Version}!")))
    first = pipeline.first()
    worker.succeed(worker.take(), outputVariables={"Version": "1.2.3"})
    same("the resolved text", resolved(pipeline, first)["CustomData"], "v1.2.3!")
    same("the recorded ones", pipeline.run(first, "Work")["output"]["outputVariables"], {"Version": "1.2.3"})


@check
def a_retry_resolves_them_again(trial: Trial) -> None:
    """When the action that makes a variable is run again, later actions see its new value."""
    worker = Worker(trial)
    work = stage("Work", worker.action(namespace="work"), asking("#{work.Value}", runOrder=2))
    pipeline = Pipeline(trial, work)
    first = pipeline.first()
    worker.succeed(worker.take(), outputVariables={"Value": "one"})
    pipeline.reject(first, "Work")
    pipeline.ends(first, "Failed")
    pipeline.retry(first, "Work", "ALL_ACTIONS")
    worker.succeed(worker.take(), outputVariables={"Value": "two"})
    pipeline.held(first, "Work")
    texts = [
        each["input"]["resolvedConfiguration"]["CustomData"] for each in pipeline.runs(first) if each["actionName"] == "Approve"
    ]
    same("the resolved texts", texts, ["one", "two"])


@check
def fifty_at_most(trial: Trial) -> None:
    """A pipeline declares at most fifty variables, with values of at most 1000 characters."""
    many = [variable(f"v{number}", "x") for number in range(51)]
    message = refused(
        trial.client.create_pipeline, "Validation", "InvalidStructure", pipeline=trial.document(gate(), variables=many)
    )
    holds("the refusal says why", message)
    long = trial.document(gate(), variables=[variable("v", "x" * 1001)])
    refused(trial.client.create_pipeline, "Validation", "InvalidStructure", pipeline=long)
