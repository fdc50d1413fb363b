"""OverrideStageCondition and the rules' history, with scripted rules: each outcome and each refusal."""

from typing import Any

import pytest

from stageline.testing.pipelines import action, eventually, refused, source, stage

NOBODY = "00000000-0000-4000-8000-000000000000"


def rule(name: str = "Check", script: str = "hold", **more: Any) -> dict[str, Any]:
    kind = {"category": "Rule", "owner": "AWS", "provider": "Scripted", "version": "1"}
    return {"name": name, "ruleTypeId": kind, "configuration": {"Script": script, **more}}


def guarded(make: Any, kind: str = "beforeEntry", result: str = "FAIL", *rules: dict[str, Any], **more: Any) -> Any:
    """A pipeline whose stage Deploy has a condition."""
    condition = {"conditions": [{"result": result, "rules": list(rules) or [rule()]}]}
    deploy = {**stage("Deploy", action("Copy", "Deploy")), kind: condition}
    return make(source(), deploy, stage("After", action("Then")), pipelineType="V2", **more)


def condition(pipe: Any, member: str = "beforeEntryConditionState") -> dict[str, Any]:
    """What the state shows of the condition of the stage Deploy."""
    return dict(pipe.state()["Deploy"].get(member, {}))


def judged(pipe: Any, status: str, member: str = "beforeEntryConditionState") -> dict[str, Any]:
    return dict(
        eventually(lambda: (found := condition(pipe, member)).get("latestExecution", {}).get("status") == status and found)
    )


def request(pipe: Any, kind: str = "BEFORE_ENTRY", **more: Any) -> dict[str, Any]:
    chosen = {"stageName": "Deploy", "pipelineExecutionId": pipe.first(), "conditionType": kind}
    return {"pipelineName": pipe.name, **chosen, **more}


def test_the_state_shows_a_condition_and_its_rules(make: Any) -> None:
    pipe = guarded(make, "beforeEntry", "FAIL", rule("One", "done", Say="fine"), rule("Two", "fail", Say="not today"))
    ended = pipe.ended(status="Failed")
    assert ended["statusSummary"] == "The entry condition of stage 'Deploy' failed. Rule 'Two' failed: not today"
    shown = condition(pipe)
    assert shown["latestExecution"] == {"status": "Failed", "summary": "Rule 'Two' failed: not today"}
    (one,) = shown["conditionStates"]
    assert [each["ruleName"] for each in one["ruleStates"]] == ["One", "Two"]
    first, second = (each["latestExecution"] for each in one["ruleStates"])
    assert (first["status"], first["summary"]) == ("Succeeded", "fine")
    assert second["errorDetails"] == {"code": "JobFailed", "message": "not today"}
    assert pipe.state()["Deploy"]["latestExecution"]["status"] == "Failed"
    assert pipe.shown("Deploy", "Copy") == {}


def test_a_running_condition_is_overridden(make: Any) -> None:
    pipe = guarded(make)
    judged(pipe, "InProgress")
    assert pipe.execution(pipe.first())["status"] == "InProgress"
    assert pipe.client.override_stage_condition(**request(pipe))["ResponseMetadata"]["HTTPStatusCode"] == 200
    pipe.ended()
    found = condition(pipe)
    assert found["latestExecution"]["status"] == "Overridden"
    (state,) = found["conditionStates"][0]["ruleStates"]
    assert state["latestExecution"]["status"] == "Abandoned"
    assert state["latestExecution"]["lastUpdatedBy"].endswith(":root")
    refused("ConditionNotOverridableException", pipe.client.override_stage_condition, **request(pipe))


def test_a_failed_success_condition_is_overridden(make: Any) -> None:
    pipe = guarded(make, "onSuccess", "FAIL", rule(script="fail"))
    pipe.ended(status="Failed")
    assert pipe.shown("Deploy", "Copy")["status"] == "Succeeded"
    pipe.client.override_stage_condition(**request(pipe, "ON_SUCCESS"))
    pipe.ended()
    assert pipe.shown("After", "Then")["status"] == "Succeeded"
    assert condition(pipe, "onSuccessConditionState")["latestExecution"]["status"] == "Overridden"


def test_overrides_that_are_refused(make: Any) -> None:
    pipe = guarded(make)
    judged(pipe, "InProgress")
    ask, good = pipe.client.override_stage_condition, request(pipe)
    refused("ValidationException", ask, **{**good, "conditionType": "ON_FAILURE"})
    refused("PipelineNotFoundException", ask, **{**good, "pipelineName": "nobody"})
    refused("StageNotFoundException", ask, **{**good, "stageName": "Nowhere"})
    refused("NotLatestPipelineExecutionException", ask, **{**good, "pipelineExecutionId": NOBODY})
    refused("ConditionNotOverridableException", ask, **{**good, "conditionType": "ON_SUCCESS"})
    refused("ConditionNotOverridableException", ask, **{**good, "stageName": "Source"})
    pipe.client.stop_pipeline_execution(pipelineName=pipe.name, pipelineExecutionId=pipe.first())
    refused("ConflictException", ask, **good)
    assert condition(pipe)["latestExecution"]["status"] == "InProgress", "refusals change nothing"


def test_a_skip_cannot_be_overridden(make: Any) -> None:
    pipe = guarded(make, "beforeEntry", "SKIP")
    judged(pipe, "InProgress")
    assert "SKIP" in refused("ConditionNotOverridableException", pipe.client.override_stage_condition, **request(pipe))
    run = condition(pipe)["conditionStates"][0]["ruleStates"][0]["latestExecution"]["ruleExecutionId"]
    pipe.client.delete_pipeline(name=pipe.name)
    assert run


@pytest.mark.parametrize("what", ["retry", "override"])
def test_coming_back_counts_against_the_limit(make: Any, what: str) -> None:
    """Fifty executions run; one that has failed does not come back as the fifty-first."""
    if what == "retry":
        deploy = stage("Deploy", action("Copy", "Deploy", script="fail,hold"))
        pipe = make(source(), deploy, pipelineType="V2", executionMode="PARALLEL")
    else:
        pipe = guarded(make, "beforeEntry", "FAIL", rule(script="fail,hold"), executionMode="PARALLEL")
    first = pipe.first()
    pipe.ended(first, "Failed")
    for _ in range(50):
        pipe.start()
    limit = "ConcurrentPipelineExecutionsLimitExceededException"
    if what == "override":
        refused(limit, pipe.client.override_stage_condition, **request(pipe, pipelineExecutionId=first))
    else:
        again = {"pipelineName": pipe.name, "stageName": "Deploy", "pipelineExecutionId": first}
        refused(limit, pipe.client.retry_stage_execution, **again, retryMode="FAILED_ACTIONS")
    assert pipe.execution(first)["status"] == "Failed"
    pipe.client.delete_pipeline(name=pipe.name)


def test_rule_executions_are_listed(make: Any) -> None:
    pipe = guarded(
        make,
        "beforeEntry",
        "FAIL",
        rule("One", "done", Say="fine"),
        rule("Two", "fail,done", Say="#{variables.V}"),
        variables=[{"name": "V", "defaultValue": "v1"}],
    )
    first = pipe.first()
    pipe.ended(first, "Failed")
    pipe.client.retry_stage_execution(
        pipelineName=pipe.name, stageName="Deploy", pipelineExecutionId=first, retryMode="ALL_ACTIONS"
    )
    pipe.ended(first)
    ask = pipe.client.list_rule_executions

    def rules(**chosen: Any) -> list[dict[str, Any]]:
        return list(ask(pipelineName=pipe.name, **chosen)["ruleExecutionDetails"])

    everything = rules()
    assert sorted((each["ruleName"], each["status"]) for each in everything) == [
        ("One", "Succeeded"),
        ("One", "Succeeded"),
        ("Two", "Failed"),
        ("Two", "Succeeded"),
    ]
    two = next(each for each in everything if each["status"] == "Failed")
    assert two["pipelineExecutionId"] == first
    assert two["stageName"] == "Deploy"
    assert two["input"]["ruleTypeId"]["provider"] == "Scripted"
    assert two["input"]["configuration"]["Say"] == "#{variables.V}"
    assert two["input"]["resolvedConfiguration"]["Say"] == "v1"
    assert two["output"]["executionResult"]["errorDetails"] == {"code": "JobFailed", "message": "v1"}
    latest = {"latestInPipelineExecution": {"pipelineExecutionId": first, "startTimeRange": "Latest"}}
    assert sorted(each["ruleName"] for each in rules(filter=latest)) == ["One", "Two"]
    assert len(rules(filter={"pipelineExecutionId": first})) == 4
    pages = pipe.client.get_paginator("list_rule_executions").paginate(pipelineName=pipe.name, PaginationConfig={"PageSize": 1})
    assert [each["ruleExecutionId"] for page in pages for each in page["ruleExecutionDetails"]] == [
        each["ruleExecutionId"] for each in everything
    ]
    assert {each["actionName"] for each in pipe.runs()} == {"Fetch", "Copy", "Then"}, "rules are no actions"
    refused("PipelineNotFoundException", ask, pipelineName="nobody")
    refused("PipelineExecutionNotFoundException", ask, pipelineName=pipe.name, filter={"pipelineExecutionId": NOBODY})
    refused("InvalidNextTokenException", ask, pipelineName=pipe.name, nextToken="next")
    refused("ValidationException", ask, pipelineName=pipe.name, filter={**latest, "pipelineExecutionId": first})


def test_targets_of_deploy_actions(make: Any) -> None:
    pipe, other = guarded(make, "beforeEntry", "FAIL", rule(script="done")), make(source(), stage("Build", action("A")))
    pipe.ended()
    run = pipe.shown("Deploy", "Copy")["actionExecutionId"]
    ask = pipe.client.list_deploy_action_execution_targets
    assert ask(pipelineName=pipe.name, actionExecutionId=run)["targets"] == []
    assert ask(actionExecutionId=run)["targets"] == [], "the pipeline need not be named"
    refused("PipelineNotFoundException", ask, pipelineName="nobody", actionExecutionId=run)
    for strange in (NOBODY, "\x00", "../x"):
        refused("ActionExecutionNotFoundException", ask, pipelineName=pipe.name, actionExecutionId=strange)
    refused("ActionExecutionNotFoundException", ask, pipelineName=other.name, actionExecutionId=run)
    refused("InvalidNextTokenException", ask, actionExecutionId=run, nextToken="next")
    refused("ValidationException", ask, pipelineName=pipe.name, actionExecutionId=run, maxResults=101)


def test_permissions(make: Any, world: Any) -> None:
    pipe = guarded(make)
    judged(pipe, "InProgress")
    nobody = world.person()
    other = {"Action": ["codepipeline:OverrideStageCondition", "codepipeline:RollbackStage"], "Resource": f"{pipe.arn}/After"}
    narrow = world.person(other)
    back = {"pipelineName": pipe.name, "stageName": "Deploy", "targetPipelineExecutionId": pipe.first()}
    for person in (nobody, narrow):
        refused("AccessDeniedException", person.override_stage_condition, **request(pipe))
        refused("AccessDeniedException", person.rollback_stage, **back)
    refused("AccessDeniedException", nobody.list_rule_executions, pipelineName=pipe.name)
    refused("AccessDeniedException", nobody.list_deploy_action_execution_targets, actionExecutionId=NOBODY)
    assert condition(pipe)["latestExecution"]["status"] == "InProgress"
    allowed = world.person({"Action": "codepipeline:OverrideStageCondition", "Resource": f"{pipe.arn}/Deploy"})
    allowed.override_stage_condition(**request(pipe))
    pipe.ended()
