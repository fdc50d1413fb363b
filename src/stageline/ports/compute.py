"""Running commands of a pipeline on build hosts: one-off builds that no project stands behind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from stageline.core.pipeline.declaration import EnvironmentVariable
from stageline.ports.api import Context
from stageline.ports.artifacts import ArtifactLocation


@dataclass(frozen=True)
class Assumed:
    """One step by which a principal came to its role; the arguments of ``Aws.as_role``."""

    role: str
    session: str
    service: str = ""
    policy: str = ""
    source_arn: str = ""


@dataclass(frozen=True)
class Order:
    """Commands to run. ``id`` (a UUID) makes a second order of the same commands find the first one's work.

    The first of ``inputs`` is unpacked into the folder in which the commands begin. ``files`` are patterns of what becomes
    ``output``. ``minutes`` is how long the commands may take.
    """

    id: str
    pipeline: str
    commands: tuple[str, ...]
    environment: tuple[EnvironmentVariable, ...] = ()
    output_variables: tuple[str, ...] = ()
    inputs: tuple[ArtifactLocation, ...] = ()
    output: ArtifactLocation | None = None
    files: tuple[str, ...] = ()
    revision: str = ""
    encryption_key: str = ""
    minutes: int = 55
    environment_type: str = "LINUX_CONTAINER"
    compute_type: str = "BUILD_GENERAL1_SMALL"
    vpc: str = ""


@dataclass(frozen=True)
class Standing:
    """How ordered work stands. ``signal`` is heard when it has ended; ``code`` and ``message`` say why it failed."""

    id: str
    status: Literal["SUCCEEDED", "FAILED", "FAULT", "TIMED_OUT", "IN_PROGRESS", "STOPPED"]
    signal: str
    variables: Mapping[str, str] = field(default_factory=dict)
    code: str = ""
    message: str = ""
    log_stream_arn: str = ""


class Compute(Protocol):
    """Takes orders. The work goes on through a restart of the server, as the principal that ordered it."""

    def begin(self, ctx: Context, order: Order, principal: Sequence[Assumed]) -> Standing:
        """Begin the work, or find what this order began before. ApiError InvalidInputException when it cannot be done here."""
        ...

    def standing(self, work_id: str) -> Standing | None:
        """How work stands; None when it is not known (any more)."""
        ...

    def stop(self, ctx: Context, work_id: str) -> None:
        """End work that still runs; harmless otherwise."""
        ...
