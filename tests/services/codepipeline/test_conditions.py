"""Stage conditions with their real rules, over the API: passed, failed, waited for, overridden."""

from collections.abc import Iterator
from typing import Any

import pytest

from stageline.testing import pipelines as p


@pytest.fixture(scope="module")
def world(serve: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with serve(tmp_path_factory.mktemp("server") / "data", sandbox="auto") as found:
        yield found


def rule(provider: str, name: str = "Check", **more: Any) -> dict[str, Any]:
    kind = {"category": "Rule", "owner": "AWS", "provider": provider, "version": "1"}
    return {"name": name, "ruleTypeId": kind, **more}


def compare(operator: str, value: str, variable: str = "#{variables.What}") -> dict[str, Any]:
    return rule("VariableCheck", configuration={"Variable": variable, "Operator": operator, "Value": value})


def guarded(make: Any, *rules: dict[str, Any], result: str = "FAIL", kind: str = "beforeEntry", **more: Any) -> Any:
    conditions = {kind: {"conditions": [{"result": result, "rules": list(rules)}]}}
    work = {**p.stage("Work", p.action("Do", "Deploy")), **conditions}
    return make(
        p.source(),
        work,
        p.stage("After", p.action("Then", "Deploy")),
        variables=[{"name": "What", "defaultValue": "release"}],
        **more,
    )


def rules(pipeline: Any) -> list[dict[str, Any]]:
    return list(pipeline.client.list_rule_executions(pipelineName=pipeline.name)["ruleExecutionDetails"])


def test_a_check_that_holds_lets_the_stage_begin(make: Any) -> None:
    pipeline = guarded(make, compare("EQ", "release"))
    pipeline.ended()
    (found,) = rules(pipeline)
    assert found["status"] == "Succeeded"
    assert found["input"]["resolvedConfiguration"]["Variable"] == "release"


def test_a_check_that_does_not_hold_keeps_the_stage_from_beginning(make: Any) -> None:
    pipeline = guarded(make, compare("MATCHES", "hotfix-.*"))
    ended = pipeline.ended(status="Failed")
    assert "'release' does not match 'hotfix-.*'" in ended["statusSummary"]
    assert pipeline.shown("Work", "Do") == {}


def test_a_check_may_skip_the_stage(make: Any) -> None:
    pipeline = guarded(make, compare("NE", "release"), result="SKIP")
    pipeline.ended()
    assert pipeline.state()["Work"]["latestExecution"]["status"] == "Skipped"
    assert pipeline.shown("After", "Then")["status"] == "Succeeded"


def test_a_window_that_is_closed_is_waited_for_and_can_be_overridden(make: Any) -> None:
    pipeline = guarded(make, rule("DeploymentWindow", configuration={"Cron": "* * * 29 FEB ? 2196"}))

    def waiting() -> Any:
        found = rules(pipeline)
        summary = found and found[0]["output"]["executionResult"].get("externalExecutionSummary", "")
        return summary if summary and "opens at 2196-02-29 00:00 UTC" in summary else None

    p.eventually(waiting)
    pipeline.client.override_stage_condition(
        pipelineName=pipeline.name, stageName="Work", pipelineExecutionId=pipeline.first(), conditionType="BEFORE_ENTRY"
    )
    pipeline.ended()
    assert rules(pipeline)[0]["status"] == "Abandoned"


def test_commands_judge_what_a_stage_has_done(make: Any) -> None:
    check = rule("Commands", commands=["test '#{variables.What}' = release && echo fine", "exit 4"])
    pipeline = guarded(make, check, kind="onSuccess")
    ended = pipeline.ended(status="Failed")
    assert "Error while executing command: exit 4. Reason: exit status 4" in ended["statusSummary"]
    assert pipeline.shown("Work", "Do")["status"] == "Succeeded"


def test_two_rules_must_both_hold(make: Any) -> None:
    pipeline = guarded(make, compare("EQ", "release"), rule("Commands", "Shell", commands=["true"]))
    pipeline.ended()
    assert sorted(each["ruleName"] for each in rules(pipeline)) == ["Check", "Shell"]


@pytest.mark.parametrize(
    ("provider", "configuration"), [("LambdaInvoke", {"FunctionName": "f"}), ("CloudWatchAlarm", {"AlarmName": "a"})]
)
def test_what_needs_a_service_that_is_not_here_fails_and_says_so(make: Any, provider: str, configuration: Any) -> None:
    pipeline = guarded(make, rule(provider, configuration=configuration))
    assert "this server has no" in pipeline.ended(status="Failed")["statusSummary"]


def test_a_rule_that_makes_no_sense_is_refused(declare: Any) -> None:
    pipeline = guarded(declare, compare("LIKE", "x"))
    told = p.refused("InvalidStageDeclarationException", pipeline.client.create_pipeline, pipeline=pipeline.document)
    assert "must be one of EQ, NE, CONTAINS, MATCHES" in told
