"""The steps of an execution, folded, give how it stands: after every event, whatever Hypothesis thinks of."""

import importlib.util
from pathlib import Path
from typing import Any

from hypothesis import settings

from stageline.core.pipeline.decide import decide
from stageline.core.pipeline.declaration import Action, Condition, Declaration, Rule, Stage
from stageline.core.pipeline.effects import Decision
from stageline.core.pipeline.events import (
    ActionFailed,
    ActionProgressed,
    ActionSucceeded,
    Event,
    ExecutionRequested,
    PipelineDeclared,
    RetryRequested,
    Stamped,
)
from stageline.core.pipeline.state import Execution, State
from stageline.core.pipeline.views.standing import standing
from stageline.core.pipeline.views.turns import Step, step
from stageline.engine.codec import decode_event

_spec = importlib.util.spec_from_file_location("pipeline_machine", Path(__file__).parent / "test_machine.py")
assert _spec
assert _spec.loader
machine = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(machine)


class Seen:
    """One execution as its steps tell of it."""

    def __init__(self) -> None:
        self.last: Step | None = None
        self.stages: dict[str, str] = {}
        self.conditions: dict[tuple[str, str], str] = {}
        self.runs: dict[tuple[str, str, str], str] = {}

    def take(self, found: Step) -> None:
        if found.afresh:
            self.conditions = {key: each for key, each in self.conditions.items() if key[0] != found.afresh}
            self.runs = {key: each for key, each in self.runs.items() if key[0] != found.afresh}
        self.last = found
        self.stages |= found.stages
        self.conditions |= {(stage, kind): each for stage, kinds in found.conditions.items() for kind, each in kinds.items()}
        self.runs |= {(run.stage, run.condition, run.name): run.status for run in found.runs}

    def check(self, state: State, execution: Execution) -> None:
        assert self.last
        told = (self.last.status, self.last.waiting, self.last.standing)
        assert told == (execution.status, execution.waiting, standing(state, execution))
        run = execution.run
        if run is None:
            return
        assert self.stages[run.stage] == run.status or (self.stages[run.stage], run.status) == ("Stopping", "InProgress")
        conditions = {(run.stage, kind): each.status for kind, each in run.conditions.items()}
        assert {key: each for key, each in self.conditions.items() if key[0] == run.stage} == conditions
        runs = {(run.stage, "", name): each.status for name, each in run.runs.items()}
        runs |= {(run.stage, kind, name): r.status for kind, each in run.conditions.items() for name, r in each.runs.items()}
        assert {key: each for key, each in self.runs.items() if key[0] == run.stage} == runs


class StepsMachine(machine.ChangingMachine):  # type: ignore[misc, name-defined]
    def teardown(self) -> None:
        follow([decode_event(entry) for entry in self.journal])


def follow(events: list[Stamped]) -> dict[str, Seen]:
    """Fold events, and check after each what the steps tell of each execution."""
    state: State | None = None
    seen: dict[str, Seen] = {}
    for stamped in events:
        before = state
        outcome = decide(before, stamped)
        assert isinstance(outcome, Decision)
        state = outcome.state
        for execution_id in [*seen, *(each for each in state.executions if each not in seen)]:
            one = seen.setdefault(execution_id, Seen())
            found = step(before, stamped, outcome, execution_id, one.last)
            if found:
                one.take(found)
            if execution_id in state.executions:
                one.check(state, state.executions[execution_id])
    return seen


TestSteps = StepsMachine.TestCase
TestSteps.settings = settings(max_examples=25, stateful_step_count=40, deadline=None)

CHECK = Rule("Check", ("Rule", "AWS", "VariableCheck", "1"))
STAGES = (
    Stage("Source", (Action("Fetch", ("Source", "AWS", "S3", "1")),)),
    Stage("Test", (Action("Try", ("Build", "AWS", "CodeBuild", "1")),), before_entry=Condition("SKIP", (CHECK,))),
    Stage("Deploy", (Action("Put", ("Deploy", "AWS", "S3", "1")),)),
)


class Told:
    """A pipeline to which events happen, one a millisecond."""

    def __init__(self) -> None:
        self.events: list[Stamped] = []
        self.state: State | None = None
        self.tell(PipelineDeclared(Declaration("shop", 1, "SUPERSEDED", "role", STAGES)))
        self.tell(ExecutionRequested("StartPipelineExecution"))

    def tell(self, event: Event) -> None:
        at = len(self.events) + 1
        self.events.append(Stamped(at, f"{at:032x}", event))
        outcome = decide(self.state, self.events[-1])
        assert isinstance(outcome, Decision), outcome
        self.state = outcome.state

    def running(self) -> Any:
        assert self.state
        (execution,) = self.state.executions.values()
        assert execution.run
        return (*execution.run.acting, *execution.run.judging)[0]


def test_a_stage_that_is_skipped_is_told_though_nothing_is_announced_of_it() -> None:
    told = Told()
    told.tell(ActionSucceeded(told.running().id))
    told.tell(ActionFailed(told.running().id, "JobFailed", "not equal"))
    told.tell(ActionSucceeded(told.running().id))
    (one,) = follow(told.events).values()
    assert one.stages == {"Source": "Succeeded", "Test": "Skipped", "Deploy": "Succeeded"}
    assert one.conditions == {("Test", "BEFORE_ENTRY"): "Failed"}
    assert one.last
    assert one.last.status == "Succeeded"


def test_news_that_change_no_status_are_no_step() -> None:
    told = Told()
    run = told.running()
    told.tell(ActionProgressed(run.id, summary="half"))
    told.tell(ActionProgressed(run.id, summary="more"))
    state: State | None = None
    steps: list[Step] = []
    for stamped in told.events:
        outcome = decide(state, stamped)
        assert isinstance(outcome, Decision)
        found = step(state, stamped, outcome, run.execution_id, steps[-1] if steps else None)
        steps += [found] if found else []
        state = outcome.state
    assert [each.at for each in steps] == [2]


def test_a_retry_begins_its_stage_afresh() -> None:
    told = Told()
    told.tell(ActionSucceeded(told.running().id))
    told.tell(ActionSucceeded(told.running().id))
    told.tell(ActionFailed(told.running().id, "JobFailed", "broken"))
    assert told.state
    (execution_id,) = told.state.executions
    told.tell(RetryRequested("Test", execution_id, "ALL_ACTIONS", "me"))
    (one,) = follow(told.events).values()
    assert one.last
    assert one.last.afresh == "Test"
    assert {key: each for key, each in one.runs.items() if key[0] == "Test"} == {("Test", "BEFORE_ENTRY", "Check"): "InProgress"}
