"""The mode PARALLEL over the API: executions for themselves, their approvals, retries and transitions."""

from typing import Any

from stageline.testing.pipelines import action, approval, eventually, refused, source, stage


def reached(pipe: Any, execution_id: str, name: str, status: str = "InProgress") -> dict[str, Any]:
    """The latest run of an action in an execution, once it has the status: the state of the pipeline does not show it."""

    def look() -> dict[str, Any] | None:
        runs = [each for each in pipe.runs(pipelineExecutionId=execution_id) if each["actionName"] == name]
        return runs[0] if runs and runs[0]["status"] == status else None

    return dict(eventually(look))


def parallel(make: Any, *stages: dict[str, Any], **more: Any) -> Any:
    return make(source(), *stages, executionMode="PARALLEL", pipelineType="V2", **more)


def test_executions_pass_each_other(make: Any) -> None:
    pipe = parallel(make, stage("Build", action("A", script="hold,done")))
    first = pipe.first()
    held = reached(pipe, first, "A")
    second = pipe.start()
    found = pipe.ended(second)
    assert found["executionMode"] == "PARALLEL"
    assert pipe.execution(first)["status"] == "InProgress"
    assert all("latestExecution" not in each for each in pipe.state().values()), "no state of the pipeline"
    pipe.providers["Build", "AWS", "Scripted", "1"].settle(held["actionExecutionId"])
    pipe.ended(first)


def test_each_approval_has_its_own_token(make: Any) -> None:
    pipe = parallel(make, stage("Gate", approval()))
    first, second = pipe.first(), pipe.start()

    def token(execution_id: str) -> str:
        def look() -> str:
            run = reached(pipe, execution_id, "Approve")
            return str(run["output"]["executionResult"].get("externalExecutionId", ""))

        return str(eventually(look))

    assert token(first) != token(second)
    assert "latestExecution" not in pipe.state()["Gate"]
    pipe.approve("Gate", "Approve", token=token(second))
    pipe.ended(second)
    assert pipe.execution(first)["status"] == "InProgress"
    spent = reached(pipe, second, "Approve", "Succeeded")["output"]["executionResult"]["externalExecutionId"]
    request = {"pipelineName": pipe.name, "stageName": "Gate", "actionName": "Approve"}
    result = {"summary": "", "status": "Approved"}
    refused("ApprovalAlreadyCompletedException", pipe.client.put_approval_result, **request, token=spent, result=result)
    pipe.approve("Gate", "Approve", "Rejected", token=token(first), summary="no")
    pipe.ended(first, "Failed")


def test_a_failed_one_is_retried_by_itself(make: Any) -> None:
    pipe = parallel(make, stage("Build", action("A", script="fail,done")))
    first = pipe.first()
    pipe.ended(first, "Failed")
    pipe.ended(pipe.start())
    request = {"pipelineName": pipe.name, "stageName": "Build", "pipelineExecutionId": first, "retryMode": "FAILED_ACTIONS"}
    pipe.client.retry_stage_execution(**request)
    pipe.ended(first)
    refused("StageNotRetryableException", pipe.client.retry_stage_execution, **request)
    text = refused(
        "UnableToRollbackStageException",
        pipe.client.rollback_stage,
        pipelineName=pipe.name,
        stageName="Build",
        targetPipelineExecutionId=first,
    )
    assert "PARALLEL" in text


def test_a_disabled_transition_holds_them_and_says_so(make: Any) -> None:
    pipe = parallel(make, stage("Build", action("A")))
    pipe.ended()
    where = {"pipelineName": pipe.name, "stageName": "Build", "transitionType": "Inbound"}
    pipe.client.disable_stage_transition(**where, reason="freeze")
    first, second = pipe.start(), pipe.start()

    def waits(execution_id: str) -> bool:
        return "freeze" in pipe.execution(execution_id).get("statusSummary", "")

    eventually(lambda: waits(first) and waits(second))
    assert sum("freeze" in each.get("statusSummary", "") for each in pipe.executions()) == 2
    pipe.client.enable_stage_transition(**where)
    assert "statusSummary" not in pipe.ended(first)
    pipe.ended(second)


def test_an_update_leaves_them_alone(make: Any) -> None:
    pipe = parallel(make, stage("Build", action("A", script="hold")), stage("More", action("B")))
    first = pipe.first()
    held = reached(pipe, first, "A")
    pipe.update(stages=[pipe.document["stages"][0], stage("Other", action("C"))])
    pipe.providers["Build", "AWS", "Scripted", "1"].settle(held["actionExecutionId"])
    assert pipe.ended(first)["pipelineVersion"] == 1
    assert {each["actionName"] for each in pipe.runs(pipelineExecutionId=first)} == {"Fetch", "A", "B"}


def test_fifty_run_at_once(make: Any) -> None:
    pipe = parallel(make, stage("Build", action("A", script="hold")))
    started = [pipe.first(), *(pipe.start() for _ in range(49))]
    text = refused("ConcurrentPipelineExecutionsLimitExceededException", pipe.client.start_pipeline_execution, name=pipe.name)
    assert "50 executions in progress" in text
    pipe.client.stop_pipeline_execution(pipelineName=pipe.name, pipelineExecutionId=started[0], abandon=True)
    eventually(lambda: pipe.execution(started[0])["status"] == "Stopped")
    pipe.start()
    pipe.client.delete_pipeline(name=pipe.name)
