"""A commit as a zip, for source actions: exactly what was committed, the same bytes each time, links kept as links."""

from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import IO, cast

from stageline.ports.api import ApiError, Context
from stageline.ports.identity import Authorizer, Check
from stageline.ports.store import Store
from stageline.services.codecommit.authorization import repository_keys
from stageline.services.codecommit.plumbing import git
from stageline.services.codecommit.plumbing.names import is_commit_id
from stageline.services.codecommit.records import arn_of, opened

LIMIT = 1024**3
CHUNK = 256 * 1024


def zip_commit(
    git_dir: Path, repository_id: str, commit_id: str, write: Callable[[bytes], None], *, limit_bytes: int = LIMIT
) -> None:
    """Write the zip of a commit; ApiError FileTooLargeException as soon as it grows beyond ``limit_bytes``."""
    for chunk in _chunks(git_dir / repository_id, commit_id, limit_bytes):
        write(chunk)


class StoredRepositories:
    """``ports.repositories.Repositories`` over the bare repositories of this server."""

    def __init__(self, store: Store, git_dir: Path, authorizer: Authorizer, *, limit_bytes: int = LIMIT) -> None:
        self._store = store
        self._git_dir = git_dir
        self._authorizer = authorizer
        self._limit = limit_bytes

    def archive(self, ctx: Context, repository: str, commit_id: str) -> Iterator[bytes]:
        """The zip of a commit in chunks."""
        check = Check("codecommit:UploadArchive", (arn_of(ctx, repository),), repository_keys(self._store, repository))
        self._authorizer.require(ctx, [check], service="codecommit")
        if not is_commit_id(commit_id):
            raise ApiError("InvalidCommitIdException", "The commit ID is not valid; give all 40 hexadecimal digits.")
        with opened(self._store, self._git_dir, repository) as (_, folder):
            chunks = _chunks(folder, commit_id.lower(), self._limit)
            try:
                # Begun here, so that what is wrong is told before the first byte and the process ends with its reader.
                first = next(chunks)
            except git.GitError:
                with git.Objects(folder) as objects:
                    found = objects.info(commit_id.lower())
                if found is None or found[0] != "commit":
                    text = f"The commit {commit_id} does not exist in {repository}"
                    raise ApiError("CommitDoesNotExistException", text) from None
                raise
            return chain((first,), chunks)


def _chunks(folder: Path, commit_id: str, limit: int) -> Iterator[bytes]:
    if not folder.is_dir():
        raise git.Missing(str(folder))
    if not git.is_full_id(commit_id):
        raise ValueError(f"not a commit id: {commit_id!r}")
    process = git.spawn(folder, ("archive", "--format=zip", "-1", f"{commit_id}^{{commit}}"))
    out = cast(IO[bytes], process.stdout)
    left = limit
    try:
        while chunk := out.read(CHUNK):
            left -= len(chunk)
            if left < 0:
                raise ApiError("FileTooLargeException", f"The files of {commit_id} are more than {limit} bytes when zipped.")
            yield chunk
        if process.wait(git.TIMEOUT) != 0:
            raise git.GitError(f"git archive of {commit_id} ended with status {process.returncode}")
    finally:
        out.close()
        git.kill(process)
