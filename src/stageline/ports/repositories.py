"""Snapshots of the git repositories that this server hosts, for source actions."""

from collections.abc import Iterator
from typing import Protocol

from stageline.ports.api import Context


class Repositories(Protocol):
    """Reads hosted repositories as somebody, always authorised."""

    def archive(self, ctx: Context, repository: str, commit_id: str) -> Iterator[bytes]:
        """The files of a commit (a full id) as a zip, the same bytes each time, without ``.git``.

        Needs ``codecommit:UploadArchive`` on the repository. ApiError as the CodeCommit API would give it
        (RepositoryDoesNotExistException, CommitDoesNotExistException, AccessDeniedException), before the first byte.
        """
        ...
