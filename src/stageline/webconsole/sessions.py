"""Sessions of people who signed in: a random cookie, of which the store keeps a digest beside sealed temporary credentials.

Rights are never kept: each request reads them anew, so a session whose user, key, password or role is gone is over at once.
"""

import hashlib
import secrets
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Final

from stageline.ports.api import Caller
from stageline.ports.http import HttpRequest
from stageline.ports.identity import Credential, Identity
from stageline.ports.store import Doc, Store
from stageline.services.iam.model.entities import LOGINS

KIND: Final = "console.session"
USED: Final = "console.link"
NAME: Final = "stageline-session"
LIFETIME: Final = 12 * 3_600_000
"""Milliseconds for which a session lasts."""
IDLE: Final = 2 * 3_600_000
"""Milliseconds without a request after which it ends."""
_NOTE_EVERY: Final = 60_000


@dataclass(frozen=True)
class Present:
    """A session that is going on: the person's own credential, and the one in use (a role's, after switching)."""

    digest: str
    doc: Doc
    person: Credential
    credential: Credential

    @property
    def caller(self) -> Caller:
        """As whom requests are made."""
        return self.credential.caller


class Sessions:
    """Begins, finds and ends sessions."""

    def __init__(self, store: Store, identity: Identity) -> None:
        self._store = store
        self._identity = identity

    def begin(self, credential: Credential, now: int, *, password_of: str = "") -> str:
        """Begin a session; returns the cookie's value. ``password_of`` is the id of the user who signed in with a password: the
        session ends when that is taken away or replaced."""
        value = secrets.token_urlsafe(32)
        with self._store.write() as tx:
            login = tx.get(LOGINS, password_of) if password_of else None
            doc = {
                "key": credential.access_key_id,
                "token": credential.session_token,
                "began": now,
                "seen": now,
                "expires": now + LIFETIME,
                "password": [password_of, login["changed"]] if login else None,
                "role": None,
            }
            tx.put(KIND, _digest(value), doc)
        return value

    def find(self, request: HttpRequest, now: int) -> Present | None:
        """The session that a request belongs to, if it goes on."""
        value = cookie(request)
        if not value:
            return None
        digest = _digest(value)
        with self._store.read() as tx:
            doc = tx.get(KIND, digest)
            if doc is None or now >= doc["expires"] or now - doc["seen"] >= IDLE:
                return None
            if doc["password"] is not None:
                login = tx.get(LOGINS, doc["password"][0])
                if login is None or login["changed"] != doc["password"][1]:
                    return None
        person = self._identity.credential(doc["key"], doc["token"])
        if person is None or (person.expires is not None and person.expires <= now):
            return None
        role = self._identity.credential(doc["role"]["key"], doc["role"]["token"]) if doc["role"] else None
        if role is not None and role.expires is not None and role.expires <= now:
            role = None
        if now - doc["seen"] >= _NOTE_EVERY:
            self._change(digest, seen=now)
        return Present(digest, doc, person, role or person)

    def switch(self, present: Present, role: Credential | None, role_arn: str = "") -> None:
        """Go on as a role, or as the person again."""
        given = {"key": role.access_key_id, "token": role.session_token, "arn": role_arn} if role else None
        self._change(present.digest, role=given)

    def keep(self, present: Present, user_id: str) -> None:
        """Go on after the person has replaced the password."""
        with self._store.read() as tx:
            login = tx.get(LOGINS, user_id)
        if login is not None:
            self._change(present.digest, password=[user_id, login["changed"]])

    def end(self, present: Present) -> None:
        """Sign out."""
        with self._store.write() as tx:
            tx.delete(KIND, present.digest)

    def use(self, nonce: str, until: int) -> bool:
        """Use a one-time link up; False when that has happened before."""
        with self._store.write() as tx:
            return tx.insert(USED, nonce, {"until": until})

    def _change(self, digest: str, **changes: object) -> None:
        with self._store.write() as tx:
            tx.lock(f"{KIND}/{digest}")
            doc = tx.get(KIND, digest)
            if doc is not None:  # it may have been ended meanwhile
                tx.put(KIND, digest, {**doc, **changes})


def sweep(store: Store, now: int) -> None:
    """Forget the sessions that are over, and the links that are too old to be used again."""
    with store.write() as tx:
        for key, doc in tx.scan(KIND):
            if now >= doc["expires"] or now - doc["seen"] >= IDLE:
                tx.delete(KIND, key)
        for key, doc in tx.scan(USED):
            if now >= doc["until"]:
                tx.delete(USED, key)


def cookie(request: HttpRequest) -> str:
    """The session cookie's value, or nothing."""
    try:
        found = SimpleCookie(request.headers.get("cookie", "")).get(NAME)
    except CookieError:
        return ""
    return found.value if found is not None else ""


def set_cookie(value: str, request: HttpRequest) -> dict[str, str]:
    """The header that gives a browser its session, or takes it with an empty value."""
    secure = "; Secure" if request.secure else ""
    age = "" if value else "; Max-Age=0"
    return {"Set-Cookie": f"{NAME}={value}; Path=/console; HttpOnly; SameSite=Strict{secure}{age}"}


def _digest(value: str) -> str:
    return hashlib.sha256(value.encode("utf-8", "surrogateescape")).hexdigest()
