"""The parts of a signature that are checked before it: the credential scope, the clock, and which headers were signed."""

import time

from stageline.core import signature
from stageline.gateway.http import RawRequest
from stageline.gateway.signatures.refusals import refusal
from stageline.gateway.signatures.sigv4 import Attempt, Claim
from stageline.ports.api import ApiError

SKEW = 15 * 60 * 1000
"""How far a client's clock may be from ours, in milliseconds."""

_GLOBAL = frozenset({"iam", "sts"})
"""Services that also answer for us-east-1, whatever the server's region."""


def claim(credential: str, signed_headers: tuple[str, ...], signed: str, stamp: str, token: str, service: str) -> Claim:
    """Take a ``Credential`` apart and put the claim together; raises ApiError for one of the wrong form."""
    parts = credential.rsplit("/", 4)
    if len(parts) != 5 or not all(parts):
        if service == "s3":
            form = '"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request"'
            raise refusal(
                service, "incomplete", f"The authorization header is malformed; the Credential is mal-formed; expecting {form}."
            )
        raise refusal(
            service, "incomplete", "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term"
        )
    key_id, date, region, scoped, terminator = parts
    return Claim(key_id, date, region, scoped, terminator, signed_headers, signed, stamp, token)


def check(claimed: Claim, service: str, region: str) -> None:
    """Refuse a signature made for another day, region or service."""
    regions = (region, "us-east-1") if service in _GLOBAL else (region,)
    day = claimed.stamp[:8]
    if service == "s3":
        _check_s3(claimed, region)
        return
    if claimed.terminator != signature.TERMINATOR:
        text = f"Credential should be scoped with a valid terminator: 'aws4_request', not '{claimed.terminator}'."
    elif claimed.region not in regions:
        text = "Credential should be scoped to a valid region."
    elif claimed.service != service:
        text = f"Credential should be scoped to correct service: '{service}'."
    elif claimed.date != day:
        text = (
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
            f"'{claimed.date}' != '{day}', from '{claimed.stamp}'."
        )
    else:
        return
    raise refusal(service, "mismatch", text)


def _check_s3(claimed: Claim, region: str) -> None:
    said = "The authorization header is malformed; "
    if claimed.terminator != signature.TERMINATOR:
        raise refusal("s3", "incomplete", f'{said}incorrect terminator "{claimed.terminator}". This must be "aws4_request".')
    if claimed.service != "s3":
        raise refusal("s3", "incomplete", f'{said}incorrect service "{claimed.service}". This endpoint belongs to "s3".')
    if claimed.region != region:
        raise refusal(
            "s3",
            "incomplete",
            f"{said}the region '{claimed.region}' is wrong; expecting '{region}'",
            Region=region,
            ResponseHeaders={"x-amz-bucket-region": region},
        )
    if claimed.date != claimed.stamp[:8]:
        day = claimed.stamp[:8]
        raise refusal(
            "s3", "incomplete", f'{said}Invalid credential date "{claimed.date}". This date is not the same as "{day}".'
        )


def check_clock(claimed: Claim, service: str, now: int) -> None:
    """Refuse a signature whose time stamp is too far from now."""
    made = signature.instant(claimed.stamp) or 0
    if abs(now - made) <= SKEW:
        return
    if service == "s3":
        raise ApiError(
            "RequestTimeTooSkewed",
            "The difference between the request time and the current time is too large.",
            403,
            RequestTime=claimed.stamp,
            ServerTime=iso(now),
            MaxAllowedSkewMilliseconds=str(SKEW),
        )
    if made < now:
        text = f"Signature expired: {claimed.stamp} is now earlier than {basic(now - SKEW)} ({basic(now)} - 15 min.)"
    else:
        text = f"Signature not yet current: {claimed.stamp} is still later than {basic(now + SKEW)} ({basic(now)} + 15 min.)"
    raise refusal(service, "mismatch", text)


def check_headers(request: RawRequest, claimed: Claim, service: str) -> None:
    """Refuse unless ``host`` and every ``x-amz-*`` header that came was signed, under lower-case names given once."""
    signed = set(claimed.signed_headers)
    came = {name for name, _ in request.headers if name.startswith("x-amz-")} | {"host"}
    left = sorted(came - signed)
    odd = len(signed) != len(claimed.signed_headers) or any(name != name.lower().strip() for name in signed)
    if not left and not odd:
        return
    if service == "s3" and left:
        text = "There were headers present in the request which were not signed"
        raise ApiError("AccessDenied", text, 403, HeadersNotSigned=", ".join(left))
    raise refusal(service, "mismatch")


def mismatch(claimed: Claim, attempt: Attempt, service: str) -> ApiError:
    """The refusal of a wrong signature, with what we would have signed: it holds no secret and finds the difference."""
    if service != "s3":
        said = refusal(service, "mismatch")
        said.message += (
            f"\n\nThe Canonical String for this request should have been\n'{attempt.canonical_request}'\n\n"
            f"The String-to-Sign should have been\n'{attempt.string_to_sign}'\n"
        )
        return said
    return refusal(
        "s3",
        "mismatch",
        AWSAccessKeyId=claimed.access_key_id,
        StringToSign=attempt.string_to_sign,
        SignatureProvided=claimed.signature,
        StringToSignBytes=attempt.string_to_sign.encode().hex(" "),
        CanonicalRequest=attempt.canonical_request,
        CanonicalRequestBytes=attempt.canonical_request.encode().hex(" "),
    )


def basic(instant: int) -> str:
    """An instant as ``YYYYMMDDTHHMMSSZ``."""
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(instant // 1000))


def iso(instant: int) -> str:
    """An instant as ``YYYY-MM-DDTHH:MM:SSZ``."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(instant // 1000))
