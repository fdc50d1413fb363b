"""What a pipeline was seen to do, kept beside it by other means: what it announced, what it started, which artifacts there are.

After each decision the books have to balance: each run that began has one end or is in progress, with a timer and a task; each
execution works with its own artifacts and values; each announcement follows from those before it.
"""

from collections.abc import Mapping

from stageline.core.pipeline.conditions import BEFORE_ENTRY, ON_SUCCESS, PASSED
from stageline.core.pipeline.declaration import Stage
from stageline.core.pipeline.effects import (
    Announce,
    CancelAction,
    CancelTimer,
    Decision,
    ForgetAction,
    RecordAction,
    SetTimer,
    StartAction,
)
from stageline.core.pipeline.events import (
    ActionFailed,
    ActionSucceeded,
    ApprovalAnswered,
    ConditionOverridden,
    Event,
    PipelineDeclared,
    RetryRequested,
)
from stageline.core.pipeline.state import FAILED, RUNNING, SUCCEEDED, ActionRun, Artifact, Execution, State

ENDS = {"SUCCEEDED", "FAILED", "STOPPED", "SUPERSEDED", "CANCELED"}
SOURCE, GATE, DEPLOY = "Source", "Gate", "Deploy"


class Ledger:
    """The books of one pipeline."""

    def __init__(self) -> None:
        self.open: dict[str, ActionRun] = {}
        self.closed: set[str] = set()
        self.timers: set[str] = set()
        self.tasks: set[str] = set()
        self.told: dict[str, str] = {}
        self.executions: dict[str, str] = {}
        self.attempts: dict[str, float] = {}
        self.inside: dict[str, str] = {}
        self.last: dict[str, str] = {}
        self.automatic: dict[str, int] = {}
        self.refused: set[tuple[str, str]] = set()
        self.artifacts: dict[str, dict[str, Artifact]] = {}
        self.commit: dict[str, str] = {}
        self.good: dict[str, list[str]] = {}
        self.kept: dict[tuple[str, str], tuple[dict[str, Artifact], str]] = {}
        self.approved: set[str] = set()
        self.lines: dict[str, list[str]] = {}

    def note(self, before: State | None, event: Event, outcome: Decision) -> None:
        """Enter a decision, and balance."""
        if isinstance(event, PipelineDeclared):
            self.good.clear()
        if isinstance(event, ApprovalAnswered) and event.approved:
            self.approved |= {run.execution_id for run in self.open.values() if run.token == event.token}
        self._tasks(event)
        queues = self._queues(outcome)
        for effect in outcome.effects:
            match effect:
                case RecordAction():
                    self._record(effect)
                case StartAction():
                    self._start(effect)
                case SetTimer():
                    self.timers.add(effect.run.id)
                case CancelTimer():
                    self.timers.discard(effect.run.id)
                case ForgetAction() | CancelAction():
                    self.tasks.discard(effect.run.id)
                case Announce(level="Pipeline"):
                    self._pipeline(effect, outcome)
                case Announce(level="Stage"):
                    self._approvals(event, effect, outcome.state)
                    self._stage(effect, outcome.state, queues)
                case Announce(level="Action"):
                    self._action(effect, outcome.state)
        for name, stage in outcome.state.stages.items():
            line = [each for each in self.lines.get(name, []) if each in stage.waiting]
            self.lines[name] = line + [each for each in stage.waiting if each not in line]
        self._balance(outcome.state)

    def _tasks(self, event: Event) -> None:
        """Whoever brings the news of an action's end has done its task."""
        if isinstance(event, ActionSucceeded | ActionFailed):
            self.tasks.discard(event.run_id)
        if isinstance(event, ApprovalAnswered):
            self.tasks -= {run.id for run in self.open.values() if run.token == event.token}

    def _queues(self, outcome: Decision) -> dict[str, list[str]]:
        """Who waited in front of each stage and still wants to get in, in the order of arrival."""
        after = outcome.state.executions
        gone = {each.execution.id for each in outcome.effects if isinstance(each, Announce) and each.state in ENDS - {"FAILED"}}
        return {
            name: [each for each in line if each not in gone and not (each in after and after[each].parked)]
            for name, line in self.lines.items()
        }

    def _record(self, effect: RecordAction) -> None:
        run = effect.run
        assert run.id not in self.closed, "what has ended does not change"
        if effect.start is not None and run.status == FAILED:
            have = self.artifacts.get(run.execution_id, {})
            lacks = [name for name in effect.start.action.inputs if name not in have]
            refers = bool(effect.start.action.configuration)
            assert lacks or (refers and not self.commit.get(run.execution_id)), "it fails at once for a reason"
        if run.status == RUNNING:
            self.open[run.id] = run
            return
        self.open.pop(run.id, None)
        self.closed.add(run.id)
        if run.condition:
            if run.status == FAILED and run.condition == BEFORE_ENTRY:
                self.refused.add((run.execution_id, run.stage))
            return
        if run.status == SUCCEEDED:
            self.artifacts.setdefault(run.execution_id, {}).update(run.outputs)
            if run.stage == SOURCE:
                self.commit[run.execution_id] = dict(effect.variables or {}).get("CommitId", "")

    def _start(self, effect: StartAction) -> None:
        run = effect.run
        self.tasks.add(run.id)
        have = self.artifacts.get(run.execution_id, {})
        assert dict(effect.inputs) == {name: have[name] for name in effect.action.inputs}, "its own artifacts, the newest"
        for value in effect.configuration.values():
            assert value == self.commit[run.execution_id], "its own values"

    def _pipeline(self, effect: Announce, outcome: Decision) -> None:
        each = effect.execution
        if effect.state == "STARTED":
            assert each.id not in self.executions
            self.attempts[each.id] = each.attempt
            if each.rollback_target:
                self._rolled_back(each, outcome)
        elif effect.state == "RESUMED":
            assert self.executions[each.id] in ("FAILED", "STOPPED")
        else:
            assert self.executions[each.id] not in ENDS
        self.executions[each.id] = effect.state
        if effect.state in ENDS:
            stage = self.inside.pop(each.id, "")
            assert not stage or (each.id, stage) in self.refused, "a stage ends before its execution does"

    def _rolled_back(self, execution: Execution, outcome: Decision) -> None:
        """It has what its target had when that left the stage."""
        entered = next(each for each in outcome.effects if isinstance(each, Announce) and each.state == "STARTED" and each.stage)
        artifacts, commit = self.kept[execution.rollback_target, entered.stage]
        self.artifacts[execution.id], self.commit[execution.id] = dict(artifacts), commit
        assert execution.artifacts == artifacts
        if execution.trigger == "AutomatedRollback":
            assert self.good[entered.stage][-1] == execution.rollback_target, "to what succeeded last"
            assert self.executions[execution.trigger_detail] == "FAILED"

    def _stage(self, effect: Announce, state: State, queues: Mapping[str, list[str]]) -> None:
        each, stage = effect.execution, effect.stage
        assert self.executions[each.id] not in ENDS
        if effect.state == "STARTED":
            left = self.inside.get(each.id)
            assert left is None or (each.id, left) in self.refused, "in one stage at a time"
            self.inside[each.id] = self.last[each.id] = stage
            self.automatic[each.id] = 0
            self.refused.discard((each.id, stage))
            self._let_in(each, stage, state, queues)
        elif effect.state == "RESUMED":
            assert self.last[each.id] == stage
            assert each.attempt > self.attempts[each.id]
            if each.id in self.inside:
                self.automatic[each.id] += 1
                assert self.automatic[each.id] == 1, "one automatic retry"
            self.inside[each.id] = stage
            self.refused.discard((each.id, stage))
        elif effect.state == "STOPPING":
            assert self.inside[each.id] == stage
        else:
            assert self.inside.pop(each.id) == stage
            assert not [run for run in self.open.values() if (run.execution_id, run.stage) == (each.id, stage)]
        self.attempts[each.id] = each.attempt
        if effect.state == "SUCCEEDED":
            self._succeeded(each, stage, state)

    def _approvals(self, event: Event, effect: Announce, state: State) -> None:
        """Whoever leaves the gate was approved since it came, or since all of the gate's actions were asked for again."""
        each = effect.execution
        if effect.stage != GATE:
            return
        declared = self._declared(each, GATE, state)
        mode = declared.on_failure.retry_mode if declared and declared.on_failure else ""
        mode = event.mode if isinstance(event, RetryRequested) else "" if isinstance(event, ConditionOverridden) else mode
        if effect.state == "STARTED" or (effect.state == "RESUMED" and mode == "ALL_ACTIONS"):
            self.approved.discard(each.id)
        assert effect.state != "SUCCEEDED" or each.id in self.approved, "nobody gets past an approval"

    def _succeeded(self, execution: Execution, stage: str, state: State) -> None:
        declared = self._declared(execution, stage, state)
        assert execution.run is not None
        failed = False
        if declared is not None and declared.on_success and execution.kind == "STANDARD":
            status = execution.run.conditions[ON_SUCCESS].status
            failed = status not in PASSED
            assert not failed or declared.on_success.result == "ROLLBACK"
        if execution.kind == "STANDARD" and not failed:
            self.good.setdefault(stage, []).append(execution.id)
        have = self.artifacts.get(execution.id, {})
        self.kept[execution.id, stage] = (dict(have), self.commit.get(execution.id, ""))

    def _let_in(self, execution: Execution, stage: str, state: State, queues: Mapping[str, list[str]]) -> None:
        """The door was open, nobody was ahead, and what has to be approved was."""
        if execution.kind != "STANDARD":
            return
        declaration = state.declarations.get(execution.version)
        if declaration is None:
            return
        index = declaration.index(stage)
        ahead = [declaration.stages[index - 1].name] if index else []
        assert stage not in state.stages or state.stages[stage].inbound.enabled
        assert all(state.stages[name].outbound.enabled for name in ahead if name in state.stages)
        queue = queues.get(stage, [])
        if not execution.parallel and queue:
            assert queue.pop(0) == execution.id, "first come, first served"
        gate = declaration.stage(GATE)
        if stage == DEPLOY and gate is not None and gate.before_entry is None:
            assert execution.id in self.approved, "nobody gets around an approval"

    def _action(self, effect: Announce, state: State) -> None:
        assert effect.run is not None
        run, each = effect.run, effect.execution
        if effect.state == "STARTED":
            assert run.id not in self.told
            assert self.inside[each.id] == run.stage
            declared = self._declared(each, run.stage, state)
            if declared is not None and declared.before_entry and each.kind == "STANDARD":
                assert each.run is not None
                assert each.run.conditions[BEFORE_ENTRY].status in PASSED, "no action before the entry condition"
        else:
            assert self.told[run.id] == "STARTED"
        self.told[run.id] = effect.state

    @staticmethod
    def _declared(execution: Execution, stage: str, state: State) -> Stage | None:
        declaration = state.declarations.get(execution.version)
        return declaration.stage(stage) if declaration else None

    def _balance(self, state: State) -> None:
        running = {run.id for each in state.executions.values() if each.run for run in (*each.run.acting, *each.run.judging)}
        assert set(self.open) == running, "no run is lost"
        assert self.timers == running, "a timer for each run in progress, and for no other"
        assert self.tasks == running, "a task for each run in progress, and for no other"
        assert {key for key, told in self.told.items() if told == "STARTED"} == {
            run.id for run in self.open.values() if not run.condition
        }
