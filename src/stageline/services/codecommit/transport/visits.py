"""What the audit trail learns of git clients: who pulled or pushed what, or was refused (CloudTrail's GitPull and GitPush)."""

from collections.abc import Callable, Sequence

from stageline.ports.api import Context
from stageline.ports.audit.trail import Happening, Nature, Trail
from stageline.ports.http import HttpResponse
from stageline.services.codecommit.announcements import Change
from stageline.services.codecommit.records import arn_of

_NAMES = {"git-upload-pack": "GitPull", "git-receive-pack": "GitPush"}
_CODES = {401: "InvalidCredentials", 403: "AccessDenied", 404: "RepositoryDoesNotExistException"}
REFERENCES = 100


class Visit:
    """One request of a git client, told of once. ``changes`` are the references that a push moved."""

    def __init__(self) -> None:
        self.ctx: Context | None = None
        self.changes: Sequence[Change] = ()
        self._name = self._service = ""
        self._asks = self._signed = False

    def begun(self, name: str, service: str, *, asks: bool, signed: bool) -> None:
        """Which repository, which of git's services; ``asks`` for the first of the two requests that each of git's acts takes."""
        self._name, self._service, self._asks, self._signed = name, service, asks, signed

    def tell(self, trail: Trail, answer: HttpResponse, stranger: Callable[[], Context]) -> None:
        """Tell the trail. The first of two requests tells nothing new if it is allowed, and a client that has not given
        credentials yet is only asked for them."""
        refused = answer.status >= 400
        if not self._name or (self._asks and not refused) or (self.ctx is None and not self._signed):
            return
        ctx = self.ctx or stranger()
        moved = [{"ref": each.ref[:512], "from": each.old, "to": each.new} for each in self.changes[:REFERENCES]]
        pulls = self._service == "git-upload-pack"
        if pulls and not refused and not trail.wants(Nature(read_only=True)):
            return
        trail.record(
            Happening(
                ctx=ctx,
                service="codecommit",
                operation=_NAMES[self._service],
                nature=Nature(read_only=pulls),
                request={"repositoryName": self._name} | ({"references": moved} if moved else {}),
                code=_CODES.get(answer.status, f"HTTP{answer.status}") if refused else "",
                resources=(arn_of(ctx, self._name),),
                verified=self.ctx is not None,
                extra={"protocol": "HTTP"},
            )
        )
