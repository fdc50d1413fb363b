"""What the tags of a pipeline demand of its approvals, beyond AWS: several persons, and none of them the one who started it.

``stageline:approvals`` (or ``stageline:approvals/STAGE/ACTION`` for one action) is how many persons have to approve,
``stageline:approvals-by-others`` whether the person behind an execution counts ("true" or "false"). When they change, approvals
that wait keep what was demanded when they began to.
"""

from collections.abc import Mapping
from dataclasses import replace

from stageline.core.pipeline.events import DemandsChanged
from stageline.core.pipeline.state import Demands, Execution, Held, StageRun
from stageline.core.pipeline.turn import Turn

PREFIX = "stageline:"
PERSONS = "stageline:approvals"
OTHERS = "stageline:approvals-by-others"


def of(tags: Mapping[str, str], stage: str, action: str) -> Demands:
    """The demands of a pipeline with those tags on one of its approvals."""
    persons = tags.get(f"{PERSONS}/{stage}/{action}") or tags.get(PERSONS) or "1"
    return Demands(int(persons), tags.get(OTHERS) == "true")


def among(tags: Mapping[str, str]) -> dict[str, str]:
    """Those of the tags that demand something."""
    return {key: value for key, value in tags.items() if key.startswith(PERSONS)}


def demands_changed(turn: Turn, event: DemandsChanged) -> str:
    """Note the demands of before for each approval that has begun: it waits, or a retry will ask again. Nothing else changes, and
    nobody sees it, so that no execution counts as updated."""
    executions = {key: _noted(each, event.before) for key, each in turn.state.executions.items()}
    if executions != turn.state.executions:
        turn.state = replace(turn.state, executions=executions)
    return ""


def _noted(execution: Execution, before: Mapping[str, str]) -> Execution:
    run = execution.run
    held = _held(run, before) if run is not None else {}
    return execution if run is None or held == run.held else replace(execution, run=replace(run, held=held))


def _held(run: StageRun, before: Mapping[str, str]) -> dict[str, Held]:
    held = dict(run.held)
    for name, each in run.runs.items():
        known = held.get(name)
        if each.type[0] != "Approval" or (known is not None and known.run == each.id):
            continue
        then = of(before, run.stage, name)
        held[name] = Held(each.id, then.with_those(known.demands) if known else then)
    return held
