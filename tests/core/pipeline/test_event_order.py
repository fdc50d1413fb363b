"""The order in which one decision after the other announces what happened."""

from stageline.core.pipeline.decide import decide
from stageline.core.pipeline.declaration import Action, Declaration, Stage
from stageline.core.pipeline.effects import Announce, Decision
from stageline.core.pipeline.events import (
    ActionFailed,
    ActionSucceeded,
    Event,
    ExecutionRequested,
    PipelineDeclared,
    RetryRequested,
    Stamped,
    StopRequested,
)
from stageline.core.pipeline.state import RUNNING, State


class Told:
    """A pipeline of two stages and what it announced."""

    def __init__(self) -> None:
        self.state: State | None = None
        self.lines: list[str] = []
        self.clock = 0
        self.execution = ""
        fetch = Action("Fetch", ("Source", "AWS", "S3", "1"), outputs=("Src",))
        copy = Action("Copy", ("Deploy", "AWS", "S3", "1"), inputs=("Src",))
        stages = (Stage("Source", (fetch,)), Stage("Deploy", (copy,)))
        self.send(PipelineDeclared(Declaration("shop", 1, "SUPERSEDED", "role", stages, bucket="b")))
        self.execution = self.send(ExecutionRequested("StartPipelineExecution"))

    def send(self, event: Event) -> str:
        self.clock += 1
        outcome = decide(self.state, Stamped(self.clock, f"{self.clock:032x}", event))
        assert isinstance(outcome, Decision)
        self.state = outcome.state
        for each in outcome.effects:
            if isinstance(each, Announce):
                name = {"Pipeline": "", "Stage": f" {each.stage}", "Action": f" {each.run.action if each.run else ''}"}[
                    each.level
                ]
                self.lines.append(f"{each.level}{name} {each.state}")
        return outcome.answer

    def run(self) -> str:
        assert self.state is not None
        found = self.state.executions[self.execution].run
        assert found is not None
        return next(run.id for run in found.runs.values() if run.status == RUNNING)

    def since(self) -> list[str]:
        said, self.lines = self.lines, []
        return said


BEGINNING = ["Pipeline STARTED", "Stage Source STARTED", "Action Fetch STARTED"]
MIDDLE = ["Action Fetch SUCCEEDED", "Stage Source SUCCEEDED", "Stage Deploy STARTED", "Action Copy STARTED"]


def test_a_success_of_two_stages() -> None:
    told = Told()
    told.send(ActionSucceeded(told.run()))
    told.send(ActionSucceeded(told.run()))
    assert told.since() == [*BEGINNING, *MIDDLE, "Action Copy SUCCEEDED", "Stage Deploy SUCCEEDED", "Pipeline SUCCEEDED"]


def test_a_failure_and_a_retry() -> None:
    told = Told()
    told.send(ActionSucceeded(told.run()))
    told.since()
    told.send(ActionFailed(told.run(), "JobFailed", "no"))
    assert told.since() == ["Action Copy FAILED", "Stage Deploy FAILED", "Pipeline FAILED"]
    told.send(RetryRequested("Deploy", told.execution, "FAILED_ACTIONS"))
    assert told.since() == ["Pipeline RESUMED", "Stage Deploy RESUMED", "Action Copy STARTED"]


def test_a_stop_that_abandons() -> None:
    told = Told()
    told.since()
    told.send(StopRequested(told.execution, abandon=True))
    assert told.since() == [
        "Pipeline STOPPING",
        "Stage Source STOPPING",
        "Action Fetch ABANDONED",
        "Stage Source STOPPED",
        "Pipeline STOPPED",
    ]
