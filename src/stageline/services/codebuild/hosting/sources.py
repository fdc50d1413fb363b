"""Fetching the sources of a build, as the project's role."""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from stageline.archives import BadArchive, unpack_zip
from stageline.core.archives import Problem, clean_path
from stageline.core.build.environment import SourceFolder
from stageline.outbound import Way
from stageline.ports.api import ApiError
from stageline.ports.aws import Aws
from stageline.ports.sandbox import Sandbox
from stageline.ports.store import Doc
from stageline.services.codebuild.hosting.failure import Failure, refused
from stageline.services.codebuild.hosting.git import Clone, clone, signed
from stageline.services.codebuild.hosting.watch import Watch
from stageline.services.codebuild.hosting.workspace import Workspace

Login = Callable[[str, str, str], tuple[str, str] | None]
"""The user and password for a server type, a scheme and a host; None where there is none."""


class Sources:
    """Fetches into a workspace."""

    def __init__(
        self,
        workspace: Workspace,
        watch: Watch,
        aws: Aws,
        sandbox: Sandbox,
        *,
        endpoint: str,
        region: str,
        login: Login,
        private: bool = True,
    ) -> None:
        self._workspace = workspace
        self._watch = watch
        self._aws = aws
        self._sandbox = sandbox
        self._endpoint = endpoint
        self._region = region
        self._login = login
        own = urlsplit(endpoint)
        self._way = Way(private, (own.hostname or "", own.port or 80))

    def fetch(self, source: Doc, *, tail: str = "") -> tuple[SourceFolder, str]:
        """Fetch one source; returns its place and the version found. ``tail`` is the folder's end when a pipeline hands over."""
        kind, identifier = source["type"], source["identifier"]
        folder = self._workspace.source_folder("" if tail else identifier, tail or _tail(source, self._region))
        if not identifier:
            self._workspace.source = folder
        folder.mkdir(parents=True, exist_ok=True)
        url, resolved = "", ""
        if kind == "S3":
            url = f"s3://{_location(source)}"
            resolved = self._object(source, folder)
        elif kind != "NO_SOURCE":
            url = source["location"]
            resolved = clone(self._clone(source), self._workspace, self._sandbox, self._watch, folder, self._way)
        return SourceFolder(self._workspace.seen(folder), identifier, url, source["version"]), resolved

    def _clone(self, source: Doc) -> Clone:
        url = source["location"]
        parts = urlsplit(url)
        if source["type"] == "CODECOMMIT":
            # A CodeCommit address means the repository of that name in this server, whatever the host.
            url = f"{self._endpoint}/{parts.path.strip('/').removesuffix('.git')}"
            login: tuple[str, str] | None = signed(url, self._region, self._aws.credentials())
        else:
            login = self._login(source["type"], parts.scheme, parts.hostname or "")
        return Clone(
            url=url,
            version=source["version"],
            depth=source["depth"],
            submodules=source["submodules"],
            insecure=source["insecure"],
            login=login,
            what=_what(source),
        )

    def _object(self, source: Doc, folder: Path) -> str:
        bucket, _, key = _location(source).partition("/")
        if not key or key.endswith("/"):
            self._folder(bucket, key, folder, _what(source))
            return ""
        archive = self._workspace.host / "source.zip"
        version = self._download(bucket, key, source["version"], archive, _what(source))
        try:
            unpack_zip(archive, folder)
        except BadArchive as error:
            raise Failure("CLIENT_ERROR", f"s3://{bucket}/{key} cannot be unpacked: {error} for {_what(source)}") from error
        finally:
            archive.unlink(missing_ok=True)
        return version

    def _folder(self, bucket: str, prefix: str, folder: Path, what: str) -> None:
        found = False
        for key in self._keys(bucket, prefix):
            path = clean_path(key[len(prefix) :]) if key != prefix else ""
            if isinstance(path, Problem):
                raise Failure("CLIENT_ERROR", f"the key {key!r} of bucket {bucket} cannot be a file: {path.reason}")
            found = True
            if path and not key.endswith("/"):
                target = folder / path
                try:
                    target.parent.mkdir(parents=True, exist_ok=True)
                    self._download(bucket, key, "", target, what)
                except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
                    raise Failure("CLIENT_ERROR", f"bucket {bucket} has {key!r} both as a file and as a folder") from error
        if not found:
            raise Failure("CLIENT_ERROR", f"NoSuchKey: nothing in bucket {bucket} begins with {prefix!r}")

    def _keys(self, bucket: str, prefix: str) -> Iterator[str]:
        token: dict[str, str] = {}
        while True:
            try:
                page = self._aws.call("s3", "ListObjectsV2", Bucket=bucket, Prefix=prefix, **token)
            except ApiError as error:
                raise refused(error, f"listing s3://{bucket}/{prefix}") from error
            for entry in page.get("Contents", ()):
                yield entry["Key"]
            if not page.get("IsTruncated"):
                return
            token = {"ContinuationToken": page["NextContinuationToken"]}

    def _download(self, bucket: str, key: str, version: str, path: Path, what: str) -> str:
        parameters = {"Bucket": bucket, "Key": key} | ({"VersionId": version} if version else {})
        try:
            answer = self._aws.call("s3", "GetObject", **parameters)
            with path.open("wb") as out:
                for chunk in answer["Body"]:
                    out.write(chunk)
                    self._watch.check()
        except ApiError as error:
            raise refused(error, f"reading s3://{bucket}/{key} for {what}") from error
        return str(answer.get("VersionId", ""))


def read_object(aws: Aws, bucket: str, key: str, *, most: int) -> bytes:
    """A small object whole. Raises ApiError, or ValueError when it is larger than ``most``."""
    data = bytearray()
    for chunk in aws.call("s3", "GetObject", Bucket=bucket, Key=key)["Body"]:
        data += chunk
        if len(data) > most:
            raise ValueError(f"s3://{bucket}/{key} is larger than {most} bytes")
    return bytes(data)


def _location(source: Doc) -> str:
    return str(source["location"]).removeprefix("arn:aws:s3:::").lstrip("/")


def _what(source: Doc) -> str:
    which = f"secondary source {source['identifier']}" if source["identifier"] else "primary source"
    return f"{which} and source version {source['version']}" if source["version"] else which


def _tail(source: Doc, region: str) -> str:
    """How CodeBuild names the folder of a clone below ``src``."""
    if source["type"] in ("S3", "NO_SOURCE"):
        return ""
    parts = urlsplit(source["location"])
    host = f"git-codecommit.{region}.amazonaws.com" if source["type"] == "CODECOMMIT" else parts.hostname or "git"
    path = clean_path(f"{host}/{parts.path.strip('/').removesuffix('.git')}")
    return host if isinstance(path, Problem) else path
