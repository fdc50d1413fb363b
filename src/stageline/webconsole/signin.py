"""Signing in with a password or a one-time link, changing the password at that, switching roles, signing out.

Every attempt is one record of the audit trail, as CloudTrail tells of sign-ins (event type ``AwsConsoleSignIn``).
"""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from stageline.ports.api import ApiError, Caller, Context
from stageline.ports.audit.trail import Happening, Nature, Trail
from stageline.ports.clock import Clock
from stageline.ports.http import HttpRequest, HttpResponse
from stageline.ports.identity import Authorizer, Identity
from stageline.ports.store import Store
from stageline.services.iam.model.entities import USER, arn_of, find
from stageline.services.iam.signin.entering import change_and_enter, enter, enter_as_root, leave
from stageline.services.iam.signin.presence import Present, leave_role, present, switch_role
from stageline.webconsole import links
from stageline.webconsole.answers import answer, refusal
from stageline.webconsole.sessions import Sessions, cookie, set_cookie
from stageline.webconsole.turnstile import Turnstile

_LONGEST: Final = 64 * 1024
_ANYBODY: Final = Caller(kind="anonymous", arn="anonymous", user_id="anonymous")
_WRONG: Final = "Your sign-in information is incorrect. Check the user name and the password."
_REFUSALS: Final[Mapping[str, tuple[int, str, str]]] = {
    "wrong": (401, "SignInFailed", _WRONG),
    "throttled": (
        429,
        "SignInThrottled",
        "The password was given wrongly too often: wait five minutes, or ask an administrator.",
    ),
    "locked": (403, "PasswordExpired", "Your password has expired: an administrator has to set another one."),
    "reset": (409, "PasswordChangeRequired", "Choose a new password to go on."),
    "expired": (409, "PasswordChangeRequired", "Your password has expired. Choose a new one to go on."),
}


@dataclass(frozen=True)
class SigningIn:
    """The ways in and out."""

    store: Store
    identity: Identity
    authorizer: Authorizer
    clock: Clock
    sessions: Sessions
    account: str
    region: str
    trail: Trail | None = None
    turnstile: Turnstile = field(default_factory=Turnstile)

    def whoami(self, present: Present | None) -> HttpResponse:
        """Who is signed in; 200 in any case, so that a page that asks first sees no error."""
        if present is None:
            return answer(200, {"signedIn": False, "account": self.account, "region": self.region})
        caller, own = present.caller, present.own
        return answer(
            200,
            {
                "signedIn": True,
                "account": self.account,
                "region": self.region,
                "arn": caller.arn,
                "kind": caller.kind,
                "name": _name(caller),
                "person": _name(own),
                "role": present.role or None,
                "expires": present.ends,
                "password": own.kind == "user",
            },
        )

    def by_password(self, request: HttpRequest) -> HttpResponse:
        """Sign a user in by name and password; with ``newPassword``, replace one that must be changed."""
        given = _body(request)
        name, password, new = (_text(given, each) for each in ("userName", "password", "newPassword"))
        ctx = self._context(_ANYBODY, request)
        with self.turnstile.turn():
            return self._by_password(request, ctx, name, password, new)

    def _by_password(self, request: HttpRequest, ctx: Context, name: str, password: str, new: str) -> HttpResponse:
        try:
            if new:
                entered = change_and_enter(ctx, name, password, new, store=self.store, authorizer=self.authorizer)
            else:
                entered = enter(self.store, name, password, ctx.now)
        except ApiError as error:
            return self._failed(request, self._claimed(name), refusal(error.status or 400, error.code, error.message))
        if entered.outcome != "right":
            # As CloudTrail does, tell as whom somebody failed to sign in; those who go on guessing are only counted.
            claimed = _ANYBODY if entered.outcome == "throttled" else self._claimed(name)
            return self._failed(request, claimed, refusal(*_REFUSALS[entered.outcome]))
        return self._welcome(request, entered.token)

    def by_link(self, request: HttpRequest) -> HttpResponse:
        """Sign the administrator in by a one-time link, which the administrator's key has signed."""
        read = links.read(_text(_body(request), "token"))
        now = self.clock.now()
        key = self.identity.credential(read[0].access_key_id) if read else None
        if read is None or key is None or not links.good(*read, key.secret, now):
            why = "This link is not good any more. Get another with: stageline console"
            return self._failed(request, _ANYBODY, refusal(401, "SignInFailed", why))
        link = read[0]
        entered = enter_as_root(self.store, self.identity, link.access_key_id, key.secret, now)
        if entered.outcome != "right":
            why = "Links are for the administrator; others sign in with their user name and password."
            return self._failed(request, key.caller, refusal(401, "SignInFailed", why))
        if not self.sessions.use(f"{link.access_key_id}/{link.nonce[:64]}", link.made + 2 * links.LIFETIME):
            leave(self.store, entered.token)
            why = "This link has been used already. Get another with: stageline console"
            return self._failed(request, key.caller, refusal(401, "SignInFailed", why))
        return self._welcome(request, entered.token)

    def change_password(self, present: Present, request: HttpRequest) -> HttpResponse:
        """Replace the signed-in user's own password; all sign-ins end with it, and this page gets a new one."""
        given = _body(request)
        old, new = _text(given, "oldPassword"), _text(given, "newPassword")
        person = present.own
        try:
            with self.turnstile.turn():
                entered = change_and_enter(
                    self._context(_ANYBODY, request), _name(person), old, new, store=self.store, authorizer=self.authorizer
                )
        except ApiError as error:
            self._tell(request, person, "ChangePassword", error.code)
            return refusal(error.status or 400, error.code, error.message)
        if entered.outcome != "right":
            self._tell(request, person, "ChangePassword", "Failed authentication")
            status, code, text = _REFUSALS[entered.outcome]
            return refusal(403 if status == 401 else status, code, text)
        self._tell(request, person, "ChangePassword", "")
        return answer(200, {}, set_cookie(entered.token, request))

    def switch_role(self, present: Present, request: HttpRequest) -> HttpResponse:
        """Go on as a role (``roleArn``) that the person may assume, or as the person again (without it)."""
        arn = _text(_body(request), "roleArn")
        person, token = present.own, cookie(request)
        if not arn:
            leave_role(self.store, token, self.clock.now())
            self._tell(request, person, "ExitRole", "", present.role)
            return answer(200, {})
        try:
            switched = switch_role(self._context(person, request), token, arn, store=self.store, identity=self.identity)
        except ApiError as error:
            self._tell(request, person, "SwitchRole", error.code, arn)
            return refusal(error.status or 403, error.code, error.message)
        self._tell(request, person, "SwitchRole", "" if switched else "SignedOut", arn)
        return answer(200, {}) if switched else refusal(401, "SignedOut", "Your session is over. Sign in again.")

    def sign_out(self, present: Present | None, request: HttpRequest) -> HttpResponse:
        """End the sign-in and take the cookie."""
        if present is not None:
            leave(self.store, cookie(request))
            self._tell(request, present.own, "ConsoleLogout", "")
        return answer(200, {}, set_cookie("", request))

    def _welcome(self, request: HttpRequest, token: str) -> HttpResponse:
        there = present(self.store, self.identity, self.account, token, self.clock.now())
        self._tell(request, there.own if there else _ANYBODY, "ConsoleLogin", "")
        return answer(200, {}, set_cookie(token, request))

    def _failed(self, request: HttpRequest, caller: Caller, refused: HttpResponse) -> HttpResponse:
        self._tell(request, caller, "ConsoleLogin", "Failed authentication")
        return refused

    def _claimed(self, name: str) -> Caller:
        """The user that somebody could not sign in as, for the record."""
        with self.store.read() as tx:
            found = find(tx, USER, name) if name else None
        if found is None:
            return _ANYBODY
        return Caller("user", arn_of(self.account, USER, found), found["id"], self.account)

    def _context(self, caller: Caller, request: HttpRequest) -> Context:
        return Context(
            caller=caller,
            account=self.account,
            region=self.region,
            now=self.clock.now(),
            request_id=str(uuid.uuid4()),
            endpoint=request.endpoint,
            source_ip=request.source_ip,
            secure=request.secure,
            headers=request.headers,
        )

    def _tell(self, request: HttpRequest, caller: Caller, what: str, failure: str, role: str = "") -> None:
        if self.trail is None:
            return
        self.trail.record(
            Happening(
                ctx=self._context(caller, request),
                service="signin",
                operation=what,
                nature=Nature(read_only=bool(failure)),
                request={"roleArn": role} if role else None,
                response={what: "Failure" if failure else "Success"},
                code="Failure" if failure else "",
                message=failure,
                verified=caller.kind != "anonymous",
                extra={"LoginTo": f"{request.endpoint}/console/", "MobileVersion": "No", "MFAUsed": "No"},
            )
        )


def _name(caller: Caller) -> str:
    return "administrator" if caller.kind == "root" else caller.arn.rpartition(":")[2].partition("/")[2].rpartition("/")[2]


def _body(request: HttpRequest) -> dict[str, Any]:
    data = b""
    while len(data) <= _LONGEST and (part := request.body.read(_LONGEST + 1 - len(data))):
        data += part
    try:
        given = json.loads(data) if len(data) <= _LONGEST else None
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict):
        raise ApiError("ValidationError", "The body has to be a JSON object.", 400)
    return given


def _text(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name, "")
    if not isinstance(value, str) or len(value) > 4096 or any("\ud800" <= each <= "\udfff" for each in value):
        raise ApiError("ValidationError", f"{name} has to be a text of at most 4096 characters.", 400)
    return value
