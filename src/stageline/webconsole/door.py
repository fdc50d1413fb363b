"""The front door of the console: everything under ``/console``, and ``/badges``. Requests with a signature are AWS's own."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final, Protocol
from urllib.parse import parse_qs, unquote

from stageline.ports.api import ApiError, Caller, Request, Response
from stageline.ports.http import HttpRequest, HttpResponse
from stageline.services.iam.signin.presence import Present
from stageline.webconsole import assets, badges, objects
from stageline.webconsole.answers import SAFE, answer, from_own_page, refusal
from stageline.webconsole.journeys import Journeys
from stageline.webconsole.live import Live
from stageline.webconsole.signin import SigningIn

_QUESTIONS: Final = 100
_SIGNED: Final = ("X-Amz-Signature=", "x-amz-signature=", "Signature=", "AWSAccessKeyId=")


class Api(Protocol):
    """AWS operations for somebody who signed in; the gateway implements it."""

    def call(self, caller: Caller, service: str, operation: str, request: HttpRequest) -> HttpResponse:
        """The JSON answer to an operation whose input is the request's body."""
        ...

    def fetch(self, caller: Caller, service: str, operation: str, params: Request, request: HttpRequest) -> Response:
        """The result of an operation that carries bytes; raises ApiError."""
        ...

    def refusal(self, caller: Caller, service: str, operation: str, params: Mapping[str, Any], request: HttpRequest) -> str:
        """Why the caller may not do something; empty when it may."""
        ...


class ConsoleDoor:
    """Takes what browsers ask for. ``connect`` gives it the API, which is made after it.

    ``bucket_of`` tells which bucket a host name means, if any: what is stored there must not meet the console's cookie.
    """

    def __init__(self, signing_in: SigningIn, live: Live, bucket_of: Callable[[str], str]) -> None:
        self._bucket_of = bucket_of
        self._signing_in = signing_in
        self.live = live
        self._journeys = Journeys(signing_in.store)
        self._api: Api | None = None

    def connect(self, api: Api) -> None:
        """Tell through which API calls go."""
        self._api = api

    def takes(self, request: HttpRequest) -> bool:
        """Paths of the console without a signature: a bucket that is called ``console`` stays reachable with one."""
        if self._bucket_of(request.headers.get("host", "")):
            return False
        ours = request.path in ("/console", "/favicon.ico") or request.path.startswith(("/console/", "/badges/"))
        return ours and "authorization" not in request.headers and not any(mark in request.query for mark in _SIGNED)

    def handle(self, request: HttpRequest) -> HttpResponse:
        """Answer it."""
        try:
            reply = self._routed(request)
        except ApiError as error:
            reply = refusal(error.status or 400, error.code, error.message)
        return replace(reply, headers=SAFE | dict(reply.headers))

    def _routed(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/badges/") and request.method not in ("GET", "HEAD"):
            return HttpResponse(405, {"Content-Type": "text/plain", "Allow": "GET, HEAD"}, b"GET only\n")
        if request.path.startswith("/badges/"):
            ways, name = self._signing_in, unquote(request.path.removeprefix("/badges/"))
            return badges.public(ways.store, name, ways.account, ways.region)
        if request.path in ("/console", "/favicon.ico"):
            there = "/console/" if request.path == "/console" else "/console/favicon.svg"
            return HttpResponse(308, SAFE | {"Location": there}, confined=False)
        path = request.path.removeprefix("/console")
        place = path.split("/")[1]
        if place not in ("session", "api", "may", "events", "journeys", "objects", "badges"):
            return assets.serve(path, request)
        if request.method not in ("GET", "HEAD") and not from_own_page(request):
            return refusal(403, "CrossSiteRequest", "Only the console's own pages may ask for this.")
        present = self._signing_in.sessions.find(request, self._signing_in.clock.now())
        if place == "session":
            reply = self._session(path, present, request)
            if request.method != "GET":
                self.live.ask()  # who has signed out, or is somebody else now, is told no more than may be
            return reply
        if present is None:
            return refusal(401, "SignedOut", "Your session is over. Sign in again.")
        return self._for_people(place, path, present, request)

    def _session(self, path: str, present: Present | None, request: HttpRequest) -> HttpResponse:
        ways = self._signing_in
        match request.method, path:
            case "GET", "/session":
                return ways.whoami(present)
            case "DELETE", "/session":
                return ways.sign_out(present, request)
            case "POST", "/session/password":
                return ways.by_password(request)
            case "POST", "/session/link":
                return ways.by_link(request)
        if present is None:
            return refusal(401, "SignedOut", "Your session is over. Sign in again.")
        match request.method, path:
            case "POST", "/session/role":
                return ways.switch_role(present, request)
            case "POST", "/session/password/change":
                return ways.change_password(present, request)
        return refusal(404, "NotFound", "There is nothing here.")

    def _for_people(self, place: str, path: str, present: Present, request: HttpRequest) -> HttpResponse:
        api = self._connected()
        steps = [unquote(step) for step in path.split("/")[2:]]
        match request.method, place, steps:
            case "POST", "api", [service, operation]:
                return api.call(present.caller, service, operation, request)
            case "POST", "may", []:
                return self._may(present, request)
            case "GET", "events", []:
                return self._events(present, request)
            case "GET", "journeys", [pipeline, execution]:
                return self._journey(present, pipeline, execution, request)
            case (("GET" | "PUT"), "objects", []):
                return objects.answer(partial(api.fetch, present.caller), request)
            case "GET", "badges", [name]:
                return badges.shown(partial(api.fetch, present.caller), name, request)
        return refusal(404, "NotFound", "There is nothing here.")

    def _may(self, present: Present, request: HttpRequest) -> HttpResponse:
        """Whether the person may do what a page offers: one reason an item of ``questions``, empty where it is allowed."""
        try:
            questions = json.loads(request.body.read(1024 * 1024))["questions"]
            asked = [(str(each["service"]), str(each["operation"]), dict(each["params"])) for each in questions[:_QUESTIONS]]
        except (ValueError, KeyError, TypeError, RecursionError):
            raise ApiError("ValidationError", "questions has to be a list of {service, operation, params}.", 400) from None
        return answer(200, {"reasons": [self._connected().refusal(present.caller, *each, request) for each in asked]})

    def _journey(self, present: Present, pipeline: str, execution: str, request: HttpRequest) -> HttpResponse:
        """The steps of an execution, for those who may read by operations what they tell."""
        one = {"pipelineName": pipeline, "pipelineExecutionId": execution}
        asked = (
            ("GetPipelineState", {"name": pipeline}),
            ("GetPipelineExecution", one),
            ("ListActionExecutions", {"pipelineName": pipeline}),
            ("ListRuleExecutions", {"pipelineName": pipeline}),
        )
        for operation, params in asked:
            if why := self._connected().refusal(present.caller, "codepipeline", operation, params, request):
                return refusal(403, "AccessDeniedException", why)
        return answer(200, self._journeys.told(pipeline, execution))

    def _events(self, present: Present, request: HttpRequest) -> HttpResponse:
        pipeline = parse_qs(request.query).get("pipeline", [""])[0]
        question = ("GetPipelineState", {"name": pipeline}) if pipeline else ("ListPipelines", {})

        def allowed() -> bool:
            now = self._signing_in.sessions.find(request, self._signing_in.clock.now())
            return now is not None and not self._connected().refusal(now.caller, "codepipeline", *question, request)

        if why := self._connected().refusal(present.caller, "codepipeline", *question, request):
            return refusal(403, "AccessDeniedException", why)
        headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return HttpResponse(200, SAFE | headers, self.live.stream(pipeline, allowed), confined=False)

    def _connected(self) -> Api:
        if self._api is None:
            raise RuntimeError("the console is not assembled yet")
        return self._api
