"""One decision in the making: the state so far, the effects so far, and the ids and the instant that the event brought."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from stageline.core.ids import IdSource
from stageline.core.pipeline.declaration import Declaration
from stageline.core.pipeline.effects import Announce, Decision, Effect, RecordAction, RecordExecution, StartAction
from stageline.core.pipeline.state import ENDED, FAILED, STOPPED, SUCCEEDED, ActionRun, Artifact, Execution, StageState, State

PARALLEL_KEPT = 50
"""Ended executions of the mode PARALLEL that stay retryable: no other execution takes their place."""


@dataclass
class Turn:
    """Collects what one event changes. Values in ``state`` are replaced, never changed.

    ``agenda`` names executions that have entered a stage and have to go on from there before the decision is finished.
    """

    state: State
    at: int
    ids: IdSource
    effects: list[Effect] = field(default_factory=list)
    touched: dict[str, Execution] = field(default_factory=dict)
    runs: dict[str, RecordAction] = field(default_factory=dict)
    agenda: list[str] = field(default_factory=list)

    def execution(self, execution_id: str) -> Execution:
        """An execution that is in the state."""
        return self.state.executions[execution_id]

    def stage(self, name: str) -> StageState:
        """The state of a stage."""
        return self.state.stages.get(name) or StageState()

    def declaration(self, execution: Execution) -> Declaration:
        """The version that an execution runs."""
        return self.state.declarations[execution.version]

    def save_stage(self, name: str, **changes: Any) -> None:
        """Change the state of a stage."""
        stages = {**self.state.stages, name: replace(self.stage(name), **changes)}
        self.state = replace(self.state, stages=stages)

    def save(self, execution_id: str, **changes: Any) -> Execution:
        """Change an execution, and what its stage shows of it."""
        execution = replace(self.execution(execution_id), updated=self.at, **changes)
        self.touched[execution_id] = execution
        self.state = replace(self.state, executions={**self.state.executions, execution_id: execution})
        run = execution.run
        if run is not None and run.stage in self.state.stages and self.stage(run.stage).latest_id == execution_id:
            shown = {**self.stage(run.stage).shown, **run.runs}
            self.save_stage(run.stage, latest_status=run.status, shown=shown, conditions=run.conditions)
        return execution

    def save_run(self, run: ActionRun, *, start: StartAction | None = None, variables: Mapping[str, str] | None = None) -> None:
        """Put a run of an action or of a rule into the stage run of its execution, and into history."""
        inside = self.execution(run.execution_id).run
        if inside is None or inside.stage != run.stage:
            raise AssertionError(f"action run {run.id} belongs to a stage that its execution is not in")
        if run.condition:
            condition = inside.conditions[run.condition]
            judged = replace(condition, updated=self.at, runs={**condition.runs, run.action: run})
            changed = replace(inside, conditions={**inside.conditions, run.condition: judged})
        else:
            changed = replace(inside, runs={**inside.runs, run.action: run})
        self.save(run.execution_id, run=changed)
        attempt = self.execution(run.execution_id).attempt
        before = self.runs.get(run.id) or RecordAction(run, attempt=attempt)
        self.runs[run.id] = RecordAction(
            run,
            start if start is not None else before.start,
            variables if variables is not None else before.variables,
            before.attempt,
        )

    def count(self) -> int:
        """The number of a new execution."""
        self.state = replace(self.state, started=self.state.started + 1)
        return self.state.started

    def add(self, execution: Execution) -> None:
        """Bring a new execution into the state."""
        self.touched[execution.id] = execution
        self.state = replace(self.state, executions={**self.state.executions, execution.id: execution})

    def drop(self, execution_id: str) -> None:
        """Let go of an execution of which nothing can be asked any more; history keeps it."""
        rest = {key: value for key, value in self.state.executions.items() if key != execution_id}
        self.state = replace(self.state, executions=rest)

    def announce(
        self,
        level: str,
        state: str,
        execution_id: str,
        *,
        stage: str = "",
        run: ActionRun | None = None,
        inputs: Mapping[str, Artifact] | None = None,
    ) -> None:
        """Tell EventBridge about a pipeline, stage or action."""
        self.effects.append(Announce(self.state.name, level, state, self.execution(execution_id), stage, run, inputs or {}))

    def decision(self, answer: str = "") -> Decision:
        """The finished decision: history rows first, then what is to be done, in order."""
        records: list[Effect] = [RecordExecution(execution, self._sources(execution)) for execution in self.touched.values()]
        self._let_go()
        records += self.runs.values()
        return Decision(self.state, (*records, *self.effects), answer)

    def _sources(self, execution: Execution) -> tuple[tuple[str, tuple[str, ...]], ...]:
        return tuple((action.name, action.outputs) for action in self.declaration(execution).stages[0].actions)

    def _let_go(self) -> None:
        """Drop ended executions that cannot be retried, and declarations that nothing runs any more."""
        parallel = 0
        for execution in sorted(self.state.executions.values(), key=lambda each: -each.number):
            if execution.status not in ENDED:
                continue
            retryable = execution.status in (FAILED, STOPPED) and self._retryable(execution)
            parallel += retryable and execution.parallel
            if not retryable or parallel > PARALLEL_KEPT:
                self.drop(execution.id)
        used = {self.state.version, *(execution.version for execution in self.state.executions.values())}
        if used != set(self.state.declarations):
            kept = {version: each for version, each in self.state.declarations.items() if version in used}
            self.state = replace(self.state, declarations=kept)

    def _retryable(self, execution: Execution) -> bool:
        run = execution.run
        return (
            run is not None
            and (run.status != SUCCEEDED or any(each.status == FAILED for each in run.conditions.values()))
            and execution.version == self.state.version
            and (execution.parallel or self.stage(run.stage).latest_id == execution.id)
        )
