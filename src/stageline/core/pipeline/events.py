"""What can happen to a pipeline, in the past tense. Journalled as they are: folding them gives the state."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from stageline.core.pipeline.declaration import Declaration
from stageline.core.pipeline.state import Override, Revision, Snapshot


@dataclass(frozen=True)
class PipelineDeclared:
    """The pipeline was created, or its declaration replaced by ``UpdatePipeline``; the version is in the declaration."""

    declaration: Declaration


@dataclass(frozen=True)
class ExecutionRequested:
    """Somebody or something asked for an execution. ``trigger`` is a ``TriggerType`` of the API, ``person`` the stable id of who
    is behind it."""

    trigger: str
    detail: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)
    overrides: tuple[Override, ...] = ()
    person: str = ""


@dataclass(frozen=True)
class ActionProgressed:
    """The work of an action goes on elsewhere, under ``external_id``."""

    run_id: str
    external_id: str = ""
    external_url: str = ""
    summary: str = ""
    percent: int | None = None
    log_stream: str = ""


@dataclass(frozen=True)
class ActionSucceeded:
    """The work of an action is done. ``variables`` are its output variables."""

    run_id: str
    external_id: str = ""
    external_url: str = ""
    summary: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)
    revision: Revision | None = None
    log_stream: str = ""


@dataclass(frozen=True)
class ActionFailed:
    """The work of an action failed; ``code`` is a ``FailureType`` of the API."""

    run_id: str
    code: str
    message: str
    external_id: str = ""
    external_url: str = ""
    log_stream: str = ""


@dataclass(frozen=True)
class ActionTimedOut:
    """The time that an action may take has passed."""

    run_id: str
    minutes: int


@dataclass(frozen=True)
class ApprovalAnswered:
    """A person answered a manual approval; ``by`` is the ARN of that person and ``person`` the stable id.

    ``needed`` is how many persons have to approve. With ``others_only`` the person behind the execution does not count.
    """

    stage: str
    action: str
    token: str
    approved: bool
    summary: str
    by: str
    person: str = ""
    needed: int = 1
    others_only: bool = False


@dataclass(frozen=True)
class RetryRequested:
    """Somebody asked to run the failed actions, or all actions, of a stage again."""

    stage: str
    execution_id: str
    mode: Literal["FAILED_ACTIONS", "ALL_ACTIONS"]
    by: str = ""


@dataclass(frozen=True)
class RollbackRequested:
    """Somebody asked to run a stage as an earlier execution ran it: ``target``, which succeeded there with ``version``."""

    stage: str
    target: Snapshot
    version: int
    by: str = ""
    person: str = ""


@dataclass(frozen=True)
class ConditionOverridden:
    """Somebody asked to let an execution pass a condition of a stage."""

    stage: str
    execution_id: str
    condition: Literal["BEFORE_ENTRY", "ON_SUCCESS"]
    by: str = ""


@dataclass(frozen=True)
class StopRequested:
    """Somebody asked to stop an execution, waiting for its running actions or abandoning them."""

    execution_id: str
    abandon: bool = False
    reason: str = ""
    by: str = ""


@dataclass(frozen=True)
class TransitionSwitched:
    """Somebody switched a transition of a stage on or off."""

    stage: str
    side: Literal["Inbound", "Outbound"]
    enabled: bool
    reason: str = ""
    by: str = ""


@dataclass(frozen=True)
class DemandsChanged:
    """The tags of a pipeline demand something else of its approvals from now on; ``before`` are those that did until now."""

    before: Mapping[str, str] = field(default_factory=dict)


Event = (
    PipelineDeclared
    | ExecutionRequested
    | ActionProgressed
    | ActionSucceeded
    | ActionFailed
    | ActionTimedOut
    | ApprovalAnswered
    | RetryRequested
    | RollbackRequested
    | ConditionOverridden
    | StopRequested
    | TransitionSwitched
    | DemandsChanged
)


@dataclass(frozen=True)
class Stamped:
    """An event with what the core may not make up itself: the instant, and entropy (hex) from which new ids derive."""

    at: int
    entropy: str
    event: Event
