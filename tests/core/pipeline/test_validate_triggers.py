"""Which triggers are refused, and in which words; which features need a V2 pipeline; and quotas that are set otherwise."""

from typing import Any

import pytest

from stageline.core.pipeline.actiontype import ActionType
from stageline.core.pipeline.effects import Refusal
from stageline.core.pipeline.validate import validate
from stageline.core.pipeline.validate.versions import V2_ONLY, needs_v2
from stageline.core.quotas import Quotas

TYPES = [
    ActionType("Source", "AWS", "CodeStarSourceConnection", outputs=(1, 1)),
    ActionType("Source", "AWS", "S3", outputs=(1, 1)),
    ActionType("Approval", "AWS", "Manual"),
    ActionType("Compute", "AWS", "Commands", inputs=(0, 10), v2_only=True),
]
CATALOG = {kind.id: kind for kind in TYPES}


def action(name: str, kind: str, *outputs: str, **more: Any) -> dict[str, Any]:
    category, provider = kind.split("/")
    return {
        "name": name,
        "actionTypeId": {"category": category, "owner": "AWS", "provider": provider, "version": "1"},
        "outputArtifacts": [{"name": each} for each in outputs],
        **more,
    }


def pipeline(*triggers: dict[str, Any], **more: Any) -> dict[str, Any]:
    sources = [
        action("Fetch", "Source/CodeStarSourceConnection", "Src"),
        action("Other", "Source/CodeStarSourceConnection", "Src2"),
        action("Bucket", "Source/S3", "Src3"),
    ]
    return {
        "name": "shop",
        "roleArn": "arn:aws:iam::000000000000:role/r",
        "artifactStore": {"type": "S3", "location": "artifacts"},
        "pipelineType": "V2",
        "stages": [
            {"name": "Source", "actions": sources},
            {"name": "Gate", "actions": [action("Approve", "Approval/Manual"), action("Again", "Approval/Manual", runOrder=2)]},
        ],
        **({"triggers": list(triggers)} if triggers else {}),
        **more,
    }


def trigger(name: str = "Fetch", **git: Any) -> dict[str, Any]:
    return {"providerType": "CodeStarSourceConnection", "gitConfiguration": {"sourceActionName": name, **git}}


def verdict(document: dict[str, Any], **quotas: int) -> Refusal | None:
    return validate(document, CATALOG.get, region="us-east-1", quotas=Quotas(**quotas))


MAIN = {"branches": {"includes": ["main"]}}
WHERE = "The trigger of the source action 'Fetch' has"
ACCEPTED = {
    "a branch": trigger(push=[MAIN]),
    "tags": trigger(push=[{"tags": {"includes": ["v*"], "excludes": ["v0*"]}}]),
    "files of a branch": trigger(push=[{**MAIN, "filePaths": {"excludes": ["docs/**"]}}]),
    "a pull request": trigger(pullRequest=[{**MAIN, "events": ["OPEN"]}]),
    "both": trigger(push=[MAIN], pullRequest=[MAIN]),
    "tags and branches apart": trigger(push=[{"tags": {"includes": ["v*"]}}, MAIN]),
    "filters that differ in events alone": trigger(pullRequest=[{**MAIN, "events": ["OPEN"]}, {**MAIN, "events": ["CLOSED"]}]),
}


@pytest.mark.parametrize("given", ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(given: dict[str, Any]) -> None:
    assert verdict(pipeline(given, trigger("Other", push=[MAIN]))) is None


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "unknown action": (
        trigger("Nobody", push=[MAIN]),
        "The trigger names the source action 'Nobody', which the first stage of the pipeline does not have",
    ),
    "not a source action": (
        trigger("Approve", push=[MAIN]),
        "The trigger names the source action 'Approve', which the first stage of the pipeline does not have",
    ),
    "another provider": (
        trigger("Bucket", push=[MAIN]),
        "The trigger names the source action 'Bucket' of the provider S3; it must be one of CodeStarSourceConnection",
    ),
    "no filter": (trigger(), f"{WHERE} no filter and would never start the pipeline. Give it a push or a pullRequest filter"),
    "the same filter": (trigger(push=[MAIN, MAIN]), f"{WHERE} the same push filter more than once"),
    "the same filter in another order": (
        trigger(pullRequest=[{"branches": {"includes": ["a", "b"]}}, {"branches": {"includes": ["b", "a"]}}]),
        f"{WHERE} the same pullRequest filter more than once",
    ),
    "tags with branches": (
        trigger(push=[{**MAIN, "tags": {"includes": ["v*"]}}]),
        f"{WHERE.removesuffix(' has')} combines tags with branches or filePaths in one push filter. "
        "A push is of a tag or of a branch: put tags and branches (with filePaths) into filters of their own",
    ),
    "tags with files": (
        trigger(push=[{"tags": {"includes": ["v*"]}, "filePaths": {"includes": ["a"]}}]),
        f"{WHERE.removesuffix(' has')} combines tags with branches or filePaths in one push filter. "
        "A push is of a tag or of a branch: put tags and branches (with filePaths) into filters of their own",
    ),
    "files alone": (
        trigger(push=[{"filePaths": {"includes": ["a"]}}]),
        f"{WHERE} a push filter without tags or branches. filePaths only narrow down a filter on branches",
    ),
    "an empty filter": (
        trigger(push=[{}]),
        f"{WHERE} a push filter without tags or branches. filePaths only narrow down a filter on branches",
    ),
    "events alone": (
        trigger(pullRequest=[{"events": ["OPEN"]}]),
        f"{WHERE} a pullRequest filter without branches. filePaths only narrow down a filter on branches",
    ),
    "no patterns": (
        trigger(push=[{"branches": {}}]),
        f"{WHERE} a push filter with neither includes nor excludes in its branches",
    ),
    "a pattern that cannot be read": (
        trigger(push=[{**MAIN, "filePaths": {"excludes": ["src/{a,{b,c}}"]}}]),
        f"{WHERE} the pattern 'src/{{a,{{b,c}}}}' in the excludes of its filePaths, which cannot be read: "
        "groups in braces cannot contain other groups",
    ),
}


@pytest.mark.parametrize(("given", "text"), REFUSED.values(), ids=REFUSED)
def test_refused(given: dict[str, Any], text: str) -> None:
    assert verdict(pipeline(given)) == Refusal("InvalidStructure", text)


def test_one_trigger_for_a_source_action() -> None:
    found = verdict(pipeline(trigger(push=[MAIN]), trigger(pullRequest=[MAIN])))
    text = "The source action 'Fetch' has more than one trigger. Put all of its filters into one trigger"
    assert found == Refusal("InvalidStructure", text)


def test_quotas_of_triggers() -> None:
    two = pipeline(trigger(push=[MAIN]), trigger("Other", push=[MAIN]))
    found = verdict(two, triggers=1)
    assert found == Refusal("InvalidStructure", "Pipeline has 2 triggers. There should be a maximum of 1 triggers")
    found = verdict(two, trigger_bytes=100)
    assert found is not None
    assert found.code == "InvalidStructure"
    assert found.message.endswith("There should be a maximum of 100 bytes")
    patterns = ["x" * 250 + str(number) for number in range(8)]
    wide = {"includes": patterns, "excludes": patterns}
    filters = [{"branches": wide, "filePaths": {**wide, "includes": [str(number)]}} for number in range(3)]
    document = pipeline(*(trigger(f"S{number}", push=filters, pullRequest=filters) for number in range(7)))
    document["stages"][0]["actions"] += [
        action(f"S{number}", "Source/CodeStarSourceConnection", f"A{number}") for number in range(7)
    ]
    found = verdict(document)
    assert found is not None
    assert "There should be a maximum of 204800 bytes" in found.message


@pytest.mark.parametrize(
    ("quotas", "code", "text"),
    [
        ({"stages": 1}, "InvalidStructure", "Pipeline has 2 stages. There should be a maximum of 1 stages in a pipeline"),
        (
            {"stage_actions": 2},
            "InvalidStageDeclaration",
            "Stage 'Source' has 3 actions. There should be a maximum of 2 actions in a stage",
        ),
        (
            {"parallel_actions": 2},
            "InvalidStageDeclaration",
            "Stage 'Source' has 3 actions of one run order. There should be a maximum of 2 actions of one run order in a stage",
        ),
        (
            {"sequential_actions": 1},
            "InvalidStageDeclaration",
            "Stage 'Gate' has 2 different run orders. There should be a maximum of 1 different run orders in a stage",
        ),
        (
            {"pipeline_actions": 4},
            "InvalidStructure",
            "Pipeline has 5 actions. There should be a maximum of 4 actions in a pipeline",
        ),
    ],
)
def test_quotas_of_the_structure(quotas: dict[str, int], code: str, text: str) -> None:
    assert verdict(pipeline(), **quotas) == Refusal(code, text)
    assert verdict(pipeline(), **{name: most + 1 for name, most in quotas.items()}) is None


def test_a_quota_of_variables() -> None:
    document = pipeline(variables=[{"name": "A"}, {"name": "B"}])
    text = "Pipeline has 2 variables. There should be a maximum of 1 variables"
    assert verdict(document, variables=1) == Refusal("InvalidStructure", text)


def staged(**more: Any) -> dict[str, Any]:
    document = pipeline()
    document["stages"][1].update(more)
    return document


CONDITIONS = {"conditions": [{"result": "FAIL", "rules": []}]}
USES: dict[str, tuple[dict[str, Any], str, str]] = {
    "variables": (
        pipeline(variables=[{"name": "A"}]),
        "InvalidStructure",
        "Pipeline variable can only be used with V2 pipelines",
    ),
    "triggers": (pipeline(trigger(push=[MAIN])), "InvalidStructure", "Triggers can only be used with V2 pipelines"),
    "execution mode": (
        pipeline(executionMode="QUEUED"),
        "InvalidStructure",
        "Execution mode QUEUED can only be used with V2 pipelines",
    ),
    "entry conditions": (
        staged(beforeEntry=CONDITIONS),
        "InvalidStructure",
        "Stage conditions (beforeEntry) can only be used with V2 pipelines",
    ),
    "success conditions": (
        staged(onSuccess=CONDITIONS),
        "InvalidStructure",
        "Stage conditions (onSuccess) can only be used with V2 pipelines",
    ),
    "failure conditions, automatic rollback and retry": (
        staged(onFailure={"result": "RETRY", "retryConfiguration": {"retryMode": "ALL_ACTIONS"}}),
        "InvalidStructure",
        "Stage conditions (onFailure) can only be used with V2 pipelines",
    ),
    "action type": (
        staged(actions=[action("Run", "Compute/Commands", commands=["make"])]),
        "InvalidActionDeclaration",
        "Action Run uses the provider Commands, which can only be used with V2 pipelines",
    ),
}


def test_the_rows_below_are_those_of_the_table() -> None:
    assert list(USES) == [feature.name for feature in V2_ONLY]


@pytest.mark.parametrize(("document", "code", "text"), USES.values(), ids=USES)
def test_what_only_v2_has(document: dict[str, Any], code: str, text: str) -> None:
    assert verdict({**document, "pipelineType": "V1"}) == Refusal(code, text)
    untyped = {key: value for key, value in document.items() if key != "pipelineType"}
    assert verdict(untyped) == Refusal(code, text), "a document without a type is taken for V1"
    assert needs_v2(untyped, CATALOG.get)
    second = verdict(document)
    assert second is None or second.code == "NotImplemented"


def test_what_v1_has() -> None:
    document = pipeline(pipelineType="V1")
    assert verdict(document) is None
    assert not needs_v2(document, CATALOG.get)
