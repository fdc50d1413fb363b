"""What each event of the journal changed for one execution: its stages, conditions, actions and rules, and where it stood.

Folding what was changed gives the state of the execution as of any instant, also in the mode PARALLEL, of which the state of the
pipeline shows nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from stageline.core.pipeline.conditions import BEFORE_ENTRY
from stageline.core.pipeline.effects import Announce, Decision, RecordAction, RecordExecution
from stageline.core.pipeline.events import Stamped
from stageline.core.pipeline.state import FAILED, RUNNING, SKIPPED, Execution, State
from stageline.core.pipeline.views.course import remarks
from stageline.core.pipeline.views.standing import standing

_STAGES: Final = {
    "STARTED": "InProgress",
    "RESUMED": "InProgress",
    "STOPPING": "Stopping",
    "STOPPED": "Stopped",
    "CANCELED": "Cancelled",
    "SUCCEEDED": "Succeeded",
    "FAILED": "Failed",
}


@dataclass(frozen=True)
class Changed:
    """An action, or a rule of the condition that is named, with its new status."""

    id: str
    stage: str
    name: str
    condition: str
    status: str


@dataclass(frozen=True)
class Step:
    """What changed at an instant. ``stages`` by name; ``conditions`` by stage, then kind; ``standing`` is a sentence.

    ``afresh`` names a stage that is retried: what it has now is all here, and what it had before counts no more.
    """

    at: int
    status: str
    standing: str
    waiting: str
    remarks: tuple[str, ...] = ()
    stages: Mapping[str, str] = field(default_factory=dict)
    conditions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    runs: tuple[Changed, ...] = ()
    afresh: str = ""


def step(before: State | None, stamped: Stamped, decision: Decision, execution_id: str, last: Step | None) -> Step | None:
    """What an event changed for an execution; None when nothing, compared with the ``last`` step."""
    was = before.executions.get(execution_id) if before else None
    now = _written(decision, execution_id) or decision.state.executions.get(execution_id)
    if now is None:
        return None
    found = Step(
        stamped.at,
        now.status,
        standing(decision.state, now),
        now.waiting,
        tuple(remarks(before, stamped.event, decision, execution_id)),
        _stages(was, now, decision),
        _conditions(was, now, decision),
        _runs(was, now, decision),
        _afresh(was, now),
    )
    same = last and (last.status, last.standing, last.waiting) == (found.status, found.standing, found.waiting)
    quiet = not (found.remarks or found.stages or found.conditions or found.runs or found.afresh)
    return None if same and quiet else found


def _written(decision: Decision, execution_id: str) -> Execution | None:
    written = (each.execution for each in decision.effects if isinstance(each, RecordExecution))
    return next((each for each in written if each.id == execution_id), None)


def _runs(was: Execution | None, now: Execution, decision: Decision) -> tuple[Changed, ...]:
    """Runs that began or ended. Those that merely go on changed nothing that is told here."""
    if _afresh(was, now) and now.run:
        runs = [*now.run.runs.values(), *(run for each in now.run.conditions.values() for run in each.runs.values())]
    else:
        runs = [each.run for each in decision.effects if isinstance(each, RecordAction) and each.run.execution_id == now.id]
        known = (*was.run.acting, *was.run.judging) if was and was.run else ()
        going = {run.id for run in known}
        runs = [run for run in runs if run.status != RUNNING or run.id not in going]
    return tuple(Changed(run.id, run.stage, run.action, run.condition, run.status) for run in runs)


def _stages(was: Execution | None, now: Execution, decision: Decision) -> dict[str, str]:
    skipped = _skipped(was, now, decision)
    return {each.stage: _STAGES[each.state] for each in _told(now, decision) if each.level == "Stage"} | (
        {skipped: SKIPPED} if skipped else {}
    )


def _told(now: Execution, decision: Decision) -> list[Announce]:
    return [each for each in decision.effects if isinstance(each, Announce) and each.execution.id == now.id]


def _skipped(was: Execution | None, now: Execution, decision: Decision) -> str:
    """The stage that is skipped by this event: it is left, and nothing is announced of it."""
    run = was.run if was else None
    if (
        run is None
        or run.status != RUNNING
        or any(each.level == "Stage" and each.stage == run.stage for each in _told(now, decision))
    ):
        return ""
    left = now.run is None or now.run.stage != run.stage or now.run.status == SKIPPED
    return run.stage if left else ""


def _conditions(was: Execution | None, now: Execution, decision: Decision) -> dict[str, dict[str, str]]:
    """Conditions that changed, of the stages that the execution was in during the event."""
    told = [each.execution.run for each in _told(now, decision)]
    before = {} if was is None or was.run is None or _afresh(was, now) else {was.run.stage: was.run.conditions}
    skipped = _skipped(was, now, decision)
    # A stage is skipped because its entry condition has failed; by the end of the event the execution is in another one.
    found: dict[str, dict[str, str]] = {skipped: {BEFORE_ENTRY: FAILED}} if skipped else {}
    for run in (*told, now.run):
        if run is not None:
            known = before.get(run.stage, {})
            changed = {kind: each.status for kind, each in run.conditions.items() if kind not in known or known[kind] != each}
            if changed:
                found.setdefault(run.stage, {}).update(changed)
    return found


def _afresh(was: Execution | None, now: Execution) -> str:
    """The stage that is retried by this event."""
    return now.run.stage if was and now.run and was.run and now.attempt > was.attempt else ""
