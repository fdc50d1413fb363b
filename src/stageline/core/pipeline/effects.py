"""What a decision asks for, in the imperative. The engine has one handler for each."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from stageline.core.pipeline.declaration import Action, EnvironmentVariable
from stageline.core.pipeline.state import ActionRun, Artifact, Execution, State


@dataclass(frozen=True)
class StartAction:
    """Begin the work of an action run. ``configuration`` is resolved; ``timeout`` is in minutes.

    ``role`` is the pipeline's role. ``action_role``, when the action has one of its own, is assumed from it. ``commands`` name
    the variables that they refer to; ``environment`` holds their values.
    """

    run: ActionRun
    action: Action
    configuration: Mapping[str, str]
    inputs: Mapping[str, Artifact]
    outputs: Mapping[str, Artifact]
    role: str
    encryption_key: str
    timeout: int
    action_role: str = ""
    overrides: Mapping[str, str] = field(default_factory=dict)
    revisions: Mapping[str, str] = field(default_factory=dict)
    mode: str = ""
    person: str = ""
    commands: tuple[str, ...] = ()
    environment: tuple[EnvironmentVariable, ...] = ()


@dataclass(frozen=True)
class CancelAction:
    """Stop the work of an action run that timed out."""

    run: ActionRun


@dataclass(frozen=True)
class ForgetAction:
    """Follow the work of an action run no longer: abandoned. What it started elsewhere goes on."""

    run: ActionRun


@dataclass(frozen=True)
class SetTimer:
    """Bring ``ActionTimedOut`` for a run at the instant ``due``."""

    run: ActionRun
    due: int
    minutes: int


@dataclass(frozen=True)
class CancelTimer:
    """The timer of a run is not needed any more."""

    run: ActionRun


@dataclass(frozen=True)
class RecordExecution:
    """Write the execution as history shows it. ``sources`` are its source actions with the artifacts that they make."""

    execution: Execution
    sources: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True)
class RecordAction:
    """Write the action run as history shows it; ``start`` once, when it starts, ``variables`` when it ends.

    ``attempt`` is that of its execution.
    """

    run: ActionRun
    start: StartAction | None = None
    variables: Mapping[str, str] | None = None
    attempt: int = 1


@dataclass(frozen=True)
class Announce:
    """Tell EventBridge. ``state`` is the event's spelling (STARTED, SUCCEEDED, CANCELED …); ``inputs`` are those of an action
    that starts."""

    pipeline: str
    level: str
    state: str
    execution: Execution
    stage: str = ""
    run: ActionRun | None = None
    inputs: Mapping[str, Artifact] = field(default_factory=dict)


Effect = StartAction | CancelAction | ForgetAction | SetTimer | CancelTimer | RecordExecution | RecordAction | Announce


@dataclass(frozen=True)
class Decision:
    """The new state, what is to be done, and what the asker is told (an execution id, an instant)."""

    state: State
    effects: tuple[Effect, ...] = ()
    answer: str = ""


@dataclass(frozen=True)
class Refusal:
    """The event cannot happen; the state stays as it is. ``code`` is the API's, without its suffix ``Exception``."""

    code: str
    message: str
