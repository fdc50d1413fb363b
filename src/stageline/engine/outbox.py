"""From effects to rows and tasks, inside the transaction that decided them. Task ids derive from the action run: performing
an effect twice is impossible to ask for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import assert_never

from stageline.core.pipeline.declaration import TypeId
from stageline.core.pipeline.effects import (
    Announce,
    CancelAction,
    CancelTimer,
    Decision,
    Effect,
    ForgetAction,
    RecordAction,
    RecordExecution,
    SetTimer,
    StartAction,
)
from stageline.core.pipeline.state import ENDED, ActionRun, Artifact
from stageline.engine import bulletin, history
from stageline.ports.events import Events
from stageline.ports.store import Doc, Task, WriteTx

ACTION, TIMER, CANCEL = "action", "timer", "cancel"


@dataclass(frozen=True)
class Outlets:
    """Where effects go besides the transaction: events, with the server's name on them. ``timeout`` gives the minutes that an
    action type may take by default."""

    events: Events
    account: str
    region: str
    timeout: Callable[[TypeId], int]


def write(outlets: Outlets, tx: WriteTx, uid: str, decision: Decision) -> None:
    """Write down everything that a decision asks for."""
    pending: dict[str, Task | None] = {}
    for effect in decision.effects:
        _write(outlets, tx, uid, decision, effect, pending)
    for task_id, task in pending.items():
        if task is None:
            tx.cancel(task_id)
        else:
            tx.schedule(task)


def _write(outlets: Outlets, tx: WriteTx, uid: str, decision: Decision, effect: Effect, pending: dict[str, Task | None]) -> None:
    pipeline = decision.state.name
    match effect:
        case RecordExecution():
            history.record_execution(tx, uid, effect)
        case RecordAction():
            history.record_action(tx, uid, pipeline, effect)
        case StartAction():
            task_id = task_name(ACTION, uid, effect.run)
            pending[task_id] = Task(task_id, ACTION, _job(outlets, uid, pipeline, effect), due=effect.run.started)
        case SetTimer():
            minutes = effect.minutes or outlets.timeout(effect.run.type)
            task_id = task_name(TIMER, uid, effect.run)
            payload = {"pipeline": pipeline, "uid": uid, "run": effect.run.id, "minutes": minutes}
            pending[task_id] = Task(task_id, TIMER, payload, due=effect.run.started + minutes * 60_000)
        case CancelTimer():
            pending[task_name(TIMER, uid, effect.run)] = None
        case ForgetAction():
            pending[task_name(ACTION, uid, effect.run)] = None
        case CancelAction():
            _cancel(tx, uid, effect.run, pending)
        case Announce():
            outlets.events.publish(tx, bulletin.render(outlets.account, outlets.region, effect))
            if effect.level == "Pipeline" and effect.execution.status in ENDED:
                tx.after_commit(partial(outlets.events.signal, f"codepipeline:{effect.execution.id}"))
        case _:
            assert_never(effect)


def _cancel(tx: WriteTx, uid: str, run: ActionRun, pending: dict[str, Task | None]) -> None:
    """The work's own task goes; another one, with what that task knew, stops the work."""
    action_id = task_name(ACTION, uid, run)
    task = next((each for each in tx.tasks(action_id) if each.id == action_id), None)
    pending[action_id] = None
    if task is not None:
        cancel_id = task_name(CANCEL, uid, run)
        pending[cancel_id] = Task(cancel_id, CANCEL, {**task.payload, "external_id": run.external_id}, due=run.updated)


def task_name(kind: str, uid: str, run: ActionRun) -> str:
    """The id of a task about an action run."""
    return f"{kind}/{uid}/{run.id}"


def _job(outlets: Outlets, uid: str, pipeline: str, start: StartAction) -> Doc:
    minutes = start.timeout or outlets.timeout(start.run.type)
    return {
        "pipeline": pipeline,
        "uid": uid,
        "run": start.run.id,
        "execution": start.run.execution_id,
        "stage": start.run.stage,
        "action": start.run.action,
        "type": list(start.run.type),
        "configuration": dict(start.configuration),
        "filled": [name for name, text in start.action.configuration.items() if start.configuration.get(name) != text],
        "inputs": _artifacts(start.inputs),
        "outputs": _artifacts(start.outputs),
        "role": start.role,
        "action_role": start.action_role,
        "encryption_key": start.encryption_key,
        "deadline": start.run.started + minutes * 60_000,
        "overrides": dict(start.overrides),
        "revisions": dict(start.revisions),
        "commands": list(start.commands),
        "environment": [[each.name, each.value, each.kind] for each in start.environment],
        "output_variables": list(start.action.output_variables),
        "files": {name: list(patterns) for name, patterns in start.action.files.items()},
        "condition": start.run.condition,
        "token": start.run.token,
        "mode": start.mode,
        "person": start.person,
    }


def _artifacts(artifacts: Mapping[str, Artifact]) -> list[list[str]]:
    return [[name, each.bucket, each.key, each.revision] for name, each in artifacts.items()]
