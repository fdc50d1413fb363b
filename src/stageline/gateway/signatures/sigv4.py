"""Signature Version 4: what the client must have signed, rebuilt from the raw request, and the comparison.

Clients differ in how they encode odd characters of paths and queries, so the request is tried as sent first and then decoded
and encoded again; both forms mean the same request.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, unquote_to_bytes

from stageline.core import signature
from stageline.gateway.http import RawRequest

ALGORITHM = "AWS4-HMAC-SHA256"
UNSIGNED = "UNSIGNED-PAYLOAD"
EMPTY_HASH = signature.digest(b"")

_SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class Claim:
    """What a request says about its signature. ``date``, ``region``, ``service`` and ``terminator`` are the credential scope;
    ``stamp`` is ``YYYYMMDDTHHMMSSZ``."""

    access_key_id: str
    date: str
    region: str
    service: str
    terminator: str
    signed_headers: tuple[str, ...]
    signature: str
    stamp: str
    token: str = ""

    @property
    def scope(self) -> str:
        """The credential scope as it is signed."""
        return f"{self.date}/{self.region}/{self.service}/{self.terminator}"


@dataclass(frozen=True)
class Attempt:
    """A canonical request and the string to sign made of it; neither holds a secret."""

    canonical_request: str
    string_to_sign: str


signing_key = lru_cache(maxsize=4096)(signature.signing_key)


def verify(request: RawRequest, claim: Claim, secret: str, payload: str, *, query: str, plain_path: bool) -> Attempt | None:
    """None when the signature is right, else what we would have signed.

    ``query`` is the raw query without the signature itself; ``payload`` the payload hash or its stand-in; ``plain_path`` is
    S3's way with paths: not normalised, encoded once.
    """
    key = signing_key(secret, claim.date, claim.region, claim.service)
    headers = canonical_headers(request, claim.signed_headers)
    tail = f"{headers}\n{';'.join(claim.signed_headers)}\n{payload}"
    first: Attempt | None = None
    for path, pairs in _spellings(request.raw_path, query, plain_path):
        canonical = f"{request.method}\n{path}\n{pairs}\n{tail}"
        to_sign = f"{ALGORITHM}\n{claim.stamp}\n{claim.scope}\n{signature.digest(canonical.encode())}"
        if signature.same(signature.sign(key, to_sign), claim.signature):
            return None
        first = first or Attempt(canonical, to_sign)
    return first


def canonical_headers(request: RawRequest, names: tuple[str, ...]) -> str:
    """The signed headers, each on a line of its own; repeated ones joined in the order of arrival."""
    lines = []
    for name in names:
        value = request.header.get(name, "")
        if "  " in value or "\t" in value:
            value = _SPACES.sub(" ", value)
        lines.append(f"{name}:{value}\n")
    return "".join(lines)


def query_pairs(query: str) -> list[tuple[str, str]]:
    """Names and values of a raw query, still encoded; a name without a value gets an empty one."""
    pairs = []
    for part in query.split("&") if query else ():
        name, _, value = part.partition("=")
        if part:
            pairs.append((name, value))
    return pairs


def without(query: str, name: str) -> str:
    """A raw query without one of its parameters."""
    return "&".join(part for part in query.split("&") if part.partition("=")[0] != name)


def _spellings(raw_path: str, query: str, plain_path: bool) -> Iterator[tuple[str, str]]:
    pairs = query_pairs(query)
    as_sent = "&".join(f"{name}={value}" for name, value in sorted(pairs))
    path = (raw_path or "/") if plain_path else quote(_normalized(raw_path), safe="/-._~")
    yield path, as_sent
    again = "&".join(f"{name}={value}" for name, value in sorted((_read(name), _read(value)) for name, value in pairs))
    path_again = _again(raw_path or "/", safe="/-._~") if plain_path else path
    if again != as_sent:
        yield path, again
    if path_again != path:
        yield path_again, as_sent
        if again != as_sent:
            yield path_again, again


def _again(text: str, safe: str = "-._~") -> str:
    return quote(unquote_to_bytes(text), safe=safe)


def _read(text: str) -> str:
    """A part of a query encoded again as it is read: a plus is a space there."""
    return _again(text.replace("+", " "))


def _normalized(path: str) -> str:
    """Without dot segments and repeated slashes."""
    if path in ("", "/"):
        return "/"
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            if kept:
                kept.pop()
        elif segment not in ("", "."):
            kept.append(segment)
    return "/" + "/".join(kept) + ("/" if path.endswith("/") and kept else "")
