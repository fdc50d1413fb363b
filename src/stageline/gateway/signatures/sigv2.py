"""S3's old query signature (``AWSAccessKeyId``, ``Expires``, ``Signature``), which boto3 and the CLI still make by default when
they presign. It covers the resource and some parameters only, so a request with other parameters that mean something is refused.
"""

import base64
import hmac
from dataclasses import dataclass
from urllib.parse import unquote, unquote_plus

from stageline.core import signature
from stageline.gateway.http import RawRequest
from stageline.gateway.signatures import scope
from stageline.gateway.signatures.refusals import refusal
from stageline.gateway.signatures.sigv4 import query_pairs
from stageline.ports.api import ApiError

NAMES = frozenset({"AWSAccessKeyId", "Signature"})
"""Parameters that show that a request is signed this way."""

_AUTH = NAMES | {"Expires"}
_SIGNED = frozenset(
    {
        "accelerate",
        "acl",
        "analytics",
        "cors",
        "defaultObjectAcl",
        "delete",
        "inventory",
        "lifecycle",
        "location",
        "logging",
        "metrics",
        "notification",
        "object-lock",
        "partNumber",
        "policy",
        "replication",
        "requestPayment",
        "response-cache-control",
        "response-content-disposition",
        "response-content-encoding",
        "response-content-language",
        "response-content-type",
        "response-expires",
        "restore",
        "select",
        "select-type",
        "storageClass",
        "tagging",
        "torrent",
        "uploadId",
        "uploads",
        "versionId",
        "versioning",
        "versions",
        "website",
    }
)
"""Parameters that are part of the signed resource."""

_HARMLESS = frozenset(
    {
        "content-md5",
        "content-type",
        "continuation-token",
        "delimiter",
        "encoding-type",
        "fetch-owner",
        "key-marker",
        "list-type",
        "marker",
        "max-keys",
        "max-parts",
        "max-uploads",
        "part-number-marker",
        "prefix",
        "start-after",
        "upload-id-marker",
        "version-id-marker",
        "x-id",
    }
)
"""Parameters that were never signed and only choose a part of a listing, or are read into the signed text."""


@dataclass(frozen=True)
class Claim:
    """What the URL says; ``expires`` is in seconds."""

    access_key_id: str
    expires: int
    signature: str
    token: str


def claim(request: RawRequest) -> Claim:
    """Read the parameters; raises ApiError when one is missing, doubled or no number."""
    given = _decoded(request)
    if not all(given.get(name) for name in _AUTH):
        text = "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters"
        raise ApiError("AccessDenied", text, 403)
    expires = given["Expires"]
    if not (expires.isascii() and expires.isdigit() and len(expires) <= 15):
        raise ApiError("AccessDenied", f"Invalid date (should be seconds since epoch): {expires[:40]}", 403)
    return Claim(given["AWSAccessKeyId"], int(expires), given["Signature"], given.get("x-amz-security-token", ""))


def check(request: RawRequest, claimed: Claim, secret: str, now: int, bucket: str) -> None:
    """Refuse a URL that has ended or whose signature is wrong; ``bucket`` is the one that the host names, if it does."""
    if claimed.expires * 1000 <= now:
        raise ApiError(
            "AccessDenied", "Request has expired", 403, Expires=scope.iso(claimed.expires * 1000), ServerTime=scope.iso(now)
        )
    path = f"/{bucket}{request.raw_path}" if bucket else request.raw_path
    # A bucket's own resource is signed with a slash at its end, whether the URL has one or not.
    paths = [path, f"{path}/"] if path.count("/") == 1 and path != "/" else [path]
    texts = [string_to_sign(request, each) for each in paths]
    to_sign = texts[-1]
    if not any(signature.same(_signed(secret, text), claimed.signature) for text in texts) or not _only_known(request):
        raise refusal(
            "s3",
            "mismatch",
            AWSAccessKeyId=claimed.access_key_id,
            StringToSign=to_sign,
            SignatureProvided=claimed.signature,
            StringToSignBytes=to_sign.encode().hex(" "),
        )


def _signed(secret: str, to_sign: str) -> str:
    return base64.b64encode(hmac.digest(secret.encode(), to_sign.encode(), "sha1")).decode()


def string_to_sign(request: RawRequest, path: str) -> str:
    """The text under the signature, rebuilt from the request; ``path`` begins with the bucket."""
    given = _decoded(request)
    amz = {name: value for name, value in given.items() if name.startswith("x-amz-")}
    for name, value in request.header.items():
        if name.startswith("x-amz-"):
            # A sender who repeats as a header what the URL holds already says it once.
            amz[name] = f"{amz[name]},{value}" if amz.get(name, value) != value else value
    lines = [request.method]
    lines += [request.header.get(name) or given.get(name, "") for name in ("content-md5", "content-type")]
    lines.append(given["Expires"])
    lines += [f"{name}:{amz[name]}" for name in sorted(amz)]
    signed = [(name, value) for name, value in query_pairs(request.raw_query) if name in _SIGNED]
    bare = {part for part in request.raw_query.split("&") if "=" not in part}
    resource = "&".join(
        name if name in bare else f"{name}={unquote_plus(value)}" for name, value in sorted(signed, key=lambda it: it[0])
    )
    lines.append(f"{path}?{resource}" if resource else path)
    return "\n".join(lines)


def _decoded(request: RawRequest) -> dict[str, str]:
    given: dict[str, str] = {}
    for name, value in query_pairs(request.raw_query):
        known = unquote(name)
        if known in given and (known in _AUTH or known.startswith("x-amz-")):
            raise ApiError("InvalidArgument", f"{known} is given more than once.", 400, ArgumentName=known)
        given[known] = unquote(value)
    return given


def _only_known(request: RawRequest) -> bool:
    names = (name for name, _ in query_pairs(request.raw_query))
    return all(name in _AUTH or name in _SIGNED or name in _HARMLESS or name.startswith("x-amz-") for name in names)
