"""RollbackStage and automatic rollbacks: what they run, what the answers show of them, and each refusal."""

from typing import Any

from stageline.testing.pipelines import action, eventually, refused, source, stage

NOBODY = "00000000-0000-4000-8000-000000000000"


def deployed(make: Any, *more: dict[str, Any], **options: Any) -> Any:
    """A V2 pipeline whose first execution has deployed what its variable says."""
    deploy = stage("Deploy", action("Copy", "Deploy", say="#{src.Said} #{variables.Which}", inputs=["Src"]), *more)
    pipe = make(
        source(say="good", namespace="src"),
        {**deploy, **options},
        stage("After", action("Check", "Build")),
        pipelineType="V2",
        variables=[{"name": "Which", "defaultValue": "first"}],
    )
    pipe.ended()
    return pipe


def test_a_stage_runs_as_it_ran_before(make: Any) -> None:
    pipe = deployed(make)
    first = pipe.first()
    second = pipe.start(variables=[{"name": "Which", "value": "second"}])
    pipe.ended(second)
    assert pipe.shown("Deploy", "Copy")["summary"] == "good second"
    request = {"pipelineName": pipe.name, "stageName": "Deploy", "targetPipelineExecutionId": first}
    back = pipe.client.rollback_stage(**request)["pipelineExecutionId"]
    assert back not in (first, second)
    found = pipe.ended(back)
    assert found["executionType"] == "ROLLBACK"
    assert found["rollbackMetadata"] == {"rollbackTargetPipelineExecutionId": first}
    assert found["trigger"]["triggerType"] == "ManualRollback"
    assert found["trigger"]["triggerDetail"].endswith(":root")
    assert found["variables"] == [{"name": "Which", "resolvedValue": "first"}]
    assert found["artifactRevisions"] == pipe.execution(first)["artifactRevisions"]
    runs = {each["pipelineExecutionId"]: each for each in reversed(pipe.runs()) if each["actionName"] == "Copy"}
    assert runs[back]["output"]["executionResult"]["externalExecutionSummary"] == "good first"
    assert runs[back]["input"]["inputArtifacts"] == runs[first]["input"]["inputArtifacts"], "the same object"
    assert [each["actionName"] for each in pipe.runs(pipelineExecutionId=back)] == ["Copy"], "it ends behind the stage"
    assert pipe.state()["Deploy"]["latestExecution"] == {"pipelineExecutionId": back, "status": "Succeeded", "type": "ROLLBACK"}
    assert pipe.state()["After"]["latestExecution"] == {"pipelineExecutionId": second, "status": "Succeeded", "type": "STANDARD"}
    assert [each["executionType"] for each in pipe.executions()] == ["ROLLBACK", "STANDARD", "STANDARD"]
    text = refused("UnableToRollbackStageException", pipe.client.rollback_stage, **{**request, "targetPipelineExecutionId": back})
    assert "is a rollback itself" in text


def test_rollbacks_that_are_refused(make: Any) -> None:
    pipe = deployed(make)
    first = pipe.first()
    ask = pipe.client.rollback_stage
    request = {"pipelineName": pipe.name, "stageName": "Deploy", "targetPipelineExecutionId": first}
    refused("PipelineNotFoundException", ask, **{**request, "pipelineName": "nobody"})
    refused("StageNotFoundException", ask, **{**request, "stageName": "Nowhere"})
    refused("PipelineExecutionNotFoundException", ask, **{**request, "targetPipelineExecutionId": NOBODY})
    refused("ValidationException", ask, **{**request, "targetPipelineExecutionId": "first"})
    assert "source stage" in refused("UnableToRollbackStageException", ask, **{**request, "stageName": "Source"})
    pipe.update(stages=[pipe.document["stages"][0], stage("Deploy", action("Copy", "Deploy", script="hold"))])
    refused("PipelineExecutionOutdatedException", ask, **request)
    held = pipe.start()
    pipe.reached("Deploy", "Copy")
    assert "has not succeeded in it" in refused(
        "UnableToRollbackStageException", ask, **{**request, "targetPipelineExecutionId": held}
    )
    pipe.settle("Deploy", "Copy")
    pipe.ended(held)
    pipe.start()
    pipe.reached("Deploy", "Copy")
    assert "an execution is in it" in refused(
        "UnableToRollbackStageException", ask, **{**request, "targetPipelineExecutionId": held}
    )
    assert len(pipe.executions()) == 3, "refused rollbacks start nothing"


def test_a_target_that_was_retried_counts_with_what_came_last(make: Any) -> None:
    pipe = make(
        source(),
        stage(
            "Pack", action("Zip", script="fail,done", say="#{codepipeline.PipelineExecutionId}", namespace="zip", outputs=["Out"])
        ),
        stage("Deploy", action("Copy", "Deploy", say="#{zip.Said}", inputs=["Out"])),
    )
    first = pipe.first()
    pipe.ended(first, "Failed")
    pipe.client.retry_stage_execution(
        pipelineName=pipe.name, stageName="Pack", pipelineExecutionId=first, retryMode="FAILED_ACTIONS"
    )
    pipe.ended(first)
    back = pipe.client.rollback_stage(pipelineName=pipe.name, stageName="Deploy", targetPipelineExecutionId=first)
    pipe.ended(back["pipelineExecutionId"])
    copies = [each for each in pipe.runs() if each["actionName"] == "Copy"]
    zips = [each for each in pipe.runs() if each["actionName"] == "Zip" and each["status"] == "Succeeded"]
    assert copies[0]["input"]["inputArtifacts"] == copies[1]["input"]["inputArtifacts"] == zips[0]["output"]["outputArtifacts"]
    assert copies[0]["input"]["resolvedConfiguration"]["Say"] == first


def test_a_failed_stage_goes_back_by_itself(make: Any, world: Any) -> None:
    deploy = stage("Deploy", action("Copy", "Deploy", script="done,fail,done", say="#{variables.Which}"))
    pipe = make(
        source(),
        {**deploy, "onFailure": {"result": "ROLLBACK"}},
        pipelineType="V2",
        variables=[{"name": "Which", "defaultValue": "first"}],
    )
    first = pipe.first()
    pipe.ended(first)
    second = pipe.start(variables=[{"name": "Which", "value": "second"}])
    failed = pipe.ended(second, "Failed")
    assert failed["statusSummary"].endswith(f"The stage is rolled back to execution {first}.")
    back = pipe.executions()[0]
    assert back["trigger"] == {"triggerType": "AutomatedRollback", "triggerDetail": second}
    assert back["rollbackMetadata"] == {"rollbackTargetPipelineExecutionId": first}
    pipe.ended(back["pipelineExecutionId"])
    assert pipe.shown("Deploy", "Copy")["summary"] == "first"

    def told() -> Any:
        found = [each["detail"] for each in world.told if each["detail"]["execution-id"] == back["pipelineExecutionId"]]
        return found if "SUCCEEDED" in [each["state"] for each in found if "stage" not in each] else None

    begun = next(each for each in eventually(told) if each["state"] == "STARTED" and "stage" not in each)
    assert begun["execution-trigger"] == {"trigger-type": "AutomatedRollback", "trigger-detail": second}
