"""Which declarations are refused, and in which words: one row a rule."""

from copy import deepcopy
from typing import Any

import pytest

from stageline.core.pipeline.actiontype import ActionType, Property
from stageline.core.pipeline.effects import Refusal
from stageline.core.pipeline.validate import validate

REGION = "us-east-1"
TYPES = [
    ActionType(
        "Source", "AWS", "S3", properties=(Property("S3Bucket", required=True), Property("Poll", kind="Boolean")), outputs=(1, 1)
    ),
    ActionType("Source", "Custom", "Own", outputs=(1, 1)),
    ActionType(
        "Build",
        "AWS",
        "CodeBuild",
        properties=(
            Property("ProjectName", required=True),
            Property("PrimarySource"),
            Property("Batch", kind="Boolean"),
            Property("Depth", kind="Number"),
        ),
        inputs=(1, 5),
        outputs=(0, 5),
    ),
    ActionType("Build", "Custom", "Jenkins", properties=(Property("Job", queryable=True, required=True),), inputs=(0, 5)),
    ActionType("Approval", "AWS", "Manual", properties=(Property("NotificationArn"), Property("CustomData"))),
    ActionType("Deploy", "AWS", "S3", properties=(Property("BucketName", required=True),), inputs=(1, 1)),
    ActionType("Deploy", "AWS", "EC2", inputs=(1, 1), v2_only=True),
    ActionType("Compute", "AWS", "Commands", inputs=(1, 10), outputs=(0, 1), v2_only=True),
]
CATALOG = {kind.id: kind for kind in TYPES}


def action(name: str, kind: str = "Build/AWS/CodeBuild", **more: Any) -> dict[str, Any]:
    category, owner, provider = kind.split("/")
    needed = {
        "Build/AWS/CodeBuild": {"ProjectName": "p"},
        "Source/AWS/S3": {"S3Bucket": "b"},
        "Deploy/AWS/S3": {"BucketName": "b"},
    }
    return {
        "name": name,
        "actionTypeId": {"category": category, "owner": owner, "provider": provider, "version": "1"},
        "runOrder": 1,
        "configuration": {**needed.get(kind, {}), **more.pop("configuration", {})},
        "inputArtifacts": [{"name": each} for each in more.pop("inputs", ())],
        "outputArtifacts": [{"name": each} for each in more.pop("outputs", ())],
        **more,
    }


def fetch(**more: Any) -> dict[str, Any]:
    return action("Fetch", "Source/AWS/S3", **{"outputs": ["Src"], **more})


def pipeline(*stages: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    names = ("Source", "Build", "Deploy", "More", "Still", "Last")
    given = list(stages) or [
        [fetch()],
        [action("Compile", inputs=["Src"], outputs=["Out"])],
        [action("Copy", "Deploy/AWS/S3", inputs=["Out"])],
    ]
    return {
        "name": "shop",
        "roleArn": "arn:aws:iam::000000000000:role/r",
        "artifactStore": {"type": "S3", "location": "artifacts"},
        "pipelineType": "V2",
        "executionMode": "SUPERSEDED",
        "stages": [{"name": name, "actions": actions} for name, actions in zip(names, given, strict=False)],
        **more,
    }


def compile_with(**more: Any) -> dict[str, Any]:
    return pipeline([fetch()], [action("Compile", **{"inputs": ["Src"], **more})])


def commands(**more: Any) -> dict[str, Any]:
    given = {"inputs": ["Src"], "commands": ["make"], **more}
    return pipeline([fetch(namespace="src")], [action("Run", "Compute/AWS/Commands", **given)])


def approve_with(topic: str) -> dict[str, Any]:
    return pipeline([fetch()], [action("Gate", "Approval/AWS/Manual", configuration={"NotificationArn": topic})])


def verdict(document: dict[str, Any]) -> Refusal | None:
    before = deepcopy(document)
    found = validate(document, CATALOG.get, region=REGION)
    assert document == before, "validation changes nothing"
    return found


def changed(**more: Any) -> dict[str, Any]:
    return pipeline(**more)


def stages_with(index: int, **more: Any) -> dict[str, Any]:
    document = pipeline()
    document["stages"][index].update(more)
    return document


MANY = [{"name": f"S{number}", "actions": [action("A", "Approval/AWS/Manual")]} for number in range(50)]
NAMESPACE = (
    "Valid format for a pipeline execution variable reference is a namespace and a key separated by a period (.). "
    "The following pipeline execution variables are referencing a namespace that does not exist.\n"
    "StageName=[Build], ActionName=[Compile], ActionConfigurationKey=[ProjectName], VariableReferenceText=[{}]"
)
NOWHERE = NAMESPACE.partition("StageName")[0]
STORE = {"type": "S3", "location": "artifacts"}


def unknown_type(kind: str) -> dict[str, Any]:
    return pipeline([action("Download-Source", kind, outputs=["Src"])], [action("Compile", inputs=["Src"])])


VALID: dict[str, dict[str, Any]] = {
    "plain": pipeline(),
    "two stages": compile_with(),
    "fifty stages": {**pipeline(), "stages": [*pipeline()["stages"][:1], *MANY[:49]]},
    "the same action name in two stages": pipeline([fetch()], [action("A", inputs=["Src"])], [action("A", inputs=["Src"])]),
    "an input of a lower run order": pipeline(
        [fetch()], [action("A", inputs=["Src"], outputs=["X"]), action("B", inputs=["X"], runOrder=2)]
    ),
    "declared out of run order": pipeline(
        [fetch()], [action("B", inputs=["X"], runOrder=2), action("A", inputs=["Src"], outputs=["X"])]
    ),
    "several stores": {**changed(artifactStores={REGION: STORE, "eu-west-1": STORE}), "artifactStore": None},
    "its own region": compile_with(region=REGION),
    "five inputs with a primary": pipeline(
        [fetch(), action("Two", "Source/AWS/S3", outputs=["Src2"])],
        [action("Compile", inputs=["Src", "Src2"], configuration={"PrimarySource": "Src2"})],
    ),
    "an output of another stage twice read": pipeline([fetch()], [action("A", inputs=["Src"]), action("B", inputs=["Src"])]),
    "a boolean by variable": compile_with(configuration={"Batch": "#{codepipeline.PipelineExecutionId}"}),
    "booleans in any case": compile_with(configuration={"Batch": "TRUE"}),
    "variables of the pipeline": changed(variables=[{"name": "A", "defaultValue": "1"}]),
    "a variable used": {
        **compile_with(configuration={"ProjectName": "#{variables.A}"}),
        "variables": [{"name": "A", "defaultValue": "1"}],
    },
    "a namespace used": pipeline(
        [fetch(namespace="src")], [action("Compile", inputs=["Src"], configuration={"ProjectName": "#{src.VersionId}"})]
    ),
    "a namespace of the same stage, earlier": pipeline(
        [fetch()],
        [
            action("A", inputs=["Src"], namespace="a"),
            action("Compile", inputs=["Src"], runOrder=2, configuration={"ProjectName": "#{a.X}"}),
        ],
    ),
    "text that is no reference": compile_with(configuration={"ProjectName": "#{open ${x} # {y} {z}"}),
    "the namespace variables without variables": pipeline([fetch(namespace="variables")], [action("Compile", inputs=["Src"])]),
    "an execution id in a source": pipeline(
        [fetch(configuration={"S3Bucket": "#{codepipeline.PipelineExecutionId}"})], [action("Compile", inputs=["Src"])]
    ),
    "a topic": approve_with(f"arn:aws:sns:{REGION}:000000000000:topic"),
    "a timeout of an approval": pipeline([fetch()], [action("Gate", "Approval/AWS/Manual", timeoutInMinutes=5)]),
    "V1": changed(pipelineType="V1"),
    "queued": changed(executionMode="QUEUED"),
    "commands": pipeline([fetch()], [action("Run", "Compute/AWS/Commands", inputs=["Src"], commands=["make"])]),
    "commands with files": pipeline(
        [fetch()],
        [
            {
                **action("Run", "Compute/AWS/Commands", inputs=["Src"], commands=["make"]),
                "outputArtifacts": [{"name": "X", "files": ["a"]}],
            }
        ],
    ),
    "a queryable value": pipeline([fetch()], [action("J", "Build/Custom/Jenkins", configuration={"Job": "a-b_9"})]),
    "empty blockers": stages_with(1, blockers=[]),
}


@pytest.mark.parametrize("document", VALID.values(), ids=VALID)
def test_accepted(document: dict[str, Any]) -> None:
    assert verdict({key: value for key, value in document.items() if value is not None}) is None


Row = tuple[dict[str, Any], str, str]
REFUSED: dict[str, Row] = {
    "S1 no stage": (
        changed(stages=[]),
        "InvalidStructure",
        "Pipeline has only 0 stage(s). There should be a minimum of 2 stages in a pipeline",
    ),
    "S1 one stage": (
        pipeline([fetch()]),
        "InvalidStructure",
        "Pipeline has only 1 stage(s). There should be a minimum of 2 stages in a pipeline",
    ),
    "S1 51 stages": (
        {**pipeline(), "stages": [*pipeline()["stages"][:1], *MANY]},
        "InvalidStructure",
        "Pipeline has 51 stages. There should be a maximum of 50 stages in a pipeline",
    ),
    "S2": (
        stages_with(2, name="Build"),
        "InvalidStructure",
        "Stage names must be unique within the pipeline. The following stage name is already in use: Build",
    ),
    "S3 none": (
        stages_with(1, actions=[]),
        "InvalidStageDeclaration",
        "Stage 'Build' has no actions. There should be a minimum of 1 action in a stage",
    ),
    "S3 none in the first": (
        stages_with(0, actions=[]),
        "InvalidStageDeclaration",
        "Stage 'Source' has no actions. There should be a minimum of 1 action in a stage",
    ),
    "S3 51": (
        stages_with(1, actions=[action(f"A{number}", inputs=["Src"]) for number in range(51)]),
        "InvalidStageDeclaration",
        "Stage 'Build' has 51 actions. There should be a maximum of 50 actions in a stage",
    ),
    "S4": (
        pipeline([action("Compile", "Build/Custom/Jenkins")], [action("Gate", "Approval/AWS/Manual")]),
        "InvalidStructure",
        "Pipeline should start with a stage that only contains source actions",
    ),
    "S4 mixed": (
        pipeline([fetch(), action("Gate", "Approval/AWS/Manual")], [action("Compile", inputs=["Src"])]),
        "InvalidStructure",
        "Pipeline should start with a stage that only contains source actions",
    ),
    "S5": (
        pipeline([fetch()], [action("Again", "Source/AWS/S3", outputs=["X"])]),
        "InvalidStructure",
        "Source action Again is in stage Build. Source actions are only allowed in the first stage of a pipeline",
    ),
    "S7": (
        pipeline([fetch()], [action("A", inputs=["Src"]), action("A", inputs=["Src"], runOrder=2)]),
        "InvalidActionDeclaration",
        "Action names must be unique within the stage 'Build'. The action name A has been used more than once",
    ),
    "S8": (
        pipeline([fetch()], [action("A", inputs=["Src"], outputs=["Src"])]),
        "InvalidActionDeclaration",
        "Output Artifact Bundle name must be unique within the pipeline. Src has been used more than once.",
    ),
    "S9 nobody makes it": (
        compile_with(inputs=["Other"]),
        "InvalidActionDeclaration",
        "Input Artifact Bundle Other in action Compile is not declared as Output Artifact Bundle in any of the preceding actions",
    ),
    "S9 the same run order": (
        pipeline([fetch()], [action("A", inputs=["Src"], outputs=["X"]), action("B", inputs=["X"])]),
        "InvalidActionDeclaration",
        "Input Artifact Bundle X in action B is not declared as Output Artifact Bundle in any of the preceding actions",
    ),
    "S9 a later stage": (
        pipeline([fetch()], [action("B", inputs=["X"])], [action("A", inputs=["Src"], outputs=["X"])]),
        "InvalidActionDeclaration",
        "Input Artifact Bundle X in action B is not declared as Output Artifact Bundle in any of the preceding actions",
    ),
    "S9 itself": (
        compile_with(inputs=["X"], outputs=["X"]),
        "InvalidActionDeclaration",
        "Input Artifact Bundle X in action Compile is not declared as Output Artifact Bundle in any of the preceding actions",
    ),
    "S10 too few": (
        compile_with(inputs=[]),
        "InvalidActionDeclaration",
        "Action Compile declares 0 input artifacts which is less than the minimum count (1)",
    ),
    "S10 too many": (
        pipeline([fetch()], [action("Copy", "Deploy/AWS/S3", inputs=["Src", "Src"])]),
        "InvalidActionDeclaration",
        "Action Copy declares 2 input artifacts which is more than the maximum count (1)",
    ),
    "S10 outputs": (
        pipeline([fetch(outputs=[])], [action("Compile", inputs=["Src"])]),
        "InvalidActionDeclaration",
        "Action Fetch declares 0 output artifacts which is less than the minimum count (1)",
    ),
    "S10 outputs of an approval": (
        pipeline([fetch()], [action("Gate", "Approval/AWS/Manual", outputs=["X"])]),
        "InvalidActionDeclaration",
        "Action Gate declares 1 output artifacts which is more than the maximum count (0)",
    ),
    "S11": (
        unknown_type("Source/Custom/CustomSourceForGit"),
        "InvalidActionDeclaration",
        "ActionType (Category: 'Source', Provider: 'CustomSourceForGit', Owner: 'Custom', Version: '1') "
        "in action 'Download-Source' is not available in region 'US_EAST_1'",
    ),
    "S11 the owner counts": (
        pipeline([fetch()], [action("J", "Build/AWS/Jenkins")]),
        "InvalidActionDeclaration",
        "ActionType (Category: 'Build', Provider: 'Jenkins', Owner: 'AWS', Version: '1') in action 'J' "
        "is not available in region 'US_EAST_1'",
    ),
    "S12 missing": (
        pipeline([fetch()], [{**action("Compile", inputs=["Src"]), "configuration": {}}]),
        "InvalidActionDeclaration",
        "Action configuration for action 'Compile' is missing required configuration 'ProjectName'",
    ),
    "S12 unknown": (
        compile_with(configuration={"Colour": "red"}),
        "InvalidActionDeclaration",
        "Action configuration for action 'Compile' contains unknown configuration 'Colour'",
    ),
    "S12 boolean": (
        compile_with(configuration={"Batch": "yes"}),
        "InvalidActionDeclaration",
        "Action configuration for action 'Compile' has the value 'yes' for 'Batch', which must be true or false",
    ),
    "S12 number": (
        compile_with(configuration={"Depth": "\u00b2"}),
        "InvalidActionDeclaration",
        "Action configuration for action 'Compile' has the value '\u00b2' for 'Depth', which must be a number",
    ),
    "S14 both": (
        changed(artifactStores={REGION: STORE}),
        "InvalidStructure",
        "The pipeline must declare either artifactStore or artifactStores, not both",
    ),
    "S14 neither": (
        changed(artifactStore=None),
        "InvalidStructure",
        "The pipeline must declare either artifactStore or artifactStores; neither is present",
    ),
    "S14 not its own region": (
        changed(artifactStore=None, artifactStores={"eu-west-1": STORE}),
        "InvalidStructure",
        "The artifactStores of the pipeline have no entry for the pipeline's own Region us-east-1",
    ),
    "S15 source": (
        pipeline([fetch(region="eu-west-1")], [action("Compile", inputs=["Src"])]),
        "InvalidActionDeclaration",
        "Action Fetch cannot be in another Region (eu-west-1) than the pipeline",
    ),
    "S15 custom": (
        pipeline([fetch()], [action("J", "Build/Custom/Jenkins", region="eu-west-1", configuration={"Job": "x"})]),
        "InvalidActionDeclaration",
        "Action J cannot be in another Region (eu-west-1) than the pipeline",
    ),
    "S15 elsewhere": (
        compile_with(region="eu-west-1"),
        "InvalidActionDeclaration",
        "Action Compile is in the Region eu-west-1; this server has the Region us-east-1 only",
    ),
    "S18 unique": (
        pipeline([fetch(namespace="n")], [action("Compile", inputs=["Src"], namespace="n")]),
        "InvalidActionDeclaration",
        "Namespaces must be unique within the pipeline. The namespace 'n' has been used more than once",
    ),
    "S18 reserved": (
        compile_with(namespace="codepipeline"),
        "InvalidActionDeclaration",
        "The namespace 'codepipeline' of action 'Compile' is reserved and cannot be used for an action",
    ),
    "S18 variables": (
        {**compile_with(namespace="variables"), "variables": [{"name": "A"}]},
        "InvalidActionDeclaration",
        "The namespace 'variables' of action 'Compile' is reserved and cannot be used for an action",
    ),
    "S18 an artifact": (
        compile_with(namespace="Src"),
        "InvalidActionDeclaration",
        "The namespace 'Src' of action 'Compile' cannot be the name of an artifact",
    ),
    "S19 unknown namespace": (
        compile_with(configuration={"ProjectName": "#{nowhere.X}"}),
        "InvalidActionDeclaration",
        NAMESPACE.format("#{nowhere.X}"),
    ),
    "S19 no period": (compile_with(configuration={"ProjectName": "#{X}"}), "InvalidActionDeclaration", NAMESPACE.format("#{X}")),
    "S19 empty": (compile_with(configuration={"ProjectName": "a#{}"}), "InvalidActionDeclaration", NAMESPACE.format("#{}")),
    "S19 two periods": (
        compile_with(configuration={"ProjectName": "#{a.b.c}"}),
        "InvalidActionDeclaration",
        NAMESPACE.format("#{a.b.c}"),
    ),
    "S19 a sibling": (
        pipeline(
            [fetch()],
            [
                action("A", inputs=["Src"], namespace="a"),
                action("Compile", inputs=["Src"], configuration={"ProjectName": "#{a.X}"}),
            ],
        ),
        "InvalidActionDeclaration",
        NAMESPACE.format("#{a.X}"),
    ),
    "S19 variables without any": (
        compile_with(configuration={"ProjectName": "#{variables.A}"}),
        "InvalidActionDeclaration",
        NAMESPACE.format("#{variables.A}"),
    ),
    "S19 undeclared": (
        {**compile_with(configuration={"ProjectName": "#{variables.B}"}), "variables": [{"name": "A"}]},
        "InvalidActionDeclaration",
        "The action 'Compile' references #{variables.B}, but the pipeline does not declare the variable 'B'",
    ),
    "S19 the execution's key": (
        compile_with(configuration={"ProjectName": "#{codepipeline.Name}"}),
        "InvalidActionDeclaration",
        "The action 'Compile' references #{codepipeline.Name}; the only key is PipelineExecutionId",
    ),
    "S20": (
        {
            **pipeline([fetch(configuration={"S3Bucket": "#{variables.A}"})], [action("Compile", inputs=["Src"])]),
            "variables": [{"name": "A"}],
        },
        "InvalidStructure",
        "Variables at the pipeline level cannot be used in source actions. The action 'Fetch' references #{variables.A}.",
    ),
    "S21 unique": (
        changed(variables=[{"name": "A"}, {"name": "A"}]),
        "InvalidStructure",
        "Variable names must be unique. The following variable name is already in use: A",
    ),
    "S21 V1": (
        changed(pipelineType="V1", variables=[{"name": "A"}]),
        "InvalidStructure",
        "Pipeline variable can only be used with V2 pipelines",
    ),
    "S22 queued": (
        changed(pipelineType="V1", executionMode="QUEUED"),
        "InvalidStructure",
        "Execution mode QUEUED can only be used with V2 pipelines",
    ),
    "S22 parallel": (
        changed(pipelineType="V1", executionMode="PARALLEL"),
        "InvalidStructure",
        "Execution mode PARALLEL can only be used with V2 pipelines",
    ),
    "S23 V1": (
        changed(pipelineType="V1", triggers=[{"providerType": "CodeStarSourceConnection"}]),
        "InvalidStructure",
        "Triggers can only be used with V2 pipelines",
    ),
    "S24 V1": (
        {**stages_with(1, onFailure={"result": "ROLLBACK"}), "pipelineType": "V1"},
        "InvalidStructure",
        "Stage conditions (onFailure) can only be used with V2 pipelines",
    ),
    "S30 empty": (
        pipeline([fetch()], [action("Run", "Compute/AWS/Commands", inputs=["Src"])]),
        "InvalidActionDeclaration",
        "Action Run must have a non-empty commands field",
    ),
    "S30 several lines": (
        pipeline([fetch()], [action("Run", "Compute/AWS/Commands", inputs=["Src"], commands=["a\nb"])]),
        "InvalidActionDeclaration",
        "Action Run has a command of several lines; each command is a single line",
    ),
    "S30 where a value would be evaluated": (
        commands(commands=["echo $((#{src.N} + 1))"]),
        "InvalidActionDeclaration",
        "Action Run references #{src.N} where the shell would evaluate its value as code, in the command: "
        "echo $((#{src.N} + 1)). Put the value into an environment variable and use that one, or quote the reference plainly.",
    ),
    "S30 the name of a variable": (
        commands(environmentVariables=[{"name": "1A", "value": "x"}]),
        "InvalidActionDeclaration",
        "Action Run names '1A' in environmentVariables, which no shell variable can be called; a name has letters, digits and "
        "underscores and does not begin with a digit",
    ),
    "S30 an output variable": (
        commands(outputVariables=["a;b"]),
        "InvalidActionDeclaration",
        "Action Run names 'a;b' in outputVariables, which no shell variable can be called; a name has letters, digits and "
        "underscores and does not begin with a digit",
    ),
    "S30 a name twice": (
        commands(outputVariables=["A", "A"]),
        "InvalidActionDeclaration",
        "Action Run names 'A' in outputVariables more than once",
    ),
    "S19 in a command": (
        commands(commands=["echo #{nobody.Key}"]),
        "InvalidActionDeclaration",
        NOWHERE + "StageName=[Build], ActionName=[Run], ActionConfigurationKey=[commands], VariableReferenceText=[#{nobody.Key}]",
    ),
    "S19 in an environment variable": (
        commands(environmentVariables=[{"name": "A", "value": "#{nobody.Key}"}]),
        "InvalidActionDeclaration",
        NOWHERE + "StageName=[Build], ActionName=[Run], ActionConfigurationKey=[environmentVariables], "
        "VariableReferenceText=[#{nobody.Key}]",
    ),
    "S30 elsewhere": (
        compile_with(commands=["make"]),
        "InvalidActionDeclaration",
        "Action Compile declares commands, which can only be used with the Commands action",
    ),
    "S30 output variables": (
        compile_with(outputVariables=["A"]),
        "InvalidActionDeclaration",
        "Action Compile declares outputVariables, which can only be used with the Commands action",
    ),
    "S30 environment variables": (
        compile_with(environmentVariables=[{"name": "A", "value": "b"}]),
        "InvalidActionDeclaration",
        "Action Compile declares environmentVariables, which can only be used with the Commands action",
    ),
    "S30 files": (
        pipeline([fetch()], [{**action("Compile", inputs=["Src"]), "outputArtifacts": [{"name": "X", "files": ["a"]}]}]),
        "InvalidActionDeclaration",
        "Action Compile declares files of an output artifact, which can only be used with the Commands action",
    ),
    "S31": (
        compile_with(timeoutInMinutes=10),
        "InvalidActionDeclaration",
        "Action Compile declares timeoutInMinutes, which can only be used with manual approval actions",
    ),
    "S32": (
        stages_with(1, blockers=[{"name": "b", "type": "Schedule"}]),
        "InvalidBlockerDeclaration",
        "Stage 'Build' declares blockers. The blockers field is reserved for future use and must be empty",
    ),
    "S34": (
        {**pipeline([fetch()], [action("Roll", "Deploy/AWS/EC2", inputs=["Src"])]), "pipelineType": "V1"},
        "InvalidActionDeclaration",
        "Action Roll uses the provider EC2, which can only be used with V2 pipelines",
    ),
    "S35": (
        pipeline([fetch()], [action("J", "Build/Custom/Jenkins", configuration={"Job": "a job"})]),
        "InvalidActionDeclaration",
        "Action configuration for action 'J' has a value for the queryable 'Job' that is not 1 to 20 letters, digits, '_' or '-'",
    ),
    "S35 long": (
        pipeline([fetch()], [action("J", "Build/Custom/Jenkins", configuration={"Job": "j" * 21})]),
        "InvalidActionDeclaration",
        "Action configuration for action 'J' has a value for the queryable 'Job' that is not 1 to 20 letters, digits, '_' or '-'",
    ),
    "primary missing": (
        pipeline(
            [fetch(), action("Two", "Source/AWS/S3", outputs=["Src2"])],
            [action("Compile", inputs=["Src", "Src2"])],
        ),
        "InvalidActionDeclaration",
        "Action configuration for action 'Compile' is missing required configuration 'PrimarySource'",
    ),
    "primary elsewhere": (
        compile_with(configuration={"PrimarySource": "Other"}),
        "InvalidActionDeclaration",
        "The PrimarySource 'Other' of action 'Compile' is not one of its input artifacts",
    ),
    "an input twice": (
        compile_with(inputs=["Src", "Src"], configuration={"PrimarySource": "Src"}),
        "InvalidActionDeclaration",
        "Input Artifact Bundle Src in action Compile has been used more than once.",
    ),
    "topic malformed": (
        approve_with("my-topic"),
        "InvalidActionDeclaration",
        "The ARN my-topic you specified for sending notifications for the approval action Gate contains a format error.",
    ),
    "topic of another service": (
        approve_with(f"arn:aws:sqs:{REGION}:000000000000:queue"),
        "InvalidActionDeclaration",
        f"The ARN arn:aws:sqs:{REGION}:000000000000:queue has been specified for sending notifications "
        "for the approval action Gate, but the AWS service for this ARN cannot be used to send approval requests.",
    ),
    "topic elsewhere": (
        approve_with("arn:aws:sns:eu-west-1:000000000000:topic"),
        "InvalidActionDeclaration",
        "The ARN arn:aws:sns:eu-west-1:000000000000:topic has been specified for sending notifications "
        "for the approval action Gate, but the ARN is not in the same region as the pipeline.",
    ),
}


@pytest.mark.parametrize("row", REFUSED.values(), ids=REFUSED)
def test_refused(row: Row) -> None:
    document, code, text = row
    assert verdict({key: value for key, value in document.items() if value is not None}) == Refusal(code, text)


def test_at_most_a_thousand_actions() -> None:
    document = pipeline()
    document["stages"] += [
        {"name": f"S{number}", "actions": [action(f"A{each}", "Approval/AWS/Manual") for each in range(50)]}
        for number in range(20)
    ]
    assert verdict(document) == Refusal(
        "InvalidStructure", "Pipeline has 1003 actions. There should be a maximum of 1000 actions in a pipeline"
    )
