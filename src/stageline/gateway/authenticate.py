"""Who sent a request: finds its credentials, checks them, and wraps the body so that it proves itself while it is read.

The order of the checks decides which error a client sees: form, key, scope, clock, signature, end of the session, body.
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC
from email.utils import parsedate_to_datetime

from stageline.core import signature
from stageline.gateway.http import BytesStream, RawRequest
from stageline.gateway.signatures import payload, presigned, scope, sigv2, sigv4
from stageline.gateway.signatures.refusals import refusal
from stageline.gateway.signatures.streaming import body_of
from stageline.ports.api import ApiError, Caller
from stageline.ports.aws import ByteStream
from stageline.ports.clock import Clock
from stageline.ports.identity import Credential, Identity

MAX_BODY = 10 * 1024 * 1024
"""Longest body of a service other than S3: it is held in memory, since its hash is under the signature."""

ANONYMOUS = Caller(kind="anonymous", arn="anonymous", user_id="anonymous")


@dataclass(frozen=True)
class Authenticated:
    """Who sent the request, and the body to read instead of the raw one."""

    caller: Caller
    body: ByteStream


def authenticate(
    request: RawRequest, service: str, *, identity: Identity, clock: Clock, region: str, bucket: str = ""
) -> Authenticated:
    """Find out who sent a request to a service (its name in botocore) of a region, or raise ApiError.

    ``bucket`` is the one named by the host, in virtual-host style. Only S3 has anonymous callers.
    """
    mechanism = _mechanism(request, service)
    now = clock.now()
    if mechanism == "none":
        if service != "s3":
            raise refusal(service, "missing")
        declared = request.header.get("x-amz-content-sha256", sigv4.UNSIGNED)
        return Authenticated(ANONYMOUS, body_of(request, declared, None))
    if mechanism == "sigv2":
        return _by_sigv2(request, identity, now, region, bucket)
    by_query = mechanism == "query"
    claim = presigned.claim(request, service) if by_query else _header_claim(request, service)
    credential = _credential(identity, claim, service)
    scope.check(claim, service, region)
    if by_query:
        presigned.check_window(request, claim, service, now)
    else:
        scope.check_clock(claim, service, now)
    body = _verified(request, claim, credential, service, by_query)
    if credential.expires is not None and credential.expires <= now:
        raise refusal(service, "expired", **{"Token-0": claim.token})
    identity.used(credential.access_key_id, service, claim.region)
    keys = _s3_keys(by_query, now - (signature.instant(claim.stamp) or now)) if service == "s3" else {}
    return Authenticated(_with_keys(credential.caller, keys), body)


def _mechanism(request: RawRequest, service: str) -> str:
    """``header``, ``query``, ``sigv2`` or ``none``; more than one at once is refused."""
    headers = request.header_values("authorization")
    names = {name for name, _ in sigv4.query_pairs(request.raw_query)}
    ways = ["header"] * len(headers)
    if not names.isdisjoint(presigned.NAMES):
        ways.append("query")
    if service == "s3" and not names.isdisjoint(sigv2.NAMES):
        ways.append("sigv2")
    if len(ways) > 1:
        if service != "s3":
            raise refusal(service, "incomplete", "Authorize a request once: with one Authorization header or in its query.")
        raise ApiError(
            "InvalidArgument",
            "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or "
            "the Authorization header should be specified",
            400,
            ArgumentName="Authorization",
        )
    return ways[0] if ways else "none"


def _header_claim(request: RawRequest, service: str) -> sigv4.Claim:
    value = request.header["authorization"]
    kind, _, rest = value.partition(" ")
    if kind != sigv4.ALGORITHM:
        raise _unknown_kind(kind, value, service)
    parts = _header_parts(rest, value, service)
    stamp = _stamp(request)
    lacking = [name for name in ("Credential", "Signature", "SignedHeaders") if not parts.get(name)]
    if lacking or not stamp:
        if service == "s3" and not lacking:
            raise ApiError("AccessDenied", "AWS authentication requires a valid Date or x-amz-date header", 403)
        if service == "s3":
            raise refusal(
                service,
                "incomplete",
                "The authorization header is malformed; the authorization header requires three components: Credential, "
                "SignedHeaders, and Signature.",
            )
        said = [f"Authorization header requires '{name}' parameter." for name in lacking]
        if not stamp:
            said.append("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
        raise refusal(service, "incomplete", f"{' '.join(said)} {_HASHED} Authorization={_fingerprint(value)}")
    names = tuple(parts["SignedHeaders"].split(";"))
    token = request.header.get("x-amz-security-token", "")
    return scope.claim(parts["Credential"], names, parts["Signature"], stamp, token, service)


_HASHED = "(Hashed with SHA-256 and encoded with Base64)"


def _unknown_kind(kind: str, value: str, service: str) -> ApiError:
    if service == "s3":
        if kind == "AWS":
            text = "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256."
            return ApiError("InvalidRequest", text, 400)
        return ApiError("InvalidArgument", "Unsupported Authorization Type", 400, ArgumentName="Authorization")
    if kind.startswith("AWS4-"):
        return refusal(service, "incomplete", f"The algorithm {kind} is not supported; sign with {sigv4.ALGORITHM}.")
    text = f"'{kind}' not a valid key=value pair (missing equal-sign) in Authorization header"
    return refusal(service, "incomplete", f"{text} {_HASHED.lower()}: '{_fingerprint(value)}'.")


def _header_parts(rest: str, value: str, service: str) -> Mapping[str, str]:
    parts: dict[str, str] = {}
    for piece in rest.split(","):
        name, equals, text = piece.strip().partition("=")
        if not equals or name in parts:
            if service == "s3":
                raise refusal(service, "incomplete", "The authorization header is malformed.")
            wrong = "is given twice" if equals else "not a valid key=value pair (missing equal-sign)"
            where = f"in Authorization header {_HASHED.lower()}: '{_fingerprint(value)}'."
            raise refusal(service, "incomplete", f"'{_fingerprint(name) if not equals else name}' {wrong} {where}")
        parts[name] = text
    return parts


def _fingerprint(value: str) -> str:
    """Stands for an Authorization header in messages, which may end up in logs."""
    return base64.b64encode(hashlib.sha256(value.encode()).digest()).decode()


def _stamp(request: RawRequest) -> str:
    """``X-Amz-Date``, else ``Date`` in either form; empty when there is no valid one."""
    stamp = request.header.get("x-amz-date")
    if stamp is None:
        stamp = request.header.get("date", "")
        if signature.instant(stamp) is None:
            try:
                made = parsedate_to_datetime(stamp)
                stamp = (made.astimezone(UTC) if made.tzinfo else made).strftime("%Y%m%dT%H%M%SZ")
            except (ValueError, TypeError, IndexError, OverflowError):
                return ""
    return stamp if stamp.endswith("Z") and signature.instant(stamp) is not None else ""


def _credential(identity: Identity, claim: sigv4.Claim, service: str) -> Credential:
    found = identity.credential(claim.access_key_id, claim.token)
    if found is None or not found.active:
        if claim.token and service == "s3":
            raise ApiError("InvalidToken", "The provided token is malformed or otherwise invalid.", 400)
        raise refusal(service, "unknown", AWSAccessKeyId=claim.access_key_id)
    if not signature.same(found.session_token, claim.token):
        if service == "s3":
            raise ApiError("InvalidToken", "The provided token is malformed or otherwise invalid.", 400)
        raise refusal(service, "unknown")
    return found


def _verified(request: RawRequest, claim: sigv4.Claim, credential: Credential, service: str, by_query: bool) -> ByteStream:
    """Compare the signature; the body comes back checked (small) or checking itself (S3)."""
    scope.check_headers(request, claim, service)
    body: ByteStream = request.body
    if service == "s3":
        hashed = presigned.payload_hash(request) if by_query else _declared(request)
    else:
        data = payload.read_all(request.body, MAX_BODY)
        hashed = signature.digest(data)
        declared = request.header.get("x-amz-content-sha256", hashed)
        body = BytesStream(data)
        if declared != hashed:
            raise refusal(service, "mismatch")
    query = sigv4.without(request.raw_query, "X-Amz-Signature") if by_query else request.raw_query
    wrong = sigv4.verify(request, claim, credential.secret, hashed, query=query, plain_path=service == "s3")
    if wrong is not None:
        raise scope.mismatch(claim, wrong, service)
    if service != "s3":
        return body
    return body_of(request, hashed, (claim, sigv4.signing_key(credential.secret, claim.date, claim.region, claim.service)))


def _declared(request: RawRequest) -> str:
    declared = request.header.get("x-amz-content-sha256", "")
    if not declared:
        text = "Missing required header for this request: x-amz-content-sha256"
        raise ApiError("InvalidRequest", text, 400)
    return declared


def _by_sigv2(request: RawRequest, identity: Identity, now: int, region: str, bucket: str) -> Authenticated:
    asked = sigv2.claim(request)
    found = identity.credential(asked.access_key_id, asked.token)
    if found is None or not found.active or not signature.same(found.session_token, asked.token):
        if asked.token:
            raise ApiError("InvalidToken", "The provided token is malformed or otherwise invalid.", 400)
        raise refusal("s3", "unknown", AWSAccessKeyId=asked.access_key_id)
    sigv2.check(request, asked, found.secret, now, bucket)
    if found.expires is not None and found.expires <= now:
        raise refusal("s3", "expired", **{"Token-0": asked.token})
    identity.used(found.access_key_id, "s3", region)
    keys = {"s3:authType": "REST-QUERY-STRING", "s3:signatureversion": "AWS"}
    return Authenticated(_with_keys(found.caller, keys), body_of(request, sigv4.UNSIGNED, None))


def _s3_keys(by_query: bool, age: int) -> dict[str, str]:
    keys = {"s3:authType": "REST-QUERY-STRING" if by_query else "REST-HEADER", "s3:signatureversion": sigv4.ALGORITHM}
    return {**keys, "s3:signatureAge": str(max(age, 0))} if by_query else keys


def _with_keys(caller: Caller, keys: Mapping[str, str]) -> Caller:
    return replace(caller, keys={**caller.keys, **keys}) if keys else caller
