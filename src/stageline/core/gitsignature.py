"""The password that AWS's Git credential helpers make: a time stamp and a signature over repository path and host.

The user name is an access key id, with ``%`` and the session token appended for temporary credentials. The helpers leave
the region out of what they send, so every region that the server answers for is tried; some sign the host with its port,
some without, so both are.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, Literal, Protocol, TypeVar

from stageline.core import signature

WINDOW = 15 * 60 * 1000
"""How far the signer's clock may be from ours, in milliseconds."""

_STAMP_LENGTH = len("20130524T000000Z")


class Key(Protocol):
    """What must be known of an access key; ``stageline.ports.identity.Credential`` is one."""

    @property
    def access_key_id(self) -> str:
        """The id."""
        ...

    @property
    def secret(self) -> str:
        """The secret."""
        ...

    @property
    def session_token(self) -> str:
        """The token of temporary credentials, else empty."""
        ...

    @property
    def expires(self) -> int | None:
        """The end of temporary credentials."""
        ...

    @property
    def active(self) -> bool:
        """False for a key that was switched off."""
        ...


K = TypeVar("K", bound=Key)

Reason = Literal["", "malformed", "unknown", "mismatch", "clock", "expired"]


@dataclass(frozen=True)
class GitVerdict(Generic[K]):
    """Who signed, or why nobody did. ``unknown`` is for a 401 (ask again), the others for a 403."""

    credential: K | None
    reason: Reason = ""


def is_signed(user: str, password: str) -> bool:
    """Whether the pair looks like one from a credential helper rather than a service-specific credential."""
    return user[:4] in ("AKIA", "ASIA") and signature.instant(password[:_STAMP_LENGTH]) is not None


def verify(
    user: str,
    password: str,
    *,
    hosts: Sequence[str],
    path: str,
    now: int,
    regions: Sequence[str],
    credential: Callable[[str, str], K | None],
) -> GitVerdict[K]:
    """Check a Basic user and password of a Git request.

    ``hosts`` are the names under which the client may have reached the server (with or without a port), ``path`` the
    repository's path (``/v1/repos/NAME``), ``regions`` those of the server; ``credential`` looks up an access key id with
    its session token.
    """
    stamp, signed = password[:_STAMP_LENGTH], password[_STAMP_LENGTH:]
    made = signature.instant(stamp) if stamp.endswith("Z") else None
    if made is None or len(signed) != 64:
        return GitVerdict(None, "malformed")
    key_id, _, token = user.partition("%")
    known = credential(key_id, token)
    if known is None or not known.active or not signature.same(known.session_token, token):
        return GitVerdict(None, "unknown")
    if not any(signature.same(signed, each) for each in _expected(known.secret, stamp[:-1], hosts, path, regions)):
        return GitVerdict(None, "mismatch")
    if abs(now - made) > WINDOW:
        return GitVerdict(None, "clock")
    if known.expires is not None and known.expires <= now:
        return GitVerdict(None, "expired")
    return GitVerdict(known)


def _expected(secret: str, stamp: str, hosts: Sequence[str], path: str, regions: Sequence[str]) -> Iterator[str]:
    date = stamp[:8]
    names = dict.fromkeys(name for host in hosts for name in (host, _without_port(host)))
    paths = dict.fromkeys((path, path.rstrip("/"), path.rstrip("/") + "/"))
    for region in dict.fromkeys(regions):
        key = signature.signing_key(secret, date, region, "codecommit")
        scope = f"{date}/{region}/codecommit/{signature.TERMINATOR}"
        for name in names:
            for each in paths:
                canonical = f"GIT\n{each}\n\nhost:{name}\n\nhost\n"
                hashed = signature.digest(canonical.encode())
                yield signature.sign(key, f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{hashed}")


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdigit() and not name.endswith(":") else host
