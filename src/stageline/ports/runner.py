"""Where work runs: a runner claims due tasks and hands each to the handler of its kind."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from stageline.ports.store import Task


@dataclass(frozen=True)
class Again:
    """A handler's answer: not finished, call me again at ``due`` (epoch milliseconds) or when ``signal`` is heard."""

    due: int
    signal: str = ""


Handler = Callable[[Task], Again | None]
"""Performs a task, at least once, in a worker thread. None: finished, the task is deleted. An exception: tried again later
with a growing delay. A handler that deletes or replaces its own task inside its transaction is finished as well."""


class Runner(Protocol):
    """Runs tasks; the local one in this process, another on a cluster."""

    def register(self, kind: str, handler: Handler, *, slots: int) -> None:
        """Handle tasks of a kind with at most ``slots`` at once in this process."""
        ...

    def start(self) -> None:
        """Begin to claim tasks; work left by a dead process goes on."""
        ...

    def stop(self, grace: float) -> None:
        """Claim no more and wait up to ``grace`` seconds for running handlers; what still runs then is claimed again by
        whoever starts next."""
        ...

    def alive(self, task: Task) -> bool:
        """Whether a running handler still holds its task; a long one asks this before each outward step."""
        ...
