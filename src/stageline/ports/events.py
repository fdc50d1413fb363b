"""Announcements: EventBridge-shaped events, after the fact, at least once; and in-process signals that wake waiters."""

from collections.abc import Callable
from typing import Protocol

from stageline.ports.store import Doc, WriteTx


class Events(Protocol):
    """Publishes events durably and wakes those that wait for something."""

    def publish(self, tx: WriteTx, event: Doc) -> None:
        """Announce an event (``source``, ``detail-type``, ``resources``, ``detail``) once ``tx`` has committed.

        The event's ``id``, ``account``, ``region`` and ``time`` are filled in. Delivery survives a crash. Members whose names
        begin with ``stageline:`` are for subscribers inside and never leave the server.
        """
        ...

    def subscribe(self, source: str, handler: Callable[[Doc], None]) -> None:
        """Call ``handler`` (idempotent, in a worker thread) with each event of a source, ``aws.codecommit`` for one."""
        ...

    def signal(self, name: str) -> None:
        """Wake whatever waits for ``name`` now, in this process; lost when nothing waits. ``codebuild:<build id>`` and
        ``codepipeline:<execution id>`` tell of an end, ``pipeline/<name>`` of any change, once it is committed."""
        ...

    def wait(self, name: str, handler: Callable[[], None]) -> Callable[[], None]:
        """Call ``handler`` at each signal of that name; returns the function that ends it."""
        ...

    def watch(self, prefix: str, handler: Callable[[str], None]) -> Callable[[], None]:
        """Call ``handler`` with the name at each signal whose name begins so; returns the function that ends it."""
        ...
