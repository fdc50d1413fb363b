"""A stage that retries itself: what the state shows, what the history lists as the latest, also of rows of an earlier version."""

from typing import Any

from stageline.engine import history
from stageline.ports.provider import Failed
from stageline.testing import pipelines as p
from stageline.testing.pipelines import action, source, stage

CHECK = {
    "name": "Check",
    "ruleTypeId": {"category": "Rule", "owner": "AWS", "provider": "VariableCheck", "version": "1"},
    "configuration": {"Variable": "#{src.Said}", "Operator": "EQ", "Value": "hello"},
}
RETRY = {"result": "RETRY", "retryConfiguration": {"retryMode": "ALL_ACTIONS"}}
ENTRY = {"conditions": [{"result": "FAIL", "rules": [CHECK]}]}


def stubborn(make: Any, *actions: dict[str, Any]) -> Any:
    work = {**stage("Work", *actions), "beforeEntry": ENTRY, "onFailure": RETRY}
    return make(source(say="hello", namespace="src"), work)


def rules(pipe: Any, which: str) -> list[dict[str, Any]]:
    chosen = {"latestInPipelineExecution": {"pipelineExecutionId": pipe.first(), "startTimeRange": which}}
    return list(pipe.client.list_rule_executions(pipelineName=pipe.name, filter=chosen)["ruleExecutionDetails"])


def runs(pipe: Any, which: str) -> list[dict[str, Any]]:
    found = pipe.runs(latestInPipelineExecution={"pipelineExecutionId": pipe.first(), "startTimeRange": which})
    return [each for each in found if each["stageName"] == "Work"]


def test_the_second_attempt_is_the_latest(make: Any) -> None:
    pipe = stubborn(make, action("Do", "Deploy", script="hold"), action("Then", "Deploy", runOrder=2))
    pipe.settle("Work", "Do", Failed("JobFailed", "flaky"))
    p.eventually(lambda: pipe.state()["Work"].get("retryStageMetadata"))
    pipe.settle("Work", "Do")
    pipe.ended()
    assert pipe.state()["Work"]["retryStageMetadata"] == {
        "autoStageRetryAttempt": 1,
        "latestRetryTrigger": "AutomatedStageRetry",
    }
    assert [each["actionName"] for each in runs(pipe, "Latest")] == ["Then", "Do"]
    assert [each["status"] for each in runs(pipe, "All")] == ["Succeeded", "Succeeded", "Failed"]
    assert [each["ruleName"] for each in rules(pipe, "Latest")] == ["Check"]
    assert [each["status"] for each in rules(pipe, "All")] == ["Succeeded", "Succeeded"]


def test_attempts_within_one_instant_are_told_apart(make: Any) -> None:
    """An action without a value that it needs fails at once, and once more: nothing takes time in between."""
    work = action("Do", "Deploy", say="#{src.Nothing}")
    pipe = make(source(namespace="src"), {**stage("Work", work), "onFailure": RETRY})
    pipe.ended(status="Failed")
    latest, every = runs(pipe, "Latest"), runs(pipe, "All")
    assert {each["startTime"] for each in every} == {latest[0]["startTime"]}
    assert (len(latest), len(every)) == (1, 2)
    assert latest[0]["actionExecutionId"] == pipe.shown("Work", "Do")["actionExecutionId"]


def test_rows_of_an_earlier_version_are_told_apart_by_time(world: Any, make: Any) -> None:
    """They do not say which attempt they belong to."""
    pipe = stubborn(make, action("Do", "Deploy", script="hold"))
    pipe.settle("Work", "Do", Failed("JobFailed", "flaky"))
    first = p.eventually(lambda: pipe.state()["Work"].get("retryStageMetadata")) and runs(pipe, "All")[-1]
    pipe.settle("Work", "Do")
    pipe.ended()
    with world.whole.store.write() as tx:
        for kind in (history.ACTION, history.RULE, history.EXECUTION):
            for key, row in tx.scan(kind):
                tx.put(
                    kind, key, {name: value for name, value in row.items() if name not in ("attempt", "kind", "rollback_target")}
                )
    assert first["actionExecutionId"] not in [each["actionExecutionId"] for each in runs(pipe, "Latest")]
    assert (len(runs(pipe, "Latest")), len(runs(pipe, "All"))) == (1, 2)
    assert pipe.execution(pipe.first())["executionType"] == "STANDARD"
