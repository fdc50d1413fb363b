"""Hosting builds: taking one from the queue, running it in a sandbox, and writing down how it goes."""

from stageline.services.codebuild.documents import QUEUE_TASK as QUEUE
from stageline.services.codebuild.documents import TASK as BUILD
from stageline.services.codebuild.hosting.host import BuildHost

__all__ = ["BUILD", "QUEUE", "BuildHost"]
