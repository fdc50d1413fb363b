"""The state of one pipeline: who runs, who waits, who holds which stage. Values only; a new state is made at each decision.

Ended executions leave the state as soon as nothing can be asked of them any more, so it does not grow with history.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from stageline.core.pipeline.declaration import Declaration, TypeId

RUNNING, SUCCEEDED, FAILED, ABANDONED = "InProgress", "Succeeded", "Failed", "Abandoned"
STOPPING, STOPPED, SUPERSEDED, CANCELLED = "Stopping", "Stopped", "Superseded", "Cancelled"
ENDED = frozenset({SUCCEEDED, FAILED, STOPPED, SUPERSEDED, CANCELLED})


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
    """One run of an action (``ActionExecution``): every retry makes a new one. ``started`` and ``updated`` are instants."""

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


@dataclass(frozen=True)
class StageRun:
    """An execution's passage through a stage. ``runs`` holds the latest run of each action by name."""

    stage: str
    status: str
    started: int
    runs: Mapping[str, ActionRun] = field(default_factory=dict)

    @property
    def busy(self) -> bool:
        """Whether an action is in progress."""
        return any(run.status == RUNNING for run in self.runs.values())


@dataclass(frozen=True)
class Override:
    """A source revision asked for at the start (``SourceRevisionOverride``)."""

    action: str
    kind: str
    value: str


@dataclass(frozen=True)
class Execution:
    """One execution of the pipeline. ``number`` counts starts; ``waiting`` names the stage in front of which it waits.

    ``ending`` is how a running execution will end: "" (as it goes), "wait", "abandon" (stopped) or "cancel" (updated).
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
    ``answered`` the approval tokens that were used last.
    """

    holder: str = ""
    waiting: tuple[str, ...] = ()
    entered: int = 0
    inbound: Transition = field(default_factory=Transition)
    outbound: Transition = field(default_factory=Transition)
    latest_id: str = ""
    latest_status: str = ""
    manual_retries: int = 0
    answered: tuple[str, ...] = ()
    shown: Mapping[str, ActionRun] = field(default_factory=dict)


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
