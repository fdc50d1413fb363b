"""Who a git request comes from: HTTP Basic with a service-specific credential or a credential helper's signature."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from stageline.core import gitsignature
from stageline.ports.api import Caller
from stageline.ports.http import HttpRequest
from stageline.ports.identity import Identity


@dataclass(frozen=True)
class Refused:
    """No caller: 401 asks for credentials (again), 403 says that these will not do."""

    status: int
    message: str


def caller(request: HttpRequest, path: str, *, identity: Identity, regions: Sequence[str], now: int) -> Caller | Refused:
    """The caller of a git request for the repository at ``path``."""
    pair = _basic(request.headers.get("authorization", ""))
    if pair is None:
        return Refused(401, "Credentials are required: HTTPS git credentials of an IAM user, or the AWS credential helper.")
    user, password = pair
    if not gitsignature.is_signed(user, password):
        found = identity.git_user(user, password)
        return found if found is not None else Refused(401, "The user name or the password is not right.")
    hosts = dict.fromkeys((request.headers.get("host", ""), urlsplit(request.endpoint).netloc))
    verdict = gitsignature.verify(
        user,
        password,
        hosts=[host for host in hosts if host],
        path=path,
        now=now,
        regions=regions,
        credential=identity.credential,
    )
    if verdict.credential is not None:
        identity.used(verdict.credential.access_key_id, "codecommit", regions[0])
        return verdict.credential.caller
    return _REFUSALS[verdict.reason]


_REFUSALS = {
    "malformed": Refused(403, "The password is not one of the AWS credential helper."),
    "unknown": Refused(401, "The access key or its session token is not known here."),
    "mismatch": Refused(403, "The signature does not fit. Set credential.UseHttpPath to true and check the key and the Region."),
    "clock": Refused(403, "The signature is too old, or made by a clock that is wrong."),
    "expired": Refused(403, "The temporary credentials have expired."),
}


def _basic(header: str) -> tuple[str, str] | None:
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, colon, password = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return None
    return (user, password) if colon and user and password else None
