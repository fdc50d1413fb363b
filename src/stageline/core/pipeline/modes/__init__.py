"""Execution modes: how executions wait in front of a stage, one policy a file."""

from types import ModuleType

from stageline.core.pipeline.effects import Refusal
from stageline.core.pipeline.modes import parallel, queued, superseded
from stageline.core.pipeline.state import ENDED, State

POLICIES: dict[str, ModuleType] = {"SUPERSEDED": superseded, "QUEUED": queued, "PARALLEL": parallel}
"""The policies by ``ExecutionMode``. Only the modes with queues have ``admit``."""


def limited(state: State) -> Refusal | None:
    """The refusal of one more execution in flight, if there are as many as the mode allows."""
    mode = state.declaration.mode
    limit = POLICIES[mode].LIMIT
    running = sum(1 for each in state.executions.values() if each.status not in ENDED)
    if limit is None or running < limit:
        return None
    text = f"The pipeline '{state.name}' has {running} executions in progress, which is the maximum for the mode {mode}."
    return Refusal("ConcurrentPipelineExecutionsLimitExceeded", f"{text} Wait for one to end, or stop one.")
