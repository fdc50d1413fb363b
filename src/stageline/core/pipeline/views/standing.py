"""Where an execution stands and what it waits for, in one sentence."""

from collections.abc import Iterable

from stageline.core.pipeline.conditions import WORDS
from stageline.core.pipeline.state import ENDED, RUNNING, Execution, StageRun, State, Transition
from stageline.core.pipeline.waiting import PARKED_AFTER

DAY = 24 * 3_600_000


def standing(state: State, execution: Execution) -> str:
    """What an execution does, or what keeps it from going on; of an ended one, why it ended, if there is anything to say."""
    if execution.status in ENDED:
        return execution.summary or execution.stop_reason or ""
    if execution.waiting:
        return _waiting(state, execution)
    run = execution.run
    if run is None:
        return "It begins."
    ending = {
        "wait": "It stops as soon as what is in progress has ended: ",
        "abandon": "It stops: ",
        "cancel": "The pipeline was updated; it is cancelled as soon as what is in progress has ended: ",
    }.get(execution.ending, "")
    doing = f"it {_doing(run)}"
    return f"{ending}{doing}." if ending else f"{doing[0].upper()}{doing[1:]}."


def _waiting(state: State, execution: Execution) -> str:
    where = f"It waits in front of stage '{execution.waiting}'"
    if execution.parked:
        days = PARKED_AFTER // DAY
        return f"{where} for good: the transition into it was disabled for more than {days} days. Start a new execution."
    reasons = [*_closed(state, execution), *_occupied(state, execution)]
    return f"{where}: {'; '.join(reasons)}." if reasons else f"{where}."


def _closed(state: State, execution: Execution) -> Iterable[str]:
    stages = [stage.name for stage in state.declarations[execution.version].stages]
    index = stages.index(execution.waiting)
    sides = [("into it", state.stages[execution.waiting].inbound)] if execution.waiting in state.stages else []
    if index and stages[index - 1] in state.stages:
        sides.append((f"out of stage '{stages[index - 1]}'", state.stages[stages[index - 1]].outbound))
    return [_disabled(side, transition) for side, transition in sides if not transition.enabled]


def _disabled(side: str, transition: Transition) -> str:
    why = f" ({transition.reason})" if transition.reason else ""
    return f"the transition {side} was disabled by {transition.by or 'somebody'}{why}"


def _occupied(state: State, execution: Execution) -> Iterable[str]:
    here = state.stages.get(execution.waiting)
    if here is None or execution.parallel:
        return
    holder = state.executions.get(here.holder)
    if holder is not None and holder.run is not None:
        yield f"execution {holder.id} is in it and {_doing(holder.run)}"
    ahead = here.waiting[: here.waiting.index(execution.id)] if execution.id in here.waiting else ()
    if ahead:
        yield f"{len(ahead)} executions are ahead of it" if len(ahead) > 1 else f"execution {ahead[0]} is ahead of it"


def _doing(run: StageRun) -> str:
    approvals = [each.action for each in run.acting if each.type[0] == "Approval"]
    others = [each.action for each in run.acting if each.type[0] != "Approval"]
    judged = [WORDS[kind] for kind, each in run.conditions.items() if each.status == RUNNING]
    parts = []
    if others:
        parts.append(f"runs {_names(others)} in stage '{run.stage}'")
    if approvals:
        parts.append(f"waits for somebody to answer the approval {_names(approvals)} in stage '{run.stage}'")
    if judged:
        parts.append(f"evaluates the {' and the '.join(judged)} of stage '{run.stage}'")
    return " and ".join(parts) or f"is in stage '{run.stage}'"


def _names(names: list[str]) -> str:
    return ", ".join(f"'{each}'" for each in names)
