"""Collecting the files that a build made and storing them in S3, as the project's role.

Walks without following links; what a link leads to is stored only if it lies in the build's own folder.
"""

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stageline.archives import BadArchive, zip_members
from stageline.archives.folders import Folders
from stageline.core.archives import DEFAULT, Problem, clean_path
from stageline.core.build import globs
from stageline.core.build.buildspec import ArtifactSpec
from stageline.ports.api import ApiError
from stageline.ports.aws import Aws
from stageline.ports.store import Doc
from stageline.services.codebuild.documents import uuid_of
from stageline.services.codebuild.hosting.failure import Failure, refused
from stageline.services.codebuild.hosting.watch import Watch
from stageline.services.codebuild.hosting.workspace import Workspace

CHUNK = 256 * 1024


@dataclass(frozen=True)
class Found:
    """The files of an artifact: (name in the artifact, path below ``root``)."""

    root: Path
    members: tuple[tuple[str, str], ...]


class Artifacts:
    """Stores the artifacts of one build."""

    def __init__(self, workspace: Workspace, watch: Watch, aws: Aws, build: Doc, say: Callable[[str], None]) -> None:
        self._workspace = workspace
        self._watch = watch
        self._aws = aws
        self._build = build
        self._say = say

    def collect(self, spec: ArtifactSpec) -> Found:
        """Find the files that a section of the buildspec names; its texts are expanded already."""
        root = self._workspace.source
        for base in self._bases(spec.base_directory):
            members = self._files(root, base, spec)
            if members:
                self._say(f"Found {len(members)} file(s)")
                return Found(root, tuple(members.items()))
        raise Failure("CLIENT_ERROR", "no matching artifact paths found")

    def _bases(self, text: str) -> Iterator[str]:
        """The folders that ``base-directory`` names, as paths below the workspace's source."""
        self._say(f"Expanding base directory path: {text or '.'}")
        base = self._relative(text) if text else ""
        if base is None:
            raise Failure("CLIENT_ERROR", f"no matching base directory path found for {text}")
        if globs.is_literal(base):
            if not (self._workspace.source / base).is_dir():
                raise Failure("CLIENT_ERROR", f"no matching base directory path found for {text}")
            yield base
            return
        matches = globs.matcher([base])
        found = sorted(path for path in self._folders(globs.static_prefix(base)) if matches(path))
        if not found:
            raise Failure("CLIENT_ERROR", f"no matching base directory path found for {text}")
        yield from found

    def _relative(self, text: str) -> str | None:
        """A folder of the box as a path from the primary source, links resolved; None when it is not below the box's own folder.

        The box is gone by now: what is resolved here stays as it is.
        """
        found = self._workspace.found(os.path.normpath(Path(self._workspace.source_inside, text)))
        real = self._inside(found) if found else None
        if real is None:
            return None
        relative = os.path.relpath(real, self._workspace.source)
        return "" if relative == "." else relative

    def _inside(self, path: Path) -> Path | None:
        box = self._workspace.box
        real = Path(os.path.realpath(path))
        top = Path(os.path.realpath(box))
        return box / real.relative_to(top) if real.is_relative_to(top) else None

    def _folders(self, below: str) -> Iterator[str]:
        top = self._workspace.source / below
        for folder, names, _ in _walk(top):
            for name in names:
                yield os.path.relpath(Path(folder, name), self._workspace.source)

    def _files(self, root: Path, base: str, spec: ArtifactSpec) -> dict[str, str]:
        shown = base or "."
        self._say("Assembling file list")
        self._say(f"Expanding {shown}")
        self._say(f"Expanding file paths for base directory {shown}")
        excluded = globs.matcher(spec.exclude_paths) if spec.exclude_paths else lambda path: False
        members: dict[str, str] = {}
        for pattern in spec.files:
            self._say("Assembling file list")
            self._say(f"Expanding {pattern}")
            for name, path in self._matches(root / base, base, pattern):
                if excluded(name):
                    continue
                clean = clean_path(name)
                if isinstance(clean, Problem):
                    raise Failure("CLIENT_ERROR", f"the artifact file {clean}")
                members[clean.rpartition("/")[2] if spec.discard_paths else clean] = path
        return dict(sorted(members.items()))

    def _matches(self, top: Path, base: str, pattern: str) -> Iterator[tuple[str, str]]:
        """Files below ``top`` that a pattern takes: their names in the artifact and their paths below the source."""
        if pattern.startswith("/") or ".." in pattern.split("/"):
            pattern, top, base = self._outside(pattern, top)
            if not pattern:
                return
        clean = globs.clean(pattern)
        if globs.is_literal(clean):
            parent = self._inside((top / clean).parent)
            if parent is None or not (parent / Path(clean).name).is_file():
                self._say(f"Skipping invalid file path {pattern}")
                return
            yield clean, os.path.relpath(parent / Path(clean).name, self._workspace.source)
            return
        matches = globs.matcher([clean])
        start = top / globs.static_prefix(clean)
        if self._inside(start) != start:
            # A link on the way: files are taken where they are, and nothing outside is even looked at.
            return
        for folder, names, files in _walk(start):
            self._watch.check()
            links = [name for name in names if Path(folder, name).is_symlink()]
            for name in sorted([*files, *links]):
                path = os.path.relpath(Path(folder, name), top)
                if matches(path):
                    yield path, _joined(base, path)

    def _outside(self, pattern: str, top: Path) -> tuple[str, Path, str]:
        """A pattern that is absolute or climbs, taken from the folder above all its matches, if the box has that folder."""
        whole = pattern if pattern.startswith("/") else f"{self._workspace.seen(top)}/{pattern}"
        parts = whole.split("/")
        fixed = next((place for place, part in enumerate(parts) if not globs.is_literal(part)), len(parts) - 1)
        base = self._relative("/".join(parts[:fixed]) or "/")
        if base is None:
            self._say(f"Skipping invalid file path {pattern}")
            return "", top, ""
        return "/".join(parts[fixed:]), self._workspace.source / base, base

    def store(self, artifact: Doc, spec: ArtifactSpec, found: Found, name: str) -> Doc:
        """Upload an artifact; returns what the build shows of it."""
        pipeline = self._build["source"]["type"] == "CODEPIPELINE"
        key = artifact_key(artifact, spec, uuid_of(self._build["id"]), name, pipeline=pipeline)
        shown: Doc = {"location": "/".join(part for part in (f"arn:aws:s3:::{bucket_of(artifact)}", key) if part)}
        links = "keep" if spec.enable_symlinks and artifact.get("packaging") == "ZIP" else "follow"
        if pipeline or artifact.get("packaging") == "ZIP":
            return shown | self._store_zip(artifact, key, found, links)
        with Folders(self._workspace.box) as folders:
            for member, path in found.members:
                self._store_file(folders, artifact, f"{key}/{member}" if key else member, found.root, path)
        return shown

    def _store_zip(self, artifact: Doc, key: str, found: Found, links: Any) -> Doc:
        md5, sha256 = hashlib.md5(usedforsecurity=False), hashlib.sha256()
        archive = self._workspace.host / "artifact.zip"
        box = self._workspace.box
        below = os.path.relpath(found.root, box)
        with archive.open("wb") as out:

            def write(data: bytes) -> None:
                md5.update(data)
                sha256.update(data)
                out.write(data)
                self._watch.check()

            members = ((name, os.path.normpath(f"{below}/{path}")) for name, path in found.members)
            try:
                zip_members(box, members, write, links=links)
            except (BadArchive, FileNotFoundError, NotADirectoryError) as error:
                raise Failure("CLIENT_ERROR", f"the artifact could not be packed: {error}") from error
        sums = {"md5sum": md5.hexdigest(), "sha256sum": sha256.hexdigest()}
        metadata = {"codebuild-content-md5": sums["md5sum"], "codebuild-content-sha256": sums["sha256sum"]}
        with archive.open("rb") as body:
            self._put(artifact, key, body, metadata)
        archive.unlink()
        return sums

    def _store_file(self, folders: Folders, artifact: Doc, key: str, root: Path, path: str) -> None:
        real = self._inside(root / path)
        if real is None or not real.is_file():
            self._say(f"Skipping invalid file path {path}")
            return
        stream = folders.read(str(real.relative_to(self._workspace.box)))
        if stream is not None:
            with stream:
                self._put(artifact, key, stream, {})

    def _put(self, artifact: Doc, key: str, body: Any, metadata: dict[str, str]) -> None:
        self._watch.check()
        bucket = bucket_of(artifact)
        sealed: dict[str, str] = {}
        if not artifact.get("encryptionDisabled"):
            sealed = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": self._build["encryptionKey"]}
        metadata = {"codebuild-buildarn": self._build["arn"], **metadata}
        try:
            self._aws.call("s3", "PutObject", Bucket=bucket, Key=key, Body=body, Metadata=metadata, **sealed)
        except ApiError as error:
            raise refused(error, f"writing s3://{bucket}/{key}; Failed to upload artifacts") from error


def _walk(top: Path) -> Iterator[tuple[str, list[str], list[str]]]:
    """``os.walk`` in order, as deep as an archive may be; what is deeper would be recursion without end."""
    above = str(top).count("/")
    for folder, names, files in os.walk(top):
        if folder.count("/") - above > DEFAULT.depth:
            raise Failure("CLIENT_ERROR", f"the build's files are nested deeper than {DEFAULT.depth} folders")
        names.sort()
        yield folder, names, files


def bucket_of(artifact: Doc) -> str:
    """The bucket of an artifact, which may be given as an ARN."""
    return str(artifact["location"]).removeprefix("arn:aws:s3:::").strip("/")


def artifact_key(artifact: Doc, spec: ArtifactSpec, uuid: str, name: str, *, pipeline: bool) -> str:
    """Where an artifact is stored in its bucket. ``name`` is the buildspec's own, expanded; empty when it has none."""
    own = artifact.get("name", "")
    if not pipeline and artifact.get("overrideArtifactName") and name:
        own = name
    prefix = "" if pipeline else spec.s3_prefix
    namespace = uuid if artifact.get("namespaceType") == "BUILD_ID" and not pipeline else ""
    parts = [prefix, artifact.get("path", ""), namespace, own]
    return "/".join(part for part in (re.sub("/+", "/", each).strip("/") for each in parts) if part)


def _joined(base: str, path: str) -> str:
    return f"{base}/{path}" if base else path
