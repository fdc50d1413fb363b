"""Git over HTTP: clone, fetch and push at ``/v1/repos/NAME`` with any git client, served by git's own ``http-backend``.

A push is run to its end before the answer is sent: its references are compared before and after, and the events are
durable when the client learns that it succeeded. A client that goes away ends a fetch, never a push half-way.
"""

import errno
import re
import tempfile
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import unquote

from stageline.ports.api import ApiError, Caller, Context
from stageline.ports.audit.trail import Trail
from stageline.ports.clock import Clock
from stageline.ports.events import Events
from stageline.ports.http import HttpRequest, HttpResponse
from stageline.ports.identity import Authorizer, Check, Identity
from stageline.ports.store import Doc, StorageFull, Store
from stageline.services.codecommit.announcements import Change, announce
from stageline.services.codecommit.authorization import repository_keys
from stageline.services.codecommit.commits import peel
from stageline.services.codecommit.plumbing import git
from stageline.services.codecommit.plumbing.names import is_repository_name
from stageline.services.codecommit.plumbing.refs import HEADS, TAGS, default_branch, held, read_refs
from stageline.services.codecommit.records import KIND, arn_of, folder_of
from stageline.services.codecommit.transport import cgi, commands
from stageline.services.codecommit.transport.credentials import Refused, caller
from stageline.services.codecommit.transport.visits import Visit

NOBODY = Caller("anonymous", "anonymous")
LIMIT = 2 * 1024**3
TIMEOUT = 3_600.0

_PATH = re.compile(r"/v1/repos/([^/]+)/(info/refs|git-upload-pack|git-receive-pack)")
_ACTIONS = {"git-upload-pack": "codecommit:GitPull", "git-receive-pack": "codecommit:GitPush"}


@dataclass(frozen=True)
class SmartHttp:
    """The front door of git clients. ``limit`` bounds the bytes of a request, ``timeout`` the seconds of a transfer."""

    store: Store
    git_dir: Path
    identity: Identity
    authorizer: Authorizer
    events: Events
    clock: Clock
    account: str
    region: str
    limit: int = LIMIT
    timeout: float = TIMEOUT
    trail: Trail | None = None

    def takes(self, request: HttpRequest) -> bool:
        """Everything below ``/v1/repos/``."""
        return request.path.startswith("/v1/repos/")

    def handle(self, request: HttpRequest) -> HttpResponse:
        """Answer a git client."""
        visit = Visit()
        answer = self._handled(request, visit)
        if self.trail is not None:
            visit.tell(self.trail, answer, lambda: self._context(request, NOBODY, self.clock.now()))
        return answer

    def _handled(self, request: HttpRequest, visit: Visit) -> HttpResponse:
        try:
            return self._answer(request, visit)
        except ApiError as error:
            denied = error.code in ("AccessDenied", "AccessDeniedException")
            return _text(403 if denied else error.status or 400, error.message)
        except OSError as error:
            if not isinstance(error, StorageFull) and error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            return _text(507, "The server's disk is full.")
        except git.Missing:
            return _text(404, "The repository does not exist.")
        except cgi.TooLarge as error:
            return _text(413, str(error))
        except (cgi.BadBody, commands.BadPush) as error:
            return _text(400, str(error))

    def _answer(self, request: HttpRequest, visit: Visit) -> HttpResponse:
        match = _PATH.fullmatch(unquote(request.path))
        service = _service(request, match[2]) if match else ""
        if match is None or not service or not is_repository_name(match[1]):
            return _text(404, "Not found: a repository is cloned from /v1/repos/NAME, by the smart protocol.")
        name = match[1]
        visit.begun(name, service, asks=request.method == "GET", signed="authorization" in request.headers)
        now = self.clock.now()
        who = caller(request, f"/v1/repos/{name}", identity=self.identity, regions=(self.region,), now=now)
        if isinstance(who, Refused):
            headers = {"WWW-Authenticate": 'Basic realm="git"'} if who.status == 401 else {}
            return _text(who.status, who.message, headers)
        ctx = visit.ctx = self._context(request, who, now)
        # Rights first: whoever may not see a repository does not learn whether it exists.
        self._require(ctx, service, name, [])
        with self.store.read() as tx:
            doc = tx.get(KIND, name)
        if doc is None:
            raise git.Missing(name)
        if request.method == "GET":
            return self._fetch(ctx, doc, service, request, None)
        with tempfile.TemporaryFile(dir=self.git_dir) as body:
            cgi.spool(request.body, request.headers.get("content-encoding", "").lower(), body, self.limit)
            if service == "git-receive-pack":
                return self._push(ctx, doc, request, body, visit)
            return self._fetch(ctx, doc, service, request, body)

    def _fetch(self, ctx: Context, doc: Doc, service: str, request: HttpRequest, body: IO[bytes] | None) -> HttpResponse:
        output = cgi.Output(cgi.start(self._call(ctx, doc, service, request, body)), self.timeout)
        status, headers = output.head()
        return HttpResponse(status, headers, output)

    def _push(self, ctx: Context, doc: Doc, request: HttpRequest, body: IO[bytes], visit: Visit) -> HttpResponse:
        wanted = commands.references(body)
        body.seek(0)
        self._require(ctx, "git-receive-pack", doc["name"], wanted)
        folder = folder_of(self.git_dir, doc)
        with held(folder):
            before = read_refs(folder)
            output = cgi.Output(cgi.start(self._call(ctx, doc, "git-receive-pack", request, body)), self.timeout)
            status, headers = output.head()
            answer = b"".join(output)
            visit.changes = self._record(ctx, doc, folder, wanted, before)
            git.tidy(folder)
        return HttpResponse(status, headers, answer)

    def _record(self, ctx: Context, doc: Doc, folder: Path, wanted: list[str], before: dict[str, str]) -> list[Change]:
        """What came of a push, told by the references alone: never by what the client asked for or git reported."""
        after = read_refs(folder)
        moved = [ref for ref in wanted if before.get(ref) != after.get(ref)]
        arrived = [ref.removeprefix(HEADS) for ref in moved if ref in after and ref.startswith(HEADS)]
        if arrived and default_branch(folder) is None:
            git.set_head(folder, arrived[0])
        changes = [Change(ref, before.get(ref, git.ZERO), after.get(ref, git.ZERO)) for ref in moved]
        if any(change.ref.startswith(TAGS) for change in changes):
            with git.Objects(folder) as objects:
                changes = [
                    Change(change.ref, peel(objects, change.old), peel(objects, change.new))
                    if change.ref.startswith(TAGS)
                    else change
                    for change in changes
                ]
        announce(ctx, self.store, self.events, doc, changes)
        return changes

    def _require(self, ctx: Context, service: str, name: str, refs: list[str]) -> None:
        """The right to the repository, and to each reference by itself: policies protect branches by the key References."""
        resource, keys = (arn_of(ctx, name),), repository_keys(self.store, name)
        checks = [Check(_ACTIONS[service], resource, keys)]
        checks += [Check(_ACTIONS[service], resource, {**keys, "codecommit:References": ref}) for ref in refs]
        self.authorizer.require(ctx, checks, service="codecommit")

    def _context(self, request: HttpRequest, who: Caller, now: int) -> Context:
        return Context(
            caller=who,
            account=self.account,
            region=self.region,
            now=now,
            request_id=str(uuid.uuid4()),
            endpoint=request.endpoint,
            source_ip=request.source_ip,
            secure=request.secure,
            headers=request.headers,
        )

    def _call(self, ctx: Context, doc: Doc, service: str, request: HttpRequest, body: IO[bytes] | None) -> cgi.Call:
        return cgi.Call(folder_of(self.git_dir, doc), service, body, ctx.caller.arn, request.headers, request.source_ip)


def _service(request: HttpRequest, rest: str) -> str:
    """The service that a request means; empty when it is none of the smart protocol."""
    if rest == "info/refs":
        name = request.query.removeprefix("service=")
        return name if request.method == "GET" and request.query.startswith("service=") and name in _ACTIONS else ""
    right = request.headers.get("content-type", "") == f"application/x-{rest}-request"
    return rest if request.method == "POST" and right else ""


def _text(status: int, message: str, headers: dict[str, str] | None = None) -> HttpResponse:
    return HttpResponse(status, {"Content-Type": "text/plain; charset=utf-8", **(headers or {})}, f"{message}\n".encode())
