"""Execution modes: how executions wait in front of a stage, one policy a file."""

from types import ModuleType

from stageline.core.pipeline.modes import queued, superseded

POLICIES: dict[str, ModuleType] = {"SUPERSEDED": superseded, "QUEUED": queued}
"""The policies by ``ExecutionMode``. A mode that is not here is not implemented yet: the validator refuses it."""
