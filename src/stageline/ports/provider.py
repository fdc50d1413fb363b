"""What an action provider gets and gives. A provider is one module: ``ACTION_TYPE``, ``start``, ``poll``, ``cancel``.

A rule is the same with ``RULE_TYPE``; it has succeeded when it is Done and failed when it is Failed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from stageline.core.pipeline.actiontype import ActionType
from stageline.core.pipeline.declaration import EnvironmentVariable
from stageline.core.pipeline.ruletype import RuleType
from stageline.core.pipeline.state import Revision
from stageline.ports.artifacts import ArtifactLocation
from stageline.ports.aws import Aws

FailureType = Literal[
    "JobFailed",
    "ConfigurationError",
    "PermissionError",
    "RevisionOutOfSync",
    "RevisionUnavailable",
    "SystemUnavailable",
]


@dataclass(frozen=True)
class Job:
    """One attempt of one action run: everything that a provider may know. ``configuration`` is resolved (no ``#{…}`` left).

    ``overrides`` are source revisions asked for at the start, by type (``COMMIT_ID``); ``source_revisions`` are the revisions
    of this execution by source action. ``deadline`` is the instant (epoch milliseconds) at which the action times out.

    ``commands`` are to be run with ``environment``, which holds the values of the variables that they refer to; afterwards the
    variables named in ``output_variables`` and the ``files`` of each output artifact (patterns by its name) are kept.
    ``condition`` is that of a rule: BEFORE_ENTRY, ON_SUCCESS or ON_FAILURE; empty for an action. ``token`` is that of an
    approval, ``mode`` the execution mode.
    """

    id: str
    attempt: int
    account: str
    region: str
    endpoint: str
    pipeline: str
    pipeline_arn: str
    execution_id: str
    stage: str
    action: str
    action_type: ActionType | RuleType
    configuration: Mapping[str, str]
    inputs: tuple[ArtifactLocation, ...] = ()
    outputs: tuple[ArtifactLocation, ...] = ()
    overrides: Mapping[str, str] = field(default_factory=dict)
    source_revisions: Mapping[str, str] = field(default_factory=dict)
    encryption_key: str = ""
    deadline: int = 0
    now: int = 0
    commands: tuple[str, ...] = ()
    environment: tuple[EnvironmentVariable, ...] = ()
    output_variables: tuple[str, ...] = ()
    files: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    condition: str = ""
    token: str = ""
    mode: str = ""


@dataclass(frozen=True)
class Done:
    """The action succeeded."""

    external_id: str = ""
    external_url: str = ""
    summary: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)
    revision: Revision | None = None
    log_stream_arn: str = ""


@dataclass(frozen=True)
class Failed:
    """The action failed; ``message`` tells a person what to do about it."""

    kind: FailureType
    message: str
    external_id: str = ""
    external_url: str = ""
    log_stream_arn: str = ""


@dataclass(frozen=True)
class Running:
    """Work goes on elsewhere under ``external_id``.

    ``signal`` names what wakes the runner when it ends (``codebuild:<build id>``); ``again`` is the safety-net poll in
    milliseconds.
    """

    external_id: str
    external_url: str = ""
    summary: str = ""
    signal: str = ""
    again: int = 5_000
    log_stream_arn: str = ""
    percent: int | None = None


Outcome = Done | Failed | Running


class Work(Protocol):
    """What providers and rules have in common; all three functions are safe to call again after a crash."""

    def start(self, job: Job, aws: Aws) -> Outcome:
        """Begin (or find again, keyed by ``job.id`` and ``job.attempt``) the work of a job."""
        ...

    def poll(self, job: Job, external_id: str, aws: Aws) -> Outcome:
        """How the work stands."""
        ...

    def cancel(self, job: Job, external_id: str, aws: Aws) -> None:
        """Stop the work if it still runs (a timed-out action); harmless otherwise."""
        ...


class Provider(Work, Protocol):
    """The module interface of a provider."""

    ACTION_TYPE: ActionType


class Rule(Work, Protocol):
    """The module interface of a rule."""

    RULE_TYPE: RuleType


Configuration = Mapping[str, Any]

__all__ = [
    "ActionType",
    "ArtifactLocation",
    "Configuration",
    "Done",
    "Failed",
    "FailureType",
    "Job",
    "Outcome",
    "Provider",
    "Revision",
    "Rule",
    "RuleType",
    "Running",
    "Work",
]
