"""QUEUED: nobody overtakes."""

from stageline.testing.behaviour.check import check, refused, same, slow_check
from stageline.testing.behaviour.declare import gate
from stageline.testing.behaviour.pipeline import Pipeline
from stageline.testing.behaviour.trial import Trial

LIMIT = 50


def line(trial: Trial, more: int) -> tuple[Pipeline, list[str]]:
    """A pipeline with one execution inside the gate and ``more`` behind it."""
    pipeline = Pipeline(trial, gate(), executionMode="QUEUED")
    executions = [pipeline.first()]
    pipeline.held(executions[0])
    for _ in range(more):
        executions.append(pipeline.start())
        pipeline.waits(*executions[1:])
    return pipeline, executions


@check
def first_come_first_served(trial: Trial) -> None:
    """Executions enter a stage in the order in which they came, and none is superseded."""
    pipeline, executions = line(trial, 3)
    for place, execution in enumerate(executions):
        pipeline.held(execution)
        same("who waits behind it", pipeline.waiting(), executions[place + 1 :])
        pipeline.approve(execution)
    for execution in executions:
        pipeline.ends(execution)


@check
def quick_starts_keep_their_order(trial: Trial) -> None:
    """Executions that are started at once, while the first stage is busy, keep the order of their starts."""
    pipeline = Pipeline(trial, gate(), executionMode="QUEUED")
    executions = [pipeline.first(), *(pipeline.start() for _ in range(4))]
    pipeline.waits(*executions[1:])
    pipeline.held(executions[0])


@check
def the_head_of_the_queue_is_shown(trial: Trial) -> None:
    """The state shows the whole queue in order and its head."""
    pipeline, executions = line(trial, 2)
    state = pipeline.stage("Gate")
    same("the queue", [each["pipelineExecutionId"] for each in state["inboundExecutions"]], executions[1:])
    same("its head", state["inboundExecution"]["pipelineExecutionId"], executions[1])
    same("the mode of an execution", pipeline.execution(executions[1])["executionMode"], "QUEUED")


@check
def a_failure_lets_the_next_in(trial: Trial) -> None:
    """When an execution fails, the next in the queue enters, and the failed one cannot be retried any more."""
    pipeline, (first, second, third) = line(trial, 2)
    pipeline.reject(first)
    pipeline.held(second)
    pipeline.ends(first, "Failed")
    same("who waits", pipeline.waiting(), [third])
    refused(
        trial.client.retry_stage_execution,
        "NotLatestPipelineExecution",
        pipelineName=pipeline.name,
        stageName="Gate",
        pipelineExecutionId=first,
        retryMode="FAILED_ACTIONS",
    )


@check
def a_stopped_waiter_leaves_the_queue(trial: Trial) -> None:
    """Stopping one that waits leaves the others in their order."""
    pipeline, executions = line(trial, 3)
    pipeline.stop(executions[2])
    pipeline.ends(executions[2], "Stopped")
    pipeline.waits(executions[1], executions[3])


@check
def it_needs_the_second_type(trial: Trial) -> None:
    """Only pipelines of type V2 can have the mode QUEUED."""
    document = trial.document(gate(), pipelineType="V1", executionMode="QUEUED")
    refused(trial.client.create_pipeline, "InvalidStructure", pipeline=document)


@slow_check
def fifty_at_most(trial: Trial) -> None:
    """At most fifty executions are in progress at once; one more is refused."""
    pipeline = Pipeline(trial, gate(), executionMode="QUEUED")
    pipeline.held(pipeline.first())
    for _ in range(LIMIT - 1):
        pipeline.start()
    refused(trial.client.start_pipeline_execution, "ConcurrentPipelineExecutionsLimitExceeded", name=pipeline.name)
