"""Which sign-in a request belongs to: its token comes in a cookie that scripts cannot read. One-time links are used up here."""

from http.cookies import CookieError, SimpleCookie
from typing import Final

from stageline.ports.http import HttpRequest
from stageline.ports.identity import Identity
from stageline.ports.store import Store
from stageline.services.iam.signin.presence import Present, present

USED: Final = "console.link"
NAME: Final = "stageline-session"


class Sessions:
    """Finds sign-ins, and remembers which links were used."""

    def __init__(self, store: Store, identity: Identity, account: str) -> None:
        self._store = store
        self._identity = identity
        self._account = account

    def find(self, request: HttpRequest, now: int) -> Present | None:
        """Who sent a request, as policies have it now; None when nobody is signed in (any more)."""
        token = cookie(request)
        return present(self._store, self._identity, self._account, token, now) if token else None

    def use(self, nonce: str, until: int) -> bool:
        """Use a one-time link up; False when that has happened before."""
        with self._store.write() as tx:
            return tx.insert(USED, nonce, {"until": until})


def sweep(store: Store, now: int) -> None:
    """Forget the links that are too old to be used again."""
    with store.write() as tx:
        for key, doc in tx.scan(USED):
            if now >= doc["until"]:
                tx.delete(USED, key)


def cookie(request: HttpRequest) -> str:
    """The session cookie's value, or nothing."""
    try:
        found = SimpleCookie(request.headers.get("cookie", "")).get(NAME)
    except CookieError:
        return ""
    return found.value if found is not None and found.value.isascii() else ""


def set_cookie(value: str, request: HttpRequest) -> dict[str, str]:
    """The header that gives a browser its session, or takes it with an empty value."""
    secure = "; Secure" if request.secure else ""
    age = "" if value else "; Max-Age=0"
    return {"Set-Cookie": f"{NAME}={value}; Path=/console; HttpOnly; SameSite=Strict{secure}{age}"}
