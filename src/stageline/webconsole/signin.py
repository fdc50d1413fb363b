"""Signing in with a password or a one-time link, changing the password at that, switching roles, signing out.

Every attempt is one record of the audit trail, as CloudTrail tells of sign-ins (event type ``AwsConsoleSignIn``).
"""

import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from stageline.ports.api import ApiError, Caller, Context
from stageline.ports.audit.trail import Happening, Nature, Trail
from stageline.ports.clock import Clock
from stageline.ports.http import HttpRequest, HttpResponse
from stageline.ports.identity import Assumption, Identity
from stageline.ports.store import Store
from stageline.services.iam.model.entities import USER, arn_of, find
from stageline.services.iam.passwords import profiles
from stageline.webconsole import links
from stageline.webconsole.answers import answer, refusal
from stageline.webconsole.sessions import LIFETIME, Present, Sessions, set_cookie

_LONGEST: Final = 64 * 1024
_ROLE_HOUR: Final = 3_600_000
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
    clock: Clock
    sessions: Sessions
    account: str
    region: str
    trail: Trail | None = None

    def whoami(self, present: Present | None) -> HttpResponse:
        """Who is signed in; 200 in any case, so that a page that asks first sees no error."""
        if present is None:
            return answer(200, {"signedIn": False, "account": self.account, "region": self.region})
        caller, person = present.caller, present.person.caller
        role = present.doc["role"]["arn"] if caller is not person else None
        return answer(
            200,
            {
                "signedIn": True,
                "account": self.account,
                "region": self.region,
                "arn": caller.arn,
                "kind": caller.kind,
                "name": _name(caller),
                "person": _name(person),
                "role": role,
                "expires": present.doc["expires"],
                "password": present.doc["password"] is not None,
            },
        )

    def by_password(self, request: HttpRequest) -> HttpResponse:
        """Sign a user in by name and password; with ``newPassword``, replace one that must be changed."""
        given = _body(request)
        name, password, new = (_text(given, each) for each in ("userName", "password", "newPassword"))
        now = self.clock.now()
        outcome = profiles.sign_in(self.store, name, password, now)
        if outcome.outcome in ("reset", "expired") and new:
            user = self._user(outcome.user)
            try:
                profiles.change_password(self._context(user, request), _change(password, new), store=self.store)
            except ApiError as error:
                return self._failed(request, user, refusal(400, error.code, error.message))
            outcome = profiles.SignIn("right", outcome.user)
        if outcome.outcome != "right":
            status, code, text = _REFUSALS[outcome.outcome]
            known = self._user(outcome.user) if outcome.user else _ANYBODY
            return self._failed(request, known, refusal(status, code, text))
        user = self._user(outcome.user)
        credential = self.identity.session(user, LIFETIME)
        cookie = self.sessions.begin(credential, now, password_of=user.user_id)
        return self._welcome(request, credential.caller, cookie)

    def by_link(self, request: HttpRequest) -> HttpResponse:
        """Sign the holder of a key in by a one-time link."""
        read = links.read(_text(_body(request), "token"))
        now = self.clock.now()
        key = self.identity.credential(read[0].access_key_id) if read else None
        if read is None or key is None or not key.active or not links.good(*read, key.secret, now):
            why = "This link is not good any more. Get another with: stageline console"
            return self._failed(request, _ANYBODY, refusal(401, "SignInFailed", why))
        link = read[0]
        if not self.sessions.use(f"{link.access_key_id}/{link.nonce[:64]}", link.made + 2 * links.LIFETIME):
            why = "This link has been used already. Get another with: stageline console"
            return self._failed(request, key.caller, refusal(401, "SignInFailed", why))
        credential = self.identity.session(key.caller, LIFETIME)
        return self._welcome(request, credential.caller, self.sessions.begin(credential, now))

    def change_password(self, present: Present, request: HttpRequest) -> HttpResponse:
        """Replace the signed-in user's own password; other sessions of the user end with it."""
        given = _body(request)
        wanted = _change(_text(given, "oldPassword"), _text(given, "newPassword"))
        person = present.person.caller
        try:
            profiles.change_password(self._context(person, request), wanted, store=self.store)
        except ApiError as error:
            return refusal(error.status or 400, error.code, error.message)
        self.sessions.keep(present, person.user_id)
        self._tell(request, person, "ChangePassword", "")
        return answer(200, {})

    def switch_role(self, present: Present, request: HttpRequest) -> HttpResponse:
        """Go on as a role (``roleArn``) that the person may assume, or as the person again (without it)."""
        arn = _text(_body(request), "roleArn")
        person = present.person.caller
        if not arn:
            self.sessions.switch(present, None)
            return answer(200, {})
        asked = Assumption(arn, re.sub(r"[^\w+=,.@-]", "-", _name(person))[:64] or "console", _ROLE_HOUR)
        try:
            role, _ = self.identity.assume(self._context(person, request), asked)
        except ApiError as error:
            self._tell(request, person, "SwitchRole", "AccessDenied", arn)
            return refusal(error.status or 403, error.code, error.message)
        self.sessions.switch(present, role, arn)
        self._tell(request, person, "SwitchRole", "", arn)
        return answer(200, {})

    def sign_out(self, present: Present | None, request: HttpRequest) -> HttpResponse:
        """End the session and take the cookie."""
        if present is not None:
            self.sessions.end(present)
            self._tell(request, present.person.caller, "ConsoleLogout", "")
        return answer(200, {}, set_cookie("", request))

    def _welcome(self, request: HttpRequest, caller: Caller, cookie: str) -> HttpResponse:
        self._tell(request, caller, "ConsoleLogin", "")
        return answer(200, {}, set_cookie(cookie, request))

    def _failed(self, request: HttpRequest, caller: Caller, refused: HttpResponse) -> HttpResponse:
        self._tell(request, caller, "ConsoleLogin", "Failed authentication")
        return refused

    def _user(self, name: str) -> Caller:
        with self.store.read() as tx:
            found = find(tx, USER, name)
        if found is None:
            raise ApiError("SignInFailed", _WRONG, 401)
        return Caller("user", arn_of(self.account, USER, found), found["id"], self.account, keys={"aws:username": found["name"]})

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


def _change(old: str, new: str) -> dict[str, Any]:
    if not old or not new:
        raise ApiError("ValidationError", "Give the old and the new password.", 400)
    if len(new) > 128:
        raise ApiError("PasswordPolicyViolation", "A password has at most 128 characters.", 400)
    return {"OldPassword": old, "NewPassword": new}


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
    if not isinstance(value, str) or len(value) > 4096:
        raise ApiError("ValidationError", f"{name} has to be a string.", 400)
    return value
