"""The state of one pipeline: who runs, who waits, who holds which stage. Values only; a new state is made at each decision.

Ended executions leave the state as soon as nothing can be asked of them any more, so it does not grow with history.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from stageline.core.pipeline.declaration import Declaration, TypeId

RUNNING, SUCCEEDED, FAILED, ABANDONED = "InProgress", "Succeeded", "Failed", "Abandoned"
STOPPING, STOPPED, SUPERSEDED, CANCELLED = "Stopping", "Stopped", "Superseded", "Cancelled"
SKIPPED, OVERRIDDEN = "Skipped", "Overridden"
ENDED = frozenset({SUCCEEDED, FAILED, STOPPED, SUPERSEDED, CANCELLED})
PARALLEL, STANDARD, ROLLBACK = "PARALLEL", "STANDARD", "ROLLBACK"


@dataclass(frozen=True)
class Artifact:
    """Where an artifact lies, and the source revision that it carries if a source action made it."""

    bucket: str
    key: str
    revision: str = ""


@dataclass(frozen=True)
class Revision:
    """A source revision (``ArtifactRevision``). ``created`` is an instant."""

    id: str
    change_id: str = ""
    summary: str = ""
    url: str = ""
    created: int = 0


@dataclass(frozen=True)
class ActionRun:
    """One run of an action (``ActionExecution``): every retry makes a new one. ``started`` and ``updated`` are instants.

    A run of a condition's rule is one too: ``condition`` names its condition, and ``action`` the rule. ``approvers`` are the
    persons who have approved an approval that needs several.
    """

    id: str
    execution_id: str
    stage: str
    action: str
    type: TypeId
    version: int
    started: int
    updated: int
    status: str = RUNNING
    summary: str = ""
    external_id: str = ""
    external_url: str = ""
    error_code: str = ""
    error_message: str = ""
    token: str = ""
    by: str = ""
    percent: int | None = None
    log_stream: str = ""
    revision: Revision | None = None
    outputs: Mapping[str, Artifact] = field(default_factory=dict)
    condition: str = ""
    approvers: tuple[str, ...] = ()


@dataclass(frozen=True)
class ConditionRun:
    """One evaluation of a condition (``StageConditionState``); ``runs`` are those of its rules by name."""

    status: str
    updated: int
    summary: str = ""
    runs: Mapping[str, ActionRun] = field(default_factory=dict)


@dataclass(frozen=True)
class Demands:
    """How many persons have to approve, and whether only others than the one behind the execution."""

    persons: int = 1
    others_only: bool = False

    def with_those(self, other: "Demands") -> "Demands":
        """The stricter of both, in each respect."""
        return Demands(max(self.persons, other.persons), self.others_only or other.others_only)


@dataclass(frozen=True)
class Held:
    """The demands on an approval that began to wait before the tags were changed: those of then. ``run`` is the id of its run."""

    run: str
    demands: Demands = Demands()


@dataclass(frozen=True)
class StageRun:
    """An execution's passage through a stage. ``runs`` holds the latest run of each action by name, ``conditions`` the latest
    evaluation of each condition; ``retried``: whether it was retried automatically; ``held``: what was demanded of approvals,
    by action, when they began, noted once the pipeline's tags demand something else."""

    stage: str
    status: str
    started: int
    runs: Mapping[str, ActionRun] = field(default_factory=dict)
    conditions: Mapping[str, ConditionRun] = field(default_factory=dict)
    retried: bool = False
    held: Mapping[str, Held] = field(default_factory=dict)

    @property
    def acting(self) -> tuple[ActionRun, ...]:
        """The action runs in progress."""
        return tuple(run for run in self.runs.values() if run.status == RUNNING)

    @property
    def judging(self) -> tuple[ActionRun, ...]:
        """The rule runs in progress."""
        return tuple(run for each in self.conditions.values() for run in each.runs.values() if run.status == RUNNING)

    @property
    def busy(self) -> bool:
        """Whether an action or a rule is in progress."""
        return bool(self.acting or self.judging)

    @property
    def broken(self) -> ActionRun | None:
        """The first action run that did not succeed."""
        return next((run for run in self.runs.values() if run.status in (FAILED, ABANDONED)), None)


@dataclass(frozen=True)
class Override:
    """A source revision asked for at the start (``SourceRevisionOverride``)."""

    action: str
    kind: str
    value: str


@dataclass(frozen=True)
class Snapshot:
    """What an execution ran a stage with, to run that stage with it again."""

    execution_id: str
    variables: Mapping[str, str] = field(default_factory=dict)
    namespaces: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    artifacts: Mapping[str, Artifact] = field(default_factory=dict)
    revisions: Mapping[str, Revision] = field(default_factory=dict)


@dataclass(frozen=True)
class Execution:
    """One execution of the pipeline. ``number`` counts starts; ``waiting`` names the stage in front of which it waits.

    ``ending`` is how a running execution will end: "" (as it goes), "wait", "abandon" (stopped) or "cancel" (updated).
    An execution of the kind ROLLBACK runs one stage as ``rollback_target`` ran it. ``person`` is the stable id of who started it
    or made the change that did, where that is known.
    """

    id: str
    number: int
    version: int
    mode: str
    started: int
    updated: int
    trigger: str
    trigger_detail: str = ""
    status: str = RUNNING
    summary: str = ""
    waiting: str = ""
    parked: bool = False
    ending: str = ""
    stop_reason: str | None = None
    attempt: int = 1
    retried: int = 0
    run: StageRun | None = None
    passed: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    namespaces: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    artifacts: Mapping[str, Artifact] = field(default_factory=dict)
    revisions: Mapping[str, Revision] = field(default_factory=dict)
    overrides: tuple[Override, ...] = ()
    kind: str = STANDARD
    rollback_target: str = ""
    person: str = ""

    @property
    def parallel(self) -> bool:
        """Whether it runs for itself: no locks, no queues, nothing shown in the state of the pipeline."""
        return self.mode == PARALLEL


@dataclass(frozen=True)
class Transition:
    """One side of a stage. ``changed`` is an instant, 0 while nobody touched it."""

    enabled: bool = True
    reason: str = ""
    by: str = ""
    changed: int = 0


@dataclass(frozen=True)
class StageState:
    """What the pipeline knows about a stage: its lock (``holder``), its queue, its transitions, and what it shows.

    ``entered`` is the highest execution number that ever entered. ``shown`` has the latest run of each action,
    ``answered`` the approval tokens that were used last, ``good`` what succeeded here last if the stage can roll back.
    """

    holder: str = ""
    waiting: tuple[str, ...] = ()
    entered: int = 0
    inbound: Transition = field(default_factory=Transition)
    outbound: Transition = field(default_factory=Transition)
    latest_id: str = ""
    latest_status: str = ""
    latest_kind: str = STANDARD
    manual_retries: int = 0
    auto_retries: int = 0
    last_retry: str = ""
    answered: tuple[str, ...] = ()
    shown: Mapping[str, ActionRun] = field(default_factory=dict)
    conditions: Mapping[str, ConditionRun] = field(default_factory=dict)
    good: Snapshot | None = None


@dataclass(frozen=True)
class State:
    """Everything about one pipeline that a decision needs. ``declarations`` holds the versions still in use."""

    name: str
    version: int
    started: int = 0
    declarations: Mapping[int, Declaration] = field(default_factory=dict)
    stages: Mapping[str, StageState] = field(default_factory=dict)
    executions: Mapping[str, Execution] = field(default_factory=dict)

    @property
    def declaration(self) -> Declaration:
        """The current version."""
        return self.declarations[self.version]
