"""Which permissions each operation of CodePipeline asks for (Service Authorization Reference, CodePipeline)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from stageline.core.arn import parse
from stageline.ports.api import Context, Request
from stageline.ports.identity import Check
from stageline.ports.store import Store
from stageline.services.codepipeline import records
from stageline.services.codepipeline.shapes import V2_STAGE_FIELDS

PIPELINE = {
    "start_pipeline_execution": ("StartPipelineExecution", "name"),
    "stop_pipeline_execution": ("StopPipelineExecution", "pipelineName"),
    "get_pipeline": ("GetPipeline", "name"),
    "get_pipeline_state": ("GetPipelineState", "name"),
    "get_pipeline_execution": ("GetPipelineExecution", "pipelineName"),
    "list_pipeline_executions": ("ListPipelineExecutions", "pipelineName"),
    "list_action_executions": ("ListActionExecutions", "pipelineName"),
    "delete_pipeline": ("DeletePipeline", "name"),
}
STAGE = {
    "retry_stage_execution": "RetryStageExecution",
    "enable_stage_transition": "EnableStageTransition",
    "disable_stage_transition": "DisableStageTransition",
}
TAGGING = {
    "tag_resource": "TagResource",
    "untag_resource": "UntagResource",
    "list_tags_for_resource": "ListTagsForResource",
}
PASSED_TO = {"iam:PassedToService": "codepipeline.amazonaws.com"}


def checks(operation: str, ctx: Context, request: Request, *, store: Store) -> Sequence[Check]:
    """The questions that a request raises."""
    if operation in PIPELINE:
        action, member = PIPELINE[operation]
        return [_check(action, ctx, request[member], "", store)]
    if operation in STAGE:
        name = request["pipelineName"]
        return [_check(STAGE[operation], ctx, name, f"/{request['stageName']}", store)]
    if operation == "put_approval_result":
        path = f"/{request['stageName']}/{request['actionName']}"
        return [_check("PutApprovalResult", ctx, request["pipelineName"], path, store)]
    if operation in TAGGING:
        return [_tagging(operation, ctx, request, store)]
    return OTHER[operation](ctx, request, store)


def _check(action: str, ctx: Context, pipeline: str, path: str, store: Store, keys: Mapping[str, Any] | None = None) -> Check:
    arn = records.arn(ctx, pipeline)
    with store.read() as tx:
        tags = tx.get(records.TAGS, arn) or {}
    tagged = {f"aws:ResourceTag/{key}": value for key, value in tags.items()}
    return Check(f"codepipeline:{action}", (arn + path,), {**tagged, **(keys or {})})


def _requested(tags: Sequence[Mapping[str, str]]) -> dict[str, str | tuple[str, ...]]:
    keys: dict[str, str | tuple[str, ...]] = {f"aws:RequestTag/{each['key']}": each.get("value", "") for each in tags}
    if tags:
        keys["aws:TagKeys"] = tuple(each["key"] for each in tags)
    return keys


def _tagging(operation: str, ctx: Context, request: Request, store: Store) -> Check:
    arn = request["resourceArn"]
    parts = parse(arn)
    keys = _requested(request.get("tags", []))
    if operation == "untag_resource":
        keys["aws:TagKeys"] = tuple(request["tagKeys"])
    if parts is None:
        return Check(f"codepipeline:{TAGGING[operation]}", (arn,), keys)
    check = _check(TAGGING[operation], ctx, parts.resource, "", store, keys)
    return Check(check.action, (arn,), check.keys)


def _rules(stage: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The rules of all conditions of a stage."""
    for name in V2_STAGE_FIELDS:
        for condition in (stage.get(name) or {}).get("conditions", []):
            yield from condition.get("rules", [])


def _declared(action: str) -> Callable[[Context, Request, Store], Sequence[Check]]:
    def ask(ctx: Context, request: Request, store: Store) -> Sequence[Check]:
        document = request["pipeline"]
        keys = _requested(request.get("tags", []))
        asked = [_check(action, ctx, document["name"], "", store, keys)]
        if request.get("tags"):
            asked.append(_check("TagResource", ctx, document["name"], "", store, keys))
        roles = {document["roleArn"]}
        roles |= {each["roleArn"] for stage in document["stages"] for each in stage.get("actions", []) if each.get("roleArn")}
        roles |= {each["roleArn"] for stage in document["stages"] for each in _rules(stage) if each.get("roleArn")}
        return [*asked, *(Check("iam:PassRole", (role,), PASSED_TO) for role in sorted(roles))]

    return ask


OTHER: dict[str, Callable[[Context, Request, Store], Sequence[Check]]] = {
    "create_pipeline": _declared("CreatePipeline"),
    "update_pipeline": _declared("UpdatePipeline"),
    "list_pipelines": lambda ctx, request, store: [Check("codepipeline:ListPipelines", (ctx.arn("codepipeline", "*"),))],
    "list_rule_types": lambda ctx, request, store: [Check("codepipeline:ListRuleTypes")],
    "list_action_types": lambda ctx, request, store: [Check("codepipeline:ListActionTypes")],
}
