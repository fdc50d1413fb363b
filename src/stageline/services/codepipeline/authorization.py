"""Which permissions each operation of CodePipeline asks for (Service Authorization Reference, CodePipeline)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from stageline.core.arn import parse
from stageline.engine import history
from stageline.ports.api import Context, Request
from stageline.ports.identity import Check
from stageline.ports.store import Store
from stageline.services.codepipeline import records

PIPELINE = {
    "start_pipeline_execution": ("StartPipelineExecution", "name"),
    "stop_pipeline_execution": ("StopPipelineExecution", "pipelineName"),
    "get_pipeline": ("GetPipeline", "name"),
    "get_pipeline_state": ("GetPipelineState", "name"),
    "get_pipeline_execution": ("GetPipelineExecution", "pipelineName"),
    "list_pipeline_executions": ("ListPipelineExecutions", "pipelineName"),
    "list_action_executions": ("ListActionExecutions", "pipelineName"),
    "list_rule_executions": ("ListRuleExecutions", "pipelineName"),
    "delete_pipeline": ("DeletePipeline", "name"),
}
STAGE = {
    "retry_stage_execution": "RetryStageExecution",
    "rollback_stage": "RollbackStage",
    "override_stage_condition": "OverrideStageCondition",
    "enable_stage_transition": "EnableStageTransition",
    "disable_stage_transition": "DisableStageTransition",
}
ACTION = {
    "put_approval_result": "PutApprovalResult",
    "put_action_revision": "PutActionRevision",
}
WEBHOOK = {
    "delete_webhook": ("DeleteWebhook", "name"),
    "list_webhooks": ("ListWebhooks", ""),
    "register_webhook_with_third_party": ("RegisterWebhookWithThirdParty", "webhookName"),
    "deregister_webhook_with_third_party": ("DeregisterWebhookWithThirdParty", "webhookName"),
}
TAGGING = {
    "tag_resource": "TagResource",
    "untag_resource": "UntagResource",
    "list_tags_for_resource": "ListTagsForResource",
}
JOBS = {
    "acknowledge_job": "AcknowledgeJob",
    "acknowledge_third_party_job": "AcknowledgeThirdPartyJob",
    "get_action_type": "GetActionType",
    "get_job_details": "GetJobDetails",
    "get_third_party_job_details": "GetThirdPartyJobDetails",
    "list_action_types": "ListActionTypes",
    "poll_for_third_party_jobs": "PollForThirdPartyJobs",
    "put_job_failure_result": "PutJobFailureResult",
    "put_job_success_result": "PutJobSuccessResult",
    "put_third_party_job_failure_result": "PutThirdPartyJobFailureResult",
    "put_third_party_job_success_result": "PutThirdPartyJobSuccessResult",
}
"""Operations for which AWS knows no resource."""
CONDITIONS = ("beforeEntry", "onSuccess", "onFailure")
PASSED_TO = {"iam:PassedToService": "codepipeline.amazonaws.com"}


def checks(operation: str, ctx: Context, request: Request, *, store: Store) -> Sequence[Check]:
    """The questions that a request raises."""
    if operation in PIPELINE:
        action, member = PIPELINE[operation]
        return [_check(action, ctx, request[member], "", store)]
    if operation in STAGE:
        name = request["pipelineName"]
        return [_check(STAGE[operation], ctx, name, f"/{request['stageName']}", store)]
    if operation in ACTION:
        path = f"/{request['stageName']}/{request['actionName']}"
        return [_check(ACTION[operation], ctx, request["pipelineName"], path, store)]
    if operation in JOBS:
        return [Check(f"codepipeline:{JOBS[operation]}")]
    if operation in WEBHOOK:
        action, member = WEBHOOK[operation]
        return [_check(action, ctx, f"webhook:{request.get(member) or '*'}", "", store)]
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
    resource = records.canonical(parts.resource)
    check = _check(TAGGING[operation], ctx, resource, "", store, keys)
    # Asked about as policies spell it, whatever its spelling in the request: a denial must not be missed.
    return Check(check.action, (str(parts._replace(resource=resource)),), check.keys)


def _rules(stage: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The rules of all conditions of a stage."""
    for name in CONDITIONS:
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


def _targets(ctx: Context, request: Request, store: Store) -> Sequence[Check]:
    """The pipeline need not be named: an action execution belongs to one."""
    with store.read() as tx:
        started = tx.get(history.STARTED, request["actionExecutionId"]) or {}
    name = request.get("pipelineName") or started.get("pipeline", "*")
    check = _check("ListDeployActionExecutionTargets", ctx, name, "", store)
    # Whose run it is must not be told to somebody who only tried an id.
    return [check if request.get("pipelineName") else replace(check, told=records.arn(ctx, "*"))]


def _typed(action: str, named: Callable[[Request], Request]) -> Callable[[Context, Request, Store], Sequence[Check]]:
    def ask(ctx: Context, request: Request, store: Store) -> Sequence[Check]:
        kind = named(request)
        resource = f"actiontype:{kind['owner']}/{kind['category']}/{kind['provider']}/{kind['version']}"
        keys = _requested(request.get("tags", []))
        asked = [_check(action, ctx, resource, "", store, keys)]
        return [*asked, _check("TagResource", ctx, resource, "", store, keys)] if keys else asked

    return ask


def _put_webhook(ctx: Context, request: Request, store: Store) -> Sequence[Check]:
    definition = request["webhook"]
    keys = _requested(request.get("tags", []))
    name = f"webhook:{definition['name']}"
    asked = [_check("PutWebhook", ctx, each, "", store, keys) for each in (definition["targetPipeline"], name)]
    tagging = ("TagResource", "UntagResource") if request.get("tags") else ()
    return [*asked, *(_check(action, ctx, name, "", store, keys) for action in tagging)]


OTHER: dict[str, Callable[[Context, Request, Store], Sequence[Check]]] = {
    "create_pipeline": _declared("CreatePipeline"),
    "update_pipeline": _declared("UpdatePipeline"),
    "list_deploy_action_execution_targets": _targets,
    "put_webhook": _put_webhook,
    "list_pipelines": lambda ctx, request, store: [Check("codepipeline:ListPipelines", (ctx.arn("codepipeline", "*"),))],
    "list_rule_types": lambda ctx, request, store: [Check("codepipeline:ListRuleTypes")],
    "poll_for_jobs": _typed("PollForJobs", lambda request: request["actionTypeId"]),
    "create_custom_action_type": _typed("CreateCustomActionType", lambda request: {**request, "owner": "Custom"}),
    "delete_custom_action_type": _typed("DeleteCustomActionType", lambda request: {**request, "owner": "Custom"}),
    "update_action_type": _typed("UpdateActionType", lambda request: request["actionType"]["id"]),
}
