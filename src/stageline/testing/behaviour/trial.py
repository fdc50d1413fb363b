"""One run of one check: it makes pipelines and objects, waits, and takes away what it has made."""

import io
import itertools
import time
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

from stageline.testing.behaviour.account import Account, Options, tidy
from stageline.testing.behaviour.declare import Doc, deploy, source

numbers = itertools.count(1)


class TimedOut(AssertionError):
    """What was waited for did not come."""


class Trial:
    """What a check is given."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.client = account.codepipeline
        self.s3 = account.s3
        self.bucket = account.bucket
        self.number = next(numbers)
        self.key = account.source_key
        self._made: list[tuple[str, Callable[[], Any]]] = []

    @property
    def options(self) -> Options:
        """What the caller of the suite has decided."""
        return self.account.options

    def name(self) -> str:
        """A new name for a pipeline, an action type or a webhook."""
        return f"{self.account.prefix}-{next(numbers)}"

    def remember(self, what: str, remove: Callable[[], Any]) -> None:
        """Something to remove when the check has ended."""
        self._made.append((what, remove))

    def tidy(self) -> None:
        """Remove what was made, last first."""
        while self._made:
            tidy(*self._made.pop())

    # Waiting

    def until(self, what: str, look: Callable[[], Any], *, patience: float = 0) -> Any:
        """What ``look`` finds, as soon as it is true."""
        seconds = patience or self.options.patience
        deadline, pause = time.monotonic() + seconds, 0.03
        while not (found := look()):
            if time.monotonic() > deadline:
                raise TimedOut(f"expected {what} within {seconds:g} s, got {found!r}")
            time.sleep(pause)
            pause = min(pause * 1.4, max(0.15, seconds / 60))
        return found

    def becomes(self, what: str, look: Callable[[], Any], wanted: Any, *, patience: float = 0) -> None:
        """Wait until ``look`` finds what is wanted."""
        seen: list[Any] = [None]

        def matches() -> bool:
            seen[0] = look()
            return bool(seen[0] == wanted)

        try:
            self.until(what, matches, patience=patience)
        except TimedOut:
            seconds = patience or self.options.patience
            raise TimedOut(f"{what}: expected {wanted!r} within {seconds:g} s, got {seen[0]!r}") from None

    # Objects

    def put(self, content: bytes, **more: Any) -> str:
        """Put the source object of this trial's pipelines; its version id."""
        self.key = f"{self.account.prefix}-source/{self.number}.zip"
        return str(self.s3.put_object(Bucket=self.bucket, Key=self.key, Body=content, **more)["VersionId"])

    def read(self, key: str, **more: Any) -> bytes:
        """An object's content."""
        return bytes(self.s3.get_object(Bucket=self.bucket, Key=key, **more)["Body"].read())

    def keys(self, prefix: str) -> list[str]:
        """The keys of the bucket that begin so."""
        return [each["Key"] for each in self.s3.list_objects_v2(Bucket=self.bucket, Prefix=prefix).get("Contents", [])]

    def target(self) -> str:
        """The key, or the folder, to which this trial deploys."""
        return f"{self.account.prefix}-deploy/{self.number}"

    # Declarations

    def source(self, **more: Any) -> Doc:
        """The source action of this trial's object."""
        return source(self.bucket, self.key, **more)

    def deploy(self, key: str = "", **more: Any) -> Doc:
        """A deploy action to this trial's key."""
        return deploy(self.bucket, key or self.target(), **more)

    def document(self, *stages: Doc, **more: Any) -> Doc:
        """A declaration: a stage Source, then these; ``fetch`` replaces the source action."""
        return self.account.document(self.name(), more.pop("fetch", None) or self.source(), *stages, **more)


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip of some files."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return content.getvalue()
