"""Calling AWS operations of this server from inside it, always as somebody, always authorised."""

from collections.abc import Iterator
from typing import Any, Protocol

from stageline.ports.compute import Order, Standing


class ByteStream(Protocol):
    """A request body that is read once, front to back."""

    def read(self, size: int = -1) -> bytes:
        """Up to ``size`` bytes (all that is left when negative); ``b""`` at the end. Raises ApiError on a bad body."""
        ...


class Aws(Protocol):
    """Operations of every service, called as one principal. Raises ``ports.api.ApiError`` as a client would see it."""

    def call(self, service: str, operation: str, /, **params: Any) -> dict[str, Any]:
        """Call e.g. ``aws.call("s3", "PutObject", Bucket="b", Key="k", Body=b"…")``; a ``Body`` may be bytes, a readable
        or an iterator of bytes; a streamed result comes back as an iterator of bytes."""
        ...

    def as_role(
        self,
        role_arn: str,
        session_name: str,
        *,
        service: str = "",
        policy: str = "",
        source_arn: str = "",
        bond: str = "",
        origin: str = "",
    ) -> "Aws":
        """Assume a role: as the service principal ``service`` (``codepipeline.amazonaws.com``) or as this caller.

        ``policy`` is a session policy (JSON text) that narrows the role. ``source_arn`` is the resource on whose behalf a service
        asks: the role's trust policy may insist on one (``aws:SourceArn``). ``bond`` (with ``service``) names what has to go on
        for the session to be valid, and ``origin`` who is behind it, see ``ports.identity.Assumption``. Raises ApiError
        AccessDenied when the role does not exist or its trust policy does not allow it. Credentials are renewed as needed.
        """
        ...

    def archive(self, repository: str, commit_id: str) -> Iterator[bytes]:
        """The tree of a CodeCommit commit as a zip, in chunks (AWS's own ``codecommit:UploadArchive``, which no client has)."""
        ...

    def run_commands(self, order: Order) -> Standing:
        """Begin to run commands as this principal (an assumed role only), or find the work that the same order began before.

        No permission is asked for but what the work itself needs: the artifacts, and the log group of the pipeline.
        """
        ...

    def commands(self, work_id: str) -> Standing | None:
        """How the work of an order stands; None when it is not known (any more)."""
        ...

    def stop_commands(self, work_id: str) -> None:
        """End the work of an order if it still runs."""
        ...

    def credentials(self) -> dict[str, str]:
        """AccessKeyId, SecretAccessKey, SessionToken of this principal (an assumed role only), to hand to a process."""
        ...


Chunks = Iterator[bytes]
