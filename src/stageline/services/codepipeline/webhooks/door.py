"""Where webhooks are posted to: ``POST /_stageline/webhooks/trigger?t=TOKEN``.

In this order: is there a webhook of that token, may be posted from there, is the body signed, is it one that the filters let
through; then the pipeline starts. Nothing is parsed before the signature counts. An answer tells senders no more than whether it
worked; owners see why not in ``ListWebhooks``.

| status | when |
| --- | --- |
| 200 | an execution was started; or the filters do not match, the delivery came before, it is a ping: nothing is started |
| 400, 408, 413 | the body is not JSON, took too long, or is longer than 25 MB |
| 403 | signature or address are wrong |
| 404 | no webhook has this token (any more) |
| 409, 503 | the pipeline cannot be started: its pipeline or action is gone; it has as many executions as it may have |
| 429 | more deliveries than 10 a second for long |
"""

import errno
import json
import threading
import uuid
from urllib.parse import parse_qs

import structlog

from stageline.core.jsonpath import TooMuchWork
from stageline.engine.apply import Engine
from stageline.ports.api import ApiError, Caller, Context
from stageline.ports.audit.trail import Trail
from stageline.ports.http import HttpRequest, HttpResponse
from stageline.ports.store import Doc, StorageFull
from stageline.ports.vault import Vault
from stageline.services.codepipeline.webhooks import authentication, deliveries, payload
from stageline.services.codepipeline.webhooks import records as webhooks
from stageline.services.codepipeline.webhooks.pace import Pace
from stageline.services.codepipeline.webhooks.posting import tell
from stageline.services.codepipeline.webhooks.starting import Changed, Delivery, Rejected, note, start, target

LIMIT = 25 * 1024**2
"""Bytes of a body; GitHub sends none that are longer."""
PATIENCE = 10_000
"""Milliseconds in which a body has to have come: GitHub gives up then."""
CHUNK = 64 * 1024
LARGE = 1024**2
PLACES = 2
"""Bodies longer than ``LARGE`` that are parsed at once: each may take a hundred times its length while that goes on."""
ATTEMPTS = 3
NOBODY = Caller("anonymous", "anonymous")
PINGS = {"x-github-event": "ping", "x-event-key": "diagnostics:ping"}
log = structlog.get_logger("stageline.webhooks")


class Receiver:
    """The front door of webhooks. ``proxies`` are the ranges whose X-Forwarded-For is believed; ``repeats`` lets a delivery that
    comes again start again; ``pace`` bounds the deliveries of a webhook that count; ``trail`` is told of all."""

    def __init__(
        self,
        engine: Engine,
        vault: Vault,
        *,
        trail: Trail | None = None,
        proxies: str = "",
        repeats: bool = False,
        pace: Pace | None = None,
    ) -> None:
        self._trail = trail
        self._engine = engine
        self._vault = vault
        self._proxies = authentication.networks(proxies)
        self._repeats = repeats
        self._pace = pace or Pace(100, 10)
        self._failures = Pace(10, 1)
        self._places = threading.BoundedSemaphore(PLACES)

    def takes(self, request: HttpRequest) -> bool:
        """One path."""
        return request.path == webhooks.PATH

    def handle(self, request: HttpRequest) -> HttpResponse:
        """Answer whoever posts."""
        if request.method != "POST":
            return _answer(405, "Post to this address.", {"Allow": "POST"})
        try:
            return self._handle(request)
        except OSError as error:
            if not isinstance(error, StorageFull) and error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            return _answer(507, "The server's disk is full.")

    def _handle(self, request: HttpRequest) -> HttpResponse:
        token = _token(request)
        webhook = self._addressed(token)
        if webhook is None:
            return self._told(request, None, _answer(404, "There is no webhook at this address."))
        try:
            return self._told(request, webhook, self._take(token, webhook, request))
        except Rejected as rejected:
            self._refused(webhook, rejected)
            later = {"Retry-After": "60"} if rejected.status in (429, 503) else {}
            return self._told(request, webhook, _answer(rejected.status, rejected.told, later))

    def _told(self, request: HttpRequest, webhook: Doc | None, answer: HttpResponse) -> HttpResponse:
        if self._trail is not None:
            tell(self._trail, self._context(request), webhook, answer)
        return answer

    def _addressed(self, token: str) -> Doc | None:
        with self._engine.store.read() as tx:
            return webhooks.of(tx, token)

    def _refused(self, webhook: Doc, rejected: Rejected) -> None:
        name, now = webhook["definition"]["name"], self._engine.clock.now()
        log.info("a delivery was refused", webhook=name, status=rejected.status, reason=rejected.reason)
        if self._failures.allows(name, now):  # whoever knows the URL alone cannot keep the database busy
            with self._engine.store.write() as tx:
                note(tx, now, webhook, rejected)

    def _take(self, token: str, webhook: Doc, request: HttpRequest) -> HttpResponse:
        self._allow(authentication.from_where(webhook["definition"], request, self._proxies))
        body = self._body(request)
        for _ in range(ATTEMPTS):
            try:
                return self._deliver(token, webhook, request, body)
            except Changed:
                found = self._addressed(token)
                if found is None:
                    return _answer(404, "There is no webhook at this address.")
                webhook = found
        raise Rejected(503, "The webhook is being changed.")

    def _allow(self, reason: str) -> None:
        if reason:
            raise Rejected(403, "This delivery is not allowed.", reason)

    def _body(self, request: HttpRequest) -> bytes:
        until = self._engine.clock.now() + PATIENCE
        length = request.headers.get("content-length", "")
        too_long = Rejected(413, f"The body is longer than {LIMIT} bytes.")
        if length.isdecimal() and int(length[:20]) > LIMIT:
            raise too_long
        parts, size = [], 0
        try:
            while part := request.body.read(CHUNK):
                parts.append(part)
                size += len(part)
                if size > LIMIT:
                    raise too_long
                if self._engine.clock.now() > until:
                    raise Rejected(408, "The body took too long to come.")
        except ApiError as error:  # the sender fell silent or went away
            raise Rejected(408, "The body has not come as a whole.") from error
        return b"".join(parts)

    def _deliver(self, token: str, webhook: Doc, request: HttpRequest, body: bytes) -> HttpResponse:
        definition, ctx = webhook["definition"], self._context(request)
        self._allow(
            authentication.from_where(definition, request, self._proxies)
            or authentication.signed(definition, webhooks.secret(self._vault, webhook), request.headers, body)
        )
        if not self._pace.allows(definition["name"], ctx.now):
            raise Rejected(429, "Too many deliveries.", "More deliveries came than 10 a second; some were refused.")
        if any(request.headers.get(name) == value for name, value in PINGS.items()):
            return _answer(200, "pong")
        with self._engine.store.read() as tx:
            action = target(tx, ctx, webhook)
        if not self._passes(definition, action, body, request.headers.get("content-type", "")):
            return _answer(200, "ignored")
        identity = "" if self._repeats else deliveries.identity(request.headers)
        with self._engine.store.write() as tx:
            execution, new = start(tx, ctx, self._engine, Delivery(token, identity, webhook, action))
        return _answer(200, "started" if new else "known", pipelineExecutionId=execution)

    def _passes(self, definition: Doc, action: Doc, body: bytes, content_type: str) -> bool:
        large = len(body) > LARGE
        if large and not self._places.acquire(timeout=PATIENCE / 1000):
            raise Rejected(503, "Too many large deliveries at once.")
        try:
            document = payload.read(body, content_type)
            return not payload.deletes(document) and payload.passes(definition["filters"], action["configuration"], document)
        except (payload.Unreadable, TooMuchWork) as error:
            raise Rejected(400, "The body cannot be read.", str(error)) from error
        except KeyError as error:
            gone = f"The placeholder {{{error.args[0]}}} of a matchEquals is no configuration key of its action any more."
            raise Rejected(409, "The target of this webhook has changed.", gone) from error
        finally:
            if large:
                self._places.release()

    def _context(self, request: HttpRequest) -> Context:
        return Context(
            caller=NOBODY,
            account=self._engine.account,
            region=self._engine.region,
            now=self._engine.clock.now(),
            request_id=str(uuid.uuid4()),
            endpoint=request.endpoint,
            source_ip=request.source_ip,
            secure=request.secure,
            headers=request.headers,
        )


def _token(request: HttpRequest) -> str:
    """The token of a URL in a digest, as the store knows it; that of an empty one when there is none."""
    given = parse_qs(request.query, errors="replace").get("t", [])
    return webhooks.digest(given[0] if len(given) == 1 else "")


def _answer(status: int, message: str, headers: dict[str, str] | None = None, **more: str) -> HttpResponse:
    body = json.dumps({"message": message, **more}).encode() + b"\n"
    return HttpResponse(status, {"Content-Type": "application/json", **(headers or {})}, body)
