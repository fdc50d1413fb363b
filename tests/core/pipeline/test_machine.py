"""The behaviour of a pipeline under every interleaving that Hypothesis can think of: the invariants hold after each step."""

import importlib.util
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from stageline.core.pipeline.decide import decide
from stageline.core.pipeline.declaration import Action, Condition, Declaration, OnFailure, Rule, Stage
from stageline.core.pipeline.effects import Announce, Decision, RecordAction, Refusal, SetTimer, StartAction
from stageline.core.pipeline.events import (
    ActionFailed,
    ActionProgressed,
    ActionSucceeded,
    ActionTimedOut,
    ApprovalAnswered,
    ConditionOverridden,
    Event,
    ExecutionRequested,
    PipelineDeclared,
    RetryRequested,
    RollbackRequested,
    Stamped,
    StopRequested,
    TransitionSwitched,
)
from stageline.core.pipeline.modes.parallel import ACTIONS
from stageline.core.pipeline.state import ENDED, FAILED, RUNNING, ActionRun, Execution, Snapshot, StageRun, State
from stageline.engine.codec import decode, decode_event, encode, encode_event, encode_state

_spec = importlib.util.spec_from_file_location("pipeline_ledger", Path(__file__).parent / "ledger.py")
assert _spec
assert _spec.loader
ledger = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(ledger)

SOURCE = ("Source", "AWS", "CodeCommit", "1")
BUILD = ("Build", "AWS", "CodeBuild", "1")
MANUAL = ("Approval", "AWS", "Manual", "1")
DEPLOY = ("Deploy", "AWS", "S3", "1")
NAMES = ("Source", "Build", "Gate", "Deploy")
ENDS = {"SUCCEEDED", "FAILED", "STOPPED", "SUPERSEDED", "CANCELED"}


CHECK = ("Rule", "AWS", "VariableCheck", "1")
MODES = ("SUPERSEDED", "QUEUED", "PARALLEL")


def condition(result: str, rules: int = 2) -> Condition:
    checks = tuple(Rule(f"Rule{each}", CHECK, {"Variable": "#{src.CommitId}"} if each else {}) for each in range(rules))
    return Condition(result, checks)


GUARDS = {
    "none": {},
    "fail": {"Build": {"before_entry": condition("FAIL"), "on_success": condition("FAIL", 1)}},
    "skip": {"Gate": {"before_entry": condition("SKIP", 1)}, "Deploy": {"before_entry": condition("SKIP", 1)}},
    "retry": {
        "Source": {"on_failure": OnFailure("RETRY", "ALL_ACTIONS")},
        "Build": {"on_failure": OnFailure("RETRY")},
        "Gate": {"on_failure": OnFailure(condition=condition("RETRY", 1), retry_mode="ALL_ACTIONS")},
    },
    "rollback": {
        "Build": {"on_failure": OnFailure("ROLLBACK")},
        "Gate": {"on_success": condition("ROLLBACK", 1)},
        "Deploy": {"on_failure": OnFailure("RETRY", condition=condition("ROLLBACK", 1)), "before_entry": condition("FAIL", 1)},
    },
}
"""Conditions by stage."""


def declaration(version: int, mode: str = "SUPERSEDED", *, without: str = "", guard: str = "none") -> Declaration:
    stages = [
        Stage("Source", (Action("Fetch", SOURCE, outputs=("Src",), namespace="src"),)),
        Stage(
            "Build",
            (
                Action(
                    "Unit", BUILD, inputs=("Src",), outputs=("Out",), configuration={"P": "#{src.CommitId}", "A": "#{src.Branch}"}
                ),
                Action("Lint", BUILD, inputs=("Src",)),
                *(Action(f"More{each}", BUILD) for each in range(6 if mode == "PARALLEL" else 0)),
                Action("Pack", BUILD, run_order=2, inputs=("Out",)),
            ),
        ),
        Stage("Gate", (Action("Approve", MANUAL), Action("Tell", BUILD, run_order=2))),
        Stage("Deploy", (Action("Copy", DEPLOY, inputs=("Out",), configuration={"K": "#{src.CommitId}"}),)),
    ]
    guarded = tuple(replace(stage, **GUARDS[guard].get(stage.name, {})) for stage in stages if stage.name != without)
    return Declaration("shop", version, mode, "role", guarded, bucket="artifacts")


def inside(execution: Execution) -> tuple[ActionRun, ...]:
    """The runs in progress of an execution, those of rules too."""
    return (*execution.run.acting, *execution.run.judging) if execution.run else ()


class PipelineMachine(RuleBasedStateMachine):
    mode = "SUPERSEDED"
    modes: tuple[str, ...] = ("SUPERSEDED",)

    def __init__(self) -> None:
        super().__init__()
        self.state: State | None = None
        self.journal: list[bytes] = []
        self.clock = 1_000
        self.version = 1
        self.numbers: dict[str, int] = {}
        self.final: dict[str, str] = {}
        self.started_runs: set[str] = set()
        self.used_tokens: set[str] = set()
        self.ledger = ledger.Ledger()
        self.entries: dict[str, list[tuple[str, int]]] = {}
        self.good: dict[str, dict[str, Snapshot]] = {}

    @initialize(guard=st.sampled_from([*GUARDS, *list(GUARDS)[1:]]))
    def declare(self, guard: str) -> None:
        self.guard = guard
        self.send(PipelineDeclared(declaration(1, self.mode, guard=self.allowed(self.mode, guard))))

    @staticmethod
    def allowed(mode: str, guard: str) -> str:
        return "retry" if mode == "PARALLEL" and guard == "rollback" else guard

    def send(self, event: Event) -> Decision | Refusal:
        self.clock += 1
        stamped = Stamped(self.clock, f"{self.clock:032x}", event)
        before = self.state
        checked = not self.clock % 3
        frozen = encode_state(before) if before and checked else b""
        outcome = decide(before, stamped)
        assert outcome == decide(before, stamped), "deterministic"
        if isinstance(outcome, Refusal):
            assert not checked or before is None or encode_state(before) == frozen, "a refusal leaves the state untouched"
            return outcome
        assert decode_event(encode_event(stamped)) == stamped
        self.journal.append(encode_event(stamped))
        self.check_effects(before, event, outcome)
        self.ledger.note(before, event, outcome)
        if checked:
            self.check_storing(before, stamped, outcome)
        self.state = outcome.state
        return outcome

    def check_storing(self, before: State | None, stamped: Stamped, outcome: Decision) -> None:
        """From what was stored the same follows; the journal sorts mappings."""
        loaded = decode(State, json.loads(json.dumps(encode(before)))) if before else None
        assert loaded == before
        stored = decide(loaded, decode_event(encode_event(stamped)))
        assert isinstance(stored, Decision)
        assert encode_state(stored.state) == encode_state(outcome.state)
        assert stored.effects == outcome.effects

    def check_effects(self, before: State | None, event: Event, outcome: Decision) -> None:
        stopped = {each.id for each in before.executions.values() if each.ending} if before else set()
        for effect in outcome.effects:
            if isinstance(effect, StartAction):
                assert effect.run.id not in self.started_runs, "an action run starts once"
                self.started_runs.add(effect.run.id)
                again = isinstance(event, RetryRequested | ConditionOverridden)
                resumed = again and event.execution_id == effect.run.execution_id
                assert resumed or effect.run.execution_id not in stopped, "no StartAction for a stopped execution"
            if isinstance(effect, Announce) and effect.level == "Pipeline":
                execution = effect.execution
                if effect.state == "RESUMED":
                    assert self.final.pop(execution.id) in ("FAILED", "STOPPED")
                if effect.state in ENDS:
                    assert execution.id not in self.final, "each end is announced once"
                    self.final[execution.id] = effect.state
                if effect.state == "SUPERSEDED":
                    assert before is not None
                    held = {each.holder for each in before.stages.values()}
                    assert execution.id not in held or execution.id in self.just_left(before, outcome.state), (
                        "superseding spares holders"
                    )
            if isinstance(effect, Announce) and effect.level == "Stage" and effect.state == "STARTED":
                self.entries.setdefault(effect.execution.id, []).append((effect.stage, effect.execution.number))
                if effect.execution.kind == "ROLLBACK":
                    assert len(self.entries[effect.execution.id]) == 1, "a rollback runs one stage"
                    assert not effect.execution.parallel
            if isinstance(effect, Announce) and effect.level == "Stage" and effect.state == "SUCCEEDED":
                self.remember(before, effect)

    def remember(self, before: State | None, effect: Announce) -> None:
        """What may be rolled back to: as the service finds it in history."""
        each = effect.execution
        if each.kind == "STANDARD" and not (before and effect.stage == before.declaration.stages[0].name):
            good = Snapshot(each.id, each.variables, each.namespaces, each.artifacts, each.revisions)
            self.good.setdefault(effect.stage, {})[each.id] = good

    @staticmethod
    def just_left(before: State, after: State) -> set[str]:
        """Executions that left a stage in this very step (and so no longer held it)."""
        return {
            each.holder
            for name, each in before.stages.items()
            if name not in after.stages or after.stages[name].holder != each.holder
        }

    def running(self) -> list[ActionRun]:
        assert self.state is not None
        return [run for each in self.state.executions.values() for run in inside(each)]

    def pick(self, index: int) -> ActionRun | None:
        running = self.running()
        return running[index % len(running)] if running else None

    @rule()
    def start(self) -> None:
        outcome = self.send(ExecutionRequested("StartPipelineExecution", "me"))
        if isinstance(outcome, Decision):
            self.numbers[outcome.answer] = len(self.numbers) + 1

    @precondition(lambda self: self.running())
    @rule(index=st.integers(0, 20), good=st.booleans(), value=st.sampled_from(["c0ffee", "c1", "c2", "#{not.this}", ""]))
    def finish(self, index: int, good: bool, value: str) -> None:
        run = self.pick(index)
        assert run is not None
        if run.token:
            return
        variables = {"CommitId": value, "Branch": value} if value else {}
        event: Event = ActionSucceeded(run.id, variables=variables) if good else ActionFailed(run.id, "JobFailed", "no")
        assert isinstance(self.send(event), Decision)
        assert isinstance(self.send(event), Refusal), "news of an ended action run is stale"

    @rule(
        index=st.integers(0, 20),
        stage=st.sampled_from(["", *NAMES]),
        there=st.sampled_from(["stay", "fail", "succeed"]),
    )
    def lead(self, index: int, stage: str, there: str) -> None:
        """Take one execution as far as it goes, or to a stage, and there perhaps a step on: what comes late is reached often."""
        assert self.state is not None
        live = [each.id for each in self.state.executions.values() if each.status not in ENDED]
        if not live:
            return
        self.bring(live[index % len(live)], stage, there)

    @rule(
        count=st.integers(1, 3), stage=st.sampled_from(NAMES), there=st.sampled_from(["stay", "fail", "fail", "succeed", "pass"])
    )
    def run_some(self, count: int, stage: str, there: str) -> None:
        """Several executions one after the other: the last goes to a stage, the others as far as they get."""
        for each in range(count):
            outcome = self.send(ExecutionRequested("StartPipelineExecution", "me"))
            if isinstance(outcome, Refusal):
                return
            self.numbers[outcome.answer] = len(self.numbers) + 1
            self.bring(outcome.answer, stage if each == count - 1 and there != "pass" else "", there)

    def bring(self, chosen: str, stage: str, there: str) -> None:
        assert self.state is not None
        for _ in range(30):
            execution = self.state.executions.get(chosen)
            run = next(iter(inside(execution)), None) if execution else None
            if run is None or (run.stage == stage and there == "stay"):
                return
            self.answer(run, good=run.stage != stage or there == "succeed")
            if run.stage == stage:
                return

    def answer(self, run: ActionRun, *, good: bool) -> None:
        commit = f"c{self.clock % 5}"
        if run.token:
            self.send(ApprovalAnswered(run.stage, run.action, run.token, good, "", "me"))
            self.used_tokens.add(run.token)
        elif good:
            self.send(ActionSucceeded(run.id, variables={"CommitId": commit, "Branch": commit}))
        else:
            self.send(ActionFailed(run.id, "JobFailed", "no"))

    @precondition(lambda self: self.running())
    @rule(index=st.integers(0, 20))
    def progress(self, index: int) -> None:
        run = self.pick(index)
        assert run is not None
        self.send(ActionProgressed(run.id, "external", summary="half"))

    @precondition(lambda self: self.running())
    @rule(index=st.integers(0, 20))
    def time_out(self, index: int) -> None:
        run = self.pick(index)
        assert run is not None
        self.send(ActionTimedOut(run.id, 5))
        if run.token:
            assert isinstance(self.send(ApprovalAnswered(run.stage, run.action, run.token, True, "", "me")), Refusal)

    @rule(index=st.integers(0, 20), approved=st.booleans(), stage=st.sampled_from(NAMES))
    def approve(self, index: int, approved: bool, stage: str) -> None:
        waiting = [run for run in self.running() if run.token]
        if not waiting:
            return
        run = waiting[index % len(waiting)]
        wrong = ApprovalAnswered(run.stage, run.action, "00000000-0000-4000-8000-000000000000", True, "", "me")
        assert isinstance(self.send(wrong), Refusal)
        if stage != run.stage:
            assert isinstance(self.send(ApprovalAnswered(stage, run.action, run.token, True, "", "me")), Refusal)
        right = ApprovalAnswered(run.stage, run.action, run.token, approved, "ok", "me")
        assert isinstance(self.send(right), Decision)
        assert run.token not in self.used_tokens
        self.used_tokens.add(run.token)
        assert isinstance(self.send(right), Refusal), "a token works once"

    @staticmethod
    def went_wrong(run: StageRun) -> bool:
        return bool(run.broken) or any(each.status == FAILED for each in run.conditions.values())

    @rule(index=st.integers(0, 50), stage=st.sampled_from(NAMES), mode=st.sampled_from(["FAILED_ACTIONS", "ALL_ACTIONS"]))
    def retry(self, index: int, stage: str, mode: str) -> None:
        if not self.numbers:
            return
        execution_id = list(self.numbers)[index % len(self.numbers)]
        amiss = [each for each in self.state.executions.values() if each.run and self.went_wrong(each.run)] if self.state else []
        if amiss and index % 4:
            chosen = amiss[index % len(amiss)]
            execution_id, stage = chosen.id, chosen.run.stage if chosen.run else stage
        before = self.final.get(execution_id)
        outcome = self.send(RetryRequested(stage, execution_id, mode))  # type: ignore[arg-type]
        if isinstance(outcome, Decision):
            assert before in (None, "FAILED", "STOPPED")
            assert outcome.answer == execution_id
            began = [each for each in outcome.effects if isinstance(each, RecordAction) and each.start is not None]
            passed = [each for each in outcome.effects if isinstance(each, Announce) and each.state == "SUCCEEDED"]
            now = outcome.state.executions.get(execution_id)
            full = now is not None and now.parallel and now.run is not None and len(now.run.acting) == ACTIONS
            assert began or passed or full, "a retry does something"

    @rule(index=st.integers(0, 50), abandon=st.booleans())
    def stop(self, index: int, abandon: bool) -> None:
        assert self.state is not None
        if not self.numbers:
            return
        execution_id = list(self.numbers)[index % len(self.numbers)]
        execution = self.state.executions.get(execution_id)
        outcome = self.send(StopRequested(execution_id, abandon, "because"))
        if execution is None or execution.status in ENDED:
            assert isinstance(outcome, Refusal)
            assert outcome.code == "PipelineExecutionNotStoppable"
        elif isinstance(outcome, Decision) and abandon:
            assert self.final[execution_id] == "STOPPED", "an abandoned execution is stopped at once"

    @rule(
        stage=st.sampled_from(NAMES),
        side=st.sampled_from(["Inbound", "Outbound"]),
        enabled=st.sampled_from([True, True, True, False]),
    )
    def switch(self, stage: str, side: str, enabled: bool) -> None:
        self.send(TransitionSwitched(stage, side, enabled, "freeze", "me"))  # type: ignore[arg-type]

    @precondition(lambda self: self.clock % 3 == 0)
    @rule(
        without=st.sampled_from(["", "", "Gate", "Build"]),
        guard=st.sampled_from(["", "", "", *GUARDS]),
        mode=st.sampled_from(MODES),
    )
    def update(self, without: str, guard: str, mode: str) -> None:
        assert self.state is not None
        live = [each for each in self.state.executions.values() if each.status not in ENDED]
        self.version += 1
        mode = mode if mode in self.modes else self.modes[0]
        self.guard = guard or self.guard
        self.send(PipelineDeclared(declaration(self.version, mode, without=without, guard=self.allowed(mode, self.guard))))
        for each in live:
            now = self.state.executions.get(each.id)
            if each.parallel:
                assert each.waiting or now == each, "an update leaves those of the mode PARALLEL alone"
            else:
                assert now is None or now.ending or now.status in ENDED, "an update ends what runs"
                left = inside(now) if now else ()
                assert not [run for run in left if run.token or run.condition], "nor does it wait for a person or a rule"

    @rule(index=st.integers(0, 50), stage=st.sampled_from(NAMES))
    def roll_back(self, index: int, stage: str) -> None:
        assert self.state is not None
        targets = list(self.good.get(stage, {}).values())
        if not targets:
            return
        target = targets[index % len(targets)]
        free = not self.state.stages[stage].holder if stage in self.state.stages else False
        outcome = self.send(RollbackRequested(stage, target, self.state.version, "me"))
        if isinstance(outcome, Decision):
            assert free
            assert stage != "Source"
            began = [each for each in outcome.effects if isinstance(each, Announce) and each.level == "Pipeline"]
            assert began[0].execution.kind == "ROLLBACK"
            assert began[0].execution.artifacts == target.artifacts

    @rule(index=st.integers(0, 50), kind=st.sampled_from(["BEFORE_ENTRY", "ON_SUCCESS"]))
    def override(self, index: int, kind: str) -> None:
        assert self.state is not None
        judged = [each for each in self.state.executions.values() if each.run and kind in each.run.conditions]
        if not judged:
            return
        execution = judged[index % len(judged)]
        assert execution.run is not None
        status = execution.run.conditions[kind].status
        outcome = self.send(ConditionOverridden(execution.run.stage, execution.id, kind, "me"))  # type: ignore[arg-type]
        if isinstance(outcome, Decision):
            assert status in ("InProgress", "Failed")
            assert not execution.ending or execution.status in ENDED

    @rule(days=st.sampled_from([0, 1, 31]))
    def time_passes(self, days: int) -> None:
        self.clock += days * 24 * 3_600_000

    @invariant()
    def one_execution_a_stage(self) -> None:
        assert self.state is not None
        inside: dict[str, list[str]] = {}
        for each in self.state.executions.values():
            if each.status not in ENDED and not each.waiting and not each.parallel:
                assert each.run is not None
                inside.setdefault(each.run.stage, []).append(each.id)
        for stage, found in inside.items():
            assert len(found) == 1
            assert self.state.stages[stage].holder == found[0]

    @invariant()
    def no_lock_outlives_its_holder(self) -> None:
        assert self.state is not None
        for name, stage in self.state.stages.items():
            if stage.holder:
                holder = self.state.executions[stage.holder]
                assert holder.status not in ENDED
                assert holder.run is not None
                assert holder.run.stage == name

    @invariant()
    def waiting_is_told_once(self) -> None:
        assert self.state is not None
        for name, stage in self.state.stages.items():
            if self.state.declaration.mode == "SUPERSEDED":
                assert len(stage.waiting) <= 1
            for each in stage.waiting:
                execution = self.state.executions[each]
                assert execution.waiting == name
                assert execution.status not in ENDED
                assert not execution.parallel
        for execution in self.state.executions.values():
            assert execution.parallel or not execution.waiting or execution.id in self.state.stages[execution.waiting].waiting

    @invariant()
    def nobody_waits_for_nothing(self) -> None:
        assert self.state is not None
        declared = self.state.declaration.stages
        for index, stage in enumerate(declared):
            here = self.state.stages[stage.name]
            before_open = index == 0 or self.state.stages[declared[index - 1].name].outbound.enabled
            free = not here.holder and here.inbound.enabled and before_open
            if free:
                assert all(self.state.executions[each].parked for each in here.waiting)
        for each in self.state.executions.values():
            if each.parallel and each.waiting and not each.parked:
                stages = [stage.name for stage in self.state.declarations[each.version].stages]
                index = stages.index(each.waiting)
                here = self.state.stages.get(each.waiting)
                before = self.state.stages.get(stages[index - 1]) if index else None
                assert (here and not here.inbound.enabled) or (before and not before.outbound.enabled)

    @invariant()
    def a_parallel_execution_runs_five_actions_at_once(self) -> None:
        assert self.state is not None
        for each in self.state.executions.values():
            if each.parallel and each.run and not each.ending:
                acting = len(each.run.acting)
                assert acting <= ACTIONS
                started = [run.action for run in each.run.acting]
                stage = self.state.declarations[each.version].stage(each.run.stage)
                assert stage is not None
                orders = {action.run_order for action in stage.actions if action.name in started}
                left = [a for a in stage.actions if a.run_order in orders and a.name not in each.run.runs]
                assert acting == ACTIONS or not left, "whoever may run does"

    @invariant()
    def conditions_agree_with_their_rules(self) -> None:
        assert self.state is not None
        for each in self.state.executions.values():
            for found in each.run.conditions.values() if each.run else ():
                busy = any(run.status == RUNNING for run in found.runs.values())
                assert busy == (found.status == RUNNING), found
                assert found.status != RUNNING or each.status not in ENDED

    @invariant()
    def who_waits_or_has_ended_does_nothing(self) -> None:
        assert self.state is not None
        for each in self.state.executions.values():
            if each.status in ENDED or each.waiting:
                assert not inside(each)

    @invariant()
    def what_must_not_be_is_refused(self) -> None:
        """Whoever waits cannot be retried or let pass a condition; whoever was stopped can be retried only."""
        assert self.state is not None
        for each in self.state.executions.values():
            stage = each.run.stage if each.run else SOURCE[0]
            retry = [RetryRequested(stage, each.id, mode) for mode in ("FAILED_ACTIONS", "ALL_ACTIONS")]  # type: ignore[arg-type]
            override = [ConditionOverridden(stage, each.id, kind) for kind in ("BEFORE_ENTRY", "ON_SUCCESS")]  # type: ignore[arg-type]
            asked = [*(retry if each.waiting else ()), *(override if each.waiting or each.status == "Stopped" else ())]
            for event in asked:
                assert isinstance(decide(self.state, Stamped(self.clock, "00", event)), Refusal), event

    @invariant()
    def the_state_does_not_grow(self) -> None:
        assert self.state is not None
        ended = [each for each in self.state.executions.values() if each.status in ENDED]
        assert sum(not each.parallel for each in ended) <= len(self.state.declaration.stages)
        used = {self.state.version, *(each.version for each in self.state.executions.values())}
        assert set(self.state.declarations) == used
        names = {stage.name for stage in self.state.declaration.stages}
        assert all(name in names or stage.holder for name, stage in self.state.stages.items())

    @invariant()
    def running_executions_do_something(self) -> None:
        assert self.state is not None
        for each in self.state.executions.values():
            if each.status not in ENDED and not each.waiting:
                assert each.run is not None
                assert each.run.busy

    def teardown(self) -> None:
        """Folding the journal gives the state."""
        state: State | None = None
        for entry in self.journal:
            outcome = decide(state, decode_event(entry))
            assert isinstance(outcome, Decision)
            state = outcome.state
        assert (state is None) == (self.state is None)
        assert state is None or self.state is None or encode_state(state) == encode_state(self.state)


class QueuedMachine(PipelineMachine):
    mode = "QUEUED"
    modes = ("QUEUED",)

    @invariant()
    def nobody_is_superseded(self) -> None:
        assert "SUPERSEDED" not in self.final.values()


class ParallelMachine(PipelineMachine):
    mode = "PARALLEL"
    modes = ("PARALLEL",)

    @invariant()
    def nothing_is_locked_or_shown(self) -> None:
        assert self.state is not None
        assert not any(stage.holder or stage.latest_id or stage.waiting for stage in self.state.stages.values())
        assert "SUPERSEDED" not in self.final.values()
        assert "CANCELED" not in self.final.values()


class ChangingMachine(PipelineMachine):
    modes = MODES


EXAMPLES = int(os.environ.get("STAGELINE_MACHINE_EXAMPLES", "0"))
"""A deep run: so many examples for each machine, of 100 steps."""
TestSuperseded = PipelineMachine.TestCase
TestQueued = QueuedMachine.TestCase
TestParallel = ParallelMachine.TestCase
TestChanging = ChangingMachine.TestCase
for case, examples in ((TestSuperseded, 40), (TestQueued, 30), (TestParallel, 30), (TestChanging, 40)):
    case.settings = settings(max_examples=EXAMPLES or examples, stateful_step_count=100 if EXAMPLES else 40, deadline=None)
    if EXAMPLES:
        case.pytestmark = [pytest.mark.timeout(0)]
del case


def test_timers_are_set_for_each_started_action() -> None:
    first = decide(None, Stamped(1, "00", PipelineDeclared(declaration(1))))
    assert isinstance(first, Decision)
    second = decide(first.state, Stamped(2, "01", ExecutionRequested("StartPipelineExecution")))
    assert isinstance(second, Decision)
    assert sum(isinstance(each, SetTimer) for each in second.effects) == 1
