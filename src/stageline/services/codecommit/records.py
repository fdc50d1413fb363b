"""Documents of repositories, and the way from a name to the repository on disk.

Kind ``codecommit.repository``, key = name. The default branch is not part of the document: git's HEAD is the one truth.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stageline.ports.api import ApiError, Context, Response
from stageline.ports.store import Doc, ReadTx, Store
from stageline.services.codecommit.plumbing.git import Missing
from stageline.services.codecommit.plumbing.names import check_repository_name

KIND = "codecommit.repository"


def find(tx: ReadTx, name: str) -> Doc:
    """The document of a repository; ApiError when the name is not valid or not taken."""
    check_repository_name(name)
    doc = tx.get(KIND, name)
    if doc is None:
        raise missing(name)
    return doc


def missing(name: str) -> ApiError:
    """The refusal for a repository that is not there."""
    return ApiError("RepositoryDoesNotExistException", f"{name} does not exist")


@contextmanager
def opened(store: Store, git_dir: Path, name: str) -> Iterator[tuple[Doc, Path]]:
    """The document and the folder of a repository; ApiError when it is not there, or is deleted while the block runs."""
    with store.read() as tx:
        doc = find(tx, name)
    try:
        yield doc, folder_of(git_dir, doc)
    except Missing:
        raise missing(name) from None


def folder_of(git_dir: Path, doc: Doc) -> Path:
    """Where a repository lies: under its id, never under a name that a user chose."""
    return git_dir / str(doc["id"])


def arn_of(ctx: Context, name: str) -> str:
    """The ARN of a repository."""
    return ctx.arn("codecommit", name)


def metadata(ctx: Context, doc: Doc, branch: str | None) -> Response:
    """A repository as the API shows it. There is no ``cloneUrlSsh``, because git over SSH is not served."""
    return {
        "accountId": ctx.account,
        "repositoryId": doc["id"],
        "repositoryName": doc["name"],
        "repositoryDescription": doc.get("description"),
        "defaultBranch": branch,
        "lastModifiedDate": doc["modified"],
        "creationDate": doc["created"],
        "cloneUrlHttp": f"{ctx.endpoint}/v1/repos/{doc['name']}",
        "Arn": arn_of(ctx, doc["name"]),
        "kmsKeyId": doc.get("kmsKeyId"),
    }
